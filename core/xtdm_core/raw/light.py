"""White and exposure in a camera's terms: chromaticities to gains, dynamic ranges to exposure biases."""

from __future__ import annotations

import math

import numpy as np

from xtdm_core.frame import DEFAULT_EXPOSURE_BIAS, F64

# CIE daylight of 5300 K (CIE 015:2018, equation 4.8): where cameras' daylight presets lie.
DAYLIGHT_XY = (0.33747, 0.35188)


def xyz_of_xy(x: float, y: float) -> F64:
    """CIE XYZ f64 [3] with Y = 1 of a chromaticity."""
    return np.array([x / y, 1.0, (1 - x - y) / y])


def gains_of_xyz(xyz_to_cam: F64, xyz: F64) -> F64:
    """The gains f64 [3], G = 1, that make such a light neutral; not finite where the camera cannot see it."""
    seen = xyz_to_cam @ xyz
    with np.errstate(divide="ignore", invalid="ignore"):
        return seen[1] / seen


def bias_of_dynamic_range(percent: int) -> float:
    """RawExposureBias in EV: -0.72 for DR100, and one EV less with every doubling."""
    return round(DEFAULT_EXPOSURE_BIAS - math.log2(percent / 100), 2)
