"""Smaller pictures, filtered in linear light."""

from __future__ import annotations

import numpy as np

from xtdm_core.frame import F32


def shrink(linear: F32, longest: int) -> F32:
    """Return linear light f32 [H, W, C] with no side longer than ``longest`` pixels; what fits comes back as it is.

    Pillow's Hamming filter is antialiased and has no negative lobes: no dark rings around highlights far above white,
    which sharper filters make.
    """
    height, width = linear.shape[:2]
    if max(height, width) <= longest:
        return linear
    scale = longest / max(height, width)
    return resample(linear, max(round(height * scale), 1), max(round(width * scale), 1))


def resample(linear: F32, height: int, width: int) -> F32:
    """Return f32 [H, W, C] at another size, channel by channel."""
    from PIL import Image

    out = np.empty((height, width, linear.shape[2]), np.float32)
    for channel in range(linear.shape[2]):
        plane = Image.fromarray(np.ascontiguousarray(linear[..., channel]))
        out[..., channel] = np.asarray(plane.resize((width, height), Image.Resampling.HAMMING))
    return out
