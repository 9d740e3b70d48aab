"""Torture patterns: pictures that are hard to demosaic, drawn by formula from a seed.

Every pattern is evaluated at 4x4 points a pixel and averaged in linear light. Coordinates are pixels; a pattern is
either a share in 0..1 between two colours or an index into a palette, F32 or integer [4S, 4S].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from xtdm_core.datasets.fractals import fbm, julia_escape
from xtdm_core.develop.color import Floats, srgb_decode
from xtdm_core.errors import BadOption
from xtdm_core.frame import F32
from xtdm_core.images import area_average

SUPERSAMPLING = 4
# The least difference of relative luminance (linear, 0..1) between a palette's neighbouring colours.
MIN_CONTRAST = 0.1
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)  # IEC 61966-2-1

Rng = np.random.Generator
Seed = int | Sequence[int] | Rng
Index = NDArray[np.intp]


def torture_image(kind: int, seed: Seed, size: int) -> F32:
    """Pattern ``kind`` (0 to 12, see ``KINDS``) as linear RGB f32 [S, S, 3] in 0..1; the same seed, the same picture.

    seed  an integer, a sequence of integers, or a generator, which is then used up further
    Raises BadOption for a kind that does not exist.
    """
    if not 0 <= kind < len(KINDS):
        raise BadOption(f"there is no torture pattern {kind}: they are numbered 0 to {len(KINDS) - 1}")
    return _PATTERNS[kind](np.random.default_rng(seed), size)


def contrasting_colours(rng: Rng, count: int) -> F32:
    """Linear RGB f32 [count, 3] drawn in HSV; neighbours differ by at least MIN_CONTRAST in relative luminance.

    Hues are uniform; a quarter is nearly grey, the others have a saturation above 0.3.
    """
    colours = [_colour(rng)]
    while len(colours) < count:
        colour = _colour(rng)
        if abs(float((colour - colours[-1]) @ _LUMINANCE)) >= MIN_CONTRAST:
            colours.append(colour)
    return np.stack(colours)


def _colour(rng: Rng) -> F32:
    """HSV (Smith 1978) to sRGB, then linear."""
    hue = 6 * rng.random()
    saturation = rng.uniform(0, 0.1) if rng.random() < 0.25 else rng.uniform(0.3, 1)
    value = rng.uniform(0.05, 1)
    ramp = np.abs((hue + np.array([0.0, 4.0, 2.0])) % 6 - 3) - 1
    return srgb_decode(value * (1 - saturation * (1 - np.clip(ramp, 0, 1))))


def _two(share: Floats, rng: Rng) -> F32:
    first, second = contrasting_colours(rng, 2)
    mean = area_average(share.astype(np.float32, copy=False), SUPERSAMPLING)
    return first + (second - first) * mean[..., None]


def _many(index: Index, colours: F32) -> F32:
    return area_average(colours[index], SUPERSAMPLING)


def _points(size: int) -> tuple[F32, F32]:
    """(y [4S, 1], x [1, 4S]): where the pattern is evaluated."""
    at = np.arange(0.5, size * SUPERSAMPLING, dtype=np.float32) / np.float32(SUPERSAMPLING)
    return at[:, None], at[None, :]


def _axes(rng: Rng, size: int) -> tuple[F32, F32, bool]:
    """Coordinates (u, v) turned by any angle, or, in half the pictures, whole pixels along rows and columns.

    The bool tells the latter: with whole periods edges are then exactly between pixels.
    """
    y, x = _points(size)
    if rng.random() < 0.5:
        columns, rows = np.broadcast_arrays(x, y)
        return (columns, rows, True) if rng.random() < 0.5 else (rows, columns, True)
    angle = rng.uniform(0, np.pi)
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    u: F32 = x * cosine + y * sine
    v: F32 = y * cosine - x * sine
    return u, v, False


def _period(rng: Rng, exact: bool, low: float, high: float) -> tuple[float, float]:
    """(period, offset) in px, the period as likely in every octave; whole numbers where ``exact``."""
    period = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    offset = rng.uniform(0, period)
    return (max(1.0, round(period)), round(offset)) if exact else (period, offset)


def _stripes(rng: Rng, size: int) -> F32:
    u, _, exact = _axes(rng, size)
    period, offset = _period(rng, exact, 2, 20)
    bar = max(1.0, round(period / 2)) if exact else period * rng.uniform(0.3, 0.7)
    return _two(((u + offset) % period < bar).astype(np.float32), rng)


def _fine_lines(rng: Rng, size: int) -> F32:
    """Two families of lines, half a pixel to a pixel and a half wide, across each other."""
    u, v, exact = _axes(rng, size)
    width = 1.0 if exact else rng.uniform(0.5, 1.5)
    (first, at_first), (second, at_second) = (_period(rng, exact, 4, 24) for _ in range(2))
    index = ((u + at_first) % first < width).astype(np.intp)
    index[(v + at_second) % second < width] = 2
    return _many(index, contrasting_colours(rng, 3))


def _checkers(rng: Rng, size: int) -> F32:
    u, v, exact = _axes(rng, size)
    cell, offset = _period(rng, exact, 1, 14)
    count = int(rng.choice([2, 4]))
    column, row = (np.floor((axis + offset) / cell).astype(np.intp) for axis in (u, v))
    index = (column + row) % 2 if count == 2 else column % 2 + 2 * (row % 2)
    return _many(index, contrasting_colours(rng, count))


def _circles(rng: Rng, size: int) -> F32:
    y, x = _points(size)
    cy, cx = rng.uniform(-0.2 * size, 1.2 * size, 2)
    radius = np.hypot(y - np.float32(cy), x - np.float32(cx))
    period, offset = _period(rng, False, 2, 24)
    return _two(((radius + offset) % period < period * rng.uniform(0.3, 0.7)).astype(np.float32), rng)


def _edges(rng: Rng, size: int) -> F32:
    """Half planes and discs over one another: long edges of every direction and curvature."""
    y, x = _points(size)
    count = int(rng.integers(3, 9))
    index = np.zeros(np.broadcast_shapes(y.shape, x.shape), np.intp)
    for number in range(1, count):
        cy, cx = rng.uniform(0, size, 2).astype(np.float32)
        if rng.random() < 0.3:
            inside = np.hypot(y - cy, x - cx) < rng.uniform(0.03, 0.3) * size
        else:
            angle = rng.uniform(0, 2 * np.pi)
            inside = (y - cy) * np.float32(np.sin(angle)) + (x - cx) * np.float32(np.cos(angle)) > 0
        index[inside] = number
    return _many(index, contrasting_colours(rng, count))


def _zone_plate(rng: Rng, size: int) -> F32:
    """Rings whose frequency grows with the radius, to 0.25..0.6 cycles a pixel at the farthest corner."""
    y, x = _points(size)
    cy, cx = rng.uniform(0, size, 2).astype(np.float32)
    square = (y - cy) ** 2 + (x - cx) ** 2
    farthest = float(np.sqrt(square.max()))
    # The phase pi k r^2 has the local frequency k r.
    phase = np.float32(np.pi * rng.uniform(0.25, 0.6) / farthest) * square + np.float32(rng.uniform(0, 2 * np.pi))
    return _two(0.5 + 0.5 * np.cos(phase), rng)


def _text(rng: Rng, size: int) -> F32:
    """Lines of made-up letters: three to five strokes each between the points of a 3x4 lattice."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (size * SUPERSAMPLING, size * SUPERSAMPLING))
    draw = ImageDraw.Draw(mask)
    height = rng.uniform(6, 26) * SUPERSAMPLING
    width = height * rng.uniform(0.45, 0.7)
    stroke = max(2, round(height * rng.uniform(0.07, 0.2)))
    for top in np.arange(-rng.uniform(0, height), mask.height, height * 1.5):
        for left in np.arange(-rng.uniform(0, width), mask.width, width * 1.45):
            if rng.random() < 0.15:  # a space between words
                continue
            ends = rng.integers(0, (3, 4), (int(rng.integers(4, 7)), 2)) * (width / 2, height / 3) + (left, top)
            draw.line([(float(x), float(y)) for x, y in ends], fill=255, width=stroke)
    return _two(np.asarray(mask, dtype=np.float32) / 255, rng)


