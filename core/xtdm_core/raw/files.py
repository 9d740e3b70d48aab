"""Where raw files are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

RAW_SUFFIXES = (".raf", ".dng")


def is_raw(path: Path) -> bool:
    """Whether a file's name is that of a raw file."""
    return path.suffix.lower() in RAW_SUFFIXES


def raw_files(folder: Path) -> Iterator[Path]:
    """Those below a folder, to any depth, sorted."""
    return (p for p in sorted(folder.rglob("*")) if is_raw(p) and p.is_file())
