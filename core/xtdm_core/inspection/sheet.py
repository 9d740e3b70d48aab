"""The inspector's sheet: folded cells with their numbers, the spectrum, and the worst places magnified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.develop.color import Floats
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U8
from xtdm_core.inspection.grid import WINDOW
from xtdm_core.inspection.report import NAMES, RAW, Inspection, Seen
from xtdm_core.inspection.score import heat_colours
from xtdm_core.xtrans import PERIOD

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

_WIDTH = 1680
_GAP, _LINE, _SEAM = 24, 22, 8
_INK, _FAINT, _PAPER = (225, 225, 225), (150, 150, 150), (38, 38, 38)
_CURVES = ((240, 240, 240), (230, 160, 60))
_CFA = ((200, 70, 60), (70, 160, 80), (70, 100, 210))
_CELL = 36
_ZOOM, _AMPLIFIED = 4, 16
_PLACES = 3
_PLOT_HEIGHT = 220


def write_sheet(inspection: Inspection, target: Path, overwrite: bool = False) -> None:
    """Draws what was found and writes a PNG. Raises WriteFailed."""
    sheet = draw_sheet(inspection)
    with atomic_write(target, overwrite) as partial:
        sheet.save(partial, format="PNG", optimize=True)


def draw_sheet(inspection: Inspection) -> Image.Image:
    """The sheet; cells and magnified places are in the sensor's orientation."""
    from PIL import Image

    cursor = _Cursor(Image.new("RGB", (_WIDTH, 400 + _height(inspection)), _PAPER))
    cursor.heading(f"{inspection.source.name}: the 6x6 grid", 24)
    cursor.note("Folded to the period of the CFA over all flat areas, in 8-bit codes; the raw in percent of the level.")
    for seen in inspection.pictures:
        _draw_folds(cursor, seen)
    _draw_raw(cursor, inspection)
    _draw_spectra(cursor, inspection.pictures)
    _draw_places(cursor, inspection)
    return cursor.sheet.crop((0, 0, _WIDTH, cursor.y))


@dataclass(slots=True)
class _Cursor:
    """A sheet, and the height where drawing continues."""

    sheet: Image.Image
    y: int = _GAP

    def text(self, x: int, y: int, words: str, size: int = 15, ink: tuple[int, int, int] = _INK) -> None:
        from PIL import ImageFont

        self.pen.text((x, y), words, ink, ImageFont.load_default(size))

    def heading(self, words: str, size: int = 18) -> None:
        self.text(_GAP, self.y, words, size)
        self.y += size + 12

    def note(self, words: str) -> None:
        self.text(_GAP, self.y, words, 15, _FAINT)
        self.y += _LINE + 6

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        from PIL import ImageDraw

        return ImageDraw.Draw(self.sheet)


def _height(inspection: Inspection) -> int:
    """Room enough for everything; the sheet is cut to what was used."""
    rows = len(inspection.pictures) + (inspection.raw is not None)
    return rows * (PERIOD * _CELL + 4 * _LINE) + _PLOT_HEIGHT + _PLACES * (WINDOW * _ZOOM + 3 * _LINE) + 12 * _LINE


def _draw_folds(cursor: _Cursor, seen: Seen) -> None:
    fold = seen.score.fold
    cursor.heading(f"{NAMES[seen.method]}: {fold.rms:.3f} codes rms, F {fold.f:.2f}, {fold.flat_blocks} flat blocks")
    cells = np.concatenate([fold.heat.mean(axis=-1, keepdims=True), fold.heat], axis=-1)
    names = ["all channels", *(f"{c}: {rms:.3f} rms" for c, rms in zip("RGB", fold.rms_per_part, strict=True))]
    limit = float(np.abs(cells).max())
    for i, name in enumerate(names):
        _draw_cell(cursor, _GAP + i * (PERIOD * _CELL + 2 * _GAP), name, cells[..., i], limit, None)
    _draw_scale(cursor, _GAP + 4 * (PERIOD * _CELL + 2 * _GAP), limit, "codes")
    cursor.y += PERIOD * _CELL + _LINE + _GAP


