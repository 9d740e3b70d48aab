"""A RAF taken apart by plain means, to check what was written."""

import struct
from pathlib import Path

import numpy as np


def records(path: Path) -> dict[int, bytes]:
    """Tag -> data of the RAF's directory."""
    data = path.read_bytes()
    at, _ = struct.unpack_from(">2I", data, 92)
    (count,) = struct.unpack_from(">I", data, at)
    found, at = {}, at + 4
    for _ in range(count):
        tag, size = struct.unpack_from(">2H", data, at)
        found[tag] = data[at + 4 : at + 4 + size]
        at += 4 + size
    return found


def jpeg(path: Path) -> bytes:
    """The embedded preview."""
    data = path.read_bytes()
    at, size = struct.unpack_from(">2I", data, 84)
    return data[at : at + size]


def raw_fields(path: Path) -> dict[int, np.ndarray]:
    """Tag -> numbers of Fuji's directory in the raw data; rationals divided."""
    data = path.read_bytes()
    at, size = struct.unpack_from(">2I", data, 100)
    tiff = data[at : at + size]
    root = fields(tiff, struct.unpack_from("<I", tiff, 4)[0])
    return fields(tiff, int(root[0xF000][0]))


def fields(tiff: bytes, at: int) -> dict[int, np.ndarray]:
    """The numbers of a little-endian directory at an offset; texts and bytes as u8."""
    (count,) = struct.unpack_from("<H", tiff, at)
    found = {}
    for i in range(count):
        entry = at + 2 + 12 * i
        tag, kind, number = struct.unpack_from("<2HI", tiff, entry)
        dtype = np.dtype({3: "<u2", 4: "<u4", 5: "<u4", 9: "<i4", 10: "<i4", 12: "<f8", 13: "<u4"}.get(kind, "u1"))
        number *= 2 if kind in (5, 10) else 1
        place = entry + 8 if number * dtype.itemsize <= 4 else struct.unpack_from("<I", tiff, entry + 8)[0]
        values = np.frombuffer(tiff, dtype, number, place)
        found[tag] = values[::2] / values[1::2] if kind in (5, 10) else values
    return found
