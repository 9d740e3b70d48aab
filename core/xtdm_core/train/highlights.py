"""Train the networks that weigh what a clipped channel may be: ``python -m xtdm_core.train.highlights PHOTOS -o FILE``.

The one for a single clipped channel learns first: its estimates surround the blocks with two. A minute or two on one
core; the result is a file for ``highlight_colour.load_gates``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from xtdm_core.develop.highlight_colour import (
    BEYOND,
    Blocks,
    Gate,
    Question,
    clipped_channels,
    one_clipped,
    two_clipped,
)
from xtdm_core.develop.highlights import mosaic_blocks
from xtdm_core.frame import F32, U8, AlignedMosaic
from xtdm_core.images import read_folder
from xtdm_core.train.highlight_material import expose, lamps, photographed
from xtdm_core.xtrans import clipped_photosites

HIDDEN = 32
_DARKEST = 1e-4
_PER_QUESTION = 1500  # blocks: many of a picture are alike
_LAMP_SIDE, _LAMPS = 288, 0.5  # pictures of lamps, as a share of the photographs
_BATCH, _RATE = 2048, 6e-3
# Grey, red against green, and yellow against blue of cube roots, roughly as CIELAB has them; colour counts twice.
_OPPONENT = ((1 / 3, 1 / 3, 1 / 3), (4 / 3, -4 / 3, 0.0), (0.5, 0.5, -1.0))
_TO_COLOUR = (1.0, 2.0, 2.0)

Rows = tuple[torch.Tensor, ...]


def train(images: list[U8], steps: int, seed: int = 0) -> tuple[Gate, Gate]:
    """Train both networks on photographs u8 [H, W, 3]."""
    one = _fit(_rows(images, None, seed), steps)
    return one, _fit(_rows(images, one, seed + 1), steps)


def _rows(images: list[U8], first: Gate | None, seed: int) -> Rows:
    """Gather (features, candidates, channels, clip levels, truth) of all blocks, the latter two in logs.

    first  the network for one clipped channel: with it the blocks with two are asked for, without it those with one
    """
    rng = np.random.default_rng(seed)
    parts = []
    for truth, shot, true in _shots(images, rng):
        blocks = mosaic_blocks(shot, clipped_photosites(shot))
        target = np.log(np.maximum(_true_blocks(truth, shot, blocks), _DARKEST)).astype(np.float32)
        for question in _questions(blocks, first):
            usable = np.flatnonzero(true[question.rows, question.cols])
            chosen = rng.permutation(usable)[:_PER_QUESTION]
            rows, cols = question.rows[chosen], question.cols[chosen]
            channels = np.tile(question.channels, (chosen.size, 1))
            levels = np.tile(np.log(blocks.levels), (chosen.size, 1))
            parts.append((question.features[chosen], question.candidates[chosen], channels, levels, target[rows, cols]))
    return tuple(torch.from_numpy(np.concatenate(column)) for column in zip(*parts, strict=True))


def _shots(images: list[U8], rng: np.random.Generator) -> Iterator[tuple[F32, AlignedMosaic, F32]]:
    """(unclipped truth, over-exposed mosaic, where the truth is to be believed, per block)."""
    for i in range(len(images)):
        scene, ev, true = photographed(images, i, rng)
        truth, shot = expose(scene, ev, rng)
        height, width = truth.shape
        yield truth, shot, true[:height, :width].reshape(height // 3, 3, width // 3, 3).min(axis=(1, 3))
    for _ in range(round(_LAMPS * len(images))):
        truth, shot = expose(lamps(rng, _LAMP_SIDE), rng.uniform(-0.5, 2), rng)
        yield truth, shot, np.ones((truth.shape[0] // 3, truth.shape[1] // 3), np.float32)


def _true_blocks(truth: F32, shot: AlignedMosaic, blocks: Blocks) -> F32:
    """The true means of blocks f32 [h, w, 3]; of channels that clip in part, those of the clipped photosites."""
    clipped = clipped_photosites(shot)
    none = np.zeros(clipped.shape, bool)
    whole = mosaic_blocks(shot.with_values(truth), none).means
    part = mosaic_blocks(shot.with_values(np.where(clipped, truth, 0)), none).means
    count = mosaic_blocks(shot.with_values(clipped.astype(np.float32)), none).means
    return np.where(blocks.clipped, part * shot.wb / np.maximum(count, _DARKEST), whole).astype(np.float32)


def _questions(blocks: Blocks, first: Gate | None) -> Iterator[Question]:
    logs = np.log(np.maximum(blocks.means, np.float32(_DARKEST)))
    levels = np.log(blocks.levels)
    count = clipped_channels(blocks)
    if first is None:
        yield from one_clipped(logs, levels, blocks, count)
        return
    for question in one_clipped(logs, levels, blocks, count):
        (c,) = question.channels
        logs[question.rows, question.cols, c] = levels[c] + first(question.features, question.candidates)[:, 0]
    yield from two_clipped(logs, levels, blocks, count)


class _Net(nn.Module):
    """The trainable twin of ``highlight_colour.Gate``."""

    def __init__(self, features: torch.Tensor, channels: int, candidates: int) -> None:
        super().__init__()
        self.mean, self.scale = features.mean(dim=0), features.std(dim=0) + 1e-3
        sizes = (features.shape[1], HIDDEN, HIDDEN, candidates + channels)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))

    def forward(self, features: torch.Tensor, candidates: torch.Tensor) -> torch.Tensor:
        x = (features - self.mean) / self.scale
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        votes, beyond = self.layers[-1](x).split((candidates.shape[2], candidates.shape[1]), dim=1)
        mixed = torch.einsum("nk,nck->nc", torch.softmax(votes, dim=1), candidates)
        return torch.relu(mixed + BEYOND * torch.tanh(beyond))

    def gate(self) -> Gate:
        state = {name: tensor.numpy().copy() for name, tensor in self.state_dict().items()}
        layers = tuple((state[f"layers.{i}.weight"].T.copy(), state[f"layers.{i}.bias"]) for i in range(3))
        return Gate(self.mean.numpy(), self.scale.numpy(), layers)


def _fit(rows: Rows, steps: int) -> Gate:
    torch.manual_seed(0)
    features, candidates = rows[:2]
    net = _Net(features, candidates.shape[1], candidates.shape[2])
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, steps)
    total = 0.0
    for step in range(steps):
        chosen = torch.randint(len(features), (_BATCH,))
        loss = _loss(net, *(column[chosen] for column in rows))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        if (step + 1) % 100 == 0:
            click.echo(f"step {step + 1}: loss {total / 100:.4f}")
            total = 0.0
    return net.gate()


def _loss(
    net: _Net,
    features: torch.Tensor,
    candidates: torch.Tensor,
    channels: torch.Tensor,
    levels: torch.Tensor,
    truth: torch.Tensor,
) -> torch.Tensor:
    """Differences of cube roots in opponent colours, at the exposure that brings the true peak to 1."""
    found = truth.scatter(1, channels, net(features, candidates) + torch.gather(levels, 1, channels))
    peak = truth.amax(dim=1, keepdim=True)
    difference = (torch.exp((found - peak) / 3) - torch.exp((truth - peak) / 3)) @ torch.tensor(_OPPONENT).T
    return (torch.sqrt(difference**2 + 1e-5) * torch.tensor(_TO_COLOUR)).mean()


def save_gates(gates: tuple[Gate, Gate], path: Path) -> None:
    """Write the file that ``highlight_colour.load_gates`` reads."""
    from safetensors.numpy import save_file

    tensors: dict[str, F32] = {}
    for name, gate in zip(("one", "two"), gates, strict=True):
        tensors |= {f"{name}.mean": gate.mean, f"{name}.scale": gate.scale}
        for i, (weights, biases) in enumerate(gate.layers):
            tensors |= {f"{name}.{i}.weights": weights, f"{name}.{i}.biases": biases}
    save_file(tensors, path)


@click.command()
@click.argument("photos", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
@click.option("--steps", type=click.IntRange(1), default=1500, show_default=True)
def main(photos: Path, output: Path, steps: int) -> None:
    """Train on a folder of photographs and write the weights to OUTPUT."""
    save_gates(train(read_folder(photos), steps), output)


if __name__ == "__main__":
    main()
