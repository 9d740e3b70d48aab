"""JPEG: an SDR picture that every program shows, and, as Ultra HDR, a gain map that makes it HDR where displays can.

Container: the picture with Exif, XMP, ISO 21496-1, ICC and, last before its data, the index of both pictures (CIPA
DC-007, Multi-Picture Format); straight behind it the map, a JPEG of its own.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from xtdm_core.export import xmp
from xtdm_core.export.contents import Block, Contents, check_contents
from xtdm_core.export.exif import SHORT, Exif, number, parse_exif, without
from xtdm_core.export.gain_map import (
    ISO_NAME,
    ISO_VERSION,
    container_attributes,
    iso_payload,
    make_gain_map,
    map_attributes,
)
from xtdm_core.export.metadata import Metadata
from xtdm_core.export.profiles import display_p3_profile, profile_name, srgb_profile
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U8
from xtdm_core.jpeg_segments import (
    APP1,
    APP2,
    EXIF_NAME,
    ICC_NAME,
    LARGEST_PAYLOAD,
    XMP_NAME,
    find_payload,
    make_segment,
    read_segments,
)

_MPF_NAME = b"MPF\0"
_MPF_LENGTH = 90  # of the whole segment, whatever it says
_MAP_QUALITY = 90
_MAKER_NOTE, _YCBCR_POSITIONING = 37500, 531


def write_jpeg(
    target: Path,
    picture: U8,
    hdr: F32 | None,
    metadata: Metadata,
    *,
    chroma: str,
    quality: int,
    overwrite: bool,
) -> tuple[str, ...]:
    """Write an upright SDR picture u8 [H, W, 3], and its HDR rendition as a gain map.

    picture  sRGB; with ``hdr`` Display P3, encoded with the curve of sRGB
    hdr      linear Display P3 f32 [H, W, 3], diffuse white at 1, its peak above that; None for a plain JPEG
    chroma   "444" or "420"
    quality  1 to 100, libjpeg's scale; from 98 on both renditions are off by less than 1 (CIEDE2000) on average
    Returns notes on metadata that a JPEG has no room for. The file is read back and compared before it takes its name.
    Raises WriteFailed.
    """
    height, width = picture.shape[:2]
    profile = srgb_profile() if hdr is None else display_p3_profile()
    base = _encode(picture, quality, chroma)
    map_jpeg = b"" if hdr is None else _encode_map(picture, hdr)
    exif, properties, notes = _fitting(
        metadata.exif_of(height, width, is_srgb=hdr is None),
        metadata.xmp_of("image/jpeg", _digest(base, map_jpeg)),
        len(map_jpeg),
    )
    if exif:
        exif.main[_YCBCR_POSITIONING] = number(SHORT, 1)  # where libjpeg puts colours between pixels: centred
    packet = _packet(properties, len(map_jpeg))
    data = _assemble(base, map_jpeg, exif, packet, profile)
    extras = () if hdr is None else ("gain map",)
    meant = Contents("JPEG", height, width, 8, profile_name(profile), exif, packet, extras)
    with atomic_write(target, overwrite) as partial:
        partial.write_bytes(data)
        check_contents(target, lambda: read_jpeg(partial.read_bytes()), meant, picture, lossy=True)
    return notes


def read_jpeg(data: bytes) -> Contents:
    """Read back what a JPEG holds. Raises ValueError, or what Pillow raises, where it is damaged."""
    from PIL import Image

    second = _second_picture(data)
    extras: tuple[str, ...] = ()
    if second:
        _check_map(data, second)
        extras = ("gain map",)
    first = data[: len(data) - len(second)]
    if not first.endswith(b"\xff\xd9"):
        raise ValueError("it is incomplete")
    with Image.open(BytesIO(first)) as image:
        width, height = image.size
        profile = image.info.get("icc_profile", b"")

    def blocks(_: int) -> Iterator[Block]:
        if second:
            _decode(second)
        yield slice(0, height), slice(0, width), _decode(first)

    colour = profile_name(profile) if profile else "no profile"
    exif = parse_exif(find_payload(first, APP1, EXIF_NAME))
    return Contents(
        "JPEG",
        height,
        width,
        8,
        colour,
        exif,
        find_payload(first, APP1, XMP_NAME),
        extras,
        blocks=blocks,
        digest=lambda: _digest(first, second),
    )


def _encode(picture: U8, quality: int, chroma: str) -> bytes:
    from imagecodecs import jpeg8_encode

    # Pillow fails where a noisy picture takes more than two bytes a pixel.
    return bytes(jpeg8_encode(picture, level=quality, subsampling=chroma, optimize=True))


def _decode(jpeg: bytes) -> U8:
    from PIL import Image

    with Image.open(BytesIO(jpeg)) as image:
        return np.asarray(image)


def _encode_map(picture: U8, hdr: F32) -> bytes:
    """The gain map's JPEG; without a profile, which keeps Apple's programs from showing the map."""
    gain_map = make_gain_map(picture, hdr)
    single, several = map_attributes(gain_map)
    segments = make_segment(APP1, XMP_NAME + xmp.to_packet(several, single))
    segments += make_segment(APP2, ISO_NAME + iso_payload(gain_map))
    tables, rest = _split(_encode(gain_map.codes, _MAP_QUALITY, "444"))
    return b"\xff\xd8" + segments + tables + rest


def _digest(first: bytes, second: bytes) -> str:
    return hashlib.sha256(b"".join(_split(first)) + second).hexdigest()


def _packet(properties: xmp.Properties, map_length: int) -> bytes:
    if not map_length:
        return xmp.to_packet(properties) if properties else b""
    single, several = container_attributes(map_length)
    return xmp.to_packet({**properties, **several}, single)


def _fitting(exif: Exif, properties: xmp.Properties, map_length: int) -> tuple[Exif, xmp.Properties, tuple[str, ...]]:
    """Exif and XMP that each fit into the one segment they have, and notes on what had no room."""
    notes = []
    if len(EXIF_NAME + exif.to_bytes()) > LARGEST_PAYLOAD:
        exif = Exif(exif.main, without(exif.shot, (_MAKER_NOTE,)), exif.gps, exif.interop)
        notes.append("the maker note was left out: a JPEG has no room for it")
    while properties and len(XMP_NAME + _packet(properties, map_length)) > LARGEST_PAYLOAD:
        largest = max(properties.values(), key=_weight)
        properties = {name: element for name, element in properties.items() if element is not largest}
        notes.append(f"{largest.tag.partition('}')[2]} of the XMP was left out: a JPEG has no room for it")
    return exif, properties, tuple(notes)


def _weight(element: Element) -> int:
    return sum(len(part) for part in element.itertext()) + sum(len(one.tag) for one in element.iter())


def _split(jpeg: bytes) -> tuple[bytes, bytes]:
    """(the tables between the application segments and the data, the data with its end)."""
    end, tables = 2, b""
    for marker, at, payload in read_segments(jpeg):
        end = at + 4 + len(payload)
        if not 0xE0 <= marker <= 0xEF:
            tables += jpeg[at:end]
    return tables, jpeg[end:]


def _assemble(base: bytes, map_jpeg: bytes, exif: Exif, packet: bytes, profile: bytes) -> bytes:
    head = b"\xff\xd8"
    head += make_segment(APP1, EXIF_NAME + exif.to_bytes()) if exif else b""
    head += make_segment(APP1, XMP_NAME + packet) if packet else b""
    head += make_segment(APP2, ISO_NAME + ISO_VERSION) if map_jpeg else b""
    head += make_segment(APP2, ICC_NAME + b"\1\1" + profile)
    tables, rest = _split(base)
    if not map_jpeg:
        return head + tables + rest
    index_at = len(head) + len(tables)
    first_length = index_at + _MPF_LENGTH + len(rest)
    return head + tables + _index(index_at, first_length, len(map_jpeg)) + rest + map_jpeg


def _index(at: int, first_length: int, second_length: int) -> bytes:
    """The segment at offset ``at`` that says where the two pictures lie (CIPA DC-007, 5.2)."""
    offset = first_length - (at + 8)  # counted from the byte-order mark below
    tiff = struct.pack(">2sHIH", b"MM", 42, 8, 3)
    tiff += struct.pack(">2HI4s", 0xB000, 7, 4, b"0100") + struct.pack(">2H2I", 0xB001, 4, 1, 2)
    tiff += struct.pack(">2H3I", 0xB002, 7, 32, 50, 0)
    tiff += struct.pack(">3I2H", 0x030000, first_length, 0, 0, 0) + struct.pack(">3I2H", 0, second_length, offset, 0, 0)
    return make_segment(APP2, _MPF_NAME + tiff)


def _second_picture(data: bytes) -> bytes:
    """The JPEG that the index names beside the first; b"" without an index."""
    for marker, at, payload in read_segments(data):
        if marker == APP2 and payload.startswith(_MPF_NAME) and len(payload) >= 86:
            length, offset = struct.unpack_from(">2I", payload, 4 + 50 + 16 + 4)
            start = at + 8 + offset
            if start + length != len(data) or data[start : start + 2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
                raise ValueError("its index and its pictures do not fit together")
            return data[start:]
    return b""


def _check_map(data: bytes, second: bytes) -> None:
    """Raises ValueError where the parts of an Ultra HDR file contradict each other."""
    container = xmp.parse_xmp(find_payload(data, APP1, XMP_NAME)).get(f"{xmp.CONTAINER}Directory")
    lengths = [] if container is None else [one.get(f"{xmp.ITEM}Length") for one in container.iter()]
    own = find_payload(second, APP2, ISO_NAME)
    if str(len(second)) not in lengths or find_payload(data, APP2, ISO_NAME) != ISO_VERSION or len(own) != 141:
        raise ValueError("its gain map and its description do not match")
