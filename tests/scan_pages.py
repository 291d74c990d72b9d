"""Scans made from our own sheets: printed, signed, put on a scanner or under a telephone in the ways that people do."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import segno
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from pipeline import tokens

A4 = (210, 297)
INCH = 25.4
Page = Image.Image


def plain(token: str, dots: int) -> Page:
    """Draw a page like a printed sheet at ``dots`` an inch, without an office program: square code, letters, text."""
    return _plain(token, dots).copy()


@cache
def _plain(token: str, dots: int) -> Page:
    scale = 300 / INCH
    page = Image.new("L", (round(A4[0] * scale), round(A4[1] * scale)), 255)
    made = io.BytesIO()
    segno.make(tokens.content(token), error="q", micro=False).save(made, kind="png", scale=14, border=2)
    side = round(25 * 25 / 21 * scale)
    page.paste(Image.open(made).convert("L").resize((side, side)), (page.width - side - 120, 140))
    draw = ImageDraw.Draw(page)
    draw.text((page.width - side - 100, 150 + side), tokens.shown(token), fill=0, font_size=40)
    for line in range(38):
        draw.text(
            (350, 700 + 62 * line),
            f"{line}. строка согласия, которую никто не разбирает, {token}",
            fill=20,
            font_size=44,
        )
    return sized(page, dots)


def sized(page: Page, dots: int) -> Page:
    """Return a page of 300 dots an inch at another resolution."""
    factor = dots / 300
    return page.resize((round(page.width * factor), round(page.height * factor)), Image.Resampling.LANCZOS)


def of_pdf(data: bytes, dots: int = 300) -> list[Page]:
    """Return the pages of a PDF in grey."""
    document = pdfium.PdfDocument(data)
    return [one.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for one in document]


def printed(papers: Sequence[Path], folder: Path) -> list[list[Page]]:
    """Print Word files with LibreOffice; return the pages of each. ``folder`` is an empty one to work in."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, papers)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [of_pdf((folder / f"{paper.stem}.pdf").read_bytes()) for paper in papers]


def signed(page: Page, chance: random.Random) -> Page:
    """Sign a page by hand below its middle, in dark ink."""
    inked = page.copy()
    draw = ImageDraw.Draw(inked)
    x, y, step = page.width * 0.4, page.height * 0.83, page.width / 60
    line = [(x + step * n, y + step * chance.uniform(-1.5, 1.5)) for n in range(12)]
    draw.line(line, fill=60, width=max(2, page.width // 400), joint="curve")
    return inked


# --- what scanners, telephones and people do -------------------------------------------------------------------------


def turned(page: Page, degrees: float) -> Page:
    return page.rotate(degrees, expand=True, fillcolor=245, resample=Image.Resampling.BICUBIC)


def shaded(page: Page, chance: random.Random) -> Page:
    """Lay an uneven light over a page, down to half of it in one corner."""
    light = Image.new("L", (2, 2))
    light.putdata([chance.randint(120, 255) for _ in range(4)])
    return ImageChops.multiply(page, light.resize(page.size, Image.Resampling.BICUBIC))


def noisy(page: Page, chance: random.Random, much: int) -> Page:
    """Add grain."""
    size = (max(1, page.width // 2), max(1, page.height // 2))
    even = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    grain = even.point(lambda v: 128 + (v - 128) * much // 74).resize(page.size)
    return ImageChops.add(page, grain, offset=-128)


def blurred(page: Page, much: float) -> Page:
    return page.filter(ImageFilter.GaussianBlur(much))


def squeezed(page: Page, quality: int) -> Page:
    """Pass a page through JPEG."""
    made = io.BytesIO()
    page.save(made, "JPEG", quality=quality)
    made.seek(0)
    return Image.open(made).convert("L")


def photographed(page: Page, chance: random.Random, tilt: float) -> Page:
    """Take a picture of a page on a table, from a side: its corners are no rectangle's any more."""
    width, height = page.size
    table = Image.new("L", (round(width * 1.2), round(height * 1.2)), 90)
    table.paste(page, (round(width * 0.1), round(height * 0.1)))
    wide, high = table.size
    corners = [(0, 0), (0, high), (wide, high), (wide, 0)]
    moved = [(x + chance.uniform(-tilt, tilt) * wide, y + chance.uniform(-tilt, tilt) * high) for x, y in corners]
    quad = [part for corner in moved for part in corner]
    bent = table.transform(table.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=90)
    return shaded(bent, chance)


def _poor(page: Page, chance: random.Random) -> Page:
    """Shade, grain and a lens not quite in focus at once."""
    return blurred(noisy(shaded(page, chance), chance, 18), 0.7)


Change = Callable[[Page, random.Random], Page]

CONDITIONS: dict[str, tuple[Sequence[int], Change]] = {
    "clean": ((100, 150, 200, 300), lambda page, chance: turned(page, chance.choice([0, 90, 180, 270]))),
    "skewed": ((100, 150, 200, 300), lambda page, chance: turned(page, chance.choice([0, 180]) + chance.gauss(0, 4))),
    "any angle": ((150, 200), lambda page, chance: turned(page, chance.uniform(0, 360))),
    "shaded, grainy": ((150, 200, 300), lambda page, chance: noisy(shaded(page, chance), chance, 24)),
    "JPEG 35": ((150, 200, 300), lambda page, chance: squeezed(noisy(page, chance, 12), 35)),
    "out of focus": ((150, 200, 300), lambda page, chance: blurred(page, page.width / 210 / 6)),
    "faint": ((150, 200, 300), lambda page, chance: noisy(page.point(lambda v: 175 + v * 70 // 255), chance, 8)),
    "telephone": ((150, 200, 300), lambda page, chance: squeezed(blurred(photographed(page, chance, 0.05), 0.8), 60)),
    "everything": ((150, 200, 300), lambda page, chance: squeezed(_poor(turned(page, chance.gauss(0, 3)), chance), 45)),
    "100 dpi, poor": ((100,), lambda page, chance: squeezed(_poor(page, chance), 45)),
}  # fmt: skip
"""What is done to a page, at which resolutions."""


def worn(page: Page, condition: str, dots: int, seed: int) -> Page:
    """Return a page of 300 dots an inch as it comes from a scanner or telephone."""
    chance = random.Random(f"{condition} {dots} {seed}")
    return CONDITIONS[condition][1](sized(signed(page, chance), dots), chance)


def jpeg(page: Page, dots: int, quality: int = 75) -> bytes:
    made = io.BytesIO()
    page.save(made, "JPEG", quality=quality, dpi=(dots, dots))
    return made.getvalue()


def pdf(pages: Iterable[Page], dots: int = 200) -> bytes:
    """Return a PDF as scanners make it: a JPEG on each page."""
    first, *rest = pages
    made = io.BytesIO()
    first.save(made, "PDF", resolution=dots, save_all=True, append_images=rest)
    return made.getvalue()


def blank(dots: int = 200, seed: int = 0) -> Page:
    """Return a backside: not quite white, a shadow at an edge, some grain."""
    size = tuple(round(side * dots / INCH) for side in A4)
    page = Image.new("L", size, 247)
    ImageDraw.Draw(page).rectangle((0, 0, size[0] // 60, size[1]), fill=120)
    return noisy(page, random.Random(seed), 6)
