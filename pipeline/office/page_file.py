"""Pictures as pages of a PDF that keep their quality: a JPEG goes in as it is, others without loss."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Sequence

from PIL import Image, ImageOps

_LONG_SIDE = 842
"""Points of the longer side of A4, for pictures that do not tell their size on paper."""
_POINTS = 72
_LEAST_DOTS, _MOST_DOTS = 50, 1200
_QUALITY = 92
_TURNS = {3: 180, 6: 90, 8: 270}
"""EXIF orientations that a page can show by turning: degrees clockwise."""
_SPACES = {"1": ("/DeviceGray", 1), "L": ("/DeviceGray", 8), "RGB": ("/DeviceRGB", 8)}
_ACTS = re.compile(rb"/(JavaScript|JS|AA|OpenAction|Launch|EmbeddedFile|RichMedia|SubmitForm|ImportData|URI|GoToR)\b")


class TooLarge(Exception):
    """A picture with more dots than any scanner or telephone makes."""


def upright(picture: Image.Image) -> Image.Image:
    """Return a picture turned as its camera says."""
    turned = ImageOps.exif_transpose(picture)
    assert turned is not None
    return turned


def can_act(pdf: bytes) -> bool:
    """Tell whether there is anything in a PDF that a viewer might carry out."""
    return _ACTS.search(pdf) is not None


def of_jpeg(data: bytes, picture: Image.Image) -> bytes:
    """Return a PDF of one page that holds the JPEG ``data`` byte for byte; ``picture`` is its opened header."""
    space = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}[picture.mode]
    invert = "/Decode [1 0 1 0 1 0 1 0]" if picture.mode == "CMYK" else ""
    turn = _TURNS.get(picture.getexif().get(0x0112, 1), 0)
    facts = f"/ColorSpace {space} /BitsPerComponent 8 {invert} /Filter /DCTDecode"
    return _document([_Page(picture.size, _scale(picture, 0), facts, data, turn)])


def of_pictures(pictures: Sequence[Image.Image], dots: int, *, lossy: bool = False) -> bytes:
    """Return a PDF with a page for each picture, without loss unless ``lossy``.

    ``dots`` is how many dots an inch has, 0: as the pictures tell themselves.
    """
    return _document([_page(upright(one), dots, lossy) for one in pictures])


class _Page:
    def __init__(self, size: tuple[int, int], scale: float, facts: str, data: bytes, turn: int = 0) -> None:
        self.size, self.facts, self.data, self.turn = size, facts, data, turn
        self.width, self.height = (round(side * scale, 2) for side in size)


def _page(picture: Image.Image, dots: int, lossy: bool) -> _Page:
    plain = picture if picture.mode in _SPACES else picture.convert("RGB")
    space, bits = _SPACES[plain.mode]
    facts = f"/ColorSpace {space} /BitsPerComponent {bits} /Filter "
    if lossy:
        made = io.BytesIO()
        plain.save(made, "JPEG", quality=_QUALITY)
        return _Page(plain.size, _scale(picture, dots), f"{facts}/DCTDecode", made.getvalue())
    return _Page(plain.size, _scale(picture, dots), f"{facts}/FlateDecode", zlib.compress(plain.tobytes(), 6))


def _scale(picture: Image.Image, dots: int) -> float:
    """Return how many points a dot is wide."""
    told = dots or picture.info.get("dpi", (0, 0))[0]
    if _LEAST_DOTS <= told <= _MOST_DOTS:
        return float(_POINTS / told)
    return _LONG_SIDE / max(picture.size)


def _document(pages: Sequence[_Page]) -> bytes:
    """Lay out a PDF 1.4: catalogue, page tree, and for each page itself, its content and its picture."""
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode()]
    for number, page in enumerate(pages):
        at = 3 + 3 * number
        box = f"/MediaBox[0 0 {page.width} {page.height}]/Rotate {page.turn}"
        parts = f"/Contents {at + 1} 0 R/Resources<</XObject<</P {at + 2} 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{box}{parts}>>".encode())
        objects.append(_stream("", f"q {page.width} 0 0 {page.height} 0 0 cm /P Do Q".encode()))
        size = f"/Type/XObject/Subtype/Image/Width {page.size[0]}/Height {page.size[1]}"
        objects.append(_stream(f"{size}{page.facts}", page.data))
    return _file(objects)


def _stream(facts: str, data: bytes) -> bytes:
    return f"<<{facts}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    made = io.BytesIO(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    made.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(made.tell())
        made.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    start = made.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    made.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    made.write(f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    return made.getvalue()
