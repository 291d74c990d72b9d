"""Changes of the workbook put away until they are made: a few long texts instead of a hundred thousand small things.

What is made of small things keeps the memory of all others around it from going back to the system.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterable, Iterator

from pipeline.office.cells import Change

_AT_ONCE = 1_000


class Packed(Iterable[Change]):
    """Changes in their order, unpacked some at a time as often as they are asked for; false when there are none."""

    def __init__(self, changes: Iterable[Change]) -> None:
        """Pack changes as they come."""
        coming = iter(changes)
        portions = iter(lambda: list(itertools.islice(coming, _AT_ONCE)), [])
        self._portions = [pickle.dumps(portion) for portion in portions]

    def __iter__(self) -> Iterator[Change]:
        for portion in self._portions:
            yield from pickle.loads(portion)  # noqa: S301 – packed above, never out of this process

    def __bool__(self) -> bool:
        return bool(self._portions)
