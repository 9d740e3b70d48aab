"""PSNR and SSIM against their formulas and properties."""

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.evaluation.metrics import mean_square_srgb, psnr_db, psnr_srgb, ssim_srgb


def noisy(rgb: np.ndarray, sigma: float) -> np.ndarray:
    encoded = srgb_encode(rgb) + np.random.default_rng(1).normal(0, sigma, rgb.shape)
    return srgb_decode(np.clip(encoded, 0, 1))


def window() -> np.ndarray:
    at = np.arange(11) - 5
    weights = np.exp(-(at[:, None] ** 2 + at[None, :] ** 2) / (2 * 1.5**2))
    return weights / weights.sum()


def test_psnr_of_one_code_everywhere() -> None:
    codes = np.full((20, 20, 3), 100.0, np.float32)
    assert psnr_srgb(srgb_decode(codes / 255), srgb_decode((codes + 1) / 255)) == pytest.approx(48.1308, abs=1e-3)


def test_a_floor_caps_the_psnr() -> None:
    assert psnr_db(0.0, 1 / 12 / 255**2) == pytest.approx(58.922, abs=1e-3)
    assert psnr_db(1e-3, 1 / 12 / 255**2) == 30
    assert mean_square_srgb(textured(20, 20), textured(20, 20)) == 0


def test_ssim_of_a_picture_with_itself_is_one() -> None:
    assert ssim_srgb(textured(60, 50), textured(60, 50)) == 1


def test_ssim_is_symmetric_and_falls_with_noise() -> None:
    picture = textured(80, 90)
    values = [ssim_srgb(noisy(picture, sigma), picture) for sigma in (0.01, 0.03, 0.1)]
    assert 1 > values[0] > values[1] > values[2] > 0
    assert ssim_srgb(picture, noisy(picture, 0.03)) == pytest.approx(values[1], abs=1e-12)


def test_ssim_of_two_constants_is_the_luminance_term() -> None:
    x, y = np.float32(0.5), np.float32(0.6)
    first, second = (np.full((11, 15, 3), srgb_decode(value)) for value in (x, y))
    assert ssim_srgb(first, second) == pytest.approx((2 * x * y + 1e-4) / (x**2 + y**2 + 1e-4), abs=1e-6)


def test_ssim_is_the_formula_in_every_window() -> None:
    truth = textured(14, 13)
    seen = noisy(truth, 0.05)
    x, y = (srgb_encode(picture).astype(np.float64) for picture in (seen, truth))
    values = []
    for channel in range(3):
        for top in range(4):
            for left in range(3):
                a, b = (p[top : top + 11, left : left + 11, channel] for p in (x, y))
                w = window()
                mx, my = (w * a).sum(), (w * b).sum()
                vx, vy = (w * (a - mx) ** 2).sum(), (w * (b - my) ** 2).sum()
                cov = (w * (a - mx) * (b - my)).sum()
                luminance = (2 * mx * my + 0.01**2) / (mx**2 + my**2 + 0.01**2)
                values.append(luminance * (2 * cov + 0.03**2) / (vx + vy + 0.03**2))
    assert ssim_srgb(seen, truth) == pytest.approx(np.mean(values), abs=1e-9)


def test_ssim_refuses_less_than_a_window() -> None:
    with pytest.raises(ValueError, match="11"):
        ssim_srgb(textured(10, 40), textured(10, 40))
