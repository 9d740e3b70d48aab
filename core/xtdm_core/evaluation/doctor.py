"""Whether a checkpoint is fit to demosaic photographs with, and why not: ``xtdm doctor``.

Every check gives one figure of which less is better, measured on scenes made by formula.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from xtdm_core.choices import MosaicBalance
from xtdm_core.demosaicing.methods import REFERENCE, Method
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.develop.color import srgb_encode
from xtdm_core.evaluation.ground_truth import crop_border, round_trip_raf
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.evaluation.patterns import FLAT, SATURATED
from xtdm_core.frame import F32, AlignedMosaic, Noise
from xtdm_core.inspection.grid import local_fold_rms
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.simulation.scene import render_scene
from xtdm_core.xtrans import align, phases

_BALANCES = ((1.0, 1.0, 1.0), (1.95, 1.0, 1.65), (2.7, 1.0, 1.4), (1.3, 1.0, 2.6))
_EXPOSURES = (1 / 8, 8.0)
_DAYLIGHT = SensorModel()
_WRONG_BALANCE_DB = 1.0
_NOISE = Noise(1e-3, 1.7e-6)  # about ISO 6400
_SMALL = 192  # px a side of what is demosaiced many times; a multiple of the 48 px that a U-Net wants


class Verdict(StrEnum):
    """How a figure, or a checkpoint, is judged."""

    FIT = "fit"
    RESERVED = "fit, with reservations"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Check:
    """A question to a checkpoint.

    good, bearable  up to these the figure is good, or can be lived with
    fine, trouble   what the figure means, for people
    """

    name: str
    unit: str
    good: float
    bearable: float
    fine: str
    trouble: str

    def judged(self, figure: float) -> Verdict:
        """The verdict on one figure; what is no number is unfit."""
        if figure <= self.good:
            return Verdict.FIT
        return Verdict.RESERVED if figure <= self.bearable else Verdict.UNFIT


@dataclass(frozen=True, slots=True)
class Finding:
    """A check and what it measured."""

    check: Check
    figure: float

    @property
    def verdict(self) -> Verdict:
        """Whether this figure is good."""
        return self.check.judged(self.figure)

    @property
    def sentence(self) -> str:
        """What the figure means."""
        return self.check.fine if self.verdict is Verdict.FIT else self.check.trouble


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything found; ``advice`` is a way out where there is one, else ""."""

    findings: tuple[Finding, ...]
    advice: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings' verdicts."""
        return max((finding.verdict for finding in self.findings), key=list(Verdict).index)


_CHECKS: dict[Check, Callable[[_Patient], float]] = {}


def diagnose(demosaicer: Demosaicer, report: Report = silent) -> Diagnosis:
    """Examine a network; takes seconds on a processor. Raises OutOfMemory, and what ``report`` raises to cancel."""
    findings = []
    with tempfile.TemporaryDirectory() as scratch:
        patient = _Patient(demosaicer, Path(scratch))
        for done, (check, measure) in enumerate(_CHECKS.items()):
            report(Progress(Stage.EXAMINING, done, len(_CHECKS), subject=check.name))
            findings.append(Finding(check, measure(patient)))
        advice = patient.advice
    report(Progress(Stage.EXAMINING, len(_CHECKS), len(_CHECKS)))
    return Diagnosis(tuple(findings), advice)


def examine(checkpoint: str | Path, device: str = "auto", report: Report = silent) -> Diagnosis:
    """Load a checkpoint, or a shipped network by its name, and diagnose it. Raises BadWeights, DeviceUnavailable."""
    return diagnose(Demosaicer.load(checkpoint, device), report)


