"""The colour of clipped 3x3 blocks, from their unclipped channels and their surroundings.

For each clipped channel there are several plausible values: the one that makes the block a colour of daylight or
lamplight, the ones that the ratios at the rim give, what blocks of like colour nearby have, neutral, and just
clipped. A small network weighs them: it sees them all, how close the other channels are to clipping, and how much is
known nearby. It was trained on photographs and composites of them (``train.highlights``). Blocks with one clipped
channel come first; their estimates are part of the surroundings of those with two. Where all channels clip the result
is neutral, as bright as the rim, unless the rim is of a strong colour: then it is a lamp's, and goes on.

All of this works on logarithms of white-balanced block means; the networks' results are relative to the clip level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xtdm_core.assets import asset
from xtdm_core.develop.channels import largest
from xtdm_core.develop.highlight_context import Places, Surroundings, like_colours, spread_known
from xtdm_core.frame import F32

Bools = NDArray[np.bool_]

WEIGHTS = "highlights.safetensors"
# The two other channels of each: green's are red and blue; the others' green comes first.
OTHERS = {0: (1, 2), 1: (0, 2), 2: (1, 0)}
_DARKEST = 1e-4
LEAST_TRUST = np.float32(1e-6)
BEYOND = 0.15  # how far, in log units, a channel may lie from the mean of the candidates
_CHUNK = 1 << 15
# How far, in log units, smoothing may move an estimate: as far as noise does, and not as far as the grain of a texture.
_NOISE = np.float32(0.04)
# Where two channels clip and the third comes close (in log units), the colour goes over to that of fully clipped areas.
_FADE_FROM = -0.3
# Photosites saturate so much, in log units, above the level of their channel: blown areas are brighter than that.
_SPREAD = 0.01
# A rim of this saturation, (max - min) / max, begins to colour fully clipped areas, and does so wholly; but only a rim
# that is itself this bright, relative to clipping, is the glow of a lamp.
_SATURATED = (0.4, 0.65)
_GLOWING = (0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Blocks:
    """A mosaic at a third of its resolution.

    means     f32 [h, w, 3], white-balanced, clipped photosites with what they read
    clipped   bool [h, w, 3], whether any photosite of the channel clips
    trust     f32 [h, w], 0 to 1: how much a block tells of the light. Bright and even ones do; dark ones, and those
              with an edge in them, tell of what stands before it
    levels    f32 [3], the white-balanced values at which the channels clip
    """

    means: F32
    clipped: Bools
    trust: F32
    levels: F32


@dataclass(frozen=True, slots=True)
class Gate:
    """A network of three layers that weighs candidates; f32 arrays, ``layers`` as (weights [in, out], biases [out]).

    It gives each candidate one weight for all clipped channels, so that their mean is a colour between theirs, and each
    channel a small deviation.
    """

    mean: F32
    scale: F32
    layers: tuple[tuple[F32, F32], ...]

    def __call__(self, features: F32, candidates: F32) -> F32:
        """Weigh candidates f32 [n, channels, k] by features f32 [n, m]: logs over the clip level, f32 [n, channels]."""
        out = np.empty(candidates.shape[:2], np.float32)
        for start in range(0, len(out), _CHUNK):
            part = slice(start, start + _CHUNK)
            x = (features[part] - self.mean) / self.scale
            for weights, biases in self.layers[:-1]:
                x = np.maximum(x @ weights + biases, 0)
            x = x @ self.layers[-1][0] + self.layers[-1][1]
            votes, beyond = x[:, : candidates.shape[2]], x[:, candidates.shape[2] :]
            shares = np.exp(votes - votes.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            mixed = np.einsum("nk,nck->nc", shares, candidates[part])
            out[part] = np.maximum(mixed + np.float32(BEYOND) * np.tanh(beyond), 0)
        return out


@dataclass(frozen=True, slots=True)
class Question:
    """Blocks in which the same channels clip, and what there is to know of them.

    channels    those that clip
    rows, cols  i64 [n]
    features    f32 [n, m]
    candidates  f32 [n, channels, k], logs over the clip level of the channel, at least 0
    """

    channels: tuple[int, ...]
    rows: Places
    cols: Places
    features: F32
    candidates: F32


@cache
def shipped_gates() -> tuple[Gate, Gate]:
    """Load the networks for one and for two clipped channels."""
    return load_gates(asset(WEIGHTS))


def load_gates(path: Path) -> tuple[Gate, Gate]:
    """Load them from a file of ``train.highlights``."""
    from safetensors.numpy import load_file

    found = load_file(path)

    def gate(name: str) -> Gate:
        layers = tuple((found[f"{name}.{i}.weights"], found[f"{name}.{i}.biases"]) for i in range(3))
        return Gate(found[f"{name}.mean"], found[f"{name}.scale"], layers)

    return gate("one"), gate("two")


def estimate_colours(blocks: Blocks, gates: tuple[Gate, Gate]) -> F32:
    """Estimate the clipped channels of all blocks: f32 [h, w, 3], white-balanced; others keep their means."""
    logs = np.log(np.maximum(blocks.means, np.float32(_DARKEST)))
    levels = np.log(blocks.levels)
    count = clipped_channels(blocks)
    for stage, questions in enumerate((one_clipped, two_clipped)):
        for question in questions(logs, levels, blocks, count):
            answer = gates[stage](question.features, question.candidates)
            for i, c in enumerate(question.channels):
                logs[question.rows, question.cols, c] = levels[c] + answer[:, i]
    _smooth(logs, levels, blocks, count)
    if (count >= 2).any():
        _blow_out(logs, levels, blocks, count)
    return np.where(blocks.clipped, np.exp(logs), blocks.means)


def clipped_channels(blocks: Blocks) -> NDArray[np.uint8]:
    """How many channels clip in each block: u8 [h, w]."""
    red, green, blue = (blocks.clipped[..., c].view(np.uint8) for c in range(3))
    return red + green + blue


def _surroundings(logs: F32, levels: F32, weights: F32) -> Surroundings:
    """Of each block: log colour relative to its mean (3), and its brightness (see ``_brightness``)."""
    red, green, blue = (logs[..., c] for c in range(3))
    grey = (red + green + blue) / np.float32(3)
    return spread_known((red - grey, green - grey, blue - grey, _brightness(logs, levels)), weights)


def _brightness(logs: F32, levels: F32) -> F32:
    """The channel nearest to clipping, 1 where it clips, at most 2: f32 [h, w]."""
    return np.asarray(np.exp(np.minimum(_nearness(logs, levels), np.float32(0.7))))


def _nearness(logs: F32, levels: F32) -> F32:
    """How close the channel nearest to clipping is to it, in log units: f32 [h, w], above 0 where it is estimated."""
    red, green, blue = (logs[..., c] - levels[c] for c in range(3))
    return np.maximum(np.maximum(red, green), blue)


def one_clipped(logs: F32, levels: F32, blocks: Blocks, count: NDArray[np.uint8]) -> Iterator[Question]:
    """Ask for the blocks with one clipped channel."""
    if not (count == 1).any():
        return
    weights = blocks.trust * (count == 0)
    around = _surroundings(logs, levels, weights)
    for c, (d, e) in OTHERS.items():
        rows, cols = np.nonzero(blocks.clipped[..., c] & (count == 1))
        if not rows.size:
            continue
        near = around.at(rows, cols)
        own = logs[rows, cols]
        x, y, level = own[:, d], own[:, e], levels[c]
        rim_d, rim_e = near[:, c] - near[:, d], near[:, c] - near[:, e]
        middle = (x + y) / 2
        # The colours of black bodies and daylight lie near the line on which green is the geometric mean.
        locus = middle if c == 1 else 2 * own[:, 1] - own[:, 2 - c]
        offsets = np.asarray(logs[..., c] - (logs[..., d] + logs[..., e]) / 2, np.float32)
        alike = like_colours(offsets, logs[..., d] - logs[..., e], weights, rows, cols, x - y)
        candidates = [
            *(np.clip(locus - level, -2, 1.5), middle - level, x - level, y - level, np.zeros_like(x)),
            *(x + rim_d - level, y + rim_e - level, middle + (rim_d + rim_e) / 2 - level, middle + alike - level),
        ]
        told = [x - levels[d], y - levels[e], x - y, x - y - (rim_e - rim_d), rim_d, rim_e, near[:, 3]]
        yield _question((c,), c, rows, cols, candidates, [*candidates, *told], near, levels[[d, e]] - level)


def two_clipped(logs: F32, levels: F32, blocks: Blocks, count: NDArray[np.uint8]) -> Iterator[Question]:
    """Ask for the blocks with two clipped channels; those with one have their estimates in ``logs``."""
    if not (count == 2).any():
        return
    around = _surroundings(logs, levels, blocks.trust * (count < 2))
    for q, pair in OTHERS.items():
        rows, cols = np.nonzero(~blocks.clipped[..., q] & (count == 2))
        if not rows.size:
            continue
        near = around.at(rows, cols)
        known = logs[rows, cols, q]
        candidates, told = [], []
        for c, other in zip(pair, pair[::-1], strict=True):
            rim = near[:, c] - near[:, q]
            least = np.maximum(levels[other], known)
            green = {c: (known + least) / 2, q: 2 * known - least, other: 2 * least - known}[1]
            locus = np.clip(green - levels[c], -1, 1)
            start = known - levels[c]
            candidates += [start, np.zeros_like(known), start + rim, start + rim / 2, locus]
            told += [start, start + rim, locus]
        rims = [near[:, pair[0]] - near[:, q], near[:, pair[1]] - near[:, q], near[:, pair[0]] - near[:, pair[1]]]
        told += [known - levels[q], *rims, near[:, 3]]
        yield _question(pair, q, rows, cols, candidates, told, near, levels[list(pair)] - levels[q])


def _question(
    channels: tuple[int, ...],
    special: int,
    rows: Places,
    cols: Places,
    candidates: list[F32],
    told: list[F32],
    near: F32,
    apart: F32,
) -> Question:
    """Pack it; ``special`` is the channel that differs from the other two, ``apart`` how far the clip levels are."""
    which = np.eye(3, dtype=np.float32)[special]
    constants = np.broadcast_to(np.concatenate((apart, which)), (rows.size, 5))
    features = np.column_stack((*told, near[:, 4:], constants)).clip(-3, 3).astype(np.float32)
    weighed = np.maximum(np.stack(candidates, axis=-1), 0).reshape(rows.size, len(channels), -1)
    return Question(channels, rows, cols, features, weighed.astype(np.float32))


def _smooth(logs: F32, levels: F32, blocks: Blocks, count: NDArray[np.uint8]) -> None:
    """Smooth the ratios of estimated channels to known ones, in ``logs``, over 5x5 even and bright blocks.

    Noise decides at the border of two zones which question a block belongs to; the answers differ a little.
    """
    weights = blocks.trust * (count < 3)
    planes = [logs[..., c] for c in range(3)]
    scale = 1 / np.maximum(_box(weights), LEAST_TRUST)
    red_green, red_blue = (_box((planes[0] - planes[c]) * weights) * scale for c in (1, 2))
    from_red = (np.zeros_like(scale), red_green, red_blue)
    for c, others in OTHERS.items():
        rows, cols = np.nonzero(blocks.clipped[..., c] & (count < 3))
        own = from_red[c][rows, cols]
        found, number = np.zeros_like(own), np.zeros_like(own)
        for d in others:
            known = ~blocks.clipped[rows, cols, d]
            found += (planes[d][rows, cols] + from_red[d][rows, cols] - own) * known
            number += known
        before = planes[c][rows, cols]
        change = np.clip(found / np.maximum(number, 1) - before, -_NOISE, _NOISE)
        planes[c][rows, cols] = np.maximum(before + change, levels[c])


def _box(image: F32) -> F32:
    """Means over 5x5 blocks of f32 [h, w], edges repeated."""
    for axis in (0, 1):
        padded = np.pad(image, [(2, 2) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        size = image.shape[axis]
        parts = [padded[k : k + size] if axis == 0 else padded[:, k : k + size] for k in range(5)]
        image = (parts[0] + parts[1] + parts[2] + parts[3] + parts[4]) * np.float32(0.2)
    return image


def _blow_out(logs: F32, levels: F32, blocks: Blocks, count: NDArray[np.uint8]) -> None:
    """Give fully clipped blocks, in ``logs``, neutral or their lamp's colour, and let their rim go over to it."""
    third = _nearness(np.where(blocks.clipped, -np.inf, logs), levels)
    peak = largest(logs)[..., 0]
    colours = [logs[..., c] - peak for c in range(3)]
    around = spread_known((*colours, peak, _brightness(logs, levels)), blocks.trust * (count < 3))
    rows, cols = np.nonzero((count == 3) | ((count == 2) & (third > _FADE_FROM)))
    near = around.at(rows, cols)
    colour = near[:, :3] - near[:, :3].max(axis=1, keepdims=True)
    level = np.maximum(near[:, 3:4], levels.max() + np.float32(_SPREAD))
    tinted = colour + level
    tinted += np.maximum((levels - tinted).max(axis=1, keepdims=True), 0)
    tint = _smoothstep(1 - np.exp(colour.min(axis=1)), *_SATURATED) * _smoothstep(near[:, 4], *_GLOWING)
    blown = level + (tinted - level) * tint[:, None]
    share = np.where(count[rows, cols] == 3, 1, _smoothstep(third[rows, cols], _FADE_FROM, 0))[:, None]
    clipped = blocks.clipped[rows, cols]
    # A channel that is known tells how bright the block is: the colour alone is taken.
    blown += np.where(clipped, 0, logs[rows, cols] - blown).sum(axis=1, keepdims=True)
    blown += np.maximum(np.where(clipped, levels - blown, 0).max(axis=1, keepdims=True), 0)
    logs[rows, cols] += np.where(clipped, share * (blown - logs[rows, cols]), 0)


def _smoothstep(x: F32, low: float, high: float) -> F32:
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
