"""A camera in software: scenes with known truth as the raw files that Fujifilm's bodies would make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xtdm_core.frame import F32
from xtdm_core.simulation.bodies import BODIES, CameraBody, find_body
from xtdm_core.simulation.dng_file import LAYOUTS, write_dng
from xtdm_core.simulation.exposure import Exposure, camera_rgb, expose
from xtdm_core.simulation.lens import BARREL, PINCUSHION, LensProfile
from xtdm_core.simulation.raf_file import write_exposure
from xtdm_core.simulation.shot import Record, Shot

__all__ = [
    "BARREL",
    "BODIES",
    "LAYOUTS",
    "PINCUSHION",
    "CameraBody",
    "Exposure",
    "LensProfile",
    "Record",
    "Shot",
    "camera_rgb",
    "expose",
    "find_body",
    "write_camera_dng",
    "write_camera_raf",
    "write_dng",
    "write_exposure",
]


def write_camera_raf(path: Path, lin_srgb: F32, camera: str | CameraBody = "X-T4", **settings: Any) -> Exposure:
    """Writes a scene, linear sRGB f32 [H, W, 3] with diffuse white at 1, as the RAF of a camera; returns the truth.

    camera    the name of one of BODIES, or a body of your own: ``dataclasses.replace(find_body("X-T5"), saturation=…)``
    settings  fields of ``Shot``: iso, dynamic_range, lens, hot_pixels …
    The sensor is made to fit the scene, with the margins and the phase of the body. Raises BadOption.
    """
    exposure = expose(lin_srgb, _shot(camera, settings))
    write_exposure(path, exposure, lin_srgb)
    return exposure


def write_camera_dng(
    path: Path, lin_srgb: F32, camera: str | CameraBody = "X-T4", layout: str = "adobe", **settings: Any
) -> Exposure:
    """``write_camera_raf`` for a DNG in one of LAYOUTS, as a converter would have made it of the camera's RAF."""
    exposure = expose(lin_srgb, _shot(camera, settings))
    write_dng(path, exposure, lin_srgb, LAYOUTS[layout])
    return exposure


def _shot(camera: str | CameraBody, settings: dict[str, Any]) -> Shot:
    return Shot(body=find_body(camera) if isinstance(camera, str) else camera, **settings)
