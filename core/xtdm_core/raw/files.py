"""Where raw files are."""

from __future__ import annotations

import logging
import os
import struct
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
_SOFTWARE, _PROGRAM = 305, b"XTDM "
_log = logging.getLogger(__name__)


def is_raw(path: Path) -> bool:
    """Whether a file's name is that of a raw file, and not of a linear DNG that was made of one."""
    return path.suffix.lower() in RAW_SUFFIXES and not path.name.lower().endswith(SUFFIX[Format.DNG])


def is_own_dng(path: Path) -> bool:
    """Check whether this program wrote a DNG, whatever its name: its tag Software says so. Other files are not opened.

    Such a picture is demosaiced already. False where the file cannot be read, which its reader will tell.
    """
    if path.suffix.lower() != ".dng":
        return False
    try:
        with path.open("rb") as file:
            order, magic, at = struct.unpack("<2sHI", file.read(8))
            if (order, magic) != (b"II", 42):
                return False
            file.seek(at)
            directory = file.read(2 + 12 * struct.unpack("<H", file.read(2))[0])
            for tag, _, count, value in struct.iter_unpack("<2H2I", directory[: len(directory) // 12 * 12]):
                if tag == _SOFTWARE and count > len(_PROGRAM):
                    file.seek(value)
                    return file.read(len(_PROGRAM)) == _PROGRAM
    except (OSError, struct.error):
        pass
    return False


def is_of_interest(name: str) -> bool:
    """Whether a file or folder of this name may hold photographs: not hidden, no system's or network drive's own."""
    return not name.startswith(".") and name.lower() not in _NO_PHOTOS


def _warn(problem: FileProblem) -> None:
    _log.warning("%s", problem)


def raw_files(folder: Path, on_problem: Callable[[FileProblem], None] = _warn) -> list[Path]:
    """Those below a folder, to any depth, sorted.

    on_problem  is called for each folder that cannot be read
    Linked folders are followed, each folder once; junk (see ``is_of_interest``) and the linear DNGs of this program are
    left out.
    """
    return sorted(path for path in files_below(folder, on_problem) if is_raw(path) and not is_own_dng(path))


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
