"""What a parsing child takes away from itself before it looks at a file: network, memory, time, processes, files.

A frame is four bytes of length and as many of content, both ways. On Windows there are no limits on memory and
processor time; the wall limit of the parent alone holds there.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from time import process_time

if sys.platform != "win32":
    import resource

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
"""CLONE_NEWNET and CLONE_NEWUSER of unshare(2)."""


def serve(answer: Callable[[bytes], bytes], memory: int, seconds: int, writing: int = 0) -> None:
    """Answer the questions of standard input until it ends, in ``memory`` bytes and ``seconds`` of processor each.

    ``writing`` is how large a file may ever grow that ``limit_writing`` allows.
    """
    take, give = sys.stdin.buffer, sys.stdout.buffer
    _leave_network()
    _limit_means(memory, writing)
    while head := take.read(4):
        _limit_time(seconds)
        reply = answer(take.read(int.from_bytes(head, "big")))
        give.write(len(reply).to_bytes(4, "big") + reply)
        give.flush()


def limit_writing(size: int) -> None:
    """Let no file grow beyond ``size`` bytes: none at all while a file is only read."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def _leave_network() -> None:
    """Go to where there is no network at all, on systems that let an ordinary program do so."""
    if sys.platform == "linux":
        system = ctypes.CDLL(None)
        if system.unshare(_NEW_NETWORK) != 0:
            system.unshare(_NEW_NETWORK | _NEW_USER)


def _limit_means(memory: int, writing: int) -> None:
    """Take away what parsing never needs. Processes are counted for a whole account, and never for root."""
    if sys.platform != "win32":
        limits = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_NOFILE, 32), (resource.RLIMIT_NPROC, 0))
        for what, most in (*limits, (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, writing)):
            resource.setrlimit(what, (most, most))
        limit_writing(0)


def _limit_time(seconds: int) -> None:
    """Let the process run so many seconds more than it has run until now."""
    if sys.platform != "win32":
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(process_time()) + 1 + seconds, hard))
