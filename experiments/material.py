"""Photographs for the experiments, mosaics of them, and the marks of a small network on them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.evaluation.ground_truth import crop_border, round_trip_raf
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.evaluation.patterns import FLAT
from xtdm_core.frame import F32, U8
from xtdm_core.images import list_images, read_srgb8
from xtdm_core.inspection.grid import local_fold_rms
from xtdm_core.train.config import LossWeights, TrainConfig
from xtdm_core.train.losses import demosaic_losses
from xtdm_core.train.optimizers import Optimizers, learning_share
from xtdm_core.xtrans import CANONICAL, tile_pattern

# Camera gains of R, G, B in daylight: a sensor value times these is balanced.
GAINS = np.array([1.95, 1.0, 1.65], np.float32)
PATCH = 48
Change = Callable[[U8], U8]
Loss = Callable[[Tensor, Tensor], Tensor]


def read_pictures(folder: Path, count: int, change: Change | None = None) -> list[F32]:
    """``count`` pictures spread over the folder, linear f32 [H, W, 3]; ``change`` is made to their sRGB codes first."""
    paths = list_images(folder)
    chosen = [paths[i * len(paths) // count] for i in range(min(count, len(paths)))]
    codes = [read_srgb8(path) for path in chosen]
    return [srgb_decode((change(c) if change else c).astype(np.float32) / 255) for c in codes]


def as_jpeg(codes: U8, quality: int = 92) -> U8:
    """What a JPEG with 4:2:0 colour leaves of a picture."""
    file = BytesIO()
    Image.fromarray(codes).save(file, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Image.open(file))


def as_camera_jpeg(codes: U8) -> U8:
    """The same after a camera's demosaicing: LibRaw's 3-pass on the picture's own mosaic, at native resolution."""
    with tempfile.TemporaryDirectory() as scratch:
        raf = Path(scratch) / "a.RAF"
        frame = round_trip_raf(srgb_decode(codes.astype(np.float32) / 255), raf)
        seen = demosaic_libraw(raf, frame, "markesteijn3")[: codes.shape[0], : codes.shape[1]]
    return as_jpeg(np.rint(srgb_encode(np.clip(seen, 0, 1)) * 255).astype(np.uint8))


@dataclass(frozen=True)
class Material:
    """How patches become mosaics.

    balanced   whether mosaic and truth have R and B as bright as G, or as the sensor gives them
    flips      "right": the picture is flipped before the mosaic is made; "late": the mosaic is flipped with its picture
               and taken for one of the same phase; "none"
    clip       whether the picture ends at white, as an 8-bit file does, after a random exposure
    """

    pictures: Sequence[F32]
    balanced: bool
    flips: str = "right"
    clip: bool = True

    def batch(self, count: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """(mosaics [N, 1, 48, 48], truths [N, 3, 48, 48])."""
        pairs = [self._pair(rng) for _ in range(count)]
        seen, truth = (np.stack(part) for part in zip(*pairs, strict=True))
        return torch.from_numpy(seen[:, None]), torch.from_numpy(np.ascontiguousarray(truth.transpose(0, 3, 1, 2)))

    def _pair(self, rng: np.random.Generator) -> tuple[F32, F32]:
        picture = self.pictures[rng.integers(len(self.pictures))]
        top, left = (int(rng.integers(side - PATCH + 1)) for side in picture.shape[:2])
        truth = picture[top : top + PATCH, left : left + PATCH] * np.float32(2 ** rng.uniform(-1.5, 0.5))
        if self.clip:
            truth = truth.clip(0, 1)
        if not self.balanced:
            truth = truth / (GAINS * np.float32(2) ** rng.uniform([-0.4, 0, -0.4], [0.4, 0, 0.4]).astype(np.float32))
        axes = [axis for axis in (0, 1) if self.flips != "none" and rng.random() < 0.5]
        if self.flips == "right":
            truth = np.flip(truth, axes)
        seen = sample(truth)
        if self.flips == "late":
            truth, seen = np.flip(truth, axes), np.flip(seen, axes)
        return np.ascontiguousarray(seen), np.ascontiguousarray(truth, dtype=np.float32)


def perceptual_loss(rgb: Tensor, truth: Tensor) -> Tensor:
    """What the trainer minimises by default."""
    return demosaic_losses(rgb, truth, LossWeights()).mean()


def sample(rgb: F32) -> F32:
    """The mosaic f32 [H, W] of f32 [H, W, 3] in the canonical phase."""
    colour = tile_pattern(CANONICAL, *rgb.shape[:2]).astype(np.intp)
    return np.take_along_axis(rgb, colour[..., None], 2)[..., 0]


def train(
    net: nn.Module,
    material: Material,
    steps: int,
    rate: float,
    seed: int,
    loss: Loss = perceptual_loss,
    batch: int = 8,
    optimizer: str = "muon",
) -> nn.Module:
    """Trains in place, with the trainer's optimizers and a rate that falls from the beginning, as in the presets."""
    config = TrainConfig(
        Path(), steps=steps, optimizer=optimizer, learning_rate=rate, warmup_steps=steps // 30, decay=0.97
    )
    rng, optimizers = np.random.default_rng(seed), Optimizers(net, config)
    for step in range(steps):
        seen, truth = material.batch(batch, rng)
        loss(net(seen), truth).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), config.gradient_clip)
        optimizers.step(learning_share(config, step))
    return net


@dataclass(frozen=True)
class Marks:
    """PSNR in sRGB, dB; the local 6x6 amplitude of the error, and on flat colours, in 8-bit codes."""

    psnr_db: float
    grid_codes: float
    flat_codes: float


def judge(net: nn.Module, pictures: Sequence[F32], balanced: bool) -> Marks:
    """The marks on mosaics that are balanced, or as the sensor gives them."""
    net.eval()
    gains = np.ones(3, np.float32) if balanced else GAINS
    results = [(demosaic(net, picture, gains), picture) for picture in pictures]
    psnr = [psnr_srgb(cropped(seen), cropped(truth)) for seen, truth in results]
    grid = [
        local_fold_rms((srgb_encode(cropped(seen).clip(0, 1)) - srgb_encode(cropped(truth))) * 255)
        for seen, truth in results
    ]
    flat = [np.broadcast_to(np.float32(colour), (192, 192, 3)) for colour in FLAT.values()]
    folds = [local_fold_rms(codes(cropped(demosaic(net, one, gains)))) for one in flat]
    return Marks(float(np.mean(psnr)), rms(grid), rms(folds))


def codes(linear: F32) -> F32:
    """8-bit sRGB codes, not rounded."""
    return srgb_encode(linear.clip(0, 1)) * np.float32(255)


def rms(values: Sequence[float]) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def cropped(rgb: F32) -> F32:
    """All but the border that is not scored."""
    return crop_border(rgb, *rgb.shape[:2])


def demosaic(net: nn.Module, picture: F32, gains: F32) -> F32:
    """What the network makes of a picture's mosaic, balanced: f32 like the picture, cut to multiples of 48 px."""
    height, width = (side // 48 * 48 for side in picture.shape[:2])
    mosaic = torch.from_numpy(sample(np.ascontiguousarray(picture[:height, :width] / gains)))
    with torch.inference_mode():
        rgb: F32 = net(mosaic[None, None])[0].permute(1, 2, 0).numpy()
    full = picture.copy()
    full[:height, :width] = rgb * gains
    return full
