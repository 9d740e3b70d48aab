"""Find hot and dead photosites and replace them, before anything else is done with a frame.

A defect is one photosite that stands out by itself: far from all its neighbours of the same colour, while the
photosites that touch it, of whatever colour, differ little from their own surroundings. The optics spread a star, or
any other true detail, over its neighbours; a defect is spread over nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F64, U16, Noise, RawFrame

# How many standard deviations of noise a defect stands out from the nearest of its neighbours: noise alone does not
# reach that among 10^8 photosites.
_SIGMAS = 8.0
# And at least so much of the sensor's range, and of the range of its neighbours' values.
_LEAST, _RANGES = 0.01, 4.0
# The four photosites that touch a defect stand out from their own surroundings, in the mean, by no more than this share
# of what the defect does and what noise explains. Beside the peak of a star of 1.5 px FWHM that share is 29 %.
_SPREAD, _SPREAD_SIGMAS = 0.06, 1.5
# Where the noise is not known: that of an X-T3 at ISO 12,800.
_UNKNOWN = Noise(2.5e-3, 4e-6)
_NEIGHBOURS = 6  # of the same colour; the farthest lies 3 px away

Places = NDArray[np.intp]


def without_defects(frame: RawFrame) -> tuple[RawFrame, int]:
    """Replace hot and dead photosites by the median of their nearest neighbours of the same colour.

    Returns (the frame, the very same one where nothing was found; how many photosites were replaced). All others keep
    their values; so do those in the outermost 6 px.
    """
    rows, cols = find_defects(frame)
    if not rows.size:
        return frame, 0
    mosaic = frame.mosaic.copy()
    mosaic[rows, cols] = np.rint(np.median(_around(frame, rows, cols), axis=0)).astype(np.uint16)
    return replace(frame, mosaic=mosaic), rows.size


def find_defects(frame: RawFrame) -> tuple[Places, Places]:
    """Find hot and dead photosites: their (rows, columns), each i64 [n]."""
    rows, cols = _outliers(frame)
    noise = frame.noise or _UNKNOWN
    span = frame.white - float(frame.black.mean())
    near = _around(frame, rows, cols)
    low, middle, high = near.min(axis=0), np.median(near, axis=0), near.max(axis=0)
    level = np.maximum((middle - frame.black[rows % 6, cols % 6]) / span, 0)
    sigma = span * np.sqrt(noise.a * level + noise.b)
    code = frame.mosaic[rows, cols].astype(np.float64)
    hot = code > high
    stands_out = np.where(hot, code - high, low - code)
    found = (stands_out > _SIGMAS * sigma) & (stands_out > _RANGES * (high - low))
    rows, cols, sigma, size = rows[found], cols[found], sigma[found], (code - middle)[found]
    sides = [_excess(frame, rows + dy, cols + dx) for dy, dx in ((-1, 0), (1, 0), (0, -1), (0, 1))]
    # The mean of four has half the noise of one.
    beside = np.sign(size) * np.mean(sides, axis=0)
    alone = beside < _SPREAD * np.abs(size) + _SPREAD_SIGMAS / 2 * sigma
    return rows[alone], cols[alone]


def _outliers(frame: RawFrame) -> tuple[Places, Places]:
    """Photosites that stand out, in one direction, from the four nearest of their colour."""
    height, width = (side // 6 for side in frame.mosaic.shape)
    # One plane per place in the period: neighbours are then whole planes, shifted, and fast to compare.
    planes = [[np.ascontiguousarray(frame.mosaic[y::6, x::6][:height, :width]) for x in range(6)] for y in range(6)]
    least = _least_by_code(frame)
    rows, cols = [], []
    for y in range(6):
        for x in range(6):
            centre = planes[y][x][1:-1, 1:-1]
            near = [_shifted(planes, y + dy, x + dx) for dy, dx in _offsets(frame, y, x)[:4]]
            low, high = near[0].copy(), near[0].copy()
            for plane in near[1:]:
                np.minimum(low, plane, out=low)
                np.maximum(high, plane, out=high)
            # Differences of unsigned codes: how far the centre lies above or below all, 0 where it does not.
            beyond = (np.maximum(centre, high) - high) + (low - np.minimum(centre, low))
            found = np.nonzero(beyond > least[low])
            rows.append(6 * (found[0] + 1) + y)
            cols.append(6 * (found[1] + 1) + x)
    return np.concatenate(rows), np.concatenate(cols)


def _least_by_code(frame: RawFrame) -> U16:
    """How far a defect stands out at least from neighbours as dark as a code: u16 [65536]."""
    span, black = frame.white - float(frame.black.mean()), float(frame.black.max())
    levels = np.maximum(np.arange(1 << 16) - black, 0) / span
    noise = frame.noise or _UNKNOWN
    least = np.maximum(_SIGMAS * np.sqrt(noise.a * levels + noise.b), _LEAST)
    return np.asarray(np.minimum(span * least, 65535), dtype=np.uint16)


def _shifted(planes: list[list[U16]], y: int, x: int) -> U16:
    """What lies at (y, x) of every period but the outermost; y and x from -6 to 11."""
    plane = planes[y % 6][x % 6]
    top, left = 1 + y // 6, 1 + x // 6
    return plane[top : top + plane.shape[0] - 2, left : left + plane.shape[1] - 2]


def _offsets(frame: RawFrame, y: int, x: int) -> list[tuple[int, int]]:
    """The places (dy, dx) of the nearest photosites of the colour of (y, x), nearest first."""
    reach = range(-3, 4)
    same = [
        (dy, dx) for dy in reach for dx in reach if frame.cfa[(y + dy) % 6, (x + dx) % 6] == frame.cfa[y % 6, x % 6]
    ]
    return sorted(same, key=lambda at: (at[0] ** 2 + at[1] ** 2, at))[1 : 1 + _NEIGHBOURS]


def _around(frame: RawFrame, rows: Places, cols: Places) -> F64:
    """The codes of the nearest photosites of the same colour: f64 [6, n]."""
    table = np.array([[_offsets(frame, y, x) for x in range(6)] for y in range(6)])
    dy, dx = np.moveaxis(table[rows % 6, cols % 6], -1, 0)
    return frame.mosaic[rows[:, None] + dy, cols[:, None] + dx].T.astype(np.float64)


def _excess(frame: RawFrame, rows: Places, cols: Places) -> F64:
    """How far photosites stand above the median of the nearest of their colour: f64 [n], in codes."""
    return np.asarray(frame.mosaic[rows, cols] - np.median(_around(frame, rows, cols), axis=0))
