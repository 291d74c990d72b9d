"""The only module that writes, moves or deletes files. Every write is whole or not there; nothing is replaced blindly.

Each function is one durable step: it flushes what it wrote before its name appears. ``exchange`` hands back what it
displaced, so that a save that slipped in can be read instead of lost.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import itertools
import os
import shutil
import stat
import sys
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

import filelock

from pipeline.steps import step

_AT_FDCWD = -100
_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2
_WORK = ".nastavnik-"
_ASIDE = f"{_WORK}aside-"
_HALF = f"{_WORK}half-"
"""How work files are called, and those that are not yet written to their end: these are nobody's content."""
_LONGEST_NAME = 240
"""Bytes of a name that is made here: fifteen less than file systems take, so that an owner file's name fits too."""


class Busy(OSError):
    """Somebody holds a file so that it cannot be read or moved just now; trying again later helps."""


class AnotherInstance(Exception):
    """Another instance of the program works on this workspace."""


class NotRegular(Exception):
    """The thing is no ordinary file (a link, a pipe, a device) and is never opened."""


class TooLarge(Exception):
    """The file is larger than any that is read; it was not opened."""


class Stored(NamedTuple):
    """A file in the spool: its SHA-256, and how its source looked while it was copied (node, bytes, time of change)."""

    sha: str
    seen: tuple[int, int, int]


def is_plain(facts: os.stat_result) -> bool:
    """Tell whether a thing is an ordinary file with one name."""
    return stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1


Cause = Literal["full", "denied", "busy", "away"]
"""Why a file could not be read or written for now: no room, no right, in use, the share or the disk is away."""

_CAUSES: Mapping[int, Cause] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "full"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "denied"),
    **dict.fromkeys((errno.EBUSY, errno.ETXTBSY, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN), "busy"),
}


def cause(problem: OSError) -> Cause:
    """Return what stood in the way; what is not known is taken for a share or a disk that is away."""
    return "busy" if isinstance(problem, Busy) else _CAUSES.get(problem.errno or 0, "away")


def free_space(folder: Path) -> int:
    """Return how many bytes the program may still write where ``folder`` is."""
    return shutil.disk_usage(folder).free


