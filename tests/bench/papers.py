"""The papers of the college a second: order, programme and memo of the sample register, rendered and strictly parsed.

One core, CPU seconds: context and grammar, template, zip, then opened anew and parsed strictly as before publication;
flush to disk is not counted. Beside them docxtpl as it is ordinarily used (a new ``DocxTemplate`` a document) with the
same templates, filters and register in the same run. The profile says what our time is spent on.
"""

import cProfile
import pstats
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from statistics import median

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from pipeline.documents import context, drafts, filters
from pipeline.documents.context import Book, Reading
from pipeline.office import word
from tests.documents import sample

NAMES = ("order_pairs", "programme", "memo_mentor")
_SHARES = {
    "deflate": ("method 'compress'", "method 'flush'", "crc32"),
    "strict parse": ("fromstring", "(finished)", "(faults)", "decompress", "(parse)"),
}


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


def measure(name: str, documents: int = 150, compared: int = 15) -> Figures:
    """Measure one kind of paper."""
    catalog = sample.load()
    book = Book(catalog, sample.register(catalog))
    one = next(due for due in drafts.due(book) if due.document.name == name)

    def ours() -> None:
        made = drafts.make(book, one, sample.TODAY)
        assert made.data and not word.faults(made.data)

    def theirs() -> None:
        names = context.names(Reading(book), one.row, draft=True)
        env = Environment(autoescape=True, undefined=StrictUndefined)
        env.filters |= filters.FILTERS
        document = DocxTemplate(BytesIO(book.template(name)))
        document.render(names, env)
        document.save(BytesIO())

    return Figures(name, 1 / _seconds(ours, documents), 1 / _seconds(theirs, compared), _shares(ours))


def _seconds(make: Callable[[], None], times: int) -> float:
    def timed() -> float:
        start = time.process_time()
        make()
        return time.process_time() - start

    timed()
    return median(timed() for _ in range(times))


def _shares(make: Callable[[], None]) -> dict[str, float]:
    """Tell, in per cents, what the time goes to; what is not named is rendering: Jinja, register, grammar."""
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(50):
        make()
    profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    total = sum(entry[2] for entry in stats.values())
    found = {
        what: 100
        * sum(entry[2] for key, entry in stats.items() if any(sign in f"({key[2]})" for sign in signs))
        / total
        for what, signs in _SHARES.items()
    }
    return found | {"rendering": 100 - sum(found.values())}


def main() -> None:
    """Measure and print a line a paper."""
    for name in NAMES:
        print(measure(name))


if __name__ == "__main__":
    main()
