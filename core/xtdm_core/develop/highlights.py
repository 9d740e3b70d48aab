"""Clipped highlights: what the unclipped channels and the surroundings say of them, before the network sees them.

All channels clip at about the same sensor value, so white balance would turn clipped areas magenta. Every 3x3 block of
the canonical CFA holds all three colours: ``highlight_colour`` estimates the clipped channels of blocks, and clipped
photosites take their values from there, bilinear between the middles of blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.develop.channels import largest
from xtdm_core.develop.highlight_colour import LEAST_TRUST, Blocks, estimate_colours, shipped_gates
from xtdm_core.develop.highlight_context import Places, halve
from xtdm_core.frame import F32, AlignedMosaic
from xtdm_core.xtrans import CANONICAL, clipped_photosites

_BLOCK = 3
_GREENS = ((0, 0), (0, 2), (1, 1), (2, 0), (2, 2))  # of every block
_ROUGH = 0.3  # where greens of a block differ by this share of their mean, an edge is likely
_TINY = 1e-6

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Headroom:
    """How a raw file uses its range; per channel R, G, B.

    clipped_percent  photosites at or above the saturation of their channel, in percent of the channel's
    headroom_ev      from the channel's 99.9th percentile up to its saturation, in EV
    """

    clipped_percent: tuple[float, float, float]
    headroom_ev: tuple[float, float, float]


def headroom(mosaic: AlignedMosaic) -> Headroom:
    """Measures clipping and headroom of the visible area."""
    values = mosaic.visible
    cfa = np.roll(CANONICAL, (-mosaic.top, -mosaic.left), (0, 1))
    clipped, free = [], []
    for colour in range(3):
        places = zip(*np.nonzero(cfa == colour), strict=True)
        samples = np.concatenate([values[y::6, x::6].ravel() for y, x in places])
        clipped.append(100 * float((samples >= np.float32(mosaic.saturation[colour])).mean()))
        brightest = max(float(np.quantile(samples, 0.999)), _TINY)
        free.append(max(0.0, float(np.log2(mosaic.saturation[colour] / brightest))))
    return Headroom((clipped[0], clipped[1], clipped[2]), (free[0], free[1], free[2]))


def reconstruct_highlights(mosaic: AlignedMosaic) -> AlignedMosaic:
    """Replace clipped photosites; all others stay as they are, bit for bit.

    Values f32 [H', W'] in sensor units, not white-balanced; new ones are never below what was read.
    """
    clipped = clipped_photosites(mosaic)
    if not clipped.any():
        return mosaic
    colours = estimate_colours(mosaic_blocks(mosaic, clipped), shipped_gates())
    gains = mosaic.wb.astype(np.float32)
    values = mosaic.values.copy()
    # One more block all around, so that every photosite lies between the middles of blocks.
    planes = [np.pad(colours[..., c] / gains[c], 1, mode="edge") for c in range(3)]
    for y in range(6):
        for x in range(6):
            rows, cols = np.divmod(np.flatnonzero(clipped[y::6, x::6]), clipped.shape[1] // 6)
            found = _between_blocks(planes[CANONICAL[y, x]], y, x, 2 * rows, 2 * cols)
            period = values[y::6, x::6]
            period[rows, cols] = np.maximum(found, period[rows, cols])
    return mosaic.with_values(values)


def period_picture(mosaic: AlignedMosaic) -> F32:
    """Picture the visible area at a sixth of the resolution, without demosaicing.

    Returns white-balanced camera RGB f32 [h, w, 3] in sensor units. Each pixel is the mean per channel of one period
    of the pattern, 6x6 px; clipped photosites are reconstructed. Periods that the visible area cuts are left
    out.
    """
    restored = reconstruct_highlights(mosaic)
    colours = halve(mosaic_blocks(restored, np.zeros(mosaic.values.shape, bool)).means)
    rows = slice(-(-mosaic.top // 6), (mosaic.top + mosaic.height) // 6)
    cols = slice(-(-mosaic.left // 6), (mosaic.left + mosaic.width) // 6)
    return colours[rows, cols]


def mosaic_blocks(mosaic: AlignedMosaic, clipped: Bools) -> Blocks:
    """Reduce a mosaic to its 3x3 blocks; ``clipped`` bool [H', W'] says which photosites clip."""
    gains = mosaic.wb.astype(np.float32)
    greens = [mosaic.values[y::_BLOCK, x::_BLOCK] for y, x in _GREENS]
    low, high, total = greens[0].copy(), greens[0].copy(), greens[0].copy()
    for plane in greens[1:]:
        np.minimum(low, plane, out=low)
        np.maximum(high, plane, out=high)
        total += plane
    # A plane for each channel in memory: nearly all that follows takes one channel at a time.
    means, flags = (np.moveaxis(np.empty((3, *low.shape), kind), 0, -1) for kind in (np.float32, np.bool_))
    means[..., 1] = total * (gains[1] / np.float32(len(_GREENS)))
    flags[..., 1] = np.logical_or.reduce([clipped[y::_BLOCK, x::_BLOCK] for y, x in _GREENS])
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        # Beside the centre of a block lie two of one colour, above and below it two of the other.
        for (y1, x1), (y2, x2) in (((0, 1), (2, 1)), ((1, 0), (1, 2))):
            one, two = (np.s_[_BLOCK * y + a :: 6, _BLOCK * x + b :: 6] for a, b in ((y1, x1), (y2, x2)))
            c = CANONICAL[_BLOCK * y + y1, _BLOCK * x + x1]
            means[y::2, x::2, c] = (mosaic.values[one] + mosaic.values[two]) * (gains[c] / 2)
            flags[y::2, x::2, c] = clipped[one] | clipped[two]
    contrast = (high - low) * np.float32(len(_GREENS)) / np.maximum(total, _TINY)
    evenness = np.exp(-np.square(contrast / np.float32(_ROUGH)))
    levels = gains * mosaic.saturation.astype(np.float32)
    nearest = np.clip(largest(np.asarray(means / levels, np.float32))[..., 0], 0, 1)
    # Brightness counts with its sixth power: what is half as bright, hardly at all.
    cube = nearest * nearest * nearest
    return Blocks(means, flags, cube * cube * evenness + LEAST_TRUST, levels)


def _between_blocks(plane: F32, y: int, x: int, rows: Places, cols: Places) -> F32:
    """Values of photosites (y, x) of the 6x6 period, bilinear between the middles of blocks: f32 [n].

    plane  f32 [h + 2, w + 2] of blocks, one more than the picture's on every side
    rows, cols  the first blocks of the photosites' periods
    """
    found = np.zeros(rows.size, np.float32)
    places = rows * plane.shape[1] + cols
    for row, down in _neighbours(y):
        for col, right in _neighbours(x):
            found += np.float32(down * right) * plane.take(places + (row * plane.shape[1] + col))
    return found


def _neighbours(offset: int) -> list[tuple[int, float]]:
    """The blocks (counted in a plane with one more before) between whose middles a row lies, and their shares."""
    block, place = divmod(offset, _BLOCK)
    if place == 1:
        return [(block + 1, 1.0)]
    return [(block + 1, 2 / 3), (block + place, 1 / 3)]
