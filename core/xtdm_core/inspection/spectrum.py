"""The amplitude spectrum of a picture, and how far it stands out at the frequencies of the CFA, (kx/6, ky/6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.frame import F32
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.xtrans import PERIOD

SIDE = 192
# The neighbours, in bins of SIDE, whose median a peak is held against; nearer ones hold the window's own width.
_NEAREST, _FARTHEST = 3, 14


@dataclass(frozen=True, slots=True)
class Peak:
    """What stands at kx/6 cycles per px horizontally and ky/6 vertically: kx -2..3, ky 0..3.

    amplitude  in the values' units; a wave of amplitude a shows a / 2 (its other half stands at -kx/6, -ky/6)
    ratio      to the local median; about 1 where nothing stands out
    """

    kx: int
    ky: int
    amplitude: float
    ratio: float


def amplitude_spectrum(values: F32, side: int = SIDE, report: Report = silent) -> F32:
    """f32 [side, side], frequency (row, column) / side cycles per px, 0 first: of f32 [H, W] or [H, W, C].

    The picture is cut to blocks of ``side`` px (a multiple of 6, so that k/6 falls on a bin); each loses its mean
    and is multiplied by a Hann window. |FFT| / sum of the window is averaged over blocks and channels: amplitudes,
    not waves, because the sign of a grid varies from place to place. Raises ValueError where no block fits or
    ``side`` is no multiple of 6.
    """
    if side % PERIOD or min(values.shape[:2]) < side:
        raise ValueError(f"the spectrum needs blocks of a multiple of 6 px, and {side} px a side")
    values = values if values.ndim == 3 else values[..., None]
    line = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(side) / side)).astype(np.float32)
    window = line[:, None] * line / line.sum() ** 2
    tops, lefts = (range(0, length - side + 1, side) for length in values.shape[:2])
    half = np.zeros((side, side // 2 + 1), np.float32)
    for top in tops:
        report(Progress(Stage.MEASURING_SPECTRUM, top, values.shape[0]))
        for left in lefts:
            block = np.moveaxis(values[top : top + side, left : left + side], 2, 0).astype(np.float32)
            block = (block - block.mean(axis=(1, 2), keepdims=True)) * window
            half += np.abs(np.fft.rfft2(block)).mean(axis=0)
    half /= len(tops) * len(lefts)
    # The other half of a real picture's spectrum is this one turned about frequency 0.
    other = np.roll(half[::-1], 1, axis=0)[:, side // 2 - 1 : 0 : -1]
    return np.concatenate([half, other], axis=1)


def over_median(spectrum: F32) -> F32:
    """The spectrum over the local median, f32 like it.

    The median is of the neighbours in the same row or in the same column of bins, whichever is greater: pictures
    have ridges along the axes, on which every bin would stand out against its surroundings.
    """
    floor: F32 = np.maximum(_median_along(spectrum, 0), _median_along(spectrum, 1))
    # What rounding leaves of a spectrum without anything in it is no peak.
    return np.asarray(spectrum / np.maximum(floor, np.float32(1e-4)), np.float32)


def grid_peaks(spectrum: F32) -> list[Peak]:
    """The peaks at all (kx/6, ky/6) but (0, 0), each of a pair once, the most outstanding first."""
    ratio = over_median(spectrum)
    step = spectrum.shape[0] // PERIOD
    peaks = []
    for ky in range(4):
        for kx in range(-2, 4):
            if (ky in (0, 3) and kx < 0) or (kx, ky) == (0, 0):
                continue
            at = ky * step, kx * step
            peaks.append(Peak(kx, ky, float(spectrum[at]), float(ratio[at])))
    return sorted(peaks, key=lambda peak: -peak.ratio)


def profile(spectrum: F32) -> F32:
    """What to draw of a spectrum: f32 [side // 2 + 1] over the frequencies 0..1/2 in bins.

    At each frequency the greatest ratio to the local median on the lines k/6 across it, of those horizontally and
    vertically, so that all peaks of a grid show, at k/6. 0 at frequency 0.
    """
    ratio = over_median(spectrum)
    side = spectrum.shape[0]
    lines = ratio[:: side // PERIOD], ratio[:, :: side // PERIOD].T
    out: F32 = np.concatenate(lines)[:, : side // 2 + 1].max(axis=0)
    out[0] = 0
    return out


def _median_along(spectrum: F32, axis: int) -> F32:
    side = spectrum.shape[axis]
    scale = side / SIDE
    near, far = max(2, round(_NEAREST * scale)), max(6, round(_FARTHEST * scale))
    offsets = [d for d in range(-far, far + 1) if abs(d) >= near]
    shifted = np.stack([np.roll(spectrum, -d, axis) for d in offsets])
    out: F32 = np.median(shifted, axis=0).astype(np.float32)
    return out
