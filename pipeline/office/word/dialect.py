"""The Jinja of our templates: sandboxed, strict, without calls and globals; every mistake in a part told at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from lxml import etree

from pipeline.office.word import source, values
from pipeline.office.word.problems import Problem, nearest

_FILTERS = (
    *("abs", "batch", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items"),
    *("join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse"),
    *("round", "select", "selectattr", "slice", "sort", "string", "sum", "title", "trim", "unique", "upper"),
)
_OF_TEXTS = ("capitalize", "join", "lower", "replace", "string", "title", "trim", "upper")
_FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.Pow: "**",
}
_OF_LOOPS = frozenset({"index", "index0", "first", "last", "length"})
_PROBES = {"if": "{}{{% endif %}}", "for": "{}{{% endfor %}}", "elif": "{{% if 1 %}}{}{{% endif %}}", "set": "{}"}


class MissingName(UndefinedError):
    """A template prints or uses a name that the data do not have.

    `name` is the name as far as it is known («pair.mentor.postt»), `place` the paragraph of the template.
    """

    def __init__(self, name: str, place: str = "") -> None:
        super().__init__(f"{name} is not in the data: «{place}»")
        self.name = name
        self.place = place


class _Missing(StrictUndefined):
    """Jinja's strict undefined, raising MissingName so that the name is known."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: Any = None, exc: Any = UndefinedError
    ) -> None:
        named: Any = (lambda _message: MissingName(str(name or ""))) if exc is UndefinedError else exc
        super().__init__(hint, obj, name, named)


class View:
    """The base of objects that decide themselves which names a template may ask of them: all without a leading «_».

    What they do not have is an AttributeError.
    """

    __slots__ = ()

    def ask(self, name: str) -> Any:
        """Return what a template asks for by this name."""
        return getattr(self, name)


_Finalize = CodeGenerator._FinalizeInfo


class _Generator(CodeGenerator):
    """Jinja's compiler, which leaves the escaping of what is printed to `values.printed`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: _Finalize) -> None:  # noqa: ARG002
        self.write(str(finalize.src))

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: _Finalize) -> None:  # noqa: ARG002
        self.write(")")


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which `row.items` is the entry «items» of a mapping and never its method."""

    code_generator_class = _Generator

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, View) and isinstance(argument, str):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, View) and attribute[:1] != "_":
            try:
                return obj.ask(attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        if type(obj) is LoopContext and attribute in _OF_LOOPS:
            return getattr(obj, attribute)
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


@dataclass(frozen=True)
class Reading:
    """One part as read: its Jinja tree (None if it cannot be read), its paragraphs by line, and what is wrong.

    ``cells`` are the numbers of the lines that stand in cells of tables.
    """

    tree: nodes.Template | None
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    cells: frozenset[int] = frozenset()


def environment(filters: Mapping[str, Callable[..., Any]]) -> ImmutableSandboxedEnvironment:
    """Make the Jinja environment of one template.

    `filters` come on top of Jinja's own for texts and lists; those that make markup or chance have no place.
    """
    env = _Environment(autoescape=True, undefined=_Missing, finalize=values.printed, optimized=False, cache_size=0)
    env.globals = {}
    own = {name: env.filters[name] for name in _FILTERS}
    env.filters = own | {name: values.keeping_origins(own[name]) for name in _OF_TEXTS} | dict(filters)
    return env


class _Typesetting(Extension):
    """Hands the words of a template between its tags, piece by piece, to what the environment typesets with."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            yield Token(token.lineno, token.type, self._set(token.value)) if token.type == "data" else token

    def _set(self, data: str) -> str:
        pieces = source.XML_TAG.split(data)
        markup = [*source.XML_TAG.findall(data), ""]
        typeset: Callable[[str], str] = self.environment.typeset  # type: ignore[attr-defined]
        return "".join(typeset(piece) + tag for piece, tag in zip(pieces, markup, strict=True))


def typeset(env: ImmutableSandboxedEnvironment, setting: Callable[[str], str]) -> None:
    """Let `setting` write the words that stand in the template itself; it may change spaces only."""
    env.extend(typeset=setting)
    env.add_extension(_Typesetting)


def read(part: str, root: etree._Element, env: ImmutableSandboxedEnvironment) -> Reading:
    """Read the part named `part` with everything that is wrong with it."""
    shape = tuple(source.shape_problems(part, root))
    if any(problem.kind == "unclosed" for problem in shape):  # a whole reading would only add noise
        return Reading(None, (), (*shape, *_tag_problems(part, root, env)))
    text = source.patched(root)
    lines = source.visible_lines(source.lined(text))
    try:
        tree = env.parse(source.lined(text))
    except TemplateSyntaxError as error:
        found = tuple(_tag_problems(part, root, env)) or (Problem("syntax", part=part, detail=lines[error.lineno - 1]),)
        return Reading(None, lines, (*shape, *found))
    for data in tree.find_all(nodes.TemplateData):
        data.data = source.unlined(data.data)
    placed = (replace(wrong, detail=lines[line - 1]) for line, wrong in _tree_problems(part, tree, env))
    problems = (*shape, *source.structure_problems(part, text), *placed)
    return Reading(tree, lines, problems, source.lines_in_cells(source.lined(text)))


def _tag_problems(part: str, root: etree._Element, env: ImmutableSandboxedEnvironment) -> Iterator[Problem]:
    """Find what is wrong in single tags, for a part that cannot be read as a whole."""
    for text in source.texts(root):
        for typed, tag in source.single_tags(text):
            word = source.statement_of(tag)
            if word and word not in _PROBES:
                continue  # else, endif and the like say nothing by themselves
            try:
                tree = env.parse(_PROBES.get(word, "{}").format(tag))
            except TemplateSyntaxError:
                yield Problem("syntax", typed, part=part, detail=text)
            else:
                yield from (replace(wrong, detail=text) for _, wrong in _tree_problems(part, tree, env))


def _tree_problems(
    part: str, tree: nodes.Template, env: ImmutableSandboxedEnvironment
) -> Iterator[tuple[int, Problem]]:
    """Find, with their line numbers, what a readable template must not say."""
    for node in tree.find_all(nodes.Node):
        if name := _forbidden(node):
            yield node.lineno, Problem("forbidden", name, part=part)
        if isinstance(node, nodes.Filter | nodes.Test):
            known = env.filters if isinstance(node, nodes.Filter) else env.tests
            if node.name not in known:
                yield node.lineno, Problem("unknown_filter", node.name, nearest(node.name, known), part)
        if isinstance(node, nodes.TemplateData) and (opening := source.left_over(node.data)):
            yield node.lineno, Problem("left_over", opening, part=part)


def _forbidden(node: nodes.Node) -> str:
    if isinstance(node, nodes.Call):
        return "" if _is_loop_help(node.node) else "()"
    if isinstance(node, nodes.Getattr):
        return node.attr if node.attr.startswith("_") else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return str(node.arg.value) if str(node.arg.value).startswith("_") else ""
    return _FORBIDDEN.get(type(node), "")


def _is_loop_help(called: nodes.Expr) -> bool:
    """`loop.cycle(...)` and `loop.changed(...)` are the calls that templates have a use for."""
    return isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == "loop"
