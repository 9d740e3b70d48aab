"""How far can the inspector's figures for false colour, zippers and mazes be trusted?

    python -m experiments.artifact_calibration [--trials 6]

Pictures drawn at random, with and without noise, get an artifact of known strength planted in them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from experiments.verdict_calibration import picture
from xtdm_core.develop.color import srgb_encode
from xtdm_core.frame import F32
from xtdm_core.images import area_average
from xtdm_core.inspection.artifacts import ArtifactScore, score_artifacts

AMPLITUDES = (0.0, 1.0, 3.0, 10.0)
NOISES = (0.0, 2.0)
Plant = Callable[[F32, np.random.Generator], F32]


def clean(rng: np.random.Generator) -> F32:
    """Codes f32 [H, W, 3] of clouds of colour with edges, upright and level ones among them."""
    linear = picture(rng)
    for i in range(8):
        top, left = (int(rng.integers(side - 300)) for side in linear.shape[:2])
        height, width = rng.integers(120, 300, 2)
        linear[top : top + height, left : left + width] *= np.float32(0.4 if i % 2 else 1.8)
    return srgb_encode(area_average(linear.clip(0, 1), 2)) * np.float32(255)


def steep(codes: F32) -> np.ndarray:
    """Where green has an edge: bool [H, W]."""
    down, across = np.gradient(codes[..., 1])
    return np.hypot(down, across) > 8


def false_colour(codes: F32, rng: np.random.Generator) -> F32:
    """Specks of red and blue at the edges."""
    specks = rng.normal(size=codes.shape).astype(np.float32) * steep(codes)[..., None]
    specks[..., 1] = 0
    return specks


def zipper(codes: F32, rng: np.random.Generator) -> F32:  # noqa: ARG001 (as the others)
    """An on and off, pixel by pixel, along edges that are upright or level."""
    down, across = np.gradient(codes[..., 1])
    rows, cols = np.indices(codes.shape[:2])
    upright = (np.abs(across) > 8) & (np.abs(across) > 8 * np.abs(down))
    level = (np.abs(down) > 8) & (np.abs(down) > 8 * np.abs(across))
    return np.where(upright, (-1.0) ** rows, np.where(level, (-1.0) ** cols, 0))[..., None].astype(np.float32)


def maze(codes: F32, rng: np.random.Generator) -> F32:
    """Cells of 2x2 px at random, brighter and darker along one diagonal, in texture and at edges."""
    height, width = (side - side % 2 for side in codes.shape[:2])
    signs = rng.choice((-1.0, 1.0), (height // 2, width // 2))
    cells = np.kron(signs, np.array([[1, -1], [-1, 1]]))
    where = np.zeros(codes.shape[:2], np.float32)
    near = np.pad(steep(codes), 2)
    where[:height, :width] = cells
    near_edge = np.lib.stride_tricks.sliding_window_view(near, (5, 5)).any((2, 3))
    return (where * near_edge)[..., None]


PLANTS: dict[str, Plant] = {"false colour": false_colour, "zipper": zipper, "maze": maze}


def scores(plant: Plant, amplitude: float, noise: float, trials: int) -> ArtifactScore:
    """The means of some pictures."""
    found = []
    for i in range(trials):
        rng = np.random.default_rng((3, i))
        codes = clean(rng)
        codes = codes + np.float32(amplitude) * plant(codes, rng)
        codes = codes + np.float32(noise) * rng.normal(size=codes.shape).astype(np.float32)
        one = score_artifacts(codes.astype(np.float32))
        found.append((one.false_colour, one.zipper, one.maze))
    return ArtifactScore(*(float(mean) for mean in np.mean(found, axis=0)))


def main() -> None:
    """The command line: a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=6)
    asked = parser.parse_args()
    print("| planted | codes | noise, codes | false colour | zipper | maze |\n|---|---|---|---|---|---|")
    for name, plant in PLANTS.items():
        for noise in NOISES:
            for amplitude in AMPLITUDES:
                one = scores(plant, amplitude, noise, asked.trials)
                figures = " | ".join(f"{value:.2f}" for value in (one.false_colour, one.zipper, one.maze))
                print(f"| {name} | {amplitude:g} | {noise:g} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
