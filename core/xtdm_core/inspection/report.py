"""``xtdm inspect``: a file's grid as the raw has it, as LibRaw leaves it, and as the network does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from xtdm_core.choices import NEURAL, DemosaicMethod
from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.demosaicing.pipeline import demosaic_frame, prepare
from xtdm_core.errors import BadImage, UnsupportedRaw
from xtdm_core.frame import F32, U8, RawFrame
from xtdm_core.images import read_codes
from xtdm_core.inspection.fold import FlatFold
from xtdm_core.inspection.grid import WINDOW, Place
from xtdm_core.inspection.places import added_places
from xtdm_core.inspection.score import PictureScore, RawScore, fold_visible, score_picture, score_raw, visible_codes
from xtdm_core.inspection.verdict import GridVerdict, judge, without_grid
from xtdm_core.progress import Report, silent
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import align

RAW = "raw"
NAMES = {
    NEURAL: "network",
    DemosaicMethod.MARKESTEIJN3: "LibRaw 3-pass Markesteijn",
    RAW: "the raw itself",
    "file": "the picture",
}
_TOO_SMALL = f"is too small: a 6x6 grid is looked for in windows of {WINDOW} px"


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture with its score; ``method`` is a key of NAMES, ``srgb`` u8 [H, W, 3] in the sensor's orientation.

    verdict  who made its grid; None for an ordinary picture
    """

    method: str
    score: PictureScore
    srgb: U8
    verdict: GridVerdict | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything found in a file; ``raw`` and ``cfa`` (u8 [6, 6]) are None for an ordinary picture."""

    source: Path
    pictures: tuple[Seen, ...]
    raw: RawScore | None = None
    cfa: U8 | None = None


def inspect_raw_file(source: Path, demosaicer: Demosaicer, report: Report = silent) -> Inspection:
    """Inspects a raw file: network, LibRaw's 3-pass Markesteijn, and the mosaic. Raises UnsupportedRaw."""
    frame = read_raw(source)
    if min(frame.mosaic.shape) < WINDOW:
        raise UnsupportedRaw(source, _TOO_SMALL)
    raw = score_raw(align(frame).visible, frame, report)
    pictures, shown = [], []
    for method in (NEURAL, DemosaicMethod.MARKESTEIJN3):
        cam_rgb = demosaic_frame(source, prepare(frame), method, demosaicer, report)
        again = _demosaiced_again(source, frame, cam_rgb, demosaicer if method == NEURAL else None, report)
        shown.append(visible_codes(cam_rgb, frame, report))
        verdict = judge(raw.codes, fold_visible(again, frame, report))
        pictures.append(replace(_seen(method, shown[-1], report), verdict=verdict))
    added = added_places(shown[0].__getitem__, shown[1].__getitem__, len(shown[0]), report)
    compared = (_with_places(seen, places) for seen, places in zip(pictures, added, strict=True))
    return Inspection(source, tuple(compared), raw, frame.cfa)


def _demosaiced_again(
    source: Path, frame: RawFrame, cam_rgb: F32, demosaicer: Demosaicer | None, report: Report
) -> F32:
    """What a method makes of a mosaic without a grid; LibRaw where there is no network."""
    mosaic = without_grid(cam_rgb, align(frame))
    if demosaicer is not None:
        return demosaicer(mosaic, report)
    return demosaic_libraw(source, frame, DemosaicMethod.MARKESTEIJN3, mosaic)


def _with_places(seen: Seen, places: tuple[Place, ...]) -> Seen:
    return replace(seen, score=replace(seen.score, places=places))


def inspect_picture_file(source: Path, report: Report = silent) -> Inspection:
    """Inspects an ordinary picture; phases count from its corner, its own codes take sRGB's place. Raises BadImage."""
    codes = read_codes(source)
    if min(codes.shape[:2]) < WINDOW:
        raise BadImage(source, _TOO_SMALL)
    return Inspection(source, (_seen("file", codes, report),))


def _seen(method: str, codes: F32, report: Report) -> Seen:
    return Seen(method, score_picture(codes, report), np.clip(np.rint(codes), 0, 255).astype(np.uint8))


