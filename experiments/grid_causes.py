"""What made the 6x6 grid of the fine-tuned network?

    python -m experiments.grid_causes PHOTOS TEST_PHOTOS [--seeds 0 1 2]

Small U-Nets like the first program's learn on mosaics as a sensor gives them, are fine-tuned on balanced mosaics made
of camera JPEGs, and are judged on mosaics as a sensor gives them. Then one suspect at a time is taken out. Beside that
all are judged on balanced mosaics, where the white balance is no suspect for those that were fine-tuned on such.
"""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from experiments.material import Material, as_camera_jpeg, as_jpeg, judge, read_pictures, train
from experiments.results import note, parser, read, table
from xtdm_core.frame import F32
from xtdm_core.models import ModelSpec
from xtdm_core.models.checkpoints import save_checkpoint
from xtdm_core.models.unet import UNet

PRETRAINING, SETTLING, FINE_TUNING = 600, 300, 200  # steps
WIDTH = 12
COUNT = 96  # photographs


class Shallow(nn.Module):
    """The first program's U-Net with two poolings in place of four: as good after a fifth of the steps.

    Input f32 [N, 1, H, W], output f32 [N, 3, H, W], H and W multiples of 12, canonical phase.
    """

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        whole = UNet(width)
        for name in _PARTS:
            setattr(self, name, getattr(whole, name))
        self.register_buffer("masks", whole.masks, persistent=False)

    def forward(self, mosaic: Tensor) -> Tensor:
        """Demosaics."""
        count, _, height, width = mosaic.shape
        masks = self.masks.repeat(1, height // 6, width // 6).expand(count, 3, height, width)
        e1 = self.enc1(torch.cat((mosaic, masks), dim=1))
        e2 = self.enc2(e1)
        rgb: Tensor = self.out_conv(self.dec1(self.dec2(self.enc3(e2), e2), e1))
        return rgb


_PARTS = ("enc1", "enc2", "enc3", "dec2", "dec1", "out_conv")


def as_unet(shallow: Shallow) -> UNet:
    """A whole U-Net that computes the same, so that its file can be loaded: its third level hands the skip on."""
    whole = UNet(WIDTH)
    for name in _PARTS:
        getattr(whole, name).load_state_dict(getattr(shallow, name).state_dict())
    nn.init.zeros_(whole.dec3.up.weight)
    nn.init.zeros_(whole.dec3.up.bias)
    first, norm, _, second, *_ = whole.dec3.conv.block
    nn.init.dirac_(second.weight)
    nn.init.zeros_(first.weight)
    nn.init.dirac_(first.weight[:, first.out_channels :])
    for one in (norm, whole.dec3.conv.block[4]):
        nn.init.constant_(one.weight, (1 + one.eps) ** 0.5)
    return whole.eval()


def build(kind: str) -> Shallow:
    """A U-Net; "no BatchNorm", or "bilinear" in place of the transposed convolutions."""
    net = Shallow()
    for module in list(net.modules()):
        for name, child in module.named_children():
            if kind == "no BatchNorm" and isinstance(child, nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
            if kind == "bilinear" and isinstance(child, nn.ConvTranspose2d):
                smooth = nn.Upsample(scale_factor=2, mode="bilinear")
                setattr(module, name, nn.Sequential(smooth, nn.Conv2d(child.in_channels, child.out_channels, 1)))
    return net.to(memory_format=torch.channels_last)  # faster on a CPU


def _norms(net: nn.Module) -> list[nn.BatchNorm2d]:
    return [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)]


def freeze_statistics(net: nn.Module) -> None:
    """Trains BatchNorm's weights on, but with the statistics that it has, as in use."""
    for norm in _norms(net):
        norm.eval()


def pretrained(kind: str, material: Material, seed: int) -> Shallow:
    """The network before its fine-tuning.

    In the end the statistics are frozen. A long training with large batches comes to statistics that fit every
    picture; so short a one does not, and is 3 dB worse in use than in training, with a grid of 6 codes.
    """
    torch.manual_seed(seed)
    net = build(kind)
    train(net, material, PRETRAINING, 5e-3, seed)
    freeze_statistics(net)
    train(net, material, SETTLING, 3e-3, seed + 100)
    net.train()
    return net


def recalibrate(net: nn.Module, material: Material, seed: int) -> None:
    """Takes BatchNorm's statistics anew from mosaics like those of use; no weight changes."""
    for norm in _norms(net):
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean
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


def trials(photos: Path) -> dict[str, Trial]:
    """All of them by name; the first is the fine-tuning that showed the grid."""
    plain = read_pictures(photos, COUNT)
    camera = Material(read_pictures(photos, COUNT, as_camera_jpeg), balanced=True)
    base = Trial(camera)
    return {
        "everything in": base,
        "mosaics unbalanced": Trial(replace(camera, balanced=False)),
        "BatchNorm statistics frozen": replace(base, frozen=True),
        "BatchNorm recalibrated after": replace(base, recalibrated=True),
        "no BatchNorm at all": replace(base, kind="no BatchNorm"),
        "bilinear, no transposed conv.": replace(base, kind="bilinear"),
        "no JPEG, no CFA trace": Trial(replace(camera, pictures=plain)),
        "JPEG, no CFA trace": Trial(replace(camera, pictures=read_pictures(photos, COUNT, as_jpeg))),
        "no flips": Trial(replace(camera, flips="none")),
        "no clipping": Trial(replace(camera, clip=False)),
        "mosaic flipped (a phase off)": Trial(replace(camera, flips="late")),
    }


def fine_tuned(start: Shallow, trial: Trial, raw: Material, seed: int) -> Shallow:
    """A copy of ``start`` that has learned on."""
    net = copy.deepcopy(start)
    net.train()
    if trial.frozen:
        freeze_statistics(net)
    train(net, trial.material, FINE_TUNING, 1e-3, seed, optimizer="adamw")
    if trial.recalibrated:
        recalibrate(net, raw, seed)
    return net


class Bench:
    """Trains and judges, on mosaics as the sensor gives them and on balanced ones."""

    def __init__(self, photos: Path, tests: Path, results: Path) -> None:
        self.raw = Material(read_pictures(photos, COUNT), balanced=False)
        self.trials = trials(photos)
        self._pictures = read_pictures(tests, 8)
        self._results = results

    def run(self, seed: int, keep: Path | None) -> None:
        """All trials of a seed; ``keep`` takes the checkpoints before and after the fine-tuning of the first."""
        starts: dict[str, Shallow] = {}
        for number, (name, trial) in enumerate(self.trials.items()):
            if trial.kind not in starts:
                starts[trial.kind] = pretrained(trial.kind, self.raw, seed)
                note_marks(self._results, f"before: {trial.kind}", seed, starts[trial.kind], self._pictures)
            net = fine_tuned(starts[trial.kind], trial, self.raw, seed)
            note_marks(self._results, name, seed, net, self._pictures)
            if keep and number == 0:
                for file, one in (("fine-tuned", net), ("unbalanced", starts[trial.kind])):
                    _save(keep / f"{file}.safetensors", one)


def note_marks(results: Path, name: str, seed: int, net: nn.Module, pictures: list[F32]) -> None:
    """Keeps what a network is worth on mosaics as the sensor gives them and on balanced ones."""
    figures = {
        f"{key} {'balanced' if balanced else 'unbalanced'}": value
        for balanced in (False, True)
        for key, value in asdict(judge(net, pictures, balanced)).items()
    }
    note(results, name, seed, figures)


def _save(path: Path, net: Shallow) -> None:
    spec = ModelSpec("unet", {"base_width": WIDTH}, "none")
    save_checkpoint(path, as_unet(net), spec, {"made by": "experiments.grid_causes"})


COLUMNS = {
    "psnr_db unbalanced": "as the sensor gives them: PSNR, dB",
    "grid_codes unbalanced": "6×6 of the error, codes",
    "flat_codes unbalanced": "on flat colours",
    "psnr_db balanced": "balanced: PSNR, dB",
    "grid_codes balanced": "6×6 of the error, codes",
    "flat_codes balanced": "on flat colours",
}


def main() -> None:
    """The command line."""
    options = parser(__doc__, "grid_causes.jsonl")
    options.add_argument("--keep", type=Path, help="folder for the checkpoints of the first seed")
    asked = options.parse_args()
    bench = Bench(asked.photos, asked.tests, asked.results)
    for seed in asked.seeds:
        bench.run(seed, asked.keep if seed == asked.seeds[0] else None)
    print(table(read(asked.results), COLUMNS))


if __name__ == "__main__":
    main()
