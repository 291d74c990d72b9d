"""What a cell like «К чему относится» names: codes of rows, and the pairs that stand behind a group or a programme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from pipeline.model import Row

_CODE = re.compile(r"(?<![А-ЯЁа-яё])[А-ЯЁ]{1,3}-\d{4,}(?:-\d+)?")


def codes_in(text: str) -> tuple[str, ...]:
    """Return every code that a text names, each once: «П-0001, Г-0002» or «Иванова М. П. · Л-0017»."""
    return tuple(dict.fromkeys(_CODE.findall(text.upper())))


def pairs_in(codes: Collection[str], pairs: Iterable[Row], programmes: Mapping[str, str] | None = None) -> list[Row]:
    """Return the pairs that codes name: by their own code, their group's or their programme's.

    ``programmes`` maps a pair to its programme; without it the pair's own cell counts.
    """
    wanted = set(codes)
    found: list[Row] = []
    for row in pairs:
        programme = row["programme"] if programmes is None else programmes.get(row.code, "")
        if row.code in wanted or row["group"] in wanted or programme in wanted:
            found.append(row)
    return found
