"""Draw scenes with bright lights whose truth is known far beyond what a sensor holds.

All are linear sRGB f32 [H, W, 3] with diffuse white at 1, and all randomness is fixed by seeds. Lengths are in units of
1/1600 of the width, so that a scene looks alike at every size.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xtdm_core.frame import F32

SIDES = (1500, 1600)  # height and width in the scenes' own units
_DARKEST = 1e-4


class SceneCanvas:
    """A grid of points: ``y`` and ``x`` f32 [H, W] in the scenes' units."""

    def __init__(self, width: int) -> None:
        self.scale = width / SIDES[1]
        self.shape = (round(SIDES[0] * self.scale), width)
        self.y, self.x = (np.indices(self.shape) / self.scale).astype(np.float32)

    def noise(self, size: float, octaves: int, seed: int) -> F32:
        """Smooth noise f32 [H, W] in 0..1 whose largest features are ``size`` units wide (octaves of value noise)."""
        from PIL import Image

        total = np.zeros(self.shape, np.float32)
        for octave in range(octaves):
            pitch = max(size * self.scale / 2**octave, 1)
            cells = [int(side / pitch) + 4 for side in self.shape]
            grid = np.random.default_rng((seed, octave)).random(cells, dtype=np.float32)
            width, height = (round(count * pitch) for count in reversed(cells))
            smooth = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
            margin = int(1.5 * pitch)
            total += np.asarray(smooth)[margin:, margin:][: self.shape[0], : self.shape[1]] / 2**octave
        return np.clip(total / (2 - 2 ** (1 - octaves)), 0, 1)

    def distance(self, y: float, x: float) -> F32:
        """How far every point lies from (y, x), in units."""
        return np.hypot(self.y - y, self.x - x)


def _mix(first: ArrayLike, second: ArrayLike, share: F32) -> F32:
    start, end = np.asarray(first, np.float32), np.asarray(second, np.float32)
    return start + (end - start) * np.clip(share, 0, 1)[..., None]


def _light(strength: NDArray[np.floating], colour: ArrayLike) -> F32:
    return np.asarray(strength[..., None] * np.asarray(colour, np.float32), np.float32)


def sky_behind_leaves(c: SceneCanvas) -> F32:
    """A pale sky with clouds and a glowing horizon, behind a ridge and a tree with holes in its crown."""
    image = _mix((0.16, 0.33, 0.8), (0.75, 0.95, 1.25), c.y / 825)
    cover = np.clip((c.noise(420, 5, 3) - 0.45) * 5, 0, 1) * np.clip(1.4 - c.y / 1250, 0, 1)
    image = image * (1 - cover[..., None]) + _light(cover * (0.7 + 3.2 * c.noise(260, 4, 5)), (1, 0.985, 0.96))
    image += _light(2.6 * np.exp(-(((c.y - 900) / 260) ** 2)), (1, 0.97, 0.9))
    ground = c.y > 1120 + 90 * np.sin(c.x / 170) + 100 * c.noise(60, 3, 9)
    image[ground] = _mix((0.02, 0.045, 0.012), (0.14, 0.3, 0.05), c.noise(14, 3, 11) ** 1.5)[ground]
    crown = (c.noise(26, 3, 21) > 0.47) & (c.distance(620, 250) < 360)
    image[crown] = _mix((0.03, 0.07, 0.015), (0.22, 0.42, 0.06), c.noise(18, 2, 22))[crown]
    return image


def sunset_over_water(c: SceneCanvas) -> F32:
    """The sun's disc in an orange sky with dark clouds, mirrored in waves."""
    far = c.distance(820, 800)
    image = _mix((0.1, 0.12, 0.28), (0.9, 0.42, 0.16), np.clip(1 - np.abs(c.y - 850) / 900, 0, 1) ** 2)
    image += _light(np.exp(-far / 260), (3.2, 1.55, 0.42)) + _light(np.exp(-far / 90), (5, 3.2, 1.3))
    image[far < 55] = (30, 22, 12)
    clouds = np.clip((c.noise(300, 4, 31) - 0.52) * 6, 0, 1) * (np.abs(c.y - 600) < 420)
    image = image * (1 - 0.75 * clouds[..., None]) + _light(clouds, (0.35, 0.14, 0.12))
    water = c.y > 1080
    image[water] = image[::-1][water] * 0.5 + np.array([0.02, 0.02, 0.04], np.float32)
    glitter = np.exp(-(((c.x - 800) / 70) ** 2)) * np.clip((c.noise(12, 2, 33) - 0.42) * 8, 0, 1)
    return image + _light(np.where(water, 3 * glitter, 0), (1.5, 0.8, 0.3))


