"""A small picture of the raw data, for files that have no JPEG inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xtdm_core.develop.highlights import period_picture
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import Look
from xtdm_core.frame import U8
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import align


def raw_thumbnail(path: Path, side: int) -> U8:
    """Render a raw file small, as shot: upright sRGB u8 [H, W, 3], at most ``side`` px a side.

    From the means of the pattern's periods, 6x6 px, without demosaicing. Raises UnsupportedRaw.
    """
    from PIL import Image

    frame = read_raw(path)
    image = Image.fromarray(render_srgb8(period_picture(align(frame)), frame, Look()))
    image.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(image)
