"""A photograph's metadata as a camera and its photographer leave it, made here."""

import struct
from pathlib import Path

from tests.core.conftest import INFO, textured
from xtdm_core.export.exif import ASCII, IFD, LONG, RATIONAL, SHORT, SRATIONAL, UNDEFINED, Entry, Exif, number, text
from xtdm_core.export.metadata import Provenance, gather_metadata
from xtdm_core.jpeg_segments import APP1, EXIF_NAME, XMP_NAME, make_segment
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf


def rational(*values: int) -> Entry:
    return Entry(RATIONAL, len(values) // 2, struct.pack(f"<{len(values)}I", *values))


def blob(data: bytes) -> Entry:
    return Entry(UNDEFINED, len(data), data)


# Offsets count from the note's beginning; one value lies outside the directory, as in cameras' files.
MAKER_NOTE = (
    b"FUJIFILM" + struct.pack("<IH", 12, 3) + struct.pack("<2HI4s", 0, 7, 4, b"0130")
    + struct.pack("<2HII", 0x10, 2, 8, 12 + 2 + 36 + 4) + struct.pack("<2HII", 0x1431, 4, 1, 3) + bytes(4)
    + b"FPX 123\0"
)  # fmt: skip

RICH = Exif(
    main={
        270: text("Ein Vogel"), 271: text("FUJIFILM"), 272: text("X-T1"), 274: number(SHORT, 6), 282: rational(72, 1),
        283: rational(72, 1), 296: number(SHORT, 2), 305: text("Digital Camera X-T1 Ver4.31"),
        306: text("2026:01:02 03:04:05"), 315: text("A. Photographer"), 531: number(SHORT, 2),
        33432: Entry(ASCII, 14, "© 2026 A. P.".encode() + b"\0"), 0x4746: number(SHORT, 4),
        0xC4A5: blob(b"PrintIM\x000300"),
    },
    shot={
        33434: rational(1, 250), 33437: rational(56, 10), 34850: number(SHORT, 3), 34855: number(SHORT, 400),
        36864: blob(b"0232"), 36867: text("2026:01:02 03:04:05"), 36868: text("2026:01:02 03:04:05"),
        36880: text("+09:00"), 36881: text("+09:00"), 36882: text("+09:00"), 37121: blob(b"\1\2\3\0"),
        37122: rational(32, 10), 37380: Entry(SRATIONAL, 1, struct.pack("<2i", -2, 3)), 37383: number(SHORT, 5),
        37385: number(SHORT, 1), 37386: rational(35, 1), 37500: blob(MAKER_NOTE),
        37510: blob(b"ASCII\0\0\0hello"), 37521: text("87"), 40960: blob(b"0100"), 40961: number(SHORT, 1),
        40962: number(LONG, 160), 40963: number(LONG, 120), 41729: blob(b"\1"), 42033: text("4BA00123"),
        42034: rational(35, 1, 35, 1, 14, 10, 14, 10), 42036: text("XF35mmF1.4 R"), 42037: text("51A02468"),
    },
    gps={
        0: Entry(1, 4, b"\2\3\0\0"), 1: text("N"), 2: rational(48, 1, 51, 1, 2960, 100), 3: text("E"),
        4: rational(2, 1, 17, 1, 4020, 100), 6: rational(35, 1), 29: text("2026:01:01"),
    },
    interop={1: text("R98"), 2: blob(b"0100")},
)  # fmt: skip

CAMERA_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="2"'
    b' xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="48,51.5N"'
    b' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Paris"/></rdf:RDF></x:xmpmeta>'
)


METADATA, _ = gather_metadata(RICH.to_bytes(), CAMERA_XMP, (), INFO, "all", Provenance("a.RAF", "ab12", "fast"))


def with_thumbnail(exif: Exif) -> bytes:
    """The structure with a second directory behind it, as cameras add for the thumbnail."""
    block = bytearray(exif.to_bytes())
    block += bytes(len(block) % 2)
    second = len(block)
    thumbnail = {513: number(LONG, 0), 514: number(LONG, 4), 259: Entry(IFD, 1, struct.pack("<I", 6))}
    block += Exif(thumbnail).directories(second) + b"\xff\xd8\xff\xd9"
    (count,) = struct.unpack_from("<H", block, 8)
    struct.pack_into("<I", block, 10 + 12 * count, second)
    return bytes(block)


def write_rich_raf(path: Path, exif: bytes, xmp: bytes = CAMERA_XMP, orientation: int = 1) -> None:
    """Writes a RAF whose JPEG has this Exif and XMP."""
    write_raf(path, simulate_frame(textured(606, 612), SensorModel(info=INFO, orientation=orientation)))
    data = path.read_bytes()
    at, length = struct.unpack_from(">2I", data, 84)
    jpeg = data[at : at + length]
    (old,) = struct.unpack_from(">H", jpeg, 4)
    new = jpeg[:2] + make_segment(APP1, EXIF_NAME + exif) + make_segment(APP1, XMP_NAME + xmp) + jpeg[4 + old :]
    path.write_bytes(data[:84] + struct.pack(">2I", len(data), len(new)) + data[92:] + new)
