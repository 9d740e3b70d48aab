"""The sample photograph: a scene rendered by formula, made of what is hard for a raw converter.

Foliage, fabric, fine text, zone plates and Siemens stars, saturated edges, skin tones, hairlines, a grey wedge of
known values, and lights 2 to 3 EV above diffuse white. The same every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xtdm_core.develop.color import srgb_decode
from xtdm_core.develop.hlg import DIFFUSE_WHITE_E
from xtdm_core.frame import F32

if TYPE_CHECKING:
    from PIL import ImageFont

WIDTH, HEIGHT = 1536, 1152
_CELL = 384
_INSET = 10
_SIDE = _CELL - 2 * _INSET - 14  # below each motif 14 px for its name
_SUPERSAMPLING = 3
_PAPER = 0.2
_WEDGE_E = (0.01, 0.015, 0.03, 0.0477, 1 / 12, 0.18, 0.265, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3, 1.7)


@dataclass(frozen=True, slots=True)
class GreyPatch:
    """A flat patch whose scene value is E = 0.26496 L; its box in pixels of the scene."""

    e: float
    top: int
    left: int
    height: int
    width: int


GREY_PATCHES: tuple[GreyPatch, ...] = tuple(
    GreyPatch(e, 2 * _CELL + 24 + 180 * (i // 7), 17 + 106 * (i % 7), 132, 98) for i, e in enumerate(_WEDGE_E)
)


def render_scene() -> F32:
    """The scene as linear sRGB f32 [1152, 1536, 3], diffuse white = 1, lights up to 7."""
    scene = np.full((HEIGHT, WIDTH, 3), _PAPER, dtype=np.float32)
    for cell, (name, motif) in _MOTIFS.items():
        row, column = divmod(cell, 4)
        top, left = row * _CELL + _INSET, column * _CELL + (_CELL - _SIDE) // 2
        scene[top : top + _SIDE, left : left + _SIDE] = _supersampled(motif, np.random.default_rng(cell))
        _write(scene, name, top + _SIDE + 1, left, 12)
    for patch in GREY_PATCHES:
        box = slice(patch.top, patch.top + patch.height), slice(patch.left, patch.left + patch.width)
        scene[box] = patch.e / DIFFUSE_WHITE_E
        _write(scene, f"E {patch.e:.3g}", patch.top + patch.height + 2, patch.left, 14)
    return scene


Motif = Callable[[F32, F32, np.random.Generator], F32]


def _supersampled(motif: Motif, rng: np.random.Generator) -> F32:
    """A motif sampled 3x3 times a pixel; it gets row and column coordinates in pixels and returns linear sRGB."""
    n = _SIDE * _SUPERSAMPLING
    at = ((np.arange(n) + 0.5) / _SUPERSAMPLING).astype(np.float32)
    fine = motif(at[:, None] + 0 * at, at + 0 * at[:, None], rng)
    return _f32(fine.reshape(_SIDE, _SUPERSAMPLING, _SIDE, _SUPERSAMPLING, 3).mean(axis=(1, 3)))


def _f32(values: ArrayLike) -> F32:
    return np.asarray(values, dtype=np.float32)


def _mix(first: ArrayLike, second: ArrayLike, share: NDArray[np.floating]) -> F32:
    """first where share is 0, second where it is 1; colours [3] or pictures [h, w, 3]."""
    a, b = _f32(first), _f32(second)
    return _f32(a + (b - a) * share[..., None])


def _noise(rows: F32, cols: F32, rng: np.random.Generator, scale: float, octaves: int = 4) -> F32:
    """Smooth noise in 0..1: value noise on lattices of ``scale`` px and its halves."""
    total, weight = np.zeros(rows.shape, np.float32), 0.0
    for octave in range(octaves):
        step = scale / 2**octave
        side = int(2 * _SIDE / step) + 3
        lattice = rng.random((side, side), dtype=np.float32)
        y, x = rows / step, cols / step
        y0, x0 = y.astype(int), x.astype(int)
        ty, tx = (t * t * (3 - 2 * t) for t in (y - y0, x - x0))
        near = lattice[y0, x0] * (1 - tx) + lattice[y0, x0 + 1] * tx
        far = lattice[y0 + 1, x0] * (1 - tx) + lattice[y0 + 1, x0 + 1] * tx
        total += (near * (1 - ty) + far * ty) / 2**octave
        weight += 1 / 2**octave
    return total / np.float32(weight)


def _sky(rows: F32, cols: F32, rng: np.random.Generator) -> F32:
    """A sky with clouds and a sun 2.7 EV above diffuse white, over a wooded ridge."""
    sky = _mix((0.10, 0.24, 0.60), (0.62, 0.74, 0.90), np.clip(rows / 260, 0, 1))
    clouds = np.clip(_noise(rows * 2, cols, rng, 90, 5) * 3 - 1.5, 0, 1) * np.clip(1.3 - rows / 240, 0, 1)
    sky = _mix(sky, (0.95, 0.94, 0.93), clouds)
    distance = np.hypot(rows - 105, cols - 245)
    near = sky + np.exp(-((distance / 60) ** 2))[..., None] * _f32([2.2, 1.9, 1.4])
    lit = near + np.exp(-distance / 110)[..., None] * _f32([0.30, 0.24, 0.15])
    sky = np.where((distance < 20)[..., None], _f32([6.6, 6.4, 6.0]), _f32(lit))
    ridge = 255 + 30 * np.sin(cols / 61) + 16 * np.sin(cols / 23 + 1) + 34 * _noise(rows * 0, cols, rng, 9, 3)
    trees = _mix((0.012, 0.03, 0.012), (0.08, 0.16, 0.04), _noise(rows, cols, rng, 7, 3) ** 2 * 1.6)
    return np.where((rows > ridge)[..., None], trees, sky)


def _foliage(rows: F32, _cols: F32, rng: np.random.Generator) -> F32:
    """Small overlapping leaves, each with a shaded half, and glints of the sky on some."""
    from PIL import Image, ImageDraw

    n = rows.shape[0]
    image = Image.new("RGB", (n, n), (18, 30, 14))
    draw = ImageDraw.Draw(image)
    outline = np.linspace(0, np.pi, 9)
    for depth in np.linspace(0, 1, 5200):
        centre, angle = rng.random(2) * n, rng.random() * 2 * np.pi
        length = rng.uniform(4, 11) * _SUPERSAMPLING
        along, across = np.cos(outline) * length, np.sin(outline) * length * rng.uniform(0.28, 0.45)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        light = (0.35 + 0.65 * depth) * rng.uniform(0.6, 1.25)
        tint = np.array([rng.uniform(70, 135), rng.uniform(120, 175), rng.uniform(25, 70)])
        glint = rng.random() < 0.05 * depth
        for side, shade in ((1, 1.0), (-1, 0.72)):
            points = np.stack([along, side * across], axis=1) @ turn.T + centre
            colour = np.array([225, 235, 240]) if glint and side == 1 else tint * light * shade
            draw.polygon([tuple(p) for p in points.tolist()], fill=tuple(int(min(v, 255)) for v in colour))
    picture = srgb_decode(_f32(np.asarray(image, dtype=np.float32) / 255))
    picture[picture[..., 2] > 0.5] *= 4  # only the glints are that blue: 1.7 EV above diffuse white
    return picture


def _weave(rows: F32, cols: F32, rng: np.random.Generator) -> F32:
    """Cloth whose threads come close to the pixel pitch: denim twill above, a red and black houndstooth below."""
    folds = 0.75 + 0.5 * _noise(rows, cols, rng, 130, 2)
    a = rows * 0.985 + cols * 0.17
    b = cols * 0.985 - rows * 0.17
    twill = 0.5 + 0.5 * np.sin(2 * np.pi * (a + b) / 5.2)
    thread = 0.7 + 0.3 * np.sin(2 * np.pi * a / 2.6) * np.sin(2 * np.pi * b / 2.6)
    denim = _mix((0.025, 0.05, 0.16), (0.50, 0.55, 0.62), twill**2 * 0.7) * (thread * folds)[..., None]
    period = 18.0
    bright = ((a % period < period / 2) & ((a + b) % 6 < 3)) | ((b % period < period / 2) & ((a - b) % 6 < 3))
    tooth = _mix((0.30, 0.012, 0.02), (0.72, 0.66, 0.55), bright.astype(np.float32))
    tooth = _f32(tooth * (folds * (0.8 + 0.2 * np.sin(2 * np.pi * b / 2.2)))[..., None])
    return np.where((rows < _SIDE / 2)[..., None], denim, tooth).astype(np.float32)


def _charts(rows: F32, cols: F32, _: np.random.Generator) -> F32:
    """Zone plates that end just below Nyquist and Siemens stars, grey and between saturated colours."""
    half = _SIDE / 2
    y, x = (rows % half) - half / 2, (cols % half) - half / 2
    radius = np.hypot(y, x)
    plate = 0.5 + 0.5 * np.cos(np.pi * radius**2 / half)
    star = (np.sin(36 * np.arctan2(y, x)) > 0).astype(np.float32)
    inside = radius < half / 2 - 3
    black, white = (0.02, 0.02, 0.02), (0.85, 0.85, 0.85)
    grey_plate, red_blue = _mix(black, white, plate), _mix((0.62, 0.03, 0.04), (0.03, 0.07, 0.60), plate)
    grey_star, green_magenta = _mix(black, white, star), _mix((0.04, 0.42, 0.06), (0.60, 0.04, 0.48), star)
    upper = np.where((cols < half)[..., None], grey_plate, red_blue)
    lower = np.where((cols < half)[..., None], green_magenta, grey_star)
    picture = np.where((rows < half)[..., None], upper, lower)
    return np.where(inside[..., None], picture, np.float32(0.3)).astype(np.float32)


def _text(rows: F32, _cols: F32, _: np.random.Generator) -> F32:
    """Print of many sizes, black on paper and between saturated colours."""
    from PIL import Image, ImageDraw, ImageFont

    n = rows.shape[0]
    image = Image.new("RGB", (n, n), (236, 233, 224))
    draw = ImageDraw.Draw(image)
    grounds = [
        ((30, 60, 190), (235, 50, 40)),
        ((190, 20, 30), (250, 220, 60)),
        ((20, 110, 60), (250, 120, 200)),
    ]
    band = n // 2 // len(grounds)
    for i, (ground, ink) in enumerate(grounds):
        draw.rectangle((0, n // 2 + i * band, n, n // 2 + (i + 1) * band + 3), fill=ground)
        for line, size in enumerate((20, 13, 9)):
            at = (9 * _SUPERSAMPLING, n // 2 + i * band + int((2, 25, 40)[line] * _SUPERSAMPLING))
            font = ImageFont.load_default(size * _SUPERSAMPLING)
            draw.text(at, _fitting("Hamburgefonstiv 0123456789 & quick brown foxes", font), fill=ink, font=font)
    y = 4
    for size in (30, 22, 16, 13, 11, 9, 8, 7):
        words = "X-Trans has 20 green, 8 red and 8 blue in 6 by 6; sphinx of black quartz, judge my vow."
        font = ImageFont.load_default(size * _SUPERSAMPLING)
        draw.text((9 * _SUPERSAMPLING, y * _SUPERSAMPLING), _fitting(words, font), fill=(16, 16, 18), font=font)
        y += int(size * 1.25) + 2
    return srgb_decode(_f32(np.asarray(image, dtype=np.float32) / 255))


def _fitting(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """As many whole words as fit across the print."""
    while font.getlength(words) > (_SIDE - 16) * _SUPERSAMPLING:
        words = words.rpartition(" ")[0]
    return words


def _saturated(rows: F32, cols: F32, _: np.random.Generator) -> F32:
    """A wheel and stripes of saturated colours that touch one another with hard edges."""
    colours = _f32(
        [
            [0.75, 0.02, 0.02],
            [0.80, 0.70, 0.03],
            [0.03, 0.55, 0.05],
            [0.03, 0.55, 0.65],
            [0.03, 0.05, 0.65],
            [0.65, 0.04, 0.55],
        ]
    )
    y, x = rows - _SIDE / 2, cols - _SIDE / 2
    radius, angle = np.hypot(y, x), np.arctan2(y, x) / (2 * np.pi) % 1
    ring = (radius / 32).astype(int)
    sector = ((angle * 12).astype(int) + ring * 5) % 6
    stripes = ((rows + 0.31 * cols) / 7).astype(int) % 6
    picture = np.where((radius < 160)[..., None], colours[sector], colours[stripes])
    return np.where((radius < 14)[..., None], np.float32(0.9), picture).astype(np.float32)


def _skin(rows: F32, cols: F32, rng: np.random.Generator) -> F32:
    """Six skin tones, rounded by soft light from the left, with pores."""
    tones = _f32(
        [
            [0.72, 0.48, 0.37],
            [0.60, 0.37, 0.26],
            [0.47, 0.27, 0.17],
            [0.32, 0.17, 0.10],
            [0.18, 0.09, 0.055],
            [0.09, 0.047, 0.032],
        ]
    )
    across = _SIDE / 3
    row, column = (
        np.minimum(rows / (_SIDE / 2), 1.999).astype(int),
        np.minimum(cols / across, 2.999).astype(int),
    )
    y, x = (rows % (_SIDE / 2)) / (_SIDE / 4) - 1, (cols % across) / (across / 2) - 1
    depth = np.sqrt(np.clip(1 - (0.9 * x) ** 2 - (0.85 * y) ** 2, 0, 1))
    light = np.clip(0.25 + 0.75 * (0.62 * depth - 0.5 * x - 0.3 * y), 0.08, 1.2)
    pores = 0.97 + 0.06 * _noise(rows, cols, rng, 4, 2)
    shine = np.clip(depth - 0.42 * (x + 0.45) ** 2 - 0.3 * (y + 0.4) ** 2, 0, 1) ** 40
    return _f32(tones[row * 3 + column] * (light * pores)[..., None] + 0.35 * shine[..., None])


def _lights(rows: F32, cols: F32, rng: np.random.Generator) -> F32:
    """Neon and a lamp before a brick wall at night: coloured light that clips one and two channels."""
    course = (rows / 15).astype(int)
    joint = ((rows % 15) < 1.6) | (((cols + 17 * (course % 2)) % 34) < 1.6)
    wall = _mix((0.050, 0.022, 0.014), (0.085, 0.045, 0.030), _noise(rows, cols, rng, 11, 3))
    picture = np.where(joint[..., None], np.float32(0.035), wall)
    y, x = rows - 118, cols - 132
    # |y| - |x| folds the four arms of the cross onto one, which ends 68 px from the middle.
    arm = (np.abs(y) + np.abs(x)) / np.sqrt(2)
    cross = np.hypot((np.abs(y) - np.abs(x)) / np.sqrt(2), np.maximum(arm - 68, 0))
    ring = np.abs(np.hypot(y, x) - 100)
    underline = np.hypot(rows - 270 - 6 * np.sin(cols / 12), np.maximum(np.abs(x) - 100, 0))
    lamp = np.clip(np.hypot(rows - 215, cols - 288) - 24, 0, None)
    glows = (
        (cross, 3.2, (6.8, 0.45, 0.30)),
        (ring, 2.8, (0.35, 1.2, 6.5)),
        (underline, 2.6, (0.5, 5.2, 0.9)),
        (lamp, 3.0, (6.9, 4.6, 1.9)),
    )
    for distance, width, light in glows:
        glow = 0.10 * np.exp(-distance / 26) + 0.25 * np.exp(-distance / 7)
        tube = np.exp(-((distance / width) ** 4))
        picture = picture + (glow + (1 - 0.35) * tube)[..., None] * _f32(light)
    return np.minimum(picture, 7).astype(np.float32)


def _hairlines(rows: F32, cols: F32, rng: np.random.Generator) -> F32:
    """Lines of one pixel and less in a fan, and ripples at the edge of visibility."""
    picture = np.full((*rows.shape, 3), 0.42, np.float32)
    angle, radius = np.arctan2(rows + 30, cols + 30), np.hypot(rows + 30, cols + 30)
    spacing = np.pi / 2 / 44
    offset = np.abs((angle + spacing / 2) % spacing - spacing / 2) * radius
    inks = _f32([[0.02, 0.02, 0.02], [0.55, 0.02, 0.03], [0.02, 0.06, 0.45], [0.9, 0.9, 0.9]])
    number = ((angle + spacing / 2) / spacing).astype(int)
    thin = offset < _f32([0.5, 0.7, 0.35, 0.45])[number % 4]
    picture = np.where((thin & (rows < 235))[..., None], inks[number % 4], picture)
    ripple = 0.3 * (1 + 0.04 * np.sin(2 * np.pi * cols / (3 + cols / 60)) * np.sign(np.sin(rows / 7)))
    tint = _f32([1, 1.02, 0.97]) * (1 + 0.02 * _noise(rows, cols, rng, 30, 2))[..., None]
    return np.where((rows > 243)[..., None], ripple[..., None] * tint, picture).astype(np.float32)


def _spheres(rows: F32, cols: F32, _: np.random.Generator) -> F32:
    """Glossy spheres on a checkered floor, with specular highlights 2.8 EV above diffuse white."""
    depth = 150 / np.maximum(rows - 110, 1)
    check = ((cols - 180) * depth / 40).astype(int) + (depth * 14).astype(int) + (cols < 180)
    floor = _mix((0.06, 0.055, 0.05), (0.55, 0.53, 0.50), (check % 2).astype(np.float32))
    picture = np.where((rows > 150)[..., None], floor, _mix((0.16, 0.18, 0.22), (0.5, 0.5, 0.52), rows / 150))
    balls = (
        (150, 95, 72, (0.62, 0.05, 0.05)),
        (215, 245, 88, (0.05, 0.16, 0.50)),
        (275, 100, 52, (0.75, 0.55, 0.08)),
    )
    light = _f32([-0.55, -0.45, 0.70]) / np.float32(np.sqrt(0.55**2 + 0.45**2 + 0.7**2))
    for cy, cx, radius, colour in balls:
        shadow = np.hypot((rows - cy - radius * 0.93) * 3.2, cols - cx - radius * 0.4) / radius
        picture = picture * (1 - 0.7 * np.exp(-(shadow**2)))[..., None]
        y, x = (rows - cy) / radius, (cols - cx) / radius
        z = np.sqrt(np.clip(1 - x * x - y * y, 0, None))
        diffuse = np.clip(y * light[0] + x * light[1] + z * light[2], 0, None)
        mirror = 2 * diffuse * z - light[2]
        ball = _f32(colour) * (0.08 + 0.9 * diffuse)[..., None]
        ball = ball + (6.5 * np.clip(mirror, 0, 1) ** 220 + 0.12 * (1 - z) ** 3)[..., None]
        picture = np.where((x * x + y * y < 1)[..., None], ball, picture)
    return picture.astype(np.float32)


def _write(scene: F32, words: str, top: int, left: int, size: int) -> None:
    """Writes a label in light grey onto the paper around the motifs."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(size)
    mask = Image.new("L", (int(font.getlength(words)) + 2, size + 5))
    ImageDraw.Draw(mask).text((0, -1), words, fill=255, font=font)
    share = np.asarray(mask, dtype=np.float32)[..., None] / 255
    box = scene[top : top + share.shape[0], left : left + share.shape[1]]
    box += (np.float32(0.72) - box) * share[: box.shape[0], : box.shape[1]]


# By cell, row after row of four; the wedge takes cells 8 and 9.
_MOTIFS: dict[int, tuple[str, Motif]] = {
    0: ("sky and sun", _sky),
    1: ("foliage", _foliage),
    2: ("fabric", _weave),
    3: ("zone plates and Siemens stars", _charts),
    4: ("print", _text),
    5: ("saturated edges", _saturated),
    6: ("skin tones", _skin),
    7: ("coloured lights", _lights),
    10: ("hairlines and ripples", _hairlines),
    11: ("gloss", _spheres),
}
