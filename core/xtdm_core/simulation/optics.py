"""A picture through a lens: what its errors make of the light on the sensor."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from xtdm_core.frame import F32, F64
from xtdm_core.simulation.lens import LensProfile, polynomial

_HALF = 3  # of the Lanczos window, in pixels
_FINENESS = 1024  # places between two pixels at which the window is tabulated
_STRIP = 1 << 15  # pixels worked on at once, so that temporaries stay in the processor's cache
_RADII = np.linspace(0, 1.05, 1051)


def through_lens(image: F32, lens: LensProfile) -> F32:
    """The picture f32 [H, W, 3] of an ideal lens as ``lens`` would throw it on the sensor; linear light.

    What lies outside the picture is mirrored in. Lanczos' window of 3 px, clipped to the lightest and darkest of the
    4x4 px around.
    """
    seen = _warped(image, lens) if lens.distorts() else image.copy()
    if any(lens.vignetting):
        light = 1 + polynomial(lens.vignetting, _RADII) / 100
        for rows, radius in _radii(seen.shape[0], seen.shape[1]):
            seen[rows] *= np.interp(radius, _RADII, light).astype(np.float32)[..., None]
    return seen


def _radii(height: int, width: int) -> Iterator[tuple[slice, F64]]:
    """Strips of rows, and the radius of every pixel in them."""
    half_diagonal = math.hypot(height, width) / 2
    y = (np.arange(height) - (height - 1) / 2) / half_diagonal
    x = (np.arange(width) - (width - 1) / 2) / half_diagonal
    step = max(_STRIP // width, 1)
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        yield rows, np.hypot(y[rows, None], x)


def _warped(image: F32, lens: LensProfile) -> F32:
    height, width = image.shape[:2]
    margin = _margin(lens, height, width)
    padded = np.pad(image, [(margin, margin), (margin, margin), (0, 0)], mode="symmetric")
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    out = np.empty_like(image)
    for channel, aberration in enumerate((lens.red, (), lens.blue)):
        ratio = _scene_ratio(lens.distortion, aberration)
        source = np.ascontiguousarray(padded[..., channel])
        for rows, radius in _radii(height, width):
            scale = np.interp(radius, _RADII, ratio)
            y = (np.arange(rows.start, rows.stop) - middle_y)[:, None] * scale + middle_y + margin
            x = (np.arange(width) - middle_x) * scale + middle_x + margin
            out[rows, :, channel] = _sampled(source, y, x)
    return out


def _scene_ratio(distortion: Sequence[float], aberration: Sequence[float]) -> F64:
    """Radius in the ideal picture over radius on the sensor, at ``_RADII`` of the sensor."""
    green = np.linspace(0, 1.1, 4401)  # the sensor's radius in green
    colour = green * (1 + polynomial(aberration, green))
    ideal = green / (1 + polynomial(distortion, green) / 100)
    ratio = np.divide(ideal, colour, out=np.ones_like(green), where=colour > 0)
    return np.interp(_RADII, colour, ratio)


def _margin(lens: LensProfile, height: int, width: int) -> int:
    """How far beyond the picture a lens looks, in pixels."""
    largest = max(float(_scene_ratio(lens.distortion, c)[_RADII <= 1].max()) for c in (lens.red, (), lens.blue))
    return math.ceil(max(largest - 1, 0) * max(height, width) / 2) + _HALF + 1


def _sampled(source: F32, y: F64, x: F64) -> F32:
    """Lanczos' interpolation of f32 [H, W] at places that lie well inside."""
    y0, x0 = np.floor(y).astype(np.intp), np.floor(x).astype(np.intp)
    wy, wx = (_window()[:, np.rint((at - below) * _FINENESS).astype(np.intp)] for at, below in ((y, y0), (x, x0)))
    width = source.shape[1]
    flat, corner = source.reshape(-1), y0 * width + x0
    total = np.zeros(y.shape, np.float32)
    low, high = np.full(y.shape, np.inf, np.float32), np.full(y.shape, -np.inf, np.float32)
    for i in range(2 * _HALF):
        line = np.zeros(y.shape, np.float32)
        for j in range(2 * _HALF):
            values = flat[corner + ((i - _HALF + 1) * width + j - _HALF + 1)]
            line += wx[j] * values
            if 1 <= i <= 4 and 1 <= j <= 4:
                np.minimum(low, values, out=low)
                np.maximum(high, values, out=high)
        total += wy[i] * line
    return np.clip(total, low, high)


@cache
def _window() -> F32:
    """The six weights for places behind the third pixel, in steps of 1/1024 px: f32 [6, 1025]; their sum is 1."""
    distances = np.linspace(0, 1, _FINENESS + 1) - np.arange(1 - _HALF, _HALF + 1)[:, None]
    weights = np.sinc(distances) * np.sinc(distances / _HALF)
    return (weights / weights.sum(axis=0)).astype(np.float32)
