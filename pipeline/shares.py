"""Whether the shared folders are there. One that is away shows no folder, or an empty one: nothing follows from that.

Each shared folder bears a mark. A folder that once bore it and now shows neither the mark nor anything else that the
program keeps there is away; it is left alone until it comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import files
from pipeline.journal import Journal
from pipeline.workspace import SHARE_MARK, Workspace

_KNOWN = "shares"


class Shares:
    """The shared folders of one workspace. ``away`` names those that were away at the last look (``inbox``, …)."""

    def __init__(self, space: Workspace, journal: Journal) -> None:
        self._space = space
        self._journal = journal
        self.away: frozenset[str] = frozenset()

    def look(self) -> frozenset[str]:
        """Look which shares are away; make what is missing in those that are there."""
        kept = {self._space.inbox: [self._space.fate_page], self._space.outbox: [self._space.state_pages[1]],
                self._space.register.parent: [self._space.register, self._space.state_pages[0]]}  # fmt: skip
        known = self._journal.recall(_KNOWN).split()
        self.away = frozenset(folder.name for folder, signs in kept.items()
                              if not self._is_there(folder, signs, new=folder.name not in known))  # fmt: skip
        laid = sorted({*known, *(folder.name for folder in kept if folder.name not in self.away)})
        if laid != known:
            self._journal.remember(_KNOWN, " ".join(laid))
        return self.away

    def there(self, name: str) -> Callable[[], bool]:
        """Return what tells, at any moment, whether the share of this name is there."""
        mark = self._space.root / name / SHARE_MARK
        return lambda: _stands(mark)

    def _is_there(self, folder: Path, signs: list[Path], *, new: bool) -> bool:
        mark = folder / SHARE_MARK
        if not (new or _stands(mark) or any(map(_stands, signs))):
            return False
        try:
            files.make_folders(one for one in self._space.folders() if folder in (one, *one.parents))
            if not _stands(mark):
                files.publish(mark, b"")
        except OSError:
            return False
        return True


def _stands(path: Path) -> bool:
    try:
        path.lstat()
    except OSError:
        return False
    return True
