"""From a lens' tables to where a corrected pixel lies in the picture as the lens threw it.

Knots are radii in the uncorrected picture. With m(r_s) = 1 + d(r_s) / 100 the output's radius r_o is taken from r_s,
where r_s = r_o m(r_s); red from r_s (1 + c_R(r_s)), blue likewise; light is multiplied by 100 / v(r_s).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xtdm_core.frame import F64, LensCurve, LensTables

_ENTRIES = 2048  # of the tables, uniform in the radius squared
_REACH = 1.6  # how far they go, in half diagonals: beyond the corner of a strong barrel's source
_SOURCE_STEPS = 8192
_SAME_RADIUS = 0.02
_SPORTS_FINDER = 1.25  # knots refer to the whole sensor while the file holds its middle
_BORDER_POINTS = 200


@dataclass(frozen=True, slots=True)
class LensCorrection:
    """A lens' correction by the squared radius in the corrected picture, scaled so that it fills its frame.

    reach   the last entry's radius, in pixels
    ratio   f64 [3, n], the source's radius over the corrected one, for red, green and blue
    gain    f64 [n], what light is multiplied by
    moves   whether any pixel moves
    """

    reach: float
    ratio: F64
    gain: F64
    moves: bool

    def at(self, table: F64, square: F64) -> F64:
        """The entries f64 of ``table`` [n] at squared radii f64 of any shape, linearly between them."""
        place = np.minimum(square * ((_ENTRIES - 1) / self.reach**2), _ENTRIES - 1.001)
        below = place.astype(np.intp)
        return table[below] + (place - below) * (table[below + 1] - table[below])


def lens_correction(
    tables: LensTables, height: int, width: int, distortion: float = 1.0, aberration: float = 1.0, light: float = 1.0
) -> LensCorrection | None:
    """Build the correction for a picture of such a size; None where nothing is to be corrected.

    distortion, aberration, light  how much of each error is corrected: 0 none, 1 all
    """
    half = math.hypot(height, width) / 2
    source = np.linspace(0, 1.5 * _REACH * half, _SOURCE_STEPS)
    stretch = 1 + distortion * _values(tables.distortion, source, half) / 100
    colours = [aberration * _values(curve, source, half) for curve in (tables.red, None, tables.blue)]
    gain = 1 + light * (100 / _values(tables.vignetting, source, half, absent=100.0) - 1)
    moves = bool((stretch != 1).any() or any(colour.any() for colour in colours))
    if not moves and not (gain != 1).any():
        return None
    corrected = np.maximum.accumulate(source / stretch)
    radii = np.sqrt(np.linspace(0, (_REACH * half) ** 2, _ENTRIES))
    from_radii = np.interp(radii, corrected, source)
    ratio = np.divide(from_radii, radii, out=np.full(_ENTRIES, stretch[0]), where=radii > 0)
    ratios = np.stack([ratio * (1 + np.interp(from_radii, source, colour)) for colour in colours])
    whole = LensCorrection(_REACH * half, ratios, np.interp(from_radii, source, gain), moves)
    return _filling(whole, height, width) if moves else whole


def _values(curve: LensCurve | None, radii: F64, half: float, absent: float = 0.0) -> F64:
    """A curve f64 at radii in pixels: monotone cubics, over the radius squared where its knots are uniform in that."""
    if curve is None:
        return np.full_like(radii, absent)
    knots, values = np.array(curve.knots), np.array(curve.values)
    ratio = curve.radius / half
    known = any(abs(ratio - scale) < _SAME_RADIUS * scale for scale in (1.0, _SPORTS_FINDER))
    at = np.minimum(radii / (curve.radius if known else half), knots[-1])
    square_steps = np.diff(knots**2)
    if np.ptp(square_steps) < 0.1 * square_steps.mean():
        return pchip(knots**2, values, at**2)
    return pchip(knots, values, at)


def pchip(knots: F64, values: F64, at: F64) -> F64:
    """Interpolate with cubics that are monotone where the values are (Fritsch and Butland 1984), f64 of at's shape.

    knots rise; ``at`` lies between the first and the last.
    """
    steps = np.diff(knots)
    slopes = np.diff(values) / steps
    inner = np.zeros(len(knots))
    before, after = slopes[:-1], slopes[1:]
    first, second = 2 * steps[1:] + steps[:-1], steps[1:] + 2 * steps[:-1]
    rising = before * after > 0
    safe = np.where(rising, before, 1), np.where(rising, after, 1)
    inner[1:-1] = np.where(rising, (first + second) / (first / safe[0] + second / safe[1]), 0)
    inner[0] = _end_slope(steps[0], steps[1], slopes[0], slopes[1])
    inner[-1] = _end_slope(steps[-1], steps[-2], slopes[-1], slopes[-2])
    place = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(steps) - 1)
    width, t = steps[place], (at - knots[place]) / steps[place]
    low, high = values[place], values[place + 1]
    up, down = t * t * (3 - 2 * t), t * (1 - t) ** 2
    return low + (high - low) * up + width * (inner[place] * down - inner[place + 1] * t * t * (1 - t))


def _end_slope(near: float, far: float, slope: float, next_slope: float) -> float:
    """The derivative at an end: three-point formula, held so that the curve does not turn."""
    found = ((2 * near + far) * slope - near * next_slope) / (near + far)
    if np.sign(found) != np.sign(slope):
        return 0.0
    if np.sign(slope) != np.sign(next_slope) and abs(found) > 3 * abs(slope):
        return float(3 * slope)
    return float(found)


def _filling(lens: LensCorrection, height: int, width: int) -> LensCorrection:
    """The same, enlarged or reduced as far as every pixel of the frame still has a source in all three colours."""
    right, bottom = (width - 1) / 2, (height - 1) / 2
    x = np.r_[np.linspace(0, right, _BORDER_POINTS), np.full(_BORDER_POINTS, right)]
    y = np.r_[np.full(_BORDER_POINTS, bottom), np.linspace(0, bottom, _BORDER_POINTS)]
    square = x**2 + y**2

    def is_inside(scale: float) -> bool:
        ratio = max_ratio(scale)
        return bool((x * ratio <= right + 1e-9).all() and (y * ratio <= bottom + 1e-9).all())

    def max_ratio(scale: float) -> F64:
        return scale * np.max([lens.at(colour, square * scale**2) for colour in lens.ratio], axis=0)

    low, high = 0.5, 1.5
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if is_inside(middle) else (low, middle)
    return LensCorrection(lens.reach / low, lens.ratio * low, lens.gain, moves=True)
