"""Synthetic pictures of what photographs hold too little of: saturated edges, thin lines and flat colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.frame import U8

if TYPE_CHECKING:
    from PIL import ImageDraw

SIZE = 192
_SUPERSAMPLING = 3


def synthetic_images(count: int, seed: int) -> list[U8]:
    """``count`` pictures sRGB u8 [192, 192, 3]: overlapping polygons, discs, stripes and grids of random colours.

    Half of them have hard, pixel-exact edges, half are supersampled 3x. The same seed gives the same pictures.
    """
    return [_one(np.random.default_rng((seed, i))) for i in range(count)]


def _one(rng: np.random.Generator) -> U8:
    from PIL import Image, ImageDraw

    scale = _SUPERSAMPLING if rng.random() < 0.5 else 1
    size = SIZE * scale
    image = Image.new("RGB", (size, size), _colour(rng))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(6, 40))):
        _SHAPES[int(rng.integers(len(_SHAPES)))](draw, rng, size, scale)
    if scale == 1:
        return np.asarray(image)
    linear = (np.asarray(image, dtype=np.float32) / 255) ** 2.2
    mean = linear.reshape(SIZE, scale, SIZE, scale, 3).mean(axis=(1, 3))
    return np.round(mean ** (1 / 2.2) * 255).astype(np.uint8)


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    """A colour that is saturated in two cases of three, else any grey."""
    if rng.random() < 1 / 3:
        grey = int(rng.integers(256))
        return grey, grey, grey
    channels = np.where(rng.random(3) < 0.5, rng.integers(0, 70, 3), rng.integers(90, 256, 3))
    return int(channels[0]), int(channels[1]), int(channels[2])


def _polygon(draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: int, scale: int) -> None:
    centre, reach = rng.integers(0, size, 2), int(rng.integers(4 * scale, 70 * scale))
    corners = centre + rng.integers(-reach, reach + 1, (int(rng.integers(3, 6)), 2))
    draw.polygon([(int(x), int(y)) for x, y in corners], fill=_colour(rng))


def _rectangle(draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: int, scale: int) -> None:
    x, y = (int(v) for v in rng.integers(-20 * scale, size, 2))
    w, h = (int(v) for v in rng.integers(2 * scale, 80 * scale, 2))
    draw.rectangle((x, y, x + w, y + h), fill=_colour(rng))


def _disc(draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: int, scale: int) -> None:
    x, y = (int(v) for v in rng.integers(0, size, 2))
    r = int(rng.integers(scale, 30 * scale))
    draw.ellipse((x - r, y - r, x + r, y + r), fill=_colour(rng))


def _line(draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: int, scale: int) -> None:
    x0, y0, x1, y1 = (int(v) for v in rng.integers(0, size, 4))
    draw.line((x0, y0, x1, y1), fill=_colour(rng), width=int(rng.integers(1, 4)) * scale)


def _stripes(draw: ImageDraw.ImageDraw, rng: np.random.Generator, size: int, scale: int) -> None:
    x, y = (int(v) for v in rng.integers(0, size, 2))
    side = int(rng.integers(20 * scale, 60 * scale))
    period = int(rng.integers(2, 9)) * scale
    first, second = _colour(rng), _colour(rng)
    slant = int(rng.integers(-side, side)) if rng.random() < 0.5 else 0
    upright = rng.random() < 0.5
    draw.rectangle((x, y, x + side, y + side), fill=first)
    for at in range(0, side, period):
        ends = (x + at, y, x + at + slant, y + side) if upright else (x, y + at, x + side, y + at + slant)
        draw.line(ends, fill=second, width=max(1, period // 2))


_SHAPES = (_polygon, _rectangle, _disc, _line, _stripes)
