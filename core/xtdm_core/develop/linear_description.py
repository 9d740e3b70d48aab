"""What others need to make a picture of bare camera RGB."""

from __future__ import annotations

from xtdm_core.develop.color import camera_matrix
from xtdm_core.frame import RawFrame


def linear_description(frame: RawFrame) -> str:
    """Describe the camera RGB of a frame: the gains that were applied, and the way to BT.2020."""
    gains = " ".join(f"{gain:.6f}" for gain in frame.wb)
    rows = ", ".join(
        f"[{', '.join(f'{value:.6f}' for value in row)}]" for row in camera_matrix(frame.xyz_to_cam, "rec2020")
    )
    bias = frame.effective_bias
    return f"gains R G B: {gains}; linear BT.2020 with diffuse white at 1: 2^{-bias:.2f} x [{rows}] x RGB"
