"""Noise that is left on flat fields, by octave."""

import numpy as np
import pytest

from xtdm_core.demosaic.methods import Method
from xtdm_core.evaluation.flat_noise import OCTAVES, evaluate_flat_noise, octaves
from xtdm_core.frame import Noise


def test_white_noise_halves_from_octave_to_octave() -> None:
    values = np.random.default_rng(0).standard_normal((768, 768)).astype(np.float32)
    found = octaves(values)
    assert len(found) == len(OCTAVES)
    # Means over 2^k px have a standard deviation of 2^-k; a quarter of that variance stays in the next octave.
    expected = [(3 / 4) ** 0.5 * 2.0**-k for k in range(len(OCTAVES))]
    assert found == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize(("period", "octave"), [(4, 0), (16, 2), (64, 4)])
def test_blotches_are_in_the_octave_of_their_size(period: int, octave: int) -> None:
    rows = np.arange(768)[:, None]
    blotches = np.sign(np.sin(2 * np.pi * (rows + 0.5) / period)) * np.ones((1, 768))
    found = octaves(blotches.astype(np.float32))
    assert int(np.argmax(found)) == octave + 1


def test_libraw_keeps_the_mean_and_most_of_the_noise() -> None:
    scores = evaluate_flat_noise([Method("bilinear")], Noise(1e-3, 1e-6))
    assert [score.grey for score in scores] == [0.0, 0.01, 0.18]
    grey = scores[-1]
    assert grey.mean_error < 0.5
    assert grey.luma[0] > 1
    assert sum(grey.luma) > sum(grey.chroma[3:])
