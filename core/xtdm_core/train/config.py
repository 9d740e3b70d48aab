"""What a training run is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from xtdm_core.data.patches import Augmentation
from xtdm_core.models import ModelSpec
from xtdm_core.train.losses import LossWeights


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of the patches come from each kind of material, relative to the others; what is absent is left out.

    Patterns and shapes are hard enough to lead the gradient: more of them slows learning (docs/experiments.md).

    photos   photographs that are free of demosaicing traces
    raws     pictures that ``xtdm dataset raws`` made
    torture  torture patterns: those of a folder, or drawn when the run starts
    shapes   polygons, lines and stripes with hard or soft edges, in flat colours
    """

    photos: float = 0.9
    raws: float = 0.05
    torture: float = 0.02
    shapes: float = 0.02


@dataclass(frozen=True, slots=True)
class FineTuning:
    """Going on from trained weights.

    start       a checkpoint, or the name of a shipped one; None starts from random weights. A larger network of the
                same kind is grown from a smaller one, without a change of its results at first
    original    folder of photographs it was trained on, or the like, to rehearse so that it does not forget them
    rehearsal   share of the patches from ``original`` and patterns, where there is an original
    guard_db    stop when the PSNR on set-aside pictures falls so far below that of the start
    """

    start: str | None = None
    original: Path | None = None
    rehearsal: float = 0.5
    guard_db: float = 0.3


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """All settings of a run; paths are recorded in the checkpoint by their last part only.

    out         folder for ``last.pt`` (resumable state), ``constant.pt`` (the state before the learning rate began to
                fall), ``best.safetensors``, ``log.jsonl``, ``previews``, and the patterns that were drawn
    photos      folder of pictures; raws, torture: folders that ``xtdm dataset`` made, torture None: drawn
    model       None: that of the checkpoint to start from, or the default network
    batch       patches a step, of each process
    patch       patch side in pixels, a multiple of 6
    margin      pixels at the patch borders that the loss leaves out, because a network cannot see beyond them
    held_out    every so-many-th picture of a source is set aside to choose the best checkpoint
    optimizer   "muon", or "adamw"
    learning_rate  at its height; with muon that of 3x3 kernels, everything else has 0.4 of it
    decay       share of the steps, at the end, in which the learning rate falls to 0
    """

    out: Path
    photos: Path | None = None
    raws: Path | None = None
    torture: Path | None = None
    model: ModelSpec | None = None
    shares: Shares = field(default_factory=Shares)
    fine_tuning: FineTuning = field(default_factory=FineTuning)
    steps: int = 20_000
    batch: int = 16
    patch: int = 96
    margin: int = 6
    optimizer: str = "muon"
    learning_rate: float = 5e-3
    warmup_steps: int = 200
    decay: float = 0.2
    weight_decay: float = 1e-4
    gradient_clip: float = 1.0
    ema: float = 0.999
    losses: LossWeights = field(default_factory=LossWeights)
    augmentation: Augmentation = field(default_factory=Augmentation)
    held_out: int = 16
    validate_every: int = 1000
    seed: int = 1
    device: str = "auto"
