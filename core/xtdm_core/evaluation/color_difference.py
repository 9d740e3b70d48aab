"""Measure colour differences: CIEDE2000 and CIELAB."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xtdm_core.develop.color import rgb_to_xyz
from xtdm_core.frame import F64

_POW7 = 25.0**7


def cielab(lin_srgb: NDArray[np.floating]) -> F64:
    """Convert linear sRGB [..., 3] (white (1, 1, 1), D65) to CIELAB f64 [..., 3] (CIE 015:2018)."""
    xyz = lin_srgb @ rgb_to_xyz("srgb").T
    t = xyz / rgb_to_xyz("srgb").sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def ciede2000(first: F64, second: F64) -> F64:
    """Compute the CIEDE2000 difference of two CIELAB arrays f64 [..., 3]: f64 [...].

    Sharma, Wu and Dalal 2005, "The CIEDE2000 color-difference formula: implementation notes, supplementary test data,
    and mathematical observations".
    """
    l1, l2 = first[..., 0], second[..., 0]
    mean_chroma = (np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + _POW7))
    a1, a2 = first[..., 1] * stretch, second[..., 1] * stretch
    c1, c2 = np.hypot(a1, first[..., 2]), np.hypot(a2, second[..., 2])
    h1, h2 = np.arctan2(first[..., 2], a1), np.arctan2(second[..., 2], a2)
    turn = (h2 - h1 + np.pi) % (2 * np.pi) - np.pi
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, turn)
    hue = np.where(grey, h1 + h2, h1 + turn / 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * np.cos(hue - np.pi / 6) + 0.24 * np.cos(2 * hue)
    t += 0.32 * np.cos(3 * hue + np.pi / 30) - 0.2 * np.cos(4 * hue - 63 * np.pi / 180)
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    degrees = np.degrees(hue) % 360
    blue = np.pi / 3 * np.exp(-(((degrees - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + _POW7)) * np.sin(blue)
    d_l, d_c, d_h = (l2 - l1) / s_l, (c2 - c1) / s_c, 2 * np.sqrt(c1 * c2) * np.sin(turn / 2) / s_h
    return np.asarray(np.sqrt(d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h))
