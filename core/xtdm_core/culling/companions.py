"""The files that go where a raw file goes: its settings and the sidecars of other programs."""

from __future__ import annotations

import os
from pathlib import Path

from xtdm_core.develop.sidecar import SUFFIX
from xtdm_core.errors import WriteFailed
from xtdm_core.files import is_file
from xtdm_core.raw.metadata import find_xmp_sidecars

_TWINS = (".jpg", ".jpeg", ".hif", ".heif", ".heic", ".raf", ".dng")  # what cameras and converters put beside it


def companions(raw: Path) -> list[Path]:
    """List the sidecars beside a raw file that belong to it alone.

    ``NAME.xmp`` stays where another file of that name does, such as the JPEG of a pair, which it describes as well.
    """
    own = [raw.with_name(raw.name + SUFFIX)]
    shared = _has_a_twin(raw)
    xmp = [path for path in find_xmp_sidecars(raw) if not (shared and path.stem == raw.stem)]
    return [path for path in own if is_file(path)] + xmp


def _has_a_twin(raw: Path) -> bool:
    try:
        with os.scandir(raw.parent) as entries:
            names = [Path(entry.name) for entry in entries if entry.name != raw.name]
    except OSError:
        return True  # nothing is known: nothing is taken away
    return any(name.stem == raw.stem and name.suffix.lower() in _TWINS for name in names)


def move_with_companions(raw: Path, folder: Path) -> None:
    """Move a raw file with its sidecars into a folder of the same disk, the raw file last; nothing is replaced.

    Raises WriteFailed; what was moved before is where it was asked to be.
    """
    try:
        folder.mkdir(exist_ok=True)
        files = [*companions(raw), raw]
        for file in files:
            if (folder / file.name).exists():
                raise WriteFailed(folder / file.name, "already exists: move it away or rename it")
        for file in files:
            file.rename(folder / file.name)
    except OSError as error:
        raise WriteFailed(raw, f"cannot be moved to {folder} ({error.strerror or error})") from error
