"""What of a picture is computed already, and what to compute next: the part that is looked at comes first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xtdm_core.demosaicing.tiles import Box

CELL = 192  # pixels a side
# Blocks of cells that are computed in one go: small ones show something soon, big ones waste less on halos.
_FIRST, _LOOKED_AT, _BEHIND = 1, 2, 4

Bools = NDArray[np.bool_]


class TileSchedule:
    """The squares of ``CELL`` pixels that a picture [height, width] is cut into, and which of them are there.

    done  bool [rows, cols]
    """

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.done: Bools = np.zeros((-(-height // CELL), -(-width // CELL)), dtype=bool)

    @property
    def complete(self) -> bool:
        """Whether everything is there."""
        return bool(self.done.all())

    @property
    def share(self) -> float:
        """How much is there, 0 to 1."""
        return float(self.done.mean())

    def mark(self, box: Box) -> None:
        """Mark the cells in ``box``, which ends on cells' borders or the picture's, as done."""
        self.done[_cells(box.clipped(self.height, self.width)).slices] = True

    def covers(self, box: Box) -> bool:
        """Whether every pixel of ``box`` that lies in the picture is there."""
        return bool(self.done[_cells(box.clipped(self.height, self.width)).slices].all())

    def covers_pixel(self, y: int, x: int) -> bool:
        """Whether a pixel is there."""
        return bool(self.done[y // CELL, x // CELL])

    def touched(self, box: Box) -> Bools:
        """The cells bool [rows, cols] that have pixels in ``box``."""
        flags = np.zeros_like(self.done)
        flags[_cells(box.clipped(self.height, self.width)).slices] = True
        return flags

    def next_box(self, wanted: Box, allowed: Bools | None = None) -> Box | None:
        """The box to compute next, None where nothing is left to do.

        wanted   what is looked at: its missing cells come first, those near its middle before the others
        allowed  bool [rows, cols], cells that can be computed now; None for all
        """
        missing = ~self.done if allowed is None else ~self.done & allowed
        if not missing.any():
            return None
        seen = self.touched(wanted)
        urgent = missing & seen
        if not urgent.any():
            return self._block(missing, missing, wanted, _BEHIND)
        first = not (self.done & seen).any()
        # Looked at from afar, small blocks would show no sooner.
        size = _FIRST if first else _LOOKED_AT if int(seen.sum()) <= 100 else _BEHIND
        return self._block(urgent, missing, wanted, size)

    def _block(self, candidates: Bools, missing: Bools, wanted: Box, size: int) -> Box:
        """The block of ``size`` cells a side around the candidate nearest to the middle of ``wanted``."""
        rows, cols = np.nonzero(candidates)
        middle_row = (wanted.top + wanted.bottom) / 2 / CELL - 0.5
        middle_col = (wanted.left + wanted.right) / 2 / CELL - 0.5
        nearest = int(np.argmin((rows - middle_row) ** 2 + (cols - middle_col) ** 2))
        row, col = int(rows[nearest]), int(cols[nearest])
        top, left = row // size * size, col // size * size
        block = missing[top : top + size, left : left + size]
        if not block.all():
            # Parts are there already, or cannot be done yet: the largest rectangle around is not worth the search.
            top, left, block = row, col, missing[row : row + 1, col : col + 1]
        box = Box(top * CELL, left * CELL, (top + block.shape[0]) * CELL, (left + block.shape[1]) * CELL)
        return box.clipped(self.height, self.width)


def unaffected_cells(flags: Bools) -> Bools:
    """Cells bool [rows, cols] that see none of the flagged pixels bool [H, W], neither inside nor in a cell beside."""
    rows, cols = -(-flags.shape[0] // CELL), -(-flags.shape[1] // CELL)
    touched = np.zeros((rows + 2, cols + 2), dtype=bool)
    strips = np.logical_or.reduceat(flags, np.arange(0, flags.shape[0], CELL), axis=0)
    touched[1:-1, 1:-1] = np.logical_or.reduceat(strips, np.arange(0, flags.shape[1], CELL), axis=1)
    near = np.zeros((rows, cols), dtype=bool)
    for dy in range(3):
        for dx in range(3):
            near |= touched[dy : dy + rows, dx : dx + cols]
    return ~near


def _cells(box: Box) -> Box:
    """The box of cells, in cells, that touch a box of pixels."""
    if box.height == 0 or box.width == 0:
        return Box(0, 0, 0, 0)
    return Box(box.top // CELL, box.left // CELL, -(-box.bottom // CELL), -(-box.right // CELL))
