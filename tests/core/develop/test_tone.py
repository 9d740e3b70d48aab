"""Rendering: exact up to the knee, monotone above, and the two formats agree."""

import numpy as np
import pytest

from xtdm_core.develop.color import srgb_encode
from xtdm_core.develop.hlg import DIFFUSE_WHITE_E, oetf, quantise
from xtdm_core.develop.tone import (
    HLG_KNEE,
    NEUTRAL,
    SRGB_KNEE,
    Look,
    _into_gamut,
    orient,
    rolled_off_percent,
    shoulder,
    tone_map_hlg,
    tone_map_srgb,
)


def grey(*values: float) -> np.ndarray:
    return np.repeat(np.float32(values)[None, :, None], 3, axis=2)


def test_hlg_is_scene_referred_up_to_the_knee() -> None:
    light = np.linspace(0, HLG_KNEE / DIFFUSE_WHITE_E, 200)
    assert np.allclose(tone_map_hlg(grey(*light), Look())[0, :, 0], light * DIFFUSE_WHITE_E, rtol=1e-5)
    assert HLG_KNEE >= 0.5


def test_hlg_roll_off_is_strictly_monotone_and_stays_below_one() -> None:
    signal = tone_map_hlg(grey(*np.linspace(0, 200, 5000)), Look())[0, :, 0]
    assert (np.diff(signal) > 0).all()
    assert signal.max() < 1
    assert int(quantise(oetf(signal)).max()) <= 1023


def test_shoulder_is_smooth_at_the_knee() -> None:
    x = np.float64([HLG_KNEE - 1e-4, HLG_KNEE, HLG_KNEE + 1e-4])
    before, after = np.diff(shoulder(x, HLG_KNEE))
    assert after == pytest.approx(before, rel=1e-3)


def test_roll_off_keeps_the_ratios_of_colour() -> None:
    colour = np.float32([[[9.0, 3.0, 1.0]]])
    out = tone_map_hlg(colour, Look())[0, 0]
    assert out / out[0] == pytest.approx(colour[0, 0] / 9, rel=1e-5)


def test_exposure_is_in_stops() -> None:
    assert np.allclose(tone_map_hlg(grey(0.1), Look(1.0)), tone_map_hlg(grey(0.2), Look()))


def test_middle_grey_is_srgb_code_100() -> None:
    assert float(srgb_encode(tone_map_srgb(grey(0.18), NEUTRAL))[0, 0, 0]) * 255 == pytest.approx(100, abs=1)


@pytest.mark.parametrize(
    ("light", "codes"),
    # As HLG's display light, L^1.2, to 0.27 EV below diffuse white; that at 90 %, and codes left for what is brighter.
    [(0.5, 176), (0.83, 231), (1.0, 243), (1.65, 251), (3.29, 254)],
)
def test_srgb_matches_hlg_nearly_to_diffuse_white(light: float, codes: int) -> None:
    assert float(srgb_encode(tone_map_srgb(grey(light), NEUTRAL))[0, 0, 0]) * 255 == pytest.approx(codes, abs=0.6)
    if light <= 0.83:
        assert tone_map_srgb(grey(light), NEUTRAL)[0, 0] == pytest.approx([light**1.2] * 3, rel=1e-4)


@pytest.mark.parametrize("look", [NEUTRAL, Look()], ids=["neutral", "standard"])
def test_srgb_is_monotone_and_in_range(look: Look) -> None:
    values = tone_map_srgb(grey(*np.linspace(0, 100, 4000)), look)[0, :, 0]
    assert np.diff(values).min() > -1e-6  # float rounding near white
    assert 0 <= values.min() <= values.max() <= 1


@pytest.mark.parametrize("look", [NEUTRAL, Look()], ids=["neutral", "standard"])
def test_any_colour_fits_into_srgb_without_turning_its_hue_over(look: Look) -> None:
    colours = np.random.default_rng(0).uniform(-0.2, 5, (60, 70, 3)).astype(np.float32)
    picture = tone_map_srgb(colours, look)
    assert 0 <= picture.min() <= picture.max() <= 1
    pure_green = tone_map_srgb(np.float32([[[0.0, 0.8, 0.0]]]), look)[0, 0]
    assert pure_green.argmax() == 1


