"""Known values spread over gaps, and looked up by likeness."""

import numpy as np
import pytest

from xtdm_core.develop.highlight_context import NEARNESS, like_colours, spread_known

ROWS, COLS = (a.ravel() for a in np.indices((97, 130)))


def test_a_constant_stays_one_and_nearness_falls_with_distance() -> None:
    values = np.full((97, 130, 2), (0.3, -2), np.float32)
    weights = np.zeros((97, 130), np.float32)
    weights[:, :10] = 1
    values[weights == 0] = 9  # what has no weight is not looked at
    found = spread_known(np.moveaxis(values, -1, 0), weights).at(ROWS, COLS)
    assert found.shape == (ROWS.size, 2 + NEARNESS)
    assert found[:, :2] == pytest.approx(np.broadcast_to((0.3, -2), (ROWS.size, 2)), abs=1e-5)
    near = found[:, 2].reshape(97, 130)
    assert near[50, 2] == pytest.approx(1)
    assert near[50, 60] == 0
    assert (np.diff(found[:, 4].reshape(97, 130)[50]) <= 1e-6).all()


def test_strong_surroundings_win_over_weak_ones_that_are_nearer() -> None:
    """A dark twig in the sky: its own colour counts for little even right beside it."""
    values = np.zeros((96, 128), np.float32)
    weights = np.zeros((96, 128), np.float32)
    weights[:, :20] = 1  # the sky
    values[:, 60:64], weights[:, 60:64] = 1, 1e-3  # the twig
    found = spread_known([values], weights).at(np.array([48]), np.array([58]))
    assert found[0, 0] < 0.1


def test_nothing_known_is_zero() -> None:
    found = spread_known(np.ones((1, 5, 7), np.float32), np.zeros((5, 7), np.float32))
    assert (found.at(np.array([0, 4]), np.array([0, 6])) == 0).all()


def test_like_colours_tell_two_materials_apart_where_they_are_mixed() -> None:
    """Leaves and sky in one place: what clips of the sky asks for the sky's green, not for that of the leaves."""
    rng = np.random.default_rng(0)
    leaf = rng.random((96, 128)) < 0.5
    key = np.where(leaf, 1.0, -0.5).astype(np.float32)
    offsets = np.where(leaf, 0.8, 0.1).astype(np.float32)
    ask = np.array([40, 41]), np.array([60, 60])
    found = like_colours(offsets, key, np.ones((96, 128), np.float32), *ask, np.float32([-0.5, 1.0]))
    assert found == pytest.approx([0.1, 0.8], abs=0.03)


def test_like_colours_of_nothing_known_are_on_the_line_of_daylight() -> None:
    nothing = np.zeros((10, 10), np.float32)
    assert like_colours(nothing, nothing, nothing, np.array([3]), np.array([4]), np.float32([0.2]))[0] == 0
