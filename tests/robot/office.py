"""A real LibreOffice with a curator's hands in it, for one test: its own profile, ended when the test ends."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

PYTHON = "/usr/bin/python3"
"""The system's Python: LibreOffice's bridge ``uno`` lives there, never in a venv."""

HANDS = Path(__file__).with_name("hands.py")


class Refused(Exception):
    """LibreOffice did not do what it was told; the message is what it said."""


@functools.cache
def missing() -> str:
    """Return why there can be no robot on this machine, ``""`` when there can."""
    if not shutil.which("soffice"):
        return "LibreOffice (soffice) is not on this machine"
    if (
        not shutil.which(PYTHON)
        or subprocess.run([PYTHON, "-c", "import uno"], check=False, capture_output=True).returncode
    ):
        return f"{PYTHON} has no bridge to LibreOffice: apt-get install python3-uno"
    return ""


class Office:
    """A running LibreOffice. A context manager; ``do`` gives an order and waits until it is carried out."""

    def __init__(self, folder: Path) -> None:
        self._complaints = (folder / "hands.log").open("w+")
        self._hands = subprocess.Popen(
            [PYTHON, HANDS, folder / "profile"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hands.communicate(timeout=60)
        self._complaints.close()

    def do(self, order: str, *values: object) -> Any:
        """Give an order by the name of a method of ``hands.Hands``; return its answer, raise ``Refused``."""
        assert self._hands.stdin
        assert self._hands.stdout
        self._hands.stdin.write(f"{json.dumps([order, *values])}\n")
        self._hands.stdin.flush()
        line = self._hands.stdout.readline()
        if not line:
            self._complaints.seek(0)
            raise Refused(self._complaints.read()[-2000:])
        return json.loads(line)
