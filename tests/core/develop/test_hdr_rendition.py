"""The HDR rendition against HLG's OOTF and against the SDR picture."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.develop.color import apply_matrix, rec2020_to_p3, srgb_to_p3
from xtdm_core.develop.hdr_rendition import render_hdr_p3
from xtdm_core.develop.hlg import CEILING_EV
from xtdm_core.develop.tone import NEUTRAL, Look, tone_map_srgb


def grey(*values: float) -> np.ndarray:
    return np.repeat(np.float32(values)[None, :, None], 3, axis=2)


BOTH = pytest.mark.parametrize("look", [NEUTRAL, Look()], ids=["neutral", "standard"])


@BOTH
def test_diffuse_white_is_one_and_the_peak_is_that_of_the_display(look: Look) -> None:
    white, peak = render_hdr_p3(grey(1, 1e9), look)[0, :, 0]
    assert white == pytest.approx(1, rel=1e-5)
    assert peak == pytest.approx(1000 / 203, rel=1e-3)
    clipped = render_hdr_p3(grey(2**CEILING_EV), replace(look, roll_off=0))[0, 0, 0]
    assert clipped == pytest.approx(1000 / 203, rel=1e-3)


@BOTH
def test_dark_greys_and_colours_are_those_of_the_sdr_picture(look: Look) -> None:
    colours = apply_matrix(
        np.linalg.inv(rec2020_to_p3()), np.float32([[[0.2, 0.3, 0.25], [0.4, 0.2, 0.3], [0.18] * 3]])
    )
    sdr = apply_matrix(srgb_to_p3(), tone_map_srgb(colours, look))
    assert np.allclose(render_hdr_p3(colours, look), sdr, atol=2e-4)


def test_colours_outside_p3_keep_their_luminance_and_lose_nothing_below_zero() -> None:
    green = np.float32([[[0.0, 0.5, 0.0]]])
    shown = render_hdr_p3(green, NEUTRAL)
    assert shown.min() >= 0
    luminance = np.float32([0.2289746, 0.6917385, 0.0792869])  # of Display P3
    assert float(shown[0, 0] @ luminance) == pytest.approx(float((0.678 * 0.5) ** 0.2 * 0.678 * 0.5), rel=2e-3)


def test_exposure_comes_first() -> None:
    assert np.allclose(render_hdr_p3(grey(0.1), Look(exposure_ev=1)), render_hdr_p3(grey(0.2), Look()))


def test_hdr_goes_on_where_the_standard_picture_ends_and_is_never_darker() -> None:
    light = grey(*np.geomspace(0.001, 30, 4000))
    hdr, sdr = render_hdr_p3(light, Look())[0, :, 1], tone_map_srgb(light, Look())[0, :, 1]
    assert (hdr >= sdr - 1e-4).all()
    assert np.allclose(hdr[light[0, :, 0] < 0.8], sdr[light[0, :, 0] < 0.8], atol=2e-4)
    assert (np.diff(hdr) > -1e-6).all()
    assert np.abs(np.diff(np.log2(hdr))).max() < 0.01  # no step
    assert hdr[-1] > 4
