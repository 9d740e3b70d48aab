"""Demosaicing first, BM3D then."""

from pathlib import Path

import numpy as np

from tests.core.conftest import textured
from xtdm_core.demosaic.methods import Method
from xtdm_core.evaluation.ground_truth import shoot
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.evaluation.sequential import bm3d, sequential_methods
from xtdm_core.frame import Noise

NOISE = Noise(2e-3, 4e-6)


def test_white_noise_goes_and_brightness_stays() -> None:
    gains = np.array([1.95, 1.0, 1.65])
    truth = np.full((96, 96, 3), 0.2, np.float32)
    variance = NOISE.a * gains * truth + NOISE.b * gains**2
    noisy = truth + np.random.default_rng(0).standard_normal(truth.shape) * np.sqrt(variance)
    result = bm3d(noisy.astype(np.float32), NOISE, gains)
    assert result.std() < 0.25 * noisy.std()
    assert np.abs(result.mean((0, 1)) - truth.mean((0, 1))).max() < 2e-3


def test_what_follows_a_method_is_better_than_that_alone_where_there_is_noise(tmp_path: Path) -> None:
    truth = textured(100, 100)
    raf = tmp_path / "a.RAF"
    (with_bm3d,) = sequential_methods([])
    assert with_bm3d.name == "markesteijn3 + BM3D"
    plain = Method("markesteijn3")
    frame = shoot(truth, raf, NOISE)
    before = plain(raf, frame)[:100, :100]
    after = with_bm3d.finish(before, frame)
    assert psnr_srgb(after, truth) > psnr_srgb(before, truth)
    assert with_bm3d.finish(before, shoot(truth, raf)) is before
