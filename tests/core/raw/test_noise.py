"""Noise as a file shows it, against the noise it was given."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.frame import CaptureInfo, Noise, RawFrame
from xtdm_core.raw.noise import estimate_noise, measure_noise, noise_by_iso
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation import find_body, write_camera_raf
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


SMOOTH = np.tile(np.linspace(0.05, 1, 600, dtype=np.float32)[:, None, None] ** 2, (1, 600, 3))


def of(iso: int | None, model: str = "X-T4", bias: float | None = -0.72) -> RawFrame:
    frame = simulate_frame(textured(60, 60, 0), SensorModel(exposure_bias=bias))
    return replace(frame, info=CaptureInfo(model=model, iso=iso))


def test_noise_doubles_with_the_iso_until_the_sensor_has_no_more() -> None:
    assert noise_by_iso(of(1600)).a == pytest.approx(2 * noise_by_iso(of(800)).a, rel=0.02)
    assert noise_by_iso(of(51200)) == noise_by_iso(of(12800))
    assert noise_by_iso(of(3200, "X-Pro1")) == noise_by_iso(of(2000, "X-Pro1"))


@pytest.mark.parametrize(("bias", "iso"), [(-0.72, 1600), (-1.72, 800), (-2.72, 400), (0.28, 3200)])
def test_wide_dynamic_range_is_less_amplified_and_low_iso_more(bias: float, iso: int) -> None:
    assert noise_by_iso(of(1600, bias=bias)) == noise_by_iso(of(iso))


@pytest.mark.parametrize("model", ["X-Pro1", "X-T1", "X-T2", "X-T4", "X-H2S", "X-T5"])
@pytest.mark.parametrize(("iso", "dynamic_range"), [(200, 100), (800, 200), (1600, 400), (12800, 100)])
def test_files_of_real_cameras_tell_their_noise(tmp_path: Path, model: str, iso: int, dynamic_range: int) -> None:
    """Bodies as they are, and specimens with a fifth more noise than their profile says."""
    body = find_body(model)
    points = tuple((at, 1.44 * a, 1.2 * sigma) for at, a, sigma in body.noise.points)
    for specimen in (body, replace(body, noise=replace(body.noise, points=points))):
        scene = np.concatenate([textured(200, 600, iso), SMOOTH])
        exposure = write_camera_raf(tmp_path / "a.RAF", scene, specimen, iso=iso, dynamic_range=dynamic_range)
        found = estimate_noise(read_raw(tmp_path / "a.RAF"))
        for x in (0.003, 0.03, 0.3):
            assert sigma(found, x) == pytest.approx(sigma(exposure.noise, x), rel=0.15)


def test_without_an_iso_nothing_is_known_of_the_sensor() -> None:
    assert noise_by_iso(of(None)) is None


def test_the_estimate_is_held_near_the_profile() -> None:
    frame = shot(LEVELS[1])
    near = estimate_noise(replace(frame, info=CaptureInfo(model="X-T4", iso=12800)))
    assert sigma(near, 0.1) == pytest.approx(sigma(LEVELS[1], 0.1), rel=0.12)
    base = replace(frame, info=CaptureInfo(model="X-T4", iso=160))
    held, known = estimate_noise(base), noise_by_iso(base)
    assert held.a == pytest.approx(1.4**2 * known.a)
    assert held.b == pytest.approx(1.4**2 * known.b)
    assert estimate_noise(replace(frame, info=CaptureInfo())) == measure_noise(align(frame))
