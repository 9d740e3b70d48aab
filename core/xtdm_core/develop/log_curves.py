"""Fujifilm's logarithmic encodings of scene light, for LUTs that take them.

y = c log10(a x + b) + d from ``cut`` on, below it e x + f; x is scene light with 18 % grey at 0.18, y in 0 to 1 of full
range (Fujifilm, "F-Log Data Sheet", "F-Log2 Data Sheet"). F-Log and F-Log2 have BT.2020's primaries, F-Log2 C has
F-Gamut C ("F-Log2 C Data Sheet").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from xtdm_core.choices import LutInput
from xtdm_core.develop.color import primaries_to_xyz, rgb_to_xyz
from xtdm_core.frame import F32

_F_GAMUT_C = ((0.7347, 0.2653), (0.0263, 0.9737), (0.1173, -0.0224))


@dataclass(frozen=True, slots=True)
class _Curve:
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    cut: float


_F_LOG = _Curve(0.555556, 0.009468, 0.344676, 0.790453, 8.735631, 0.092864, 0.00089)
_F_LOG2 = _Curve(5.555556, 0.064829, 0.245281, 0.384316, 8.799461, 0.092864, 0.000889)


def log_encode(light: F32, encoding: LutInput) -> F32:
    """Encode scene light f32 [3, pixels], BT.2020, none below 0, as one of Fujifilm's cameras would: f32 in 0 … 1."""
    curve = _F_LOG if encoding == LutInput.F_LOG else _F_LOG2
    if encoding == LutInput.F_LOG2C:
        light = _to_f_gamut_c() @ light
    high = np.log10(np.maximum(curve.a * light + curve.b, 1e-9)) * curve.c + curve.d
    return np.where(light >= curve.cut, high, curve.e * light + curve.f).astype(np.float32)


@cache
def _to_f_gamut_c() -> F32:
    matrix = np.linalg.inv(primaries_to_xyz(_F_GAMUT_C)) @ rgb_to_xyz("rec2020")
    return matrix.astype(np.float32)
