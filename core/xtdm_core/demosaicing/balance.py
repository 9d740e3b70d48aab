"""Whether a network gets its mosaics balanced as it was trained for: measured, where its file leaves that open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.choices import MosaicBalance
from xtdm_core.frame import F32
from xtdm_core.xtrans import PERIOD, mosaic

if TYPE_CHECKING:
    from torch import nn

    from xtdm_core.models.checkpoints import Checkpoint

# Daylight gains of R, G, B.
_GAINS = np.array([1.95, 1.0, 1.65], np.float32)
_SIDE = 192
_TELLING_DB = 1.0


def balance_warnings(checkpoint: Checkpoint, name: str) -> tuple[str, ...]:
    """A sentence, if any, where a network whose balance was assumed or overruled does clearly better with the other."""
    if checkpoint.states_balance:
        return ()
    other = MosaicBalance.NONE if checkpoint.spec.is_balanced else MosaicBalance.AS_SHOT
    gain = _psnr(checkpoint.net, other) - _psnr(checkpoint.net, checkpoint.spec.input_wb)
    if gain < _TELLING_DB:
        return ()
    warning = (
        f"{name} gets its mosaics with the wrong white balance, which makes a grid: it demosaics {gain:.1f} dB better "
        f"with them balanced as {other} (--input-wb {other})"
    )
    return (warning,)


def _psnr(net: nn.Module, input_wb: str) -> float:
    """PSNR in dB of the square roots of a drawn scene in daylight."""
    import torch

    truth = _scene()
    gains = np.float32(1) if input_wb == MosaicBalance.AS_SHOT else _GAINS
    seen = torch.from_numpy(mosaic(truth / gains))[None, None]
    with torch.inference_mode():
        rgb = net(seen)[0].permute(1, 2, 0).numpy() * gains
    inner = np.s_[2 * PERIOD : -2 * PERIOD, 2 * PERIOD : -2 * PERIOD]
    error = np.sqrt(rgb[inner].clip(0, 1)) - np.sqrt(truth[inner])
    return float(-10 * np.log10(max(float(np.mean(np.square(error))), 1e-12)))


def _scene() -> F32:
    """Pale colours that fade into each other, striped discs on them: linear f32 [192, 192, 3]."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:_SIDE, :_SIDE] / np.float32(_SIDE)
    scene = np.stack(
        [0.25 + 0.05 * np.sin(5 * x + 1), 0.25 + 0.05 * np.sin(4 * y), 0.25 + 0.05 * np.cos(6 * x * y)], -1
    )
    for _ in range(30):
        middle, radius = rng.random(2), rng.uniform(0.02, 0.1)
        distance = np.hypot(y - middle[0], x - middle[1])[..., None]
        inside = (1 - (distance - radius) * _SIDE).clip(0, 1)
        stripes = 1 + 0.3 * np.sin(2 * np.pi * _SIDE / rng.uniform(4, 12) * (x + rng.normal() * y))[..., None]
        scene = scene * (1 - inside) + rng.uniform(0.03, 0.6) * rng.uniform(0.8, 1.2, 3) * stripes * inside
    return np.asarray(scene.clip(0, 0.95), np.float32)
