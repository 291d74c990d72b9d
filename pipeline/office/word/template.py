"""A Word template that a secretary edits, made into documents: strict, escaped, sandboxed, deterministic.

Read and compiled once; each document then costs its rendering alone. What is wrong with a template is told at once and
before the first document; what the data lack stops the one document that needs it. The same template and data give the
same bytes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import count
from types import TracebackType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import escape

from pipeline.office.word import dialect, finish, names, package, passport, pictures, source, values
from pipeline.office.word.problems import Kind, Problem, TemplateMistake

_MARK = 16
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTY_APP = (
    _DECLARATION
    + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"></Properties>'
)
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}<cp:keywords>nastavnik</cp:keywords>{}</cp:coreProperties>'
)
_CORE_DATES = "".join(
    f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{{0:%Y-%m-%dT%H:%M:%SZ}}</dcterms:{name}>'
    for name in ("created", "modified")
)


@dataclass(frozen=True)
class _Part:
    """One part with tags, compiled; `lines` are the template's paragraphs by line, to tell where something failed.

    `cells` are the numbers of the lines that stand in cells of tables.
    """

    name: str
    code: jinja2.Template
    lines: tuple[str, ...]
    uses: tuple[names.Use, ...]
    risks: finish.Risks
    cells: frozenset[int]

    def render(self, data: dict[str, Any], highlight: bool) -> tuple[bytes, dict[str, bytes]]:
        try:
            return finish.finished(self.code.render(data), self.risks, highlight=highlight)
        except (jinja2.TemplateError, values.Unprintable, TypeError, ValueError, ArithmeticError) as error:
            raise self._explained(error) from error
        except package.NotDocx as error:
            raise TemplateMistake([Problem("torn", part=self.name)]) from error

    def _explained(self, error: Exception) -> Exception:
        """Give the error with the place in the template where it happened."""
        line = _line_of(error.__traceback__)
        place = self.place(line)
        if isinstance(error, dialect.MissingName):
            return dialect.MissingName(self._path_at(line, error.name), place)
        if isinstance(error, values.Unprintable):
            return values.Unprintable(error.type_name, place)
        kind: Kind = "syntax" if isinstance(error, jinja2.TemplateError) else "unfit"
        if isinstance(error, SecurityError):
            kind = "forbidden"
        return TemplateMistake([Problem(kind, part=self.name, detail=place)])

    def place(self, line: int) -> str:
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def _path_at(self, line: int, name: str) -> str:
        paths = (use.path for use in self.uses if use.line == line)
        return next((path for path in paths if path.rpartition(".")[2] == name), name)


def _line_of(trace: TracebackType | None) -> int:
    """Give the template line where an error happened, from the traceback Jinja rewrote; 0 if it does not tell."""
    line = 0
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@dataclass(frozen=True)
class Dress:
    """What a document bears besides its words.

    `title` and `made` (with its time zone) go into its properties, which name no author. With `highlight` texts of
    class Marked stand out in yellow (the draft edition), without it they are plain; the words are the same. A document
    with a `name` bears it in its passport, by which copies are known again.
    """

    title: str = ""
    made: datetime | None = None
    name: str = ""
    highlight: bool = False


@dataclass(frozen=True)
class Paper:
    """A document made: its bytes, the mark of its content that its passport bears, what it shows (see `origins_of`)."""

    data: bytes
    mark: str
    printed: tuple[str, ...]


@dataclass(frozen=True)
class Bare:
    """A `path` printed as it is: whether in a cell of a table, in which part, in which paragraph."""

    path: str
    in_cell: bool
    part: str
    place: str


@dataclass(frozen=True)
class Template:
    """A Word template ready for use, safe to share between threads; make one with `Template.load`."""

    _parts: tuple[_Part, ...]
    _kept: dict[str, package.Packed]  # every member in order, as copied where no part is rendered
    _related: dict[str, bytes]  # the relationships of all parts, for pictures to join them
    _core: str
    _names: frozenset[str]
    _passport: passport.Passport

    @classmethod
    def load(
        cls, data: bytes, filters: Mapping[str, Callable[..., Any]], typeset: Callable[[str], str] = str
    ) -> "Template":
        """Read and compile a DOCX template held in `data`.

        `filters` are what its tags may use besides Jinja's own; `typeset` sets the spaces between the words that stand
        in the template itself.
        Headers, footers and notes may carry tags like the document itself. Raises TemplateMistake with everything
        that is wrong with it.
        """
        try:
            members = package.read_members(data)
            roots = package.stories(members)
            outside = [Problem("external", target, part=name) for name, target in package.external_targets(members)]
            core = package.named_by_type(members, package.CORE_PROPERTIES)
            app = package.named_by_type(members, package.APP_PROPERTIES)
        except package.NotDocx as error:
            raise TemplateMistake([Problem("not_docx", detail=str(error))]) from error
        copied = {name: members[name] for name in members if name not in roots}
        env = dialect.environment(filters)
        dialect.typeset(env, typeset)
        parts, problems = _compiled(roots, env)
        if problems := (*outside, *problems, *_left_overs(copied)):
            raise TemplateMistake(problems)
        members |= {app: _EMPTY_APP.encode()} if app else {}
        members[package.CONTENT_TYPES] = pictures.declared(members[package.CONTENT_TYPES])
        kept = {name: package.pack(name, content) for name, content in members.items()}
        asked = frozenset(names.top(use.path) for part in parts for use in part.uses)
        related = {name: content for name, content in members.items() if name.endswith(".rels")}
        return cls(parts, kept, related, core, asked, passport.prepare(members))

    def names(self) -> frozenset[str]:
        """Give the top-level names that the template asks for."""
        return self._names

    def paths(self) -> frozenset[str]:
        """Give the paths that the template asks for: «pair.mentor.post», «order.pairs[].code» (items of a list)."""
        return frozenset(use.path for part in self._parts for use in part.uses)

    def printed(self) -> tuple[Bare, ...]:
        """Give the paths that are printed as they are, without a filter."""
        found = [
            Bare(use.path, use.line in part.cells, part.name, part.place(use.line))
            for part in self._parts
            for use in part.uses
            if use.printed
        ]
        return tuple(dict.fromkeys(found))

    def unknown(self, known: Collection[str]) -> tuple[Problem, ...]:
        """Find what the template asks for and the data will not have; `known` are all paths that they have.

        «[]» stands for the items of a list, «.*» at the end for anything below. Each problem names the path up to the
        step that is not there, the nearest path that is, and the paragraph.
        """
        known_steps = names.branches(known)
        found = [
            Problem("unknown_name", wrong, near, part.name, part.place(use.line))
            for part in self._parts
            for use in part.uses
            for wrong, near in names.unknown(use.path, known_steps)
        ]
        return tuple(dict.fromkeys(found))

    def render(
        self, context: Mapping[str, Any], *, title: str = "", made: datetime | None = None, highlight: bool = False
    ) -> bytes:
        """Make one document as `make` does and give its bytes alone."""
        return self.make(context, Dress(title, made, highlight=highlight)).data

    def make(self, context: Mapping[str, Any], dress: Dress) -> Paper:
        """Make one document from `context` (names to values), dressed as `dress` says.

        What objects of the context and filters raise passes through. Raises MissingName for a name that the context
        lacks, Unprintable for a value without a text, TemplateMistake for what only rendering can show.
        """
        report: list[str] = []
        data = {name: context[name] for name in self._names if name in context} | {values.REPORT: report}
        made = {part.name: part.render(data, dress.highlight) for part in self._parts}
        numbers = count(finish.FIRST_PICTURE)
        fresh = {
            name: finish.renumbered(content, numbers) if shown else content for name, (content, shown) in made.items()
        }
        for name, (_, shown) in made.items():
            fresh |= pictures.members(name, shown, self._related)
        mark = _mark(dress.name, fresh)
        packed = self._kept | {name: package.pack(name, content) for name, content in fresh.items()}
        if self._core:
            packed[self._core] = _core_properties(self._core, dress.title, dress.made)
        if dress.name:
            packed |= self._passport.members(dress.name, mark)
        return Paper(package.assemble(list(packed.values())), mark, tuple(report))


def _mark(name: str, parts: Mapping[str, bytes]) -> str:
    whole = sha256(name.encode())
    for part, content in parts.items():
        whole.update(part.encode() + content)
    return whole.hexdigest()[:_MARK]


def _compiled(
    roots: Mapping[str, etree._Element], env: ImmutableSandboxedEnvironment
) -> tuple[tuple[_Part, ...], tuple[Problem, ...]]:
    """Compile the parts that have tags; give them with everything that is wrong with them."""
    readings = {name: dialect.read(name, root, env) for name, root in roots.items() if source.has_tags(root)}
    problems = tuple(problem for reading in readings.values() for problem in reading.problems)
    if problems:
        return (), problems
    parts = tuple(
        _Part(
            name,
            jinja2.Template.from_code(env, env.compile(reading.tree), {}),
            reading.lines,
            names.uses_in(reading.tree),
            finish.risks(_pieces(reading.tree), regrid=source.makes_columns(roots[name])),
            reading.cells,
        )
        for name, reading in readings.items()
        if reading.tree is not None
    )
    return parts, ()


def _pieces(tree: nodes.Template) -> list[str]:
    """Give what stands between the tags of a part."""
    return [data.data for data in tree.find_all(nodes.TemplateData)]


def _left_overs(copied: Mapping[str, bytes]) -> list[Problem]:
    found = {
        name: source.left_over(content.decode("utf-8", "replace"))
        for name, content in copied.items()
        if name.endswith((".xml", ".rels"))
    }
    return [Problem("left_over", opening, part=name) for name, opening in found.items() if opening]


@lru_cache(maxsize=256)
def _core_properties(part: str, title: str, made: datetime | None) -> package.Packed:
    plain = values.legal(title).replace(values.LINE, " ").replace(values.TAB, " ")
    dates = _CORE_DATES.format(made.astimezone(UTC)) if made else ""
    core = _DECLARATION + _CORE.format(f"<dc:title>{escape(plain)}</dc:title>", dates)
    return package.pack(part, core.encode())
