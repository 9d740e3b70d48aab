"""What made the 6x6 grid of the fine-tuned network?

    python -m experiments.grid_causes PHOTOS TEST_PHOTOS [--seeds 3]

Small U-Nets like the first program's learn on mosaics as a sensor gives them, are fine-tuned on balanced mosaics made
of camera JPEGs, and are judged on mosaics as a sensor gives them. Then one suspect at a time is taken out.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from experiments.material import Marks, Material, as_camera_jpeg, as_jpeg, judge, read_pictures, train
from xtdm_core.models import ModelSpec
from xtdm_core.models.checkpoints import save_checkpoint
from xtdm_core.models.unet import UNet

PRETRAINING, FINE_TUNING = 3000, 600  # steps
WIDTH = 8


def build(kind: str) -> nn.Module:
    """A U-Net; "no BatchNorm", or "bilinear" in place of the transposed convolutions."""
    net = UNet(WIDTH)
    for module in list(net.modules()):
        for name, child in module.named_children():
            if kind == "no BatchNorm" and isinstance(child, nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
            if kind == "bilinear" and isinstance(child, nn.ConvTranspose2d):
                smooth = nn.Upsample(scale_factor=2, mode="bilinear")
                setattr(module, name, nn.Sequential(smooth, nn.Conv2d(child.in_channels, child.out_channels, 1)))
    return net


def freeze_statistics(net: nn.Module) -> None:
    """Keeps BatchNorm as the first training left it."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
            module.momentum = 0.0
            module.weight.requires_grad_(False)
            module.bias.requires_grad_(False)


def recalibrate(net: nn.Module, material: Material, seed: int) -> None:
    """Takes BatchNorm's statistics anew from mosaics like those of use; no weight changes."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # a plain mean
    net.train()
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        for _ in range(40):
            net(material.batch(8, rng)[0])


@dataclass(frozen=True)
class Trial:
    """One way to fine-tune: on what, from which kind of network, and what is done before and after."""

    material: Material
    kind: str = "as it was"
    frozen: bool = False
    recalibrated: bool = False


def trials(photos: Path, count: int) -> dict[str, Trial]:
    """All of them by name; the first is the fine-tuning that showed the grid."""
    plain = read_pictures(photos, count)
    camera = Material(read_pictures(photos, count, as_camera_jpeg), balanced=True)
    base = Trial(camera)
    return {
        "everything in": base,
        "mosaics unbalanced": Trial(replace(camera, balanced=False)),
        "BatchNorm statistics frozen": replace(base, frozen=True),
        "BatchNorm recalibrated after": replace(base, recalibrated=True),
        "no BatchNorm at all": replace(base, kind="no BatchNorm"),
        "bilinear, no transposed conv.": replace(base, kind="bilinear"),
        "no JPEG, no CFA trace": Trial(replace(camera, pictures=plain)),
        "JPEG, no CFA trace": Trial(replace(camera, pictures=read_pictures(photos, count, as_jpeg))),
        "no flips": Trial(replace(camera, flips="none")),
        "no clipping": Trial(replace(camera, clip=False)),
        "mosaic flipped (a phase off)": Trial(replace(camera, flips="late")),
    }


def fine_tuned(start: nn.Module, trial: Trial, raw: Material, seed: int) -> nn.Module:
    """A copy of ``start`` that has learned on."""
    net = copy.deepcopy(start)
    net.train()
    if trial.frozen:
        freeze_statistics(net)
    train(net, trial.material, FINE_TUNING, 3e-4, seed)
    if trial.recalibrated:
        recalibrate(net, raw, seed)
    return net


def run(photos: Path, tests: Path, seeds: int, count: int, keep: Path | None, say: Callable[[str], None]) -> None:
    """Prints a line per network as it comes, then the table."""
    raw = Material(read_pictures(photos, count), balanced=False)
    pictures, asked = read_pictures(tests, 8), trials(photos, count)
    found: dict[str, list[Marks]] = {}

    def note(name: str, seed: int, net: nn.Module, balanced: bool = False) -> None:
        marks = judge(net, pictures, balanced)
        found.setdefault(name, []).append(marks)
        say(f"seed {seed}  {name:32} {marks.psnr_db:6.2f} dB  grid {marks.grid_codes:.3f}  flat {marks.flat_codes:.3f}")

    for seed in range(seeds):
        starts: dict[str, nn.Module] = {}
        for name, trial in asked.items():
            if trial.kind not in starts:
                torch.manual_seed(seed)
                starts[trial.kind] = train(build(trial.kind), raw, PRETRAINING, 2e-3, seed)
                note(f"before, {trial.kind}", seed, starts[trial.kind])
            net = fine_tuned(starts[trial.kind], trial, raw, seed)
            note(name, seed, net)
            if trial is asked["everything in"]:
                note("everything in, used balanced", seed, net, balanced=True)
                if keep and seed == 0:
                    spec = ModelSpec("unet", {"base_width": WIDTH}, "none")
                    for file, one in (("fine-tuned", net), ("unbalanced", starts[trial.kind])):
                        save_checkpoint(keep / f"{file}.safetensors", one, spec, {"made by": "experiments.grid_causes"})
    say(table(found))


def table(found: dict[str, list[Marks]]) -> str:
    """Markdown: means over the seeds, with the least and the greatest grid."""
    lines = ["| fine-tuning | PSNR, dB | 6×6 of the error, codes | spread | on flat colours |", "|---|---|---|---|---|"]
    for name, marks in found.items():
        grids = [m.grid_codes for m in marks]
        lines.append(
            f"| {name} | {np.mean([m.psnr_db for m in marks]):.2f} | {np.mean(grids):.3f} "
            f"| {min(grids):.3f}–{max(grids):.3f} | {np.mean([m.flat_codes for m in marks]):.3f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("tests", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--count", type=int, default=96, help="photographs to learn from")
    parser.add_argument("--keep", type=Path, help="folder for the checkpoints of the first seed")
    asked = parser.parse_args()
    run(asked.photos, asked.tests, asked.seeds, asked.count, asked.keep, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
