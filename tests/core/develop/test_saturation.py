"""Saturation in Oklab: greys stay, hue and lightness too, at every brightness."""

import numpy as np
import pytest

from xtdm_core.develop.color import oklab, rec2020_to_srgb
from xtdm_core.develop.saturation import saturated

COLOURS = np.random.default_rng(0).uniform(0.2, 0.6, (3, 500)).astype(np.float32)


def lab(light: np.ndarray) -> np.ndarray:
    return oklab((rec2020_to_srgb() @ light).T).T


def chroma(light: np.ndarray) -> np.ndarray:
    return np.hypot(*lab(light)[1:])


def test_nothing_asked_is_nothing_done() -> None:
    assert np.allclose(saturated(COLOURS, 0, 0), COLOURS, rtol=1e-5)


@pytest.mark.parametrize("saturation", [-0.5, 0.3])
def test_chroma_is_multiplied_and_hue_and_lightness_stay(saturation: float) -> None:
    before, after = lab(COLOURS), lab(saturated(COLOURS, saturation, 0))
    assert np.allclose(after[0], before[0], atol=2e-3)
    assert np.allclose(after[1:], before[1:] * (1 + saturation), atol=2e-3)


@pytest.mark.parametrize(("saturation", "vibrance"), [(0.5, 0.5), (-1, 0), (0, 1), (1, -1)])
def test_greys_stay_grey(saturation: float, vibrance: float) -> None:
    greys = np.repeat(np.geomspace(1e-4, 20, 50, dtype=np.float32)[None], 3, axis=0)
    assert np.allclose(saturated(greys, saturation, vibrance), greys, rtol=1e-3)


def test_without_saturation_all_is_grey() -> None:
    grey = saturated(COLOURS, -1, 0)
    assert np.ptp(grey / grey.mean(axis=0), axis=0).max() < 1e-3


@pytest.mark.parametrize(("saturation", "vibrance"), [(0.4, 0), (0, 0.8), (-0.3, -0.5)])
def test_highlights_far_above_white_are_treated_alike(saturation: float, vibrance: float) -> None:
    assert np.allclose(
        saturated(16 * COLOURS, saturation, vibrance), 16 * saturated(COLOURS, saturation, vibrance), rtol=1e-3
    )


def test_vibrance_prefers_what_is_pale_and_spares_skin() -> None:
    pale_blue, strong_blue = np.float32([[0.4], [0.45], [0.5]]), np.float32([[0.1], [0.2], [0.6]])
    skin = np.float32([[0.5], [0.41], [0.36]])
    gain = [float((chroma(saturated(c, 0, 1)) / chroma(c))[0]) for c in (pale_blue, strong_blue, skin)]
    assert gain[0] > gain[1] > 1
    assert gain[0] > gain[2] > 1


def test_nothing_comes_out_below_zero() -> None:
    vivid = np.float32([[1.0, 0.0, 0.0], [0.0, 1.0, 0.02], [0.0, 0.0, 1.0]])
    assert saturated(vivid, 1, 1).min() >= 0
