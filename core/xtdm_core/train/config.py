"""All settings of a training run. Nothing here needs torch, so that the window can show the defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from xtdm_core.models import ModelSpec


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
class LossWeights:
    """How much each term counts; 0 leaves it out.

    perceptual       whether all terms but ``linear`` are taken in a perceptual encoding, or in linear light too
    encoded          L1 in that encoding
    linear           L1 of linear light
    square           squared error in the encoding: about what PSNR measures
    chroma           L1 of the encoded colour differences R-G and B-G: false colour
    chroma_highpass  the same after taking away a local mean: colour speckle and mazes
    gradient         L1 of the encoded Sobel gradients
    ssim             1 - SSIM of the encoded values (Wang et al. 2004)
    fold             what repeats with the CFA's period of 6 px on patches that are flat
    """

    perceptual: bool = True
    encoded: float = 1.0
    linear: float = 0.1
    square: float = 0.0
    chroma: float = 0.5
    chroma_highpass: float = 0.0
    gradient: float = 0.0
    ssim: float = 0.0
    fold: float = 0.0


@dataclass(frozen=True, slots=True)
class Augmentation:
    """What happens to a patch before it is mosaiced; shares are of all patches.

    exposure_ev  a random exposure in this range
    wb_jitter_ev the white balance is off by up to so much, per channel
    gain_ev      camera gains of R and B over G, in this range, for pictures that do not bring a camera's own;
                 they shape noise and clipping
    noisy        share with noise of variance a x + b in sensor units before white balance, rounded to 14 bits; the
                 rest is told that there is none
    noise_a      range of a, drawn evenly in its logarithm; b follows by the law of Fujifilm's sensors, ln b =
                 1.11 ln a - 5.64, give or take 0.7
    mistold_ev   in half of the noisy ones the noise is told wrong by up to a factor of 2 to the power of this
    defects      share of the photosites of noisy patches that are hot or dead
    aberration   share whose R and B lie up to a pixel beside G along each axis, as lateral chromatic aberration does it
    clipped      share that is overexposed by up to 2 EV and clipped before white balance, after the noise
    saturation   range of the level at which each channel clips
    """

    exposure_ev: tuple[float, float] = (-1.5, 0.5)
    wb_jitter_ev: float = 0.2
    gain_ev: tuple[float, float] = (0.3, 1.4)
    noisy: float = 0.7
    noise_a: tuple[float, float] = (2e-5, 6e-3)
    mistold_ev: float = 0.4
    defects: float = 5e-5
    aberration: float = 0.15
    clipped: float = 0.1
    saturation: tuple[float, float] = (0.98, 1.0)


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
