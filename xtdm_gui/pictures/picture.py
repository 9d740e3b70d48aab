"""A decoded raw file, as the window's parts hand it around."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xtdm_core.frame import AlignedMosaic, RawFrame


@dataclass(frozen=True, slots=True)
class Picture:
    """A raw file that was read: ``mosaic`` is aligned, in sensor units, clipped photosites as the file has them."""

    path: Path
    frame: RawFrame
    mosaic: AlignedMosaic
