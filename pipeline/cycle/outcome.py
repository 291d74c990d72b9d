"""What one turn did and what now waits for people, as values and as Russian sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.journal import Journal
from pipeline.wording import commands as say


@dataclass
class Outcome:
    """What one turn did: files taken, sent back and refused; documents issued; the register; what waits for people.

    ``troubles`` are sentences on what stands in the way and will pass, ``mistakes`` on what somebody must mend.
    ``put_off`` papers wait for a later turn.
    """

    taken: int = 0
    returned: int = 0
    refused: int = 0
    papers: Sequence[str] = ()
    revision: int = 0
    written: bool = False
    held: str = ""
    questions: int = 0
    turns: int = 0
    unsettled: int = 0
    put_off: int = 0
    mistakes: Sequence[str] = ()
    troubles: Sequence[str] = ()

    @property
    def changed(self) -> bool:
        """Tell whether the turn did anything that a person could notice."""
        return bool(self.taken or self.papers or self.written)

    @property
    def waits(self) -> bool:
        """Tell whether something waits for a person."""
        return bool(self.questions or self.turns or self.held or self.returned or self.refused or self.troubles)

    def sentences(self) -> list[str]:
        """Say in Russian what was done and what waits."""
        lines = [*self.mistakes, *self.troubles, say.done(self.taken, self.returned, self.refused, len(self.papers))]
        if self.written:
            lines.append(say.register_written(self.revision))
        if self.held:
            lines.append(say.register_waits(self.held))
        lines.append(say.waiting(self.questions, self.turns) if self.waits else say.all_done())
        return lines

    def keep(self, journal: Journal) -> None:
        """Remember what waits, for turns that find nothing new."""
        journal.remember("waiting", f"{self.questions} {self.turns} {self.revision}")
        journal.remember("held", self.held)

    def recall(self, journal: Journal) -> None:
        """Fill in what the last full turn found waiting; nothing has changed since."""
        self.questions, self.turns, self.revision = (int(part) for part in journal.recall("waiting").split())
        self.held = journal.recall("held")
