"""PackedNet: a compact network that works on 3x3 blocks of the CFA.

Green is 3-periodic in X-Trans, and a shift by 3 rows or columns exchanges R and B. So every 3x3 block shows
the network the same layout once R and B change names on every second block of a checkerboard; because a mosaic
value carries no name, only the output has to be renamed. No position masks are needed, and the network is
phase-aware, and symmetric in R and B, by construction.

A linear interpolation (a normalised tent) is the baseline. The convolutions see the mosaic minus the re-mosaiced
baseline, which is zero on flat colours, and have no biases: so flat in gives flat out, f(a x) = a f(x) for any
a >= 0, and highlights above 1 are treated like everything else.

A network that is trained on flipped and turned pictures agrees only roughly with itself on them. With ``views``
it sees a mosaic in 4 or 8 orientations and returns the mean: slower by that factor, closer to the truth, and
exactly symmetric (Timofte, Rothe and Van Gool 2016, "Seven ways to improve example-based single image super
resolution", self-ensemble). The middle of a 3x3 block is a point of symmetry of the layout, so flipping and
transposing whole mosaics keeps the canonical phase, up to the names of R and B.

With ``noise`` it removes noise too, and is told how much there is: the standard deviation of each colour at every
block enters as three planes, and differences between means over wider and wider surroundings as nine more, because
the detail holds next to nothing of blotches larger than the tent. All of these scale with the picture, so that
f(a x, a sigma) = a f(x, sigma), and are zero on flat colours where sigma is.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from xtdm_core.frame import F32
from xtdm_core.xtrans import CANONICAL

BLOCK = 3
# Steps, in blocks, of the means whose differences tell of low frequencies: they see 1, 3 and 7 blocks far.
_STEPS = (1, 2, 4)

# The orientations that ``views`` averages: (transposed, flipped axes).
_FLIPS: tuple[tuple[int, ...], ...] = ((), (2,), (3,), (2, 3))
_VIEWS: dict[int, list[tuple[bool, tuple[int, ...]]]] = {
    1: [(False, ())],
    4: [(False, axes) for axes in _FLIPS],
    8: [(transposed, axes) for transposed in (False, True) for axes in _FLIPS],
}


class PackedNet(nn.Module):
    """Residual 3x3 convolutions of one width at a third of the resolution.

    Input f32 [N, 1, H, W], H and W multiples of 6, white-balanced; output f32 [N, 3, H, W].

    views  1, or the mean over 4 flips or all 8 flips and rotations. Training sees one: the weights are the same.
    noise  whether it is told the noise, and removes it
    """

    stride = 6
    # Only corrections to the baseline are rounded, so half precision costs 0.01 dB; flat colours stay exact.
    tolerates_bfloat16 = True
    baseline: Tensor
    own: Tensor  # the baseline's channel of each position's own colour

    def __init__(self, width: int = 48, blocks: int = 5, views: int = 1, noise: bool = False) -> None:
        super().__init__()
        if views not in _VIEWS:
            raise TypeError(f"views must be one of {sorted(_VIEWS)}")
        self.views, self.takes_noise = views, noise
        own = BLOCK**2 * CANONICAL[:BLOCK, :BLOCK].ravel().astype(np.int64) + np.arange(BLOCK**2)
        self.register_buffer("baseline", torch.from_numpy(baseline_kernel()), persistent=False)
        self.register_buffer("own", torch.from_numpy(own), persistent=False)
        self.head = nn.Conv2d(BLOCK**2 + 3 * (len(_STEPS) + 1) * noise, width, 3, padding=1, bias=False)
        self.body = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))
        self.tail = nn.Conv2d(width, 3 * BLOCK**2, 1, bias=False)
        nn.init.zeros_(self.tail.weight)

    @property
    def reach(self) -> int:
        """How far a result depends on its surroundings, in pixels: a block for each 3x3 convolution, the baseline's
        included, or the widest mean."""
        return BLOCK * (1 + 2 * len(self.body) + (sum(_STEPS) if self.takes_noise else 1))

    def forward(self, mosaic: Tensor, noise: Tensor | None = None) -> Tensor:
        """Demosaics; see the class for shapes.

        noise  f32 [N, 3, 2], for R, G, B of the white-balanced mosaic the a and b of variance = a x + b; None: none
        """
        # channels_last, where a CPU's convolutions sum in the same order at every place and for every size: in half
        # precision the last bit of ``detail`` would show, and tiles would differ from the whole.
        packed = F.pixel_unshuffle(mosaic, BLOCK).contiguous(memory_format=torch.channels_last)
        # Under autocast the baseline keeps full precision: only corrections to it may be rounded.
        with torch.autocast(mosaic.device.type, enabled=False):
            baseline = F.conv2d(packed, self.baseline, padding=1)
            seen = packed - baseline[:, self.own]
            if self.takes_noise:
                seen = torch.cat((seen, *surroundings(packed, noise)), 1)
                seen = seen.contiguous(memory_format=torch.channels_last)
        if self.training or self.views == 1:
            return _unpacked(baseline + self._corrections(seen))
        corrections = torch.stack([self._view(seen, *view) for view in _VIEWS[self.views]]).mean(0)
        return _unpacked(baseline) + corrections

    def _corrections(self, seen: Tensor) -> Tensor:
        """[N, C, h, w] -> [N, 27, h, w], both packed and in the names of even blocks."""
        corrections: Tensor = self.tail(self.body(self.head(seen)))
        return corrections

    def _view(self, seen: Tensor, transposed: bool, flipped: tuple[int, ...]) -> Tensor:
        """The corrections [N, 3, H, W] to what is packed in ``seen`` [N, C, h, w], flipped, then transposed."""
        plane, rest = F.pixel_shuffle(seen[:, : BLOCK**2], BLOCK).flip(flipped), seen[:, BLOCK**2 :].flip(flipped)
        if transposed:
            # Transposing puts R where B was in every block.
            plane, rest = plane.transpose(2, 3), _red_blue_exchanged(rest).transpose(2, 3)
        packed = torch.cat((F.pixel_unshuffle(plane, BLOCK), rest), 1).contiguous(memory_format=torch.channels_last)
        rgb = _unpacked(self._corrections(packed).float())
        if transposed:
            rgb = rgb.transpose(2, 3)
        # An even number of blocks changes sides at a flip; transposing puts R where B was.
        exchanged = (len(flipped) + transposed) % 2 == 1
        return (rgb.flip(1) if exchanged else rgb).flip(flipped)


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(relu(x)))), without biases."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)
        if not self.second.weight.is_meta:  # there is nothing to fill; torch would load its compiler, 1.4 s, to do it
            nn.init.normal_(self.second.weight, std=0.01 / width**0.5)

    def forward(self, x: Tensor) -> Tensor:
        """[N, width, h, w] -> the same."""
        # In place where nothing else needs the values: less memory to fetch.
        return self.second(F.relu(self.first(F.relu(x)), inplace=True)).add_(x)


def surroundings(packed: Tensor, noise: Tensor | None) -> list[Tensor]:
    """What a packed mosaic [N, 9, h, w] says of low frequencies and noise: planes [N, 3, h, w] in the names of even
    blocks.

    Three differences between means of a colour, from fine to coarse, by the "a trous" algorithm (Holschneider et al.
    1989) with weights 1 2 1; and the standard deviation of each colour's noise at the finest of these means.
    """
    positions = torch.from_numpy(CANONICAL[:BLOCK, :BLOCK].ravel().astype(np.int64)).to(packed.device)
    means = torch.stack([packed[:, positions == colour].mean(1) for colour in range(3)], 1)
    finer = exchange_odd_blocks(means)
    sigma = _sigma(_smoothed(finer, 1), noise)
    planes = []
    for step in _STEPS:
        coarser = _smoothed(finer, step)
        planes.append(finer - coarser)
        finer = coarser
    return [exchange_odd_blocks(plane) for plane in (*planes, sigma)]


def _smoothed(planes: Tensor, step: int) -> Tensor:
    """Means with weights 1 2 1 along rows and columns, ``step`` apart, the borders repeated."""
    height, width = planes.shape[2:]
    padded = F.pad(planes, (0, 0, step, step), mode="replicate")
    planes = (padded[:, :, :height] + padded[:, :, 2 * step :]) / 4 + planes / 2
    padded = F.pad(planes, (step, step, 0, 0), mode="replicate")
    return (padded[..., :width] + padded[..., 2 * step :]) / 4 + planes / 2


def _sigma(means: Tensor, noise: Tensor | None) -> Tensor:
    """The noise's standard deviation [N, 3, h, w] where colours have these means; see ``PackedNet.forward``."""
    if noise is None:
        return torch.zeros_like(means)
    a, b = noise[..., None, None].unbind(2)
    return (a * means.clamp(min=0) + b).sqrt()


