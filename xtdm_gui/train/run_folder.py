"""What a run's folder holds: its plan, its log, its previews, its best weights; and where runs are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from xtdm_core.files import atomic_write, is_file
from xtdm_core.train.run_log import BEST, LOG, PREVIEWS, STATE
from xtdm_gui.train.plan import TrainPlan, dumps

_PLAN = "run.json"
_NAME = re.compile(r"run-(\d+)")
_PREVIEW = re.compile(r"step_(\d+)\.png")


class RunFolder:
    """Reads a folder that ``xtdm train`` writes into; a folder that is not there yet is an empty one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def log(self) -> list[dict[str, float]]:
        """The validations, in order; each has a "step". Damaged lines, and steps that were done again, are left out."""
        try:
            lines = (self.path / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        kept: list[dict[str, float]] = []
        for figures in map(_figures, lines):
            if "step" in figures:
                kept = [line for line in kept if line["step"] < figures["step"]]
                kept.append(figures)
        return kept

    def previews(self) -> list[tuple[int, Path]]:
        """(step, picture), the latest last."""
        try:
            found = [(_PREVIEW.fullmatch(path.name), path) for path in (self.path / PREVIEWS).iterdir()]
        except OSError:
            return []
        return sorted((int(match[1]), path) for match, path in found if match)

    def best(self) -> Path | None:
        """The best weights so far."""
        path = self.path / BEST
        return path if is_file(path) else None

    def has_state(self) -> bool:
        """Whether a run can be continued here."""
        return is_file(self.path / STATE)

    def plan(self) -> TrainPlan | None:
        """What was asked for here, None where that is not known."""
        values = self._kept().get("plan")
        return None if values is None else replace(TrainPlan.from_json(values), out=str(self.path))

    def step(self) -> int:
        """How far the run has come, as far as it is known."""
        kept = self._kept().get("step")
        logged = [int(figures["step"]) for figures in self.log()[-1:]]
        return max([kept if isinstance(kept, int) else 0, *logged])

    def step_seconds(self) -> float | None:
        """How long a step took, None where that was not measured."""
        last = (self.log() or [{}])[-1]
        step, seconds = last.get("step", 0), last.get("seconds", 0)
        return seconds / step if step > 0 and seconds > 0 else None

    def keep(self, plan: TrainPlan, step: int) -> None:
        """Record what is asked for and how far it is. Raises WriteFailed."""
        with atomic_write(self.path / _PLAN, overwrite=True) as partial:
            partial.write_text(dumps(plan, step), encoding="utf-8")

    def _kept(self) -> dict[str, object]:
        try:
            values = json.loads((self.path / _PLAN).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}


def scores_of(figures: Mapping[str, object]) -> dict[str, float]:
    """The validation's part of figures: ``psnr_NAME_db`` and ``grid_NAME``."""
    return {
        name: float(value)
        for name, value in figures.items()
        if isinstance(value, (int, float)) and name.startswith(("psnr_", "grid_"))
    }


def data_home() -> Path:
    """Where runs and data sets go that are given no other place."""
    return user_data_path("xtdm", appauthor=False)


def next_run(home: Path) -> Path:
    """A folder for a new run."""
    return home / "training" / f"run-{max(_numbers(home), default=0) + 1}"


def runs(home: Path) -> list[RunFolder]:
    """Those that got no other place, the latest last."""
    return [RunFolder(home / "training" / f"run-{number}") for number in sorted(_numbers(home))]


def _numbers(home: Path) -> list[int]:
    try:
        matches = [_NAME.fullmatch(path.name) for path in (home / "training").iterdir()]
    except OSError:
        return []
    return [int(match[1]) for match in matches if match]


def _figures(line: str) -> dict[str, float]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    return {name: float(value) for name, value in values.items() if type(value) in (int, float)}
