"""The marker segments of a JPEG (ITU-T T.81, annex B)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

APP1, APP2, SOS = 0xE1, 0xE2, 0xDA
EXIF_NAME = b"Exif\0\0"
ICC_NAME = b"ICC_PROFILE\0"
XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"
LARGEST_PAYLOAD = 65533  # a segment's length is a 16-bit number that counts its own two bytes


def read_segments(jpeg: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (marker, offset of its 0xFF, payload) of each segment before the picture's data.

    Ends without an error where the JPEG breaks off or is none.
    """
    at = 2
    if not jpeg.startswith(b"\xff\xd8"):
        return
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        (length,) = struct.unpack_from(">H", jpeg, at + 2)
        if marker == SOS or length < 2 or at + 2 + length > len(jpeg):
            return
        yield marker, at, jpeg[at + 4 : at + 2 + length]
        at += 2 + length


def find_payload(jpeg: bytes, marker: int, name: bytes) -> bytes:
    """Return what follows ``name`` in the first segment of that marker which begins with it; b"" without one."""
    payloads = (payload for found, _, payload in read_segments(jpeg) if found == marker)
    return next((payload[len(name) :] for payload in payloads if payload.startswith(name)), b"")


def make_segment(marker: int, payload: bytes) -> bytes:
    """Return a segment. Raises ValueError where the payload is too long for one."""
    if len(payload) > LARGEST_PAYLOAD:
        raise ValueError(f"a JPEG segment holds {LARGEST_PAYLOAD} bytes, not {len(payload)}")
    return struct.pack(">2BH", 0xFF, marker, len(payload) + 2) + payload