def _draw_raw(cursor: _Cursor, inspection: Inspection) -> None:
    if inspection.raw is None or inspection.cfa is None:
        return
    percent, codes = inspection.raw.percent, inspection.raw.codes
    cursor.heading(f"{NAMES[RAW]}: {percent.rms:.3f} % rms of the level, {codes.rms:.3f} codes, F {codes.f:.2f}")
    limit = float(np.abs(percent.heat).max())
    step = PERIOD * _CELL + 2 * _GAP
    _draw_cell(cursor, _GAP, "each colour in itself", percent.heat[..., 0], limit, inspection.cfa)
    for colour, (name, rms) in enumerate(zip("RGB", percent.rms_per_part, strict=True)):
        only = np.where(inspection.cfa == colour, percent.heat[..., 0], np.nan)
        _draw_cell(cursor, _GAP + (colour + 1) * step, f"{name}: {rms:.3f} % rms", only, limit, inspection.cfa)
    _draw_scale(cursor, _GAP + 4 * step, limit, "%")
    cursor.y += PERIOD * _CELL + _LINE + _GAP


def _draw_cell(cursor: _Cursor, x: int, name: str, heat: F32, limit: float, cfa: U8 | None) -> None:
    """36 squares with their numbers; NaN stays empty. The colour of a photosite is a mark in its corner."""
    cursor.text(x, cursor.y, name)
    colours = heat_colours(np.nan_to_num(heat), limit)
    for row, column in np.ndindex(PERIOD, PERIOD):
        left, top = x + column * _CELL, cursor.y + _LINE + row * _CELL
        box = (left, top, left + _CELL - 2, top + _CELL - 2)
        if np.isnan(heat[row, column]):
            continue
        fill = (int(colours[row, column, 0]), int(colours[row, column, 1]), int(colours[row, column, 2]))
        cursor.pen.rectangle(box, fill=fill)
        ink = (0, 0, 0) if sum(fill) > 330 else _INK
        cursor.text(left + 3, top + 11, f"{heat[row, column]:+.2f}", 12, ink)
        if cfa is not None:
            cursor.pen.rectangle((left, top, left + 6, top + 6), fill=_CFA[cfa[row, column]])


def _draw_scale(cursor: _Cursor, x: int, limit: float, unit: str) -> None:
    height = PERIOD * _CELL
    for step in range(height):
        colour = heat_colours(np.array([1 - 2 * step / height], np.float32), 1)[0]
        y = cursor.y + _LINE + step
        cursor.pen.line((x, y, x + 16, y), fill=(int(colour[0]), int(colour[1]), int(colour[2])))
    for share, words in ((0.0, f"+{limit:.2f} {unit}"), (0.5, "0"), (1.0, f"-{limit:.2f} {unit}")):
        cursor.text(x + 24, cursor.y + _LINE + int(share * height) - 8, words, 13)


