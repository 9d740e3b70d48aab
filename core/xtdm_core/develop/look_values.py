"""A look as JSON holds it, checked value by value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from xtdm_core.choices import LutInput, ToneCurve
from xtdm_core.develop.tone import (
    ADJUSTMENT_RANGE,
    DENOISE_RANGE,
    GRAIN_RANGE,
    LENS_RANGE,
    ROLL_OFF_RANGE,
    STRAIGHTEN_RANGE,
    Look,
)

_LARGEST_EXPOSURE_EV = 20.0
_GAINS = (0.01, 100.0)
_ADJUSTMENTS = ("contrast", "local_contrast", "highlights", "shadows", "black", "saturation", "vibrance")
_SMALLEST_SHARE = 1e-3  # of a side that a crop leaves


def parse_look(stored: object, base: Look | None = None) -> Look:
    """Read a look from decoded JSON; what it does not name is as in ``base``, None for the defaults.

    Names that this version does not know are left out. Raises ValueError, in words, for values that make no sense.
    """
    if not isinstance(stored, dict):
        raise ValueError("the settings are no list of names and values")
    values = {name: parse(stored[name]) for name, parse in _PARSERS.items() if name in stored}
    return Look(**{**{name: getattr(base or Look(), name) for name in _PARSERS}, **values})


def _number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise ValueError(f"{value!r} is not a number between {low:g} and {high:g}")
    return float(value)


def _in(low: float, high: float) -> Callable[[object], float]:
    return lambda value: _number(value, low, high)


def _gains(value: object) -> tuple[float, float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("white balance is not three gains")
    red, green, blue = (_number(gain, *_GAINS) for gain in value)
    return red, green, blue


def _crop(value: object) -> tuple[float, float, float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError("the crop is not four shares")
    left, top, width, height = (_number(share, 0, 1) for share in value)
    if min(width, height) < _SMALLEST_SHARE or max(left + width, top + height) > 1 + 1e-6:
        raise ValueError("the crop does not lie in the picture")
    return left, top, width, height


def _tone_curve(value: object) -> ToneCurve:
    if value not in list(ToneCurve):
        raise ValueError(f"{value!r} is none of the tone curves {', '.join(ToneCurve)}")
    return ToneCurve(str(value))


def _lut_input(value: object) -> LutInput:
    if value not in list(LutInput):
        raise ValueError(f"{value!r} is none of the inputs {', '.join(LutInput)}")
    return LutInput(str(value))


def _path(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{value!r} is no name of a file")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]*", value):
        raise ValueError(f"{value!r} is no digest of a file")
    return value


def _rotate(value: object) -> int:
    if isinstance(value, bool) or value not in (0, 90, 180, 270):
        raise ValueError(f"{value!r} is not a rotation by 0, 90, 180 or 270 degrees")
    return int(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


_PARSERS: dict[str, Callable[[object], Any]] = {
    "exposure_ev": _in(-_LARGEST_EXPOSURE_EV, _LARGEST_EXPOSURE_EV),
    "white_balance": _gains,
    "roll_off": _in(*ROLL_OFF_RANGE),
    "denoise": _in(*DENOISE_RANGE),
    "grain": _in(*GRAIN_RANGE),
    "tone_curve": _tone_curve,
    **dict.fromkeys(_ADJUSTMENTS, _in(*ADJUSTMENT_RANGE)),
    "lut": _path,
    "lut_digest": _digest,
    "lut_input": _lut_input,
    "lut_strength": _in(0.0, 1.0),
    "lens_distortion": _in(*LENS_RANGE),
    "lens_aberration": _in(*LENS_RANGE),
    "lens_vignetting": _in(*LENS_RANGE),
    "crop": _crop,
    "straighten": _in(*STRAIGHTEN_RANGE),
    "rotate": _rotate,
    "flip": _flag,
}
