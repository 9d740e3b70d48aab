"""Which training material makes the 6x6 grid, whatever the network?

    python -m experiments.grid_material PHOTOS TEST_PHOTOS [--seeds 0 1 2]

The best linear estimator from 7x7 photosites, another for each of the 36 phases, learns in closed form: what it shows
comes from the material and from nothing else, for it has no normalisation, no upsampling and is never half trained.
Each seed has another third of the photographs.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from experiments.grid_causes import COLUMNS, COUNT, note_marks, trials
from experiments.material import PATCH, Material, read_pictures
from experiments.results import parser, read, table
from xtdm_core.frame import F32
from xtdm_core.xtrans import PERIOD

PATCHES = 1500
SIDE = 7
_TAPS = SIDE * SIDE
_PHASES = PERIOD * PERIOD
_INNER = PATCH - SIDE + 1
_RIDGE = 1e-6  # of the mean power, against photosites that always agree


class Estimator(nn.Module):
    """Linear in the 7x7 photosites around; weights f32 [36, 49, 3]. Input and output as the U-Net's."""

    weights: Tensor

    def __init__(self, weights: F32) -> None:
        super().__init__()
        self.register_buffer("weights", torch.from_numpy(weights))

    def forward(self, mosaic: Tensor) -> Tensor:
        """Demosaics; what the window does not reach counts as 0."""
        kernels = self.weights.permute(0, 2, 1).reshape(3 * _PHASES, 1, SIDE, SIDE)
        every = nn.functional.conv2d(mosaic, kernels, padding=SIDE // 2).unflatten(1, (_PHASES, 3))
        height, width = mosaic.shape[2:]
        rows, cols = torch.arange(height)[:, None] % PERIOD, torch.arange(width) % PERIOD
        phase = (PERIOD * rows + cols)[None, None, None].expand(len(mosaic), 1, 3, height, width)
        return every.gather(1, phase)[:, 0]


def learned(material: Material, seed: int) -> Estimator:
    """The estimator of the least squared error on ``material``."""
    rng = np.random.default_rng(seed)
    power, wanted = np.zeros((_PHASES, _TAPS, _TAPS)), np.zeros((_PHASES, _TAPS, 3))
    for _ in range(PATCHES // 50):
        seen, truth = (part.numpy() for part in material.batch(50, rng))
        windows = np.lib.stride_tricks.sliding_window_view(seen[:, 0], (SIDE, SIDE), (1, 2))
        inner = truth.transpose(0, 2, 3, 1)[:, SIDE // 2 :, SIDE // 2 :][:, :_INNER, :_INNER]
        for phase in range(_PHASES):
            # The first window's middle lies in row and column 3.
            row, col = ((at - SIDE // 2) % PERIOD for at in divmod(phase, PERIOD))
            x = windows[:, row::PERIOD, col::PERIOD].reshape(-1, _TAPS)
            power[phase] += x.T @ x
            wanted[phase] += x.T @ inner[:, row::PERIOD, col::PERIOD].reshape(-1, 3)
    ridge = _RIDGE * np.trace(power, axis1=1, axis2=2)[:, None, None] * np.eye(_TAPS)
    return Estimator(np.linalg.solve(power + ridge, wanted).astype(np.float32))


def run(photos: Path, tests: Path, results: Path, seeds: list[int]) -> None:
    """Learns from each material of the trials in turn; the first is what the sensor gives."""
    materials = {"as the sensor gives them": Material(read_pictures(photos, COUNT), balanced=False)}
    for name, trial in trials(photos).items():
        if trial.kind == "as it was" and not (trial.frozen or trial.recalibrated):
            materials[name] = trial.material
    pictures = read_pictures(tests, 8)
    for seed in seeds:
        for name, material in materials.items():
            some = replace(material, pictures=material.pictures[seed % 3 :: 3])
            note_marks(results, name, seed, learned(some, seed), pictures)


def main() -> None:
    """The command line."""
    asked = parser(__doc__, "grid_material.jsonl").parse_args()
    run(asked.photos, asked.tests, asked.results, asked.seeds)
    print(table(read(asked.results), COLUMNS))


if __name__ == "__main__":
    main()
