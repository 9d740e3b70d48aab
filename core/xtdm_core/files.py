"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from xtdm_core.errors import SHORT_OF_MEMORY, TargetExists, WriteFailed
from xtdm_core.locks import try_lock

_PREFIX, _SUFFIX = ".xtdm-", ".xtdm-part"
# Not every share carries locks from one machine to another: what another one wrote must be this old to be an orphan.
_STALE_S = 3600.0
_OWN_DISKS = frozenset(
    ("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "vfat", "exfat", "ntfs3", "hfsplus", "tmpfs", "overlay")
)
_EXISTS = "already exists: choose another name or allow overwriting (--overwrite)"
_REASONS = {
    errno.ENOMEM: SHORT_OF_MEMORY,
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "your disk quota is used up: free some space or choose another folder",
    errno.EACCES: "you may not write there: choose another folder",
    errno.EPERM: "you may not write there: choose another folder",
    errno.EROFS: "the disk is read-only: choose another folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder: choose another folder",
    errno.EEXIST: "is a file, not a folder: choose another folder",
    errno.EISDIR: "is a folder: give a file name",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
}


def is_folder(path: Path) -> bool:
    """Whether there is a folder of this name; False where that is unknown, which reading or writing it will."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether there is a file of this name; not so where the system does not tell, as below a closed folder."""
    try:
        return path.is_file()
    except OSError:
        return False


def refuse_existing(target: Path, overwrite: bool) -> None:
    """Raises WriteFailed where ``target`` is in the way, before long work is done for nothing."""
    try:
        if target.is_dir():
            raise WriteFailed(target, "is a folder: give a file name")
        if target.exists() and not overwrite:
            raise TargetExists(target, _EXISTS)
    except OSError as error:
        raise writing_failed(target, error) from error


@contextmanager
def atomic_write(target: Path, overwrite: bool) -> Iterator[Path]:
    """A path to write to, which becomes ``target`` when the block ends well and vanishes when it does not.

    The temporary file lies in the same folder under a name that nobody can foresee, is flushed to the disk, and then
    takes the name in one step; without ``overwrite`` a file that appeared meanwhile is not replaced. Parent folders
    are made. Raises WriteFailed, of which TargetExists where the name is taken.
    """
    refuse_existing(target, overwrite)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise writing_failed(target.parent, error) from error
    try:
        with _temporary(target.parent) as (partial, file):
            yield partial
            os.fsync(file.fileno())
            if sys.platform == "win32":
                file.close()  # open files cannot be renamed there
            if overwrite:
                partial.replace(target)
            else:
                _take_free_name(partial, target)
            _flush_folder(target.parent)
    except FileExistsError as error:
        raise TargetExists(target, _EXISTS) from error
    except OSError as error:
        raise writing_failed(target, error) from error


@contextmanager
def scratch_path() -> Iterator[Path]:
    """A path in the system's folder for temporary files to write to, which vanishes when the block ends.

    What killed processes left there is removed first.
    """
    folder = Path(tempfile.gettempdir())
    sweep_orphans(folder)
    with _temporary(folder) as (path, _):
        yield path


def writing_failed(path: Path, error: OSError) -> WriteFailed:
    """Describe in a sentence why a file or folder cannot be written."""
    return WriteFailed(path, _REASONS.get(error.errno or 0, f"cannot be written ({error})"))


_living: set[Path] = set()  # temporary files of this process


def discard_temporaries() -> None:
    """Remove the temporary files that this process is writing: their threads will not get to the end."""
    for path in tuple(_living):
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A new empty file that nobody else writes to or sweeps, open as long as the block lasts, then removed."""
    while True:
        path = folder / f"{_PREFIX}{_this_boot()}-{secrets.token_hex(8)}{_SUFFIX}"
        _living.add(path)
        file = path.open("xb")
        # Between the two calls somebody may have taken it for an orphan.
        if try_lock(file.fileno()) is not False and os.fstat(file.fileno()).st_nlink > 0:
            break
        _living.discard(path)
        file.close()
    try:
        yield path, file
    finally:
        file.close()
        with suppress(OSError):
            path.unlink(missing_ok=True)
        _living.discard(path)


def _take_free_name(partial: Path, target: Path) -> None:
    """Gives the file its name unless that is taken; a hard link is the one call that does both."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # exFAT and some network shares know no links
        if target.exists():
            raise FileExistsError(errno.EEXIST, _EXISTS) from None
        partial.rename(target)


def _flush_folder(folder: Path) -> None:
    """Makes a new name survive a loss of power, where the system lets a folder be flushed."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep_orphans(folder: Path) -> int:
    """Removes temporary files that a killed process left in ``folder``; returns how many.

    One that somebody holds stays. On a share, which may not carry locks, so does one of another machine, or of before
    a restart, for an hour. What cannot be read or removed is left to its owner.
    """
    try:
        with os.scandir(folder) as entries:
            partials = [Path(entry.path) for entry in entries if _is_temporary(entry.name)]
    except OSError:
        return 0
    return sum(_remove_orphan(partial) for partial in partials)


def _is_temporary(name: str) -> bool:
    return name.startswith(".") and name.endswith(_SUFFIX)


def _remove_orphan(partial: Path) -> bool:
    own = partial.name.startswith(f"{_PREFIX}{_this_boot()}-")
    own = own or (partial.name.startswith(_PREFIX) and _is_on_own_disk(partial.parent))
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)), "rb+") as file:
            locked = try_lock(file.fileno())
            old = time.time() - os.fstat(file.fileno()).st_mtime > _STALE_S
            if locked is False or not (old or (own and locked)):
                return False
            if sys.platform == "win32":
                file.close()  # open files cannot be removed there
            partial.unlink()
    except OSError:
        return False
    return True


def _is_on_own_disk(folder: Path) -> bool:
    """Whether the folder's file system is of a kind that one machine alone uses, whose locks everybody sees."""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        folder = folder.resolve()
    except OSError:
        return False  # no Linux
    kinds = {}
    for mount in mounts:  # "36 35 98:0 /root /mount\040point options - type source options", see proc_pid_mountinfo(5)
        before, _, after = mount.partition(" - ")
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), before.split()[4])
        kinds[Path(point)] = after.split()[0]
    return next((kinds[place] for place in (folder, *folder.parents) if place in kinds), "") in _OWN_DISKS


@cache
def _this_boot() -> str:
    """What tells this machine, since it was started, from others; containers share their host's."""
    try:
        told = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        told = platform.node()
    return hashlib.sha256(told.encode()).hexdigest()[:8]
