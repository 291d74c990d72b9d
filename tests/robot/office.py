"""A real LibreOffice with a curator's hands in it, for one test: its own profile, its own pipe, ended by its id."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

HANDS = Path(__file__).with_name("curator_uno.py")
INTERPRETERS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python")


class Refused(Exception):
    """LibreOffice did not do what it was told; the message is what it said."""


@functools.cache
def interpreter() -> str:
    """Return the Python that has LibreOffice's bridge ``uno``, ``""`` when there is none."""
    for one in (*INTERPRETERS, shutil.which("python3", path=os.defpath) or ""):
        if (
            one
            and shutil.which(one)
            and not subprocess.run([one, "-c", "import uno"], check=False, capture_output=True).returncode
        ):
            return one
    return ""


def missing() -> str:
    """Return why there can be no robot on this machine, ``""`` when there can."""
    if sys.platform == "win32" or not shutil.which("soffice"):
        return "LibreOffice (soffice) is not on this machine"
    return "" if interpreter() else "no Python here has LibreOffice's bridge: apt-get install python3-uno"


class Office:
    """A running LibreOffice. A context manager; ``do`` gives an order and waits until it is carried out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._complaints = (folder / "hands.log").open("w+")
        pipe = f"nastavnik-{os.getpid()}-{folder.stat().st_ino}"
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        accept = f"--accept=pipe,name={pipe};urp;"
        quiet = ["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
        self._program = subprocess.Popen(
            ["soffice", profile, *quiet, accept], stdout=self._complaints, stderr=self._complaints
        )
        self._hands = subprocess.Popen(
            [interpreter(), HANDS, pipe],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )
        assert self._answer() == "ready"

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(Refused):  # its bridge goes down with it
            self.do("quit")
        assert self._hands.stdin
        self._hands.stdin.close()
        for process in (self._hands, self._program):
            process.wait(30)
        self._complaints.close()

    def do(self, order: str, *values: object) -> Any:
        """Give an order by the name of a method of ``curator_uno.Hands``; return its answer."""
        assert self._hands.stdin
        self._hands.stdin.write(f"{json.dumps([order, *values])}\n")
        self._hands.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._hands.stdout
        line = self._hands.stdout.readline()
        if not line:
            self._complaints.seek(0)
            raise Refused(self._complaints.read()[-2000:])
        return json.loads(line)
