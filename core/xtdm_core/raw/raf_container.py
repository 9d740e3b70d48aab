"""The RAF container: where its parts lie, and what LibRaw does not hand over.

Layout (all big-endian but the raw data, which is a TIFF): a header of offsets, a JPEG with Exif, a directory of
tagged records, the raw data. The tag numbers are those that ExifTool documents for FujiFilm RAF.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from xtdm_core.errors import UnsupportedRaw, printable
from xtdm_core.frame import LensTables
from xtdm_core.raw.lens_tables import parse_lens_tables

MAGIC = b"FUJIFILMCCD-RAW "
HEADER_SIZE = 108
_TAG_CROP_CORNER, _TAG_CROP_SIZE, _TAG_ASPECT = 0x110, 0x111, 0x115
_TAG_ZOOM_ACTIVE, _TAG_ZOOM_SIZE = 0x117, 0x119
_TAG_LAYOUT, _TAG_XTRANS, _TAG_DAYLIGHT, _TAG_EXPOSURE_BIAS = 0x130, 0x131, 0x2100, 0x9650
_SUB_IFD, _STRIP_OFFSET, _STRIP_BYTES, _BLACKS = 0xF000, 0xF007, 0xF008, 0xF00A
_INTEGERS = {3: ("H", 2, 1), 4: ("I", 4, 1), 10: ("i", 4, 2), 13: ("I", 4, 1)}  # by TIFF type: code, bytes, parts
_INCOMPLETE = "is incomplete: {have} of at least {need} bytes are there; copy it from the card again"


@dataclass(frozen=True, slots=True)
class RafHeader:
    """Where the parts lie, as (offset, size) in bytes, and the camera's name."""

    model: str
    jpeg: tuple[int, int]
    directory: tuple[int, int]
    raw: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RafDirectory:
    """What the tagged records say.

    pattern        36 bytes of tag 0x131 in file order, empty where the sensor is not X-Trans
    super_ccd      the layout record tells of a SuperCCD
    exposure_bias  RawExposureBias in EV, None where it is missing
    area           (top, left, height, width) of the camera's picture in the readout, None where it is missing
    aspect         (width, height) of the picture as the photographer set it, such as (16, 9); None where it is missing
    zoom           by how much the camera's tele-converter enlarges; None where it is off or missing
    daylight       the gains R, G, B (G = 1) of the camera's daylight preset, None where they are missing
    """

    pattern: bytes
    super_ccd: bool
    exposure_bias: float | None
    area: tuple[int, int, int, int] | None = None
    aspect: tuple[int, int] | None = None
    zoom: float | None = None
    daylight: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class RafContainer:
    """What the container says.

    model   the camera's name in the header
    jpeg    the embedded preview with its Exif
    blacks  36 black levels, in rows of 6 from the corner of the readout; empty where they are missing
    lens    the tables of the lens' errors, None where they are missing
    """

    model: str
    jpeg: bytes
    directory: RafDirectory
    blacks: tuple[int, ...]
    lens: LensTables | None


def parse_raf(path: Path, data: bytes) -> RafContainer:
    """Read the container of a whole RAF file. Raises UnsupportedRaw when it is damaged or incomplete."""
    header = parse_header(path, data, len(data))
    fuji = _raw_entries(path, data, *header.raw)
    blacks = fuji.get(_BLACKS, ())
    return RafContainer(
        model=header.model,
        jpeg=_part(data, header.jpeg),
        directory=parse_directory(path, _part(data, header.directory)),
        blacks=blacks if len(blacks) == 36 else (),
        lens=parse_lens_tables(fuji),
    )


def _part(data: bytes, place: tuple[int, int]) -> bytes:
    at, size = place
    return data[at : at + size]


def parse_header(path: Path, head: bytes, file_size: int) -> RafHeader:
    """Reads the first ``HEADER_SIZE`` bytes of a file of ``file_size`` bytes.

    Raises UnsupportedRaw where a part is missing or would end beyond the file.
    """
    if len(head) < HEADER_SIZE:
        raise UnsupportedRaw(path, _INCOMPLETE.format(have=file_size, need=HEADER_SIZE))
    jpeg_at, jpeg_size, directory_at, directory_size, raw_at, raw_size = struct.unpack_from(">6I", head, 84)
    ends = (jpeg_at + jpeg_size, directory_at + directory_size, raw_at + raw_size)
    if max(ends) > file_size:
        raise UnsupportedRaw(path, _INCOMPLETE.format(have=file_size, need=max(ends)))
    if not (jpeg_size and directory_size and raw_size):
        raise UnsupportedRaw(path, "is a damaged RAF: its header is incomplete; copy it from the card again")
    return RafHeader(
        model=printable(head[28:60].split(b"\0")[0].decode("ascii", "replace")).strip(),
        jpeg=(jpeg_at, jpeg_size),
        directory=(directory_at, directory_size),
        raw=(raw_at, raw_size),
    )