class _Patient:
    """A network, the scenes it is asked about, and LibRaw's 3-pass beside it.

    scene, detail  linear camera RGB f32 [H, W, 3] after white balance: a part of the drawn scene, its foliage
    """

    def __init__(self, demosaicer: Demosaicer, scratch: Path) -> None:
        self.demosaicer, self._raf = demosaicer, scratch / "scene.RAF"
        self.scene = _drawn()
        self.detail = np.ascontiguousarray(self.scene[96 : 96 + _SMALL, 96 : 96 + _SMALL])

    def psnr(self, truth: F32, sensor: SensorModel = _DAYLIGHT) -> float:
        """PSNR in dB of the network on linear RGB f32 [H, W, 3]."""
        return _psnr(self.demosaicer(align(simulate_frame(truth, sensor))), truth)

    def beside_reference(self, truth: F32, noise: Noise | None = None) -> tuple[F32, F32]:
        """(the network's, LibRaw's 3-pass's) camera RGB of the same file; a network that takes noise is told it."""
        frame = round_trip_raf(truth, self._raf, noise)
        return self.demosaicer(align(frame)), Method(REFERENCE)(self._raf, frame)

    @cached_property
    def scene_results(self) -> tuple[F32, F32]:
        """``beside_reference`` of the whole scene."""
        return self.beside_reference(self.scene)

    @cached_property
    def flat_results(self) -> dict[str, F32]:
        """What the network makes of each of FLAT, scored parts: f32 [h, w, 3]."""
        return {name: _inner(self.demosaicer(_flat_mosaic(colour))) for name, colour in FLAT.items()}

    def seconds(self) -> tuple[float, float]:
        """How long the network and LibRaw's 3-pass take for the scene, warmed up."""
        frame = round_trip_raf(self.scene, self._raf)
        return _timed(lambda: self.demosaicer(align(frame))), _timed(lambda: Method(REFERENCE)(self._raf, frame))

    @cached_property
    def gain_of_other_balance(self) -> float:
        """By how many dB it is better when its mosaics are balanced the other way."""
        other = replace(self.demosaicer.spec, input_wb=self._other_balance)
        demosaicer = Demosaicer(self.demosaicer.net, other, self.demosaicer.halo, self.demosaicer.device)
        seen = demosaicer(align(simulate_frame(self.scene, _DAYLIGHT)))
        own, _ = self.scene_results
        return _psnr(seen, self.scene) - _psnr(own, self.scene)

    @property
    def advice(self) -> str:
        """What to do where it is better with mosaics balanced the other way, else ""."""
        if self.gain_of_other_balance < _WRONG_BALANCE_DB:
            return ""
        return f"use it with --input-wb {self._other_balance}"

    @property
    def _other_balance(self) -> str:
        balanced = self.demosaicer.spec.input_wb == MosaicBalance.AS_SHOT
        return MosaicBalance.NONE if balanced else MosaicBalance.AS_SHOT


def _check(name: str, unit: str, good: float, bearable: float, fine: str, trouble: str) -> Callable[..., None]:
    """Add a check whose figure the decorated function measures."""

    def add(measure: Callable[[_Patient], float]) -> None:
        _CHECKS[Check(name, unit, good, bearable, fine, trouble)] = measure

    return add


@_check(
    "scene",
    "dB behind LibRaw's 3-pass",
    0.0,
    1.5,
    "it is nearer the truth than LibRaw's 3-pass",
    "it is farther from the truth than LibRaw's 3-pass",
)
def _scene(patient: _Patient) -> float:
    own, reference = (_psnr(seen, patient.scene) for seen in patient.scene_results)
    return reference - own


@_check(
    "6x6 grid",
    "x LibRaw's 3-pass",
    1.0,
    1.5,
    "its errors show no more of the 6x6 pattern than those of LibRaw's 3-pass",
    "its errors repeat every 6 pixels: a grid will show in smooth areas",
)
def _grid(patient: _Patient) -> float:
    own, reference = (local_fold_rms(_codes(seen) - _codes(patient.scene)) for seen in patient.scene_results)
    return own / max(reference, 1e-3)


@_check(
    "flat fields",
    "codes",
    0.1,
    0.5,
    "plain colours stay plain",
    "it draws a pattern of its own on plain colours",
)
def _flat(patient: _Patient) -> float:
    return max(local_fold_rms(_codes_of(seen)) for seen in patient.flat_results.values())


@_check("colours", "codes", 1.0, 4.0, "plain colours keep their values", "it changes plain colours")
def _colours(patient: _Patient) -> float:
    errors = []
    for name, colour in FLAT.items():
        mean = np.asarray(patient.flat_results[name].mean((0, 1)), np.float32)
        errors.append(np.abs(_codes_of(mean) - _codes_of(_rgb(colour))).max())
    return float(max(errors))


@_check(
    "input",
    "dB better with the other balance",
    0.2,
    _WRONG_BALANCE_DB,
    "its mosaics are balanced as they were in its training",
    "it gets mosaics with another white balance than in its training",
)
def _input(patient: _Patient) -> float:
    return patient.gain_of_other_balance


@_check(
    "white balance",
    "dB between balances",
    1.0,
    3.0,
    "it works alike under any light",
    "it works for some lights only: the colour of the light changes how well it demosaics",
)
def _white_balance(patient: _Patient) -> float:
    found = [patient.psnr(patient.detail, SensorModel(wb=gains)) for gains in _BALANCES]
    return max(found) - min(found)


