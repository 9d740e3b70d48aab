"""Exif, as AVIF, TIFF and RAF carry it (Exif 2.32)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from xtdm_core import __version__
from xtdm_core.frame import CaptureInfo

SOFTWARE = f"XTDM {__version__}"


def exif_block(info: CaptureInfo, orientation: int = 1, software: str = SOFTWARE) -> bytes:
    """Exif as a TIFF structure, little-endian, from its byte-order mark on.

    orientation  1 for pictures that are upright already; facts the file did not state are left out
    """
    from PIL import ExifTags, Image

    exif = Image.Exif()
    exif.endian = "<"
    exif.update({tag: text for tag, text in camera_tags(info).items() if text})
    if software:
        exif[ExifTags.Base.Software] = software
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif).update(_shot_tags(info))
    return exif.tobytes().removeprefix(b"Exif\0\0")


def exif_directory(info: CaptureInfo, offset: int) -> bytes:
    """The Exif directory alone, little-endian, made to lie at ``offset`` of a TIFF file."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    directory = ImageFileDirectory_v2(ifh=b"II\x2a\x00\x00\x00\x00\x00")
    for tag, value in _shot_tags(info).items():
        directory[tag] = value
    return bytes(directory.tobytes(offset))


def camera_tags(info: CaptureInfo) -> dict[int, str]:
    """Make (271), Model (272) and DateTime (306), which belong into a file's first directory."""
    return {271: _ascii(info.make), 272: _ascii(info.model), 306: _ascii(info.taken_at)}


def _shot_tags(info: CaptureInfo) -> dict[int, Any]:
    from PIL.ExifTags import Base

    tags: dict[int, Any] = {Base.ExifVersion: b"0232"}
    numbers = {
        Base.ExposureTime: info.exposure_s,
        Base.FNumber: info.f_number,
        Base.FocalLength: info.focal_mm,
    }
    tags.update({tag: _rational(value) for tag, value in numbers.items() if value})
    if info.iso:
        tags[Base.ISOSpeedRatings] = info.iso
    texts = {Base.DateTimeOriginal: info.taken_at, Base.LensModel: info.lens}
    tags.update({tag: _ascii(text) for tag, text in texts.items() if text})
    return tags


def _rational(value: float) -> Any:
    from PIL.TiffImagePlugin import IFDRational

    exact = Fraction(value).limit_denominator(1_000_000)
    return IFDRational(exact.numerator, exact.denominator)


def _ascii(text: str) -> str:
    """Exif's ASCII type holds 7 bits only."""
    return text.encode("ascii", "replace").decode("ascii")
