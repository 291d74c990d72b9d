"""Which PDF should lie beside which DOCX: one for each paper that lies there as the program laid it.

A paper that a person changed has none of ours, one that is about to change gets its PDF afterwards, and where a person
has put a PDF of that name herself, hers is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.documents.outbox import Issued, Look, Settled, Wanted

_KIND = ".pdf"


class Print(NamedTuple):
    """A PDF that should lie in the outbox, and the hash of the DOCX it was made of."""

    wanted: Wanted
    docx: str


def beside(
    settled: Iterable[Settled], issued: Sequence[Issued], look: Look, made_of: Callable[[str], str]
) -> Iterator[Print]:
    """Yield the PDFs to lay beside settled papers; ``made_of`` gives a PDF's hash by that of its DOCX, ``""`` for none.

    ``issued`` are all files that were laid, ``look`` gives the hash of what lies at a path now.
    """
    laid = {one.path: one for one in issued}
    for one in settled:
        paper = laid.get(one.path)
        if paper is None or _is_moving(one) or not (sha := made_of(paper.sha)) or look(paper.path) != paper.sha:
            continue
        path = str(PurePosixPath(paper.path).with_suffix(_KIND))
        if path in laid or not look(path):
            document, code = paper.subject.split(":")
            yield Print(Wanted(f"{document}{_KIND}:{code}", paper.edition, path, sha), paper.sha)


def document_of(key: str) -> str:
    """Return the document that a laid file is of, also when it is a PDF."""
    return key.partition(":")[0].removesuffix(_KIND)


def _is_moving(one: Settled) -> bool:
    """Tell whether the file at the place where a paper lies is about to be laid or removed."""
    return any(step.path == one.path and (step.lay or step.displaced) for step in one.steps)
