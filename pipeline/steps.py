"""The seam where a test can stop the program: every durable write announces itself here, before and after.

In the product nobody listens. A crash test sets ``listener`` to a function that raises at the n-th announcement and
then lets a new cycle run over what was left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


def _nobody(name: str) -> None:
    del name


listener: Callable[[str], None] = _nobody
"""Called with ``before:<step>`` and ``after:<step>`` around every write."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce one durable write by its name, such as ``spool.store``: use it around the write."""
    listener(f"before:{name}")
    yield
    listener(f"after:{name}")
