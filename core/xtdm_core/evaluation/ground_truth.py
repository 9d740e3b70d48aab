"""Pictures whose RGB is known, shot as raw files to demosaic, and the marks of what comes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.errors import BadImage
from xtdm_core.evaluation.metrics import psnr_srgb, ssim_srgb
from xtdm_core.frame import F32, Noise, RawFrame
from xtdm_core.images import pad_to_libraw_minimum, read_srgb8
from xtdm_core.inspection.grid import WINDOW, local_fold_rms
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf

# Nothing is scored nearer than this to where the truth ends.
BORDER = 12
_SMALLEST_TRUTH = 2 * BORDER + WINDOW


@dataclass(frozen=True, slots=True)
class Marks:
    """PSNR and SSIM in sRGB, and the local 6x6 amplitude of the error in 8-bit codes."""

    psnr_db: float
    ssim: float
    grid_codes: float


def read_truth(path: Path) -> F32:
    """An ordinary picture as linear RGB f32 [H, W, 3]. Raises BadImage, also for pictures too small to score."""
    lin_rgb = srgb_decode(read_srgb8(path).astype(np.float32) / 255)
    if min(lin_rgb.shape[:2]) < _SMALLEST_TRUTH:
        raise BadImage(path, f"is too small to be scored: give a picture of at least {_SMALLEST_TRUTH} px a side")
    return lin_rgb


def shoot(lin_rgb: F32, raf: Path, noise: Noise | None = None, seed: int = 0) -> RawFrame:
    """Writes linear camera RGB f32 [H, W, 3], white-balanced, 1 = white level, as a RAF, and reads it back.

    Mirrored to at least 600 px a side, divided by the gains 1.95 / 1 / 1.65, with ``noise``, mosaiced and quantised to
    14 bits. The frame tells of the noise.
    """
    put_in = (0.0, 0.0) if noise is None else (noise.a, noise.b**0.5)
    write_raf(raf, simulate_frame(pad_to_libraw_minimum(lin_rgb), SensorModel(noise=put_in, seed=seed)))
    return replace(read_raw(raf), noise=noise)


def inside(cam_rgb: F32, height: int, width: int) -> F32:
    """What is scored of the first ``height`` x ``width`` px: all but a border of 12 px, a view."""
    return cam_rgb[BORDER : height - BORDER, BORDER : width - BORDER]


def marks(lin_seen: F32, lin_truth: F32) -> Marks:
    """The marks of linear RGB f32 [H, W, 3] against the truth, both clipped to 0..1; at least 48 px a side."""
    seen = np.clip(lin_seen, 0, 1)
    codes = (srgb_encode(seen) - srgb_encode(lin_truth)) * 255
    return Marks(psnr_srgb(seen, lin_truth), ssim_srgb(seen, lin_truth), local_fold_rms(codes))
