"""What surrounds clipped blocks: known values spread over them, and what blocks of like colour show nearby.

Blocks are the 3x3 px that each hold all three colours; arrays [h, w] have one element for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32

Places = NDArray[np.intp]

_TINY = np.float32(1e-20)
# From this weight on, what a pixel of the pyramid itself knows stands; below, what lies farther off shares in it. A
# pixel of the next level weighs twice the mean of its four, so that much of little weight counts from afar.
_WHOLLY, _GROWTH = np.float32(0.25), np.float32(2)
# How much is known near a block is told at these levels of the pyramid: within about 4, 16 and 64 blocks.
_NEARNESS_LEVELS = (1, 3, 5)
NEARNESS = len(_NEARNESS_LEVELS)
# The grid of like colours: cells of 8x8 blocks, coarser ones of 32 and 128, and one for the whole; colours in 17 bins.
_CELL, _COARSER, _LEVELS = 8, 4, 3
_BINS, _KEY_RANGE = 17, 2.0
_PRIOR = 0.02  # weight of what the coarser grid says, for each block of a cell
_LEAST_WEIGHT = 1e-3  # what weighs less tells nothing of a light


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Known values spread over all blocks: ``spread_known`` makes them, ``at`` reads them."""

    filled: F32  # [h / 2, w / 2, k]
    nearness: tuple[F32, ...]

    def at(self, rows: Places, cols: Places) -> F32:
        """Sample at blocks: f32 [n, k + NEARNESS], the values and how much is known near (0 to 1, near to far)."""
        values = sample(self.filled, rows, cols, 2)
        levels = zip(self.nearness, _NEARNESS_LEVELS, strict=True)
        known = [sample(level[..., None], rows, cols, 2 << depth) for level, depth in levels]
        return np.column_stack((values, *known))


def spread_known(values: Sequence[F32], weights: F32) -> Surroundings:
    """Spread k ``values`` f32 [h, w] from where they have weight (f32 [h, w], 0 to 1) to where they have none.

    A pyramid averages by weight down to a single value and refills gaps from coarse to fine, so that a gap takes on
    what its rim has, smoothly (pull-push: Gortler et al. 1996, "The lumigraph"). Where next to nothing is known in all
    of the picture values go to 0.
    """
    known = halve(weights)
    scale = 1 / np.maximum(known, _TINY)
    means = np.stack([halve(plane * weights) * scale for plane in values], axis=-1)
    share = np.minimum(4 * known, 1)
    nearness = [share]
    for _ in range(max(_NEARNESS_LEVELS)):
        nearness.append(halve(nearness[-1]))
    return Surroundings(
        _fill(np.asarray(means, np.float32), known), tuple(nearness[level] for level in _NEARNESS_LEVELS)
    )


def _fill(values: F32, weights: F32) -> F32:
    """Let values [h, w, k] stand in the measure of their weight and take the rest from the next coarser level."""
    share = np.minimum(weights / _WHOLLY, 1)[..., None]
    if max(weights.shape) == 1:
        return np.asarray(values * share)
    coarse_weights = halve(weights)
    coarse = halve(values * weights[..., None]) / np.maximum(coarse_weights, _TINY)[..., None]
    coarse_share = np.minimum(_GROWTH * coarse_weights, 1)
    filled = _double(_fill(np.asarray(coarse, np.float32), coarse_share), *weights.shape)
    return np.asarray(filled + (values - filled) * share)


def halve(image: F32) -> F32:
    """Means of 2x2 of f32 [h, w, ...], the last row or column counted twice where the size is odd."""
    pad = [(0, side % 2) for side in image.shape[:2]] + [(0, 0)] * (image.ndim - 2)
    padded = np.pad(image, pad, mode="edge") if any(after for _, after in pad) else image
    total = padded[::2, ::2] + padded[1::2, ::2] + padded[::2, 1::2] + padded[1::2, 1::2]
    return np.asarray(total / np.float32(4))


def _double(image: F32, height: int, width: int) -> F32:
    """Bilinear enlargement of f32 [h, w, k] by 2, cut to [height, width]."""
    near, far = np.float32(0.75), np.float32(0.25)
    for axis, size in enumerate((height, width)):
        before = np.concatenate((image.take([0], axis), image.take(range(image.shape[axis] - 1), axis)), axis)
        after = np.concatenate((image.take(range(1, image.shape[axis]), axis), image.take([-1], axis)), axis)
        pair = np.stack((far * before + near * image, near * image + far * after), axis + 1)
        shape = [2 * side if a == axis else side for a, side in enumerate(image.shape)]
        image = pair.reshape(shape).take(range(size), axis)
    return image


