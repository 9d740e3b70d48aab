"""Exif to ``CaptureInfo``: of a JPEG, of a DNG, and of tags that were read already."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.frame import CaptureInfo


def exif_of_jpeg(jpeg: bytes, model: str) -> tuple[CaptureInfo, int | None]:
    """What the Exif of a JPEG says, and its orientation; nothing where it is broken.

    The JPEG may be cut off behind its Exif. ``model`` stands where the Exif names no camera.
    """
    from PIL import ExifTags, Image

    try:
        with Image.open(BytesIO(jpeg)) as image:
            exif = image.getexif()
            own = exif.get_ifd(ExifTags.IFD.Exif)
            tags = {ExifTags.TAGS.get(tag, ""): value for tag, value in [*exif.items(), *own.items()]}
    except Exception:  # a broken preview does not spoil the raw data; Pillow raises whatever it likes
        tags = {}
    return capture_info({"Make": "FUJIFILM", "Model": model, **tags}), orientation_in(tags)


def exif_of_dng(path: Path) -> tuple[CaptureInfo, int | None]:
    """What the first directory of a DNG and its Exif say, without reading pictures; nothing where they are broken."""
    import tifffile

    try:
        with tifffile.TiffFile(path) as tiff:
            tags = {tag.name: tag.value for tag in tiff.pages.first.tags}
    except Exception:  # LibRaw may still find a preview; tifffile raises whatever it likes
        tags = {}
    exif = tags.get("ExifTag")
    return capture_info({**tags, **(exif if isinstance(exif, dict) else {})}), orientation_in(tags)


def capture_info(tags: Mapping[str, Any]) -> CaptureInfo:
    """From tags by the names of the standard."""
    iso = tags.get("ISOSpeedRatings")
    iso = iso[0] if isinstance(iso, (tuple, list)) and iso else iso
    speed = number(iso)
    return CaptureInfo(
        make=_string(tags.get("Make")),
        model=_string(tags.get("Model")),
        lens=_string(tags.get("LensModel")),
        exposure_s=number(tags.get("ExposureTime")),
        f_number=number(tags.get("FNumber")),
        iso=int(speed) if speed else None,
        focal_mm=number(tags.get("FocalLength")),
        taken_at=_string(tags.get("DateTimeOriginal") or tags.get("DateTime")),
    )


def _string(value: object) -> str:
    return "" if value is None else str(value).strip("\0 ")


def number(value: object) -> float | None:
    """A finite number from what Exif readers hand over: numbers, rationals, (numerator, denominator)."""
    if isinstance(value, tuple) and len(value) == 2 and value[1]:
        value = value[0] / value[1]
    try:
        result = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return result if np.isfinite(result) else None


def orientation_in(tags: Mapping[str, Any]) -> int | None:
    """1 … 8, None where the tags hold none of these."""
    value = number(tags.get("Orientation"))
    return int(value) if value is not None and value in range(1, 9) else None
