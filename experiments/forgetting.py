"""How does a network learn patterns without forgetting photographs?

    python -m experiments.forgetting PHOTOS TEST_PHOTOS [--weights fast] [--seeds 0 1 2]

A trained network goes on with 0 to 100 % of torture patterns; the rest of the patches are photographs that it knows
(rehearsal), or there is no rest and something else holds it back: a low rate, a pull towards the start (L2-SP, Li,
Grandvalet and Davoine 2018), or the average with the start afterwards (WiSE-FT, Wortsman et al. 2022).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from experiments.material import Material, cropped, demosaic, read_pictures, train
from experiments.results import note, parser, read, table
from xtdm_core.datasets.patterns import KINDS, torture_image
from xtdm_core.demosaicing.network import checkpoint_path
from xtdm_core.evaluation.metrics import mean_square_srgb, psnr_db, psnr_srgb
from xtdm_core.frame import F32
from xtdm_core.models.checkpoints import load_checkpoint
from xtdm_core.train.config import LossWeights
from xtdm_core.train.losses import demosaic_losses

STEPS, RATE = 300, 3e-4
_SIDE = 192


@dataclass(frozen=True)
class Recipe:
    """patterns: their share of the patches; pull: L2-SP's factor; average: the start's share afterwards."""

    patterns: float
    rate: float = RATE
    pull: float = 0.0
    average: float = 0.0


RECIPES = {
    "photographs only": Recipe(0.0),
    "5 % patterns": Recipe(0.05),
    "10 % patterns": Recipe(0.1),
    "50 % patterns": Recipe(0.5),
    "patterns only": Recipe(1.0),
    "patterns only, a tenth of the rate": Recipe(1.0, RATE / 10),
    "patterns only, L2-SP": Recipe(1.0, pull=10.0),
    "patterns only, half averaged with the start": Recipe(1.0, average=0.5),
    "50 % patterns, half averaged with the start": Recipe(0.5, average=0.5),
}


def fine_tuned(start: nn.Module, recipe: Recipe, photos: list[F32], patterns: list[F32], seed: int) -> nn.Module:
    """A copy of ``start`` after its further training."""
    net = copy.deepcopy(start)
    net.train()
    pool = _mixed(photos, patterns, recipe.patterns)
    known = [value.detach().clone() for value in net.parameters()]

    def loss(rgb: Tensor, truth: Tensor) -> Tensor:
        error = demosaic_losses(rgb, truth, LossWeights()).mean()
        if recipe.pull:
            error = error + recipe.pull * sum(
                ((now - then) ** 2).sum() for now, then in zip(net.parameters(), known, strict=True)
            )
        return error

    train(net, Material(pool, balanced=True), STEPS, recipe.rate, seed, loss, batch=16, optimizer="adamw")
    if recipe.average:
        with torch.no_grad():
            for now, then in zip(net.parameters(), known, strict=True):
                now.lerp_(then, recipe.average)
    return net


def _mixed(photos: list[F32], patterns: list[F32], share: float) -> list[F32]:
    """A list in which so large a share are patterns."""
    if share in (0.0, 1.0):
        return patterns if share else photos
    times = round(share * len(photos) / ((1 - share) * len(patterns)) * 20)
    return photos * 20 + patterns * times


def judged(net: nn.Module, photos: list[F32], patterns: list[F32]) -> tuple[float, float]:
    """PSNR in dB of (photographs, the mean of the pictures'; patterns, of the mean square error of all)."""
    net.eval()
    plain = np.ones(3, np.float32)
    photo = np.mean([psnr_srgb(cropped(demosaic(net, p, plain)), cropped(p)) for p in photos])
    pattern = np.mean([mean_square_srgb(cropped(demosaic(net, p, plain)), cropped(p)) for p in patterns])
    return float(photo), psnr_db(float(pattern))


COLUMNS = {"photographs_db": "photographs, dB", "patterns_db": "patterns, dB"}


def run(photos: Path, tests: Path, weights: str, seeds: list[int], results: Path) -> None:
    """All recipes of each seed."""
    start = load_checkpoint(checkpoint_path(weights)).net
    known, unseen = read_pictures(photos, 200), read_pictures(tests, 12)
    learned, asked = (
        [torture_image(i % len(KINDS), (seed, i), _SIDE) for i in range(count)] for seed, count in ((1, 130), (2, 39))
    )
    before = judged(start, unseen, asked)
    print(f"before: photographs {before[0]:.2f} dB, patterns {before[1]:.2f} dB")
    for seed in seeds:
        for name, recipe in RECIPES.items():
            photo, pattern = judged(fine_tuned(start, recipe, known, learned, seed), unseen, asked)
            note(results, name, seed, {"photographs_db": photo - before[0], "patterns_db": pattern - before[1]})


def main() -> None:
    """The command line."""
    options = parser(__doc__, "forgetting.jsonl")
    options.add_argument("--weights", default="fast")
    asked = options.parse_args()
    run(asked.photos, asked.tests, asked.weights, asked.seeds, asked.results)
    print(table(read(asked.results), COLUMNS))


if __name__ == "__main__":
    main()
