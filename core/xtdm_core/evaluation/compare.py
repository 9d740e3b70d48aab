"""A picture of where two demosaicings differ, for people to judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xtdm_core.choices import NEURAL, DemosaicMethod
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.demosaicing.pipeline import demosaic_frame, prepare
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import NEUTRAL
from xtdm_core.evaluation.contact_sheet import (
    CAPTION,
    GAP,
    MARKER,
    ZOOM,
    blank_sheet,
    most_different,
    paste_panel,
    write,
)
from xtdm_core.files import atomic_write, refuse_existing
from xtdm_core.frame import U8
from xtdm_core.progress import Report, silent
from xtdm_core.raw.reader import read_raw

if TYPE_CHECKING:
    from PIL import Image

_LABELS = ("LibRaw 3-pass Markesteijn", "XTDM network")
_CROP, _PLACES = 84, 4
_OVERVIEW = 700


def picture_path(source: Path, output: Path | None) -> Path:
    """Where the picture goes: to ``output``, a PNG or a folder, else beside its raw file."""
    if output is not None and output.suffix.lower() == ".png":
        return output
    return (output or source.parent) / f"{source.stem}_compare.png"


def compare(
    source: Path, target: Path, demosaicer: Demosaicer, overwrite: bool = False, report: Report = silent
) -> None:
    """Writes a PNG: the whole picture, and the four crops that differ most between LibRaw and the network at 4:1.

    Raises UnsupportedRaw, WriteFailed.
    """
    refuse_existing(target, overwrite)
    frame = read_raw(source)
    pictures = []
    for method in (DemosaicMethod.MARKESTEIJN3, NEURAL):
        cam_rgb = demosaic_frame(source, prepare(frame), method, demosaicer, report)
        pictures.append(render_srgb8(cam_rgb, frame, NEUTRAL))
    sheet = _sheet(source.name, pictures[0], pictures[1])
    with atomic_write(target, overwrite) as partial:
        sheet.save(partial, format="PNG", optimize=True)


def _sheet(name: str, classic: U8, neural: U8) -> Image.Image:
    from PIL import Image

    side = min(_CROP, *classic.shape[:2])
    places = most_different(classic, neural, side, _PLACES)
    shown = side * ZOOM
    overview = Image.fromarray(neural)
    overview.thumbnail((_OVERVIEW, 2 * (CAPTION + shown)))
    scale = overview.width / neural.shape[1]
    columns = -(-len(places) // 2)
    width = GAP + overview.width + columns * 2 * (GAP + shown) + GAP
    height = CAPTION + max(overview.height, 2 * (shown + CAPTION + GAP)) + GAP
    sheet, draw = blank_sheet(width, height)
    write(draw, (GAP, 6), f"{name}: the whole picture, and where the two differ most (4:1)")
    sheet.paste(overview, (GAP, CAPTION))
    for i, (top, left) in enumerate(places):
        x = GAP + overview.width + GAP + (i % columns) * 2 * (shown + GAP)
        y = CAPTION + (i // columns) * (shown + CAPTION + GAP)
        box = [GAP + left * scale, CAPTION + top * scale]
        draw.rectangle((*box, box[0] + side * scale, box[1] + side * scale), outline=MARKER)
        write(draw, (box[0] + 3, box[1] + 1), str(i + 1), MARKER)
        for picture, label in zip((classic, neural), _LABELS, strict=True):
            paste_panel(sheet, draw, (x, y), picture[top : top + side, left : left + side], f"{i + 1}: {label}")
            x += shown + GAP
    return sheet
