"""Shots whose truth is known, and their marks."""

from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.evaluation.ground_truth import BORDER, inside, marks, shoot
from xtdm_core.frame import Noise
from xtdm_core.inspection.grid import WINDOW
from xtdm_core.xtrans import align, mosaic


def test_a_shot_is_the_picture_within_quantisation(tmp_path: Path) -> None:
    truth = textured(100, 130)
    frame = shoot(truth, tmp_path / "a.RAF")
    assert frame.mosaic.shape == (600, 600)
    seen = align(frame)
    corner = seen.values[seen.top : seen.top + 100, seen.left : seen.left + 130]
    expected = mosaic(truth / np.float32([1.95, 1, 1.65]), frame.cfa)
    assert np.abs(corner - expected).max() <= 0.51 / (16383 - 1024)


def test_noise_has_the_variance_asked_for(tmp_path: Path) -> None:
    grey = np.full((600, 600, 3), 0.5, np.float32)
    clean, noisy, again = (
        align(shoot(grey, tmp_path / "a.RAF", noise, seed=3)).values
        for noise in (None, Noise(1.6e-4, 1.6e-7), Noise(1.6e-4, 1.6e-7))
    )
    assert np.array_equal(noisy, again)
    variance = float(np.mean((noisy - clean) ** 2 / (1.6e-4 * clean + 1.6e-7)))
    assert variance == pytest.approx(1, abs=0.02)


def test_marks_of_the_truth_itself() -> None:
    truth = textured(80, 90)
    own = marks(truth, truth)
    assert (own.psnr_db, own.ssim, own.grid_codes) == (120, 1, 0)


def test_scored_is_what_lies_inside_the_border() -> None:
    assert BORDER * 2 + WINDOW == 72
    picture = textured(100, 100)
    assert np.array_equal(inside(picture, 72, 80), picture[12:60, 12:68])
