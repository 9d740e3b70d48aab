"""What a file of bare camera RGB says of itself, so that others can make a picture of it."""

from __future__ import annotations

from xtdm_core.develop.color import camera_matrix
from xtdm_core.frame import RawFrame

LINEAR = (
    "Camera RGB, linear, 32-bit float: as-shot white balance applied (G = 1), sensor units (0 black level, "
    "1 white level), unclipped, visible area in the sensor's orientation, no highlight reconstruction"
)


def linear_description(frame: RawFrame) -> str:
    """Describe the camera RGB of a frame: ``LINEAR``, the gains that were applied, and the way to BT.2020."""
    gains = " ".join(f"{gain:.6f}" for gain in frame.wb)
    rows = ", ".join(
        f"[{', '.join(f'{value:.6f}' for value in row)}]" for row in camera_matrix(frame.xyz_to_cam, "rec2020")
    )
    bias = frame.effective_bias
    return f"{LINEAR}; gains R G B: {gains}; linear BT.2020 with diffuse white at 1: 2^{-bias:.2f} x [{rows}] x RGB"
