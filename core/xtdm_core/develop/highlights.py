"""Clipped highlights: what the unclipped channels and the surroundings say of them, before the network sees them.

All channels clip at the same sensor value, so white balance would turn clipped areas magenta. Every 3x3 block of
the canonical CFA holds all three colours: at a third of the resolution each block has a mean per channel, and a
flag where a channel clips. The ratio of two channels is known where neither clips; from there it is spread over
the clipped areas, bright surroundings first. A clipped channel is then its unclipped companions times that ratio,
never below the clip level. Where all channels clip nothing of the colour is left, and the result is neutral, as
bright as the surroundings of that area suggest.

The idea of taking clipped channels from the others and the chromaticity from the rim is that of "inpaint opposed"
(darktable); the ratios, their spreading and the blend to neutral are this program's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.develop.channels import largest, smallest
from xtdm_core.frame import F32, AlignedMosaic
from xtdm_core.xtrans import CANONICAL

# A photosite this close to the white level counts as clipped: sensors saturate a little early, and noise clips.
CLIP = 0.99
_BLOCK = 3
# As the last unclipped channel comes close to clipping, faint colours fade to the neutral of the area behind.
_FADE_FROM, _FADE_SATURATION = 0.7, (0.35, 0.6)
_TINY = 1e-6

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Headroom:
    """How a raw file uses its range; per channel R, G, B.

    clipped_percent  photosites at or above the clip level, in percent of the channel's
    headroom_ev      from the channel's 99.9th percentile up to the white level, in EV
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
        clipped.append(100 * float((samples >= CLIP).mean()))
        free.append(-float(np.log2(max(np.quantile(samples, 0.999), _TINY))))
    return Headroom((clipped[0], clipped[1], clipped[2]), (free[0], free[1], free[2]))