@pytest.mark.parametrize(("render", "standard"), [(tone_map_hlg, HLG_KNEE), (tone_map_srgb, SRGB_KNEE)])
def test_the_standard_roll_off_is_the_standard_knee_to_the_bit(render, standard: float) -> None:
    assert np.float32(1 - Look().knee(standard)) == np.float32(1 - standard)
    assert np.float32(Look().knee(standard)) == np.float32(standard)


def test_roll_off_2_begins_twice_as_far_below_the_ceiling() -> None:
    knee = 1 - 2 * (1 - HLG_KNEE)
    light = grey(*np.linspace(0, 1, 500)) / np.float32(DIFFUSE_WHITE_E)
    signal = tone_map_hlg(light, Look(roll_off=2.0))[0, :, 0]
    exact = light[0, :, 0] * np.float32(DIFFUSE_WHITE_E)
    assert np.allclose(signal[exact <= knee], exact[exact <= knee], rtol=1e-5)
    assert (signal[exact > knee + 0.01] < exact[exact > knee + 0.01]).all()
    assert knee > DIFFUSE_WHITE_E  # diffuse white itself stays where it is


@pytest.mark.parametrize("render", [tone_map_hlg, tone_map_srgb])
def test_roll_off_0_clips_and_less_roll_off_is_never_darker(render) -> None:
    light = grey(*np.linspace(0, 30, 3000))
    clipped, standard, strong = (render(light, Look(roll_off=strength))[0, :, 0] for strength in (0.0, 1.0, 2.0))
    assert np.isfinite(clipped).all()
    assert clipped.max() == pytest.approx(1, abs=1e-6)
    assert (clipped >= standard - 1e-6).all()
    assert (standard >= strong - 1e-6).all()
    hlg = light[0, :, 0] * np.float32(DIFFUSE_WHITE_E)
    if render is tone_map_hlg:
        assert np.allclose(clipped, np.minimum(hlg, 1), rtol=1e-6)


def test_share_above_the_ceiling() -> None:
    ceiling = 1 / DIFFUSE_WHITE_E
    assert rolled_off_percent(grey(0.5, ceiling * 0.99, ceiling * 1.01, 50), Look()) == pytest.approx(50)


# Exif 2.32: which corner the 0th row and 0th column of the file stand for.
UPRIGHT = np.arange(6).reshape(2, 3)
STORED = {
    1: UPRIGHT,
    2: UPRIGHT[:, ::-1],
    3: UPRIGHT[::-1, ::-1],
    4: UPRIGHT[::-1],
    5: UPRIGHT.T,
    6: np.rot90(UPRIGHT),
    7: UPRIGHT[::-1, ::-1].T,
    8: np.rot90(UPRIGHT, -1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientations_turn_the_stored_picture_upright(orientation: int) -> None:
    assert np.array_equal(orient(STORED[orientation], orientation), UPRIGHT)


def test_only_colours_outside_srgb_are_drawn_in_and_keep_their_luminance() -> None:
    inside = np.float32([[[0.2, 0.5, 0.3], [0.0, 1.0, 0.4]]])
    outside = np.float32([[[1.2, -0.1, 0.3], [-0.2, 0.3, 0.1], [0.9, 1.4, 0.2]]])
    lin_srgb = np.concatenate([inside, outside], axis=1)
    luminance = lin_srgb @ np.float32([0.2126, 0.7152, 0.0722])
    drawn = _into_gamut(lin_srgb[0].T, luminance[0]).T[None]
    assert np.array_equal(drawn[:, :2], inside)
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert np.allclose(drawn @ np.float32([0.2126, 0.7152, 0.0722]), np.clip(luminance, 0, 1), atol=1e-6)
