"""The local fold finds a grid of known amplitude and is not fooled by noise."""

import numpy as np
import pytest

from xtdm_core.inspection.grid import CERTAIN_F, f_ratio, local_fold_rms, worst_places


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


def test_f_where_nothing_is_unexplained() -> None:
    assert f_ratio(3.0, 2.0) == 1.5
    assert f_ratio(0.0, 0.0) == 1
    assert f_ratio(3.0, 0.0) == float("inf")


def test_worst_places_are_certain_strong_and_apart() -> None:
    amplitude, f = np.full((10, 10), 0.1, np.float32), np.ones((10, 10), np.float32)
    for row, column, strength in ((4, 2, 2.0), (5, 2, 1.9), (4, 3, 1.0), (0, 9, 1.2)):
        amplitude[row, column], f[row, column] = strength, 50
    amplitude[8, 8], f[8, 8] = 9, CERTAIN_F  # may be chance
    amplitude[8, 0] = f[8, 0] = np.nan
    places = worst_places(amplitude, f)
    assert [(p.y // 48, p.x // 48) for p in places] == [(4, 2), (0, 9)]
    assert (places[0].x, places[0].y, places[0].amplitude) == (2 * 48 + 24, 4 * 48 + 24, 2.0)
    assert len(worst_places(amplitude, f, apart=1)) == 4
    assert len(worst_places(amplitude, f, count=1)) == 1
