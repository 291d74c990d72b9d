"""Finds the square code of a sheet on a scanned page: plain first, then harder and harder, and never by guessing.

What is found is the whole content of a QR code, checked by the code's own error correction; what is not ours is told
apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from pipeline import tokens

_BLUR = 1.2
"""What brings back noisy codes whose modules are some dots wide."""
_BLANK_SIDE = 400
_BLANK_EDGE = 0.06
_BLANK_INK = 0.0006
_INK = 40
_FAINTEST = 8
_NEAR = 8
"""A page is blank when, small and without its edges, hardly a dot is so much darker than what is around it."""

_FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


@dataclass(frozen=True)
class Found:
    """What is on a page: codes of our sheets, whether there is a code of others, whether there is nothing at all."""

    codes: list[str]
    foreign: bool
    blank: bool


def look(views: Iterator[Image.Image]) -> Found:
    """Look at the views of one page, the plainest first, until a code is found."""
    foreign, blank = False, False
    for number, view in enumerate(views):
        for picture in _attempts(view):
            texts = _read(picture)
            codes = sorted({tokens.of_content(text) for text in texts} - {""})
            if codes:
                return Found(codes, foreign=False, blank=False)
            foreign = foreign or bool(texts)
            if picture is view and number == 0 and _is_blank(view, _FAINTEST):
                return Found([], foreign, blank=True)  # there is nothing on it that could be brought back
        if number == 0:
            blank = _is_blank(view)
            if blank:
                break
    return Found([], foreign, blank)


def _attempts(view: Image.Image) -> Iterable[Image.Image]:
    """Give a view as it is, then in every way that brings back codes noisy, faint, in shade or out of focus."""
    ways: tuple[Callable[[Image.Image], Image.Image], ...] = (
        lambda picture: picture,
        lambda picture: picture.filter(ImageFilter.GaussianBlur(_BLUR)),
        _level,
        lambda picture: _level(picture.filter(ImageFilter.GaussianBlur(_BLUR))),
        lambda picture: ImageOps.autocontrast(picture.filter(ImageFilter.MedianFilter(3)), cutoff=2),
        lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 200, 0)),
        lambda picture: picture.rotate(8, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC),
        lambda picture: picture.filter(ImageFilter.GaussianBlur(2 * _BLUR)),
    )
    return (way(view) for way in ways)


def _level(picture: Image.Image) -> Image.Image:
    """Return a picture in black and white by what is around each dot, so that shade does not matter."""
    around = picture.filter(ImageFilter.BoxBlur(max(picture.width, picture.height) // 60))
    darker = ImageChops.subtract(around, picture)
    return darker.point(lambda by: 0 if by > 12 else 255)


def _read(picture: Image.Image) -> list[str]:
    for binarizer in _BINARIZERS:
        found = zxingcpp.read_barcodes(picture, formats=_FORMATS, try_invert=False, binarizer=binarizer)
        if found:
            return [one.text for one in found]
    return []


def _is_blank(view: Image.Image, ink: int = _INK) -> bool:
    small = view.copy()
    small.thumbnail((_BLANK_SIDE, _BLANK_SIDE), Image.Resampling.BOX)
    edge = round(max(small.size) * _BLANK_EDGE)
    inner = small.crop((edge, edge, small.width - edge, small.height - edge))
    darker = ImageChops.subtract(inner.filter(ImageFilter.BoxBlur(_NEAR)), inner)
    inked = sum(darker.histogram()[ink:])
    return inked <= _BLANK_INK * inner.width * inner.height
