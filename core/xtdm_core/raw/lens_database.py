"""A lens' errors from the lensfun database, for files whose camera says nothing of them.

The package ``lensfunpy`` is optional: without it there is no database.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from xtdm_core.frame import F64, CaptureInfo, LensCurve, LensTables

SOURCE = "lensfun"
_CROP_FACTOR = 1.529  # of Fujifilm's X bodies
_DISTANCE_M = 10.0
_SIDE = 3600  # of the picture that is asked about, in pixels; the models know no pixels
_SMALL = 10  # times smaller for light, of which whole pictures are made
_RADII = np.linspace(0, 1.1, 23)  # in the corrected picture, of the half diagonal


def is_there() -> bool:
    """Whether the database is installed."""
    return _database() is not None


def find_lens(info: CaptureInfo, height: int, width: int) -> LensTables | None:
    """Look a lens up by its name: its errors at the focal length and aperture of a shot, None where it is not there."""
    database = _database()
    if database is None or not info.lens or not info.focal_mm:
        return None
    import lensfunpy

    cameras = database.find_cameras(info.make, info.model) or database.find_cameras("Fujifilm", "X-T4")
    lens = next((one for one in database.find_lenses(cameras[0], None, info.lens) if _is_named(one, info.lens)), None)
    if lens is None:
        return None
    crop_factor = cameras[0].crop_factor if cameras else _CROP_FACTOR
    size = _SIDE, round(_SIDE * height / width)
    settings = info.focal_mm, info.f_number or lens.min_aperture, _DISTANCE_M

    def modifier(shrink: int) -> Any:
        made = lensfunpy.Modifier(lens, crop_factor, size[0] // shrink, size[1] // shrink)
        made.initialize(*settings, pixel_format=np.float32)
        return made

    half = float(np.hypot(height, width) / 2)
    distortion, red, blue = _geometry(modifier(1), size, half)
    return LensTables(distortion, red, blue, _light(modifier(_SMALL), size, half), SOURCE)


@cache
def _database() -> Any:
    try:
        import lensfunpy
    except ModuleNotFoundError:
        return None
    return lensfunpy.Database()


def _is_named(lens: Any, name: str) -> bool:
    """Whether it is that lens: the search also finds others of its kind."""
    ours, theirs = (_letters(words) for words in (name, lens.model))
    return ours in (theirs, _letters(f"{lens.maker}{lens.model}")) or theirs == _letters(f"{lens.maker}{name}")


def _letters(words: str) -> str:
    return "".join(letter for letter in words.lower() if letter.isalnum())


def _geometry(modifier: Any, size: tuple[int, int], half: float) -> tuple[LensCurve | None, ...]:
    middle = (np.array(size) - 1) / 2
    radii = np.maximum(_RADII, _RADII[1] / 10)
    source = np.empty((len(radii), 3))
    for number, radius in enumerate(radii):
        spot = modifier.apply_subpixel_geometry_distortion(*(middle * (1 + radius)), 1, 1)
        if spot is None:
            return None, None, None
        source[number] = np.linalg.norm(spot[0, 0] - middle, axis=-1) / np.linalg.norm(middle)
    red, green, blue = source.T
    knots = np.r_[0.0, green[1:]]
    values = (100 * (green / radii - 1), red / green - 1, blue / green - 1)
    return tuple(_curve(half, knots, value) for value in values)


def _light(modifier: Any, size: tuple[int, int], half: float) -> LensCurve | None:
    width, height = (side // _SMALL for side in size)
    gain = np.ones((height, width, 3), np.float32)
    if not modifier.apply_color_modification(gain):
        return None
    share = np.linspace(0, 1, 12)
    rows, columns = ((side - 1) / 2 * (1 + share) for side in (height, width))
    at_corner = gain[np.rint(rows).astype(int), np.rint(columns).astype(int), 1]
    return _curve(half, share, 100 / at_corner.astype(np.float64))


def _curve(half: float, knots: F64, values: F64) -> LensCurve:
    return LensCurve(half, tuple(map(float, knots)), tuple(map(float, values)))
