"""What a network is asked to minimise."""

from __future__ import annotations

import torch
from torch import Tensor

# Where the encoding turns from a square root into a straight line through black, so that noise around zero
# has a bounded gradient; its slope at 0 is then close to that of sRGB's linear part.
_TOE = 0.004


def encode(linear: Tensor) -> Tensor:
    """A perceptual encoding of linear values of any sign: about a square root; same shape."""
    return linear / torch.sqrt(linear.abs() + _TOE)


def demosaic_loss(rgb: Tensor, truth: Tensor, chroma_weight: float, linear_weight: float) -> Tensor:
    """Mean absolute error in the encoding, of its colour differences to G, and of linear light.

    rgb, truth: [N, 3, H, W], linear. Colour differences are weighted because their errors are what is seen
    as false colour.
    """
    error = encode(rgb) - encode(truth)
    red, green, blue = error.unbind(1)
    chroma = ((red - green).abs().mean() + (blue - green).abs().mean()) / 2
    return error.abs().mean() + chroma_weight * chroma + linear_weight * (rgb - truth).abs().mean()