def exchange_odd_blocks(planes: Tensor) -> Tensor:
    """Exchanges R and B in the odd blocks of a checkerboard; [N, 3 k, h, w], a third of it for each colour."""
    rows = torch.arange(planes.shape[2], device=planes.device)[:, None]
    cols = torch.arange(planes.shape[3], device=planes.device)[None, :]
    red, green, blue = planes.chunk(3, dim=1)
    return torch.where((rows + cols) % 2 == 1, torch.cat((blue, green, red), dim=1), planes)


def _red_blue_exchanged(planes: Tensor) -> Tensor:
    """Planes [N, 3 k, h, w] in threes with R and B exchanged in each."""
    return planes.unflatten(1, (-1, 3)).flip(2).flatten(1, 2)


def _unpacked(rgb: Tensor) -> Tensor:
    """Packed RGB [N, 27, h, w] in the names of even blocks to [N, 3, H, W] in the true ones."""
    return F.pixel_shuffle(exchange_odd_blocks(rgb), BLOCK)


def baseline_kernel(radius: int = 2) -> F32:
    """The normalised tent interpolation as a convolution over blocks: f32 [27, 9, 3, 3].

    Output channel 9 * colour + position holds, for an even block, the mean of that colour's samples within
    ``radius`` pixels, weighted by the product of two tents; each row of weights sums to 1.
    """
    kernel = np.zeros((3, BLOCK**2, BLOCK**2, 3, 3), dtype=np.float64)
    for position in range(BLOCK**2):
        y0, x0 = divmod(position, BLOCK)
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                y, x = y0 + dy + BLOCK, x0 + dx + BLOCK
                source = BLOCK * (y % BLOCK) + x % BLOCK
                weight = (radius + 1 - abs(dy)) * (radius + 1 - abs(dx))
                # CANONICAL is read with an origin one period lower, so that indices stay positive.
                colour = CANONICAL[(y + BLOCK) % 6, (x + BLOCK) % 6]
                kernel[colour, position, source, y // BLOCK, x // BLOCK] += weight
    kernel /= kernel.sum(axis=(2, 3, 4), keepdims=True)
    return kernel.reshape(3 * BLOCK**2, BLOCK**2, 3, 3).astype(np.float32)