def white_dress(c: SceneCanvas) -> F32:
    """Folds of white cloth between red, green and blue ones, and a face."""
    folds = 0.9 + 0.55 * np.sin(c.x / 47 + 3 * c.noise(300, 3, 41)) + 0.9 * c.noise(220, 3, 42)
    image = _light(folds, (1, 0.99, 0.97))
    cloths: list[tuple[np.ndarray, float, tuple[float, float, float]]] = [
        (c.x < 330, 0.55, (0.75, 0.04, 0.05)),
        (c.x > 1250, 0.55, (0.06, 0.55, 0.1)),
        ((c.y > 1150) & (c.x >= 330) & (c.x <= 1250), 0.4, (0.05, 0.1, 0.75)),
        (c.distance(300, 790) < 210, 0.5, (0.7, 0.46, 0.35)),
    ]
    for seed, (where, least, colour) in enumerate(cloths, 43):
        image[where] = _light(least + 0.45 * c.noise(90, 3, seed), colour)[where]
    return image


def stage_lights(c: SceneCanvas) -> F32:
    """Eight lamps of strong colours and white before a dark room."""
    lamps = [
        (300, 300, (1, 0.03, 0.03), 7),
        (300, 800, (0.04, 1, 0.08), 7),
        (300, 1300, (0.05, 0.08, 1), 9),
        (800, 300, (1, 0.06, 0.75), 6),
        (800, 800, (1, 0.95, 0.85), 9),
        (800, 1300, (0.05, 0.8, 1), 6),
        (1200, 520, (1, 0.55, 0.06), 6),
        (1200, 1080, (0.45, 0.1, 1), 7),
    ]
    image = np.repeat(0.012 + 0.01 * c.noise(30, 3, 51)[..., None], 3, axis=-1)
    for y, x, colour, strength in lamps:
        far = c.distance(y, x)
        image = image + _light(strength / (1 + (far / 60) ** 2.2) + 0.6 * strength * (far < 48), colour)
    return image


def lit_skin(c: SceneCanvas) -> F32:
    """Four spheres of skin tones from light to dark with glossy highlights."""
    image = np.full((*c.shape, 3), 0.12, np.float32)
    tones = [
        (420, 420, (0.72, 0.48, 0.37)),
        (420, 1180, (0.47, 0.27, 0.17)),
        (1090, 420, (0.6, 0.37, 0.26)),
        (1090, 1180, (0.18, 0.09, 0.055)),
    ]
    for seed, (cy, cx, tone) in enumerate(tones, 60):
        y, x = (c.y - cy) / 340, (c.x - cx) / 340
        z = np.sqrt(np.clip(1 - x * x - y * y, 0, 1))
        diffuse = np.clip(0.15 + 1.5 * (0.72 * z - 0.45 * x - 0.4 * y), 0.05, 3) * (0.96 + 0.08 * c.noise(7, 2, seed))
        gloss = 3.2 * np.clip(0.8 * z - 0.4 * x - 0.36 * y, 0, 1) ** 28
        face = _light(diffuse, tone) + _light(gloss, (1, 0.98, 0.95))
        image[z > 0] = face[z > 0]
    return image


def room_with_window(c: SceneCanvas) -> F32:
    """A dim room: a bright window with hills, a curtain, a neon ring and a glossy ball."""
    image = _mix((0.05, 0.035, 0.022), (0.1, 0.07, 0.045), c.noise(200, 3, 71))
    window = (c.x > 250) & (c.x < 900) & (c.y > 150) & (c.y < 900)
    image[window] = _mix((1.6, 2, 2.7), (4.5, 4.6, 4.8), (c.y - 150) / 750)[window]
    hill = window & (c.y > 700 + 50 * np.sin(c.x / 80))
    image[hill] = _mix((0.25, 0.5, 0.1), (0.6, 0.9, 0.25), c.noise(20, 3, 72))[hill]
    bars = (np.abs(c.x - 468) < 8) | (np.abs(c.x - 688) < 8) | (np.abs(c.y - 518) < 8)
    image[window & bars] = (0.08, 0.05, 0.03)
    curtain = (c.x > 900) & (c.x < 1080) & (c.y > 120) & (c.y < 1000)
    image[curtain] = _light(1.2 + 0.8 * np.sin(c.x / 14), (1, 0.85, 0.6))[curtain]
    far = c.distance(1200, 1250)
    image[far < 230] = _light(0.25 * np.sqrt(np.clip(1 - (far / 230) ** 2, 0, 1)), (0.9, 0.9, 0.95))[far < 230]
    image = image + _light(12 * np.exp(-(((c.y - 1120) / 28) ** 2) - ((c.x - 1190) / 40) ** 2), (1, 0.98, 0.94))
    from_tube = np.abs(c.distance(350, 1330) - 150)
    image[from_tube < 14] = (6.5, 0.35, 0.3)
    return np.asarray(image + _light(0.5 * np.exp(-from_tube / 40), (1, 0.06, 0.05)))


SCENES: dict[str, Callable[[SceneCanvas], F32]] = {
    "sky": sky_behind_leaves,
    "sunset": sunset_over_water,
    "dress": white_dress,
    "stage": stage_lights,
    "skin": lit_skin,
    "room": room_with_window,
}


def draw(name: str, width: int) -> F32:
    """Draw the scene ``name`` (a key of SCENES): linear sRGB f32 [round(0.9375 width), width, 3]."""
    return np.maximum(SCENES[name](SceneCanvas(width)), np.float32(_DARKEST)).astype(np.float32)
