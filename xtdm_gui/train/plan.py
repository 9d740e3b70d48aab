"""What a training run is asked to do, as words for the engine, and as it is kept beside the run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from xtdm_core.train.config import TrainConfig
from xtdm_core.train.presets import presets as train_presets

_DEFAULT_PRESET = "fast"
_DEFAULTS = TrainConfig(Path())


@dataclass(frozen=True, slots=True)
class Preset:
    """The settings of a preset that the form shows.

    start  the weights it goes on from, "" for random ones
    """

    steps: int = _DEFAULTS.steps
    batch: int = _DEFAULTS.batch
    learning_rate: float = _DEFAULTS.learning_rate
    start: str = ""


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """One run; folders are "" where they are not used.

    original  photographs to rehearse, where the run goes on from trained weights
    start     a checkpoint or the name of a shipped one; "" for what the preset says
    """

    out: str = ""
    photos: str = ""
    raws: str = ""
    torture: str = ""
    original: str = ""
    start: str = ""
    preset: str = _DEFAULT_PRESET
    steps: int = _DEFAULTS.steps
    batch: int = _DEFAULTS.batch
    learning_rate: float = _DEFAULTS.learning_rate
    device: str = "auto"

    def words(self) -> list[str]:
        """The engine's command line, behind ``xtdm``."""
        words = ["train", "--json", "--output", self.out, "--preset", self.preset, "--device", self.device]
        for option, value in (
            ("--raws", self.raws),
            ("--torture", self.torture),
            ("--from", self.start),
            ("--original", self.original if self.has_start() else ""),
        ):
            words += [option, value] if value else []
        words += ["--steps", str(self.steps), "--batch", str(self.batch), "--learning-rate", f"{self.learning_rate:g}"]
        return [*words, *(["--", self.photos] if self.photos else [])]

    def has_start(self) -> bool:
        """Whether it starts from trained weights."""
        return bool(self.start or presets()[self.preset].start)

    def kind_of_work(self) -> tuple[str, ...]:
        """What decides how long a patch takes."""
        return self.preset, self.start, self.device

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> TrainPlan:
        """What ``to_json`` made; what makes no sense is replaced by the defaults."""
        if not isinstance(values, dict):
            return fresh_plan()
        kinds = {field.name: type(field.default) for field in fields(cls)}
        kept = {name: values[name] for name, kind in kinds.items() if type(values.get(name)) is kind}
        plan = cls(**kept)
        sound = plan.preset in presets() and min(plan.steps, plan.batch) >= 1 and plan.learning_rate > 0
        return plan if sound else fresh_plan()


def fresh_plan() -> TrainPlan:
    """A run from scratch, as its preset says."""
    preset = presets()[_DEFAULT_PRESET]
    return TrainPlan(steps=preset.steps, batch=preset.batch, learning_rate=preset.learning_rate)


def presets() -> dict[str, Preset]:
    """The presets that come with the program, by name."""
    return {
        name: Preset(config.steps, config.batch, config.learning_rate, config.fine_tuning.start or "")
        for name, config in train_presets().items()
    }


def dumps(plan: TrainPlan, step: int) -> str:
    """A plan and how far it has come, as a file's text."""
    return json.dumps({"plan": plan.to_json(), "step": step}, indent=1, ensure_ascii=False) + "\n"
