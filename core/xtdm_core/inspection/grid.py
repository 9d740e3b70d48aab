"""Numbers for the 6x6 grid: what part of an error repeats with the period of the CFA.

Here with a reference. Without one see ``fold`` (on flat areas) and ``spectrum`` (peaks at k/6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.frame import F32, F64
from xtdm_core.xtrans import PERIOD

WINDOW = 48
# The F of pure noise in a window (35 and 2268 degrees of freedom) reaches 2 once in 3000 times; a frame has more
# windows than that.
CERTAIN_F = 3.0


@dataclass(frozen=True, slots=True)
class Place:
    """A window of 48 px with a grid: its middle (x, y) in px, the grid's rms amplitude in the values' own units."""

    x: int
    y: int
    amplitude: float


def local_fold_rms(residual: F32) -> float:
    """The local 6x6 amplitude of ``residual`` f32 [H, W] or [H, W, C], in its own units.

    Each window of 48 px is folded to the 36 phases of the CFA; the amplitude is sqrt(variance of the phase means
    minus within-phase variance / n), where n = 64 samples share a phase. The second term is what pure noise would
    show. Windows are averaged as variances, because the sign of a grid varies from place to place and a fold of
    the whole picture would hide it. Raises ValueError when no window fits.
    """
    between, within, n = fold_windows(residual)
    return float(np.sqrt(max(0.0, float(np.mean(between - within / n)))))


def worst_places(amplitude: F32, f: F32, count: int = 8, apart: int = 3) -> list[Place]:
    """The windows of the strongest grid, strongest first, ``apart`` windows or more from each other.

    amplitude, f  f32 [rows, columns] of windows of 48 px; NaN where a window has no figure
    Windows whose F is not above CERTAIN_F are left out: what they show may be chance.
    """
    score = np.where((f > CERTAIN_F) & (amplitude > 0), amplitude, 0)
    places: list[Place] = []
    while len(places) < count and score.size and score.max() > 0:
        row, column = (int(v) for v in np.unravel_index(np.argmax(score), score.shape))
        x, y = (at * WINDOW + WINDOW // 2 for at in (column, row))
        places.append(Place(x, y, float(score[row, column])))
        score[max(0, row - apart + 1) : row + apart, max(0, column - apart + 1) : column + apart] = 0
    return places


def f_ratio(explained: float, unexplained: float) -> float:
    """explained / unexplained; infinite or 1 where nothing is unexplained."""
    if unexplained > 0:
        return explained / unexplained
    return float("inf") if explained > 0 else 1.0


def fold_windows(residual: F32) -> tuple[F64, F64, int]:
    """(variance between the phase means, mean variance within the phases, samples in a phase) per window and channel.

    The first two are f64 [rows, columns, C].
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
    # after the means: window row, phase row, window column, phase column, channel
    between = windows.mean(axis=(1, 4)).var(axis=(1, 3), ddof=1)
    within = windows.var(axis=(1, 4), ddof=1).mean(axis=(1, 3))
    return between, within, per_side**2
