"""Temperature and tint to gains and back, against published chromaticities; neutral by a grey spot."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.develop.color import camera_matrix, to_rec2020
from xtdm_core.develop.white_balance import (
    TEMPERATURE_RANGE,
    as_shot,
    daylight,
    gains_of_light,
    light_of_gains,
    pick_neutral,
)
from xtdm_core.errors import BadOption
from xtdm_core.frame import RawFrame
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align, phases

FRAME = simulate_frame(np.full((60, 66, 3), 0.3, np.float32), SensorModel())


def chromaticity(frame: RawFrame, gains: tuple[float, float, float]) -> np.ndarray:
    xyz = np.linalg.solve(frame.xyz_to_cam, 1 / np.array(gains))
    return xyz[:2] / xyz.sum()


# CIE 015:2018: D50, D55, D65, D75; Planckian radiators after Wyszecki and Stiles, table I(6.5.3).
@pytest.mark.parametrize(
    ("kelvin", "xy"),
    [
        (5003, (0.3457, 0.3585)),
        (5503, (0.3324, 0.3474)),
        (6504, (0.3127, 0.3290)),
        (7504, (0.2990, 0.3149)),
        (2000, (0.5267, 0.4133)),
        (2856, (0.4476, 0.4074)),
        (3500, (0.4053, 0.3907)),
    ],
)
def test_lights_of_the_loci(kelvin: float, xy: tuple[float, float]) -> None:
    assert chromaticity(FRAME, gains_of_light(FRAME, kelvin, 0)) == pytest.approx(xy, abs=4e-4)


@pytest.mark.parametrize("tint", [-150, -60, 0, 25, 60])
def test_light_to_gains_and_back(tint: float) -> None:
    for kelvin in np.geomspace(2400, 25000, 41):
        found = light_of_gains(FRAME, gains_of_light(FRAME, kelvin, tint))
        assert found[0] == pytest.approx(kelvin, rel=1e-6)
        assert found[1] == pytest.approx(tint, abs=1e-4)


@pytest.mark.parametrize("wb", [(1.31, 1, 2.62), (1.95, 1, 1.65), (2.73, 1, 1.37)])
def test_gains_to_light_and_back(wb: tuple[float, float, float]) -> None:
    frame = replace(FRAME, wb=np.array(wb, np.float64))
    assert gains_of_light(frame, *light_of_gains(frame, as_shot(frame))) == pytest.approx(wb, rel=1e-9)


def test_the_passage_between_the_loci_has_no_jump() -> None:
    kelvins = np.linspace(3300, 4200, 901)
    reds = np.array([gains_of_light(FRAME, kelvin, 0)[0] for kelvin in kelvins])
    steps = np.diff(reds)
    assert (steps > 0).all()
    assert steps.max() < 4 * np.median(steps)


def test_warmer_light_asks_for_less_red_and_greener_light_for_more_magenta() -> None:
    red, _, blue = gains_of_light(FRAME, 3000, 0)
    cold_red, _, cold_blue = gains_of_light(FRAME, 8000, 0)
    assert red < cold_red
    assert blue > cold_blue
    neutral, greener = (np.array(gains_of_light(FRAME, 5000, tint)) for tint in (0, 30))
    assert (greener[[0, 2]] > neutral[[0, 2]]).all()


def test_a_light_beyond_the_range_gets_its_end() -> None:
    blue = np.linalg.inv(camera_matrix(FRAME.xyz_to_cam, "srgb")) @ [0.3, 0.5, 1.0]
    kelvin, _ = light_of_gains(FRAME, (float(blue[1] / blue[0]), 1.0, float(blue[1] / blue[2])))
    assert kelvin == pytest.approx(TEMPERATURE_RANGE[1])


def test_a_light_that_is_no_white_is_refused() -> None:
    with pytest.raises(BadOption, match="weaker tint"):
        gains_of_light(FRAME, 2000, 150)


def test_daylight_is_the_files_or_d65() -> None:
    assert daylight(FRAME) == pytest.approx(FRAME.daylight_wb)
    silent = replace(FRAME, daylight_wb=np.full(3, np.nan))
    assert daylight(silent) == pytest.approx(gains_of_light(FRAME, 6504, 0))


@pytest.mark.parametrize("phase", [0, 4, 11])
def test_a_picked_spot_becomes_neutral(phase: int) -> None:
    truth = np.full((121, 133, 3), 0.1, np.float32)
    truth[40:70, 50:90] = np.float32([0.4, 0.5, 0.3])
    frame = simulate_frame(truth, SensorModel(cfa=phases()[phase]))
    gains = pick_neutral(align(frame), 70, 55)
    assert np.array(gains) / frame.wb == pytest.approx(0.5 / np.array([0.4, 0.5, 0.3]), rel=1e-3)
    light = to_rec2020(truth[55:56, 70:71], frame, gains)[0, 0]
    assert np.ptp(light) / light.max() < 1e-3


def test_spots_at_the_edges_are_averaged_within_the_picture() -> None:
    frame = simulate_frame(np.full((60, 66, 3), 0.3, np.float32), SensorModel(cfa=phases()[10]))
    for x, y in ((0, 0), (65, 0), (0, 59), (65, 59)):
        assert pick_neutral(align(frame), x, y) == pytest.approx(frame.wb, rel=1e-3)


def test_few_clipped_photosites_are_left_out() -> None:
    truth = np.full((60, 66, 3), 0.3, np.float32)
    truth[30:33, 20:40] = 9
    frame = simulate_frame(truth, SensorModel())
    assert pick_neutral(align(frame), 30, 30) == pytest.approx(frame.wb, rel=1e-3)


@pytest.mark.parametrize(("level", "sentence"), [(5.0, "blown out"), (0.0005, "too dark")])
def test_spots_without_colour_are_refused(level: float, sentence: str) -> None:
    frame = simulate_frame(np.full((60, 66, 3), level, np.float32), SensorModel())
    with pytest.raises(BadOption, match=sentence):
        pick_neutral(align(frame), 30, 30)


def test_a_point_outside_is_refused() -> None:
    with pytest.raises(BadOption, match="outside"):
        pick_neutral(align(FRAME), 66, 0)