@_check(
    "exposure",
    "codes",
    0.2,
    1.0,
    "a darker or brighter exposure gives the same picture, darker or brighter",
    "it treats dark and bright exposures differently: shadows and highlights will look unlike",
)
def _exposure(patient: _Patient) -> float:
    mosaic = align(simulate_frame(patient.detail, _DAYLIGHT))
    plain = _codes(patient.demosaicer(mosaic))
    scaled = [
        _codes(patient.demosaicer(mosaic.with_values(mosaic.values * np.float32(k))) / np.float32(k))
        for k in _EXPOSURES
    ]
    return max(float(np.sqrt(np.mean(np.square(one - plain)))) for one in scaled)


@_check(
    "phases",
    "dB between phases",
    0.5,
    1.5,
    "all 18 positions of the X-Trans pattern are demosaiced alike",
    "some positions of the X-Trans pattern are demosaiced worse: cameras differ in it",
)
def _phases(patient: _Patient) -> float:
    found = [patient.psnr(patient.detail, SensorModel(cfa=cfa)) for cfa in phases()]
    return max(found) - min(found)


@_check(
    "tiles",
    "codes",
    0.05,
    0.5,
    "tiles meet without a seam",
    "tiles meet with a seam: it sees farther than its halo",
)
def _tiles(patient: _Patient) -> float:
    mosaic = align(simulate_frame(patient.detail, _DAYLIGHT))
    whole, tiled = patient.demosaicer(mosaic), patient.demosaicer(mosaic, side=96)
    return float(np.abs(_codes(whole) - _codes(tiled)).max())


@_check(
    "noise",
    "x LibRaw's 3-pass",
    1.1,
    2.0,
    "it leaves no more noise than LibRaw's 3-pass",
    "it makes noise stronger than LibRaw's 3-pass does",
)
def _noise(patient: _Patient) -> float:
    grey = np.full((600, 600, 3), 0.18, np.float32)
    own, reference = (float(_codes(seen).std()) for seen in patient.beside_reference(grey, _NOISE))
    return own / reference


@_check(
    "saturated edges",
    "dB behind LibRaw's 3-pass",
    0.0,
    3.0,
    "edges between strong colours are at least as clean as LibRaw's 3-pass",
    "edges between strong colours fray more than with LibRaw's 3-pass",
)
def _edges(patient: _Patient) -> float:
    rows, cols = np.mgrid[:600, :600]
    behind = []
    for first, second in (("red", "blue"), ("green", "magenta"), ("yellow", "blue")):
        shape = (cols + 0.37 * rows) // 50 % 2 == 0
        truth = np.where(shape[..., None], _rgb(SATURATED[first]), _rgb(SATURATED[second]))
        own, reference = (_psnr(seen, truth) for seen in patient.beside_reference(truth))
        behind.append(reference - own)
    return float(np.mean(behind))


@_check(
    "speed",
    "x the time of LibRaw's 3-pass",
    2.0,
    float("inf"),
    "it is about as quick as LibRaw's 3-pass",
    "it is slow",
)
def _speed(patient: _Patient) -> float:
    own, reference = patient.seconds()
    return own / reference


def _flat_mosaic(colour: tuple[float, float, float]) -> AlignedMosaic:
    return align(simulate_frame(np.broadcast_to(_rgb(colour), (_SMALL, _SMALL, 3)), _DAYLIGHT))


@cache
def _drawn() -> F32:
    """Foliage, fabric, saturated edges and skin of the sample scene: f32 [768, 768, 3], linear, 0 to 1."""
    scene: F32 = np.minimum(render_scene()[:768, 384:1152], 1)
    return scene


def _rgb(colour: tuple[float, float, float]) -> F32:
    return np.array(colour, np.float32)


def _psnr(seen: F32, truth: F32) -> float:
    return psnr_srgb(_inner(seen), _inner(truth))


def _inner(rgb: F32) -> F32:
    return crop_border(rgb, *rgb.shape[:2])


def _codes(cam_rgb: F32) -> F32:
    """8-bit sRGB codes f32 [h, w, 3], not rounded, of what is scored."""
    return _codes_of(_inner(cam_rgb))


def _codes_of(linear: F32) -> F32:
    return srgb_encode(np.clip(linear, 0, 1)) * np.float32(255)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
