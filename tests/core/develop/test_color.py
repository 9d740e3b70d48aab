"""Colour: white stays white, the standards' numbers come out, DR modes agree."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.develop.color import (
    apply_matrix,
    camera_matrix,
    oklab,
    rec2020_to_srgb,
    rgb_to_xyz,
    srgb_decode,
    srgb_encode,
    to_rec2020,
)
from xtdm_core.simulation.camera import XT1_XYZ_TO_CAM, SensorModel, simulate_frame

FRAME = simulate_frame(np.ones((12, 12, 3), np.float32), SensorModel())


def test_srgb_matrix_is_the_standards() -> None:
    expected = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    assert np.allclose(rgb_to_xyz("srgb"), expected, atol=5e-5)


def test_rec2020_luminance_is_the_standards() -> None:
    assert np.allclose(rgb_to_xyz("rec2020")[1], [0.2627, 0.6780, 0.0593], atol=5e-5)


@pytest.mark.parametrize("space", ["rec2020", "srgb"])
def test_camera_white_becomes_white(space: str) -> None:
    assert np.allclose(camera_matrix(XT1_XYZ_TO_CAM, space) @ np.ones(3), 1)


def test_both_ways_to_srgb_agree() -> None:
    cam = np.random.default_rng(0).random((4, 5, 3), dtype=np.float32)
    direct = cam @ camera_matrix(XT1_XYZ_TO_CAM, "srgb").T * 2**0.72
    assert np.allclose(apply_matrix(rec2020_to_srgb(), to_rec2020(cam, FRAME)), direct, atol=1e-5)


def test_dynamic_range_modes_come_out_equally_bright() -> None:
    scene = 0.5
    values = []
    for bias in (-0.72, -1.72, -2.72):
        cam = np.full((1, 1, 3), scene * 2**bias, np.float32)
        values.append(to_rec2020(cam, replace(FRAME, exposure_bias=bias)))
    assert np.allclose(values, scene, atol=1e-6)


def test_a_missing_bias_is_assumed_and_said() -> None:
    assert replace(FRAME, exposure_bias=None).effective_bias == -0.72
    assert replace(FRAME, exposure_bias=-1.72).effective_bias == -1.72


def test_green_clips_at_the_documented_light() -> None:
    for bias, light in ((-0.72, 1.65), (-1.72, 3.29), (-2.72, 6.59)):
        lin = to_rec2020(np.ones((1, 1, 3), np.float32), replace(FRAME, exposure_bias=bias))
        assert lin[0, 0, 1] == pytest.approx(light, abs=0.01)


def test_srgb_transfer_round_trip_and_known_values() -> None:
    x = np.linspace(-0.1, 4, 1000, dtype=np.float32)
    assert np.allclose(srgb_decode(srgb_encode(x)), x, atol=1e-5)
    assert srgb_encode(np.float32([0.18]))[0] * 255 == pytest.approx(117.6, abs=0.1)


def test_oklab_known_values() -> None:
    assert np.allclose(oklab(np.ones(3)), [1, 0, 0], atol=1e-6)
    assert np.allclose(oklab(np.array([1.0, 0, 0])), [0.628, 0.225, 0.126], atol=1e-3)


def test_the_files_own_balance_changes_nothing_to_the_bit() -> None:
    cam = np.random.default_rng(0).random((4, 5, 3), dtype=np.float32)
    own = tuple(map(float, FRAME.wb))
    assert np.array_equal(to_rec2020(cam, FRAME, own), to_rec2020(cam, FRAME))


def test_another_balance_is_that_of_a_frame_shot_with_it() -> None:
    photosites = np.random.default_rng(0).random((4, 5, 3), dtype=np.float32)
    gains = (1.4, 1.0, 2.2)
    direct = to_rec2020(photosites * np.float32(gains), replace(FRAME, wb=np.array(gains)))
    assert np.allclose(to_rec2020(photosites * FRAME.wb.astype(np.float32), FRAME, gains), direct, atol=1e-5)


def test_blown_light_stays_neutral_in_another_balance_and_is_as_bright_as_its_brightest_channel() -> None:
    wb, gains = FRAME.wb.astype(np.float32), (1.4, 1.0, 2.2)
    level = float(wb.max()) * np.float32([1.0, 1.3, 4.0])
    blown = to_rec2020(np.repeat(level[:, None], 3, axis=1)[None], FRAME, gains)[0]
    assert np.ptp(blown, axis=1) == pytest.approx(0, abs=1e-5)
    as_shot = to_rec2020(np.repeat(level[:, None], 3, axis=1)[None], FRAME)[0]
    assert blown / as_shot == pytest.approx(np.full((3, 3), max(np.array(gains) / FRAME.wb)), rel=1e-5)


def test_a_lamp_that_clips_keeps_its_colour_in_another_balance() -> None:
    lamp = np.float32([[[9.0, 2.5, 6.0]]])
    gains = (1.4, 1.0, 2.2)
    expected = to_rec2020(lamp * (np.array(gains) / FRAME.wb).astype(np.float32), FRAME)
    assert np.allclose(to_rec2020(lamp, FRAME, gains), expected, rtol=1e-5)


def test_the_passage_to_blown_light_is_monotone_in_another_balance() -> None:
    """A white surface that becomes brighter: first green clips, then blue, at last red."""
    light = np.linspace(0.5, 3, 400, dtype=np.float32)
    shown = to_rec2020(np.repeat(light[:, None], 3, axis=1)[None], FRAME, (1.2, 1.0, 2.4))[0]
    assert (np.diff(shown, axis=0) >= -1e-5).all()
    assert np.abs(np.diff(shown, axis=0)).max() < 0.06  # no step
