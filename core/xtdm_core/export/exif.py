"""Exif as bytes that stay what they are: read, edited tag by tag, and written at any place of a file.

The structure is a TIFF's (TIFF 6.0; Exif 2.32, section 4.6). Values are never decoded, so that nothing is lost that a
library does not know: a maker note goes through byte for byte. Fujifilm's counts its offsets from its own beginning
and may therefore lie anywhere.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from mmap import mmap
from typing import NamedTuple

import numpy as np

EXIF_POINTER, GPS_POINTER, INTEROP_POINTER = 0x8769, 0x8825, 0xA005
ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL, DOUBLE, IFD = 2, 3, 4, 5, 7, 10, 12, 13
# Type -> (bytes of a value, bytes of the numbers it consists of).
_TYPES = {1: (1, 1), 2: (1, 1), 3: (2, 2), 4: (4, 4), 5: (8, 4), 6: (1, 1), 7: (1, 1), 8: (2, 2), 9: (4, 4)}
_TYPES |= {10: (8, 4), 11: (4, 4), 12: (8, 8), 13: (4, 4)}
_MOST_ENTRIES = 1000
_LARGEST_VALUE = 1 << 22
_HEADER = struct.pack("<2sHI", b"II", 42, 8)
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_FUJI_RATING = 0x1431


class Entry(NamedTuple):
    """A tag's value: its TIFF type, how many of that type, and the bytes, little-endian."""

    kind: int
    values: int
    data: bytes


Directory = dict[int, Entry]


@dataclass(frozen=True, slots=True)
class Exif:
    """The four directories, tag to value, without the pointers between them.

    main  of the picture: camera, artist, copyright …
    shot  Exif's own
    """

    main: Directory = field(default_factory=dict)
    shot: Directory = field(default_factory=dict)
    gps: Directory = field(default_factory=dict)
    interop: Directory = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.main or self.shot or self.gps)

    def to_bytes(self) -> bytes:
        """Return a TIFF structure of its own, as JPEG and AVIF hold it."""
        return _HEADER + self.directories(len(_HEADER))

    def directories(self, at: int) -> bytes:
        """Return the directories, made to lie at the even offset ``at`` of a little-endian TIFF; ``main`` is first."""
        main, shot = dict(self.main), dict(self.shot)
        if self.interop:
            shot[INTEROP_POINTER] = _NOWHERE
        main |= {EXIF_POINTER: _NOWHERE} if shot else {}
        main |= {GPS_POINTER: _NOWHERE} if self.gps else {}
        # Pointers take the same room wherever they point: all lengths are known by now.
        shot_at = at + _length(main)
        gps_at = shot_at + _length(shot)
        interop_at = gps_at + _length(self.gps)
        for directory, tag, place in (
            (main, EXIF_POINTER, shot_at),
            (main, GPS_POINTER, gps_at),
            (shot, INTEROP_POINTER, interop_at),
        ):
            if tag in directory:
                directory[tag] = number(LONG, place)
        return b"".join(
            _directory_bytes(directory, place)
            for directory, place in ((main, at), (shot, shot_at), (self.gps, gps_at), (self.interop, interop_at))
        )


def parse_exif(tiff: bytes | mmap) -> Exif:
    """Read a TIFF structure of either byte order; what is broken is left out, tag by tag.

    Returns an empty Exif where ``tiff`` is none at all.
    """
    order = _ORDERS.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return Exif()
    main = read_directory(tiff, struct.unpack_from(order + "I", tiff, 4)[0], order)
    shot = _pointed_at(tiff, main, EXIF_POINTER, order)
    gps = _pointed_at(tiff, main, GPS_POINTER, order)
    interop = _pointed_at(tiff, shot, INTEROP_POINTER, order)
    return Exif(main, without(shot, (EXIF_POINTER, GPS_POINTER)), gps, interop)


