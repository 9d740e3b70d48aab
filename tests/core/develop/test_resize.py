"""Smaller pictures: exact sizes, light kept, no rings, no aliases."""

import numpy as np
import pytest

from xtdm_core.develop.resize import shrink


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((400, 600), 300, (200, 300)),
        ((600, 401), 150, (150, 100)),
        ((3, 1000), 100, (1, 100)),
        ((50, 60), 60, (50, 60)),
    ],
)
def test_the_longer_side_fits(size: tuple[int, int], longest: int, expected: tuple[int, int]) -> None:
    small = shrink(np.zeros((*size, 3), np.float32), longest)
    assert small.shape == (*expected, 3)
    assert small.dtype == np.float32


def test_what_fits_is_not_touched() -> None:
    picture = np.zeros((50, 60, 3), np.float32)
    assert shrink(picture, 60) is picture


def test_light_is_kept_and_no_dark_ring_is_made() -> None:
    picture = np.full((600, 600, 3), 0.1, np.float32)
    picture[300, 300] = 500.0
    small = shrink(picture, 200)
    assert small.mean() == pytest.approx(picture.mean(), rel=1e-2)
    assert small.min() >= 0.1 - 1e-6


def test_stripes_finer_than_the_pixels_become_grey() -> None:
    picture = np.zeros((300, 300, 3), np.float32)
    picture[:, ::2] = 1
    small = shrink(picture, 60)[5:-5, 5:-5]
    assert np.abs(small - 0.5).max() < 0.02