def parse_directory(path: Path, directory: bytes) -> RafDirectory:
    """Reads the directory's bytes. Raises UnsupportedRaw when they break off."""
    records = _records(path, directory)
    layout = records.get(_TAG_LAYOUT, b"")
    return RafDirectory(
        pattern=records.get(_TAG_XTRANS, b""),
        super_ccd=len(layout) >= 2 and not layout[1] & 8,
        exposure_bias=_exposure_bias(records.get(_TAG_EXPOSURE_BIAS, b"")),
        area=_area(records),
        aspect=_aspect(records.get(_TAG_ASPECT, b"")),
        zoom=_zoom(records),
        daylight=_daylight(records.get(_TAG_DAYLIGHT, b"")),
    )


def _records(path: Path, directory: bytes) -> dict[int, bytes]:
    """Tag -> data of every record in the directory."""
    records, at = {}, 4
    try:
        (count,) = struct.unpack_from(">I", directory)
        for _ in range(count):
            tag, size = struct.unpack_from(">2H", directory, at)
            if at + 4 + size > len(directory):
                raise struct.error
            records[tag] = directory[at + 4 : at + 4 + size]
            at += 4 + size
    except struct.error:
        raise UnsupportedRaw(
            path, "is a damaged RAF: its directory is incomplete; copy it from the card again"
        ) from None
    return records


def _exposure_bias(record: bytes) -> float | None:
    """A rational of two signed 16-bit numbers, in EV."""
    if len(record) < 4:
        return None
    numerator, denominator = struct.unpack_from(">2h", record)
    return numerator / denominator if denominator else None


def _area(records: dict[int, bytes]) -> tuple[int, int, int, int] | None:
    corner, size = records.get(_TAG_CROP_CORNER, b""), records.get(_TAG_CROP_SIZE, b"")
    if len(corner) < 4 or len(size) < 4:
        return None
    top, left, height, width = struct.unpack(">4H", corner[:4] + size[:4])
    return top, left, height, width


def _aspect(record: bytes) -> tuple[int, int] | None:
    """Two numbers, height first."""
    if len(record) < 4:
        return None
    height, width = struct.unpack_from(">2H", record)
    return (width, height) if width and height else None


def _zoom(records: dict[int, bytes]) -> float | None:
    """The height of the whole picture over that of the area it shows, which lies in its middle."""
    active, size, whole = (records.get(tag, b"") for tag in (_TAG_ZOOM_ACTIVE, _TAG_ZOOM_SIZE, _TAG_CROP_SIZE))
    if len(active) < 4 or not any(active[:4]) or len(size) < 4 or len(whole) < 4:
        return None
    (height,), (all_of_it,) = struct.unpack_from(">H", size), struct.unpack_from(">H", whole)
    return all_of_it / height if 0 < height < all_of_it else None


def _daylight(record: bytes) -> tuple[float, float, float] | None:
    """Levels G, R, G, B."""
    if len(record) < 8:
        return None
    green, red, _, blue = struct.unpack_from(">4H", record)
    return (red / green, 1.0, blue / green) if green and red and blue else None


def _raw_entries(path: Path, data: bytes, raw_at: int, raw_size: int) -> dict[int, tuple[int, ...]]:
    """Fuji's own entries in the raw data's TIFF; {} when it has none. Checks that its strip is all there."""
    # A view: copying tens of megabytes would hold up every other thread.
    raw = memoryview(data)[raw_at : raw_at + raw_size]
    order = {b"II": "<", b"MM": ">"}.get(bytes(raw[:2]))
    if order is None:
        return {}
    try:
        root = read_ifd(raw, struct.unpack_from(order + "I", raw, 4)[0], order)
        fuji = read_ifd(raw, root[_SUB_IFD][0], order) if _SUB_IFD in root else {}
        stated = _STRIP_OFFSET in fuji and _STRIP_BYTES in fuji
        need = fuji[_STRIP_OFFSET][0] + fuji[_STRIP_BYTES][0] if stated else 0
    except (struct.error, IndexError):  # IndexError: an entry that holds no value
        raise UnsupportedRaw(path, "is a damaged RAF: the index of its raw data is incomplete; copy it again") from None
    if need > raw_size:
        raise UnsupportedRaw(path, _INCOMPLETE.format(have=len(data), need=raw_at + need))
    return fuji


def read_ifd(tiff: memoryview, at: int, order: str) -> dict[int, tuple[int, ...]]:
    """Read a TIFF directory's integer entries, signed rationals as pairs; ``order`` is "<" or ">".

    Raises struct.error where it breaks off.
    """
    (count,) = struct.unpack_from(order + "H", tiff, at)
    entries = {}
    for i in range(count):
        tag, kind, number = struct.unpack_from(order + "2HI", tiff, at + 2 + 12 * i)
        code, size, parts = _INTEGERS.get(kind, ("", 0, 0))
        if not code:
            continue
        number *= parts
        value_at = at + 2 + 12 * i + 8
        if number * size > 4:
            (value_at,) = struct.unpack_from(order + "I", tiff, value_at)
        entries[tag] = struct.unpack_from(f"{order}{number}{code}", tiff, value_at)
    return entries
