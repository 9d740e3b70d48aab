"""Where a dataset's files come from: a folder here, or one on another machine, read through the same two calls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from xtdm_core.errors import NO_ACCESS, BadOption
from xtdm_core.progress import Report

# Previews and trash of network drives, which carry the names of the photographs they belong to.
_NO_PHOTOS = ("@eadir", "#recycle", "$recycle.bin")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file by its name relative to the source, with "/" between folders, and a stamp that changes when it does."""

    name: str
    stamp: str


class Source(Protocol):
    """A folder of photographs."""

    def files(self, suffixes: tuple[str, ...]) -> list[SourceFile]:
        """The files with these (lower-case) suffixes at any depth, by name. Raises BadOption where there are none."""

    def local(self, file: SourceFile, report: Report) -> AbstractContextManager[Path]:
        """The path of a file on this machine, for as long as the context lasts."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or one mounted here."""

    root: Path

    def __str__(self) -> str:
        return str(self.root.resolve())

    def files(self, suffixes: tuple[str, ...]) -> list[SourceFile]:
        """See ``Source``. Raises BadOption."""
        if not self.root.is_dir():
            raise BadOption(f"{self.root} is not a folder: give a folder of photographs")
        if not os.access(self.root, os.R_OK | os.X_OK):
            raise BadOption(f"{self.root}: {NO_ACCESS}")
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if is_of_interest(name)]
            found += [Path(folder) / name for name in names if name.lower().endswith(suffixes) and is_of_interest(name)]
        if not found:
            raise BadOption(f"{self.root} holds no such files ({', '.join(suffixes)})")
        names = sorted(path.relative_to(self.root).as_posix() for path in found)
        return [SourceFile(name, self._stamp(name)) for name in names]

    @contextmanager
    def local(self, file: SourceFile, report: Report) -> Iterator[Path]:  # noqa: ARG002 - nothing to wait for here
        """See ``Source``."""
        yield self.root / file.name

    def _stamp(self, name: str) -> str:
        try:
            facts = (self.root / name).stat()
        except OSError:  # a dangling link; reading it will tell
            return ""
        return f"{facts.st_size} {facts.st_mtime_ns}"


def is_of_interest(name: str) -> bool:
    """Whether a file or folder of this name may hold photographs: not hidden, not a network drive's own."""
    return not name.startswith(".") and name.lower() not in _NO_PHOTOS


def assign_stems(names: Iterable[str], made: Mapping[str, str], flat: bool) -> dict[str, str]:
    """For each source its target without suffix, no two alike even where case does not count.

    made  the targets that earlier runs gave, which stay
    flat  "2024/a.raf" becomes "2024_a" rather than "2024/a"
    """
    used = {stem.casefold() for stem in made.values()}
    stems = dict(made)
    for name in names:
        if name in made:
            continue
        plain = PurePosixPath(name).with_suffix("")
        base = "_".join(plain.parts) if flat else str(plain)
        stem, number = base, 1
        while stem.casefold() in used:
            number += 1
            stem = f"{base}_{number}"
        used.add(stem.casefold())
        stems[name] = stem
    return stems
