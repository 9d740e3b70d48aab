"""How far a picture is from the truth."""

from __future__ import annotations

import math

import numpy as np

from xtdm_core.develop.color import srgb_encode
from xtdm_core.frame import F32, F64

# Wang et al. 2004: a Gaussian of 11 taps, sigma 1.5; constants for a range of 1.
_TAPS, _SIGMA = 11, 1.5
_C1, _C2 = 0.01**2, 0.03**2


def psnr_srgb(lin_rgb: F32, lin_truth: F32) -> float:
    """PSNR in dB over all channels of two linear sRGB pictures f32 [H, W, 3], encoded and clipped to 0..1."""
    return psnr_db(mean_square_srgb(lin_rgb, lin_truth))


def mean_square_srgb(lin_rgb: F32, lin_truth: F32) -> float:
    """The mean square error behind ``psnr_srgb``; white is 1."""
    difference = _encoded(lin_rgb) - _encoded(lin_truth)
    return float(np.mean(np.square(difference, dtype=np.float64)))


def psnr_db(mean_square: float, floor: float = 1e-12) -> float:
    """PSNR in dB of a mean square error where white is 1; errors under ``floor`` count as ``floor``."""
    return -10 * math.log10(max(mean_square, floor))


def ssim_srgb(lin_rgb: F32, lin_truth: F32) -> float:
    """Mean SSIM of two linear sRGB pictures f32 [H, W, 3], encoded and clipped to 0..1, per channel.

    Wang, Bovik, Sheikh and Simoncelli 2004, "Image quality assessment: from error visibility to structural
    similarity": Gaussian window of 11 px with sigma 1.5, only where it lies inside the picture; the mean over the
    three channels. Raises ValueError for pictures of less than 11 px a side.
    """
    if min(lin_rgb.shape[:2]) < _TAPS:
        raise ValueError(f"SSIM needs at least {_TAPS} x {_TAPS} px")
    x, y = _encoded(lin_rgb).astype(np.float64), _encoded(lin_truth).astype(np.float64)
    mean_x, mean_y = _windowed(x), _windowed(y)
    variances = _windowed(x * x) - mean_x**2 + _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    likeness = (2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)
    return float(np.mean(likeness / ((mean_x**2 + mean_y**2 + _C1) * (variances + _C2))))


def _windowed(values: F64) -> F64:
    """Gaussian-weighted means over all windows inside f64 [H, W, 3]: f64 [H - 10, W - 10, 3]."""
    at = np.arange(_TAPS) - _TAPS // 2
    weights = np.exp(-(at**2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    rows, cols = values.shape[0] - _TAPS + 1, values.shape[1] - _TAPS + 1
    down = sum(weight * values[i : i + rows] for i, weight in enumerate(weights))
    return sum(weight * down[:, i : i + cols] for i, weight in enumerate(weights))


def _encoded(lin_rgb: F32) -> F32:
    return srgb_encode(np.clip(lin_rgb, 0, 1))
