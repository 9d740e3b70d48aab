"""Tones as the photographer wants them, in scene light, and the standard curve of the SDR rendition.

Everything here is a function of one brightness n of a pixel, half its luminance and half its largest component, and
acts on R, G and B alike, so that hues stay: an offset is added, and the sum scaled until its brightness is as wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from xtdm_core.develop.hlg import LUMINANCE
from xtdm_core.frame import F32, F64

GREY = 0.18
# The standard curve: 18 % grey is shown at 18 %, sRGB code 118, as cameras do (ISO 12232); its slope there is that of
# the contrast; towards white it bends as softly as the roll-off asks.
_CONTRAST, _SOFTNESS, _HARDEST = 1.3, 0.4, 0.02
SATURATION = 1.1  # of the standard rendition, in linear light: a steeper curve asks for more
_DARKEST_EV, _BRIGHTEST_EV, _PER_EV = -20, 12, 64  # of the tables, from 1
_WIDTH_EV = 2.5  # around grey, where contrast changes
_FROM_EV = 0.5  # beside grey, where highlights and shadows begin
_MOST_EV = 3.0  # by which shadows are still lifted in proportion
_BLACK, _BLACK_REACH = 0.01, 0.05


@dataclass(frozen=True, slots=True)
class ToneTable:
    """What is added to a brightness, and what it becomes in the end: f32 [n] by its logarithm."""

    offset: F32
    wanted: F32

    def apply(self, light: F32) -> F32:
        """Light f32 [3, pixels], none below 0, after the table: a new array."""
        n = np.maximum(brightness(light), np.float32(2.0**_DARKEST_EV))
        place = np.log2(n)
        place -= np.float32(_DARKEST_EV)
        place *= np.float32(_PER_EV)
        np.minimum(place, np.float32(len(self.wanted) - 1.01), out=place)
        below = place.astype(np.int32)
        place -= below
        wanted = _between(self.wanted, below, place)
        if not self.offset.any():
            return np.asarray(light * (wanted / n), np.float32)
        offset = _between(self.offset, below, place)
        moved = np.maximum(light + offset, 0)
        moved *= wanted / np.maximum(n + offset, np.float32(2.0**_DARKEST_EV))
        return moved


def brightness(light: F32) -> F32:
    """n f32 [pixels] of light f32 [3, pixels] in BT.2020."""
    return (LUMINANCE @ light + light.max(axis=0)) * np.float32(0.5)


def _between(table: F32, below: np.ndarray, part: F32) -> F32:
    low = table.take(below)
    return low + part * (table.take(below + 1) - low)


@lru_cache(maxsize=32)
def scene_table(contrast: float, highlights: float, shadows: float, black: float) -> ToneTable | None:
    """The table of the adjustments, each from -1 to 1; None where all of them are 0."""
    if not (contrast or highlights or shadows or black):
        return None
    n = _brightnesses()
    offset, wanted = _adjusted(n, contrast, highlights, shadows, black)
    return ToneTable(offset.astype(np.float32), wanted.astype(np.float32))


@lru_cache(maxsize=32)
def standard_table(contrast: float, highlights: float, shadows: float, black: float, roll_off: float) -> ToneTable:
    """The table of the adjustments and of the standard curve: scene light to display light in 0 … 1."""
    n = _brightnesses()
    offset, wanted = _adjusted(n, contrast, highlights, shadows, black)
    return ToneTable(offset.astype(np.float32), standard_curve(wanted, roll_off).astype(np.float32))


def standard_curve(scene: F64, roll_off: float = 1.0) -> F64:
    """Display light in 0 … 1 of a grey of scene light, diffuse white = 1: y = (x^c / (x^c + k))^p.

    p is the softness of the shoulder; c and k put grey where it belongs and give it its contrast: below grey the curve
    is a power law, at 18 % its slope in logarithms is 1.3, diffuse white becomes sRGB code 245.
    """
    p = max(_SOFTNESS * roll_off, _HARDEST)
    at_grey = GREY ** (1 / p)
    c = _CONTRAST / (p * (1 - at_grey))
    k = GREY**c * (1 / at_grey - 1)
    power = np.minimum(scene, 2.0**8) ** c
    return np.asarray((power / (power + k)) ** p)


def _brightnesses() -> F64:
    return np.asarray(2.0 ** np.linspace(_DARKEST_EV, _BRIGHTEST_EV, (_BRIGHTEST_EV - _DARKEST_EV) * _PER_EV + 1))


def _adjusted(n: F64, contrast: float, highlights: float, shadows: float, black: float) -> tuple[F64, F64]:
    """(what is added to a brightness, what it becomes in the end)."""
    offset = _BLACK * black * np.exp(-n / _BLACK_REACH)
    moved = np.maximum(n + offset, 2.0**_DARKEST_EV)
    ev = np.log2(moved / GREY)
    change = (2 ** (0.7 * contrast) - 1) * _WIDTH_EV * np.tanh(ev / _WIDTH_EV)
    change += 0.5 * highlights * _ramp(ev - _FROM_EV)
    lift = _ramp(-ev - _FROM_EV)
    change += 0.5 * shadows * _MOST_EV * np.tanh(lift / _MOST_EV)
    return offset, moved * 2**change


def _ramp(x: F64) -> F64:
    """0 below 0, from there smoothly to a slope of 1."""
    above = np.maximum(x, 0)
    return np.asarray(above**2 / (above + 1))
