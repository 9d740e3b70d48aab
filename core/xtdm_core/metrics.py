"""How far a picture is from the truth."""

from __future__ import annotations

import numpy as np

from xtdm_core.color import srgb_encode
from xtdm_core.frame import F32


def psnr_srgb(lin_rgb: F32, lin_truth: F32) -> float:
    """PSNR in dB over all channels of two linear sRGB pictures f32 [H, W, 3], encoded and clipped to 0..1."""
    difference = srgb_encode(np.clip(lin_rgb, 0, 1)) - srgb_encode(np.clip(lin_truth, 0, 1))
    mean_square = float(np.mean(np.square(difference, dtype=np.float64)))
    return -10 * float(np.log10(max(mean_square, 1e-12)))
