"""AVIF: 10 bits, full range, HLG in BT.2020 (CICP 9/18/9) or sRGB (CICP 1/13/6), with Exif and XMP.

imagecodecs writes the picture with the right ``colr`` box but no metadata; these are added to the finished file as
items of its ``meta`` box (ISO/IEC 23008-12, ISO/IEC 14496-12).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from xtdm_core.devices import usable_cores
from xtdm_core.export.avif_brands import with_true_brands
from xtdm_core.export.contents import Block, Contents, check_contents
from xtdm_core.export.exif import parse_exif
from xtdm_core.export.metadata import Metadata
from xtdm_core.export.xmp import to_packet
from xtdm_core.files import atomic_write
from xtdm_core.frame import U16

# Colour primaries, transfer characteristics and matrix coefficients (ITU-T H.273).
HLG, SRGB = (9, 18, 9), (1, 13, 6)
_BITS = 10
_encoder = Lock()  # two at a time would take twice the memory
_HLG_ENCODING = "Scene-referred HLG (BT.2100): E = 0.26496 L, diffuse white L = 1 at 75 % signal"


def write_avif(
    target: Path,
    codes: U16,
    cicp: tuple[int, int, int],
    metadata: Metadata,
    *,
    chroma: str,
    quality: int,
    speed: int,
    overwrite: bool,
) -> None:
    """Write 10-bit codes u16 [H, W, 3], full range, upright, whose colours are those of ``cicp`` (HLG or SRGB).

    chroma   "444" or "420"
    quality  1 to 100, libavif's scale
    speed    0 (slowest, smallest files) to 10
    The file is read back and compared before it takes its name. Raises WriteFailed.
    """
    from imagecodecs import avif_encode

    primaries, transfer, matrix = cicp
    colour: dict[str, Any] = {"primaries": primaries, "transfer": transfer, "matrix": matrix}
    with _encoder:
        picture = avif_encode(codes, level=quality, speed=speed, bitspersample=_BITS, pixelformat=chroma, **colour)
    height, width = codes.shape[:2]
    exif = metadata.exif_of(height, width, is_srgb=cicp == SRGB)
    properties = metadata.xmp_of("image/avif", _digest(bytes(picture)), encoding=_HLG_ENCODING if cicp == HLG else "")
    packet = to_packet(properties) if properties else b""
    items = [(b"Exif", b"", bytes(4) + exif.to_bytes())] if exif else []  # four zeros: the TIFF begins at once
    items += [(b"mime", b"application/rdf+xml", packet)] if packet else []
    data = with_items(with_true_brands(bytes(picture)), items)
    with atomic_write(target, overwrite) as partial:
        partial.write_bytes(data)
        meant = Contents("AVIF", height, width, _BITS, _colour(cicp, full_range=True), exif, packet)
        check_contents(target, lambda: read_avif(partial.read_bytes()), meant, codes, lossy=True)


def read_avif(data: bytes) -> Contents:
    """Read back what an AVIF holds. Raises ValueError, or what the libraries raise, where it is damaged."""
    from imagecodecs import avif_decode
    from PIL import (
        Image,
        _avif,  # noqa: F401  a lack of memory is told here; Pillow would go on without
    )

    boxes = _boxes(data, 0, len(data))
    properties = _nested(data, boxes[b"meta"], b"iprp", b"ipco")
    width, height = struct.unpack_from(">2I", data, properties[b"ispe"][0] + 12)
    bits = data[properties[b"pixi"][0] + 13]
    colr = properties[b"colr"][0] + 8
    if data[colr : colr + 4] != b"nclx":
        raise ValueError("its colours are not stated by CICP")
    primaries, transfer, matrix, flags = struct.unpack_from(">3HB", data, colr + 4)
    with Image.open(BytesIO(data)) as image:
        exif, packet = image.info.get("exif", b""), image.info.get("xmp", b"")

    def blocks(_: int) -> Iterator[Block]:
        yield slice(0, height), slice(0, width), avif_decode(data, numthreads=usable_cores())

    colour = _colour((primaries, transfer, matrix), full_range=bool(flags & 0x80))
    return Contents(
        "AVIF", height, width, bits, colour, parse_exif(exif), packet, blocks=blocks, digest=lambda: _digest(data)
    )


def _digest(avif: bytes) -> str:
    """Of the first media data box, which holds the picture; metadata lie in one of their own."""
    start, end = _boxes(avif, 0, len(avif))[b"mdat"]
    return hashlib.sha256(avif[start:end]).hexdigest()


def _colour(cicp: tuple[int, int, int], *, full_range: bool) -> str:
    names = {HLG: "HLG, BT.2020", SRGB: "sRGB"}
    return f"{names.get(cicp, 'CICP')} ({'/'.join(map(str, cicp))}, {'full' if full_range else 'limited'} range)"


def _nested(data: bytes, meta: tuple[int, int], *path: bytes) -> dict[bytes, tuple[int, int]]:
    """The boxes within meta and then those along a path."""
    boxes = _boxes(data, meta[0] + 12, meta[1])
    for kind in path:
        start, end = boxes[kind]
        boxes = _boxes(data, start + 8, end)
    return boxes


def with_items(avif: bytes, items: list[tuple[bytes, bytes, bytes]]) -> bytes:
    """The same picture with metadata items (type, content type, data) that describe it.

    Expects what libavif writes for a single image: iloc of version 0 with 4-byte fields, and all data behind meta.
    """
    boxes = _boxes(avif, 0, len(avif))
    meta_at, meta_end = boxes[b"meta"]
    children = _boxes(avif, meta_at + 12, meta_end)
    primary = struct.unpack_from(">H", avif, children[b"pitm"][0] + 12)[0]
    iloc_at, _ = children[b"iloc"]
    count = struct.unpack_from(">H", avif, iloc_at + 14)[0]
    if avif[iloc_at + 8 : iloc_at + 14] != b"\0\0\0\0\x44\0":
        raise ValueError("libavif changed its layout: iloc is not of version 0 with 4-byte fields")
    first_id = 1 + max(struct.unpack_from(">H", avif, iloc_at + 16 + 14 * i)[0] for i in range(count))

    infes, references, lengths = b"", b"", []
    for number, (kind, content_type, data) in enumerate(items, first_id):
        name = b"\0" + (content_type + b"\0" if content_type else b"")
        infes += _box(b"infe", struct.pack(">IHH4s", 2 << 24, number, 0, kind) + name)
        references += _box(b"cdsc", struct.pack(">3H", number, 1, primary))
        lengths.append((number, len(data)))
    iref = _box(b"iref", bytes(4) + references)
    grown = 14 * len(items) + len(infes) + len(iref)

    locations = _locations(avif, iloc_at, count, grown, lengths)
    out = b""
    for kind, (start, end) in children.items():
        if kind == b"iloc":
            out += _box(b"iloc", avif[iloc_at + 8 : iloc_at + 14] + struct.pack(">H", count + len(items)) + locations)
        elif kind == b"iinf":
            entries = struct.unpack_from(">H", avif, start + 12)[0] + len(items)
            out += _box(b"iinf", bytes(4) + struct.pack(">H", entries) + avif[start + 14 : end] + infes)
        else:
            out += avif[start:end]
    meta = _box(b"meta", bytes(4) + out + iref)
    return avif[:meta_at] + meta + avif[meta_end:] + _box(b"mdat", b"".join(data for _, _, data in items))


def _locations(avif: bytes, iloc_at: int, count: int, grown: int, lengths: list[tuple[int, int]]) -> bytes:
    """The entries of iloc: the ``count`` that are there, ``grown`` bytes later, and new items behind the file's end.

    lengths  (number, bytes) of each new item
    """
    locations = b""
    for i in range(count):
        entry = struct.unpack_from(">3H2I", avif, iloc_at + 16 + 14 * i)
        locations += struct.pack(">3H2I", *entry[:3], entry[3] + grown, entry[4])
    data_at = len(avif) + grown + 8
    for number, length in lengths:
        locations += struct.pack(">3H2I", number, 0, 1, data_at, length)
        data_at += length
    return locations


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _boxes(data: bytes, at: int, end: int) -> dict[bytes, tuple[int, int]]:
    """Type -> (start, end) of the first box of each type in data[at:end]. Raises ValueError for damage."""
    found: dict[bytes, tuple[int, int]] = {}
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if not 8 <= size <= end - at:
            raise ValueError(f"its box {kind!r} has a size that makes no sense")
        found.setdefault(kind, (at, at + size))
        at += size
    return found
