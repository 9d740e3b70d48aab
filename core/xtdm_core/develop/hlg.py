"""Hybrid log-gamma as ITU-R BT.2100 defines it, and where BT.2408 puts diffuse white."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32, U16

_A = 0.17883277
_B = 1 - 4 * _A
_C = 0.5 - _A * math.log(4 * _A)

SYSTEM_GAMMA = 1.2  # of the OOTF on a display of 1000 cd/m² (BT.2100-2, table 5)
LUMINANCE = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)  # BT.2100-2: Y = 0.2627 R + 0.6780 G + 0.0593 B

_STRIP = 1 << 20  # values worked on at once, so that temporaries stay small


def oetf(scene: NDArray[np.floating]) -> F32:
    """Scene light E in 0..1 to the signal E' in 0..1, f32 of the same shape (BT.2100-2, table 5)."""
    flat = np.ascontiguousarray(scene, dtype=np.float32).reshape(-1)
    out = np.empty_like(flat)
    for start in range(0, flat.size, _STRIP):
        e = flat[start : start + _STRIP]
        low = np.sqrt(3 * np.clip(e, 0, 1 / 12))
        high = _A * np.log(np.maximum(12 * e - _B, 1 - _B)) + _C
        out[start : start + _STRIP] = np.where(e <= 1 / 12, low, high)
    return out.reshape(scene.shape)


def inverse_oetf(signal: float) -> float:
    """Signal E' to scene light E, both in 0..1."""
    return signal**2 / 3 if signal <= 0.5 else (math.exp((signal - _C) / _A) + _B) / 12


# Reference white is 75 % signal, 203 cd/m² on a display of 1000 (ITU-R BT.2408).
DIFFUSE_WHITE_E = inverse_oetf(0.75)
# How far above diffuse white HLG reaches, in EV of the scene.
CEILING_EV = -math.log2(DIFFUSE_WHITE_E)


def quantise(signal: F32, bits: int = 10) -> U16:
    """Signal in 0..1 to full-range codes u16: the last quantisation, where clipping happens."""
    peak = (1 << bits) - 1
    codes = signal * np.float32(peak)
    codes += np.float32(0.5)
    np.clip(codes, 0, peak, out=codes)
    return codes.astype(np.uint16)
