"""How good a network is on pictures that were set aside, and what that looks like."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from xtdm_core.develop.color import srgb_encode
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32
from xtdm_core.inspection.grid import WINDOW, local_fold_rms
from xtdm_core.train.patches import F16, TrainingSource
from xtdm_core.xtrans import CANONICAL, mosaic, tile_pattern

_SIDE = 192
_BORDER = 12
# The gains of a picture that brings none: a typical camera's in daylight.
_GAINS = np.array([1.95, 1.0, 1.65], dtype=np.float32)
_PREVIEWS, _PREVIEW_SIDE = 4, 96
# Noise (a, b: variance = a x + b before white balance) of about ISO 1600, 6400 and 25600.
NOISES = ((3e-4, 4.4e-7), (1e-3, 1.7e-6), (4e-3, 7.7e-6))


@dataclass(frozen=True, slots=True)
class Sample:
    """seen: the mosaic [1, S, S] as the network wants it; truth: balanced linear RGB f32 [S, S, 3]; gains f32 [3].

    source, name  what the picture is one of, and its file or kind
    """

    source: str
    name: str
    seen: Tensor
    truth: F32
    gains: F32


def validation_samples(
    held_out: list[TrainingSource], stride: int, balanced: bool, device: torch.device
) -> list[Sample]:
    """The middles of the pictures set aside, up to 192 px a side, without noise."""
    samples = []
    for source in held_out:
        for i, picture in enumerate(source.pictures):
            truth = _middle(picture, stride)
            gains = _GAINS if source.gains is None else source.gains[i]
            values = mosaic(truth)
            if not balanced:
                values /= tile_pattern(gains[CANONICAL], *values.shape)
            name = source.names[i] if source.names else ""
            samples.append(Sample(source.name, name, torch.from_numpy(values)[None].to(device), truth, gains))
    return samples


def _middle(picture: F16, stride: int) -> F32:
    height, width = (min(_SIDE, side) // stride * stride for side in picture.shape[:2])
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[top : top + height, left : left + width].astype(np.float32)


def validate(net: nn.Module, samples: list[Sample], balanced: bool) -> dict[str, float]:
    """Means over each source: ``psnr_NAME_db`` in sRGB, ``linear_NAME_db``, and ``grid_NAME`` in 8-bit codes; of
    networks that are told the noise also ``noisy_NAME_db``, the mean over ``NOISES``.

    The linear PSNR is that of sensor values without white balance, normalised to the picture's peak, as the first
    program's networks were measured. The grid is the local 6x6 amplitude of the error.
    """
    figures: dict[str, list[float]] = {}
    for sample in samples:
        result = _demosaiced(net, sample, balanced)
        inner = (slice(_BORDER, -_BORDER), slice(_BORDER, -_BORDER))
        seen, truth = result[inner], sample.truth[inner]
        figures.setdefault(f"psnr_{sample.source}_db", []).append(psnr_srgb(seen, truth))
        figures.setdefault(f"linear_{sample.source}_db", []).append(_linear_psnr(seen, truth, sample.gains))
        if min(truth.shape[:2]) >= WINDOW:
            codes = [srgb_encode(np.clip(picture, 0, 1)) * 255 for picture in (seen, truth)]
            figures.setdefault(f"grid_{sample.source}", []).append(local_fold_rms(codes[0] - codes[1]))
        if getattr(net, "takes_noise", False):
            noisy = (_demosaiced(net, sample, balanced, noise)[inner] for noise in NOISES)
            figures.setdefault(f"noisy_{sample.source}_db", []).extend(psnr_srgb(seen, truth) for seen in noisy)
    return {name: float(np.mean(values)) for name, values in figures.items()}


def _demosaiced(net: nn.Module, sample: Sample, balanced: bool, noise: tuple[float, float] | None = None) -> F32:
    """White-balanced linear RGB f32 [S, S, 3], of the mosaic with ``noise`` where that is given: always the same."""
    seen = (sample.seen[None],) if noise is None else _noisy(sample, *noise)
    with torch.inference_mode():
        rgb: F32 = net(*seen)[0].permute(1, 2, 0).float().cpu().numpy()
    return rgb if balanced else rgb * sample.gains


def _noisy(sample: Sample, a: float, b: float) -> tuple[Tensor, Tensor]:
    """The white-balanced mosaic [1, 1, S, S] with noise, and the noise as a network takes it [1, 3, 2]."""
    gains = torch.from_numpy(sample.gains)
    pattern = torch.from_numpy(tile_pattern(sample.gains[CANONICAL], *sample.truth.shape[:2]))
    normal = torch.randn(pattern.shape, generator=torch.Generator().manual_seed(zlib.crc32(sample.name.encode())))
    device = sample.seen.device
    variance = a * (sample.seen.cpu() / pattern).clamp(min=0) + b
    seen = sample.seen.cpu() + pattern * variance.sqrt() * normal
    return seen[None].to(device), (gains[:, None] * torch.stack((torch.full((3,), a), b * gains), 1))[None].to(device)


def _linear_psnr(rgb: F32, truth: F32, gains: F32) -> float:
    peak = max(float((truth / gains).max()), 1e-6)
    error = float(np.mean(np.square((rgb - truth) / gains / peak, dtype=np.float64)))
    return -10 * float(np.log10(max(error, 1e-12)))


def save_previews(path: Path, net: nn.Module, samples: list[Sample], balanced: bool) -> None:
    """A PNG of a few crops: the truth above, the network's result below, in sRGB at 2:1.

    Its text ``Crops`` is a JSON list with [source, name] of every column.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    chosen, columns, words = _previewed(samples), [], PngInfo()
    for sample in chosen:
        pair = np.concatenate([_crop(sample.truth), _crop(_demosaiced(net, sample, balanced))])
        columns.append(np.pad(pair, ((0, 2 * _PREVIEW_SIDE - len(pair)), (0, 4), (0, 0))))
    sheet = np.concatenate(columns, axis=1).repeat(2, axis=0).repeat(2, axis=1)
    with atomic_write(path, overwrite=True) as partial:
        words.add_text("Crops", json.dumps([[sample.source, sample.name] for sample in chosen]))
        Image.fromarray(sheet).save(partial, format="PNG", pnginfo=words)


def _previewed(samples: list[Sample]) -> list[Sample]:
    """One of every source first, then more of the first."""
    firsts = {sample.source: sample for sample in reversed(samples)}
    rest = [sample for sample in samples if sample is not firsts[sample.source]]
    return [*reversed(firsts.values()), *rest][:_PREVIEWS]


def _crop(lin_rgb: F32) -> np.ndarray:
    top, left = (max(0, (side - _PREVIEW_SIDE) // 2) for side in lin_rgb.shape[:2])
    crop = lin_rgb[top : top + _PREVIEW_SIDE, left : left + _PREVIEW_SIDE]
    return np.rint(srgb_encode(np.clip(crop, 0, 1)) * 255).astype(np.uint8)