def as_objects(inspection: Inspection) -> Iterator[dict[str, object]]:
    """One JSON object per method, every name with its unit; null where there is no figure."""
    for seen in inspection.pictures:
        fold, strongest = seen.score.fold, seen.score.peaks[0]
        yield {
            **_head(inspection, seen.method),
            "phase_rms_codes": _number(fold.rms),
            "phase_rms_codes_rgb": _numbers(fold.rms_per_part),
            "f": _number(fold.f),
            "flat_blocks": fold.flat_blocks,
            "spectrum_peak_over_median": _number(strongest.ratio),
            "spectrum_peak_sixths_cycles_per_px": [strongest.kx, strongest.ky],
            "fold_codes": _rows(fold),
            "false_colour_codes": _number(seen.score.artifacts.false_colour),
            "zipper_codes": _number(seen.score.artifacts.zipper),
            "maze_codes": _number(seen.score.artifacts.maze),
            "worst_places": _places(seen.score.places),
            **_verdict(seen.verdict),
        }
    if inspection.raw is not None:
        percent, codes = inspection.raw.percent, inspection.raw.codes
        yield {
            **_head(inspection, RAW),
            "phase_rms_codes": _number(codes.rms),
            "phase_rms_codes_rgb": _numbers(codes.rms_per_part),
            "phase_rms_percent": _number(percent.rms),
            "phase_rms_percent_rgb": _numbers(percent.rms_per_part),
            "f": _number(codes.f),
            "flat_blocks": codes.flat_blocks,
            "fold_percent": _rows(percent),
            "worst_places": _places(inspection.raw.places),
        }


def _verdict(verdict: GridVerdict | None) -> dict[str, object]:
    if verdict is None:
        return {}
    figures = {name: _number(value) for name, value in asdict(verdict).items() if name != "maker"}
    return {"verdict": {"maker": verdict.maker, **figures, "sentence": verdict.sentence}}


def as_text(inspection: Inspection) -> Iterator[str]:
    """The same as lines for people, the verdicts first."""
    for seen in inspection.pictures:
        if seen.verdict is not None:
            yield f"{NAMES[seen.method]}: {seen.verdict.sentence} ({seen.verdict.confidence_percent:.1f} % sure)"
    yield f"{inspection.source}: what repeats with the 6x6 period in flat areas, rms in 8-bit codes"
    for seen in inspection.pictures:
        peak = seen.score.peaks[0]
        where = f"({peak.kx}/6, {peak.ky}/6)"
        yield f"{NAMES[seen.method]:26} {_line(seen.score.fold)}   spectrum {peak.ratio:.1f} x median at {where}"
    if inspection.raw is not None:
        percent = inspection.raw.percent
        red, green, blue = percent.rms_per_part
        yield f"{NAMES[RAW]:26} {_line(inspection.raw.codes)}"
        yield f"{'  of the level':26} {percent.rms:.3f} %   R {red:.3f}  G {green:.3f}  B {blue:.3f}"
    yield "what edges and texture show beyond flat areas, fine detail counted with it, rms in 8-bit codes"
    for seen in inspection.pictures:
        one = seen.score.artifacts
        figures = f"false colour {one.false_colour:.2f}   zipper {one.zipper:.2f}   maze {one.maze:.2f}"
        yield f"{NAMES[seen.method]:26} {figures}"
    for method, places in _all_places(inspection):
        yield f"worst places of {NAMES[method]} (middle of a {WINDOW}-px window, sensor's orientation):"
        yield from (f"  x {place.x:5}  y {place.y:5}  {place.amplitude:.2f} codes" for place in places)
        if not places:
            yield "  none: no window's grid is surely more than chance"


def _all_places(inspection: Inspection) -> Iterator[tuple[str, tuple[Place, ...]]]:
    yield from ((seen.method, seen.score.places) for seen in inspection.pictures)
    if inspection.raw is not None:
        yield RAW, inspection.raw.places


def _line(fold: FlatFold) -> str:
    red, green, blue = fold.rms_per_part
    return f"{fold.rms:.3f}   R {red:.3f}  G {green:.3f}  B {blue:.3f}   F {fold.f:.2f}"


def _head(inspection: Inspection, method: str) -> dict[str, object]:
    return {"event": "inspected", "source": str(inspection.source), "method": method}


def _number(value: float) -> float | None:
    """JSON knows neither NaN nor infinity."""
    return round(value, 4) if np.isfinite(value) else None


def _numbers(values: Sequence[float]) -> list[float | None]:
    return [_number(value) for value in values]


def _rows(fold: FlatFold) -> list[list[float | None]]:
    """The folded cell, channels averaged: 6 rows of 6."""
    return [_numbers(row) for row in fold.heat.mean(axis=-1).tolist()]


def _places(places: Sequence[Place]) -> list[dict[str, object]]:
    return [{**asdict(place), "amplitude": _number(place.amplitude), "unit": "codes"} for place in places]
