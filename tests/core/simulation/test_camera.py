"""The software camera: levels, noise and clipping as asked for."""

import numpy as np
import pytest

from xtdm_core.simulation.camera import P0, SensorModel, simulate_frame
from xtdm_core.xtrans import tile_pattern


def flat(value: float, side: int = 120) -> np.ndarray:
    return np.full((side, side, 3), value, np.float32)


def test_levels_and_gains() -> None:
    frame = simulate_frame(flat(0.5), SensorModel())
    gains = tile_pattern(np.float32([1.95, 1, 1.65])[P0], 120, 120)
    assert np.abs(frame.mosaic - (1024 + (16383 - 1024) * 0.5 / gains)).max() <= 0.5


def test_the_white_level_clips() -> None:
    frame = simulate_frame(flat(5.0), SensorModel())
    assert (frame.mosaic == 16383).all()


def test_noise_has_the_variance_asked_for() -> None:
    a, b = 1e-3, 2e-3
    frame = simulate_frame(flat(0.4, 600), SensorModel(wb=(1, 1, 1), noise=(a, b), seed=3))
    signal = (frame.mosaic.astype(float) - 1024) / (16383 - 1024)
    assert signal.mean() == pytest.approx(0.4, abs=2e-4)
    assert signal.var() == pytest.approx(a * 0.4 + b * b, rel=0.02)


def test_the_seed_decides_the_noise() -> None:
    one, same, other = (simulate_frame(flat(0.4), SensorModel(noise=(1e-3, 0), seed=s)).mosaic for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