def reconstruct_highlights(mosaic: AlignedMosaic) -> AlignedMosaic:
    """Replaces clipped photosites; all others stay as they are, bit for bit.

    Values f32 [H', W'] in sensor units, not white-balanced, as before; new ones are at least 1 and often more.
    """
    clipped = mosaic.values >= np.float32(CLIP)
    if not clipped.any():
        return mosaic
    gains = mosaic.wb.astype(np.float32)
    means, flags = _block_means(mosaic.values, clipped, gains)
    colour, level = _reconstruct_blocks(means, flags, gains)
    rows, cols = np.nonzero(clipped)
    channel = CANONICAL[rows % 6, cols % 6]
    everything = flags[rows // _BLOCK, cols // _BLOCK].all(axis=-1)
    balanced = np.where(everything, _sample(level, rows, cols), _sample(colour, rows, cols, channel))
    values = mosaic.values.copy()
    values[rows, cols] = np.maximum(balanced / gains[channel], 1)
    return mosaic.with_values(values)


def period_picture(mosaic: AlignedMosaic) -> F32:
    """The visible area without demosaicing: white-balanced camera RGB f32 [h, w, 3] at a sixth of the resolution.

    Each pixel is the mean per channel of one period of the pattern, 6x6 px, in sensor units; clipped channels are
    estimated as ``reconstruct_highlights`` does it. Periods that the visible area cuts are left out.
    """
    gains = mosaic.wb.astype(np.float32)
    blocks, clipped = _block_means(mosaic.values, mosaic.values >= np.float32(CLIP), gains)
    colour = (blocks[::2, ::2] + blocks[1::2, ::2] + blocks[::2, 1::2] + blocks[1::2, 1::2]) / np.float32(4)
    flags = clipped[::2, ::2] | clipped[1::2, ::2] | clipped[::2, 1::2] | clipped[1::2, 1::2]
    if flags.any():
        colour, level = _reconstruct_blocks(colour, flags, gains)
        everything = flags[..., :1] & flags[..., 1:2] & flags[..., 2:]
        colour = np.where(everything, level[..., None], colour)
    rows = slice(-(-mosaic.top // 6), (mosaic.top + mosaic.height) // 6)
    cols = slice(-(-mosaic.left // 6), (mosaic.left + mosaic.width) // 6)
    return colour[rows, cols]


def _block_means(values: F32, clipped: Bools, gains: F32) -> tuple[F32, Bools]:
    """(balanced means f32 [h, w, 3] of every 3x3 block, whether a channel clips anywhere in it [h, w, 3])."""
    height, width = values.shape
    h, w = height // _BLOCK, width // _BLOCK
    sums, flags = np.zeros((h, w, 3), np.float32), np.zeros((h, w, 3), bool)
    for y in range(6):
        for x in range(6):
            c = CANONICAL[y, x]
            at = (slice(y // _BLOCK, None, 2), slice(x // _BLOCK, None, 2), c)
            sums[at] += values[y::6, x::6]
            flags[at] |= clipped[y::6, x::6]
    # Every block has 5 G, 2 R and 2 B.
    samples = np.array([2, 5, 2], dtype=np.float32)
    return (sums * (gains / samples)).astype(np.float32), flags


def _reconstruct_blocks(means: F32, flags: Bools, gains: F32) -> tuple[F32, F32]:
    """(colour f32 [h, w, 3] with clipped channels estimated, neutral level f32 [h, w]), balanced.

    Blocks with one clipped channel come first: their estimates are the nearest rim of those with two.
    """
    count = _count(flags)
    colour = _estimate(means, flags, gains)
    colour = np.where((count == 2)[..., None], _estimate(colour, flags & (count >= 2)[..., None], gains), colour)
    colour = _fade_to_neutral(colour, means, flags, gains)
    level = _spread(colour.mean(axis=-1), ((count > 0) & (count < 3)).astype(np.float32))
    return colour, np.maximum(level, gains.max())


def _count(flags: Bools) -> NDArray[np.uint8]:
    """How many of three flags bool [h, w, 3] are set: u8 [h, w]."""
    one, two, three = (flags[..., c].astype(np.uint8) for c in range(3))
    return one + two + three


def _estimate(colour: F32, unknown: Bools, gains: F32) -> F32:
    """``colour`` f32 [h, w, 3] with its unknown channels taken from the known ones by the spread ratios."""
    ratios = _spread_ratios(colour, unknown, gains)
    known = np.where(unknown, 0, np.maximum(colour, 0))
    out = colour.copy()
    for c in range(3):
        others = [d for d in range(3) if d != c]
        # Weighted by brightness: a dark channel's ratio says little.
        weighted = sum(known[..., d] ** 2 * np.exp(ratios[c, d]) for d in others)
        estimate = weighted / np.maximum(sum(known[..., d] for d in others), _TINY)
        out[..., c] = np.where(unknown[..., c], np.maximum(estimate, gains[c]), colour[..., c])
    return out


def _spread_ratios(colour: F32, unknown: Bools, gains: F32) -> dict[tuple[int, int], F32]:
    """log(channel c / channel d) at every block, taken where both are known, spread elsewhere."""
    # Bright surroundings are of the same light as what clips; a dark twig before the sky is not.
    weight = largest(np.clip(colour / gains, 0, 1))[..., 0] ** 4 + np.float32(_TINY)
    logs = np.log(np.maximum(colour, np.float32(_TINY) * 100))
    ratios = {}
    for c, d in ((0, 1), (0, 2), (1, 2)):
        known = ~(unknown[..., c] | unknown[..., d])
        ratios[c, d] = _spread(logs[..., c] - logs[..., d], known * weight)
        ratios[d, c] = -ratios[c, d]
    return ratios


def _fade_to_neutral(colour: F32, means: F32, flags: Bools, gains: F32) -> F32:
    """Where two channels clip, lets faint colours become neutral as the third comes close to clipping too.

    The two shrink towards the third by one factor, which keeps the hue, and not below their clip levels.
    """
    third = largest(np.where(flags, 0, means))
    nearness = largest(np.where(flags, 0, means / gains))
    saturation = (1 - smallest(colour) / np.maximum(largest(colour), np.float32(_TINY))).astype(np.float32)
    fade = _smoothstep(nearness, _FADE_FROM, CLIP) * (1 - _smoothstep(saturation, *_FADE_SATURATION))
    excess = colour - third
    least = largest(np.where(flags & (excess > 0), (gains - third) / np.maximum(excess, _TINY), 0))
    faded = third + excess * np.clip(np.maximum(1 - fade, least), 0, 1)
    two = _count(flags)[..., None] == 2
    return np.where(flags & two, faded, colour).astype(np.float32)


def _smoothstep(x: F32, low: float, high: float) -> F32:
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)
    return t * t * (3 - 2 * t)


def _spread(values: F32, weights: F32) -> F32:
    """Keeps ``values`` [h, w] where they have weight and fills the rest from near to far (pull-push pyramid).

    The pyramid averages by weight down to a single value and refills from coarse to fine, so that a gap takes on
    what its rim has, smoothly. Where nothing has weight the result is 0.
    """
    if min(values.shape) < 2 or (weights > 0).all():
        total = float(weights.sum())
        mean = float((values * weights).sum()) / total if total > 0 else 0.0
        return np.where(weights > 0, values, np.float32(mean))
    coarse_weights = _halve(weights)
    coarse = _halve(values * weights) / np.maximum(coarse_weights, np.float32(1e-20))
    known = np.where(coarse_weights > 1e-20, np.minimum(coarse_weights, 1), 0).astype(np.float32)
    filled = _spread(coarse.astype(np.float32), known)
    return np.where(weights > 0, values, _double(filled, *values.shape))


def _halve(image: F32) -> F32:
    """Means of 2x2, the last row or column counted twice where the size is odd."""
    padded = np.pad(image, [(0, side % 2) for side in image.shape], mode="edge")
    total = padded[::2, ::2] + padded[1::2, ::2] + padded[::2, 1::2] + padded[1::2, 1::2]
    return total / np.float32(4)


def _double(image: F32, height: int, width: int) -> F32:
    """Bilinear enlargement by 2, cut to [height, width]."""
    for axis in (0, 1):
        padded = np.pad(image, [(1, 1) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        before, middle, after = (np.take(padded, range(k, k + image.shape[axis]), axis) for k in range(3))
        pair = np.stack(((before + 3 * middle) / 4, (3 * middle + after) / 4), axis=axis + 1)
        image = pair.reshape([2 * side if a == axis else side for a, side in enumerate(image.shape)])
    return image[:height, :width]


def _sample(blocks: F32, rows: NDArray[np.intp], cols: NDArray[np.intp], *channel: NDArray[np.integer]) -> F32:
    """``blocks`` [h, w] or [h, w, 3] at photosites, bilinear between the middles of the blocks."""
    out = np.zeros(rows.size, np.float32)
    y, x = (rows - 1) / _BLOCK, (cols - 1) / _BLOCK
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    for dy in (0, 1):
        for dx in (0, 1):
            weight = np.abs(1 - dy - (y - y0)) * np.abs(1 - dx - (x - x0))
            yy, xx = (np.clip(k, 0, n - 1) for k, n in ((y0 + dy, blocks.shape[0]), (x0 + dx, blocks.shape[1])))
            out += weight * blocks[(yy, xx, *channel)]
    return out
