"""Bands of a picture's rows, worked on by all cores at once: temporaries stay small, and in the processors' caches."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from xtdm_core.devices import usable_cores

Result = TypeVar("Result")

_PIXELS = 40_000  # of a band: a tile of the screen whole, and little enough for a core's cache


def in_bands(picture: np.ndarray, work: Callable[[slice], Result]) -> list[Result]:
    """Call ``work`` with the rows of every band of a picture [H, W, ...], in any order and several at a time.

    Returns its results from the top down. NumPy lets other threads run while it computes.
    """
    height, width = picture.shape[:2]
    step = max(_PIXELS // max(width, 1), 1)
    parts = [slice(top, min(top + step, height)) for top in range(0, height, step)]
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(usable_cores(), "bands") as pool:
        return list(pool.map(work, parts))
