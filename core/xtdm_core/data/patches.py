"""Training batches: random patches with known RGB, and the mosaics a camera would have made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from xtdm_core.color import srgb_decode
from xtdm_core.frame import U8
from xtdm_core.xtrans import CANONICAL


@dataclass(frozen=True, slots=True)
class Augmentation:
    """What happens to a patch before it is mosaiced; shares are of all patches.

    exposure_ev  a random exposure in this range
    wb_jitter_ev the white balance is off by up to so much, per channel
    gain_ev      camera gains of R and B over G, in this range; they shape noise and clipping
    noisy        share with Poisson-Gaussian noise: variance a x + b^2 in sensor units before white balance,
                 log10 of a in ``noise_log10``, b in 0..``read_noise``
    clipped      share that is overexposed by up to 2 EV and clipped before white balance
    """

    exposure_ev: tuple[float, float] = (-1.5, 0.5)
    wb_jitter_ev: float = 0.2
    gain_ev: tuple[float, float] = (0.3, 1.4)
    noisy: float = 0.4
    noise_log10: tuple[float, float] = (-5.0, -3.4)
    read_noise: float = 1e-3
    clipped: float = 0.1


class PatchSampler:
    """Draws batches from groups of pictures, each group with its own share of the patches.

    All randomness comes from one torch generator, so that a saved state resumes exactly.
    """

    def __init__(
        self,
        groups: Sequence[tuple[float, Sequence[U8]]],
        patch: int,
        augmentation: Augmentation,
        seed: int,
        device: torch.device,
    ) -> None:
        images = [image for _, group in groups for image in group]
        sizes = torch.tensor([image.shape[:2] for image in images])
        pixels = sizes.prod(1)
        self._pool = torch.from_numpy(np.concatenate([image.reshape(-1, 3) for image in images])).to(device)
        self._heights, self._widths = sizes.to(device).unbind(1)
        self._starts = (pixels.cumsum(0) - pixels).to(device)
        self._chances = _chances(groups, pixels).to(device)
        self._linear = torch.from_numpy(srgb_decode(np.arange(256, dtype=np.float32) / 255)).to(device)
        masks = np.stack([np.kron(np.ones((patch // 6, patch // 6)), c == CANONICAL) for c in range(3)])
        self._masks = torch.from_numpy(masks.astype(np.float32)).to(device)
        self._patch, self._augmentation = patch, augmentation
        self.generator = torch.Generator(device).manual_seed(seed)

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """(mosaic [N, 1, P, P], truth [N, 3, P, P]), white-balanced, linear; the truth has no noise."""
        rgb = self._linear[self._crops(count).int()].permute(0, 3, 1, 2)
        a = self._augmentation
        rgb = rgb * 2 ** self._uniform(count, 1, *a.exposure_ev)
        rgb = rgb * 2 ** self._uniform(count, 3, -a.wb_jitter_ev, a.wb_jitter_ev)
        gains = 2 ** self._uniform(count, 3, *a.gain_ev)
        gains[:, 1] = 1
        over = torch.where(self._chance(count, a.clipped), 2 ** self._uniform(count, 1, 0.0, 2.0), 0)
        raw = rgb / gains
        raw = torch.where(over > 0, (raw * over).clamp(max=1), raw)
        seen = (self._noisy(raw) * self._masks).sum(1, keepdim=True)
        return seen * (gains * self._masks).sum(1, keepdim=True), raw * gains

    def _crops(self, count: int) -> Tensor:
        """Random crops in one of the 8 flips and rotations: u8 [N, P, P, 3]."""
        device, last = self._pool.device, self._patch - 1
        image = torch.multinomial(self._chances, count, replacement=True, generator=self.generator)
        width = self._widths[image]
        top = (self._unit(count) * (self._heights[image] - last)).long()
        left = (self._unit(count) * (width - last)).long()
        flip_y, flip_x, turn = (self._unit(3, count) < 0.5).unbind(0)
        start = self._starts[image] + (top + last * flip_y) * width + left + last * flip_x
        step_y, step_x = torch.where(flip_y, -width, width), torch.where(flip_x, -1, 1)
        down, right = torch.where(turn, step_x, step_y), torch.where(turn, step_y, step_x)
        run = torch.arange(self._patch, device=device)
        index = start[:, None, None] + down[:, None, None] * run[:, None] + right[:, None, None] * run
        return self._pool[index]

    def _noisy(self, raw: Tensor) -> Tensor:
        a, count = self._augmentation, raw.shape[0]
        shot = 10 ** self._uniform(count, 1, *a.noise_log10)
        read = self._uniform(count, 1, 0.0, a.read_noise)
        sigma = (shot * raw + read**2).sqrt() * self._chance(count, a.noisy)
        return raw + sigma * torch.randn(raw.shape, generator=self.generator, device=raw.device)

    def _unit(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.generator, device=self._pool.device)

    def _uniform(self, count: int, channels: int, low: float, high: float) -> Tensor:
        return low + (high - low) * self._unit(count, channels, 1, 1)

    def _chance(self, count: int, share: float) -> Tensor:
        return self._unit(count, 1, 1, 1) < share


def _chances(groups: Sequence[tuple[float, Sequence[U8]]], pixels: Tensor) -> Tensor:
    """Each picture's chance: its group's share, by its number of pixels within the group."""
    chances, at = [], 0
    for share, group in groups:
        own = pixels[at : at + len(group)].float()
        chances.append(share * own / own.sum())
        at += len(group)
    return torch.cat(chances)
