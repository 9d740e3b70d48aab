"""Exif to ``CaptureInfo``: of a JPEG, of a DNG, and of tags that were read already."""

from __future__ import annotations

import logging
import re
import struct
import warnings
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.errors import printable
from xtdm_core.frame import CaptureInfo
from xtdm_core.raw.raf_container import read_ifd

# What is wrong with a file is told in this program's own words.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

# Tags of Fujifilm's MakerNote and their values (ExifTool, FujiFilm.pm).
_SATURATION, _DIGITAL_ZOOM, _FILM_MODE = 0x1003, 0x1044, 0x1401
_DEVELOPMENT_DYNAMIC_RANGE, _AUTO_DYNAMIC_RANGE, _RATING = 0x1403, 0x140B, 0x1431
_FILM_MODES = {
    0x000: "Provia",
    0x120: "Astia",
    0x200: "Velvia",
    0x400: "Velvia",
    0x500: "Pro Neg. Std",
    0x501: "Pro Neg. Hi",
    0x600: "Classic Chrome",
    0x700: "Eterna",
    0x800: "Classic Negative",
    0x900: "Bleach Bypass",
    0xA00: "Nostalgic Negative",
    0xB00: "Reala Ace",
}
_MONOCHROME = {
    0x300: "Monochrome",
    0x301: "Monochrome + R",
    0x302: "Monochrome + Ye",
    0x303: "Monochrome + G",
    0x310: "Sepia",
    0x500: "Acros",
    0x501: "Acros + R",
    0x502: "Acros + Ye",
    0x503: "Acros + G",
}
_JPEG_FORMATS = ("JPEG",)  # whatever else a file holds may start other programs
# "2026:01:31 12:30:00", and what other programs write: other signs, a T between day and time, a day alone.
_DATE = re.compile(r"(\d{4})[:/.-](\d\d)[:/.-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?(?!\d)")


def exif_of_jpeg(jpeg: bytes, model: str) -> tuple[CaptureInfo, int | None]:
    """What the Exif of a JPEG says, and its orientation; nothing where it is broken.

    The JPEG may be cut off behind its Exif. ``model`` stands where the Exif names no camera.
    """
    from PIL import ExifTags, Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(jpeg), formats=_JPEG_FORMATS) as image:
            exif = image.getexif()
            own = exif.get_ifd(ExifTags.IFD.Exif)
            tags = {ExifTags.TAGS.get(tag, ""): value for tag, value in [*exif.items(), *own.items()]}
    except Exception:  # a broken preview does not spoil the raw data; Pillow raises whatever it likes
        tags = {}
    return capture_info({"Make": "FUJIFILM", "Model": model, **tags}), orientation_in(tags)


def is_adobe_rgb(jpeg: bytes) -> bool:
    """Check whether the Exif of a JPEG says Adobe RGB: a colour space that is not sRGB, and the interoperability R03.

    Source: DCF 2.0, the optional colour space. False where there is no Exif, or a broken one.
    """
    from PIL import ExifTags, Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(jpeg), formats=_JPEG_FORMATS) as image:
            exif = image.getexif()
            space = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.ColorSpace)
            return space != 1 and str(exif.get_ifd(ExifTags.IFD.Interop).get(1)).startswith("R03")
    except Exception:  # Pillow raises whatever it likes
        return False


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
    speed = tags.get("ISOSpeedRatings")
    speed = _positive(speed[0] if isinstance(speed, (tuple, list)) and speed else speed)
    note = maker_note(tags.get("MakerNote"))
    return CaptureInfo(
        make=_string(tags.get("Make")),
        model=_string(tags.get("Model")),
        lens=_string(tags.get("LensModel")),
        exposure_s=_positive(tags.get("ExposureTime")),
        f_number=_positive(tags.get("FNumber")),
        iso=int(speed) if speed and speed >= 1 else None,
        focal_mm=_positive(tags.get("FocalLength")),
        taken_at=_taken_at(tags),
        dynamic_range=_dynamic_range(note),
        film_mode=_film_mode(note),
        digital_zoom=_digital_zoom(note),
        stars=note[_RATING] if note.get(_RATING) in range(1, 6) else None,
    )


def maker_note(note: object) -> Mapping[int, int]:
    """The first number of each integer entry in Fujifilm's MakerNote; {} where it is another maker's, or broken.

    Its directory is little-endian and its offsets count from the note's beginning (ExifTool, MakerNotes.pm).
    """
    if not isinstance(note, bytes) or not note.startswith(b"FUJIFILM"):
        return {}
    try:
        entries = read_ifd(memoryview(note), struct.unpack_from("<I", note, 8)[0], "<")
    except struct.error:
        return {}
    return {tag: values[0] for tag, values in entries.items() if values}


def _dynamic_range(note: Mapping[int, int]) -> int | None:
    """100, 200 or 400 percent: DevelopmentDynamicRange, which is AutoDynamicRange where the camera chose."""
    stated = note.get(_DEVELOPMENT_DYNAMIC_RANGE, note.get(_AUTO_DYNAMIC_RANGE))
    return stated if stated in (100, 200, 400) else None


def _film_mode(note: Mapping[int, int]) -> str:
    """The film simulation; those without colour are in the tag Saturation."""
    return _MONOCHROME.get(note.get(_SATURATION, -1), "") or _FILM_MODES.get(note.get(_FILM_MODE, -1), "")


def _digital_zoom(note: Mapping[int, int]) -> float | None:
    eighths = note.get(_DIGITAL_ZOOM, 0)
    return eighths / 8 if 8 < eighths <= 64 else None


def _taken_at(tags: Mapping[str, Any]) -> str:
    """The first date that names a real day, in Exif's form; cameras without a set clock write blanks and zeros."""
    for name in ("DateTimeOriginal", "DateTimeDigitized", "DateTime"):
        match = _DATE.match(_string(tags.get(name)))
        numbers = [int(digits or 0) for digits in match.groups()] if match else []
        for told in (numbers, numbers[:3]):  # a day counts without its time, where there is no such time
            with suppress(ValueError, TypeError):  # TypeError: there are no numbers
                return datetime(*told).strftime("%Y:%m:%d %H:%M:%S").rjust(19, "0")  # type: ignore[arg-type]
    return ""


def _string(value: object) -> str:
    """Text up to the first zero byte, without what would steer a terminal."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return printable(text.split("\0")[0]).strip() if isinstance(text, str) else ""


def _positive(value: object) -> float | None:
    result = number(value)
    return result if result is not None and result > 0 else None


def number(value: object) -> float | None:
    """A finite number from what Exif readers hand over: numbers, rationals, (numerator, denominator)."""
    try:
        if isinstance(value, tuple) and len(value) == 2 and value[1]:
            value = value[0] / value[1]
        result = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return result if np.isfinite(result) else None


def orientation_in(tags: Mapping[str, Any]) -> int | None:
    """1 … 8, None where the tags hold none of these."""
    value = number(tags.get("Orientation"))
    return int(value) if value is not None and value in range(1, 9) else None
