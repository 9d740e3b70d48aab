"""What a training run is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from xtdm_core.data.patches import Augmentation
from xtdm_core.models import ModelSpec


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """All settings of a run; everything but the paths is recorded in the checkpoint.

    photos     folder of photographs that are free of demosaicing traces
    out        folder for ``last.pt`` (resumable state), ``best.safetensors`` and ``log.jsonl``
    patch      patch side in pixels, a multiple of 6
    margin     pixels at the patch borders that the loss leaves out, because a network cannot see beyond them
    held_out   every so-many-th photograph is set aside to choose the best checkpoint
    synthetic  share of synthetic patches
    """

    photos: Path
    out: Path
    model: ModelSpec = field(default_factory=lambda: ModelSpec("packed"))
    steps: int = 20_000
    batch: int = 16
    patch: int = 96
    margin: int = 6
    learning_rate: float = 2e-3
    warmup_steps: int = 200
    weight_decay: float = 1e-4
    gradient_clip: float = 1.0
    ema: float = 0.999
    synthetic: float = 0.08
    chroma_weight: float = 0.5
    linear_weight: float = 0.1
    held_out: int = 16
    validate_every: int = 1000
    seed: int = 1
    device: str = "auto"
    augmentation: Augmentation = field(default_factory=Augmentation)
