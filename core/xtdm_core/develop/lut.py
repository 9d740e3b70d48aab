"""Three-dimensional look-up tables: read from .cube files and HaldCLUT pictures, interpolated in tetrahedra.

.cube: Adobe's "Cube LUT Specification 1.0" and DaVinci Resolve's dialect, whose one-dimensional table may come first.
HaldCLUT: a picture of L³ x L³ pixels with the L² x L² x L² colours in rows, red fastest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from xtdm_core.errors import BadLut, reading_failed
from xtdm_core.frame import F32

_LARGEST_BYTES = 1 << 30
_MOST_1D, _MOST_3D = 65536, 256
_RANGES = ("DOMAIN_MIN", "DOMAIN_MAX", "LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE")
_STRIP = 1 << 15  # pixels worked on at once


@dataclass(frozen=True, slots=True, eq=False)
class Lut:
    """A look-up table.

    table   f32 [n^3, 3], red fastest
    size    n
    domain  f32 [2, 3], where the first and the last entry lie
    shaper  f32 [m, 3], a curve for each channel that comes first; None without
    shaper_domain  f32 [2, 3]
    """

    table: F32
    size: int
    domain: F32
    shaper: F32 | None
    shaper_domain: F32

    def apply(self, colours: F32) -> F32:
        """What the table makes of colours f32 [3, pixels]; outside its domain as at its border. f32 [3, pixels]."""
        out = np.empty(colours.shape, np.float32)
        for start in range(0, colours.shape[1], _STRIP):
            part = colours[:, start : start + _STRIP]
            if self.shaper is not None:
                part = _shaped(part, self.shaper, self.shaper_domain)
            out[:, start : start + _STRIP] = self._looked_up(part)
        return out

    def _looked_up(self, colours: F32) -> F32:
        """Tetrahedra along the grey diagonal, so that greys stay neutral where the diagonal is (Kasson et al. 1993)."""
        place = _within(colours, self.domain) * np.float32(self.size - 1)
        below = np.minimum(place.astype(np.int32), self.size - 2)
        part = place - below
        steps = np.array([1, self.size, self.size**2], np.int32)
        corner = steps @ below
        ordered = np.sort(part, axis=0)
        least, middle, most = ordered
        first = corner + steps[part.argmax(axis=0)]
        second = corner + steps.sum() - steps[part.argmin(axis=0)]
        total = (1 - most)[:, None] * self.table.take(corner, axis=0)
        total += (most - middle)[:, None] * self.table.take(first, axis=0)
        total += (middle - least)[:, None] * self.table.take(second, axis=0)
        total += least[:, None] * self.table.take(corner + steps.sum(), axis=0)
        return np.asarray(total.T)


def _shaped(colours: F32, shaper: F32, domain: F32) -> F32:
    within, places = _within(colours, domain), np.linspace(0, 1, len(shaper))
    return np.array([np.interp(within[channel], places, shaper[:, channel]) for channel in range(3)], np.float32)


def _within(colours: F32, domain: F32) -> F32:
    low, high = domain[:, :, None]
    return np.clip((colours - low) / (high - low), 0, 1)


def load_lut(path: str | Path) -> Lut:
    """Read a .cube file or a HaldCLUT picture (PNG, TIFF); what was read once stays until the file changes.

    Raises BadLut.
    """
    return _load(*_state(Path(path)))


def lut_digest(path: str | Path) -> str:
    """A digest of a look-up table's file, by which it is known again: hexadecimal SHA-256. Raises BadLut."""
    return _digest(*_state(Path(path)))


def _state(path: Path) -> tuple[Path, int, int]:
    """(path, time of change in ns, size) of a file that may be a look-up table."""
    try:
        facts = path.stat()
    except FileNotFoundError as error:
        raise BadLut(path, "there is no such file: choose the look-up table anew, or none") from error
    except OSError as error:
        raise BadLut(path, reading_failed(error)) from error
    if facts.st_size > _LARGEST_BYTES:
        raise BadLut(path, f"has {facts.st_size >> 20} MB, more than any look-up table")
    return path, facts.st_mtime_ns, facts.st_size


@lru_cache(maxsize=64)
def _digest(path: Path, _changed: int, _size: int) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise BadLut(path, reading_failed(error)) from error


@lru_cache(maxsize=8)
def _load(path: Path, _changed: int, _size: int) -> Lut:
    if path.suffix.lower() == ".cube":
        try:
            return parse_cube(path, path.read_text(encoding="utf-8-sig", errors="replace"))
        except OSError as error:
            raise BadLut(path, reading_failed(error)) from error
    return _read_hald(path)


