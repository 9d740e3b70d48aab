"""The JPEG that a camera puts into its raw file: the picture as its screen shows it, with Exif."""

from __future__ import annotations

import struct
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.develop.color import apply_matrix, rec2020_to_srgb, rgb_to_xyz, srgb_encode
from xtdm_core.develop.tone import NEUTRAL, tone_map_srgb
from xtdm_core.frame import F32, U8
from xtdm_core.simulation.exif_fields import exif_block, rating_xmp
from xtdm_core.simulation.framing import framed_box
from xtdm_core.simulation.shot import Shot

if TYPE_CHECKING:
    from PIL.Image import Image

_ADOBE_GAMMA = 563 / 256  # Adobe RGB (1998), 4.3.1.2
_SMALL_SIDE = 1920
_THUMBNAIL = (160, 120)


def camera_jpeg(lin_srgb: F32, shot: Shot) -> bytes:
    """The preview of linear sRGB f32 [H, W, 3], diffuse white = 1: framed, in the camera's colour space.

    It shows the scene without the lens' errors, for cameras correct these; with Exif, thumbnail and the rating.
    """
    top, left, height, width = framed_box(lin_srgb.shape[0], lin_srgb.shape[1], shot)
    cropped = lin_srgb[top : top + height, left : left + width]
    picture = rendered(cropped, shot, max(height, width) if shot.full_preview else _SMALL_SIDE)
    exif = b"Exif\0\0" + exif_block(shot, width, height, _thumbnail(picture))
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + rating_xmp(shot.record.rating)
    jpeg = encoded(picture)
    return jpeg[:2] + _segment(exif) + _segment(xmp) + jpeg[2:]


def rendered(lin_srgb: F32, shot: Shot, side: int) -> Image:
    """The whole scene in the camera's colour space, of at most ``side`` px a side, as the sensor saw it."""
    from PIL import Image

    scene = apply_matrix(np.linalg.inv(rec2020_to_srgb()), lin_srgb)
    shown = tone_map_srgb(scene, replace(NEUTRAL, exposure_ev=shot.exposure_ev))
    picture = Image.fromarray(_codes(shown, shot.adobe_rgb))
    picture.thumbnail((side, side))
    return picture


def encoded(picture: Image, quality: int = 90) -> bytes:
    """A JPEG without Exif."""
    file = BytesIO()
    picture.save(file, format="JPEG", quality=quality)
    return file.getvalue()


def _codes(shown: F32, adobe_rgb: bool) -> U8:
    """Display-linear sRGB f32 [H, W, 3] as 8-bit codes of sRGB or Adobe RGB."""
    if not adobe_rgb:
        return np.rint(srgb_encode(shown) * 255).astype(np.uint8)
    to_adobe = np.linalg.inv(rgb_to_xyz("adobe")) @ rgb_to_xyz("srgb")
    encoded = np.clip(apply_matrix(to_adobe, shown), 0, 1) ** np.float32(1 / _ADOBE_GAMMA)
    return np.rint(encoded * 255).astype(np.uint8)


def _thumbnail(picture: Image) -> bytes:
    """A JPEG of 160x120 px with black bars, as cameras write them."""
    from PIL import Image

    small = picture.copy()
    small.thumbnail(_THUMBNAIL)
    canvas = Image.new("RGB", _THUMBNAIL)
    canvas.paste(small, ((_THUMBNAIL[0] - small.width) // 2, (_THUMBNAIL[1] - small.height) // 2))
    return encoded(canvas, 80)


def _segment(content: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
