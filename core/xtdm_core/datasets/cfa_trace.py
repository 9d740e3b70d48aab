"""The trace that a camera's own demosaicing leaves in a picture, as one number."""

from __future__ import annotations

import numpy as np

from xtdm_core.frame import F32, F64
from xtdm_core.xtrans import PERIOD  # Bayer's 2 divides it

WINDOW = 48
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # what JPEG codes at full resolution (BT.601)
_FLOOR = np.float32(0.5 / 255)  # below half an 8-bit code there is nothing but rounding


def trace_score(srgb: F32) -> float:
    """How much the strength of the finest detail repeats with the period of a colour filter array; 0 is not at all.

    srgb  encoded picture f32 [H, W, 3], 0..1

    Interpolated pixels have less detail of their own than measured ones, so the size of a high-pass residual goes up
    and down with the CFA (Gallagher and Chen 2008, "Image authentication by detecting traces of demosaicing"):

        r = |4 Y' - its four neighbours| / 4,  a = (r + floor) / mean of r + floor over 12 x 12 around
        m_w[p] = mean of a over the pixels of phase p (6 x 6) in window w (48 x 48), less the window's mean
        score = sqrt(max(0, mean over p and over all pairs v != w of m_v[p] m_w[p]))

    It is the relative rms modulation by phase. Products of different windows cancel whatever does not repeat all over
    the picture, without bias. Left out are the two components that alternate from one column or row to the next
    and not along the other axis, because the 8 x 8 blocks of JPEG make those too.
    Raises ValueError for pictures without two windows.
    """
    rows, cols = _windows(srgb)
    activity = _activity(srgb @ _LUMA)
    per_side = WINDOW // PERIOD
    shape = (rows, per_side, PERIOD, cols, per_side, PERIOD)
    windows = activity[: rows * WINDOW, : cols * WINDOW].reshape(shape)
    return _common(windows.mean(axis=(1, 4), dtype=np.float64).transpose(0, 2, 1, 3).reshape(-1, PERIOD, PERIOD))


def trace_limit(srgb: F32) -> float:
    """The score up to which a picture of this size counts as free of a trace.

    Measured on photographs without one, and on the same demosaiced and halved: 2.5 % is what is left of good
    demosaicing, bilinear leaves 4 %; in pictures of few windows chance alone reaches the second term.
    """
    rows, cols = _windows(srgb)
    return float(np.sqrt(0.025**2 + 0.02 / (rows * cols)))


def _windows(srgb: F32) -> tuple[int, int]:
    rows, cols = ((side - 2 * PERIOD - 2) // WINDOW for side in srgb.shape[:2])
    if rows < 1 or cols < 1 or rows * cols < 2:
        raise ValueError(f"a trace needs at least two windows of {WINDOW} x {WINDOW} px")
    return rows, cols


def _activity(luma: F32) -> F32:
    """|high-pass| over its own local mean; f32 [H - 14, W - 14], around 1."""
    middle = luma[1:-1, 1:-1]
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    residual = np.abs(middle - around / 4) + _FLOOR
    size = 2 * PERIOD
    sums = np.pad(residual.astype(np.float64), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    box = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    half = size // 2
    inner = residual[half : half - 1 + box.shape[0], half : half - 1 + box.shape[1]]
    return (inner * size**2 / box[:-1, :-1]).astype(np.float32)


def _common(means: F64) -> float:
    """The rms over phases of what the windows' phase means f64 [N, 6, 6] have in common."""
    spectra = np.fft.fft2(means, norm="forward")
    spectra[:, 0, 0] = spectra[:, 0, PERIOD // 2] = spectra[:, PERIOD // 2, 0] = 0
    count = len(means)
    together = np.abs(spectra.sum(axis=0)) ** 2 - (np.abs(spectra) ** 2).sum(axis=0)
    return float(np.sqrt(max(0.0, float(together.sum()) / (count * (count - 1)))))
