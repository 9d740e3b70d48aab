"""Where raw files are."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from xtdm_core.choices import SUFFIX, Format
from xtdm_core.errors import FileProblem, reading_failed

RAW_SUFFIXES = (".raf", ".dng")
# Previews, trash and snapshots of cameras, systems, network drives and photo managers. They carry the names of the
# photographs they belong to.
_NO_PHOTOS = frozenset(
    (
        *("@eadir", "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "network trash folder"),
        *("$recycle.bin", "recycler", "system volume information", "lost+found", "lost.dir", "__macosx"),
    )
)
_log = logging.getLogger(__name__)


def is_raw(path: Path) -> bool:
    """Whether a file's name is that of a raw file, and not of a linear DNG that was made of one."""
    return path.suffix.lower() in RAW_SUFFIXES and not path.name.lower().endswith(SUFFIX[Format.DNG])


def is_of_interest(name: str) -> bool:
    """Whether a file or folder of this name may hold photographs: not hidden, no system's or network drive's own."""
    return not name.startswith(".") and name.lower() not in _NO_PHOTOS


def _warn(problem: FileProblem) -> None:
    _log.warning("%s", problem)


def raw_files(folder: Path, on_problem: Callable[[FileProblem], None] = _warn) -> list[Path]:
    """Those below a folder, to any depth, sorted.

    on_problem  is called for each folder that cannot be read
    Linked folders are followed, each folder once; junk (see ``is_of_interest``) is left out.
    """
    return sorted(path for path in files_below(folder, on_problem) if is_raw(path))


def files_below(folder: Path, on_problem: Callable[[FileProblem], None] = _warn) -> Iterator[Path]:
    """All files below a folder but junk, as ``raw_files`` finds them, in no order."""
    seen: set[tuple[int, int]] = set()
    # Linked folders come last, so that what lies in the tree itself is found there.
    folders, links = [folder], list[Path]()
    while folders or links:
        current = folders.pop() if folders else links.pop(0)
        try:
            facts = current.stat()
            if (facts.st_dev, facts.st_ino) in seen:
                continue
            seen.add((facts.st_dev, facts.st_ino))
            with os.scandir(current) as entries:
                found = sorted((entry for entry in entries if is_of_interest(entry.name)), key=lambda one: one.name)
        except OSError as error:
            on_problem(FileProblem(current, f"{reading_failed(error)}; what is in it is left out"))
            continue
        for entry in found:
            path = current / entry.name
            if _leads_to_folder(entry):
                (links if entry.is_symlink() else folders).append(path)
            elif not _is_special(entry):
                yield path


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link into a closed folder: reading it as a file tells why not
        return False


def _is_special(entry: os.DirEntry[str]) -> bool:
    """Whether it is a pipe or a device, which a reader would wait for; links to nowhere are for readers to tell of."""
    try:
        return not entry.is_file() and Path(entry.path).exists()
    except OSError:
        return False
