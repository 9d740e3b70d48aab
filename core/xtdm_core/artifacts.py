"""Numbers for the 6x6 grid: what part of an error repeats with the period of the CFA."""

from __future__ import annotations

import numpy as np

from xtdm_core.frame import F32

PERIOD = 6
WINDOW = 48


def local_fold_rms(residual: F32) -> float:
    """The local 6x6 amplitude of ``residual`` f32 [H, W] or [H, W, C], in its own units.

    Each window of 48 px is folded to the 36 phases of the CFA; the amplitude is sqrt(variance of the phase means
    minus within-phase variance / n), where n = 64 samples share a phase. The second term is what pure noise would
    show. Windows are averaged as variances, because the sign of a grid varies from place to place and a fold of
    the whole picture would hide it. Raises ValueError when no window fits.
    """
    if residual.ndim == 2:
        residual = residual[..., None]
    rows, cols = (side // WINDOW for side in residual.shape[:2])
    if rows == 0 or cols == 0:
        raise ValueError(f"a fold needs at least {WINDOW} x {WINDOW} px")
    per_side = WINDOW // PERIOD
    # axes: window row, period row, phase row, window column, period column, phase column, channel
    shape = (rows, per_side, PERIOD, cols, per_side, PERIOD, -1)
    windows = residual[: rows * WINDOW, : cols * WINDOW].astype(np.float64).reshape(shape)
    phase_means = windows.mean(axis=(1, 4))
    within = windows.var(axis=(1, 4), ddof=1).mean(axis=(1, 3))
    between = phase_means.var(axis=(1, 3), ddof=1)
    return float(np.sqrt(max(0.0, float(np.mean(between - within / per_side**2)))))
