"""White balance: colour temperature and tint to a camera's gains and back, and gains from a grey spot.

The light is a point in the CIE 1960 (u, v) diagram. The temperature moves it along the daylight locus from 4000 K
upwards (CIE 015:2018, equations 4.8 to 4.10) and along Planck's below 3500 K (Krystek 1985, "An algorithm to calculate
correlated colour temperature", equations 3 and 4), with a passage between them, for the loci lie 0.003 apart. The tint
moves it along the isotherm, which is at right angles to Planck's locus: 3000 times the distance from the locus, as in
the DNG SDK, positive where the light is greener, so that the picture becomes more magenta.
"""

from __future__ import annotations

import math

import numpy as np

from xtdm_core.errors import BadOption
from xtdm_core.frame import F64, AlignedMosaic, RawFrame
from xtdm_core.xtrans import CANONICAL

Gains = tuple[float, float, float]

TEMPERATURE_RANGE = (2000.0, 25000.0)  # K; the daylight formula ends at 25,000
TINT_RANGE = (-150.0, 150.0)
_TINT_SCALE = 3000.0
_PLANCK_BELOW, _DAYLIGHT_FROM = 3500.0, 4000.0
_MIRED = 1e6
_STEPS = 120  # of the search for a temperature, even in mired
_PICK = 18  # side in pixels of the area that a pick averages: 9 periods of the pattern
_DARKEST = 2e-3  # of full scale: below, noise and black level decide the colour


def gains_of_light(frame: RawFrame, temperature_k: float, tint: float) -> Gains:
    """The gains R, G, B (G = 1) that make white neutral under such a light.

    temperature_k is taken into TEMPERATURE_RANGE. Raises BadOption for a light that the camera cannot see as white.
    """
    u, v = _light(temperature_k) + tint / _TINT_SCALE * _across(temperature_k)
    xyz = np.array([3 * u, 2 * v, 4 - u - 10 * v]) / (2 * v)  # Y = 1
    seen = frame.xyz_to_cam @ xyz
    if seen.min() <= 0:
        raise BadOption(
            f"{temperature_k:.0f} K with tint {tint:.0f} cannot be white for this camera: choose a weaker tint"
        )
    return float(seen[1] / seen[0]), 1.0, float(seen[1] / seen[2])


def light_of_gains(frame: RawFrame, gains: Gains) -> tuple[float, float]:
    """(temperature in K, tint) of the light under which ``gains`` make white neutral.

    The inverse of ``gains_of_light``; a light beyond TEMPERATURE_RANGE gets its nearer end.
    """
    x, y, z = np.linalg.solve(frame.xyz_to_cam, 1 / np.array(gains))
    light = np.array([4 * x, 6 * y]) / (x + 15 * y + 3 * z)
    mireds = np.linspace(_MIRED / TEMPERATURE_RANGE[0], _MIRED / TEMPERATURE_RANGE[1], _STEPS)
    beside = np.array([_beside(light, mired) for mired in mireds])
    crossings = np.nonzero(np.sign(beside[:-1]) != np.sign(beside[1:]))[0]
    # Isotherms meet far from the locus: the temperature with the smallest tint is meant.
    found = [_bisect(light, mireds[i], mireds[i + 1]) for i in crossings] or [mireds[0], mireds[-1]]
    offsets = [light - _light(_MIRED / mired) for mired in found]
    best = min(range(len(found)), key=lambda i: float(np.hypot(*offsets[i])))
    temperature_k = float(_MIRED / found[best])
    return temperature_k, float(offsets[best] @ _across(temperature_k)) * _TINT_SCALE


def as_shot(frame: RawFrame) -> Gains:
    """The gains that the camera RGB of ``frame`` has been balanced with."""
    return _gains(frame.wb)


def daylight(frame: RawFrame) -> Gains:
    """The camera's daylight gains: its own preset where the file has it, else those of 5300 K."""
    return _gains(frame.daylight_wb)


