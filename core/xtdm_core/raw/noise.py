"""How noisy a raw file is: what its own pixels show, held near what its sensor is known to do.

The photosites' variance is a x + b at the sensor value x. Where four 3x3 blocks meet, four greens touch, and the
combination p - q - r + s of such a cell holds no brightness and no slope, but all of the noise. Where cells are
flattest, its spread over brightness gives a and b (Foi et al. 2008, "Practical Poissonian-Gaussian noise modeling and
fitting for single-image raw-data"). Texture makes the estimate too large where there is little noise, so it is held
within a factor of the sensor's profile (``noise_profiles``), which knows nothing of the picture.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from xtdm_core.frame import DEFAULT_EXPOSURE_BIAS, F32, F64, AlignedMosaic, Noise, RawFrame
from xtdm_core.raw.noise_profiles import noise_profile
from xtdm_core.xtrans import align

_BINS = 60
_FEWEST = 200  # cells of a bin; fewer say too little
_FLATTEST = 0.05  # of a bin's cells: of more, texture shows in pictures without noise
_MAD = 0.6745  # of the normal distribution
_CHANCE = 2.33  # the standard error of a variance found by the MAD of n values is this share of it, over the root of n
_TEXTURE = 0.1  # by what share of it a variance may stand out besides, before it loses weight
# How far the noise in the pixels may lie from the profile: standard deviations, as factors.
_HELD = (0.7, 1.4)
# Near the top photosites saturate one after the other, and their spread shrinks.
_TOP = 0.95
_NEAR = 2  # cells on each side of one that tell how bright it is


def estimate_noise(frame: RawFrame, mosaic: AlignedMosaic | None = None) -> Noise:
    """The noise of a frame: measured on its greens, held within 0.7 and 1.4 of the sensor's where the ISO is known.

    mosaic  the frame aligned, where that is at hand
    """
    measured = measure_noise(align(frame) if mosaic is None else mosaic)
    known = noise_by_iso(frame)
    if measured is None:
        return known or Noise(0.0, 0.0)
    if known is None:
        return measured
    low, high = (factor**2 for factor in _HELD)
    a, b = np.clip((measured.a, measured.b), (low * known.a, low * known.b), (high * known.a, high * known.b))
    return Noise(float(a), float(b))


def noise_by_iso(frame: RawFrame) -> Noise | None:
    """What the sensor's profile says at the ISO that it was read out with; None where the file tells no ISO.

    DR200 and DR400 amplify a half and a quarter of the ISO that is told, extended low ISO twice as much: the exposure
    bias shows it.
    """
    if not frame.info.iso:
        return None
    hardware_iso = frame.info.iso * 2 ** (frame.effective_bias - DEFAULT_EXPOSURE_BIAS)
    return noise_profile(frame.info.model, frame.mosaic.size).at(hardware_iso)


def measure_noise(mosaic: AlignedMosaic) -> Noise | None:
    """a and b as the pixels show them; None where too few of them are flat enough to tell."""
    brightness, combination, slope = _green_cells(mosaic)
    inside = (brightness > -0.05) & (brightness < _TOP * float(mosaic.saturation[1]))
    brightness, combination, slope = brightness[inside], combination[inside], slope[inside]
    # Even in the square root: as many bins for the shadows as for the lights.
    index = (np.sqrt(np.clip(brightness, 0, 1)) * _BINS).astype(np.intp)
    order = np.argsort(index, kind="stable")
    edges = np.searchsorted(index[order], np.arange(_BINS + 1))
    points = []
    for start, stop in pairwise(edges):
        if stop - start >= _FEWEST:
            points.append(_spread(order[start:stop], brightness, combination, slope))
    return _line(np.array(points)) if len(points) >= 2 else None


def _green_cells(mosaic: AlignedMosaic) -> tuple[F32, F32, F32]:
    """Of every four touching greens: the brightness around, (p - q - r + s) / 2, and how steep the surroundings are."""
    values = mosaic.values[mosaic.top : mosaic.top + mosaic.height, mosaic.left : mosaic.left + mosaic.width]
    # They touch where four 3x3 blocks meet.
    first = (2 - mosaic.top) % 3, (2 - mosaic.left) % 3
    height, width = (((side - 1 - start) // 3) for side, start in zip(values.shape, first, strict=True))
    p, q, r, s = (values[first[0] + dy :: 3, first[1] + dx :: 3][:height, :width] for dy in (0, 1) for dx in (0, 1))
    mean: F32 = (p + q + r + s) / np.float32(4)
    slope: F32 = np.abs(p - q + r - s) + np.abs(p + q - r - s)
    # The neighbours' means tell of edges that pass beside the cell.
    slope[:, 1:-1] += np.abs(mean[:, 2:] - mean[:, :-2])
    slope[1:-1] += np.abs(mean[2:] - mean[:-2])
    inner = (slice(_NEAR, -_NEAR), slice(_NEAR, -_NEAR))
    around = _box_mean(mean)
    steep: F32 = slope[inner] + np.float32(4) * np.abs(mean[inner] - around)
    return around.ravel(), ((p - q - r + s) / np.float32(2))[inner].ravel(), steep.ravel()


def _box_mean(mean: F32) -> F32:
    """Means over 5 x 5 cells, without the border: a dark cell's own mean says more of its noise than of its light."""
    for axis in (0, 1):
        sums = np.cumsum(mean, axis=axis, dtype=np.float64)
        sums = np.insert(sums, 0, 0, axis=axis)
        upper, lower = (np.take(sums, range(*span), axis) for span in _spans(sums.shape[axis]))
        mean = ((upper - lower) / (2 * _NEAR + 1)).astype(np.float32)
    return mean


def _spans(length: int) -> tuple[tuple[int, int], tuple[int, int]]:
    width = 2 * _NEAR + 1
    return (width, length), (0, length - width)


def _spread(cells: np.ndarray, brightness: F32, combination: F32, slope: F32) -> tuple[float, float, int]:
    """(mean brightness, variance, count) of the flattest of some cells."""
    count = max(int(_FLATTEST * cells.size), _FEWEST // 2)
    flat = cells[np.argpartition(slope[cells], count - 1)[:count]]
    sigma = float(np.median(np.abs(combination[flat]))) / _MAD
    return float(brightness[flat].mean()), sigma**2, count


def _line(points: F64) -> Noise:
    """The line variance = a x + b through points (x, variance, count), robustly: outliers lie above, by texture."""
    x, variance, count = points.T
    weights = np.sqrt(count) / np.maximum(variance, 1e-12)
    chance = _CHANCE / np.sqrt(count)
    a, b = 0.0, 0.0
    for _ in range(12):
        rows = np.stack((x, np.ones_like(x)), 1) * weights[:, None]
        a, b = np.linalg.lstsq(rows, variance * weights, rcond=None)[0]
        a, b = max(float(a), 0.0), max(float(b), 0.0)
        fitted = np.maximum(a * x + b, 1e-12)
        # Relative residuals; those of the upper side lose weight where chance does not explain them.
        residual = np.maximum(variance - fitted, 0) / fitted
        weights = np.sqrt(count / (1 + (residual / (_TEXTURE + chance)) ** 2)) / fitted
    return Noise(a, b)
