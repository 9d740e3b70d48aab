"""The HDR rendition against HLG's OOTF and against the SDR picture."""

import numpy as np
import pytest

from xtdm_core.develop.color import apply_matrix, rec2020_to_p3, srgb_to_p3
from xtdm_core.develop.hdr_rendition import render_hdr_p3
from xtdm_core.develop.hlg import CEILING_EV
from xtdm_core.develop.tone import Look, tone_map_srgb


def grey(*values: float) -> np.ndarray:
    return np.repeat(np.float32(values)[None, :, None], 3, axis=2)


def test_diffuse_white_is_one_and_the_peak_is_that_of_the_display() -> None:
    white, peak = render_hdr_p3(grey(1, 1e9), Look())[0, :, 0]
    assert white == pytest.approx(1, rel=1e-5)
    assert peak == pytest.approx(1000 / 203, rel=1e-3)
    clipped = render_hdr_p3(grey(2**CEILING_EV), Look(roll_off=0))[0, 0, 0]
    assert clipped == pytest.approx(1000 / 203, rel=1e-3)


def test_dark_greys_and_colours_are_those_of_the_sdr_picture() -> None:
    colours = apply_matrix(
        np.linalg.inv(rec2020_to_p3()), np.float32([[[0.2, 0.3, 0.25], [0.4, 0.2, 0.3], [0.18] * 3]])
    )
    sdr = apply_matrix(srgb_to_p3(), tone_map_srgb(colours, Look()))
    assert np.allclose(render_hdr_p3(colours, Look()), sdr, atol=2e-4)


def test_colours_outside_p3_keep_their_luminance_and_lose_nothing_below_zero() -> None:
    green = np.float32([[[0.0, 0.5, 0.0]]])
    shown = render_hdr_p3(green, Look())
    assert shown.min() >= 0
    luminance = np.float32([0.2289746, 0.6917385, 0.0792869])  # of Display P3
    assert float(shown[0, 0] @ luminance) == pytest.approx(float((0.678 * 0.5) ** 0.2 * 0.678 * 0.5), rel=2e-3)


def test_exposure_comes_first() -> None:
    assert np.allclose(render_hdr_p3(grey(0.1), Look(exposure_ev=1)), render_hdr_p3(grey(0.2), Look()))
