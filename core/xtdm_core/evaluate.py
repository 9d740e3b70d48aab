"""Measures demosaicing where the truth is known: pictures turned into RAF files and read back through LibRaw."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xtdm_core.artifacts import local_fold_rms
from xtdm_core.classic import ALGORITHMS, demosaic_classic
from xtdm_core.color import srgb_decode, srgb_encode
from xtdm_core.data.images import list_images, read_srgb8
from xtdm_core.demosaic import Demosaicer
from xtdm_core.frame import F32
from xtdm_core.metrics import psnr_srgb
from xtdm_core.progress import Progress, Report, silent
from xtdm_core.raf import read_raw
from xtdm_core.simulate import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import align

NEURAL = "neural"
# LibRaw's Markesteijn fails below about 576 px a side.
_SMALLEST_SIDE = 600
_BORDER = 12


@dataclass(frozen=True, slots=True)
class Score:
    """One picture, one method: PSNR in sRGB, and the local 6x6 amplitude of the error in 8-bit codes."""

    image: str
    method: str
    psnr_db: float
    grid_codes: float


def evaluate(folder: Path, demosaicer: Demosaicer, report: Report = silent) -> list[Score]:
    """Scores the network and LibRaw's algorithms on every picture of ``folder``.

    Each picture is taken for linear camera RGB after white balance: linearised, mirrored to at least 600 px,
    divided by the gains 1.95 / 1 / 1.65, mosaiced, quantised to 14 bits, written as a RAF and read back. It is
    scored on its own area less 12 px. Raises BadOption, BadImage.
    """
    paths = list_images(folder)
    scores: list[Score] = []
    with tempfile.TemporaryDirectory() as scratch:
        for i, path in enumerate(paths):
            report(Progress("evaluating", i, len(paths)))
            scores += _score_image(path, Path(scratch) / "picture.RAF", demosaicer)
    report(Progress("evaluating", len(paths), len(paths)))
    return scores


def mean_scores(scores: Sequence[Score]) -> dict[str, tuple[float, float]]:
    """Per method: (mean of the pictures' PSNR in dB, mean of their 6x6 amplitudes in codes)."""
    methods = dict.fromkeys(score.method for score in scores)
    return {method: _means([score for score in scores if score.method == method]) for method in methods}


def _means(scores: Sequence[Score]) -> tuple[float, float]:
    return float(np.mean([s.psnr_db for s in scores])), float(np.mean([s.grid_codes for s in scores]))


def _score_image(path: Path, raf: Path, demosaicer: Demosaicer) -> Iterator[Score]:
    lin_rgb = srgb_decode(read_srgb8(path).astype(np.float32) / 255)
    padding = [(0, max(0, _SMALLEST_SIDE - side)) for side in lin_rgb.shape[:2]]
    mirrored = np.pad(lin_rgb, [*padding, (0, 0)], mode="reflect")
    write_raf(raf, simulate_frame(mirrored, SensorModel()))
    frame = read_raw(raf)
    yield _score(path, NEURAL, demosaicer(align(frame)), lin_rgb)
    for algorithm in ALGORITHMS:
        yield _score(path, algorithm, demosaic_classic(raf, frame, algorithm), lin_rgb)


def _score(path: Path, method: str, cam_rgb: F32, truth: F32) -> Score:
    height, width = truth.shape[:2]
    inner = (slice(_BORDER, height - _BORDER), slice(_BORDER, width - _BORDER))
    seen, truth = np.clip(cam_rgb[inner], 0, 1), truth[inner]
    codes = (srgb_encode(seen) - srgb_encode(truth)) * 255
    return Score(path.name, method, psnr_srgb(seen, truth), local_fold_rms(codes))
