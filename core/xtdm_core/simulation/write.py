"""RAF files from ordinary pictures and from the sample scene: ``xtdm simulate``."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np

from xtdm_core.develop.color import camera_matrix, srgb_decode
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import NEUTRAL
from xtdm_core.errors import BadImage
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, CaptureInfo, RawFrame
from xtdm_core.images import pad_to, pad_to_libraw_minimum, read_srgb8
from xtdm_core.simulation import Exposure, Shot, expose, write_dng, write_exposure
from xtdm_core.simulation.camera import XT1_XYZ_TO_CAM, SensorModel, simulate_frame, write_raf
from xtdm_core.simulation.dng_file import DngLayout
from xtdm_core.xtrans import phases

EXPOSURE_BIAS = {100: -0.72, 200: -1.72, 400: -2.72}


def simulate_image(
    image: Path,
    target: Path,
    phase: int,
    bits: int,
    dynamic_range: int,
    noise: tuple[float, float],
    orientation: int,
    seed: int,
    overwrite: bool,
) -> None:
    """Makes a RAF of an sRGB picture; small pictures are mirrored to 600 px, which LibRaw needs.

    Raises BadImage, WriteFailed.
    """
    lin_srgb = pad_to_libraw_minimum(_read_linear(image))
    sensor = SensorModel(
        cfa=phases()[phase],
        bits=bits,
        noise=noise,
        seed=seed,
        orientation=orientation,
        exposure_bias=EXPOSURE_BIAS[dynamic_range],
    )
    write_scene(target, lin_srgb, sensor, overwrite)


def simulate_shot(
    image: Path, target: Path, shot: Shot, full_size: bool, layout: DngLayout | None, overwrite: bool
) -> Exposure:
    """Makes the raw file that a camera would have made of an sRGB picture; returns the truth.

    full_size  the picture is mirrored, or cut, to fill the whole sensor; otherwise the sensor is made to fit it
    layout     of a DNG; None for a RAF
    Raises BadImage, WriteFailed.
    """
    whole = shot.body.readout.crop[2:]
    lin_srgb = _read_linear(image)
    lin_srgb = pad_to(lin_srgb, whole)[: whole[0], : whole[1]] if full_size else pad_to_libraw_minimum(lin_srgb)
    with atomic_write(target, overwrite) as partial:
        exposure = expose(lin_srgb, shot)
        if layout is None:
            write_exposure(partial, exposure, lin_srgb)
        else:
            write_dng(partial, exposure, lin_srgb, layout)
    return exposure


def _read_linear(image: Path) -> F32:
    """A picture as linear sRGB f32 [H, W, 3]. Raises BadImage."""
    lin_srgb = srgb_decode(read_srgb8(image).astype(np.float32) / 255)
    if min(lin_srgb.shape[:2]) < 2:
        raise BadImage(image, "is too small: give a picture of at least 2 px a side")
    return lin_srgb


def write_sample(target: Path) -> None:
    """Renders the sample scene and writes it as a DR400 RAF with a preview."""
    from xtdm_core.simulation.scene import render_scene

    info = CaptureInfo("FUJIFILM", "X-T1", "XTDM synthetic scene", 1 / 250, 5.6, 400, 35.0, "2026:11:24 12:00:00")
    write_scene(target, render_scene(), SensorModel(exposure_bias=EXPOSURE_BIAS[400], info=info), overwrite=True)


def write_scene(target: Path, lin_srgb: F32, sensor: SensorModel, overwrite: bool) -> None:
    """Writes linear sRGB f32 [H, W, 3], diffuse white 1, as the RAF that ``sensor`` would have made of it."""
    cam_from_srgb = np.linalg.inv(camera_matrix(XT1_XYZ_TO_CAM, "srgb")).astype(np.float32)
    cam_rgb = np.maximum(lin_srgb @ cam_from_srgb.T, 0)
    if sensor.exposure_bias is not None:
        cam_rgb *= np.float32(2**sensor.exposure_bias)
    frame = simulate_frame(cam_rgb, sensor)
    with atomic_write(target, overwrite) as partial:
        write_raf(partial, frame, _preview(cam_rgb, frame))


def _preview(cam_rgb: F32, frame: RawFrame) -> bytes:
    """The scene as a camera would show it: JPEG, upright as the sensor saw it."""
    from dataclasses import replace

    from PIL import Image

    picture = render_srgb8(cam_rgb, replace(frame, orientation=1), NEUTRAL)
    jpeg = BytesIO()
    Image.fromarray(picture).save(jpeg, format="JPEG", quality=82)
    return jpeg.getvalue()
