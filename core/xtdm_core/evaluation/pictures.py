"""Measures demosaicing where the truth is known: pictures turned into RAF files and read back through LibRaw."""

from __future__ import annotations

import math
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from xtdm_core.demosaic.methods import Method
from xtdm_core.evaluation.ground_truth import Marks, inside, marks, read_truth, shoot
from xtdm_core.frame import Noise
from xtdm_core.images import list_images
from xtdm_core.progress import Progress, Report, Stage, silent

# From ISO 400 to ISO 25600 of a sensor of the fourth generation; b by the law of 21 of Fujifilm's bodies.
NOISES = tuple(Noise(a, math.exp(1.11 * math.log(a) - 5.64)) for a in (1e-4, 3e-4, 1e-3, 4e-3))


@dataclass(frozen=True, slots=True)
class Score:
    """One picture, one method."""

    image: str
    method: str
    marks: Marks


def evaluate(
    folder: Path, methods: Sequence[Method], noise: Noise | None = None, report: Report = silent
) -> list[Score]:
    """Scores every method on every picture of ``folder``.

    noise  the seed is made of the picture's name, and the truth stays clean; networks that take noise are told it
    Each picture is taken for linear camera RGB after white balance and shot as ``ground_truth.shoot`` says. It is
    scored on its own area less 12 px. Raises BadOption, BadImage.
    """
    paths = list_images(folder)
    stage = Stage.EVALUATING if noise is None else Stage.EVALUATING_WITH_NOISE
    scores: list[Score] = []
    with tempfile.TemporaryDirectory() as scratch:
        for i, path in enumerate(paths):
            report(Progress(stage, i, len(paths)))
            truth = read_truth(path)
            raf = Path(scratch) / "picture.RAF"
            frame = shoot(truth, raf, noise, zlib.crc32(path.name.encode()))
            for method in methods:
                cut = method.finish(method(raf, frame)[: truth.shape[0], : truth.shape[1]], frame)
                seen = inside(cut, *truth.shape[:2])
                scores.append(Score(path.name, method.name, marks(seen, inside(truth, *truth.shape[:2]))))
    report(Progress(stage, len(paths), len(paths)))
    return scores


def mean_scores(scores: Sequence[Score]) -> dict[str, Marks]:
    """Per method: the means of the pictures' marks."""
    methods = dict.fromkeys(score.method for score in scores)
    return {name: mean_marks([score.marks for score in scores if score.method == name]) for name in methods}


def mean_marks(several: Sequence[Marks]) -> Marks:
    """The mean of each mark."""
    return Marks(*(float(value) for value in np.mean([astuple(one) for one in several], axis=0)))
