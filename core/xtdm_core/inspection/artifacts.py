"""False colour, zippers and mazes without a truth: what edges and texture show beyond what flat areas do.

Each figure is an rms in 8-bit codes over the places where that artifact arises, less the same figure of calm places,
which is noise. Detail finer than a pair of pixels counts too: it looks the same. A strong grid in calm places passes
for noise, and hides the others: who made it is to be asked first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.frame import F32
from xtdm_core.inspection.fold import Bools
from xtdm_core.progress import Progress, Report, Stage, silent

# Codes per px: steeper is an edge, and less than a quarter of it is calm.
_EDGE = 8.0
_CALM = _EDGE / 4
# An edge along rows or columns: its gradient leans by less than 1 in 4.
_STRAIGHT = 4.0
_MARGIN = 2
_STRIP_ROWS = 256
_DARKEST, _STEP = 0.002, 0.01  # of white; as a share: where and how the slope of the encoding is taken
_USUAL = 5, 19  # of 25 values, in order: either side of an edge through the middle has ten
_CALM_EVERY = 7  # a sample of the calm places is enough
_ALTERNATION = np.array([1, -4, 6, -4, 1], np.float32) / 16


@dataclass(frozen=True, slots=True)
class ArtifactScore:
    """rms in 8-bit codes, noise taken off; NaN where the picture has no such place.

    false_colour  at edges, of how far R - G and B - G leave the range of their surroundings
    zipper        along edges that follow rows or columns, of what alternates from pixel to pixel
    maze          in texture, of what alternates along rows and columns at once
    """

    false_colour: float
    zipper: float
    maze: float


def score_artifacts(codes: F32, report: Report = silent) -> ArtifactScore:
    """Score 8-bit codes f32 [H, W, 3] of 6 px or more a side.

    False colour after Maschal et al. 2010, "Review of Bayer pattern color filter array (CFA) demosaicing with new
    quality assessment algorithms" (ARL-TR-5061): edges have no colour that their surroundings lack. A zipper is what
    Lu and Tan 2003, "Color filter array demosaicking: new method and performance measures", call so; they count pixels
    against a truth, here its on and off along the edge is measured. What ``report`` raises cancels.
    """
    found, calm = _Sums(), _Sums()
    height = codes.shape[0] - 2 * _MARGIN
    for top in range(0, height, _STRIP_ROWS):
        report(Progress(Stage.MEASURING_EDGES, top, height))
        _add(codes[top : top + _STRIP_ROWS + 2 * _MARGIN], found, calm)
    return ArtifactScore(*(_beyond(found, calm, i) for i in range(3)))


class _Sums:
    """Squares and numbers of the three figures."""

    def __init__(self) -> None:
        self.squares, self.numbers = np.zeros(3), np.zeros(3)

    def add(self, figure: int, values: F32) -> None:
        self.squares[figure] += np.square(values, dtype=np.float64).sum()
        self.numbers[figure] += values.size

    def mean(self, figure: int) -> float:
        return float(self.squares[figure] / self.numbers[figure]) if self.numbers[figure] else float("nan")


def _beyond(found: _Sums, calm: _Sums, figure: int) -> float:
    noise = calm.mean(figure)
    difference = found.mean(figure) - (0.0 if np.isnan(noise) else noise)
    return float(np.sqrt(np.maximum(0.0, difference)))  # NaN stays


def _add(strip: F32, found: _Sums, calm: _Sums) -> None:
    """Adds the places of a strip f32 [h, w, 3] that lie two or more pixels inside it."""
    across, down = _gradient(strip[..., 1])
    steep = np.hypot(across, down)
    quiet = _sampled(steep < _CALM)
    for places, sums in ((steep >= _EDGE, found), (quiet, calm)):
        sums.add(0, _beyond_surroundings(strip, places))
    along_rows = _alternation(strip[_MARGIN:-_MARGIN], 1)
    along_columns = _alternation(strip[:, _MARGIN:-_MARGIN], 0)
    upright = (steep >= _EDGE) & (np.abs(across) >= _STRAIGHT * np.abs(down))
    level = (steep >= _EDGE) & (np.abs(down) >= _STRAIGHT * np.abs(across))
    found.add(1, along_columns[upright])
    found.add(1, along_rows[level])
    for alternating in (along_columns, along_rows):
        calm.add(1, alternating[quiet])
    both = _alternation(_alternation(strip[..., 1], 0), 1)
    found.add(2, both[_mean_of_25(np.pad(steep, _MARGIN, mode="edge")) >= _EDGE / 2])
    calm.add(2, both[quiet])


def _gradient(green: F32) -> tuple[F32, F32]:
    """Sobel's, in codes per px, two pixels inside: (across columns, down rows)."""
    smooth_down = (green[:-2] + 2 * green[1:-1] + green[2:]) / 8
    smooth_across = (green[:, :-2] + 2 * green[:, 1:-1] + green[:, 2:]) / 8
    across, down = smooth_down[:, 2:] - smooth_down[:, :-2], smooth_across[2:] - smooth_across[:-2]
    return np.asarray(across[1:-1, 1:-1], np.float32), np.asarray(down[1:-1, 1:-1], np.float32)


def _alternation(values: F32, axis: int) -> F32:
    """How far each value, two inside, stands out from its neighbours along ``axis``: an on and off of 1 gives 1."""
    inside = values.shape[axis] - 2 * _MARGIN
    parts = (np.take(values, range(i, i + inside), axis) * weight for i, weight in enumerate(_ALTERNATION))
    return np.asarray(sum(parts), np.float32)


def _mean_of_25(values: F32) -> F32:
    """Means over 5x5, two inside."""
    for axis in (0, 1):
        inside = values.shape[axis] - 2 * _MARGIN
        values = np.mean([np.take(values, range(i, i + inside), axis) for i in range(5)], axis=0)
    return values


def _beyond_surroundings(strip: F32, places: Bools) -> F32:
    """How far R - G and B - G leave the middle 60 % of 5x5 px at the places of bool [h - 4, w - 4]: f32 [n, 2].

    In linear light, where a blurred edge between two colours has none but mixtures of them, then in codes.
    """
    rows, cols = np.nonzero(places)
    linear = srgb_decode((strip / 255).clip(0, 1))
    differences = linear[..., ::2] - linear[..., 1:2]
    around = np.array([differences[rows + y, cols + x] for y in range(5) for x in range(5)])
    own = around[len(around) // 2].copy()
    around.partition(_USUAL, axis=0)
    beyond = own - own.clip(around[_USUAL[0]], around[_USUAL[1]])
    level = np.maximum(linear[rows + _MARGIN, cols + _MARGIN].mean(-1, keepdims=True), _DARKEST)
    codes_per_light = srgb_encode(level * np.float32(1 + _STEP)) - srgb_encode(level)
    return np.asarray(beyond * codes_per_light * 255 / (level * _STEP), np.float32)


def _sampled(places: Bools) -> Bools:
    """One in so many of the places."""
    kept = np.zeros(places.size, bool)
    kept[np.flatnonzero(places)[::_CALM_EVERY]] = True
    return kept.reshape(places.shape)
