"""The X-Trans colour filter array: its pattern, its 18 phases, alignment and mosaicing.

Facts used here (each has a test): the pattern is 6x6 with 20 G, 8 R and 8 B; shifting it by 3 rows or by
3 columns exchanges R and B, so a (3, 3) shift is the identity and 18 phases are distinct; mirroring about
the middle row or column of a 3x3 block of the canonical phase keeps every colour in place.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32, U8, AlignedMosaic, RawFrame

Scalar = TypeVar("Scalar", bound=np.generic)

R, G, B = 0, 1, 2
PERIOD = 6  # of the pattern, in pixels, along both axes

# The phase in which every 3x3 block has G in its corners and its centre: the blocks with an even sum of
# block indices have R left and right and B above and below, the others the reverse.
CANONICAL: U8 = np.array(
    [
        [G, B, G, G, R, G],
        [R, G, R, B, G, B],
        [G, B, G, G, R, G],
        [G, R, G, G, B, G],
        [B, G, B, R, G, R],
        [G, R, G, G, B, G],
    ],
    dtype=np.uint8,
)
CANONICAL.setflags(write=False)


def is_xtrans(cfa: NDArray[np.integer]) -> bool:
    """Whether ``cfa`` is the X-Trans pattern in one of its 18 phases."""
    return cfa.shape == (6, 6) and any(np.array_equal(cfa, phase) for phase in phases())


def phases() -> list[U8]:
    """The 18 distinct phases; number ``3 * dy + dx`` starts at (dy, dx) of the canonical one."""
    return [np.roll(CANONICAL, (-dy, -dx), (0, 1)) for dy in range(6) for dx in range(3)]


def phase_offset(cfa: NDArray[np.integer]) -> tuple[int, int]:
    """(dy, dx), dy in 0..5 and dx in 0..2, with cfa[y, x] = CANONICAL[(y + dy) % 6, (x + dx) % 6].

    Raises ValueError when ``cfa`` is no X-Trans pattern.
    """
    for number, phase in enumerate(phases()):
        if np.array_equal(cfa, phase):
            return divmod(number, 3)
    raise ValueError("not an X-Trans pattern")


def mirror_index(length: int, offset: int, start: int, stop: int) -> NDArray[np.intp]:
    """Where to read rows (or columns) start..stop-1 of a mosaic that has only 0..length-1.

    ``offset`` is the canonical phase of row 0. Rows outside are mirrored, again and again if need be, about
    the outermost rows whose canonical phase is 1 mod 3: only these keep every colour in place. Inside, a row
    is itself. Raises ValueError below 8 rows, where no two such axes are sure to exist.
    """
    if length < 8:
        raise ValueError("a mosaic needs at least 8 rows and 8 columns")
    first = (1 - offset) % 3
    last = length - 1 - (length - 1 + offset - 1) % 3
    index = np.arange(start, stop)
    span = last - first
    folded = np.abs((index - first + span) % (2 * span) - span)
    mirrored = first + folded
    return np.where((index >= 0) & (index < length), index, mirrored)


def align(frame: RawFrame) -> AlignedMosaic:
    """Bring a frame into the canonical phase, padded to multiples of 6 by mirroring.

    Returns values f32 [H', W'] in sensor units, without white balance. A phase fixes the alignment only up to
    a (3, 3) shift; the smaller row offset is taken.
    """
    height, width = frame.mosaic.shape
    dy, dx = _smaller_offset(frame.cfa)
    rows = mirror_index(height, dy, -dy, -dy + _ceil6(height + dy))
    cols = mirror_index(width, dx, -dx, -dx + _ceil6(width + dx))
    values = np.empty((rows.size, cols.size), dtype=np.float32)
    inside = values[dy : dy + height, dx : dx + width]
    _sensor_units(frame, inside)
    # The few mirrored columns, then whole mirrored rows.
    for x in (*range(dx), *range(dx + width, cols.size)):
        inside_rows = values[dy : dy + height]
        inside_rows[:, x] = inside_rows[:, dx + cols[x]]
    for y in (*range(dy), *range(dy + height, rows.size)):
        values[y] = values[dy + rows[y]]
    return AlignedMosaic(values, dy, dx, height, width, frame.wb, frame.saturation, frame.noise)


def clipped_photosites(mosaic: AlignedMosaic) -> NDArray[np.bool_]:
    """Find which photosites have reached the saturation of their channel: bool [H', W'] as ``mosaic.values``."""
    height, width = mosaic.values.shape
    levels = tile_pattern(mosaic.saturation.astype(np.float32)[CANONICAL], 6, width)
    clipped = np.empty((height, width), bool)
    for y in range(6):
        np.greater_equal(mosaic.values[y::6], levels[y], out=clipped[y::6])
    return clipped


def _smaller_offset(cfa: U8) -> tuple[int, int]:
    dy, dx = phase_offset(cfa)
    return (dy, dx) if dy < 3 else (dy - 3, dx + 3)


def _ceil6(n: int) -> int:
    return -(-n // 6) * 6


def _sensor_units(frame: RawFrame, out: F32) -> None:
    """Writes (raw - black) / (white - black) into f32 [H, W], with the black level of each position."""
    black = tile_pattern(frame.black.astype(np.float32), 6, out.shape[1])
    span = np.float32(frame.white) - black
    for y in range(6):
        rows = out[y::6]
        np.subtract(frame.mosaic[y::6], black[y], out=rows, dtype=np.float32)
        rows /= span[y]


def mosaic(rgb: F32, cfa: NDArray[np.integer] = CANONICAL) -> F32:
    """Samples RGB f32 [H, W, 3] through the pattern ``cfa`` [6, 6]; returns f32 [H, W] in the same units."""
    colour = tile_pattern(cfa, rgb.shape[0], rgb.shape[1])
    return np.take_along_axis(rgb, colour[..., None].astype(np.intp), axis=2)[..., 0]


def tile_pattern(pattern: NDArray[Scalar], height: int, width: int) -> NDArray[Scalar]:
    """A 6x6 pattern (colours, black levels, gains) repeated over [height, width] from its origin."""
    return np.tile(pattern, (-(-height // 6), -(-width // 6)))[:height, :width]
