"""What stands in the program's way and will pass, or must be seen to by the administrator, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from pipeline import files
from pipeline.intake.folder import Sight
from pipeline.intake.retries import Delay
from pipeline.wording import intake as intake_say
from pipeline.wording import pages as say


def all_of(
    sight: Sight, away: Collection[str], delays: Sequence[Delay], room: tuple[int, int] | None
) -> tuple[str, ...]:
    """Say what keeps files from being taken in.

    ``away`` are the shares that are away, ``room`` the megabytes that are free and should be when there are too few.
    """
    closed = sum(why in {"closed", "unlisted"} for why in sight.waits.values())
    waiting = Counter(delay.cause for delay in delays)
    return (
        *(say.share_away(name) for name in sorted(away)),
        *([say.disk_nearly_full(*room)] if room else ()),
        *([say.folders_closed(closed)] if closed and "inbox" not in away else ()),
        *(say.files_wait(intake_say.CAUSES[cause], count) for cause, count in sorted(waiting.items())),
    )


def of_writing(failures: Sequence[OSError]) -> tuple[str, ...]:
    """Say what kept the register or papers from being written."""
    causes = Counter(map(files.cause, failures))
    return tuple(say.papers_wait(intake_say.CAUSES[cause], count) for cause, count in sorted(causes.items()))
