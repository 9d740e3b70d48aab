"""Where a demosaicing added something of the CFA's period to a picture, told from the picture's own detail.

Two results of one raw file share the picture. So what counts in a window is the grid of their difference, and of it
not more than one result has beyond the other, each against a smooth estimate of itself: the other's grid is in the
difference as well, and detail that one result keeps better is not all of what it has beyond the other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xtdm_core.frame import F32, F64
from xtdm_core.inspection.grid import WINDOW, Place, fold_windows, worst_places
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.xtrans import PERIOD

Codes = Callable[[slice], F32]
_REACH = PERIOD // 2
# A whole period, centred: what repeats with it has no part in this mean.
_PERIOD_MEAN = np.array([0.5, 1, 1, 1, 1, 1, 0.5], np.float32) / PERIOD


def added_places(
    own: Codes, other: Codes, height: int, report: Report = silent
) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The worst windows of two results: (of the one, of the other).

    own, other  give some rows of the results as 8-bit codes f32 [h, W, 3], not rounded
    Amplitudes are rms in codes. Raises ValueError below 48 px, and what ``report`` raises to cancel.
    """
    strips = []
    for top in range(0, height - height % WINDOW, WINDOW):
        report(Progress(Stage.COMPARING, top, height))
        strips.append(_compared(own, other, top, height))
    if not strips:
        raise ValueError(f"a comparison needs at least {WINDOW} px")
    first, second, f = (np.concatenate(parts).astype(np.float32) for parts in zip(*strips, strict=True))
    return tuple(worst_places(first, f)), tuple(worst_places(second, f))


def _compared(own: Codes, other: Codes, top: int, height: int) -> tuple[F64, F64, F64]:
    """(what the one added, what the other did, F of their difference), each [1, columns], for a row of windows."""
    above, below = min(_REACH, top), min(_REACH, height - top - WINDOW)
    rows = slice(top - above, top + WINDOW + below)
    missing = (_REACH - above, _REACH - below), (0, 0), (0, 0)
    details = [_detail(np.pad(codes(rows), missing, mode="reflect")) for codes in (own, other)]
    both, f = _grid(details[0] - details[1])
    mine, others = (_grid(one)[0] for one in details)
    return np.sqrt(_least(both, mine - others)), np.sqrt(_least(both, others - mine)), f


def _least(both: F64, excess: F64) -> F64:
    return np.maximum(0, np.minimum(both, excess))


def _grid(values: F32) -> tuple[F64, F64]:
    """(variance of the grid, F) of each window, the channels taken together."""
    between, within, n = fold_windows(values)
    within = np.maximum(within.mean(-1), 1e-9)
    return between.mean(-1) - within / n, n * between.mean(-1) / within


def _detail(codes: F32) -> F32:
    """What f32 [H + 6, W, C] has, three rows inside, beyond the mean of its 6x6 surroundings: f32 [H, W, C]."""
    wide = np.pad(codes, ((0, 0), (_REACH, _REACH), (0, 0)), mode="reflect")
    for axis in (0, 1):
        inside = wide.shape[axis] - 2 * _REACH
        parts = (np.take(wide, range(i, i + inside), axis) * weight for i, weight in enumerate(_PERIOD_MEAN))
        wide = np.asarray(sum(parts), np.float32)
    return codes[_REACH:-_REACH] - wide
