"""Fujifilm's curves at the published points."""

import numpy as np
import pytest

from xtdm_core.choices import LutInput
from xtdm_core.develop.log_curves import _to_f_gamut_c, log_encode


def code(light: float, encoding: LutInput) -> float:
    return float(log_encode(np.full((3, 1), light, np.float32), encoding)[1, 0])


@pytest.mark.parametrize(
    ("encoding", "grey", "white"),
    [(LutInput.F_LOG, 0.4593, 0.6895), (LutInput.F_LOG2, 0.3910, 0.5571), (LutInput.F_LOG2C, 0.3910, 0.5571)],
)
def test_grey_and_white_have_their_published_codes(encoding: LutInput, grey: float, white: float) -> None:
    assert code(0.18, encoding) == pytest.approx(grey, abs=2e-4)
    assert code(0.9, encoding) == pytest.approx(white, abs=2e-4)
    assert code(0.0, encoding) == pytest.approx(0.092864, abs=1e-4)


@pytest.mark.parametrize("encoding", [LutInput.F_LOG, LutInput.F_LOG2])
def test_the_curve_has_no_step(encoding: LutInput) -> None:
    light = np.repeat(np.linspace(0, 0.003, 3001, dtype=np.float32)[None], 3, axis=0)
    steps = np.diff(log_encode(light, encoding)[0])
    assert np.abs(steps).max() < 2e-4  # the published figures leave 1e-4 between the two parts of F-Log


def test_bt2020_lies_within_f_gamut_c() -> None:
    published = [[0.80589, 0.15692, 0.03719], [0.04450, 0.85447, 0.10103], [0, 0.02578, 0.97422]]
    assert np.allclose(_to_f_gamut_c(), published, atol=2e-4)
