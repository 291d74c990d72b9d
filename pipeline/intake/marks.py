"""The hidden marks of a blank: which form it is, and which row asks what. What ``show_*`` writes, ``read_*`` reads.

Marks stand in the hidden first column (python-calamine shows no defined names), and move with their rows.
"""

from __future__ import annotations

from typing import NamedTuple

_PREFIX = "nastavnik:"
_FORM = f"{_PREFIX}form="
_VERSION = ";version="

NOTE = f"{_PREFIX}#note"
"""Marks the row kept for the list of mistakes of a form sent back."""


class FormMark(NamedTuple):
    """Which form a sheet is: its name and version."""

    name: str
    version: int


class RowMark(NamedTuple):
    """What a row asks: the field's key and, for a row of a question with several answers, the option it stands for."""

    key: str
    option: str = ""


def is_mark(text: str) -> bool:
    """Tell whether a cell's text is a mark of ours."""
    return text.startswith(_PREFIX)


def show_form(mark: FormMark) -> str:
    """Return the text of a form's mark."""
    return f"{_FORM}{mark.name}{_VERSION}{mark.version}"


def read_form(text: str) -> FormMark | None:
    """Read a form's mark, ``None`` when ``text`` is none; a version that is no number reads as 0."""
    if not text.startswith(_FORM):
        return None
    name, _, version = text.removeprefix(_FORM).strip().partition(_VERSION)
    return FormMark(name, int(version) if version.isascii() and version.isdigit() else 0)


def show_round(source: str) -> str:
    """Return the mark of the row kept for the list of mistakes in a form sent back for the content ``source``."""
    return f"{NOTE}={source[:16]}"


def read_round(text: str) -> str:
    """Read the beginning of the hash that a form sent back bears, ``""`` when ``text`` is no such mark."""
    found = text.removeprefix(f"{NOTE}=").strip()
    return found if text.startswith(f"{NOTE}=") and len(found) == 16 and found.isalnum() else ""


def show_row(mark: RowMark) -> str:
    """Return the text of a row's mark."""
    return f"{_PREFIX}{mark.key}={mark.option}" if mark.option else f"{_PREFIX}{mark.key}"


def is_row(text: str) -> bool:
    """Tell whether a cell's text is the mark of a row to answer in."""
    return text.startswith(_PREFIX) and not text.startswith((_FORM, NOTE))


def read_row(text: str) -> RowMark | None:
    """Read a row's mark, ``None`` when ``text`` is none."""
    if not is_row(text):
        return None
    key, _, option = text.removeprefix(_PREFIX).strip().partition("=")
    return RowMark(key, option)