def _gradients(rng: Rng, size: int) -> F32:
    """A smooth ramp, straight or round; half of them in steps, whose edges are faint."""
    if rng.random() < 0.5:
        ramp: Floats = _axes(rng, size)[0]
    else:
        y, x = _points(size)
        cy, cx = rng.uniform(0, size, 2).astype(np.float32)
        ramp = np.hypot(y - cy, x - cx)
    ramp = _normalised(ramp)
    if rng.random() < 0.5:
        steps = int(rng.integers(3, 24))
        ramp = np.minimum(np.floor(ramp * steps), steps - 1) / np.float32(steps - 1)
    return _two(ramp, rng)


def _star(rng: Rng, size: int) -> F32:
    """A Siemens star: ever finer spokes towards its centre, straight or twisted."""
    y, x = _points(size)
    cy, cx = rng.uniform(0.2 * size, 0.8 * size, 2).astype(np.float32)
    spokes, twist = int(rng.integers(8, 60)), rng.uniform(-0.03, 0.03) * (rng.random() < 0.5)
    turn = np.arctan2(y - cy, x - cx) * np.float32(spokes / (2 * np.pi))
    radius = np.hypot(y - cy, x - cx)
    return _two(((turn + radius * np.float32(twist)) % 1 < 0.5).astype(np.float32), rng)


