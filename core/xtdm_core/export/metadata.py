"""Exif, as a block that AVIF, TIFF and RAF share (Exif 2.32)."""

from __future__ import annotations

from fractions import Fraction

from xtdm_core import __version__
from xtdm_core.frame import CaptureInfo

SOFTWARE = f"XTDM {__version__}"


def exif_block(info: CaptureInfo, orientation: int = 1, software: str = SOFTWARE) -> bytes:
    """Exif as a TIFF structure, little-endian, from its byte-order mark on.

    orientation  1 for pictures that are upright already; facts the file did not state are left out.
    """
    from PIL import ExifTags, Image, TiffImagePlugin

    base, own = ExifTags.Base, {}

    def rational(value: float) -> TiffImagePlugin.IFDRational:
        exact = Fraction(value).limit_denominator(1_000_000)
        return TiffImagePlugin.IFDRational(exact.numerator, exact.denominator)

    exif = Image.Exif()
    exif.endian = "<"
    texts = {base.Make: info.make, base.Model: info.model, base.Software: software, base.DateTime: info.taken_at}
    for tag, text in texts.items():
        if text:
            exif[tag] = _ascii(text)
    exif[base.Orientation] = orientation
    if info.exposure_s:
        own[base.ExposureTime] = rational(info.exposure_s)
    if info.f_number:
        own[base.FNumber] = rational(info.f_number)
    if info.iso:
        own[base.ISOSpeedRatings] = info.iso
    if info.focal_mm:
        own[base.FocalLength] = rational(info.focal_mm)
    if info.taken_at:
        own[base.DateTimeOriginal] = _ascii(info.taken_at)
    if info.lens:
        own[base.LensModel] = _ascii(info.lens)
    exif.get_ifd(ExifTags.IFD.Exif).update(own)
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _ascii(text: str) -> str:
    """Exif's ASCII type holds 7 bits only."""
    return text.encode("ascii", "replace").decode("ascii")
