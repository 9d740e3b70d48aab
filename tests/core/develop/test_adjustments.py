"""The standard curve, and tones that the photographer changes."""

import numpy as np
import pytest

from xtdm_core.develop.adjustments import GREY, brightness, scene_table, standard_curve
from xtdm_core.develop.color import srgb_encode
from xtdm_core.develop.hlg import DIFFUSE_WHITE_E
from xtdm_core.develop.tone import Look, tone_map_hlg, tone_map_srgb

EVS = np.linspace(-9, 6, 3001)
FIELDS = ("contrast", "highlights", "shadows", "black")


def grey(ev: np.ndarray) -> np.ndarray:
    """Greys f32 [1, n, 3] so many EV above 18 %."""
    return np.repeat((GREY * 2.0**ev).astype(np.float32)[None, :, None], 3, axis=2)


def changed(**tones: float) -> np.ndarray:
    """By how many EV a look changes greys of ``EVS`` in the scene, f64."""
    strengths = [tones.get(name, 0.0) for name in FIELDS]
    table = scene_table(*strengths)
    light = grey(EVS)[0].T
    assert table is not None
    return np.log2(np.maximum(brightness(table.apply(light)), 1e-9) / brightness(light))


@pytest.mark.parametrize(("light", "code"), [(GREY, 118), (1.0, 245), (1.65, 253), (0.01, 13)])
def test_the_standard_curve_begins_where_a_camera_does(light: float, code: int) -> None:
    shown = tone_map_srgb(np.full((1, 1, 3), light, np.float32), Look())
    assert float(srgb_encode(shown)[0, 0, 1]) * 255 == pytest.approx(code, abs=0.6)
    assert np.ptp(shown) < 1e-6


def test_the_standard_curve_has_its_slope_at_grey() -> None:
    near = np.array([GREY * 0.999, GREY * 1.001])
    slope = np.diff(np.log(standard_curve(near))) / np.diff(np.log(near))
    assert slope[0] == pytest.approx(1.3, abs=0.002)


@pytest.mark.parametrize("roll_off", [0.0, 0.5, 1.0, 2.0])
def test_roll_off_leaves_grey_and_decides_what_becomes_of_highlights(roll_off: float) -> None:
    light = GREY * 2.0**EVS
    shown = standard_curve(light, roll_off)
    assert (np.diff(shown) >= 0).all()
    assert float(standard_curve(np.array([GREY]), roll_off)[0]) == pytest.approx(GREY)
    assert 0.999 < float(standard_curve(np.array([1.0]), 0.0)[0]) <= 1
    assert (shown <= standard_curve(light, 0.0) + 1e-3)[light > GREY].all()


@pytest.mark.parametrize("strength", [-1.0, 0.5, 1.0])
def test_contrast_turns_about_grey(strength: float) -> None:
    change = changed(contrast=strength)
    assert np.interp(0.0, EVS, change) == pytest.approx(0, abs=1e-3)
    slope = 1 + np.interp(0.1, EVS, change) / 0.1
    assert slope == pytest.approx(2 ** (0.7 * strength), abs=0.01)
    assert np.abs(change).max() < 2.5  # highlights of HDR are not driven away


def test_highlights_and_shadows_leave_the_other_half() -> None:
    for name, own in (("highlights", EVS > 1), ("shadows", EVS < -1)):
        for strength in (-1.0, 1.0):
            change = changed(**{name: strength})
            other = EVS < 0.45 if name == "highlights" else EVS > -0.45
            assert np.abs(change[other]).max() < 1e-3
            assert (np.sign(change[own]) == strength).all()


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("strength", [-1.0, -0.3, 0.3, 1.0])
def test_no_adjustment_turns_dark_and_bright_over(name: str, strength: float) -> None:
    if name != "black":
        assert (np.diff(EVS + changed(**{name: strength})) > 0).all()
    look = Look(**{name: strength})
    for render in (tone_map_srgb, tone_map_hlg):
        shown = render(grey(EVS), look)[0, :, 1]
        assert (np.diff(shown) > -1e-6).all()
        assert 0 <= shown.min() <= shown.max() <= 1


def test_black_lifts_or_takes_away_grey_light() -> None:
    dark = np.float32([[[0.0, 0.0, 0.0], [0.02, 0.01, 0.005]]])
    lifted, deeper = (tone_map_hlg(dark, Look(black=b))[0] / DIFFUSE_WHITE_E for b in (1.0, -1.0))
    assert lifted[0] == pytest.approx([0.01] * 3, rel=0.02)
    assert deeper[0] == pytest.approx([0.0] * 3)
    assert deeper[1, 2] == 0
    assert deeper[1, 0] < 0.02


def test_adjustments_keep_the_ratios_of_colour() -> None:
    colour = np.float32([[[0.3, 0.1, 0.05]]])
    out = tone_map_hlg(colour, Look(contrast=0.5, highlights=0.3, shadows=0.4))[0, 0]
    assert out / out[0] == pytest.approx(colour[0, 0] / 0.3, rel=1e-4)


def test_both_renditions_follow_the_same_adjustments() -> None:
    light, look = grey(EVS[::50]), Look(contrast=0.4, shadows=-0.3)
    scene = tone_map_hlg(light, look) / np.float32(DIFFUSE_WHITE_E)
    below = scene[0, :, 0] < 2
    assert np.allclose(tone_map_srgb(scene[:, below], Look()), tone_map_srgb(light[:, below], look), atol=2e-4)
