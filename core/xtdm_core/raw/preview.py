"""A raw file's embedded JPEG made small, and how sharp it is: what a strip of thumbnails needs."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import U8
from xtdm_core.jpeg_segments import APP2, ICC_NAME, make_segment
from xtdm_core.raw.exif import is_adobe_rgb

if TYPE_CHECKING:
    from PIL.Image import Image

# Previews of cameras are 1920 px wide or more; all are judged at this size, so that the scores can be compared.
_JUDGED_SIDE = 1600


def thumbnail(path: Path, jpeg: bytes, orientation: int, side: int) -> U8:
    """The JPEG as upright sRGB u8 [H, W, 3] of at most ``side`` px a side; ``path`` is for the message.

    JPEG decodes at 1/2, 1/4 or 1/8 of its size for a fraction of the time. Adobe RGB, and what an embedded profile
    describes, becomes sRGB. Raises UnsupportedRaw.
    """
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    image = _to_srgb(_decoded(path, jpeg, "RGB", side), jpeg)
    return np.asarray(image.transpose(turns[orientation]) if orientation in turns else image)


def preview_sharpness(path: Path, jpeg: bytes) -> float:
    """Variance of the Laplacian of the luma, in 8-bit codes squared. Raises UnsupportedRaw.

    Source: Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy (2000).
    """
    luma = np.asarray(_decoded(path, jpeg, "L", _JUDGED_SIDE), dtype=np.float32)
    if min(luma.shape) < 3:
        return 0.0
    middle = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * middle
    return float(laplacian.var(dtype=np.float64))


def in_adobe_rgb(jpeg: bytes) -> bytes:
    """Put the profile of Adobe RGB into a JPEG; one without a beginning stays as it is."""
    from imagecodecs import cms_profile

    start = jpeg[:2]
    if start != b"\xff\xd8":
        return jpeg
    return start + make_segment(APP2, ICC_NAME + b"\1\1" + cms_profile("adobergb")) + jpeg[2:]


def _to_srgb(image: Image, jpeg: bytes) -> Image:
    """The decoded RGB in sRGB; as it is where neither Exif nor a profile says otherwise, or the profile is broken."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile:
        if not is_adobe_rgb(jpeg):
            return image
        from imagecodecs import cms_profile

        profile = cms_profile("adobergb")
    try:
        converted = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _decoded(path: Path, jpeg: bytes, mode: str, side: int) -> Image:
    from PIL import Image

    if not jpeg:
        raise UnsupportedRaw(path, "has no JPEG preview inside")
    try:
        with warnings.catch_warnings(action="ignore"):
            image: Image.Image = Image.open(BytesIO(jpeg), formats=("JPEG",))
        image.draft(mode, (side, side))
        image = image.convert(mode)
        image.thumbnail((side, side), Image.Resampling.BILINEAR)
    except Exception as error:  # Pillow raises whatever it likes on a broken JPEG
        raise UnsupportedRaw(path, "has a damaged preview inside, which cannot be decoded") from error
    return image
