"""The local fold finds a grid of known amplitude and is not fooled by noise."""

import numpy as np
import pytest

from xtdm_core.inspection.grid import local_fold_f, local_fold_map, local_fold_rms, worst_places


def grid(side: int = 480) -> np.ndarray:
    """A 6x6 pattern of sample standard deviation 1 and mean 0."""
    pattern = np.random.default_rng(3).normal(size=(6, 6))
    pattern = (pattern - pattern.mean()) / pattern.std(ddof=1)
    return np.tile(pattern, (side // 6, side // 6)).astype(np.float32)


@pytest.mark.parametrize("amplitude", [0.05, 0.5, 3.0])
def test_known_amplitude_is_found(amplitude: float) -> None:
    assert local_fold_rms(amplitude * grid()) == pytest.approx(amplitude, rel=1e-5)


def test_amplitude_is_found_under_noise() -> None:
    noise = np.random.default_rng(0).normal(size=(480, 480)).astype(np.float32)
    assert local_fold_rms(0.5 * grid() + noise) == pytest.approx(0.5, rel=0.05)


def test_noise_alone_shows_next_to_nothing() -> None:
    noise = np.random.default_rng(0).normal(size=(960, 960)).astype(np.float32)
    assert local_fold_rms(noise) < 0.02


def test_a_sign_that_varies_from_place_to_place_does_not_hide_the_grid() -> None:
    signs = np.where(np.indices((10, 10)).sum(0) % 2, 1, -1).repeat(48, 0).repeat(48, 1)
    assert local_fold_rms(grid() * signs) == pytest.approx(1, rel=1e-5)


def test_channels_count_together() -> None:
    both = np.stack([grid(), np.zeros_like(grid())], axis=-1)
    assert local_fold_rms(both) == pytest.approx(0.5**0.5, rel=1e-5)


def test_too_small_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="48"):
        local_fold_rms(np.zeros((40, 400), np.float32))


def test_f_tells_a_grid_from_noise() -> None:
    noise = np.random.default_rng(0).normal(size=(480, 480)).astype(np.float32)
    assert local_fold_f(noise) == pytest.approx(1, abs=0.05)
    # n x variance of the grid over that of the noise, and 1 for the noise itself
    assert local_fold_f(noise + 0.5 * grid()) == pytest.approx(1 + 64 * 0.25, rel=0.05)
    assert local_fold_f(np.zeros((48, 48), np.float32)) == 1
    assert local_fold_f(grid(48)) == float("inf")


def test_worst_places_are_where_the_grid_was_planted_and_apart() -> None:
    residual = np.random.default_rng(0).normal(size=(480, 480)).astype(np.float32)
    residual[192:288, 96:144] += 2 * grid()[192:288, 96:144]
    residual[0:48, 432:480] += grid(48)
    residual[192:240, 144:192] += grid(48)
    amplitude, f = local_fold_map(residual)
    assert amplitude.shape == f.shape == (10, 10)
    places = worst_places(amplitude, f)
    assert [(p.y // 48, p.x // 48) for p in places] in ([(4, 2), (0, 9)], [(5, 2), (0, 9)])
    assert places[0].amplitude == pytest.approx(2, rel=0.05)
    assert len(worst_places(amplitude, f, apart=1)) == 4
    assert len(worst_places(amplitude, f, count=1)) == 1
