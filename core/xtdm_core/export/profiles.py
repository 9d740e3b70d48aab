"""ICC profiles of the colour spaces that pictures are written in."""

from __future__ import annotations

import struct
from io import BytesIO

# Chromaticities x, y and Y of R, G, B and of D65 (SMPTE EG 432-1 with the white and the curve of IEC 61966-2-1).
_P3_PRIMARIES = [0.680, 0.320, 1.0, 0.265, 0.690, 1.0, 0.150, 0.060, 1.0]
_D65 = [0.3127, 0.3290, 1.0]
_P3_NAME = "Display P3"


def srgb_profile() -> bytes:
    """Return the profile of sRGB, 0.6 KB."""
    from imagecodecs import cms_profile

    return bytes(cms_profile("srgb"))


def display_p3_profile() -> bytes:
    """Return the profile of Display P3, 0.6 KB: that of sRGB with other colorants and another name.

    Little CMS makes profiles of any primaries, but none with the curve of sRGB as a formula.
    """
    from imagecodecs import cms_profile

    profile = bytearray(srgb_profile())
    other = bytes(cms_profile("rgb", whitepoint=_D65, primaries=_P3_PRIMARIES, gamma=2.4))
    places, other_places = _tags(bytes(profile)), _tags(other)
    for tag in (b"rXYZ", b"gXYZ", b"bXYZ", b"chrm"):
        (at, length), (other_at, _) = places[tag], other_places[tag]
        profile[at : at + length] = other[other_at : other_at + length]
    at, length = places[b"desc"]
    name = _P3_NAME.encode("utf-16-be")
    # ICC.1:2022, 10.15: one record of language, country, length and offset of the text.
    profile[at + 20 : at + 24] = struct.pack(">I", len(name))
    profile[at + 28 : at + length] = name.ljust(length - 28, b"\0")
    return bytes(profile)


def profile_name(profile: bytes) -> str:
    """Return what a profile calls itself. Raises OSError where it is damaged."""
    from PIL.ImageCms import ImageCmsProfile, getProfileDescription

    return str(getProfileDescription(ImageCmsProfile(BytesIO(profile)))).strip()


def _tags(profile: bytes) -> dict[bytes, tuple[int, int]]:
    """Tag -> (offset, length) of its data (ICC.1:2022, 7.3)."""
    (count,) = struct.unpack_from(">I", profile, 128)
    entries = (struct.unpack_from(">4s2I", profile, 132 + 12 * i) for i in range(count))
    return {tag: (at, length) for tag, at, length in entries}