def sample(image: F32, rows: Places, cols: Places, step: int, *channel: Places) -> F32:
    """Bilinear samples of f32 [h, w, k], whose pixels are ``step`` blocks wide, at blocks: f32 [n, k].

    channel  which of k to read for each block: then f32 [n]
    """
    corners = []
    for index, size in ((rows, image.shape[0]), (cols, image.shape[1])):
        place = (index.astype(np.float32) + np.float32(0.5)) / np.float32(step) - np.float32(0.5)
        low = np.floor(place).astype(np.intp)
        share = (place - low).astype(np.float32)
        corners.append([(np.clip(low, 0, size - 1), 1 - share), (np.clip(low + 1, 0, size - 1), share)])
    parts = [(image[(y, x, *channel)].T * (down * right)).T for y, down in corners[0] for x, right in corners[1]]
    return np.asarray(parts[0] + parts[1] + parts[2] + parts[3])


def like_colours(offsets: F32, key: F32, weights: F32, rows: Places, cols: Places, wanted: F32) -> F32:
    """Look up what known blocks nearby have whose ``key`` is like the one ``wanted``: f32 [n].

    offsets, key, weights  f32 [h, w]; the mean of ``offsets`` by weight is taken over cells of blocks and bins of the
                 key from -2 to 2, and where a cell knows little, from coarser cells, from the whole picture, or 0
    rows, cols, wanted  the blocks to answer for, and their keys f32 [n]
    """
    shape = (-(-key.shape[0] // _CELL), -(-key.shape[1] // _CELL), _BINS)
    y, x = np.nonzero(weights > _LEAST_WEIGHT)
    weight = weights[y, x]
    place = ((y // _CELL) * shape[1] + x // _CELL) * _BINS + np.rint(_bin(key[y, x])).astype(np.intp)
    known = np.bincount(place, weight, int(np.prod(shape))).reshape(shape)
    total = np.bincount(place, weight * offsets[y, x], int(np.prod(shape))).reshape(shape)
    grid = _combined(known.astype(np.float32), total.astype(np.float32), _CELL, _LEVELS)
    at = _bin(wanted)
    low = np.minimum(np.floor(at).astype(np.intp), _BINS - 2)
    share = (at - low).astype(np.float32)
    lower, upper = (sample(grid, rows, cols, _CELL, index) for index in (low, low + 1))
    return np.asarray(lower * (1 - share) + upper * share)


def _bin(key: F32) -> F32:
    return np.asarray(np.clip((key + _KEY_RANGE) / (2 * _KEY_RANGE) * (_BINS - 1), 0, _BINS - 1))


def _combined(known: F32, total: F32, cell: int, levels: int) -> F32:
    """Means per cell and bin f32 [h, w, bins], leaning on coarser cells where little is known."""
    if levels == 0:
        known, total = (a.sum(axis=(0, 1), keepdims=True) for a in (known, total))
        return np.asarray(total / (known + np.float32(1)))
    height, width = known.shape[:2]
    pad = [(0, -height % _COARSER), (0, -width % _COARSER), (0, 0)]
    pooled = [
        np.pad(a, pad).reshape(-(-height // _COARSER), _COARSER, -(-width // _COARSER), _COARSER, -1).sum(axis=(1, 3))
        for a in (known, total)
    ]
    coarse = _combined(pooled[0], pooled[1], cell * _COARSER, levels - 1)
    if coarse.shape[:2] != (1, 1):
        coarse = coarse.repeat(_COARSER, axis=0)[:height].repeat(_COARSER, axis=1)[:, :width]
    prior = np.float32(_PRIOR * cell**2)
    return np.asarray((_blurred(total) + prior * coarse) / (_blurred(known) + prior))


def _blurred(image: F32) -> F32:
    """(1 2 1) / 4 along the first two axes; nothing lies beyond the edges."""
    for axis in range(2):
        if image.shape[axis] > 1:
            pad = [(1, 1) if a == axis else (0, 0) for a in range(3)]
            padded = np.moveaxis(np.pad(image, pad), axis, 0)
            image = np.moveaxis((padded[:-2] + 2 * padded[1:-1] + padded[2:]) / np.float32(4), 0, axis)
    return image
