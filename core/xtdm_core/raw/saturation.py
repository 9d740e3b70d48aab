"""Where photosites saturate: below the white level that files and LibRaw state, and not alike in R, G and B.

Clipped photosites pile up at one level of the channel, some of them 50 codes above or below. The level is where that
pile is found. Without one nothing much clips, and the model's published level stands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32, F64, U8, U16

# Levels R, G, B that white frames of these cameras reach safely, in their 14 or 12 bits (RawTherapee, camconst.json).
_PUBLISHED: Mapping[str, tuple[int, int, int]] = {
    "X-T1": (16202, 16277, 16232),
    "X-T2": (16195, 16270, 16195),
    "X-PRO2": (16105, 16270, 16082),
    "X-T3": (16170, 16275, 16170),
    "X-PRO3": (16170, 16275, 16170),
    "X-PRO1": (4080, 4080, 4080),
    "X30": (4040, 4040, 4040),
    "XQ2": (4040, 4040, 4040),
    **dict.fromkeys(("X100S", "X100T", "X70", "X-T10", "X-E2", "X-E2S"), (16100, 16100, 16100)),
    **dict.fromkeys(("X-T20", "X-E3", "X100F", "X-H1"), (16100, 16100, 16100)),
}
_LOWEST = 0.977  # of the range from black to white: no X-Trans camera saturates below
_UNKNOWN = 0.98  # where other cameras are taken to saturate
_SPREAD = 0.008  # of the range: how far from their level photosites saturate at most, 120 of 14-bit codes
_FEWEST = 12  # photosites that make a pile
_STEEPNESS = 8.0  # how much denser a pile is than what lies below
_STRAY = 0.02  # share of the pile that may lie above it, or beyond what is taken for its width
_REACH = 1.4  # how far the last photosites lie from the middle, against that width: 3.3 standard deviations


def find_saturation(mosaic: U16, cfa: U8, black: F32, white: float, model: str) -> F64:
    """Find the level at which R, G and B photosites clip: f64 [3] in sensor units, at most 1.

    mosaic  u16 [H, W], its colours and black levels (f32) repeat as ``cfa`` and ``black`` [6, 6] say
    A photosite is clipped where its sensor value is not below the level of its channel.
    """
    found = [_level_of_pile(_counts(mosaic, cfa, colour), black[cfa == colour], white) for colour in range(3)]
    lowest = min((level for level in found if level is not None), default=white)
    published = _PUBLISHED.get(model.upper())
    levels = []
    for colour, level in enumerate(found):
        own = black[cfa == colour]
        code = level if level is not None else min(_expected(published, colour, own, white), lowest)
        # The arithmetic of xtrans.align, rounded down: the photosites of the level itself are clipped.
        levels.append(float(((np.float32(code) - own) / (np.float32(white) - own)).min()))
    return np.minimum(np.array(levels), 1.0)


def _expected(published: tuple[int, int, int] | None, colour: int, black: F32, white: float) -> float:
    """The published code of a channel; without one, or where it is of another bit depth, a cautious one."""
    code = published[colour] if published else 0
    span = white - float(black.mean())
    return code if _LOWEST * span <= code - float(black.mean()) <= span else white - (1 - _UNKNOWN) * span


def _counts(mosaic: U16, cfa: U8, colour: int) -> NDArray[np.int64]:
    """How many photosites of a colour have each code, i64 [65536]."""
    counts = np.zeros(1 << 16, np.int64)
    for y, x in zip(*np.nonzero(cfa == colour), strict=True):
        counts += np.bincount(mosaic[y::6, x::6].ravel(), minlength=1 << 16)
    return counts


def _level_of_pile(counts: NDArray[np.int64], black: F32, white: float) -> float | None:
    """The lowest code of the pile in a channel's histogram; None where there is none.

    A pile is the densest place near the top, much denser than what lies below it, with next to nothing above. Its
    lower side runs into the picture's own bright tones, so that its width is read from the upper side, unless the white
    level cuts that off.
    """
    span = white - float(black.mean())
    spread = max(round(_SPREAD * span), 1)
    floor, top = round(white - (1 - _LOWEST) * span), round(white)
    near = counts[floor : top + 1].copy()
    if near.size <= 2 * spread + 1:  # hardly any levels: damage, or a sensor of very few bits
        return None
    near[-1] += counts[top + 1 :].sum()  # some files reach beyond their white level
    heights = np.convolve(near, np.ones(2 * spread + 1, np.int64), mode="same")
    middle = int(np.argmax(_narrow(near, spread)))
    pile, above = int(heights[middle]), int(near[middle + spread + 1 : -1].sum())  # hot ones reach the top
    below = counts[floor + middle - 7 * spread : floor + middle - spread]
    background = float(below.mean()) if below.size else 0.0
    core = int(near[max(middle - spread // 2, 0) : middle + spread // 2 + 1].sum())
    if core < max(_FEWEST, _STEEPNESS * background * spread) or above > _STRAY * pile:
        return None
    width = _reach(near[middle : max(min(middle + spread + 1, near.size - 1), middle + 1)].astype(np.float64))
    if middle + spread >= near.size:
        lower = near[max(middle - spread, 0) : middle][::-1].astype(np.float64) - background
        width = max(width, _reach(lower) if lower.sum() > _STRAY * pile else 0)
    return float(floor + middle - min(math.ceil(_REACH * width), spread))


def _reach(side: NDArray[np.floating]) -> int:
    """How many codes from its middle on a pile's side, counts per code f64 [n], is all but ended."""
    total = np.cumsum(side)
    return int(np.argmax(total >= (1 - _STRAY) * total.max()))


def _narrow(near: NDArray[np.int64], spread: int) -> NDArray[np.float64]:
    """The histogram smoothed by a quarter of the spread, triangular: its maximum is the middle of a pile."""
    side = max(spread // 4, 1)
    kernel = np.concatenate([np.arange(1, side + 1), np.arange(side - 1, 0, -1)]) / side
    return np.convolve(near, kernel, mode="same")
