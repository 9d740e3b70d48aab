"""A raw file's embedded JPEG made small, and how sharp it is: what a strip of thumbnails needs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import U8

if TYPE_CHECKING:
    from PIL.Image import Image

# Previews of cameras are 1920 px wide or more; all are judged at this size, so that the scores can be compared.
_JUDGED_SIDE = 1600


def thumbnail(path: Path, jpeg: bytes, orientation: int, side: int) -> U8:
    """The JPEG as upright sRGB u8 [H, W, 3] of at most ``side`` px a side; ``path`` is for the message.

    JPEG decodes at 1/2, 1/4 or 1/8 of its size for a fraction of the time. Raises UnsupportedRaw.
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
    image = _decoded(path, jpeg, "RGB", side)
    return np.asarray(image.transpose(turns[orientation]) if orientation in turns else image)


def sharpness(path: Path, jpeg: bytes) -> float:
    """Variance of the Laplacian of the luma, in 8-bit codes squared. Raises UnsupportedRaw.

    Source: Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy (2000).
    """
    luma = np.asarray(_decoded(path, jpeg, "L", _JUDGED_SIDE), dtype=np.float32)
    if min(luma.shape) < 3:
        return 0.0
    middle = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * middle
    return float(laplacian.var(dtype=np.float64))


def _decoded(path: Path, jpeg: bytes, mode: str, side: int) -> Image:
    from PIL import Image

    try:
        image: Image.Image = Image.open(BytesIO(jpeg))
        image.draft(mode, (side, side))
        image = image.convert(mode)
        image.thumbnail((side, side), Image.Resampling.BILINEAR)
    except Exception as error:  # Pillow raises whatever it likes on a broken JPEG
        raise UnsupportedRaw(path, "has a damaged preview inside, which cannot be decoded") from error
    return image
