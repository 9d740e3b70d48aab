"""The largest and smallest of three channels: NumPy's own reductions along so short an axis take ten times as long."""

from __future__ import annotations

import numpy as np

from xtdm_core.frame import F32


def largest(image: F32) -> F32:
    """The largest channel of f32 [..., 3]: f32 [..., 1]."""
    return np.maximum(np.maximum(image[..., 0:1], image[..., 1:2]), image[..., 2:3])


def smallest(image: F32) -> F32:
    """The smallest channel of f32 [..., 3]: f32 [..., 1]."""
    return np.minimum(np.minimum(image[..., 0:1], image[..., 1:2]), image[..., 2:3])
