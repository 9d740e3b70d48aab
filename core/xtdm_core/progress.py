"""Progress and cancelling: one callable, called before every tile, file and training step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` units of ``stage``; ``metrics`` holds figures such as loss or psnr_db."""

    stage: str
    done: int
    total: int
    metrics: Mapping[str, float] = field(default_factory=dict)


class Cancelled(Exception):
    """Raised by a report to stop the work; nothing half-written is left behind."""


Report = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """A report that says nothing and never cancels."""
