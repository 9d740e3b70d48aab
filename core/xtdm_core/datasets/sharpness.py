"""Which raw files are sharp: ``xtdm sharpness``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from xtdm_core.datasets.manifest import Item, Made, Manifest, Outcome, build_dataset
from xtdm_core.datasets.sources import Folder
from xtdm_core.errors import BadOption
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, RawFrame
from xtdm_core.progress import Report, Stage, silent
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import align

SCORES = "sharpness_scores.json"
_METHOD = "covariance of the Laplacians of central and corner greens, over the mean square"


def score_folder(source: Path, output: Path, top: int, report: Report = silent) -> tuple[Outcome, Path]:
    """Scores every RAF below ``source``; returns (how it went, the file with the sharpest).

    Writes into ``output`` ``sharpness_scores.json`` (per file its score, sharpest first; it is also what lets a second
    run skip files that have not changed) and ``top{N}_sharp.json``, a list of at most N paths relative to ``source``.
    Raises BadOption, WriteFailed.
    """
    if top < 1:
        raise BadOption(f"{top} files cannot be listed: give 1 or more")
    folder = Folder(source)
    files = folder.files((".raf",))
    manifest = Manifest(output / SCORES, "sharpness", str(folder), {"method": _METHOD})

    def make(item: Item) -> Made:
        return Made((), {"score": raw_sharpness(read_raw(source / item.name))})

    outcome = build_dataset(
        manifest, Stage.BUILDING_RAWS, [Item(file.name, file.stamp) for file in files], make, report
    )
    present = [file.name for file in files if file.name in manifest.items and file.name not in manifest.failed]
    ranked = sorted(present, key=lambda name: (-manifest.items[name]["score"], name))
    manifest.items = {name: manifest.items[name] for name in ranked}
    best = output / f"top{top}_sharp.json"
    manifest.begin(best.name)
    manifest.lists = sorted({*manifest.lists, best.name})
    manifest.finish()
    with atomic_write(best, overwrite=True) as partial:
        text = json.dumps(ranked[:top], indent=1, ensure_ascii=False)
        partial.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")
    return outcome, best


def raw_sharpness(frame: RawFrame) -> float:
    """The variance of the Laplacian of the raw green at a third of its size, over the mean square of the green.

    Every 3x3 block of X-Trans has a green in its centre and four in its corners: the centres, and the means of the
    corners, are two pictures [H/3, W/3] of the same place, without a trace of the CFA, of the camera's sharpening or
    of its JPEG. The variance is taken as the covariance of their Laplacians, so that noise, which they do not share,
    does not count as detail; dividing by the mean square makes the score independent of exposure. (The corners of the
    two diagonals share no noise either, but fine slanted detail makes them disagree.) 0 for frames without detail.
    """
    values = align(frame).values
    centres = values[1::3, 1::3]
    corners: F32 = values[0::3, 0::3] + values[2::3, 2::3] + values[0::3, 2::3] + values[2::3, 0::3]
    corners *= np.float32(0.25)
    first, second = _laplacian(centres), _laplacian(corners)
    together = float(np.mean(first * second, dtype=np.float64)) - float(first.mean()) * float(second.mean())
    # The product of the two, again, is free of the noise's own square.
    brightness = float(np.mean(centres * corners, dtype=np.float64))
    return max(0.0, together / brightness) if brightness > 0 else 0.0


def _laplacian(image: F32) -> F32:
    """The four neighbours less four times the middle, f32 [H - 2, W - 2]."""
    return image[:-2, 1:-1] + image[2:, 1:-1] + image[1:-1, :-2] + image[1:-1, 2:] - 4 * image[1:-1, 1:-1]
