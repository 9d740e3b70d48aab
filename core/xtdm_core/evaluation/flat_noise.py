"""What is left of the noise on flat fields: how coarse it is, in brightness and colour, and whether the mean moved."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xtdm_core.demosaicing.methods import Method
from xtdm_core.develop.color import srgb_encode
from xtdm_core.evaluation.ground_truth import crop_border, round_trip_raf
from xtdm_core.frame import F32, F64, Noise
from xtdm_core.inspection.grid import local_fold_rms
from xtdm_core.progress import Progress, Report, Stage, silent

GREYS = (0.0, 0.01, 0.18)
OCTAVES = (2, 4, 8, 16, 32, 64)
_SIDE = 792
_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)  # BT.709


@dataclass(frozen=True, slots=True)
class FlatNoiseScore:
    """A grey with noise, in 8-bit sRGB codes.

    luma, chroma  standard deviation in each of OCTAVES: of the luma, and of R - luma and B - luma together
    mean_error    the largest deviation of a channel's mean from the truth, in codes at that brightness
    grid          the local 6x6 amplitude
    """

    grey: float
    method: str
    luma: tuple[float, ...]
    chroma: tuple[float, ...]
    mean_error: float
    grid: float


def evaluate_flat_noise(methods: Sequence[Method], noise: Noise, report: Report = silent) -> list[FlatNoiseScore]:
    """Score every method on grey fields with noise, which networks that take noise are given."""
    scores = []
    with tempfile.TemporaryDirectory() as scratch:
        for done, grey in enumerate(GREYS):
            report(Progress(Stage.EVALUATING_FLAT_FIELDS, done, len(GREYS)))
            raf = Path(scratch) / "flat.RAF"
            frame = round_trip_raf(np.full((_SIDE, _SIDE, 3), grey, np.float32), raf, noise, seed=done)
            for method in methods:
                scores.append(_score(grey, method.name, crop_border(method(raf, frame), _SIDE, _SIDE)))
    report(Progress(Stage.EVALUATING_FLAT_FIELDS, len(GREYS), len(GREYS)))
    return scores


def _score(grey: float, name: str, lin_rgb: F32) -> FlatNoiseScore:
    """Linear errors become codes by the encoding's slope at the grey: around black the curve itself would bend them."""
    slope = float(np.diff(srgb_encode(np.array([grey, grey + 1e-4])))[0]) / 1e-4
    codes = (lin_rgb - np.float32(grey)) * np.float32(255 * slope)
    luma = (codes @ _LUMA).astype(np.float32)
    colour: F32 = codes[..., ::2] - luma[..., None]
    return FlatNoiseScore(
        grey,
        name,
        octaves(luma),
        tuple(float(np.hypot(*pair)) for pair in zip(octaves(colour[..., 0]), octaves(colour[..., 1]), strict=True)),
        float(np.abs(codes.mean((0, 1))).max()),
        local_fold_rms(codes),
    )


def octaves(values: F32) -> tuple[float, ...]:
    """The standard deviation of values f32 [H, W] in each of OCTAVES: what means over half of so many pixels hold and
    means over so many do not."""
    side = OCTAVES[-1]
    height, width = (n // side * side for n in values.shape)
    finer: F64 = values[:height, :width].astype(np.float64)
    found = []
    for _ in OCTAVES:
        coarser = (finer[::2, ::2] + finer[1::2, ::2] + finer[::2, 1::2] + finer[1::2, 1::2]) / 4
        found.append(float((finer - coarser.repeat(2, 0).repeat(2, 1)).std()))
        finer = coarser
    return tuple(found)
