"""Lens tables to radii: the published samples, inversion, framing."""

import math

import numpy as np
import pytest

from tests.core.raw.test_lens_tables import X100T_D, XE2S_D, second_generation, xt4
from xtdm_core.develop.lens import LensCorrection, lens_correction, pchip
from xtdm_core.frame import LensCurve, LensTables
from xtdm_core.raw.lens_tables import parse_lens_tables

XT4_SIZE, X100T_SIZE = (4160, 6240), (3264, 4896)


def made(entries: dict[int, tuple[int, ...]], size: tuple[int, int], *strengths: float) -> LensCorrection:
    tables = parse_lens_tables(entries)
    assert tables is not None
    lens = lens_correction(tables, *size, *strengths)
    assert lens is not None
    return lens


def scale(lens: LensCorrection) -> float:
    """By how much the frame is enlarged: the ratio in the middle, where the tables have no distortion."""
    return float(lens.ratio[1, 0])


def test_the_published_samples_fill_their_frames() -> None:
    assert scale(made(xt4(), XT4_SIZE)) == pytest.approx(1 / 1.0384, abs=0.001)
    assert scale(made(second_generation(XE2S_D), X100T_SIZE)) == pytest.approx(0.979, abs=0.001)
    assert scale(made(second_generation(X100T_D), X100T_SIZE)) == pytest.approx(1.0246, abs=0.002)


def test_the_published_tables_are_met_at_their_knots() -> None:
    lens = made(xt4(), XT4_SIZE)
    half = math.hypot(*XT4_SIZE) / 2
    for knot, percent, red, light in (
        (502 / 1420, 35789 / 65536, 4 / 65536, 94.117),
        (1123 / 1420, 152315 / 65536, -8 / 65536, 77.28),
        (1, 251473 / 65536, -18 / 65536, 49.42),
    ):
        source = knot * 3749  # the header's radius
        corrected = source / (1 + percent / 100) / scale(lens)
        at = np.array([corrected**2])
        assert float(lens.at(lens.ratio[1], at)[0]) * corrected == pytest.approx(source, abs=0.02)
        red_over_green = float((lens.at(lens.ratio[0], at) / lens.at(lens.ratio[1], at))[0])
        assert red_over_green == pytest.approx(1 + red, abs=2e-6)
        assert float(lens.at(lens.gain, at)[0]) == pytest.approx(100 / light, rel=1e-3)
    assert source < half


def test_a_strength_is_a_share_of_the_correction() -> None:
    half, whole = (made(xt4(), XT4_SIZE, 0, 0, strength) for strength in (0.5, 1))
    corner = np.array([3000.0**2])
    gains = [float(lens.at(lens.gain, corner)[0]) - 1 for lens in (half, whole)]
    assert gains[0] == pytest.approx(gains[1] / 2, rel=0.01)
    half, whole = made(xt4(), XT4_SIZE, 0.5), made(xt4(), XT4_SIZE)
    assert 1 / scale(half) - 1 == pytest.approx((1 / scale(whole) - 1) / 2, rel=0.02)


def test_nothing_to_correct_is_nothing_to_do() -> None:
    flat = LensCurve(3749.0, (0.0, 0.5, 1.0), (0.0, 0.0, 0.0))
    tables = LensTables(flat, flat, flat, LensCurve(3749.0, (0.0, 0.5, 1.0), (100.0, 100.0, 100.0)))
    assert lens_correction(tables, *XT4_SIZE) is None
    assert lens_correction(LensTables(), *XT4_SIZE) is None
    parsed = parse_lens_tables(xt4())
    assert parsed is not None
    assert lens_correction(parsed, *XT4_SIZE, 0, 0, 0) is None


def test_vignetting_alone_moves_no_pixel() -> None:
    lens = made(xt4(), XT4_SIZE, 0, 0, 1)
    assert not lens.moves
    assert (lens.ratio == 1).all()
    assert lens.gain.max() > 2


def test_radii_of_sports_finder_files_are_those_of_the_whole_sensor() -> None:
    tables = LensTables(LensCurve(1250.0, (0.0, 0.5, 1.0), (0.0, -1.0, -4.0)))
    size = (1200, 1600)  # half a diagonal of 1000 px
    lens = lens_correction(tables, *size)
    assert lens is not None
    corner = float(lens.ratio[1, 0] / lens.at(lens.ratio[1], np.array([999.0**2]))[0])
    assert corner == pytest.approx(1 / (1 - 0.0256), abs=0.003)  # at 0.8 of the table, not at its end


def test_pchip_is_exact_for_lines_and_never_overshoots() -> None:
    knots = np.array([0.0, 0.3, 0.4, 1.0])
    at = np.linspace(0, 1, 101)
    assert np.allclose(pchip(knots, 2 * knots - 1, at), 2 * at - 1)
    steps = pchip(knots, np.array([0.0, 0.0, 1.0, 1.0]), at)
    assert 0 <= steps.min() <= steps.max() <= 1
    assert (np.diff(steps) >= 0).all()
    square = pchip(np.linspace(0, 1, 9), np.linspace(0, 1, 9) ** 2, at)
    assert np.abs(square - at**2).max() < 2e-3
