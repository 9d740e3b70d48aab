"""Made pictures with artifacts of known strength: each figure sees its own, and nothing in a clean one."""

import numpy as np
import pytest

from xtdm_core.develop.color import srgb_encode
from xtdm_core.frame import F32
from xtdm_core.inspection.artifacts import score_artifacts

SIDE = 240


def bars(noise: float = 0.0) -> F32:
    """Blurred upright bars of grey in codes, with noise."""
    at = np.arange(SIDE) % 40
    profile = np.convolve(np.tile(np.where(at < 20, 60.0, 160.0), 3), [0.25, 0.5, 0.25], "same")[SIDE:-SIDE]
    codes = np.broadcast_to(profile[None, :, None], (SIDE, SIDE, 3))
    return (codes + noise * np.random.default_rng(0).normal(size=codes.shape)).astype(np.float32)


def edges(codes: F32) -> np.ndarray:
    return np.abs(np.gradient(codes[..., 1], axis=1)) > 10


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_clean_edges_have_nothing(noise: float) -> None:
    score = score_artifacts(bars(noise))
    assert max(score.false_colour, score.zipper, score.maze) < 0.05 + 0.3 * noise


@pytest.mark.parametrize("amplitude", [1.0, 4.0])
def test_a_zipper_along_edges_is_measured_in_codes(amplitude: float) -> None:
    codes = bars()
    sign = np.where(np.arange(SIDE) % 2, 1, -1)[:, None, None]
    codes = codes + np.float32(amplitude) * (sign * edges(codes)[..., None])
    for turned in (codes, codes.swapaxes(0, 1)):
        score = score_artifacts(np.ascontiguousarray(turned, np.float32))
        assert score.zipper == pytest.approx(amplitude, rel=0.1)
        assert score.false_colour < 0.05 * amplitude


@pytest.mark.parametrize("amplitude", [2.0, 8.0])
def test_specks_of_colour_at_edges_are_false_colour(amplitude: float) -> None:
    codes = bars()
    specks = np.random.default_rng(1).random((SIDE, SIDE)) < 0.1
    codes[..., 0] += amplitude * (specks & edges(codes))
    score = score_artifacts(codes)
    assert score.false_colour == pytest.approx(amplitude * (0.1 / 2) ** 0.5, rel=0.2)
    assert score.maze < 0.05 * amplitude


@pytest.mark.parametrize("amplitude", [1.0, 4.0])
def test_cells_that_alternate_both_ways_are_a_maze(amplitude: float) -> None:
    codes = bars()
    checks = np.where(np.indices((SIDE, SIDE)).sum(0) % 2, 1, -1)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(edges(codes), 3), (7, 7)).any((2, 3))
    codes += np.float32(amplitude) * (checks * near)[..., None].astype(np.float32)
    assert score_artifacts(codes).maze == pytest.approx(amplitude, rel=0.2)


def test_a_picture_without_edges_has_no_figure() -> None:
    score = score_artifacts(np.full((60, 60, 3), 90, np.float32))
    assert np.isnan([score.false_colour, score.zipper, score.maze]).all()


def test_strips_meet() -> None:
    tall = np.tile(bars(1.0), (3, 1, 1))
    whole, half = score_artifacts(tall), score_artifacts(np.ascontiguousarray(tall[:, :120]))
    assert whole.zipper == pytest.approx(half.zipper, abs=0.2)


def test_mixtures_along_an_edge_between_colours_are_no_false_colour() -> None:
    linear = np.zeros((SIDE, SIDE, 3), np.float32)
    rows, cols = np.indices((SIDE, SIDE))
    share = (cols - SIDE / 2 + 0.2 * rows).clip(-1, 1)[..., None] / 2 + 0.5
    linear[:] = share * np.array([0.8, 0.1, 0.1]) + (1 - share) * np.array([0.05, 0.5, 0.1])
    assert score_artifacts(srgb_encode(linear) * np.float32(255)).false_colour < 0.1
