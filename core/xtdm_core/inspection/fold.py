"""The 6x6 grid without a reference: what has the CFA's period in the flattest half of a picture, or of the raw.

A block of 6x6 px is flat when its neighbours look like it, px by px at the same phase: a grid cancels in that
comparison, so that it neither hides nor picks its own evidence, and on the raw mosaic equal colours meet. From each
block its mean, slope and curvature (those of its neighbours' means) are taken away, per group of phases that can be
compared: all 36 in a picture's channel, those of one colour in a raw mosaic. What remains is multiplied, phase by
phase, with what remains in other flat blocks of the window: a grid agrees with itself whatever its sign, noise does
not. Only blocks two or more rows and two or more columns of blocks apart are multiplied, because lines and edges of
the picture run through neighbours and along rows and columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32, F64, U8
from xtdm_core.inspection.grid import WINDOW, f_ratio
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.xtrans import PERIOD

Bools = NDArray[np.bool_]
_PER_SIDE = WINDOW // PERIOD
_PHASES = PERIOD * PERIOD
_APART = 2
# With less than half of its 64 blocks flat, a window's own figure would be chance.
_FEWEST = 32
_MOST_OF_MEDIAN = 2.0
# Blocks this close to the flatter half count with it. A cut right through equally flat, noisy blocks would keep
# those whose noise happens to agree with their neighbours', and that agreement would pass for a grid.
_AS_FLAT = np.float32(1.25)


@dataclass(frozen=True, slots=True)
class FlatFold:
    """The grid of flat areas, in the units of the values folded; a part is a channel, or a colour of a raw.

    rms          amplitude, over windows and parts; 0 for noise; NaN where no window has flat blocks far enough apart
    rms_per_part the same of each part
    f            n x between / within: about 1 without a grid
    common       variance of the part that is alike in all windows: what a picture's own structure leaves in a window
                 has another shape in the next, a sensor's grid has not; NaN with less than two windows
    chance       the standard deviation that ``common`` has without a grid
    heat         f32 [6, 6, C]: the mean of the phases over all flat blocks; a grid whose sign varies cancels here
    window_rms, window_f  f32 [H // 48, W // 48], NaN where less than half of the blocks is flat
    flat_blocks  how many blocks counted
    limit        the greatest unlikeness of those to their neighbours
    """

    rms: float
    rms_per_part: tuple[float, ...]
    f: float
    common: float
    chance: float
    heat: F32
    window_rms: F32
    window_f: F32
    flat_blocks: int
    limit: float

    @property
    def common_rms(self) -> float:
        """The amplitude of what is alike in all windows."""
        return _root(self.common)

    @property
    def certainty(self) -> float:
        """How many standard deviations it stands out from chance; NaN where that is not known."""
        return self.common / self.chance if self.chance > 0 else float("nan")


def fold_flat(
    values: F32,
    groups: U8 | None = None,
    usable: Bools | None = None,
    report: Report = silent,
    limit: float | None = None,
) -> FlatFold:
    """Folds the flattest half of the 6x6 blocks of f32 [H, W] or [H, W, C], counted from the corner.

    groups  u8 [6, 6], numbers from 0: which phases compare with each other; None for all
    usable  bool [H // 6, W // 6]: blocks that may count (not clipped); None for all
    limit   that of a larger fold around these values: what is flat there is flat here, where it fills half a window
    Raises ValueError below 48 px, and what ``report`` raises to cancel.
    """
    values = values if values.ndim == 3 else values[..., None]
    if min(values.shape[:2]) < WINDOW:
        raise ValueError(f"a fold needs at least {WINDOW} x {WINDOW} px")
    members = _members(groups)
    means, flatness = _survey(values, members, report)
    flat, limit = _flat(flatness, usable, limit)
    terms, basis = _taylor(means), _taylor_basis(members)
    sums = _WindowSums(values.shape)
    for rows in _strips(values.shape[0]):
        report(Progress(Stage.FOLDING, rows.start, values.shape[0] // PERIOD))
        sums.add(rows, _blocks(values, rows) - terms[rows] @ basis, flat[rows])
    return _result(sums, members, limit)


def block_extremes(values: F32) -> tuple[F32, F32]:
    """(least, greatest) value of each 6x6 block of f32 [H, W] or [H, W, C]: two f32 [H // 6, W // 6]."""
    rows, cols = (side // PERIOD for side in values.shape[:2])
    blocks = values[: rows * PERIOD, : cols * PERIOD].reshape(rows, PERIOD, cols, -1)
    return blocks.min(axis=(1, 3)), blocks.max(axis=(1, 3))


def _members(groups: U8 | None) -> F32:
    """f32 [G, 36]: 1 where a phase belongs to a group."""
    number = np.zeros(_PHASES, int) if groups is None else groups.ravel().astype(int)
    return (number == np.arange(number.max() + 1)[:, None]).astype(np.float32)


def _strips(height: int) -> Iterator[slice]:
    """Rows of blocks, a window's at a time, the rest last: all temporaries stay that small."""
    rows = height // PERIOD
    return (slice(top, min(top + _PER_SIDE, rows)) for top in range(0, rows, _PER_SIDE))


def _blocks(values: F32, rows: slice) -> F32:
    """The blocks of some rows: f32 [rows, columns, C, 36]."""
    cols, channels = values.shape[1] // PERIOD, values.shape[2]
    strip = values[rows.start * PERIOD : rows.stop * PERIOD, : cols * PERIOD]
    cut = strip.reshape(-1, PERIOD, cols, PERIOD, channels).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(cut, np.float32).reshape(-1, cols, channels, _PHASES)


def _survey(values: F32, members: F32, report: Report) -> tuple[F32, F32]:
    """(group means f32 [rows, columns, C, G] of all blocks, their unlikeness to their neighbours [rows, columns])."""
    means, across, down = [], [], []
    above: F32 | None = None
    share = (members / members.sum(axis=1, keepdims=True)).T
    for rows in _strips(values.shape[0]):
        report(Progress(Stage.FINDING_FLAT_AREAS, rows.start, values.shape[0] // PERIOD))
        blocks = _blocks(values, rows)
        means.append(blocks @ share)
        across.append(_unlikeness(blocks, 1))
        down.append(_unlikeness(blocks if above is None else np.concatenate([above, blocks]), 0))
        above = blocks[-1:]
    horizontal = np.pad(np.concatenate(across), ((0, 0), (1, 1)), mode="edge")
    vertical = np.pad(np.concatenate(down), ((1, 1), (0, 0)), mode="edge")
    near = horizontal[:, :-1] + horizontal[:, 1:] + vertical[:-1] + vertical[1:]
    return np.concatenate(means), _mean_of_nine(near)


def _unlikeness(blocks: F32, axis: int) -> F32:
    difference = np.diff(blocks, axis=axis)
    return np.einsum("rckp,rckp->rc", difference, difference) / np.float32(_PHASES * blocks.shape[2])


def _mean_of_nine(values: F32) -> F32:
    """Means over 3x3, the margins repeated outwards; f32 of the same shape."""
    for axis in (0, 1):
        padded = np.pad(values, [(1, 1) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        n = values.shape[axis]
        values = np.mean([np.take(padded, range(k, k + n), axis) for k in range(3)], axis=0, dtype=np.float32)
    return values


def _flat(flatness: F32, usable: Bools | None, limit: float | None) -> tuple[Bools, float]:
    """The blocks up to the limit of unlikeness or, where too few are, the flattest half; and the limit of these."""
    if usable is None:
        usable = np.ones(flatness.shape, bool)
    if not usable.any():
        return usable, 0.0
    if limit is None or np.count_nonzero(usable & (flatness <= limit)) < _FEWEST:
        limit = float(np.median(flatness[usable]) * _AS_FLAT)
    return usable & (flatness <= limit), limit


def _taylor(means: F32) -> F32:
    """Value, slopes and curvatures of the group means, per px: f32 [rows, columns, C, 6 G]."""
    down, across = (_gradient(means, axis) for axis in (0, 1))
    second = _gradient(down, 0) / 2, _gradient(across, 1) / 2, _gradient(down, 1)
    return np.concatenate([means, down, across, *second], axis=-1)


def _gradient(values: F32, axis: int) -> F32:
    return np.asarray(np.gradient(values, PERIOD, axis=axis), np.float32)


def _taylor_basis(members: F32) -> F32:
    """What the coefficients of ``_taylor`` multiply at each phase, without changing a group's mean: f32 [6 G, 36]."""
    to_group_mean = members.T @ (members / members.sum(axis=1, keepdims=True))

    def centred(values: F32) -> F32:
        return values - to_group_mean @ values

    # Distances from the middle of a group's phases: there the slope of its means is the picture's.
    y, x = (centred(at.astype(np.float32)) for at in np.indices((PERIOD, PERIOD)).reshape(2, _PHASES))
    shapes = np.ones(_PHASES, np.float32), y, x, centred(y * y), centred(x * x), centred(x * y)
    return np.concatenate([members * shape for shape in shapes])


class _WindowSums:
    """What the flat blocks of each window of 8x8 say.

    n       f64 [rows, columns], how many blocks
    within  f64 [rows, columns, C, 36], the sum of squared deviations
    pairs   f64 [rows, columns], how many pairs of blocks far enough apart, either order counted
    agree   f64 [rows, columns, C, 36], the sum of their products
    sums    f64 [rows, columns, C, 36], their sum
    total, blocks  sum f64 [C, 36] and number of all flat blocks, also in the margins where no window fits
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        windows = shape[0] // WINDOW, shape[1] // WINDOW
        self.n, self.pairs = np.zeros(windows), np.zeros(windows)
        self.within = np.zeros((*windows, shape[2], _PHASES))
        self.agree, self.sums = np.zeros_like(self.within), np.zeros_like(self.within)
        self.total = np.zeros((shape[2], _PHASES))
        self.blocks = 0
        at = np.arange(_PER_SIDE)
        self._far = (np.abs(at - at[:, None]) >= _APART).astype(np.float32)

    def add(self, rows: slice, deviations: F32, flat: Bools) -> None:
        kept = np.where(flat[..., None, None], deviations, 0)
        self.total += kept.sum(axis=(0, 1), dtype=np.float64)
        self.blocks += int(flat.sum())
        row, cols = rows.start // _PER_SIDE, self.n.shape[1]
        if row == self.n.shape[0]:
            return
        used = cols * _PER_SIDE
        shape = (_PER_SIDE, cols, _PER_SIDE)
        counted = flat[:, :used].reshape(*shape, 1, 1).astype(np.float32)
        windows = kept[:, :used].reshape(*shape, *kept.shape[2:])
        self.n[row] = counted.sum(axis=(0, 2, 3, 4))
        self.pairs[row] = self._agreement(counted)[:, 0, 0]
        self.within[row] = np.einsum("ywxkp,ywxkp->wkp", windows, windows)
        self.sums[row] = windows.sum(axis=(0, 2))
        self.agree[row] = self._agreement(windows)

    def _agreement(self, windows: F32) -> F64:
        """Sum of the products of all pairs far enough apart: [8, columns, 8, C, P] to [columns, C, P]."""
        partners = np.einsum("yz,zwxkp->ywxkp", self._far, windows, optimize=True)
        partners = np.einsum("xz,ywzkp->ywxkp", self._far, partners, optimize=True)
        return np.einsum("ywxkp,ywxkp->wkp", windows, partners).astype(np.float64)


def _result(sums: _WindowSums, members: F32, limit: float) -> FlatFold:
    # A group of m phases has lost its mean: m - 1 degrees of freedom.
    freedom = np.tile(members.sum(axis=1) - 1, sums.total.shape[0]).astype(np.float64)
    counted = sums.pairs > 0
    n, pairs = (np.where(counted, of, np.nan) for of in (sums.n, sums.pairs))
    agree, squares = (np.where(counted[..., None], _by_part(of, members), 0) for of in (sums.agree, sums.within))
    if counted.any():
        per_part = agree.sum(axis=(0, 1)) / (np.nansum(pairs) * freedom)
        variance = float(per_part @ freedom / freedom.sum())
        f = _f(variance, float(squares.sum() / (np.nansum(n) * freedom.sum())), float(np.nanmean(n)))
    else:
        per_part, variance, f = np.full(freedom.shape, np.nan), float("nan"), float("nan")
    common, chance = _common(sums, float(freedom.sum()))
    n[sums.n < _FEWEST] = np.nan
    window_variance = np.where(np.isnan(n), np.nan, agree.sum(axis=-1) / (pairs * freedom.sum()))
    window_all = squares.sum(axis=-1) / (n * freedom.sum())
    return FlatFold(
        rms=_root(variance),
        rms_per_part=tuple(_root(float(part)) for part in per_part),
        f=f,
        common=common,
        chance=chance,
        heat=np.moveaxis(sums.total / max(1, sums.blocks), 0, 1).reshape(PERIOD, PERIOD, -1).astype(np.float32),
        window_rms=np.sqrt(np.maximum(window_variance, 0)).astype(np.float32),
        window_f=np.vectorize(_f, otypes=[np.float32])(window_variance, window_all, n),
        flat_blocks=sums.blocks,
        limit=limit,
    )


def _common(sums: _WindowSums, freedom: float) -> tuple[float, float]:
    """(variance of the grid that windows have in common, its standard deviation by chance).

    From the products of the phase means of all pairs of windows. By chance, the windows' signs being free, their sum is
    0 and its variance twice the sum of the squared products. Windows with much more in them than most are held back,
    so that none of them decides alone.
    """
    used = sums.n >= _FEWEST
    if np.count_nonzero(used) < 2:
        return float("nan"), float("nan")
    means = (sums.sums[used] / sums.n[used][:, None, None]).reshape(np.count_nonzero(used), -1)
    size = np.sqrt(np.square(means).sum(axis=1))
    means *= np.minimum(1, _MOST_OF_MEDIAN * np.median(size) / np.maximum(size, 1e-30))[:, None]
    squares = np.square(means).sum(axis=1)
    products = float(np.square(means.sum(axis=0)).sum() - squares.sum())
    spread = float(np.square(means.T @ means).sum() - np.square(squares).sum())
    pairs = len(means) * (len(means) - 1) * freedom
    return products / pairs, (2 * max(spread, 0.0)) ** 0.5 / pairs


def _by_part(of_phases: F64, members: F32) -> F64:
    """[rows, columns, C, 36] summed over the phases of each group: [rows, columns, C x G]."""
    return (of_phases @ members.T).reshape(*of_phases.shape[:2], -1)


def _f(variance: float, all_variance: float, n: float) -> float:
    """n x between / within, from the grid's variance, that of everything, and the number of blocks."""
    if np.isnan(variance):
        return float("nan")
    within = max(0.0, all_variance - variance)
    return f_ratio(max(0.0, n * variance + within), within)


def _root(variance: float) -> float:
    return float("nan") if np.isnan(variance) else max(0.0, variance) ** 0.5