def parse_cube(path: Path, text: str) -> Lut:
    """Read the text of a .cube file; ``path`` is for the message. Raises BadLut."""
    words: dict[str, list[float]] = {}
    numbers: list[str] = []
    for line in text.splitlines():
        name, _, rest = line.strip().partition(" ") if "\t" not in line else line.strip().partition("\t")
        if not name or name.startswith("#") or name.upper() == "TITLE":
            continue
        if name[0].isalpha() and name.upper() not in ("NAN", "INF"):
            words[name.upper()] = list(_floats(path, rest.split()))
        else:
            numbers.append(line)
    values = np.array(list(_floats(path, " ".join(numbers).split())), np.float32)
    size_1d, size_3d = (_size_of(path, words, name, most) for name, most in _SIZES.items())
    if not size_1d and not size_3d:
        raise BadLut(path, "is no .cube file: it states no LUT_1D_SIZE and no LUT_3D_SIZE")
    if len(values) != 3 * (size_1d + size_3d**3):
        raise BadLut(path, f"is damaged: it holds {len(values) // 3} of {size_1d + size_3d**3} colours")
    if not np.isfinite(values).all():
        raise BadLut(path, "is damaged: not all of its colours are finite numbers")
    rows = values.reshape(-1, 3)
    table = rows[size_1d:] if size_3d else _identity()
    domain = _domain(path, words, "LUT_3D_INPUT_RANGE")
    shaper_domain = _domain(path, words, "LUT_1D_INPUT_RANGE")
    if not size_3d:
        domain = _whole_of(rows)
        table = _identity() * (domain[1] - domain[0]) + domain[0]
    return Lut(table, size_3d or 2, domain, rows[:size_1d] if size_1d else None, shaper_domain)


_SIZES = {"LUT_1D_SIZE": _MOST_1D, "LUT_3D_SIZE": _MOST_3D}


def _whole_of(rows: F32) -> F32:
    """A domain that holds whatever a curve gives."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    return np.array([low, np.maximum(high, low + np.float32(1e-6))], np.float32)


def _identity() -> F32:
    corners = [(red, green, blue) for blue in (0, 1) for green in (0, 1) for red in (0, 1)]
    return np.array(corners, np.float32)


def _floats(path: Path, words: list[str]) -> Iterator[float]:
    try:
        yield from map(float, words)
    except ValueError as error:
        raise BadLut(path, f"is damaged or no .cube file ({error})") from error


def _size_of(path: Path, words: dict[str, list[float]], name: str, most: int) -> int:
    """A size that the file states, 0 where it does not."""
    stated = words.get(name)
    if stated is None:
        return 0
    if len(stated) != 1 or not stated[0].is_integer() or not 2 <= stated[0] <= most:
        raise BadLut(path, f"is damaged: its {name} is not a whole number between 2 and {most}")
    return int(stated[0])


def _domain(path: Path, words: dict[str, list[float]], own: str) -> F32:
    """The range of one of the tables, f32 [2, 3]; 0 to 1 where the file says nothing."""
    low, high = words.get("DOMAIN_MIN", [0.0] * 3), words.get("DOMAIN_MAX", [1.0] * 3)
    if own in words:
        stated = words[own]
        low, high = ([stated[0]] * 3, [stated[-1]] * 3) if len(stated) == 2 else ([], [])
    domain = np.array([low, high], np.float32) if len(low) == len(high) == 3 else np.zeros((2, 3), np.float32)
    if not np.isfinite(domain).all() or not (domain[1] > domain[0]).all():
        raise BadLut(path, "is damaged: its domain does not rise")
    return domain


def _read_hald(path: Path) -> Lut:
    import imagecodecs

    try:
        pixels = imagecodecs.imread(path)
    except Exception as error:  # decoders raise whatever they like
        raise BadLut(path, f"is neither a .cube file nor a picture that can be read ({error})") from error
    height, width = pixels.shape[:2]
    level = round(width ** (1 / 3))
    if pixels.ndim != 3 or pixels.shape[2] < 3 or height != width or level**3 != width or not 2 <= level <= 16:
        raise BadLut(path, f"is no HaldCLUT: {width} x {height} pixels are not L³ x L³")
    if pixels.dtype not in (np.uint8, np.uint16):
        raise BadLut(path, "is no HaldCLUT of 8 or 16 bits")
    table = pixels[..., :3].reshape(-1, 3).astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    unit = np.array([[0, 0, 0], [1, 1, 1]], np.float32)
    return Lut(table, level**2, unit, None, unit)
