"""Noise as a file shows it, against the noise it was given."""

from dataclasses import replace

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.frame import CaptureInfo, Noise, RawFrame
from xtdm_core.raw.noise import estimate_noise, measure_noise, noise_by_iso
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align, phases

# About ISO 1600 and ISO 12800.
LEVELS = [Noise(3e-4, 4.4e-7), Noise(2.7e-3, 5e-6)]


def shot(noise: Noise, phase: int = 4, brightness: float = 1.0) -> RawFrame:
    """A textured scene beside a smooth one, from black to white with much that is dark."""
    smooth = np.linspace(0.0, 0.9, 1200, dtype=np.float32)[None, :, None] ** 3 * np.float32([0.9, 1.0, 0.8])
    picture = np.concatenate([textured(300, 1200, 1), np.broadcast_to(smooth, (900, 1200, 3))])
    sensor = SensorModel(cfa=phases()[phase], noise=(noise.a, noise.b**0.5), seed=3)
    return simulate_frame(picture * np.float32(brightness), sensor)


def sigma(noise: Noise, x: float) -> float:
    return float(np.sqrt(noise.a * x + noise.b))


@pytest.mark.parametrize("noise", LEVELS)
@pytest.mark.parametrize("brightness", [1.0, 0.2])
@pytest.mark.parametrize("phase", [0, 7])
def test_what_the_pixels_show_is_what_was_put_in(noise: Noise, brightness: float, phase: int) -> None:
    measured = measure_noise(align(shot(noise, phase, brightness)))
    for x in (0.003, 0.03, 0.3):
        assert sigma(measured, x * brightness) == pytest.approx(sigma(noise, x * brightness), rel=0.1)


def test_a_picture_too_small_to_tell_tells_nothing() -> None:
    assert measure_noise(align(simulate_frame(textured(40, 40, 0), SensorModel()))) is None


def of(iso: int | None, model: str = "X-T4", bias: float | None = -0.72) -> RawFrame:
    frame = simulate_frame(textured(60, 60, 0), SensorModel(exposure_bias=bias))
    return replace(frame, info=CaptureInfo(model=model, iso=iso))


def test_the_law_doubles_with_the_iso_until_the_sensor_has_no_more() -> None:
    assert noise_by_iso(of(1600)).a == pytest.approx(2 * noise_by_iso(of(800)).a)
    assert noise_by_iso(of(51200)) == noise_by_iso(of(12800))
    assert noise_by_iso(of(3200, "X-Pro1")) == noise_by_iso(of(2000, "X-Pro1"))


@pytest.mark.parametrize(("bias", "share"), [(-0.72, 1.0), (-1.72, 0.5), (-2.72, 0.25), (0.28, 2.0)])
def test_wide_dynamic_range_halves_the_noise_and_low_iso_doubles_it(bias: float, share: float) -> None:
    assert noise_by_iso(of(1600, bias=bias)).a == pytest.approx(share * noise_by_iso(of(1600)).a)


def test_without_an_iso_there_is_no_law() -> None:
    assert noise_by_iso(of(None)) is None


def test_the_estimate_is_held_near_the_law() -> None:
    frame = shot(LEVELS[1])
    near = estimate_noise(replace(frame, info=CaptureInfo(model="X-T4", iso=12800)))
    assert sigma(near, 0.1) == pytest.approx(sigma(LEVELS[1], 0.1), rel=0.12)
    base = replace(frame, info=CaptureInfo(model="X-T4", iso=160))
    held, law = estimate_noise(base), noise_by_iso(base)
    assert held.a == pytest.approx(1.4**2 * law.a)
    assert held.b == pytest.approx(1.4**2 * law.b)
    assert estimate_noise(replace(frame, info=CaptureInfo())) == measure_noise(align(frame))