def pick_neutral(mosaic: AlignedMosaic, x: int, y: int) -> Gains:
    """The gains that make the area around (x, y) of the visible area neutral.

    From the mean per colour of the unclipped photosites in 18x18 px, moved inwards at the picture's edges. Raises
    BadOption where it is outside, too dark, or where half of a colour's photosites clip.
    """
    if not (0 <= x < mosaic.width and 0 <= y < mosaic.height):
        raise BadOption("that point is outside the picture: click a grey spot in it")
    top = mosaic.top + min(max(y - _PICK // 2, 0), max(mosaic.height - _PICK, 0))
    left = mosaic.left + min(max(x - _PICK // 2, 0), max(mosaic.width - _PICK, 0))
    area = mosaic.values[top : top + _PICK, left : left + _PICK]
    colour = CANONICAL[np.ix_(np.arange(top, top + area.shape[0]) % 6, np.arange(left, left + area.shape[1]) % 6)]
    free = area < mosaic.saturation.astype(np.float32)[colour]
    means = []
    for c in range(3):
        own = colour == c
        if (own & free).sum() * 2 <= own.sum():
            raise BadOption("that spot is blown out, its colour is lost: click a darker grey one")
        means.append(float(area[own & free].mean()))
    if min(means) < _DARKEST:
        raise BadOption("that spot is too dark to tell its colour: click a brighter grey one")
    return means[1] / means[0], 1.0, means[1] / means[2]


def _gains(values: F64) -> Gains:
    red, green, blue = map(float, values)
    return red, green, blue


def _light(temperature_k: float) -> F64:
    """The (u, v) of a temperature at tint 0."""
    kelvin = min(max(temperature_k, TEMPERATURE_RANGE[0]), TEMPERATURE_RANGE[1])
    if kelvin <= _PLANCK_BELOW:
        return _planck(kelvin)
    if kelvin >= _DAYLIGHT_FROM:
        return _daylight(kelvin)
    share = (kelvin - _PLANCK_BELOW) / (_DAYLIGHT_FROM - _PLANCK_BELOW)
    return (1 - share) * _planck(kelvin) + share * _daylight(kelvin)


def _planck(kelvin: float) -> F64:
    k = kelvin
    u = (0.860117757 + 1.54118254e-4 * k + 1.28641212e-7 * k**2) / (1 + 8.42420235e-4 * k + 7.08145163e-7 * k**2)
    v = (0.317398726 + 4.22806245e-5 * k + 4.20481691e-8 * k**2) / (1 - 2.89741816e-5 * k + 1.61456053e-7 * k**2)
    return np.array([u, v])


def _daylight(kelvin: float) -> F64:
    k = kelvin
    if k <= 7000:
        x = -4.6070e9 / k**3 + 2.9678e6 / k**2 + 0.09911e3 / k + 0.244063
    else:
        x = -2.0064e9 / k**3 + 1.9018e6 / k**2 + 0.24748e3 / k + 0.237040
    y = -3.000 * x**2 + 2.870 * x - 0.275
    return np.array([4 * x, 6 * y]) / (-2 * x + 12 * y + 3)


def _across(temperature_k: float) -> F64:
    """Unit vector (du, dv) along the isotherm, towards green."""
    kelvin = min(max(temperature_k, TEMPERATURE_RANGE[0]), TEMPERATURE_RANGE[1])
    du, dv = _planck(kelvin * 1.0005) - _planck(kelvin * 0.9995)
    return np.array([dv, -du]) / math.hypot(du, dv)


def _beside(light: F64, mired: float) -> float:
    """How far ``light`` lies beside the isotherm of a temperature, in (u, v), with a sign."""
    du, dv = light - _light(_MIRED / mired)
    au, av = _across(_MIRED / mired)
    return float(du * av - dv * au)


def _bisect(light: F64, low: float, high: float) -> float:
    """The mired between ``low`` and ``high``, on either side of which ``_beside`` has another sign."""
    at_low = _beside(light, low)
    for _ in range(50):
        middle = (low + high) / 2
        if np.sign(_beside(light, middle)) == np.sign(at_low):
            low = middle
        else:
            high = middle
    return (low + high) / 2
