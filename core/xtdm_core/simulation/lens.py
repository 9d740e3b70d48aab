"""Lenses: distortion, lateral chromatic aberration and vignetting, and Fujifilm's tables of them.

Radii are fractions of the half diagonal, measured in the uncorrected picture, as in the tables of a RAF (ExifTool's
tags 0xF00B, 0xF00F and 0xF010; darktable's "embedded metadata" correction): a corrected picture takes the pixel at the
radius r_o from r_s, where r_o = r_s / (1 + d(r_s) / 100), red from r_s (1 + c_R(r_s)), and is brightened by
100 / v(r_s).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xtdm_core.frame import F64
from xtdm_core.simulation.tiff_structure import Field, signed_rationals

DISTORTION, CHROMATIC_ABERRATION, VIGNETTING = 0xF00B, 0xF00F, 0xF010


@dataclass(frozen=True, slots=True)
class LensProfile:
    """The errors of a lens, as polynomials in the radius squared without a constant: k1 r^2 + k2 r^4 + ….

    distortion  d in percent, negative for a barrel
    red, blue   c_R and c_B, how much larger their pictures are than green's
    vignetting  v - 100, in percent of the centre's light
    """

    distortion: tuple[float, ...] = ()
    red: tuple[float, ...] = ()
    blue: tuple[float, ...] = ()
    vignetting: tuple[float, ...] = ()

    def distorts(self) -> bool:
        """Whether pixels move at all."""
        return any((*self.distortion, *self.red, *self.blue))


FLAWLESS = LensProfile()
# Distortion and vignetting are fits to published tables, of a zoom on an X-T4 and of an X100T with its wide converter;
# the aberration is that of a zoom at its long and at its short end.
PINCUSHION = LensProfile(
    distortion=(4.08, -1.05, 0.79),
    red=(2e-4, -12e-4, 2e-4),
    blue=(-2e-4, 9e-4, -1e-4),
    vignetting=(-31.3, -7.4, -10.1),
)
BARREL = LensProfile(
    distortion=(-8.86, 3.41, -0.22),
    red=(2.0e-3, -5.4e-3, 3.0e-3),
    blue=(-4e-4, 2.3e-3, -1.1e-3),
    vignetting=(-6.9, 4.5, -2.7),
)
PROFILES = {"barrel": BARREL, "pincushion": PINCUSHION}


def polynomial(coefficients: Sequence[float], radius: F64) -> F64:
    """k1 r^2 + k2 r^4 + … at every radius."""
    square = radius**2
    total = np.zeros_like(square)
    for coefficient in reversed(coefficients):
        total = (total + coefficient) * square
    return total


def lens_fields(lens: LensProfile, height: int, width: int, equidistant: bool) -> dict[int, Field]:
    """The tables of a RAF's raw data for a picture of ``height`` x ``width`` px: header, knots, values.

    equidistant  11 knots 0, 0.1 … 1 (10 in the table of aberration) instead of 9 uniform in the radius squared, where
                 the table of aberration repeats its header at the end
    """
    numbers = np.arange(11) if equidistant else np.arange(1, 10)
    knots = numbers / 10 if equidistant else np.round(1420 * np.sqrt(numbers / 8)) / 1420
    header = (math.floor(math.hypot(height, width) / 2), len(knots))
    units = (1000, 1_000_000, 100) if equidistant else (65536, 65536, 2048)
    knot_unit = 10 if equidistant else 1420
    some = knots[1:] if equidistant else knots
    tail = () if equidistant else header
    plain, short = _fractions(knots, knot_unit), _fractions(some, knot_unit)
    distortion = _fractions(polynomial(lens.distortion, knots), units[0])
    shifts = _fractions(np.concatenate([polynomial(c, some) for c in (lens.red, lens.blue)]), units[1])
    light = _fractions(100 + polynomial(lens.vignetting, knots), units[2])
    return {
        DISTORTION: Field(10, (*header, *plain, *distortion)),
        CHROMATIC_ABERRATION: Field(10, (*header, *short, *shifts, *tail)),
        VIGNETTING: Field(10, (*header, *plain, *light)),
    }


def _fractions(values: F64, denominator: int) -> tuple[float, ...]:
    return tuple(signed_rationals(*values.tolist(), denominator=denominator).values)
