"""``python -m tests.robot 500 [SEED]``: as many saves as wanted; prints the figures, and what went wrong."""

import sys
import tempfile
from pathlib import Path

from tests.robot.office import Office, missing
from tests.robot.play import Play


def main(saves: int, seed: int) -> int:
    """Play; return 1 when anything was lost."""
    if reason := missing():
        sys.exit(reason)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, Office(Path(folder)) as office:
        figures = Play(Path(folder), office, seed, saves).run()
    print(figures, *figures.wrong, sep="\n")
    return bool(figures.wrong)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*[*numbers, *(500, 1)[len(numbers) :]]))
