"""ISO, dynamic range and noise go together."""

import math

import pytest

from xtdm_core.errors import BadOption
from xtdm_core.simulation import find_body
from xtdm_core.simulation.sensor_noise import exposure_bias, hardware_iso, noise_at


@pytest.mark.parametrize(
    ("model", "iso", "dynamic_range", "hardware", "bias"),
    [
        ("X-T4", 160, 100, 160, -0.72),
        ("X-T4", 640, 200, 320, -1.72),
        ("X-T4", 640, 400, 160, -2.72),
        ("X-T4", 80, 100, 160, 0.28),  # extended: exposed twice, amplified as the base
        ("X-T4", 51200, 100, 12800, -2.72),  # extended: brightened later
        ("X-T1", 6400, 100, 2000, -2.4),
        ("X-T5", 64, 100, 128, 0.28),
    ],
)
def test_hardware_iso_and_bias(model: str, iso: int, dynamic_range: int, hardware: float, bias: float) -> None:
    body = find_body(model)
    assert hardware_iso(body, iso, dynamic_range) == hardware
    assert exposure_bias(body, iso, dynamic_range) == bias


@pytest.mark.parametrize(
    ("iso", "dynamic_range", "limits"),
    [(160, 200, "320 to 12800"), (320, 400, "640 to 12800"), (25600, 200, "320 to 12800"), (50, 100, "80 to 51200")],
)
def test_settings_a_camera_does_not_have(iso: int, dynamic_range: int, limits: str) -> None:
    with pytest.raises(BadOption, match=f"X-T4 has no ISO {iso} at DR{dynamic_range}: give one from {limits}"):
        hardware_iso(find_body("X-T4"), iso, dynamic_range)


@pytest.mark.parametrize("model", ["X-T4", "X-T2", "X-Pro1", "X-H2"])
def test_the_tables_points_are_met(model: str) -> None:
    body = find_body(model)
    for iso, a, sigma in body.noise:
        noise = noise_at(body, iso)
        assert noise.a == pytest.approx(a)
        assert math.sqrt(noise.b) == pytest.approx(sigma)


def test_photon_noise_follows_iso_and_read_noise_has_a_step() -> None:
    body = find_body("X-T4")
    assert noise_at(body, 566).a == pytest.approx(7.7e-5 * 2**0.5, rel=0.01)
    electrons = [math.sqrt(noise_at(body, iso).b) / noise_at(body, iso).a for iso in (499, 500)]
    assert 0.6 < electrons[1] / electrons[0] < 0.75
