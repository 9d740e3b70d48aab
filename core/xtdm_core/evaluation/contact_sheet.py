"""Parts of pictures side by side, enlarged and labelled, for people to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.develop.render import to_8_bits
from xtdm_core.frame import F32, U8, U16

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

ZOOM = 4
GAP, CAPTION = 16, 30
MARKER = (255, 200, 0)
_INK, _PAPER = (225, 225, 225), (38, 38, 38)
_FONT_SIZE = 15
# Of a contact sheet: crops of so many px, so many places of each picture and pictures on a page.
_CROP, _PLACES, PER_PAGE = 72, 4, 4
_MOST_GAIN = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture on a contact sheet.

    gain    what the difference B - A is multiplied with
    places  (row, column) of each crop and its panels u8 [h, w, 3]: the truth where it is known, A, B, difference
    """

    title: str
    gain: int
    places: tuple[tuple[int, int, tuple[U8, ...]], ...]


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


def cut_entry(title: str, pictures: Sequence[U16], border: int, typical_codes: float) -> Entry:
    """The places where A and B differ most.

    pictures  full-range u16 [H, W, 3], less a ``border`` in px: the truth where it is known, A, B
    typical_codes  the size of a large difference in 8-bit codes: the gain, a power of two up to 64, lifts it to at
                   most 127, so that little is cut off
    """
    a, b = pictures[-2:]
    gain = 1
    while gain < _MOST_GAIN and 2 * gain * typical_codes <= 127:
        gain *= 2
    side = min(_CROP, *a.shape[:2])
    places = []
    for top, left in most_different(a, b, side, _PLACES):
        box = slice(top, top + side), slice(left, left + side)
        difference = 128 + (b[box].astype(np.float32) - a[box]) / 257 * gain
        panels = [to_8_bits(picture[box]) for picture in pictures]
        panels.append(np.clip(np.rint(difference), 0, 255).astype(np.uint8))
        places.append((border + top, border + left, tuple(panels)))
    return Entry(title, gain, tuple(places))


def draw_page(entries: Sequence[Entry], first: str, second: str) -> Image.Image:
    """A page of a contact sheet; ``first`` and ``second`` are the names of A and B."""
    strips = [_draw_entry(entry, first, second) for entry in entries]
    page, _ = blank_sheet(max(strip.width for strip in strips), sum(strip.height for strip in strips))
    y = 0
    for strip in strips:
        page.paste(strip, (0, y))
        y += strip.height
    return page


def _draw_entry(entry: Entry, first: str, second: str) -> Image.Image:
    """A title, and below it two places in a row."""
    panels = max((len(panels) for _, _, panels in entry.places), default=0)
    shown = max((panels[0].shape[0] * ZOOM for _, _, panels in entry.places), default=0)
    rows = -(-len(entry.places) // 2)
    width = GAP + 2 * (max(panels, 3) * (max(shown, _CROP * ZOOM) + GAP) + GAP)
    strip, draw = blank_sheet(width, CAPTION + rows * (CAPTION + shown) + GAP)
    where = "where the two differ most (4:1)" if entry.places else "the two do not differ"
    write(draw, (GAP, 6), f"{entry.title}: {where}", MARKER)
    names = ["truth", f"A: {first}", f"B: {second}", f"B - A, x {entry.gain}"]
    for i, (top, left, crops) in enumerate(entry.places):
        x, y = GAP + i % 2 * (panels * (shown + GAP) + GAP), CAPTION + i // 2 * (CAPTION + shown)
        labels = names[-len(crops) :]
        labels[0] += f" at row {top}, column {left}"
        for crop, label in zip(crops, labels, strict=True):
            paste_panel(strip, draw, (x, y), crop, label)
            x += shown + GAP
    return strip
