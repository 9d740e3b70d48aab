"""How a mosaic is cut into tiles: pure geometry, in the coordinates of an aligned mosaic.

A tile reads more than it writes: the halo around it is what the network must see for the same result as on the
whole image. Reads may reach beyond the mosaic; ``xtrans.mirror_index`` says what is seen there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.frame import F32


@dataclass(frozen=True, slots=True)
class Box:
    """Rows top..bottom-1 and columns left..right-1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """Where this box lies inside an array that starts at row 0, column 0."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def moved(self, rows: int, cols: int) -> Box:
        """The same box so many rows further down and columns further right."""
        return Box(self.top + rows, self.left + cols, self.bottom + rows, self.right + cols)

    def clipped(self, height: int, width: int) -> Box:
        """The part inside an array [height, width]; of no rows or columns where there is none."""
        top, left = min(max(self.top, 0), height), min(max(self.left, 0), width)
        return Box(top, left, max(min(self.bottom, height), top), max(min(self.right, width), left))

    def within(self, outer: Box) -> tuple[slice, slice]:
        """Where this box lies inside an array that covers ``outer``."""
        rows = slice(self.top - outer.top, self.bottom - outer.top)
        return rows, slice(self.left - outer.left, self.right - outer.left)


@dataclass(frozen=True, slots=True)
class Tile:
    """``read`` goes into the network; ``write`` is what is kept of its result."""

    read: Box
    write: Box


def exact_tiles(visible: Box, side: int, halo: int, stride: int) -> list[Tile]:
    """Tiles that write the visible box once, without seams when ``halo`` is the network's.

    side  how much a tile writes at most, in pixels; rounded to a multiple of ``stride``
    Reads start on multiples of ``stride`` and have such sizes.
    """
    side, halo = max(_down(side, stride), stride), _up(halo, stride)
    tiles = []
    for top in range(_down(visible.top, stride), visible.bottom, side):
        for left in range(_down(visible.left, stride), visible.right, side):
            bottom, right = min(top + side, visible.bottom), min(left + side, visible.right)
            write = Box(max(top, visible.top), max(left, visible.left), bottom, right)
            read = Box(top - halo, left - halo, _up(bottom, stride) + halo, _up(right, stride) + halo)
            tiles.append(Tile(read, write))
    return tiles


def blended_tiles(visible: Box, side: int = 288, overlap: int = 48) -> list[Tile]:
    """The first program's plan: whole tiles of 288 px that overlap by 48 and are blended linearly.

    It is not exact (a U-Net sees farther than 48 px), but it gives old checkpoints their old look.
    """
    step = side - overlap
    tiles = []
    # The first tiles start an overlap before the picture, so that its border is seen with its mirrored surroundings.
    for top in range(_down(visible.top, overlap) - overlap, visible.bottom, step):
        for left in range(_down(visible.left, overlap) - overlap, visible.right, step):
            read = Box(top, left, top + side, left + side)
            write = Box(
                max(top, visible.top),
                max(left, visible.left),
                min(top + side, visible.bottom),
                min(left + side, visible.right),
            )
            tiles.append(Tile(read, write))
    return tiles


def blend_weights(tile: Tile, overlap: int = 48) -> F32:
    """Weights f32 [h, w] of what a blended tile writes: linear ramps over the overlap, never zero."""
    vertical = _ramp(tile.read.bottom - tile.read.top, overlap)
    horizontal = _ramp(tile.read.right - tile.read.left, overlap)
    rows, cols = tile.write.within(tile.read)
    return vertical[rows, None] * horizontal[None, cols]


def _ramp(length: int, overlap: int) -> F32:
    rise = np.minimum(np.arange(length) + 0.5, overlap) / overlap
    return (rise * rise[::-1]).astype(np.float32)


def _down(n: int, step: int) -> int:
    return n // step * step


def _up(n: int, step: int) -> int:
    return -(-n // step) * step
