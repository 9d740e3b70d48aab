"""Measures demosaicing on made material: torture patterns, saturated edges and flat fields."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from xtdm_core.datasets.patterns import KINDS, torture_image
from xtdm_core.demosaic.methods import Method
from xtdm_core.develop.color import srgb_encode
from xtdm_core.evaluation.ground_truth import BORDER, inside, shoot
from xtdm_core.evaluation.metrics import mean_square_srgb, psnr_db
from xtdm_core.frame import F32
from xtdm_core.inspection.grid import local_fold_rms
from xtdm_core.progress import Progress, Report, Stage, silent

# Training draws its patterns with small seeds; these pictures it never sees.
SEED = 20_260_000
SIDE = 192
# The error that rounding to 8-bit codes makes by itself: 58.9 dB. What is better than that looks the same.
FLOOR = 1 / 12 / 255**2
_FEWEST_COLUMNS = 3  # of a sheet, so that it has the 600 px that LibRaw needs
_SUPERSAMPLING = 4

# Linear camera RGB after white balance.
SATURATED = {
    "red": (0.8, 0.02, 0.02),
    "green": (0.03, 0.6, 0.05),
    "blue": (0.03, 0.05, 0.7),
    "cyan": (0.03, 0.6, 0.7),
    "magenta": (0.7, 0.04, 0.6),
    "yellow": (0.8, 0.7, 0.03),
}
FLAT = {"grey": (0.18, 0.18, 0.18), "white": (1.0, 1.0, 1.0), **SATURATED}
_PAIRS = list(combinations(SATURATED.values(), 2))

Painter = Callable[[int], F32]


@dataclass(frozen=True, slots=True)
class PatternScore:
    """One kind of pattern, one method.

    mean_squares  of each image, in sRGB, white = 1
    """

    kind: str
    method: str
    mean_squares: tuple[float, ...]

    @property
    def psnr_db(self) -> float:
        """In sRGB, of the mean square error over all images.

        Errors below those of rounding to 8 bits count as those, so that 58.9 dB is the most.
        """
        return psnr_db(float(np.mean(self.mean_squares)), FLOOR)

    @property
    def mean_image_psnr_db(self) -> float:
        """The mean of the images' own PSNRs, each capped the same: easy images count as much as hard ones."""
        return float(np.mean([psnr_db(error, FLOOR) for error in self.mean_squares]))

    def better_on(self, other: PatternScore) -> int:
        """On how many images this method is visibly nearer the truth than ``other`` of the same kind."""
        pairs = zip(self.mean_squares, other.mean_squares, strict=True)
        return sum(max(mine, FLOOR) < max(theirs, FLOOR) for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class FlatScore:
    """A constant colour: the local 6x6 amplitude of what a method makes of it, in 8-bit sRGB codes."""

    colour: str
    method: str
    grid_codes: float


def evaluate_patterns(methods: Sequence[Method], count: int, report: Report = silent) -> list[PatternScore]:
    """Scores every method on ``count`` images of each kind; always the same images.

    The images of a kind share one RAF, each in a frame of its own mirrored surroundings, and are scored on their
    own areas less 12 px.
    """
    kinds = pattern_kinds()
    scores = []
    with tempfile.TemporaryDirectory() as scratch:
        for done, (kind, paint) in enumerate(kinds.items()):
            report(Progress(Stage.EVALUATING_PATTERNS, done, len(kinds)))
            images = [paint(i) for i in range(count)]
            raf = Path(scratch) / "sheet.RAF"
            frame = shoot(make_sheet(images), raf)
            for method in methods:
                seen = cut_sheet(method(raf, frame), images)
                pairs = zip(seen, images, strict=True)
                errors = tuple(mean_square_srgb(one, inside(truth, *truth.shape[:2])) for one, truth in pairs)
                scores.append(PatternScore(kind, method.name, errors))
    report(Progress(Stage.EVALUATING_PATTERNS, len(kinds), len(kinds)))
    return [*scores, *_pooled("edges, all of these", [s for s in scores if s.kind.startswith("edges")])]


def _pooled(kind: str, scores: Sequence[PatternScore]) -> list[PatternScore]:
    """The images of several kinds as one kind."""
    methods = dict.fromkeys(score.method for score in scores)
    errors = {name: [e for s in scores if s.method == name for e in s.mean_squares] for name in methods}
    return [PatternScore(kind, name, tuple(errors[name])) for name in methods]


def evaluate_flat(methods: Sequence[Method], report: Report = silent) -> list[FlatScore]:
    """Constant colours in, 6x6 amplitude out; nothing is clipped, so that white shows its grid too."""
    scores = []
    with tempfile.TemporaryDirectory() as scratch:
        for done, (colour, cam_rgb) in enumerate(FLAT.items()):
            report(Progress(Stage.EVALUATING_FLAT_FIELDS, done, len(FLAT)))
            field = np.broadcast_to(np.array(cam_rgb, np.float32), (SIDE, SIDE, 3))
            raf = Path(scratch) / "flat.RAF"
            frame = shoot(field, raf)
            for method in methods:
                codes = srgb_encode(inside(method(raf, frame), *frame.mosaic.shape)) * 255
                scores.append(FlatScore(colour, method.name, local_fold_rms(codes)))
    report(Progress(Stage.EVALUATING_FLAT_FIELDS, len(FLAT), len(FLAT)))
    return scores


def pattern_kinds() -> dict[str, Painter]:
    """Per kind of pattern: what paints image number i, linear RGB f32 [192, 192, 3]."""
    torture = {f"{kind:2} {name}": partial(_torture, kind) for kind, name in enumerate(KINDS)}
    return {
        **torture,
        "edges slanted": _slanted,
        "edges curved": _curved,
        "edges along rows or columns": _aligned,
    }


def make_sheet(images: Sequence[F32]) -> F32:
    """Linear RGB f32 of at least 648 px a side: the images f32 [S, S, 3] in rows, each mirrored outwards by 12 px."""
    columns = max(_FEWEST_COLUMNS, _columns(len(images)))
    rows = max(_FEWEST_COLUMNS, -(-len(images) // columns))
    cells = [np.pad(image, [(BORDER, BORDER), (BORDER, BORDER), (0, 0)], mode="reflect") for image in images]
    # Repeats fill up what is left of the last row.
    filled = [cells[i % len(cells)] for i in range(rows * columns)]
    return np.vstack([np.hstack(filled[row * columns : (row + 1) * columns]) for row in range(rows)])


def cut_sheet(cam_rgb: F32, images: Sequence[F32]) -> list[F32]:
    """What is scored of each image of a demosaiced sheet: f32 [S - 24, S - 24, 3]."""
    columns = max(_FEWEST_COLUMNS, _columns(len(images)))
    side = images[0].shape[0]
    pitch = side + 2 * BORDER
    corners = [(i // columns * pitch + BORDER, i % columns * pitch + BORDER) for i in range(len(images))]
    return [inside(cam_rgb[top : top + side, left : left + side], side, side) for top, left in corners]


def _columns(count: int) -> int:
    return int(np.ceil(np.sqrt(count)))


def _torture(kind: int, number: int) -> F32:
    return torture_image(kind, (SEED, kind, number), SIDE)


def _slanted(number: int) -> F32:
    """Stripes 8 to 40 px wide at any angle."""
    rng = np.random.default_rng((SEED, 100, number))
    angle, width = rng.uniform(0, np.pi), rng.uniform(8, 40)
    return _two_colours(number, lambda y, x: (x * np.cos(angle) + y * np.sin(angle)) // width % 2 == 0)


def _curved(number: int) -> F32:
    """Rings 8 to 40 px wide around a point near the middle."""
    rng = np.random.default_rng((SEED, 101, number))
    (y0, x0), width = rng.uniform(SIDE / 4, 3 * SIDE / 4, 2), rng.uniform(8, 40)
    return _two_colours(number, lambda y, x: np.hypot(y - y0, x - x0) // width % 2 == 0)


def _aligned(number: int) -> F32:
    """Stripes 8 to 40 px wide whose edges run along rows or columns, on the borders of pixels."""
    rng = np.random.default_rng((SEED, 102, number))
    width, start, upright = rng.integers(8, 41), rng.integers(40), rng.random() < 0.5
    return _two_colours(number, lambda y, x: ((x if upright else y) + start) // width % 2 == 0)


def _two_colours(number: int, shape: Callable[[F32, F32], np.ndarray]) -> F32:
    """A pair of saturated colours; every other image is sampled 4x4 times a pixel, the rest have hard stairs."""
    first, second = _PAIRS[number % len(_PAIRS)]
    scale = _SUPERSAMPLING if number % 2 else 1
    at = ((np.arange(SIDE * scale) + 0.5) / scale).astype(np.float32)
    fine = np.broadcast_to(shape(at[:, None], at[None, :]), (at.size, at.size))
    share = fine.reshape(SIDE, scale, SIDE, scale).mean(axis=(1, 3), dtype=np.float32)
    return np.stack([share * a + (1 - share) * b for a, b in zip(first, second, strict=True)], axis=-1)
