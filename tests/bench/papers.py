"""The papers of the college a second: order, programme and memo of the sample register, rendered and strictly parsed.

One core, CPU seconds: context and grammar, template, zip, then opened anew and looked at as before publication; flush
to disk is not counted. Each paper says something else (the day on which pairs begin), so that none is known from the
one before; word forms are found once, as in a turn of the program. Beside them, in turns, docxtpl as it is ordinarily
used (a new ``DocxTemplate`` a document) with the same templates, filters and register. Then what our time is spent on.
"""

import cProfile
import pstats
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from statistics import median
from typing import TypeVar

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from pipeline.documents import context, drafts, filters
from pipeline.documents.context import Book, Reading
from pipeline.documents.drafts import Due, Kept
from pipeline.documents.values import Place
from pipeline.office import word
from pipeline.office.word import package
from tests.documents import sample

NAMES = ("order_pairs", "programme", "memo_mentor")
_BESIDE = 10
"""How many of our papers go with one of docxtpl's."""
_ROOMS = {
    "Jinja": ("jinja2", "<template>", "word/dialect.py"),
    "escaping and origins": ("word/values.py", "markupsafe"),
    "reading the register": ("documents/context.py", "documents/values.py", "pipeline/model.py", "<string>"),
    "grammar": ("documents/filters.py", "documents/russian", "babel"),
    "": ("word/package.py", "word/inspection.py", "zipfile.py", "bench/papers.py"),
}
"""What of our code does what; what is timed by itself has no name."""


@dataclass(frozen=True)
class Figures:
    """Documents a second, ours and docxtpl's; ``shares`` are per cents of our time by what it is spent on."""

    name: str
    ours: float
    docxtpl: float
    shares: dict[str, float]

    def __str__(self) -> str:
        spent = ", ".join(f"{what} {share:.0f} %" for what, share in self.shares.items())
        return (
            f"{self.name}: {self.ours:.0f}/s, docxtpl as ordinarily used {self.docxtpl:.0f}/s, "
            f"ratio {self.ours / self.docxtpl:.1f}; of our time {spent}"
        )


@dataclass(frozen=True)
class _Times:
    """Seconds that one paper took: to make it (its strict parse within), to look at it; of a few also two steps."""

    made: float
    looked: float
    parsed: float = 0
    deflated: float = 0


def measure(name: str, documents: int = 200) -> Figures:
    """Measure one kind of paper."""
    catalog = sample.load()
    book = Book(catalog, sample.register(catalog))
    one = next(due for due in drafts.due(book) if due.document.name == name)
    kept = [_said(book, number) for number in range(documents + 1)]
    _ours(book, one, kept.pop())
    ours: list[_Times] = []
    theirs: list[float] = []
    for number, said in enumerate(kept):
        ours.append(_ours(book, one, said, steps=number % _BESIDE == 0))
        if number % _BESIDE == 0:
            theirs.append(_timed(lambda said=said: _theirs(book, one, said))[0])  # type: ignore[misc]
    whole = median(one.made + one.looked for one in ours)
    shares = _shares(ours, whole, _spent(lambda: [_ours(book, one, said) for said in kept]))
    return Figures(name, 1 / whole, 1 / median(theirs), shares)


def _said(book: Book, number: int) -> Kept:
    """Return what a paper is to say that no other says."""
    day = (sample.TODAY + timedelta(number)).isoformat()
    return Kept({Place(sheet, code, "start"): day for sheet in ("pairs", "programmes") for code in book.rows[sheet]})


def _ours(book: Book, one: Due, said: Kept, *, steps: bool = False) -> _Times:
    made_in, made = _timed(lambda: drafts.make(book, one, sample.TODAY, said))
    looked_in, faults = _timed(lambda: word.faults(made.data))
    assert made.data and not faults
    if not steps:
        return _Times(made_in, looked_in)
    xml = package.read_members(made.data)["word/document.xml"]
    parsed, deflated = _timed(lambda: package.strict.__wrapped__(xml))[0], _timed(lambda: package.pack("", xml))[0]
    return _Times(made_in, looked_in, parsed, deflated)


def _theirs(book: Book, one: Due, said: Kept) -> None:
    names = context.names(Reading(book, said.cells), one.row, draft=one.edition == "draft")
    env = Environment(autoescape=True, undefined=StrictUndefined)
    env.filters |= filters.FILTERS
    document = DocxTemplate(BytesIO(book.template(one.document.name)))
    document.render(names, env)
    document.save(BytesIO())


Thing = TypeVar("Thing")


def _timed(work: Callable[[], Thing]) -> tuple[float, Thing]:
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


def _shares(ours: list[_Times], whole: float, spent: dict[str, float]) -> dict[str, float]:
    """Tell, in per cents, what the time goes to; ``spent`` tells in which parts rendering divides its own."""
    steps = [one for one in ours if one.parsed]
    timed = {
        "strict parse": median(one.parsed for one in steps),
        "zip opened anew": median(one.looked for one in steps),
        "deflate": median(one.deflated for one in steps),
    }
    rendered = (whole - sum(timed.values())) / sum(spent.values())
    parts = {what: seconds * rendered for what, seconds in spent.items()} | timed
    return {what: 100 * seconds / whole for what, seconds in parts.items()}


def _spent(work: Callable[[], object]) -> dict[str, float]:
    """Tell how many seconds of profiled work each part of rendering takes, its calls of built-in functions within."""
    profile = cProfile.Profile()
    profile.runcall(work)
    spent = dict.fromkeys((*_ROOMS, "the rest"), 0.0)
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        inside = [(caller[0], times[2]) for caller, times in callers.items()] if file == "~" else [(file, own)]
        for where, seconds in inside:
            spent[next((one for one in _ROOMS if any(sign in where for sign in _ROOMS[one])), "the rest")] += seconds
    del spent[""]
    return spent


def main() -> None:
    """Measure and print a line a paper."""
    for name in NAMES:
        print(measure(name))


if __name__ == "__main__":
    main()
