"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xtdm_core.errors import WriteFailed

_SUFFIX = ".xtdm-part"
_EXISTS = "there is such a file already: choose another name or allow overwriting (--overwrite)"
_REASONS = {
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


def refuse_existing(target: Path, overwrite: bool) -> None:
    """Raises WriteFailed where ``target`` is in the way, before long work is done for nothing."""
    if target.is_dir():
        raise WriteFailed(target, "is a folder: give a file name")
    if target.exists() and not overwrite:
        raise WriteFailed(target, _EXISTS)


@contextmanager
def atomic_path(target: Path, overwrite: bool) -> Iterator[Path]:
    """A path to write to, which becomes ``target`` when the block ends well and vanishes when it does not.

    The temporary file lies in the same folder, is flushed to the disk, and then takes the name in one step; without
    ``overwrite`` a file that appeared meanwhile is not replaced. Parent folders are made. Raises WriteFailed.
    """
    refuse_existing(target, overwrite)
    partial = target.with_name(f".{target.name}.{os.getpid()}{_SUFFIX}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise writing_failed(target.parent, error) from error
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        if overwrite:
            partial.replace(target)
        else:
            _take_free_name(partial, target)
    except FileExistsError as error:
        raise WriteFailed(target, _EXISTS) from error
    except OSError as error:
        raise writing_failed(target, error) from error
    finally:
        partial.unlink(missing_ok=True)


def writing_failed(path: Path, error: OSError) -> WriteFailed:
    """Says in a sentence why a file or folder cannot be written."""
    return WriteFailed(path, _REASONS.get(error.errno or 0, f"cannot be written ({error})"))


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


def sweep_orphans(folder: Path) -> int:
    """Removes temporary files that a killed process left in ``folder``; returns how many."""
    removed = 0
    for partial in folder.glob(f".*{_SUFFIX}"):
        pid = partial.name.removesuffix(_SUFFIX).rpartition(".")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            partial.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it lives and belongs to somebody else
        return True
    return True
