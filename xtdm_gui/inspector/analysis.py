"""What the inspector computes in the background: the surroundings of a position, without torch, in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.develop.render import to_8_bits
from xtdm_core.develop.tone import orient
from xtdm_core.frame import F32, U8, RawFrame
from xtdm_core.inspection.fold import Bools, FlatFold, fold_flat
from xtdm_core.inspection.grid import WINDOW
from xtdm_core.inspection.score import (
    DARKEST,
    PictureScore,
    RawScore,
    neither_black_nor_white,
    raw_codes,
    raw_percent,
    unclipped,
    visible_codes,
)
from xtdm_core.xtrans import PERIOD, tile_pattern
from xtdm_gui.pictures.picture import Picture

PATCH = 5 * PERIOD


@dataclass(frozen=True, slots=True)
class PaneHere:
    """One pane around a position: ``patch`` sRGB u8 [h, w, 3], upright; ``fold`` in codes, None in tiny frames."""

    patch: U8
    fold: FlatFold | None


@dataclass(frozen=True, slots=True)
class Here:
    """Everything around a position, upright where it is drawn.

    x, y     the position, colour the CFA colour there (0 R, 1 G, 2 B)
    cfa      u8 [h, w], the colours of the patch's photosites; marked bool [h, w], True at the position
    panes    None where a result is not there yet
    raw_percent, raw_codes  folds of the mosaic, None in tiny frames
    Folds are those of the window of 48 px around the position.
    """

    x: int
    y: int
    colour: int
    cfa: U8
    marked: np.ndarray
    panes: tuple[PaneHere | None, ...]
    raw_percent: FlatFold | None
    raw_codes: FlatFold | None


@dataclass(frozen=True, slots=True)
class Scores:
    """What is known of the whole frame: of each result, and of the raw; None while it is not."""

    panes: tuple[PictureScore | None, ...]
    raw: RawScore | None


def look_around(picture: Picture, results: list[F32 | None], x: int, y: int, scores: Scores) -> Here:
    """Looks at the surroundings of (x, y) of the visible area; all boxes begin on a period of the CFA.

    Where the frame has a score, a window's figure is the one that counts among its worst places.
    """
    frame, raw = picture.frame, scores.raw
    height, width = frame.mosaic.shape
    rows, cols = _box(y, height, PATCH), _box(x, width, PATCH)
    region, window = _around(x, y, height, width)
    cfa = tile_pattern(frame.cfa, rows.stop - rows.start, cols.stop - cols.start)
    marked = np.zeros(cfa.shape, bool)
    marked[min(y - rows.start, cfa.shape[0] - 1), min(x - cols.start, cfa.shape[1] - 1)] = True
    values = picture.mosaic.visible[region]
    foldable = min(height, width) >= WINDOW
    percent_limit, codes_limit = (None, None) if raw is None else (raw.percent.limit, raw.codes.limit)

    def fold(of: F32, darkest: float, limit: float | None) -> FlatFold:
        return fold_flat(of, frame.cfa, window & unclipped(values, darkest), limit=limit)

    return Here(
        x,
        y,
        int(frame.cfa[y % PERIOD, x % PERIOD]),
        orient(cfa, frame.orientation),
        orient(marked, frame.orientation),
        tuple(
            None if of is None else _pane(frame, of[rows, cols], of[region], window, score)
            for of, score in zip(results, scores.panes, strict=True)
        ),
        fold(raw_percent(values), DARKEST, percent_limit) if foldable else None,
        fold(raw_codes(values, frame), -np.inf, codes_limit) if foldable else None,
    )


def _pane(frame: RawFrame, patch: F32, around: F32, window: Bools, score: PictureScore | None) -> PaneHere:
    codes = visible_codes(patch, frame)
    srgb = to_8_bits(np.rint(np.clip(codes, 0, 255) * 257).astype(np.uint16))
    fold = None
    if min(around.shape[:2]) >= WINDOW:
        codes = visible_codes(around, frame)
        usable = window & neither_black_nor_white(codes)
        fold = fold_flat(codes, usable=usable, limit=None if score is None else score.fold.limit)
    return PaneHere(np.ascontiguousarray(orient(srgb, frame.orientation)), fold)


def _around(x: int, y: int, height: int, width: int) -> tuple[tuple[slice, slice], Bools]:
    """The window of 48 px around a position with its neighbours, which tell what is flat, and the window's blocks."""
    (rows, first_row), (cols, first_col) = _with_neighbours(y, height), _with_neighbours(x, width)
    window = np.zeros(((rows.stop - rows.start) // PERIOD, (cols.stop - cols.start) // PERIOD), bool)
    blocks = WINDOW // PERIOD
    window[first_row : first_row + blocks, first_col : first_col + blocks] = True
    return (rows, cols), window


def _with_neighbours(at: int, length: int) -> tuple[slice, int]:
    """The rows or columns of a window with one more window on each side where there is room; its first block."""
    last = max(0, (length - WINDOW) // PERIOD * PERIOD)
    start = min(max(0, at // PERIOD * PERIOD - WINDOW // 2), last)
    before = WINDOW if start >= WINDOW else 0  # whole windows: a fold counts them from its corner
    region = slice(start - before, min(start + 2 * WINDOW, length // PERIOD * PERIOD))
    return region, before // PERIOD


def _box(at: int, length: int, side: int) -> slice:
    """Up to ``side`` px around the period that holds ``at``: whole periods, inside 0..length."""
    last = max(0, (length - side) // PERIOD * PERIOD)
    start = min(max(0, at // PERIOD * PERIOD - (side // PERIOD // 2) * PERIOD), last)
    return slice(start, start + min(side, length // PERIOD * PERIOD))
