"""How a raw file uses its range, and what HLG can hold of it, without demosaicing.

The axis is in EV below clipping, per channel: 0 is the white level, which all channels reach at the same sensor value.
A photosite is counted in its own channel's units, before white balance; balance moves only the marks of what a neutral
object gives in each channel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.develop.color import to_rec2020
from xtdm_core.develop.highlights import CLIP
from xtdm_core.develop.hlg import CEILING_EV, DIFFUSE_WHITE_E, inverse_oetf
from xtdm_core.develop.tone import Look, render_hlg
from xtdm_core.frame import F32, U16, RawFrame

LOW_EV, HIGH_EV = -14.0, 0.5
PER_EV = 8  # bins
BINS = int((HIGH_EV - LOW_EV) * PER_EV)
# From here on a 10-bit HLG signal is the highest code.
_TOP_CODE_E = inverse_oetf(1022.5 / 1023)
_BELOW = 255  # the bin of what is darker than the axis, black and below; bins are u8 in lookup tables
_STRIP_ROWS = 256

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class RawHistogram:
    """Photosites per channel (R, G, B) and bin of 1/8 EV.

    counts  i64 [3, BINS]; bin k spans LOW_EV + k/8 to LOW_EV + (k+1)/8 EV, the last one everything above too
    below   photosites darker than the axis
    clipped_percent  as ``highlights.headroom`` counts it, from 0.99 of the white level on
    """

    counts: NDArray[np.int64]
    below: tuple[int, int, int]
    clipped_percent: Triple


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a neutral object as bright as diffuse white, and one at HLG's ceiling, lie on each channel's axis.

    diffuse_white_ev = bias - log2(gain) - exposure, with the gains in use (G = 1): a DR100 file (bias -0.72 EV) has
    green's diffuse white 0.72 EV below clipping, and red's, at a gain of 2, another EV lower. hlg_ceiling_ev lies
    1.92 EV above; where it is positive the channel clips before HLG does.
    """

    diffuse_white_ev: Triple
    hlg_ceiling_ev: Triple
    bias_ev: float
    bias_stated: bool
    dynamic_range: str  # "DR100" …, "" where the bias is none of these, or not stated


@dataclass(frozen=True, slots=True)
class HlgLoss:
    """Of the HLG picture's channels (BT.2020 R, G, B, not the camera's), in percent of the pixels.

    beyond_percent   scene light above what HLG holds, more than 1.92 EV above diffuse white: rolled off
    ceiling_percent  10-bit code 1023 after the roll-off: differences are lost
    """

    beyond_percent: Triple
    ceiling_percent: Triple


def raw_histogram(frame: RawFrame) -> RawHistogram:
    """Counts every photosite of the visible area."""
    counts = np.zeros((3, _BELOW + 1), np.int64)
    clipped, total = np.zeros(3, np.int64), np.zeros(3, np.int64)
    for (colour, black), codes in _code_counts(frame).items():
        bins, clips = _tables(codes.size, black, frame.white)
        counts[colour] += np.bincount(bins, codes, _BELOW + 1).astype(np.int64)
        clipped[colour] += codes[clips].sum()
        total[colour] += codes.sum()
    below = counts[:, _BELOW]
    return RawHistogram(
        counts[:, :BINS].copy(),
        (int(below[0]), int(below[1]), int(below[2])),
        _triple(100 * clipped / np.maximum(total, 1)),
    )


def photosites_between(frame: RawFrame, colour: int | None, low_ev: float, high_ev: float) -> NDArray[np.bool_]:
    """Which photosites of the visible area the bins from low_ev to high_ev count: bool [H, W].

    colour  0, 1 or 2, or None for all. Limits are rounded to those of bins.
    """
    first, stop = (round((ev - LOW_EV) * PER_EV) for ev in (low_ev, high_ev))
    inside = np.zeros(frame.mosaic.shape, bool)
    bins = {black: _tables(1 << 16, black, frame.white)[0] for black in map(float, np.unique(frame.black))}
    wanted = {black: (of >= first) & (of < min(stop, _BELOW)) for black, of in bins.items()}
    for y in range(6):
        for x in range(6):
            if colour in (None, int(frame.cfa[y, x])):
                inside[y::6, x::6] = wanted[float(frame.black[y, x])][frame.mosaic[y::6, x::6]]
    return inside


def marks(frame: RawFrame, look: Look) -> Marks:
    """Diffuse white and HLG's ceiling as ``look`` has them."""
    bias = frame.effective_bias
    gains = frame.wb if look.white_balance is None else look.white_balance
    white = _triple(np.array([bias - math.log2(gain) - look.exposure_ev for gain in gains]))
    ceiling = _triple(np.array(white) + CEILING_EV)
    return Marks(white, ceiling, bias, frame.exposure_bias is not None, frame.dynamic_range)


def hlg_loss(cam_rgb: F32, frame: RawFrame, look: Look) -> HlgLoss:
    """What the HLG picture of as-shot balanced camera RGB f32 [h, w, 3] loses.

    Without demosaicing, give it ``highlights.period_picture``: means of 6x6 px, where smaller spots, and noise, count
    less than in the finished picture.
    """
    gain = np.float32(DIFFUSE_WHITE_E * 2**look.exposure_ev)
    beyond, ceiling = np.zeros(3), np.zeros(3)
    for top in range(0, cam_rgb.shape[0], _STRIP_ROWS):
        light = to_rec2020(cam_rgb[top : top + _STRIP_ROWS], frame, look.white_balance)
        beyond += (light * gain > 1).sum(axis=(0, 1))
        ceiling += (render_hlg(light, look) >= np.float32(_TOP_CODE_E)).sum(axis=(0, 1))
    pixels = max(cam_rgb.shape[0] * cam_rgb.shape[1], 1)
    return HlgLoss(_triple(100 * beyond / pixels), _triple(100 * ceiling / pixels))


def bin_edges() -> NDArray[np.float64]:
    """f64 [BINS + 1] in EV relative to clipping."""
    return LOW_EV + np.arange(BINS + 1) / PER_EV


def _code_counts(frame: RawFrame) -> dict[tuple[int, float], NDArray[np.int64]]:
    """How often each code of the file occurs, i64 [65536], per colour and black level."""
    counts: dict[tuple[int, float], NDArray[np.int64]] = {}
    for y in range(6):
        for x in range(6):
            key = (int(frame.cfa[y, x]), float(frame.black[y, x]))
            codes = _bincount(frame.mosaic[y::6, x::6])
            counts[key] = counts[key] + codes if key in counts else codes
    return counts


def _bincount(mosaic: U16) -> NDArray[np.int64]:
    return np.bincount(mosaic.ravel(), minlength=1 << 16)


def _tables(size: int, black: float, white: float) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """(the bin of every code u8 [size], whether it counts as clipped bool [size])."""
    # The arithmetic of xtrans.align, so that clipping is the same to the last code.
    values = (np.arange(size, dtype=np.float32) - np.float32(black)) / (np.float32(white) - np.float32(black))
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.floor((np.log2(values.astype(np.float64)) - LOW_EV) * PER_EV)
    bins = np.where(place >= 0, np.minimum(place, BINS - 1), _BELOW)
    return bins.astype(np.uint8), values >= CLIP


def _triple(values: NDArray[np.float64]) -> Triple:
    red, green, blue = map(float, values)
    return red, green, blue
