"""Frames with imbalances of known size: what the raw has, and what a picture shows, in the right units."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.develop.color import srgb_encode
from xtdm_core.inspection.score import heat_colours, raw_codes, raw_percent, score_picture, score_raw, visible_codes
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align, phases, tile_pattern


def grey(level: float = 0.2, side: int = 480) -> np.ndarray:
    return np.full((side, side, 3), level, np.float32)


def imbalance(cfa: np.ndarray, percent: float) -> np.ndarray:
    """f32 [6, 6] of gains: one half of the greens is ``percent`` brighter than the other."""
    gains = np.ones((6, 6), np.float32)
    greens = np.argwhere(cfa == 1)[::2]
    gains[tuple(greens.T)] += percent / 100
    return gains


@pytest.mark.parametrize("number", range(18))
def test_an_imbalance_of_the_greens_is_found_in_percent(number: int) -> None:
    cfa = phases()[number]
    frame = simulate_frame(grey(), SensorModel(cfa=cfa))
    values = align(frame).visible * tile_pattern(imbalance(cfa, 1.0), 480, 480)
    score = score_raw(values, frame)
    red, green, blue = score.percent.rms_per_part
    # Ten greens half a percent above their mean and ten below: a sample deviation of 0.5 x sqrt(20 / 19).
    assert green == pytest.approx(0.5 * (20 / 19) ** 0.5, rel=0.02)
    assert max(red, blue) < 0.01
    high = np.argwhere(score.percent.heat[..., 0] > 0.3)
    assert high.tolist() == np.argwhere(cfa == 1)[::2].tolist()


def test_the_imbalance_is_found_under_photon_noise() -> None:
    frame = simulate_frame(grey(side=960), SensorModel(noise=(1e-4, 1e-3)))
    values = align(frame).visible
    assert score_raw(values, frame).percent.rms_per_part[1] < 0.1
    uneven = values * tile_pattern(imbalance(frame.cfa, 1.0), 960, 960)
    assert score_raw(uneven, frame).percent.rms_per_part[1] == pytest.approx(0.513, rel=0.05)


def test_the_raws_codes_are_those_of_a_grey_as_bright() -> None:
    frame = simulate_frame(grey(0.11), SensorModel())
    values = align(frame).visible
    assert raw_codes(values, frame) == pytest.approx(visible_codes(grey(0.11), frame)[..., 1], abs=0.05)
    step = raw_percent(values * np.float32(1.01)) - raw_percent(values)
    assert step == pytest.approx(100 * np.log(1.01), abs=1e-3)


def test_clipped_photosites_do_not_count() -> None:
    cam_rgb = grey()
    cam_rgb[:240] = 9
    frame = simulate_frame(cam_rgb, SensorModel())
    score = score_raw(align(frame).visible * tile_pattern(imbalance(frame.cfa, 1.0), 480, 480), frame)
    assert 37 * 80 < score.codes.flat_blocks <= 40 * 80  # less those that look unlike their clipped neighbours
    assert score.percent.rms_per_part[1] == pytest.approx(0.513, rel=0.02)
    blown = replace(frame, mosaic=np.full_like(frame.mosaic, int(frame.white)))
    assert np.isnan(score_raw(align(blown).visible, blown).codes.rms)


def test_a_picture_of_known_grid_in_codes() -> None:
    codes = np.full((480, 480, 3), 120, np.float32) + np.random.default_rng(1).normal(0, 1, (480, 480, 1))
    cell = np.random.default_rng(3).normal(size=(6, 6))
    cell = (cell - cell.mean()) / cell.std(ddof=1)
    planted = codes.copy()
    planted[240:, :240] += 0.8 * tile_pattern(cell, 240, 240)[..., None]
    clean, score = score_picture(codes.astype(np.float32)), score_picture(planted.astype(np.float32))
    assert clean.fold.rms < 0.05
    assert clean.places == ()
    assert score.fold.rms == pytest.approx(0.8 / 2, rel=0.05)  # a quarter of the area: half the amplitude
    assert all(place.x < 240 < place.y for place in score.places)
    assert score.peaks[0].ratio > 2 > clean.peaks[0].ratio


def test_black_and_white_areas_do_not_dilute_a_picture_and_one_channel_at_zero_does_not_count_as_black() -> None:
    cell = np.random.default_rng(3).normal(size=(6, 6))
    cell = (cell - cell.mean()) / cell.std(ddof=1)
    codes = np.zeros((480, 480, 3), np.float32)
    codes[160:320] = 255
    codes[320:] = 120 + tile_pattern(cell, 160, 480)[..., None]
    codes[320:, :, 2] = 0
    red, green, blue = score_picture(codes).fold.rms_per_part
    assert (red, green) == pytest.approx((1, 1), rel=0.05)
    assert blue == 0


def test_small_pictures_have_a_spectrum_of_their_size() -> None:
    assert score_picture(np.full((100, 130, 3), 50, np.float32)).profile.shape == (96 // 2 + 1,)


def test_codes_of_a_neutral_grey() -> None:
    frame = simulate_frame(grey(), SensorModel(exposure_bias=0.0))
    # Display light is scene light to the power 1.2, the system gamma of HLG.
    expected = 255 * srgb_encode(np.array([0.2**1.2], np.float32))[0]
    assert visible_codes(grey(side=6), frame) == pytest.approx(expected, abs=0.01)


def test_heat_is_grey_at_zero_and_has_two_colours() -> None:
    below, zero, above, far = heat_colours(np.array([-1, 0, 1, 9], np.float32), 1.0).astype(int)
    assert np.ptp(zero) == 0
    assert below[2] > below[0]
    assert above[0] > above[2]
    assert (above == far).all()
