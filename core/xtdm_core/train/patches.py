"""Training batches: random patches with known RGB, and the mosaics a camera would have made of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xtdm_core.frame import F32
from xtdm_core.train.config import Augmentation
from xtdm_core.xtrans import CANONICAL

F16 = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class TrainingSource:
    """Pictures of one kind.

    share     of the patches that come from here, relative to other sources' shares
    pictures  linear RGB f16 [H, W, 3], white-balanced; values above 1 are welcome. Half floats hold 11 bits of any
              brightness in half the memory.
    gains     the camera's gains of every picture f32 [N, 3], G = 1; None where gains are to be drawn
    names     of the pictures: their files, or the kinds of patterns; empty where nobody asks for them
    """

    name: str
    share: float
    pictures: Sequence[F16]
    gains: F32 | None = None
    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PatchBatch:
    """seen [N, 1, P, P]; truth [N, 3, P, P], always without noise.

    noise [N, 3, 2] tells a and b of variance = a x + b of the mosaic's R, G and B: zeros where there is none.
    """

    seen: Tensor
    truth: Tensor
    noise: Tensor


class PatchSampler:
    """Draws batches from sources whose pictures lie in memory.

    All randomness comes from one torch generator, so that a saved state resumes exactly. Processes that train
    together draw the same numbers and keep a part of the patches each.

    balanced  the network sees, and learns, white-balanced values; else those of the sensor
    """

    def __init__(
        self,
        sources: Sequence[TrainingSource],
        patch: int,
        augmentation: Augmentation,
        balanced: bool,
        seed: int,
        device: torch.device,
    ) -> None:
        pictures = [picture for source in sources for picture in source.pictures]
        sizes = torch.tensor([picture.shape[:2] for picture in pictures])
        pixels = sizes.prod(1)
        self._pool = torch.from_numpy(np.concatenate([picture.reshape(-1, 3) for picture in pictures])).to(device)
        self._heights, self._widths = sizes.to(device).unbind(1)
        self._starts = (pixels.cumsum(0) - pixels).to(device)
        self._chances = _chances(sources, pixels).to(device)
        self._gains = torch.from_numpy(np.concatenate([_own_gains(source) for source in sources])).to(device)
        masks = np.stack([np.kron(np.ones((patch // 6, patch // 6)), c == CANONICAL) for c in range(3)])
        self._masks = torch.from_numpy(masks.astype(np.float32)).to(device)
        self._patch, self._augmentation, self._balanced = patch, augmentation, balanced
        self.generator = torch.Generator(device).manual_seed(seed)

    def batch(self, count: int, part: slice = slice(None)) -> PatchBatch:
        """``count`` patches; of these, ``part`` is returned."""
        crops = self._crops(count)
        a = self._augmentation
        exposure = 2 ** self._uniform(count, 1, *a.exposure_ev) * 2 ** self._uniform(
            count, 3, -a.wb_jitter_ev, a.wb_jitter_ev
        )
        gains = 2 ** self._uniform(count, 3, *a.gain_ev)
        gains[:, 1] = 1
        own = self._gains[crops[:, 0]][..., None, None]
        gains = torch.where(own > 0, own, gains)
        over = self._chance(count, a.clipped) * 2 ** self._uniform(count, 1, 0.0, 2.0)
        limit = torch.where(over > 0, self._uniform(count, 3, *a.saturation), torch.inf)
        noise, told = self._noise(count)
        unit_noise = self._normal(count, self._patch)
        defects = self._defects(count) * (noise[:, :1, None, None] > 0)

        raw = self._pixels(crops[part]) * (exposure * torch.where(over > 0, over, 1) / gains)[part]
        limits = (limit[part].clamp(max=_FAR) * self._masks).sum(1, keepdim=True)
        sensor = (raw * self._masks).sum(1, keepdim=True)
        sensor = _exposed(sensor, noise[part], unit_noise[part], defects[part], limits)
        raw = raw.minimum(limit[part])
        told = told[part, None].expand(-1, 3, -1)
        if not self._balanced:
            return PatchBatch(sensor, raw, told)
        gains = gains[part]
        told = told * torch.cat((gains, gains**2), 2)[..., 0]
        seen = sensor * (gains * self._masks).sum(1, keepdim=True)
        return PatchBatch(seen, raw * gains, told)

    def _noise(self, count: int) -> tuple[Tensor, Tensor]:
        """(a and b of the noise [N, 2], what the network is told of it [N, 2]); zeros for those without."""
        a = self._augmentation
        low, high = (math.log(value) for value in a.noise_a)
        shot = low + (high - low) * self._unit(count)
        read = _READ_NOISE[0] * shot + _READ_NOISE[1] + _READ_NOISE_SPREAD * (2 * self._unit(count) - 1)
        noise = torch.stack((shot, read), 1).exp() * (self._unit(count, 1) < a.noisy)
        mistold = (self._unit(count, 1) < 0.5) * a.mistold_ev * (2 * self._unit(count, 1) - 1)
        return noise, noise * 4**mistold

    def _defects(self, count: int) -> Tensor:
        """[N, 1, P, P]: 0 for sound photosites, below 0 for dead ones, above 0 the level of hot ones."""
        draw = self._unit(count, 1, self._patch, self._patch)
        share = self._augmentation.defects
        # Three hot ones for each dead one, at any level.
        return torch.where(draw < share, (draw / max(share, 1e-9) - 0.25) / 0.75, 0.0)

    def _crops(self, count: int) -> Tensor:
        """Random crops [N, 8]: picture, top, left, which of the 8 flips and rotations, and how many rows and
        columns R and B lie beside G."""
        picture = torch.multinomial(self._chances, count, replacement=True, generator=self.generator)
        last = self._patch - 1
        top = (self._unit(count) * (self._heights[picture] - last)).long()
        left = (self._unit(count) * (self._widths[picture] - last)).long()
        orientation = (self._unit(count) * 8).long()
        aberrated = self._unit(count, 1) < self._augmentation.aberration
        beside = ((self._unit(count, 4) * 3).long() - 1) * aberrated
        return torch.cat((torch.stack((picture, top, left, orientation), 1), beside), 1)

    def _pixels(self, crops: Tensor) -> Tensor:
        """The patches at ``crops`` [N, 8] as f32 [N, 3, P, P]."""
        picture, top, left, orientation = crops[:, :4].unbind(1)
        last = self._patch - 1
        flip_y, flip_x, turn = ((orientation & bit) > 0 for bit in (1, 2, 4))
        start_y, start_x = top + last * flip_y, left + last * flip_x
        step_y, step_x = torch.where(flip_y, -1, 1), torch.where(flip_x, -1, 1)
        run = torch.arange(self._patch, device=self._pool.device)
        away, turned = run[:, None], turn[:, None, None]
        # Rows and columns of the picture along the patch's rows and columns.
        y = start_y[:, None, None] + step_y[:, None, None] * torch.where(turned, away.T, away)
        x = start_x[:, None, None] + step_x[:, None, None] * torch.where(turned, away, away.T)
        if not crops[:, 4:].any():
            return self._pool[self._place(picture, y, x)].float().permute(0, 3, 1, 2)
        beside = crops[:, 4:, None, None].unflatten(1, (2, 2))
        shifts = ((y + beside[:, 0, 0], x + beside[:, 0, 1]), (y, x), (y + beside[:, 1, 0], x + beside[:, 1, 1]))
        channels = [self._pool[:, c][self._place(picture, *shift)] for c, shift in enumerate(shifts)]
        return torch.stack(channels, 1).float()

    def _place(self, picture: Tensor, y: Tensor, x: Tensor) -> Tensor:
        """Where pixels [N, P, P] lie in the pool; those beyond a picture's border are its border's."""
        heights, widths = self._heights[picture, None, None], self._widths[picture, None, None]
        y, x = y.clamp(min=0).minimum(heights - 1), x.clamp(min=0).minimum(widths - 1)
        return self._starts[picture, None, None] + y * widths + x

    def _unit(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.generator, device=self._pool.device)

    def _uniform(self, count: int, channels: int, low: float, high: float) -> Tensor:
        return low + (high - low) * self._unit(count, channels, 1, 1)

    def _chance(self, count: int, share: float) -> Tensor:
        return self._unit(count, 1, 1, 1) < share

    def _normal(self, count: int, side: int) -> Tensor:
        return torch.randn((count, 1, side, side), generator=self.generator, device=self._pool.device)


def _exposed(sensor: Tensor, noise: Tensor, unit_noise: Tensor, defects: Tensor, limits: Tensor) -> Tensor:
    """What photosites [N, 1, P, P] read: noise, then hot and dead ones, then the clip, then rounding to 14 bits."""
    a, b = noise[..., None, None, None].unbind(1)
    noisy = sensor + (a * sensor.clamp(min=0) + b).sqrt() * unit_noise
    noisy = torch.where(defects < 0, 0, torch.maximum(noisy, torch.where(defects > 0, defects, -torch.inf)))
    noisy = noisy.minimum(limits)
    return torch.where(a > 0, (noisy * _STEPS).round() / _STEPS, noisy)


# 14 bits from a black level of 1024 up.
_STEPS = 15360
# ln b = 1.11 ln a - 5.64 fits 21 of Fujifilm's bodies at all ISO speeds within 0.56 (standard deviation).
_READ_NOISE, _READ_NOISE_SPREAD = (1.11, -5.64), 0.7
_FAR = 1e30  # infinity times a mask's zero is no number


def _own_gains(source: TrainingSource) -> F32:
    """The gains of a source's pictures f32 [N, 3]; zeros where they are to be drawn."""
    return np.zeros((len(source.pictures), 3), np.float32) if source.gains is None else source.gains


def _chances(sources: Sequence[TrainingSource], pixels: Tensor) -> Tensor:
    """Each picture's chance: its source's share, by its number of pixels within the source."""
    chances, at = [], 0
    for source in sources:
        own = pixels[at : at + len(source.pictures)].double()
        chances.append((source.share * own / own.sum()).float())
        at += len(source.pictures)
    return torch.cat(chances)
