"""TIFF directories as bytes: what Exif, Fuji's MakerNote, a RAF's raw data and a DNG are made of (TIFF 6.0)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

_CODES = {1: "B", 3: "H", 4: "I", 5: "I", 9: "i", 10: "i", 12: "d", 13: "I"}
_LONG = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a directory: its TIFF type, and numbers (rationals as pairs, flat) or bytes."""

    kind: int
    values: tuple[float, ...] | bytes

    @property
    def count(self) -> int:
        """How many values of the type there are."""
        return len(self.values) // 2 if self.kind in (5, 10) else len(self.values)

    def encoded(self, order: str) -> bytes:
        """The values as bytes; ``order`` is "<" or ">"."""
        if isinstance(self.values, bytes):
            return self.values
        code = _CODES[self.kind]
        return struct.pack(f"{order}{len(self.values)}{code}", *self.values)


@dataclass(frozen=True, slots=True)
class Directories:
    """Directories that a tag points to, each of them on its own; ``kind`` is the pointer's type, LONG or IFD."""

    items: Sequence[Directory]
    kind: int = _LONG


@dataclass(frozen=True, slots=True)
class DataBlocks:
    """Strips, tiles or a thumbnail that a tag points to."""

    items: Sequence[bytes]


Directory = Mapping[int, Field | Directories | DataBlocks]


def ascii_text(text: str) -> Field:
    """ASCII, or UTF-8 as cameras write it where they must, with the closing zero byte."""
    return Field(2, text.encode() + b"\0")


def doubles(*values: float) -> Field:
    """DOUBLE, 64 bits."""
    return Field(12, values)


def undefined(data: bytes) -> Field:
    """Bytes whose meaning is the tag's own."""
    return Field(7, data)


def octets(*values: int) -> Field:
    """BYTE."""
    return Field(1, values)


def shorts(*values: int) -> Field:
    """SHORT, 16 bits, not negative."""
    return Field(3, values)


def longs(*values: int) -> Field:
    """LONG, 32 bits, not negative."""
    return Field(_LONG, values)


def signed_longs(*values: int) -> Field:
    """SLONG, 32 bits."""
    return Field(9, values)


def rationals(*values: float, denominator: int | None = None) -> Field:
    """RATIONAL; with the nearest fraction of a small denominator where none is given."""
    return Field(5, _pairs(values, denominator))


def signed_rationals(*values: float, denominator: int | None = None) -> Field:
    """SRATIONAL; with the nearest fraction of a small denominator where none is given."""
    return Field(10, _pairs(values, denominator))


def _pairs(values: Sequence[float], denominator: int | None) -> tuple[float, ...]:
    pairs: list[float] = []
    for value in values:
        nearest = Fraction(value).limit_denominator(1_000_000)
        fraction = (round(value * denominator), denominator) if denominator else nearest.as_integer_ratio()
        pairs.extend(fraction)
    return tuple(pairs)


def tiff(chain: Sequence[Directory], order: str = "<") -> bytes:
    """A whole TIFF structure: byte-order mark, and the directories that follow one another."""
    mark = b"II" if order == "<" else b"MM"
    return struct.pack(f"{order}2sHI", mark, 42, 8) + directories(chain, 8, order)


def directories(chain: Sequence[Directory], at: int, order: str = "<") -> bytes:
    """The bytes of directories that follow one another, made to lie at offset ``at`` (even) of the structure."""
    parts = bytearray()
    for i, directory in enumerate(chain):
        part = bytearray(_directory(directory, at + len(parts), order))
        if i + 1 < len(chain):
            struct.pack_into(order + "I", part, 2 + 12 * len(directory), at + len(parts) + len(part))
        parts += part
    return bytes(parts)


def _directory(directory: Directory, at: int, order: str) -> bytes:
    """A directory with all that it points to behind it, followed by none; always of an even length."""
    behind_at = at + 2 + 12 * len(directory) + 4
    entries, behind = struct.pack(order + "H", len(directory)), bytearray()
    for tag, value in sorted(directory.items()):
        field = _resolved(value, behind_at, behind, order)
        data = field.encoded(order)
        if len(data) > 4:
            place = struct.pack(order + "I", behind_at + len(behind))
            behind += data + bytes(len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        entries += struct.pack(order + "2HI", tag, field.kind, field.count) + place
    return entries + bytes(4) + bytes(behind)


def _resolved(value: Field | Directories | DataBlocks, behind_at: int, behind: bytearray, order: str) -> Field:
    """Puts what a pointer points to behind the directory; the field that holds the offsets."""
    if isinstance(value, Field):
        return value
    offsets = []
    for item in value.items:
        at = behind_at + len(behind)
        offsets.append(at)
        behind += item + bytes(len(item) % 2) if isinstance(item, bytes) else _directory(item, at, order)
    return Field(value.kind if isinstance(value, Directories) else _LONG, tuple(offsets))
