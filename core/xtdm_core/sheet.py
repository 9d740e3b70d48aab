"""Parts of pictures side by side, enlarged and labelled, for people to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.frame import F32, U8, U16

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

ZOOM = 4
GAP, CAPTION = 16, 30
MARKER = (255, 200, 0)
_INK, _PAPER = (225, 225, 225), (38, 38, 38)
_FONT_SIZE = 15


def most_different(first: U8 | U16, second: U8 | U16, side: int, count: int) -> list[tuple[int, int]]:
    """(top, left) of up to ``count`` boxes of ``side`` px in which two pictures [H, W, 3] differ most.

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


def blank_sheet(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Empty paper, and what draws on it."""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (width, height), _PAPER)
    return sheet, ImageDraw.Draw(sheet)


def write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, ink: tuple[int, int, int] = _INK) -> None:
    """A line of text; ``at`` is its upper left corner."""
    from PIL import ImageFont

    draw.text(at, text, ink, ImageFont.load_default(_FONT_SIZE))


def paste_panel(sheet: Image.Image, draw: ImageDraw.ImageDraw, at: tuple[int, int], crop: U8, label: str) -> None:
    """A crop u8 [h, w, 3] at 4:1, its label above it; ``at`` is the upper left corner of both, 30 px for the label."""
    from PIL import Image

    x, y = at
    write(draw, (x, y + 6), label)
    shown = Image.fromarray(crop)
    shown = shown.resize((shown.width * ZOOM, shown.height * ZOOM), Image.Resampling.NEAREST)
    sheet.paste(shown, (x, y + CAPTION))
