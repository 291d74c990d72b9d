"""Filled forms by the ten thousand: one real form of each role is filled once, its answers are printed over after that.

Every number is another person; the same number is the same bytes.
"""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta

from tests.intake import kit
from tests.office import handmade

ROLES = ("mentor", "mentee")
_SHEET = "xl/worksheets/sheet1.xml"
_SURNAME, _BIRTH, _PHONE = "Штемпельная", date(1995, 5, 5), "+7 949 555-55-55"
_LETTERS = "абвгдежзик"


def form(number: int, *, mistaken: bool = False) -> bytes:
    """Return the filled questionnaire of one person, the same bytes for the same number.

    A ``mistaken`` one wants two corrections.
    """
    parts = dict(_parts(ROLES[number % 2]))
    text = parts[_SHEET]
    for old, new in _answers(number, mistaken).items():
        text = text.replace(old.encode(), new.encode())
    parts[_SHEET] = text
    return _zipped(parts)


def surname(number: int) -> str:
    """Return the surname of a person, another for every number."""
    return "Приходько" + "".join(_LETTERS[int(digit)] for digit in str(number))


def _answers(number: int, mistaken: bool) -> Mapping[str, str]:
    """Return what to print over what."""
    born = date(1960, 1, 1) + timedelta(days=number % 12_000)
    phone = "позже" if mistaken else f"+7 949 {number // 10_000 % 1000:03}-{number // 100 % 100:02}-{number % 100:02}"
    name = f"{surname(number)} Ivan" if mistaken else surname(number)
    return {_SURNAME: name, _serial(_BIRTH): _serial(born), _PHONE: phone}


def _serial(day: date) -> str:
    """Return a date as its cell holds it."""
    return f"<v>{(day - date(1899, 12, 30)).days}</v>"


@functools.cache
def _parts(name: str) -> Mapping[str, bytes]:
    """Fill one form with marked answers; every mark must stand in it once."""
    answers = {"surname": _SURNAME, "birth": _BIRTH.isoformat(), "phone": _PHONE, "number": ""}
    parts = handmade.unpacked(kit.filled(name, **answers))
    for mark in (_SURNAME, _serial(_BIRTH), _PHONE):
        assert parts[_SHEET].count(mark.encode()) == 1, mark
    return parts


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 5, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