def _weave(rng: Rng, size: int) -> F32:
    """Cloth: rounded threads that pass over and under each other."""
    u, v, _ = _axes(rng, size)
    thread = float(np.exp(rng.uniform(np.log(1.5), np.log(8))))
    column, row = np.floor(u / thread), np.floor(v / thread)
    over = (column + row) % 2 < 1
    across = np.where(over, u / thread - column, v / thread - row)
    shade = np.float32(0.4) + np.float32(0.6) * np.sin(np.pi * across)
    colours = contrasting_colours(rng, 2)
    return area_average(colours[over.astype(np.intp)] * shade[..., None], SUPERSAMPLING)


def _dots(rng: Rng, size: int) -> F32:
    """Discs of many colours and sizes on a turned lattice: halftone, pebbles, distant lights."""
    u, v, _ = _axes(rng, size)
    cell = float(np.exp(rng.uniform(np.log(4), np.log(24))))
    column, row = (np.floor(axis / cell).astype(np.intp) for axis in (u, v))
    radii = rng.uniform(0.15, 0.5, (61, 61)).astype(np.float32)
    inks = rng.integers(1, 5, (61, 61))
    distance = np.hypot(u / cell - column - 0.5, v / cell - row - 0.5)
    # The tables repeat after 61 cells, more than a picture has; negative cells count from their ends.
    inside = distance < radii[column % 61, row % 61]
    return _many(np.where(inside, inks[column % 61, row % 61], 0), contrasting_colours(rng, 5))


def _julia(rng: Rng, size: int) -> F32:
    """A Julia set in bands or in smooth shades of its escape time, half of them zoomed into the boundary."""
    escape = np.sqrt(_normalised(julia_escape(rng, size * SUPERSAMPLING, zoomed=rng.random() < 0.5)))
    cycles = rng.uniform(2, 8)
    if rng.random() < 0.5:
        return _two(0.5 - 0.5 * np.cos(np.float32(2 * np.pi * cycles) * escape), rng)
    return _many(np.floor(escape * np.float32(3 * cycles)).astype(np.intp) % 3, contrasting_colours(rng, 3))


def _perlin(rng: Rng, size: int) -> F32:
    """Perlin noise over several octaves, between three colours."""
    share = 2 * _normalised(fbm(rng, size * SUPERSAMPLING))[..., None]
    low, middle, high = contrasting_colours(rng, 3)
    picture = low + (middle - low) * np.minimum(share, 1) + (high - middle) * np.maximum(share - 1, 0)
    return area_average(picture, SUPERSAMPLING)


def _normalised(values: Floats) -> Floats:
    """Stretched to 0..1; all 0 where all are equal."""
    low, high = float(values.min()), float(values.max())
    return (values - np.float32(low)) * np.float32(1 / max(high - low, 1e-9))


_PATTERNS: tuple[Callable[[Rng, int], F32], ...] = (
    _stripes,
    _fine_lines,
    _checkers,
    _circles,
    _edges,
    _zone_plate,
    _text,
    _gradients,
    _star,
    _weave,
    _dots,
    _julia,
    _perlin,
)
KINDS: tuple[str, ...] = tuple(pattern.__name__.removeprefix("_").replace("_", " ") for pattern in _PATTERNS)
