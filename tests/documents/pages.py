"""Pictures of every paper's pages, to be looked at: ``make pages`` makes DOCX → PDF → PNG of the sample register.

Every kind of document is made once, as a draft, clean and signed, whichever differ. Needs LibreOffice (``soffice``) and
Poppler (``pdftoppm``).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.documents import drafts
from pipeline.documents.context import Book
from tests.documents import sample

_DOTS_PER_INCH = "70"


def papers() -> Iterator[tuple[str, bytes]]:
    """Give the name and bytes of each picture's paper: the first of each kind at each stage, none twice."""
    catalog, seen = sample.load(), set[bytes]()
    for stage, rows in (("draft", sample.register(catalog)), ("signed", sample.signed(catalog))):
        book = Book(catalog, rows)
        for one in drafts.due(book):
            made = drafts.make(book, one, sample.TODAY)
            if made.data and made.data not in seen:
                seen.add(made.data)
                yield f"{one.document.name} {one.row.code} {stage}", made.data


def main(target: Path) -> None:
    """Write the papers, their PDF and a picture of each page into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for name, data in papers():
        (target / f"{name}.docx").write_bytes(data)
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        sources = sorted(str(path) for path in target.glob("*.docx"))
        subprocess.run([*command, "--outdir", str(target), *sources], check=True, stdout=subprocess.DEVNULL)
    for path in sorted(target.glob("*.pdf")):
        picture = ["pdftoppm", "-r", _DOTS_PER_INCH, "-png", str(path), str(path.with_suffix(""))]
        subprocess.run(picture, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "pages"))