def _draw_spectra(cursor: _Cursor, pictures: tuple[Seen, ...]) -> None:
    cursor.heading("Spectrum: how far frequencies stand out, times the local median")
    curves = [seen.score.profile for seen in pictures]
    # The lowest frequencies, where every picture has most, may leave the plot.
    top = max(3.0, *(1.1 * float(curve[curve.size // PERIOD :].max()) for curve in curves))
    left, right, bottom = _GAP + 40, _WIDTH - 2 * _GAP, cursor.y + _LINE + _PLOT_HEIGHT
    for sixth in range(4):
        x = left + (right - left) * sixth // 3
        cursor.pen.line((x, bottom - _PLOT_HEIGHT, x, bottom), fill=(110, 110, 110))
        cursor.text(x - 10, bottom + 6, f"{sixth}/6" if sixth else "0", 14)
    for level in (0.0, 1.0, top):
        y = bottom - int(level / top * _PLOT_HEIGHT)
        cursor.pen.line((left, y, right, y), fill=(80, 80, 80))
        cursor.text(_GAP, y - 9, f"{level:.1f}", 14, _FAINT)
    for i, (seen, curve) in enumerate(zip(pictures, curves, strict=True)):
        xs, ys = np.linspace(left, right, curve.size), bottom - np.minimum(curve / top, 1) * _PLOT_HEIGHT
        cursor.pen.line([(float(x), float(y)) for x, y in zip(xs, ys, strict=True)][1:], fill=_CURVES[i], width=2)
        x = left + 16 + i * 320
        cursor.pen.line((x, cursor.y + 5, x + 24, cursor.y + 5), fill=_CURVES[i], width=2)
        cursor.text(x + 32, cursor.y - 4, NAMES[seen.method], 15, _CURVES[i])
    cursor.text(left + 60, bottom + 6, "cycles per px, horizontally or vertically", 14, _FAINT)
    cursor.y = bottom + 2 * _LINE + _GAP


def _draw_places(cursor: _Cursor, inspection: Inspection) -> None:
    """The worst places of each picture in a column of their own, each as all pictures show it."""
    cursor.heading(f"Worst places: windows of {WINDOW} px at {_ZOOM}:1, detail beside them x{_AMPLIFIED}")
    top, lowest = cursor.y, cursor.y
    column = 2 * len(inspection.pictures) * (WINDOW * _ZOOM + _SEAM) + _GAP
    for i, seen in enumerate(inspection.pictures):
        x, cursor.y = _GAP + i * column, top
        if not seen.score.places:
            cursor.text(x, cursor.y, f"{NAMES[seen.method]}: none, no window's grid is surely more than chance")
            cursor.y += _LINE
        for place in seen.score.places[:_PLACES]:
            words = f"worst of {NAMES[seen.method]}: {place.amplitude:.2f} codes at x {place.x}, y {place.y}"
            cursor.text(x, cursor.y, words)
            cursor.y += _LINE
            for j, other in enumerate(inspection.pictures):
                _draw_window(cursor, x + j * 2 * (WINDOW * _ZOOM + _SEAM), other, place.x, place.y)
            cursor.y += WINDOW * _ZOOM + _LINE + _GAP
        lowest = max(lowest, cursor.y)
    cursor.y = lowest + _GAP


def _draw_window(cursor: _Cursor, x: int, seen: Seen, middle_x: int, middle_y: int) -> None:
    from PIL import Image

    top, left = middle_y - WINDOW // 2, middle_x - WINDOW // 2
    window = seen.srgb[top : top + WINDOW, left : left + WINDOW]
    side = WINDOW * _ZOOM
    for i, view in enumerate((window, detail(window))):
        magnified = Image.fromarray(view).resize((side, side), Image.Resampling.NEAREST)
        cursor.sheet.paste(magnified, (x + i * (side + _SEAM), cursor.y))
    cursor.text(x, cursor.y + side + 2, NAMES[seen.method], 14, _FAINT)


def detail(window: U8) -> U8:
    """What u8 [H, W, 3] has beyond the means of its 6x6 surroundings, amplified 16 times around middle grey."""
    surroundings: Floats = np.pad(window.astype(np.float32), ((3, 3), (3, 3), (0, 0)), mode="reflect")
    # A whole period, centred, so that a grid stays as it is.
    weights = np.array([0.5, 1, 1, 1, 1, 1, 0.5], np.float32) / PERIOD
    for axis in (0, 1):
        surroundings = np.lib.stride_tricks.sliding_window_view(surroundings, weights.size, axis) @ weights
    return np.rint(np.clip(128 + _AMPLIFIED * (window - surroundings), 0, 255)).astype(np.uint8)
