"""The child process that looks at scans for ``scans_read``: a path and a wish in, what is on a page or its bytes out.

Pictures and PDF are parsed here alone, after the process took away its own means (``limits``). Nothing in a PDF is ever
run; what could act is cut away from a sheet before it is filed.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from pipeline.office import limits, page_file, square_reading
from pipeline.office.page_file import TooLarge
from pipeline.office.page_limits import DOTS

_SHOWN = 1400
"""Dots of the longer side of a picture that the curator is shown."""
_PLAIN, _FINE = 200, 300
"""Dots an inch at which a page of a PDF is looked at, the second when the first did not do."""
_LETTERS = 200
"""Letters that no scanned page holds as text: such a page was made by a program and printed by nobody."""
_POINTS = 72
_CANNOT = (pdfium.PdfiumError, OSError, SyntaxError, ValueError, LookupError, EOFError, MemoryError, ArithmeticError)


class _Locked(Exception):
    """A PDF that only opens with a password."""


def main(memory: int, seconds: int) -> None:
    """Answer the questions of standard input until it ends, in ``memory`` bytes and ``seconds`` of processor each."""
    Image.MAX_IMAGE_PIXELS = DOTS
    limits.serve(answer, memory, seconds)


def answer(question: bytes) -> bytes:
    """Return the answer about one scan: JSON, or the bytes of a sheet or a picture; JSON says why there are none."""
    asked = json.loads(question)
    wish: Callable[[Scan, list[int]], bytes] = {"count": _count, "look": _look, "cut": _cut, "show": _show}[asked["do"]]
    try:
        return wish(_opened(Path(os.fsdecode(asked["path"])), asked["kind"]), asked.get("pages", []))
    except _Locked:
        return _refusal("locked")
    except (TooLarge, Image.DecompressionBombError):
        return _refusal("too large")
    except _CANNOT:
        return _refusal("damaged")


def _refusal(reason: str) -> bytes:
    return json.dumps({"reason": reason}).encode()


def _count(scan: Scan, _: list[int]) -> bytes:
    return json.dumps({"pages": scan.count}).encode()


def _look(scan: Scan, pages: list[int]) -> bytes:
    found = square_reading.look(scan.views(pages[0]))
    digital = scan.letters(pages[0]) > _LETTERS
    return json.dumps(
        {"codes": found.codes, "foreign": found.foreign, "blank": found.blank, "digital": digital}
    ).encode()


def _cut(scan: Scan, pages: list[int]) -> bytes:
    return scan.cut(pages)


def _show(scan: Scan, pages: list[int]) -> bytes:
    picture = next(scan.views(pages[0]))
    picture.thumbnail((_SHOWN, _SHOWN))
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()


class Scan:
    """One scan. Pages are counted from 0."""

    count: int

    def views(self, page: int) -> Iterator[Image.Image]:
        """Give a page in grey, larger or finer each time."""
        raise NotImplementedError

    def letters(self, page: int) -> int:
        """Return how many letters a page holds as text."""
        raise NotImplementedError

    def cut(self, pages: Sequence[int]) -> bytes:
        """Return pages as a PDF of their original quality."""
        raise NotImplementedError


def _opened(path: Path, kind: str) -> Scan:
    return _Pdf(path) if kind == "pdf" else _Picture(path, kind)


class _Pdf(Scan):
    def __init__(self, path: Path) -> None:
        try:
            self._document = pdfium.PdfDocument(path.read_bytes())
        except pdfium.PdfiumError as problem:
            raise _Locked if "password" in str(problem).lower() else problem from problem
        self.count = len(self._document)

    def views(self, page: int) -> Iterator[Image.Image]:
        for dots in (_PLAIN, _FINE):
            yield self._view(page, dots)

    def _view(self, page: int, dots: int) -> Image.Image:
        one = self._document[page]
        width, height = one.get_size()
        scale = min(dots / _POINTS, (DOTS / max(width * height, 1)) ** 0.5)
        picture: Image.Image = one.render(scale=scale, grayscale=True).to_pil()
        return picture.convert("L")

    def letters(self, page: int) -> int:
        return int(self._document[page].get_textpage().count_chars())

    def cut(self, pages: Sequence[int]) -> bytes:
        """Return pages as they are, notes made part of the page; as pictures when something in them could act."""
        sheet = pdfium.PdfDocument.new()
        sheet.import_pages(self._document, list(pages))
        for page in sheet:
            pdfium.raw.FPDFPage_Flatten(page.raw, pdfium.raw.FLAT_PRINT)
        made = io.BytesIO()
        sheet.save(made)
        if page_file.can_act(made.getvalue()):
            return page_file.of_pictures([self._view(page, _FINE) for page in pages], _FINE)
        return made.getvalue()


class _Picture(Scan):
    def __init__(self, path: Path, kind: str) -> None:
        if kind == "heic":
            import pillow_heif  # noqa: PLC0415 - only for telephones that make such pictures

            pillow_heif.register_heif_opener(decode_threads=1)
        self._data = path.read_bytes()
        self._picture = Image.open(io.BytesIO(self._data), formats=[kind.replace("heic", "heif").upper()])
        self._kind = kind
        self.count = getattr(self._picture, "n_frames", 1) if kind == "tiff" else 1

    def _frame(self, page: int) -> Image.Image:
        if self.count > 1:
            self._picture.seek(page)
        if self._picture.width * self._picture.height > DOTS:
            raise TooLarge
        return self._picture

    def views(self, page: int) -> Iterator[Image.Image]:
        upright = page_file.upright(self._frame(page)).convert("L")
        yield upright
        if upright.width * upright.height * 4 <= DOTS:
            yield upright.resize((upright.width * 2, upright.height * 2), Image.Resampling.BICUBIC)

    def letters(self, page: int) -> int:
        return 0 if page < self.count else -1

    def cut(self, pages: Sequence[int]) -> bytes:
        if self._kind == "jpeg":
            return page_file.of_jpeg(self._data, self._frame(0))
        return page_file.of_pictures([self._frame(page).copy() for page in pages], 0, lossy=self._kind == "heic")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
