"""One file of the export queue, and how long the rest will take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from xtdm_core.progress import Stage
from xtdm_core.worker import ConversionRequest

# From where to where a stage takes a file: what was measured on 24 MP with the default network.
_STAGES: dict[str, tuple[float, float]] = {
    Stage.LOADING_NETWORK: (0.0, 0.05),
    Stage.READING: (0.05, 0.1),
    Stage.DEMOSAICING: (0.1, 0.8),
    Stage.DEMOSAICING_BY_LIBRAW: (0.1, 0.8),
    Stage.RENDERING: (0.8, 0.85),
    Stage.WRITING: (0.85, 1.0),
}
_TOO_EARLY = 0.15  # of a first file, to tell the time from


class ExportState(Enum):
    """Where a file of the queue stands."""

    WAITING = auto()
    RUNNING = auto()
    WRITTEN = auto()
    SKIPPED = auto()
    FAILED = auto()
    CANCELLED = auto()


@dataclass(slots=True, eq=False)
class ExportTask:
    """A file in the queue.

    round     which filling of the queue it belongs to: progress counts the latest
    sentence  why it failed, or what the engine noted
    started, seconds   when it began (monotonic) and how long it took
    """

    order: ConversionRequest
    round: int
    state: ExportState = ExportState.WAITING
    stage: str = ""
    fraction: float = 0.0
    target: Path | None = None
    sentence: str = ""
    started: float = 0.0
    seconds: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in (ExportState.WAITING, ExportState.RUNNING)

    def reset(self, queue_round: int) -> None:
        """Puts it back into the queue; what was written without a report is not written twice."""
        self.order = replace(self.order, resume=True)
        self.state, self.round, self.stage, self.fraction = ExportState.WAITING, queue_round, "", 0.0
        self.sentence, self.target = "", None

    def advance(self, stage: str, done: int, total: int) -> None:
        """Takes in a progress line of the engine."""
        low, high = _STAGES.get(stage, (self.fraction, self.fraction))
        self.stage = stage
        self.fraction = max(self.fraction, low + (high - low) * min(1.0, done / max(1, total)))


def fraction_done(tasks: Sequence[ExportTask]) -> float:
    """How much of the latest round is done, 0 to 1; cancelled files count as done."""
    latest = _latest(tasks)
    if not latest:
        return 0.0
    return sum(task.fraction if task.is_open else 1.0 for task in latest) / len(latest)


def seconds_left(tasks: Sequence[ExportTask], now: float) -> float | None:
    """How long the open files will take; None while nothing can be said."""
    latest = _latest(tasks)
    taken = [task.seconds for task in latest if task.state is ExportState.WRITTEN]
    running = next((task for task in latest if task.state is ExportState.RUNNING), None)
    waiting = sum(task.state is ExportState.WAITING for task in latest)
    fraction = running.fraction if running else 0.0
    if taken:
        each = sum(taken) / len(taken)
    elif running and fraction >= _TOO_EARLY:
        each = (now - running.started) / fraction
    else:
        return None
    return each * (waiting + (1 - fraction if running else 0))


def _latest(tasks: Sequence[ExportTask]) -> list[ExportTask]:
    last = max((task.round for task in tasks), default=0)
    return [task for task in tasks if task.round == last]
