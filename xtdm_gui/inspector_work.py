"""What the inspector computes in the background: the surroundings of a position, without torch, in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.artifacts import PERIOD, WINDOW
from xtdm_core.convert import to_8_bits
from xtdm_core.develop import orient
from xtdm_core.flat_fold import FlatFold, fold_flat
from xtdm_core.frame import F32, U8
from xtdm_core.inspect_frame import raw_codes, raw_percent, visible_codes, visible_mosaic
from xtdm_core.xtrans import tile_pattern
from xtdm_gui.picture import Picture

PATCH = 5 * PERIOD
REGION = 2 * WINDOW


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
    raw_percent, raw_codes  folds of the mosaic
    """

    x: int
    y: int
    colour: int
    cfa: U8
    marked: np.ndarray
    panes: tuple[PaneHere | None, ...]
    raw_percent: FlatFold | None
    raw_codes: FlatFold | None


def look_around(picture: Picture, results: list[F32 | None], x: int, y: int) -> Here:
    """Looks at the surroundings of (x, y) of the visible area; both boxes begin on a period of the CFA."""
    frame = picture.frame
    height, width = frame.mosaic.shape
    rows, cols = _box(y, height, PATCH), _box(x, width, PATCH)
    region = _box(y, height, REGION), _box(x, width, REGION)
    cfa = tile_pattern(frame.cfa, rows.stop - rows.start, cols.stop - cols.start)
    marked = np.zeros(cfa.shape, bool)
    marked[min(y - rows.start, cfa.shape[0] - 1), min(x - cols.start, cfa.shape[1] - 1)] = True
    values = visible_mosaic(picture.mosaic)[region]
    foldable = min(values.shape) >= WINDOW
    return Here(
        x,
        y,
        int(frame.cfa[y % PERIOD, x % PERIOD]),
        orient(cfa, frame.orientation),
        orient(marked, frame.orientation),
        tuple(None if of is None else _pane(picture, of, (rows, cols), region) for of in results),
        fold_flat(raw_percent(values), frame.cfa) if foldable else None,
        fold_flat(raw_codes(values, frame), frame.cfa) if foldable else None,
    )


def _pane(picture: Picture, cam_rgb: F32, patch: tuple[slice, slice], region: tuple[slice, slice]) -> PaneHere:
    frame = picture.frame
    codes = visible_codes(cam_rgb[patch], frame)
    srgb = to_8_bits(np.rint(np.clip(codes, 0, 255) * 257).astype(np.uint16))
    around = cam_rgb[region]
    foldable = min(around.shape[:2]) >= WINDOW
    fold = fold_flat(visible_codes(around, frame)) if foldable else None
    return PaneHere(np.ascontiguousarray(orient(srgb, frame.orientation)), fold)


def _box(at: int, length: int, side: int) -> slice:
    """Up to ``side`` px around the period that holds ``at``: whole periods, inside 0..length."""
    last = max(0, (length - side) // PERIOD * PERIOD)
    start = min(max(0, at // PERIOD * PERIOD - (side // PERIOD // 2) * PERIOD), last)
    return slice(start, start + min(side, length // PERIOD * PERIOD))
