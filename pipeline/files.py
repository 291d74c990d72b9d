"""The only module that writes, moves or deletes files. Every write is whole or not there; nothing is replaced blindly.

Each function is one durable step: it flushes what it wrote before its name appears. ``exchange`` hands back what it
displaced, so that a save that slipped in can be read instead of lost.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import stat
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from pipeline.steps import step

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_WORK = ".nastavnik-"
_ASIDE = f"{_WORK}aside-"
_HALF = f"{_WORK}half-"
"""How work files are called, and those that are not yet written to their end: these are nobody's content."""


class Busy(Exception):
    """Somebody holds a file so that it cannot be read or moved just now; trying again later helps."""


class AnotherInstance(Exception):
    """Another instance of the program works on this workspace."""


class NotRegular(Exception):
    """The thing is no ordinary file (a link, a pipe, a device) and is never opened."""


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


def publish(path: Path, data: bytes) -> bool:
    """Make a new file; return ``False`` and change nothing when the name is taken by something else.

    A file of the same content counts as made: the step was done before a crash.
    """
    temporary = _write_beside(path, data)
    try:
        with step("files.publish"):
            _appear(temporary, path)
            _flush_folder(path.parent)
    except FileExistsError:
        return digest_of(path) == digest(data)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def free_name(folder: Path, name: str) -> Path:
    """Return the path of ``name`` in ``folder`` or, when that is taken, of «name (2)» and so on."""
    return next(path for path in _free_names(folder, name) if not path.exists())


def _free_names(folder: Path, name: str) -> Iterator[Path]:
    plain = Path(name)
    yield folder / name
    number = 2
    while True:
        yield folder / f"{plain.stem} ({number}){plain.suffix}"
        number += 1


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

    The folder it lands in has a random name, the file keeps its own. Raises ``Busy`` when somebody holds the file.
    """
    folder = claims / uuid.uuid4().hex
    folder.mkdir(parents=True)
    target = folder / path.name
    try:
        with step("intake.claim"):
            path.rename(target)
    except OSError as problem:
        folder.rmdir()
        raise Busy(str(problem)) from problem
    return target


def store(claimed: Path, spool: Path) -> tuple[str, Path]:
    """Copy a claimed file into the spool under its SHA-256, flushed to disk; return the hash and the copy's path.

    Raises ``NotRegular`` for anything but an ordinary file with one name.
    """
    temporary = spool / f"{_WORK}{uuid.uuid4().hex}"
    sha = hashlib.sha256()
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        source = os.open(claimed, flags)
    except OSError as problem:
        if problem.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
            raise NotRegular(claimed.name) from problem
        raise
    with open(source, "rb") as reader, temporary.open("wb") as writer:  # noqa: PTH123 (a descriptor, not a path)
        facts = os.fstat(reader.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            temporary.unlink()
            raise NotRegular(claimed.name)
        while block := reader.read(1 << 20):
            sha.update(block)
            writer.write(block)
        writer.flush()
        os.fsync(writer.fileno())
    target = spool / sha.hexdigest()
    with step("intake.store"):
        temporary.replace(target)
        _flush_folder(spool)
    return sha.hexdigest(), target


def clear(claimed: Path) -> None:
    """Delete a claimed file that the spool holds, with its folder."""
    with step("intake.clear"):
        claimed.unlink(missing_ok=True)
        _remove_empty(claimed.parent)


def put_back(claimed: Path, inbox: Path) -> None:
    """Give a claimed file back to the inbox under its own name or, when that is taken, a numbered one."""
    claimed.rename(free_name(inbox, claimed.name))
    _remove_empty(claimed.parent)


def keep(source: Path, target: Path) -> None:
    """Copy a spooled file to its place in the archive, flushed; the same content there already is fine."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        return
    temporary = target.with_name(f"{_WORK}{uuid.uuid4().hex}")
    with source.open("rb") as reader, temporary.open("wb") as writer:
        shutil.copyfileobj(reader, writer)
        writer.flush()
        os.fsync(writer.fileno())
    with step("archive.keep"):
        temporary.replace(target)
        _flush_folder(target.parent)


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
    """Delete half-written work files that an interrupted write left behind anywhere below ``folders``."""
    for folder in folders:
        for left in folder.rglob(f"{_WORK}*"):
            left.unlink(missing_ok=True)


def return_aside(path: Path) -> None:
    """Give ``path`` again what an exchange had moved aside when it was cut short; nothing is ever replaced."""
    for aside in path.parent.glob(f"{_ASIDE}*"):
        if not path.exists():
            with step("files.return_aside"):
                _appear(aside, path)


def leftovers(path: Path) -> list[Path]:
    """Return work files beside ``path`` that an interrupted write left behind (displaced content among them).

    Half-written ones are deleted: what the register displaces is never half-written.
    """
    for half in list(path.parent.glob(f"{_HALF}*")):
        half.unlink(missing_ok=True)
    return sorted(path.parent.glob(f"{_WORK}*"))


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
    with step("files.write"), half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return half.rename(path.with_name(half.name.replace(_HALF, _WORK)))


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
    if sys.platform == "linux" and _renameat2(path, temporary):
        return
    aside = path.with_name(f"{_ASIDE}{uuid.uuid4().hex}{path.suffix}")
    path.rename(aside)
    try:
        temporary.rename(path)
    except OSError:
        _appear(aside, path)
        raise
    aside.rename(temporary)


def _renameat2(path: Path, temporary: Path) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    done = library.renameat2(_AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(path), _RENAME_EXCHANGE)
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
