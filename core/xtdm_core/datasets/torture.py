"""Torture patterns as a dataset: ``xtdm dataset torture``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xtdm_core.datasets.manifest import MANIFEST, Item, Made, Manifest, Outcome, build
from xtdm_core.datasets.patterns import KINDS, torture_image
from xtdm_core.errors import BadOption
from xtdm_core.files import atomic_path
from xtdm_core.frame import F32
from xtdm_core.progress import Report, Stage, silent
from xtdm_core.xtrans import CANONICAL, mosaic

_SMALLEST_SIZE = 48


def torture_sample(seed: int, index: int, size: int) -> tuple[int, F32]:
    """(kind, linear RGB f32 [S, S, 3]) of sample ``index``: the kinds take turns, nothing depends on other samples."""
    kind = index % len(KINDS)
    return kind, torture_image(kind, (seed, index), size)


def build_torture(target: Path, count: int, size: int, seed: int, report: Report = silent) -> Outcome:
    """Writes samples 0 .. count - 1 into ``target``, one ``.npz`` each; those that are there already stay.

    Each file holds ``rgb`` f16 [S, S, 3] (linear, 0..1), ``cfa`` f16 [S, S] (the same values through ``pattern``
    u8 [6, 6], the canonical phase, white balance 1), and the integers ``kind``, ``seed`` and ``index``.
    Half floats hold 11 bits of any brightness, which is finer than a 14-bit sensor's noise, in half the space.
    Raises BadOption, WriteFailed.
    """
    if size % 6 or size < _SMALLEST_SIZE:
        raise BadOption(f"a size of {size} px does not suit: give a multiple of 6 from {_SMALLEST_SIZE}")
    if seed < 0:
        raise BadOption(f"the seed {seed} is negative: give 0 or more")
    manifest = Manifest(target / MANIFEST, "torture", "", {"seed": seed, "size": size})

    def make(item: Item) -> Made:
        index = int(item.name)
        kind, rgb = torture_sample(seed, index, size)
        name = f"torture_{index:06}.npz"
        truth = rgb.astype(np.float16)
        cfa = mosaic(truth.astype(np.float32)).astype(np.float16)
        numbers = {"kind": np.array(kind), "seed": np.array(seed), "index": np.array(index)}
        with atomic_path(target / name, overwrite=True) as partial, partial.open("wb") as file:
            np.savez_compressed(file, rgb=truth, cfa=cfa, pattern=CANONICAL, allow_pickle=False, **numbers)
        return Made((name,), {"kind": kind, "pattern": KINDS[kind]})

    return build(manifest, Stage.BUILDING_PATTERNS, [Item(str(index)) for index in range(count)], make, report)
