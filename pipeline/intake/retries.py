"""What could not be done for a reason that passes by itself: tried again without anybody asking, each time later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import files

_FIRST, _LONGEST = timedelta(seconds=5), timedelta(minutes=10)


@dataclass(frozen=True)
class Delay:
    """One thing that waits: the name its sender knows it by, what stands in the way, when it is tried again."""

    name: str
    cause: files.Cause
    again: datetime
    times: int = 1


class Retries:
    """The things that wait, by any key. It forgets at a restart: then everything is tried at once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._delays: dict[str, Delay] = {}

    def is_due(self, key: str) -> bool:
        """Tell whether a thing may be tried now; a clock that was put back makes nothing wait for longer."""
        delay, now = self._delays.get(key), self._clock()
        return delay is None or now >= delay.again or delay.again - now > _LONGEST

    def failed(self, key: str, name: str, problem: OSError) -> Delay:
        """Note that a thing could not be done; return how it waits now."""
        times = self._delays[key].times + 1 if key in self._delays else 1
        pause = min(_FIRST * 2 ** min(times - 1, 10), _LONGEST)
        self._delays[key] = Delay(name, files.cause(problem), self._clock() + pause, times)
        return self._delays[key]

    def done(self, key: str) -> None:
        """Note that a thing is done."""
        self._delays.pop(key, None)

    def keep(self, keys: Iterable[str]) -> None:
        """Forget all that waits but for the things under these keys."""
        kept = set(keys)
        self._delays = {key: delay for key, delay in self._delays.items() if key in kept}

    def waiting(self) -> list[Delay]:
        """Return what waits."""
        return list(self._delays.values())
