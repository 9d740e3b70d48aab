"""Training batches: random patches with known RGB, and the mosaics a camera would have made of them."""

from __future__ import annotations

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
class Source:
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
class Batch:
    """seen [N, 1, P, P]; truth [N, 3, P, P], always without noise.

    crops [N, 4] tells where the patches are, clean [N] which mosaics have no noise.
    """

    seen: Tensor
    truth: Tensor
    crops: Tensor
    clean: Tensor


class PatchSampler:
    """Draws batches from sources whose pictures lie in memory.

    All randomness comes from one torch generator, so that a saved state resumes exactly. Processes that train
    together draw the same numbers and keep a part of the patches each.

    balanced  the network sees, and learns, white-balanced values; else those of the sensor
    """

    def __init__(
        self,
        sources: Sequence[Source],
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

    def batch(self, count: int, hard: Tensor | None = None, part: slice = slice(None)) -> Batch:
        """``count`` patches, the first of them at the crops ``hard`` [M, 4]; of these, ``part`` is returned."""
        crops = self._crops(count)
        if hard is not None:
            crops[: len(hard)] = hard
        a = self._augmentation
        exposure = 2 ** self._uniform(count, 1, *a.exposure_ev) * 2 ** self._uniform(
            count, 3, -a.wb_jitter_ev, a.wb_jitter_ev
        )
        gains = 2 ** self._uniform(count, 3, *a.gain_ev)
        gains[:, 1] = 1
        own = self._gains[crops[:, 0]][..., None, None]
        gains = torch.where(own > 0, own, gains)
        over = torch.where(self._chance(count, a.clipped), 2 ** self._uniform(count, 1, 0.0, 2.0), 0)
        shot = 10 ** self._uniform(count, 1, *a.noise_log10)
        read = self._uniform(count, 1, 0.0, a.read_noise)
        noisy = self._chance(count, a.noisy)
        unit_noise = self._normal(count, self._patch)

        crops, gains, over, noisy = crops[part], gains[part], over[part], noisy[part]
        raw = self._pixels(crops) * exposure[part] / gains
        raw = torch.where(over > 0, (raw * over).clamp(max=1), raw)
        sensor = (raw * self._masks).sum(1, keepdim=True)
        sensor = sensor + (shot[part] * sensor.clamp(min=0) + read[part] ** 2).sqrt() * noisy * unit_noise[part]
        if self._balanced:
            return Batch(sensor * (gains * self._masks).sum(1, keepdim=True), raw * gains, crops, ~noisy.flatten())
        return Batch(sensor, raw, crops, ~noisy.flatten())

    def _crops(self, count: int) -> Tensor:
        """Random crops [N, 4]: picture, top, left, and which of the 8 flips and rotations."""
        picture = torch.multinomial(self._chances, count, replacement=True, generator=self.generator)
        last = self._patch - 1
        top = (self._unit(count) * (self._heights[picture] - last)).long()
        left = (self._unit(count) * (self._widths[picture] - last)).long()
        orientation = (self._unit(count) * 8).long()
        return torch.stack((picture, top, left, orientation), 1)

    def _pixels(self, crops: Tensor) -> Tensor:
        """The patches at ``crops`` as f32 [N, 3, P, P]."""
        picture, top, left, orientation = crops.unbind(1)
        last, width = self._patch - 1, self._widths[picture]
        flip_y, flip_x, turn = ((orientation & bit) > 0 for bit in (1, 2, 4))
        start = self._starts[picture] + (top + last * flip_y) * width + left + last * flip_x
        step_y, step_x = torch.where(flip_y, -width, width), torch.where(flip_x, -1, 1)
        down, right = torch.where(turn, step_x, step_y), torch.where(turn, step_y, step_x)
        run = torch.arange(self._patch, device=self._pool.device)
        index = start[:, None, None] + down[:, None, None] * run[:, None] + right[:, None, None] * run
        return self._pool[index].float().permute(0, 3, 1, 2)

    def _unit(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.generator, device=self._pool.device)

    def _uniform(self, count: int, channels: int, low: float, high: float) -> Tensor:
        return low + (high - low) * self._unit(count, channels, 1, 1)

    def _chance(self, count: int, share: float) -> Tensor:
        return self._unit(count, 1, 1, 1) < share

    def _normal(self, count: int, side: int) -> Tensor:
        return torch.randn((count, 1, side, side), generator=self.generator, device=self._pool.device)


class HardPatches:
    """Hard-patch mining: remembers where the network was worst, so that these places come again.

    A place is scored by its loss, as measured without noise, whenever it was in a batch; the place with the lowest
    score leaves first. Scores fade, so that a place that is not seen again does not stay for ever.
    """

    def __init__(self, capacity: int, device: torch.device) -> None:
        self.crops = torch.zeros((capacity, 4), dtype=torch.long, device=device)
        self.scores = torch.zeros(capacity, device=device)

    def draw(self, count: int, generator: torch.Generator) -> Tensor | None:
        """``count`` of the remembered crops [count, 4]; None as long as there are too few."""
        if count == 0 or count > len(self.scores) or not bool(self.scores[-count:].all()):
            return None
        index = torch.randint(len(self.scores), (count,), generator=generator, device=self.scores.device)
        # Places not filled yet: the best known ones stand in.
        return self.crops[torch.where(self.scores[index] > 0, index, torch.arange(-count, 0, device=index.device))]

    def update(self, crops: Tensor, losses: Tensor) -> None:
        """Takes in the losses [N] of patches at ``crops`` [N, 4]; crops known already get the new score."""
        known = (self.crops[:, None] == crops[None]).all(2).any(1)
        scores = torch.cat((torch.where(known, 0, self.scores * _FADING), losses))
        order = scores.argsort(stable=True)[-len(self.scores) :]
        self.crops, self.scores = torch.cat((self.crops, crops))[order], scores[order]


# A score halves in about 700 steps.
_FADING = 0.999


def _own_gains(source: Source) -> F32:
    """The gains of a source's pictures f32 [N, 3]; zeros where they are to be drawn."""
    return np.zeros((len(source.pictures), 3), np.float32) if source.gains is None else source.gains


def _chances(sources: Sequence[Source], pixels: Tensor) -> Tensor:
    """Each picture's chance: its source's share, by its number of pixels within the source."""
    chances, at = [], 0
    for source in sources:
        own = pixels[at : at + len(source.pictures)].double()
        chances.append((source.share * own / own.sum()).float())
        at += len(source.pictures)
    return torch.cat(chances)
