"""TIFF: 16-bit sRGB with its profile, and 32-bit float camera RGB for measuring."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.export.linear import linear_description
from xtdm_core.export.metadata import SOFTWARE, camera_tags, exif_directory
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U16, CaptureInfo, RawFrame

_EXIF_POINTER = 34665
_PLACEHOLDER = 34664  # unassigned, and its neighbour in the sorted directory


def write_srgb_tiff(target: Path, srgb: U16, info: CaptureInfo, overwrite: bool) -> None:
    """Writes sRGB-encoded u16 [H, W, 3], full range, upright, with the sRGB profile. Raises WriteFailed."""
    from imagecodecs import cms_profile

    _write(target, srgb, info, overwrite, iccprofile=cms_profile("srgb"), compression="zlib", predictor=True)


def write_linear_tiff(target: Path, cam_rgb: F32, frame: RawFrame, overwrite: bool) -> None:
    """Write camera RGB f32 [H, W, 3] of a frame bit for bit, in the sensor's orientation, which its tag tells.

    The description says what it is, with gains and matrix. Raises WriteFailed.
    """
    description = linear_description(frame)
    _write(target, cam_rgb, frame.info, overwrite, orientation=frame.orientation, description=description)


def _write(
    target: Path, image: np.ndarray, info: CaptureInfo, overwrite: bool, orientation: int = 1, **how: Any
) -> None:
    import tifffile

    tags: list[tuple[int, str, int, object, bool]] = [
        (tag, "s", 0, text, True) for tag, text in camera_tags(info).items() if text
    ]
    # tifffile refuses to write Exif: a placeholder keeps its place and is turned into the pointer below.
    tags += [(274, "H", 1, orientation, True), (_PLACEHOLDER, "I", 1, 0, True)]
    with atomic_write(target, overwrite) as partial:
        tifffile.imwrite(
            partial, image, photometric="rgb", byteorder="<", metadata=None, software=SOFTWARE, extratags=tags, **how
        )
        with tifffile.TiffFile(partial) as tiff:
            entry_at = tiff.pages.first.tags[_PLACEHOLDER].offset
        with partial.open("rb+") as file:
            end = file.seek(0, 2)
            exif_at = end + end % 2  # directories begin on word boundaries
            file.seek(exif_at)
            file.write(exif_directory(info, exif_at))
            file.seek(entry_at)
            file.write(struct.pack("<2H2I", _EXIF_POINTER, 4, 1, exif_at))
