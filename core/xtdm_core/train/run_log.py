"""The files of a training run, and whether it was worth it, as its log tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

# The whole state, the best weights, a line for each validation, and pictures of some.
STATE, BEST, LOG, PREVIEWS = "last.pt", "best.safetensors", "log.jsonl", "previews"
_PREFIX, _SUFFIX = "psnr_", "_db"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The PSNR in dB on the pictures that judged a run.

    For a network that is told the noise it is the mean of that without and with noise.

    judge     what they are: "photos", "raws", "original" or "torture"
    start_db  of the weights that the run went on from; None where it began with random ones
    best_db   the best that training has reached
    """

    judge: str
    start_db: float | None
    best_db: float

    @property
    def is_better(self) -> bool:
        """Whether the gain shows in the two digits that are printed."""
        return self.start_db is None or round(self.best_db, 2) > round(self.start_db, 2)

    def __str__(self) -> str:
        if self.start_db is None:
            return f"The best weights reach {self.best_db:.2f} dB on {self.judge}"
        numbers = f"on {self.judge} ({self.start_db:.2f} → {self.best_db:.2f} dB)"
        if self.is_better:
            return f"Better than the start {numbers}"
        return f"Not better than the start {numbers}: more pictures or steps may help"


def judged(scores: Mapping[str, float], source: str) -> float:
    """What checkpoints are chosen by, from a validation's figures."""
    clean = scores[f"{_PREFIX}{source}{_SUFFIX}"]
    return (clean + scores.get(f"noisy_{source}{_SUFFIX}", clean)) / 2


def verdict_of(log: Iterable[Mapping[str, float]]) -> Verdict | None:
    """What the validations of a run come to; None where training was not measured yet."""
    judged = [(line["step"], *first) for line in log if (first := _first_judged(line)) is not None]
    trained = [value for step, _, value in judged if step > 0]
    if not trained:
        return None
    step, name, value = judged[0]
    return Verdict(name, value if step == 0 else None, max(trained))


def read_verdict(out: Path) -> Verdict | None:
    """That of a run's folder."""
    return verdict_of(figures for _, figures in read_log(out / LOG))


def read_log(path: Path) -> list[tuple[str, dict[str, float]]]:
    """The lines of a run's log, as they are and what they say; a damaged line, as a kill leaves it, is left out."""
    kept = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            figures = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(figures, dict) and all(isinstance(value, (int, float)) for value in figures.values()):
            kept.append((line, figures))
    return [(line, figures) for line, figures in kept if "step" in figures]


def _first_judged(line: Mapping[str, float]) -> tuple[str, float] | None:
    """(name, what it says) of the source that judges: the validation measures it first."""
    for name in line:
        if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
            source = name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
            return source, judged(line, source)
    return None
