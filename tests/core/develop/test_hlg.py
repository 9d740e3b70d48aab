"""HLG against the numbers of BT.2100 and BT.2408."""

import numpy as np
import pytest

from xtdm_core.develop.hlg import CEILING_EV, DIFFUSE_WHITE_E, inverse_oetf, oetf, quantise


@pytest.mark.parametrize(
    ("scene", "signal"),
    [
        (0, 0),
        (1 / 1200, 0.05),
        (0.01, 0.173205),
        (0.015, 0.212132),
        (1 / 12, 0.5),
        (0.18, 0.672358),
        (0.5, 0.871643),
        (1, 1),
    ],
)
def test_oetf_known_values(scene: float, signal: float) -> None:
    assert float(oetf(np.float32([scene]))[0]) == pytest.approx(signal, abs=2e-6)


def test_inverse_undoes_the_oetf() -> None:
    for scene in np.linspace(0.001, 1, 50):
        assert inverse_oetf(float(oetf(np.float32([scene]))[0])) == pytest.approx(scene, rel=1e-4)


def test_diffuse_white_is_at_75_percent() -> None:
    assert pytest.approx(0.264962560, abs=1e-8) == DIFFUSE_WHITE_E
    assert pytest.approx(1.916, abs=1e-3) == CEILING_EV


def test_codes_of_the_full_range() -> None:
    codes = quantise(oetf(np.float32([-1, 0, 1 / 1200, 0.01, 0.015, 0.18, 0.5, 1, 7])))
    assert codes.tolist() == [0, 0, 51, 177, 217, 688, 892, 1023, 1023]
