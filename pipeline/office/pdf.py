"""DOCX made into PDF by LibreOffice, where it is installed: a process of its own that nobody waits for.

Promise: starting one and looking after it take no time; a process that hangs is ended; it touches nothing but its own
folder, not the settings of the user it runs as.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from pipeline import files

_FIRST_SECONDS, _SECONDS_A_FILE = 60.0, 10.0
"""How long a conversion may take: to start for the first time on a busy machine, and for each file."""
_TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_PATIENT = 10
"""How much the process gives way to others (nice)."""
_BEGIN, _END, _TAIL = b"%PDF-", b"%%EOF", 64


def program() -> str:
    """Return where LibreOffice is, ``""`` when it is not installed."""
    found = next((path for name in ("soffice", "libreoffice") if (path := shutil.which(name))), "")
    usual = Path(os.environ.get("PROGRAMFILES", "")) / "LibreOffice/program/soffice.exe"
    return found or (str(usual) if usual.is_file() else "")


class Conversion:
    """One run of LibreOffice over some documents."""

    def __init__(self, office: str, folder: Path, sources: Mapping[str, bytes]) -> None:
        """Start ``office`` on ``sources`` (DOCX by a name of letters and digits) in ``folder``, which must not exist.

        Raises ``OSError`` when it cannot be started.
        """
        self.names = tuple(sources)
        self._folder = folder
        files.make_folders([folder])
        for name, data in sources.items():
            files.keep_bytes(data, folder / f"{name}.docx")
        profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
        paths = [str(folder / f"{name}.docx") for name in sources]
        command = [
            office,
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            _TAGGED,
            "--outdir",
            str(folder),
            *paths,
        ]
        self._until = time.monotonic() + _FIRST_SECONDS + _SECONDS_A_FILE * len(sources)
        self._process = subprocess.Popen(  # noqa: S603 - the office program, on papers of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, self._process.pid, _PATIENT)

    def is_over(self) -> bool:
        """Tell whether the process has ended; one that takes too long is ended now."""
        if self._process.poll() is None and time.monotonic() > self._until:
            self._kill()
        return self._process.poll() is not None

    def wait(self) -> None:
        """Wait for the end, as long as it may take."""
        while not self.is_over():
            time.sleep(0.1)

    def results(self) -> dict[str, bytes]:
        """Return each PDF that was made whole, by the name of its source."""
        paths = {name: self._folder / f"{name}.pdf" for name in self.names}
        found = {name: files.read(path) for name, path in paths.items() if path.is_file()}
        return {name: data for name, data in found.items() if data.startswith(_BEGIN) and _END in data[-_TAIL:]}

    def close(self) -> None:
        """End the process if it is still there, and destroy its folder: the papers of a person may be there."""
        if self._process.poll() is None:
            self._kill()
        destroy(self._folder)

    def _kill(self) -> None:
        """End the process with those that it started."""
        with contextlib.suppress(OSError):  # it has just ended by itself
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()


def destroy(folder: Path) -> None:
    """Destroy what a conversion, also one cut short by a crash, left in its folder."""
    for kind in ("*.docx", "*.pdf"):
        for path in folder.glob(kind):
            files.destroy(path)
    files.remove_tree(folder)
