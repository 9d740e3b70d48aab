"""What makes the network sharper, and at what price?

    python -m experiments.softness PHOTOS TEST_PHOTOS [--seeds 0 1 2]

Small networks of the default kind learn the same number of steps with another loss, other pictures or other
augmentation. MTF50 is that of a slanted edge (after ISO 12233), PSNR and false colour are those of photographs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from experiments.material import Material, as_camera_jpeg, codes, cropped, demosaic, read_pictures, train
from experiments.results import note, parser, read, table
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.frame import F32
from xtdm_core.images import area_average
from xtdm_core.models.packed import PackedNet
from xtdm_core.train.config import LossWeights
from xtdm_core.train.losses import demosaic_losses

STEPS, RATE = 400, 5e-3
_PLAIN = np.ones(3, np.float32)
_SLOPE = 0.1  # of the edge: about 6 degrees
_OVERSAMPLING = 4


@dataclass(frozen=True)
class Recipe:
    """weights: of the loss; fourier: of the L1 of the Fourier magnitudes; pictures: a key of ``learned_from``."""

    weights: LossWeights = field(default_factory=LossWeights)
    fourier: float = 0.0
    pictures: str = "as they are"
    flips: str = "right"


_L1 = LossWeights(chroma=0.0)
RECIPES = {
    "L1 and chroma, as the presets": Recipe(),
    "L1": Recipe(_L1),
    "L1 + SSIM": Recipe(replace(_L1, ssim=0.2)),
    "L1 + gradient": Recipe(replace(_L1, gradient=0.5)),
    "L1 + Fourier magnitude": Recipe(_L1, fourier=0.1),
    "L1, camera JPEGs at full size": Recipe(_L1, pictures="camera JPEGs"),
    "L1, pictures reduced 2×": Recipe(_L1, pictures="reduced 2x"),
    "L1, pictures reduced 4×": Recipe(_L1, pictures="reduced 4x"),
    "L1, no flips": Recipe(_L1, flips="none"),
}


def learned_from(photos: Path) -> dict[str, list[F32]]:
    """The same photographs as they are (free of demosaicing traces), smaller, and as a camera would have given them."""
    plain = read_pictures(photos, 96)
    return {
        "as they are": plain,
        "camera JPEGs": read_pictures(photos, 96, as_camera_jpeg),
        "reduced 2x": [area_average(picture, 2) for picture in plain],
        "reduced 4x": [area_average(picture, 4) for picture in plain],
    }


def trained(recipe: Recipe, pictures: dict[str, list[F32]], seed: int) -> nn.Module:
    """A network of 24 channels and 3 blocks from random weights."""
    torch.manual_seed(seed)

    def loss(rgb: Tensor, truth: Tensor) -> Tensor:
        error = demosaic_losses(rgb, truth, recipe.weights).mean()
        if recipe.fourier:
            seen, wanted = (torch.fft.rfft2(x.float(), norm="ortho").abs() for x in (rgb, truth))
            error = error + recipe.fourier * (seen - wanted).abs().mean()
        return error

    return train(
        PackedNet(24, 3), Material(pictures[recipe.pictures], True, recipe.flips), STEPS, RATE, seed, loss, batch=16
    )


def edge(side: int = 288) -> F32:
    """A slanted edge from 0.2 to 0.6, each pixel the mean of its area: linear f32 [side, side, 3]."""
    at = (np.arange(side * 8) + 0.5) / 8 - side / 2
    fine = np.where(at[None, :] + _SLOPE * at[:, None] > 0, 0.6, 0.2)
    return np.repeat(fine.reshape(side, 8, side, 8).mean((1, 3)).astype(np.float32)[..., None], 3, axis=2)


def mtf50(rgb: F32) -> float:
    """Cycles per px at which the contrast of the edge's green falls to a half (ISO 12233's slanted-edge method)."""
    green = rgb[24:-24, 24:-24, 1].astype(np.float64)
    rows, cols = np.indices(green.shape)
    centre = (np.array(green.shape) - 1) / 2
    distance = (cols - centre[1] + _SLOPE * (rows - centre[0])) / np.hypot(1, _SLOPE)
    bins = np.rint(distance * _OVERSAMPLING).astype(int)
    bins, near = bins - bins.min(), np.abs(distance) < 24
    total = np.bincount(bins[near], green[near])
    spread = total[total > 0] / np.bincount(bins[near])[total > 0]
    line = np.diff(spread) * np.hanning(len(spread) - 1)
    contrast = np.abs(np.fft.rfft(line, 4096))
    below = np.argmax(contrast / contrast[0] < 0.5)
    return float(below / 4096 * _OVERSAMPLING)


def false_colour(seen: F32, truth: F32) -> float:
    """The rms error of R - G and B - G, 8-bit codes."""
    error = codes(cropped(seen)) - codes(cropped(truth))
    return float(np.sqrt(np.mean(np.square(error[..., ::2] - error[..., 1:2]))))


COLUMNS = {"mtf50": "MTF50, cycles/px", "psnr_db": "PSNR, dB", "false_colour_codes": "false colour, codes"}


def run(photos: Path, tests: Path, seeds: list[int], results: Path) -> None:
    """All recipes of each seed."""
    known, unseen = learned_from(photos), read_pictures(tests, 12)
    print(f"the edge itself: MTF50 {mtf50(edge()):.3f}")
    for seed in seeds:
        for name, recipe in RECIPES.items():
            net = trained(recipe, known, seed).eval()
            shown = [(demosaic(net, picture, _PLAIN), picture) for picture in unseen]
            figures = {
                "mtf50": mtf50(demosaic(net, edge(), _PLAIN)),
                "psnr_db": float(np.mean([psnr_srgb(cropped(seen), cropped(truth)) for seen, truth in shown])),
                "false_colour_codes": float(np.mean([false_colour(seen, truth) for seen, truth in shown])),
            }
            note(results, name, seed, figures)


def main() -> None:
    """The command line."""
    asked = parser(__doc__, "softness.jsonl").parse_args()
    run(asked.photos, asked.tests, asked.seeds, asked.results)
    print(table(read(asked.results), COLUMNS, 3))


if __name__ == "__main__":
    main()
