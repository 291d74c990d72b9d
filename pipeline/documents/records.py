"""What a paper was made from, kept as long as anybody may ask: its template, every cell it read, every value it shows.

A record answers three questions: where each value of a draft came from, what differs between a draft and its newer
version, and what an approved paper must go on saying although its sources have changed.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.documents.values import Place
from pipeline.office import word

Cells = Mapping[Place, str]
"""What was read: the canonical text of each cell and setting."""


@dataclass(frozen=True)
class Record:
    """What one content was made from.

    ``name`` is the paper's («order_pairs:ПК-0001:draft»), ``mark`` that of its passport, ``template`` the SHA-256 of
    the template, ``values`` the texts it shows in the order of its parts (``word.origins_of`` gives the cells and
    settings of each), ``cells`` what it read, ``paragraphs`` its text.
    """

    name: str
    mark: str
    template: str
    values: tuple[str, ...] = ()
    cells: Cells = field(default_factory=dict)
    paragraphs: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[str, str, str]:
        """Give what is the same for two papers that say and look the same, however they are packed."""
        return self.name, self.mark, self.template


def written(record: Record) -> str:
    """Return a record as one line of JSON; ``read`` gives it back."""
    return json.dumps(
        {
            "name": record.name,
            "mark": record.mark,
            "template": record.template,
            "values": [[one, [place[:3] for place in word.origins_of(one)]] for one in record.values],
            "cells": [[*place[:3], text] for place, text in record.cells.items()],
            "paragraphs": list(record.paragraphs),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read(text: str) -> Record:
    """Return the record that ``written`` wrote."""
    said = json.loads(text)
    return Record(
        said["name"],
        said["mark"],
        said["template"],
        tuple(word.sourced(one, tuple(Place(*place) for place in origins)) for one, origins in said["values"]),
        {Place(*place): one for *place, one in said["cells"]},
        tuple(said["paragraphs"]),
    )


def packed(record: Record) -> bytes:
    """Return a record as few bytes; ``unpacked`` gives it back."""
    return zlib.compress(written(record).encode("utf-8", "surrogatepass"), 1)


def unpacked(data: bytes) -> Record:
    """Return the record that ``packed`` packed."""
    return read(zlib.decompress(data).decode("utf-8", "surrogatepass"))
