"""Carries out a plan of papers in the outbox, some at a time: the intents with name and hash, the files, the marks.

With an intent goes the record of what the paper was made from; what a signature freezes is kept beside the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline import files, owners
from pipeline.documents import records
from pipeline.documents.drafts import Action, Content, Plan
from pipeline.documents.outbox import Issued
from pipeline.journal import Journal, Paper
from pipeline.workspace import Workspace

AT_ONCE = 100
"""How many steps share their commits."""


@dataclass(frozen=True)
class Issuing:
    """What issuing needs: the journal, the clock, what to call after each paper.

    ``there`` tells whether the outbox is there; ``failed`` is called with what kept a paper from being laid.
    """

    journal: Journal
    clock: Callable[[], datetime]
    tick: Callable[[], None]
    there: Callable[[], bool] = lambda: True
    failed: Callable[[OSError], None] = lambda _: None


def issue(plan: Plan, space: Workspace, desk: Issuing) -> list[str]:
    """Do the steps of a plan; return the paths of the files laid.

    A step is left for the next turn when the file is not what the plan saw, when somebody has it open, or when the
    outbox is away: what is gone with it was not taken by anybody.
    """
    done = (action.step for batch in _batches(plan.actions) for action in _Batch(space, desk).carry_out(batch))
    return [step.path for step in done if step.lay]


def _batches(actions: Sequence[Action]) -> Iterator[list[Action]]:
    """Yield the steps in their order, some at a time; two steps of one paper are never in one batch."""
    batch: list[Action] = []
    for action in actions:
        if len(batch) == AT_ONCE or any(action.step.subject == one.step.subject for one in batch):
            yield batch
            batch = []
        batch.append(action)
    if batch:
        yield batch


@dataclass
class _Batch:
    """Some steps that share their commits: the contents to lay, and the folders that are to be flushed."""

    space: Workspace
    desk: Issuing
    contents: dict[int, Content] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)

    def carry_out(self, batch: Sequence[Action]) -> list[Action]:
        """Commit all intents, change the files, commit all marks; return the steps that were done."""
        journal = self.desk.journal
        with journal.commit("papers.issue"):
            ready = [one for one in batch if self._tries(self._intend, one)]
        changed = [one for one in ready if self._tries(self._change, one)]
        if not self._flush():
            return []
        done = [one for one in changed if self._tries(self._archive, one)]
        after = [_paper(issued) for one in done for issued in one.step.after]
        journal.issue(after, [key for one in done for key in one.step.forget], self.desk.clock())
        return done

    def _tries(self, act: Callable[[Action], bool], action: Action) -> bool:
        """Do something about a step; what keeps it from being done is told, and the step is left for later."""
        try:
            return self.desk.there() and act(action)
        except OSError as problem:
            self.desk.failed(problem)
            return False

    def _intend(self, action: Action) -> bool:
        """Record what is about to be done, if the file is what the plan saw and nobody has it open."""
        self.desk.tick()
        step, path = action.step, self.space.root / action.step.path
        if (step.lay or step.displaced) and (files.digest_of(path) != step.displaced or any(owners.of(path))):
            return False
        content = self.contents[id(action)] = action.content()
        if step.before:
            _keep_record(content, self.desk)
            self.desk.journal.issue(map(_paper, step.before), (), self.desk.clock())
        return True

    def _change(self, action: Action) -> bool:
        """Remove or lay the file."""
        step, path = action.step, self.space.root / action.step.path
        if step.displaced and not files.remove_if(path, step.displaced):
            return False
        return not step.lay or files.publish(path, self.contents[id(action)].data, self.folders)

    def _flush(self) -> bool:
        """Flush the folders of new files; tell whether that was done."""
        try:
            files.flush(self.folders)
        except OSError as problem:
            self.desk.failed(problem)
            return False
        return self.desk.there()

    def _archive(self, action: Action) -> bool:
        """Keep signed papers as they lie, and what they were made from; their templates lie there already."""
        for one in (one for one in action.step.after if one.frozen):
            path = self.space.root / one.path
            if path.is_file():
                data = files.read(path)
                files.keep_bytes(data, self.space.kept / f"{files.digest(data)}{path.suffix}")
            if record := self.desk.journal.content(one.sha):
                files.keep_bytes(record.encode(), self.space.kept / f"{one.sha}.json")
        return True


def _keep_record(content: Content, desk: Issuing) -> None:
    if record := content.record:
        passport = record.name, record.mark
        desk.journal.keep_content(files.digest(content.data), passport, records.written(record), desk.clock())


def _paper(issued: Issued) -> Paper:
    return Paper(*astuple(issued))
