"""What a network is asked to minimise. Every term is a mean per patch: Tensor [N]."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from xtdm_core.train.config import LossWeights
from xtdm_core.xtrans import PERIOD

# Where the encoding turns from a square root into a straight line through black, so that noise around zero
# has a bounded gradient; its slope at 0 is then close to that of sRGB's linear part.
_TOE = 0.004
# A patch is flat where its encoded truth varies by less than a code in 8 bits.
_FLAT = 1 / 255


def encode(linear: Tensor) -> Tensor:
    """A perceptual encoding of linear values of any sign: about a square root; same shape."""
    return linear / torch.sqrt(linear.abs() + _TOE)


def demosaic_losses(rgb: Tensor, truth: Tensor, weights: LossWeights) -> Tensor:
    """The weighted sum of all terms for every patch: [N]. rgb, truth: [N, 3, H, W], linear; H, W multiples of 6."""
    seen, wanted = (encode(rgb), encode(truth)) if weights.perceptual else (rgb, truth)
    total = weights.linear * _patch_mean((rgb - truth).abs())
    for name, term in _TERMS.items():
        weight: float = getattr(weights, name)
        if weight:
            total = total + weight * term(seen, wanted)
    return total


def _patch_mean(values: Tensor) -> Tensor:
    return values.flatten(1).mean(1)


def _encoded(seen: Tensor, wanted: Tensor) -> Tensor:
    return _patch_mean((seen - wanted).abs())


def _square(seen: Tensor, wanted: Tensor) -> Tensor:
    return _patch_mean((seen - wanted).square())


def _chroma_error(seen: Tensor, wanted: Tensor) -> Tensor:
    error = seen - wanted
    return error[:, ::2] - error[:, 1:2]


def _chroma(seen: Tensor, wanted: Tensor) -> Tensor:
    return _patch_mean(_chroma_error(seen, wanted).abs())


def _chroma_highpass(seen: Tensor, wanted: Tensor) -> Tensor:
    error = _chroma_error(seen, wanted)
    return _patch_mean((error - F.avg_pool2d(error, 5, 1, 2, count_include_pad=False)).abs())


def _gradient(seen: Tensor, wanted: Tensor) -> Tensor:
    """Sobel: a derivative along one axis, [1 2 1] / 4 across it."""
    error = seen - wanted
    smooth_y = (error[:, :, :-2] + 2 * error[:, :, 1:-1] + error[:, :, 2:]) / 4
    smooth_x = (error[..., :-2] + 2 * error[..., 1:-1] + error[..., 2:]) / 4
    across = (smooth_y[..., 2:] - smooth_y[..., :-2]) / 2
    down = (smooth_x[:, :, 2:] - smooth_x[:, :, :-2]) / 2
    return _patch_mean(across.abs()) + _patch_mean(down.abs())


def _ssim(seen: Tensor, wanted: Tensor) -> Tensor:
    """1 - SSIM with a uniform window of 7 px, for values whose peak is 1."""
    c1, c2 = 0.01**2, 0.03**2

    def mean(values: Tensor) -> Tensor:
        return F.avg_pool2d(values, 7, 1)

    m1, m2 = mean(seen), mean(wanted)
    v1, v2 = mean(seen * seen) - m1 * m1, mean(wanted * wanted) - m2 * m2
    covariance = mean(seen * wanted) - m1 * m2
    ssim = (2 * m1 * m2 + c1) * (2 * covariance + c2) / ((m1 * m1 + m2 * m2 + c1) * (v1 + v2 + c2))
    return 1 - _patch_mean(ssim)


def _fold(seen: Tensor, wanted: Tensor) -> Tensor:
    flat = wanted.flatten(2).std(2).amax(1) < _FLAT
    n, c, height, width = seen.shape
    phases = (seen - wanted).reshape(n, c, height // PERIOD, PERIOD, width // PERIOD, PERIOD).mean((2, 4))
    grid = phases - phases.mean((2, 3), keepdim=True)
    return _patch_mean(grid.abs()) * flat


_TERMS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "encoded": _encoded,
    "square": _square,
    "chroma": _chroma,
    "chroma_highpass": _chroma_highpass,
    "gradient": _gradient,
    "ssim": _ssim,
    "fold": _fold,
}
