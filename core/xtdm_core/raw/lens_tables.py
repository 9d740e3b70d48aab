"""The tables of a lens' errors that Fujifilm's cameras write into a RAF.

They lie in the raw data's own directory as signed rationals: a header, n knots, n values (the table of chromatic
aberration: n for red, n for blue). The header is the half diagonal of the sensor's active area in pixels over n, knots
are fractions of it, in the uncorrected picture. Up to X-Trans III the knots are 0, 0.1 … 1 and the table of aberration
leaves 0 out; from X-Trans IV on they are uniform in the radius squared, and that table repeats its header at its end.
Tag names and shapes: ExifTool (FujiFilm.pm, RAFData); meaning: darktable's "embedded metadata" correction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xtdm_core.frame import F64, LensCurve, LensTables

DISTORTION, ABERRATION, VIGNETTING = 0xF00B, 0xF00F, 0xF010
_LAST_KNOT = (0.8, 1.5)
_UNLIKELY = {"distortion": 50.0, "aberration": 0.05}  # percent, and a ratio: more is damage


def parse_lens_tables(entries: Mapping[int, Sequence[int]]) -> LensTables | None:
    """Read the tables from a directory's entries, rationals as pairs of integers; None where it has none of the tags.

    A table of another shape is left out: that correction is not made.
    """
    if not {DISTORTION, ABERRATION, VIGNETTING} & entries.keys():
        return None
    (distortion,) = _curves(entries.get(DISTORTION, ()), 1, 0.0)
    red, blue = _curves(entries.get(ABERRATION, ()), 2, 0.0)
    (vignetting,) = _curves(entries.get(VIGNETTING, ()), 1, 100.0)
    if distortion is not None and max(map(abs, distortion.values)) > _UNLIKELY["distortion"]:
        distortion = None
    if red is not None and blue is not None and max(map(abs, (*red.values, *blue.values))) > _UNLIKELY["aberration"]:
        red = blue = None
    if vignetting is not None and not 1 < min(vignetting.values) <= max(vignetting.values) < 400:
        vignetting = None
    return LensTables(distortion, red, blue, vignetting)


def _curves(numbers: Sequence[int], columns: int, at_centre: float) -> tuple[LensCurve | None, ...]:
    """The curves of a table with so many columns beside the knots; ``at_centre`` is their value at the radius 0."""
    nothing = (None,) * columns
    if len(numbers) % 2:  # a table of another type than rationals
        return nothing
    pairs = np.array(numbers, np.float64).reshape(-1, 2)
    parts = columns + 1
    if len(pairs) < 1 + 2 * parts or (pairs[:, 1] == 0).any():
        return nothing
    values = pairs[:, 0] / pairs[:, 1]
    repeats_header = parts == 3 and (len(values) - 1) % parts == 1 and values[-1] == values[0]
    rows = values[1:-1] if repeats_header else values[1:]
    if len(rows) % parts:
        return nothing
    knots, *curves = rows.reshape(parts, -1)
    # Where the table leaves the knot 0 out, the header still counts it.
    radius = float(pairs[0, 0]) if pairs[0, 1] in (len(knots), len(knots) + 1) else float(values[0] * len(knots))
    if not _is_sane(radius, knots):
        return nothing
    if knots[0] > 0:
        knots = np.r_[0.0, knots]
        curves = [np.r_[at_centre, curve] for curve in curves]
    return tuple(LensCurve(radius, tuple(knots.tolist()), tuple(curve.tolist())) for curve in curves)


def _is_sane(radius: float, knots: F64) -> bool:
    rising = bool((np.diff(knots) > 0).all())
    return radius > 0 and rising and knots[0] >= 0 and _LAST_KNOT[0] <= knots[-1] <= _LAST_KNOT[1]