def digest(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, ``""`` when there is no such ordinary file; raise ``Busy``."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
    except PermissionError as problem:
        raise Busy(path.name) from problem


class Digests:
    """The SHA-256 of files, remembered while they look the same, so that a file nobody touched is not read again.

    Not remembered is what changed a moment before it was read: another change of the same size could hide within one
    tick of the disk's clock.
    """

    def __init__(self, read: Callable[[Path], str] = digest_of, now: Callable[[], int] = time.time_ns) -> None:
        """``read`` finds the hash of a file, ``now`` tells the time by which files are dated, in nanoseconds."""
        self._read, self._now = read, now
        self._known: dict[bytes, bytes] = {}

    def of(self, path: Path) -> str:
        """Return what ``digest_of`` does, and raise what it raises."""
        look, name = _look(path), hashlib.blake2b(os.fsencode(path), digest_size=16).digest()
        seen, known = repr(look).encode(), self._known.get(name, b"")
        if look and known[_SHA:] == seen:
            return known[:_SHA].hex()
        sha = self._read(path)
        if look and max(look[:2]) < self._now() - _TICK and look == _look(path):
            self._known[name] = bytes.fromhex(sha) + seen
        return sha


_SHA = 32
"""The bytes of a SHA-256."""

_TICK = 2_000_000_000
"""Nanoseconds between two times of change that every file system tells apart."""


def _look(path: Path) -> tuple[int, ...]:
    """Return by what a change of a file shows: when it and its entry changed, its size, its node; ``()``: no file."""
    try:
        facts = path.stat()
    except OSError:
        return ()
    return facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino, facts.st_dev


def read(path: Path) -> bytes:
    """Return a file's content; raise ``Busy`` while somebody keeps it from being read."""
    try:
        return path.read_bytes()
    except PermissionError as problem:
        raise Busy(path.name) from problem


def make_folders(folders: Iterable[Path]) -> None:
    """Make folders that are missing."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)


def replace(path: Path, data: bytes) -> bool:
    """Make ``path`` hold ``data``, replacing what was there; return whether anything was written.

    For files that only the program writes (pages, blanks it knows by hash).
    """
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return False
    temporary = _write_beside(path, data)
    with step("files.replace"):
        temporary.replace(path)
        _flush_folder(path.parent)
    return True


def publish(path: Path, data: bytes, folders: set[Path] | None = None) -> bool:
    """Make a new file; return ``False`` and change nothing when the name is taken by something else.

    A file of the same content counts as made: the step was done before a crash. With ``folders`` its folder is added
    to them instead of being flushed; the file is made for good when they were (``flush``).
    """
    temporary = _write_beside(path, data)
    try:
        with step("files.publish"):
            _appear(temporary, path)
            if folders is None:
                _flush_folder(path.parent)
            else:
                folders.add(path.parent)
    except FileExistsError:
        return digest_of(path) == digest(data)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def flush(folders: Iterable[Path]) -> None:
    """Flush folders in which files appeared."""
    for folder in folders:
        _flush_folder(folder)


def count(folder: Path) -> int:
    """Return how many things lie in a folder, 0 when it cannot be looked into."""
    try:
        return sum(1 for _ in folder.iterdir())
    except OSError:
        return 0


def free_name(folder: Path, name: str) -> Path:
    """Return the path of ``name`` in ``folder`` or, when that is taken, of «name (2)» and so on.

    Letters made of two signs become one, and a name that is too long for its owner file is cut before its suffix.
    """
    return next(path for path in _free_names(folder, name) if not os.path.lexists(path))


def _free_names(folder: Path, name: str) -> Iterator[Path]:
    plain = Path(unicodedata.normalize("NFC", name))
    suffix = plain.suffix if len(plain.suffix) < 16 else ""
    stem = plain.name.removesuffix(suffix)
    yield folder / _fitting(stem, suffix)
    for number in itertools.count(2):
        yield folder / _fitting(stem, f" ({number}){suffix}")


def _fitting(stem: str, tail: str) -> str:
    room = _LONGEST_NAME - len(os.fsencode(tail))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + tail


def remove_if(path: Path, sha: str) -> bool:
    """Delete a file when its content is still the one known; return whether it is gone."""
    if not path.exists():
        return True
    if digest_of(path) != sha:
        return False
    with step("files.remove"):
        path.unlink(missing_ok=True)
    return True


def claim(path: Path, claims: Path) -> Path:
    """Take a dropped file out of the sight of its sender by one rename; return where it is now.

    The folder it lands in has a random name, such that later ones sort behind; the file keeps its own. Raises ``Busy``
    when somebody holds the file.
    """
    folder = claims / f"{time.time_ns():016x}{uuid.uuid4().hex[:16]}"
    folder.mkdir(parents=True)
    target = folder / path.name
    try:
        with step("intake.claim"):
            path.rename(target)
    except OSError as problem:
        folder.rmdir()
        raise Busy(str(problem)) from problem
    return target


def store(claimed: Path, spool: Path, most: int) -> Stored:
    """Copy a claimed file of at most ``most`` bytes into the spool under its SHA-256, its content flushed to disk.

    The folder is yet to be flushed (``flush``).
    Raises ``NotRegular`` for anything but an ordinary file with one name, ``TooLarge``, and ``Busy`` when the file was
    written to meanwhile.
    """
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    try:
        source = os.open(claimed, flags)
    except OSError as problem:
        if problem.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
            raise NotRegular(claimed.name) from problem
        raise
    with open(source, "rb") as reader:  # noqa: PTH123 (a descriptor, not a path)
        facts = os.fstat(reader.fileno())
        if not is_plain(facts):
            raise NotRegular(claimed.name)
        if facts.st_size > most:
            raise TooLarge(claimed.name)
        temporary = spool / f"{_WORK}{uuid.uuid4().hex}"
        with _whole_or_gone(temporary):
            sha = _copy(reader, temporary)
            seen = _seen(facts)
            if _seen(os.fstat(reader.fileno())) != seen:
                raise Busy(claimed.name)
            with step("intake.store"):
                temporary.replace(spool / sha)
    return Stored(sha, seen)


def _seen(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _copy(reader: BinaryIO, target: Path) -> str:
    """Copy what ``reader`` holds to a new file, flushed to disk; return its SHA-256."""
    sha = hashlib.sha256()
    with target.open("wb") as writer:
        while block := reader.read(1 << 20):
            sha.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    return sha.hexdigest()


def clear(claimed: Path, seen: tuple[int, int, int]) -> bool:
    """Delete a claimed file that the spool holds, with its folder; ``False`` when it was written to since.

    ``seen`` is how it looked while it was copied. One that is gone already is cleared.
    """
    try:
        if _seen(claimed.lstat()) != seen:
            return False
    except FileNotFoundError:
        pass
    with step("intake.clear"):
        claimed.unlink(missing_ok=True)
        _remove_empty(claimed.parent)
    return True


def give_back(claimed: Path, target: Path) -> None:
    """Move a claimed thing, unopened, to ``target``; raise ``FileExistsError`` when something is there already."""
    with step("intake.give_back"):
        _rename_free(claimed, target)
    _remove_empty(claimed.parent)


def remove_empty(folder: Path) -> None:
    """Remove the empty folders in a folder."""
    for inside in folder.iterdir():
        if inside.is_dir():
            _remove_empty(inside)


def keep(source: Path, target: Path) -> None:
    """Copy a spooled file to its place in the archive, flushed; the same content there already is fine."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    temporary = target.with_name(f"{_WORK}{uuid.uuid4().hex}")
    with _whole_or_gone(temporary):
        with source.open("rb") as reader:
            _copy(reader, temporary)
        with step("archive.keep"):
            temporary.replace(target)
            _flush_folder(target.parent)


def keep_linked(spooled: Path, target: Path) -> None:
    """As ``keep``, for a spooled file, which nobody writes to: by a second name, where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    try:
        with step("archive.keep"):
            target.hardlink_to(spooled)
            _flush_folder(target.parent)
    except OSError:
        keep(spooled, target)


def keep_bytes(data: bytes, target: Path) -> None:
    """As ``keep``, for content in memory whose name is made of its hash."""
    if not target.exists():
        publish(target, data)


def drop(path: Path) -> None:
    """Delete a file of the program's own folder."""
    with step("files.drop"):
        path.unlink(missing_ok=True)


def destroy(path: Path) -> None:
    """Delete a file for ever, so that its content is not left on the disk's free space; a missing one is fine.

    The content is overwritten before the name goes, which helps where the disk writes in place. Raises ``Busy``.
    """
    try:
        with step("files.destroy"):
            if path.is_file() and not path.is_symlink():
                _overwrite(path)
            path.unlink(missing_ok=True)
    except PermissionError as problem:
        raise Busy(path.name) from problem


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def remove_tree(root: Path) -> None:
    """Delete a whole folder, for the demonstration to begin anew; a missing one is fine."""
    if root.is_dir():
        shutil.rmtree(root)


def exchange(path: Path, data: bytes) -> Path | None:
    """Put ``data`` in the place of ``path``; return the work file that now holds what stood there at that very moment.

    Owner and access rights are carried over. ``None`` when nothing stood there. The caller looks at the displaced
    content and then drops it; after a crash it is among the ``leftovers``. Where the system cannot exchange two names
    at once, the name is away for a moment, as it is when an office program saves. Raises ``Busy`` when somebody keeps
    the file from being replaced, or there is no right to.
    """
    try:
        return _exchange(path, _write_beside(path, data))
    except PermissionError as problem:
        raise Busy(path.name) from problem


def sweep(folders: Iterable[Path]) -> None:
    """Delete half-written work files that an interrupted write left behind anywhere below ``folders``.

    A folder that cannot be looked into keeps what it has.
    """
    for folder in folders:
        for inside, _, names in os.walk(folder):
            for name in names:
                if name.startswith(_WORK):
                    (Path(inside) / name).unlink(missing_ok=True)


def return_aside(path: Path) -> None:
    """Give ``path`` again what an exchange had moved aside when it was cut short; nothing is ever replaced."""
    for aside in path.parent.glob(f"{_ASIDE}*"):
        if not path.exists():
            with step("files.return_aside"):
                _appear(aside, path)


def leftovers(path: Path) -> list[Path]:
    """Return work files beside ``path`` that an interrupted write left behind (displaced content among them).

    Half-written ones, and those of other files there (the state page), are deleted: they displaced nothing.
    """
    left = sorted(path.parent.glob(f"{_WORK}*"))
    displaced = [one for one in left if one.suffix == path.suffix and not one.name.startswith(_HALF)]
    for one in set(left) - set(displaced):
        one.unlink(missing_ok=True)
    return displaced


@contextmanager
def only_instance(lock: Path) -> Iterator[None]:
    """Hold the workspace for one instance; raise ``AnotherInstance`` when another holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = filelock.FileLock(lock)
    try:
        held.acquire(timeout=0)
    except filelock.Timeout as problem:
        raise AnotherInstance(str(lock)) from problem
    try:
        yield
    finally:
        held.release()


def _exchange(path: Path, temporary: Path) -> Path | None:
    if not path.exists():
        with step("register.exchange"):
            _appear(temporary, path)
            _flush_folder(path.parent)
        temporary.unlink(missing_ok=True)
        return None
    _copy_rights(path, temporary)
    with step("register.exchange"):
        _swap(path, temporary)
        _flush_folder(path.parent)
    return temporary


def _write_beside(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{_HALF}{uuid.uuid4().hex}{path.suffix}")
    with _whole_or_gone(half), step("files.write"), half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return half.rename(path.with_name(half.name.replace(_HALF, _WORK)))


@contextmanager
def _whole_or_gone(temporary: Path) -> Iterator[None]:
    """Delete a work file that could not be written to its end: on a full disk it would be one more burden."""
    try:
        yield
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _appear(temporary: Path, path: Path) -> None:
    """Give ``temporary`` the name ``path`` without ever replacing anything."""
    try:
        os.link(temporary, path)
    except OSError as problem:
        if problem.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise
        if path.exists():
            raise FileExistsError(path) from problem
        temporary.rename(path)
    else:
        temporary.unlink()


def _copy_rights(source: Path, target: Path) -> None:
    facts = source.stat()
    target.chmod(stat.S_IMODE(facts.st_mode))
    if hasattr(os, "chown") and os.geteuid() == 0:
        os.chown(target, facts.st_uid, facts.st_gid)


def _swap(path: Path, temporary: Path) -> None:
    """Exchange two names at once where Linux can; elsewhere move the old one aside first."""
    if _renameat2(temporary, path, _RENAME_EXCHANGE):
        return
    aside = path.with_name(f"{_ASIDE}{uuid.uuid4().hex}{path.suffix}")
    path.rename(aside)
    try:
        temporary.rename(path)
    except OSError:
        _appear(aside, path)
        raise
    aside.rename(temporary)


def _rename_free(source: Path, target: Path) -> None:
    """Rename without ever replacing anything; raise ``FileExistsError``."""
    if _renameat2(source, target, _RENAME_NOREPLACE):
        return
    if os.path.lexists(target):
        raise FileExistsError(target)
    source.rename(target)


def _renameat2(source: Path, target: Path, flags: int) -> bool:
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    done = library.renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flags)
    return bool(done == 0)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as problem:
        if problem.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