def read_directory(tiff: bytes | mmap, at: int, order: str) -> Directory:
    """Read the directory at an offset of a TIFF whose byte order is "<" or ">"; values come out little-endian.

    Entries of an unknown type, or that would reach beyond the end, are left out.
    """
    view = memoryview(tiff)
    if not 0 < at <= len(view) - 2:
        return {}
    (count,) = struct.unpack_from(order + "H", view, at)
    directory: Directory = {}
    for place in range(at + 2, min(at + 2 + 12 * min(count, _MOST_ENTRIES), len(view) - 11), 12):
        tag, kind, values = struct.unpack_from(order + "2HI", view, place)
        size, width = _TYPES.get(kind, (0, 0))
        length = size * values
        value_at = place + 8 if length <= 4 else struct.unpack_from(order + "I", view, place + 8)[0]
        if not size or length > _LARGEST_VALUE or value_at + length > len(view):
            continue
        data = bytes(view[value_at : value_at + length])
        directory[tag] = Entry(kind, values, data if order == "<" else _swapped(data, width))
    return directory


def text(value: str) -> Entry:
    """Return an ASCII value; what is not ASCII is written as UTF-8, which readers take for it."""
    data = value.encode("utf-8", "replace") + b"\0"
    return Entry(ASCII, len(data), data)


def number(kind: int, *values: int) -> Entry:
    """Return a value of SHORTs or LONGs."""
    return Entry(kind, len(values), struct.pack(f"<{len(values)}{'H' if kind == SHORT else 'I'}", *values))


def to_text(entry: Entry | None) -> str:
    """Return an ASCII value as text; "" where there is none."""
    return "" if entry is None else entry.data.split(b"\0")[0].decode("utf-8", "replace").strip()


def without(directory: Directory, tags: Iterable[int]) -> Directory:
    """Return a copy without some tags."""
    unwanted = set(tags)
    return {tag: entry for tag, entry in directory.items() if tag not in unwanted}


def fuji_rating(exif: Exif) -> int | None:
    """Return the stars 0 to 5 that were given in the camera; None where its maker note does not say."""
    note = exif.shot.get(0x927C)
    if note is None or not note.data.startswith(b"FUJIFILM") or len(note.data) < 12:
        return None
    entry = read_directory(note.data, struct.unpack_from("<I", note.data, 8)[0], "<").get(_FUJI_RATING)
    stars = int.from_bytes(entry.data, "little") if entry else -1
    return stars if 0 <= stars <= 5 else None


_NOWHERE = number(LONG, 0)


def _pointed_at(tiff: bytes | mmap, directory: Directory, tag: int, order: str) -> Directory:
    """Take a pointer out of a directory and read what it points at."""
    pointer = directory.pop(tag, None)
    if pointer is None or pointer.kind not in (LONG, IFD) or pointer.values != 1:
        return {}
    return read_directory(tiff, int.from_bytes(pointer.data, "little"), order)


def _swapped(data: bytes, width: int) -> bytes:
    return data if width == 1 else np.frombuffer(data, f">u{width}").astype(f"<u{width}").tobytes()


def _length(directory: Directory) -> int:
    if not directory:
        return 0
    return 6 + 12 * len(directory) + sum(_even(len(e.data)) for e in directory.values() if len(e.data) > 4)


def _even(length: int) -> int:
    return length + length % 2


def _directory_bytes(directory: Directory, at: int) -> bytes:
    """The directory with its values behind it, the tags in order, as TIFF 6.0 asks."""
    if not directory:
        return b""
    values_at = at + 6 + 12 * len(directory)
    index, values = struct.pack("<H", len(directory)), b""
    for tag, entry in sorted(directory.items()):
        index += struct.pack("<2HI", tag, entry.kind, entry.values)
        if len(entry.data) <= 4:
            index += entry.data.ljust(4, b"\0")
        else:
            index += struct.pack("<I", values_at + len(values))
            values += entry.data.ljust(_even(len(entry.data)), b"\0")
    return index + bytes(4) + values
