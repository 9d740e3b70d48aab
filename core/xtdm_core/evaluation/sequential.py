"""Demosaicing without denoising, then BM3D: the best that a user could do without a network that does both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xtdm_core.demosaicing.methods import REFERENCE, Method
from xtdm_core.errors import BadOption
from xtdm_core.frame import F32, F64, Noise, RawFrame

# Demosaicing makes the noise coarser, which BM3D takes for detail at its nominal strength.
_STRENGTH = 1.4


@dataclass(frozen=True, slots=True)
class ThenBm3d(Method):
    """A method without denoising of its own, followed by BM3D where the frame tells of noise."""

    def finish(self, cam_rgb: F32, frame: RawFrame) -> F32:
        """Raises BadOption where the package bm3d is not installed."""
        return cam_rgb if frame.noise is None else bm3d(cam_rgb, frame.noise, frame.wb)


def sequential_methods(networks: Sequence[Method]) -> list[Method]:
    """LibRaw's 3-pass and the networks without denoising of their own, each followed by BM3D."""
    plain = [Method(REFERENCE), *networks]
    return [ThenBm3d(f"{one.name} + BM3D", one.demosaicer, one.algorithm or one.name, strength=0.0) for one in plain]


def bm3d(cam_rgb: F32, noise: Noise, wb: F64) -> F32:
    """Removes noise from demosaiced white-balanced camera RGB f32 [H, W, 3]; the same shape and units.

    noise  of the photosites before white balance; wb  gains f64 [3]
    Each channel is brought to unit variance first (the generalised Anscombe transform), then BM3D for colour (Dabov et
    al. 2007) runs, then the transform is undone (Mäkitalo and Foi 2013, asymptotically unbiased). Raises BadOption
    where the package bm3d is not installed.
    """
    try:
        from bm3d import bm3d_rgb
    except ModuleNotFoundError as error:
        raise BadOption("BM3D is not installed: pip install bm3d") from error
    a, b = noise.a * wb, noise.b * wb**2
    stable = 2 / a * np.sqrt(np.maximum(a * cam_rgb.astype(np.float64) + 0.375 * a**2 + b, 0))
    peak = stable.max()
    smooth = np.maximum(bm3d_rgb(stable / peak, _STRENGTH / peak) * peak, 0)
    return (a / 4 * smooth**2 - 0.125 * a - b / a).astype(np.float32)
