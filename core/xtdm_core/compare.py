"""A picture of where two demosaicings differ, for people to judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.convert import NEURAL, demosaic, srgb8_picture
from xtdm_core.demosaic import Demosaicer
from xtdm_core.develop import Look
from xtdm_core.export.files import atomic_path, refuse_existing
from xtdm_core.frame import F32, U8
from xtdm_core.progress import Report, silent
from xtdm_core.raf import read_raw

if TYPE_CHECKING:
    from PIL import Image

_CLASSIC = "markesteijn3"
_LABELS = ("LibRaw 3-pass Markesteijn", "XTDM network")
_CROP, _ZOOM, _PLACES = 84, 4, 4
_GAP, _CAPTION, _OVERVIEW = 16, 30, 700
_INK, _PAPER = (225, 225, 225), (38, 38, 38)


def compare(
    source: Path, target: Path, demosaicer: Demosaicer, overwrite: bool = False, report: Report = silent
) -> None:
    """Writes a PNG: the whole picture, and the four crops that differ most between LibRaw and the network at 4:1.

    Raises UnsupportedRaw, ExportFailed.
    """
    refuse_existing(target, overwrite)
    frame = read_raw(source)
    pictures = []
    for method in (_CLASSIC, NEURAL):
        cam_rgb = demosaic(source, frame, method, demosaicer, report)
        pictures.append(srgb8_picture(cam_rgb, frame, Look()))
    sheet = _sheet(source.name, pictures[0], pictures[1])
    with atomic_path(target, overwrite) as partial:
        sheet.save(partial, format="PNG", optimize=True)


def most_different(first: U8, second: U8, side: int, count: int) -> list[tuple[int, int]]:
    """(top, left) of up to ``count`` boxes of ``side`` px in which two pictures u8 [H, W, 3] differ most.

    Boxes lie inside the picture and far from each other, at least a quarter of its shorter side, so that they show
    different things.
    """
    apart = max(side, min(first.shape[:2]) // 4)
    score = _box_sums(np.abs(first.astype(np.float32) - second).mean(axis=2), side)
    places: list[tuple[int, int]] = []
    while len(places) < count and score.max() > 0:
        top, left = (int(v) for v in np.unravel_index(np.argmax(score), score.shape))
        places.append((top, left))
        score[max(0, top - apart + 1) : top + apart, max(0, left - apart + 1) : left + apart] = 0
    return places


def _box_sums(values: F32, side: int) -> F32:
    """Sums over all boxes of ``side`` px, by an integral image; f32 [H - side + 1, W - side + 1]."""
    integral = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    integral[1:, 1:] = values.cumsum(0, dtype=np.float64).cumsum(1)
    rows = integral[side:] - integral[:-side]
    return (rows[:, side:] - rows[:, :-side]).astype(np.float32)


def _sheet(name: str, classic: U8, neural: U8) -> Image.Image:
    from PIL import Image, ImageDraw, ImageFont

    side = min(_CROP, *classic.shape[:2])
    places = most_different(classic, neural, side, _PLACES)
    shown = side * _ZOOM
    overview = Image.fromarray(neural)
    overview.thumbnail((_OVERVIEW, 2 * (_CAPTION + shown)))
    scale = overview.width / neural.shape[1]
    columns = -(-len(places) // 2)
    width = _GAP + overview.width + columns * 2 * (_GAP + shown) + _GAP
    height = _CAPTION + max(overview.height, 2 * (shown + _CAPTION + _GAP)) + _GAP
    sheet = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(15)
    draw.text((_GAP, 6), f"{name}: the whole picture, and where the two differ most (4:1)", _INK, font)
    sheet.paste(overview, (_GAP, _CAPTION))
    for i, (top, left) in enumerate(places):
        x = _GAP + overview.width + _GAP + (i % columns) * 2 * (shown + _GAP)
        y = _CAPTION + (i // columns) * (shown + _CAPTION + _GAP)
        box = [_GAP + left * scale, _CAPTION + top * scale]
        draw.rectangle((*box, box[0] + side * scale, box[1] + side * scale), outline=(255, 200, 0))
        draw.text((box[0] + 3, box[1] + 1), str(i + 1), (255, 200, 0), font)
        for picture, label in zip((classic, neural), _LABELS, strict=True):
            crop = Image.fromarray(picture[top : top + side, left : left + side])
            draw.text((x, y + 6), f"{i + 1}: {label}", _INK, font)
            sheet.paste(crop.resize((shown, shown), Image.Resampling.NEAREST), (x, y + _CAPTION))
            x += shown + _GAP
    return sheet
