"""Two ways to demosaic against each other: ``xtdm ab``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xtdm_core.demosaicing.methods import Method
from xtdm_core.develop.color import srgb_encode
from xtdm_core.develop.highlights import reconstruct_highlights
from xtdm_core.develop.render import render_srgb
from xtdm_core.develop.tone import NEUTRAL
from xtdm_core.errors import FileProblem
from xtdm_core.evaluation.contact_sheet import PER_PAGE, SheetEntry, cut_entry, draw_page
from xtdm_core.evaluation.ground_truth import (
    BORDER,
    TruthScores,
    crop_border,
    read_truth,
    round_trip_raf,
    score_against_truth,
)
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U16
from xtdm_core.images import list_images
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.files import is_raw, raw_files
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import align

_CODE = 257  # steps of 16 bits in one of 8
_STRIP = 512


@dataclass(frozen=True, slots=True)
class Difference:
    """How two sRGB pictures differ, over all channels, in 8-bit codes.

    row, column  where ``max_codes`` is, in pixels of the picture
    """

    rms_codes: float
    p999_codes: float
    max_codes: float
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class FileComparison:
    """One file; the marks of A and of B where the truth is known, and what shows the difference to people."""

    source: Path
    difference: Difference
    marks: tuple[TruthScores, TruthScores] | None
    entry: SheetEntry


def expand_inputs(inputs: Sequence[Path]) -> list[Path]:
    """Files as they are; of a folder its raw files to any depth or, where it has none, the pictures directly in it.

    A camera's JPEG beside its raw file is therefore not taken for a truth. Raises BadOption for a folder without any.
    """
    paths: list[Path] = []
    for given in inputs:
        if given.is_dir():
            paths += [*raw_files(given)] or list_images(given)
        else:
            paths.append(given)
    return paths


def run_ab(
    first: Method, second: Method, paths: Sequence[Path], report: Report = silent
) -> Iterator[FileComparison | FileProblem]:
    """Compares A and B on every file, one after the other; a file that cannot be used gives its error instead.

    Raw files are rendered as ``convert`` would, their truth is not known. Pictures are the truth of a simulated RAF
    (``ground_truth.round_trip_raf``), and are compared on their own area less 12 px.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for i, path in enumerate(paths):
            report(Progress(Stage.COMPARING, i, len(paths)))
            try:
                if is_raw(path):
                    yield _compare_raw(path, first, second)
                else:
                    yield _compare_picture(path, Path(scratch) / "picture.RAF", first, second)
            except FileProblem as error:
                yield error
    report(Progress(Stage.COMPARING, len(paths), len(paths)))


def write_sheets(
    entries: Sequence[SheetEntry], first: Method, second: Method, folder: Path, overwrite: bool
) -> list[Path]:
    """Writes the pages of a contact sheet, four pictures each; returns their paths. Raises WriteFailed."""
    paths = sheet_paths(len(entries), first, second, folder)
    for number, path in enumerate(paths):
        page = draw_page(entries[number * PER_PAGE : (number + 1) * PER_PAGE], first.name, second.name)
        with atomic_write(path, overwrite) as partial:
            page.save(partial, format="PNG", optimize=True)
    return paths


def sheet_paths(count: int, first: Method, second: Method, folder: Path) -> list[Path]:
    """Where ``write_sheets`` puts ``count`` pictures."""
    stem = f"ab_{first.name}_{second.name}".replace("/", "-")
    pages = -(-count // PER_PAGE)
    digits = len(str(pages))
    return [folder / f"{stem}_{number + 1:0{digits}}.png" for number in range(pages)]


def better(a: TruthScores, b: TruthScores) -> dict[str, int]:
    """Per mark: 1 where B is better, -1 where A is, 0 where they are equal."""
    gains = {"psnr_db": b.psnr_db - a.psnr_db, "ssim": b.ssim - a.ssim, "grid_codes": a.grid_codes - b.grid_codes}
    return {name: int(np.sign(gain)) for name, gain in gains.items()}


def difference_of(first: U16, second: U16, border: int = 0) -> Difference:
    """Of two full-range pictures u16 [H, W, 3] that lack a ``border`` all around; exact, by a histogram."""
    counts = np.zeros(1 << 16, dtype=np.int64)
    largest, row, column = -1, 0, 0
    for top in range(0, len(first), _STRIP):
        steps = np.abs(first[top : top + _STRIP].astype(np.int32) - second[top : top + _STRIP])
        counts += np.bincount(steps.ravel(), minlength=counts.size)
        if steps.max() > largest:
            y, x, _ = (int(v) for v in np.unravel_index(np.argmax(steps), steps.shape))
            largest, row, column = int(steps.max()), border + top + y, border + x
    values = np.arange(counts.size, dtype=np.float64)
    mean_square = float((counts * values**2).sum() / first.size)
    p999 = int(np.searchsorted(np.cumsum(counts), 0.999 * first.size))
    return Difference(mean_square**0.5 / _CODE, p999 / _CODE, largest / _CODE, row, column)


def _compare_raw(path: Path, first: Method, second: Method) -> FileComparison:
    frame = read_raw(path)
    mosaic = reconstruct_highlights(align(frame))
    pictures = [render_srgb(method(path, frame, mosaic), frame, NEUTRAL) for method in (first, second)]
    return _comparison(path, path.name, pictures, None)


def _compare_picture(path: Path, raf: Path, first: Method, second: Method) -> FileComparison:
    lin_truth = read_truth(path)
    frame = round_trip_raf(lin_truth, raf)
    height, width = lin_truth.shape[:2]
    lin_a, lin_b = (crop_border(method(raf, frame), height, width) for method in (first, second))
    lin_truth = crop_border(lin_truth, height, width)
    both = score_against_truth(lin_a, lin_truth), score_against_truth(lin_b, lin_truth)
    title = f"{path.name}, {both[0].psnr_db:.2f} dB and {both[1].psnr_db:.2f} dB"
    return _comparison(path, title, [_codes(lin) for lin in (lin_truth, lin_a, lin_b)], both)


def _codes(lin_srgb: F32) -> U16:
    return np.rint(srgb_encode(np.clip(lin_srgb, 0, 1)) * 65535).astype(np.uint16)


def _comparison(
    path: Path, title: str, pictures: list[U16], both: tuple[TruthScores, TruthScores] | None
) -> FileComparison:
    """``pictures`` are the truth, where it is known and less its border, A and B."""
    border = BORDER if both else 0
    difference = difference_of(pictures[-2], pictures[-1], border)
    return FileComparison(path, difference, both, cut_entry(title, pictures, border, difference.p999_codes))
