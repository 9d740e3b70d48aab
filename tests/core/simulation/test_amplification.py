"""ISO, dynamic range and exposure bias go together."""

import pytest

from xtdm_core.errors import BadOption
from xtdm_core.simulation import find_body
from xtdm_core.simulation.amplification import exposure_bias, hardware_iso


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
