"""Saturation and vibrance of scene light, in Oklab (Ottosson 2020, "A perceptual color space for image processing").

Oklab is homogeneous: what is twice as bright has the same a / L and b / L. So both act alike from shadows to highlights
far above white, and lightness and hue stay.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from xtdm_core.develop.color import rgb_to_xyz
from xtdm_core.frame import F32

_TO_LMS = (
    (0.8189330101, 0.3618667424, -0.1288597137),
    (0.0329845436, 0.9293118715, 0.0361456387),
    (0.0482003018, 0.2643662691, 0.6338517070),
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_PALE = 0.15  # C / L above which vibrance does ever less
_SKIN = np.deg2rad(50.0)  # the hue of skin; vibrance spares what is within some 30° of it
_SPARED = 0.6


def saturated(light: F32, saturation: float, vibrance: float) -> F32:
    """Change the chroma of light f32 [3, pixels], BT.2020, none below 0: 0 leaves it, saturation -1 makes it grey.

    saturation, vibrance  -1 to 1; vibrance acts on pale colours, and less on skin
    Colours may leave BT.2020: none comes out below 0.
    """
    to_lms, from_lms = _matrices()
    roots = np.maximum(to_lms @ light, 0)
    np.power(roots, np.float32(1 / 3), out=roots)
    lightness, a, b = _TO_LAB @ roots
    factor: F32 | np.float32 = np.float32(1 + saturation)
    if vibrance:
        chroma = np.sqrt(a * a + b * b)
        towards_skin = (a * np.float32(np.cos(_SKIN)) + b * np.float32(np.sin(_SKIN))) / np.maximum(chroma, 1e-9)
        spared = 1 - np.float32(_SPARED) * np.square(np.square(np.maximum(towards_skin, 0)))
        pale = np.exp(-chroma / np.maximum(np.float32(_PALE) * lightness, 1e-9))
        factor = factor * np.maximum(1 + np.float32(vibrance) * pale * spared, 0)
    # With a and b times k each root becomes k root + (1 - k) L.
    roots -= lightness
    roots *= factor
    roots += lightness
    np.maximum(roots, 0, out=roots)
    return np.maximum(from_lms @ (roots * roots * roots), 0)


@cache
def _matrices() -> tuple[F32, F32]:
    """BT.2020 to LMS, and back; white becomes exactly (1, 1, 1)."""
    matrix = np.array(_TO_LMS) @ rgb_to_xyz("rec2020")
    matrix /= matrix.sum(axis=1, keepdims=True)
    return matrix.astype(np.float32), np.linalg.inv(matrix).astype(np.float32)
