"""Progress and cancelling: one callable, called before every tile, file and training step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """What is being done, in the words of the command line; windows have a text of their own for each member."""

    CONVERTING = "converting"
    LOADING_NETWORK = "loading the network"
    READING = "reading"
    RECONSTRUCTING_HIGHLIGHTS = "reconstructing highlights"
    DEMOSAICING = "demosaicing"
    DEMOSAICING_BY_LIBRAW = "demosaicing with LibRaw"
    RENDERING = "rendering"
    EXAMINING = "examining the network"
    WRITING = "writing"
    FINDING_FLAT_AREAS = "looking for flat areas"
    FOLDING = "folding"
    MEASURING_EDGES = "measuring edges"
    MEASURING_SPECTRUM = "measuring the spectrum"
    COMPARING = "comparing"
    MEASURING_TIME = "measuring"
    EVALUATING = "evaluating"
    EVALUATING_WITH_NOISE = "evaluating with noise"
    EVALUATING_PATTERNS = "patterns"
    EVALUATING_FLAT_FIELDS = "flat fields"
    FETCHING = "fetching"
    BUILDING_PHOTOS = "photographs"
    BUILDING_RAWS = "raw files"
    BUILDING_PATTERNS = "torture patterns"
    READING_PHOTOS = "reading photographs"
    READING_RAWS = "reading .npy files"
    READING_PATTERNS = "reading .npz files"
    DRAWING_PATTERNS = "drawing torture patterns"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` units of ``stage``.

    metrics  figures such as loss or psnr_db
    subject  the file that the stage is about, or what does it, where that is told
    """

    stage: Stage
    done: int
    total: int
    metrics: Mapping[str, float] = field(default_factory=dict)
    subject: str = ""


class Cancelled(Exception):
    """Raised by a report to stop the work; nothing half-written is left behind."""


Report = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """A report that says nothing and never cancels."""
