"""Marks on a picture where its sRGB codes are at an end of their range: there is no detail left on the screen."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

# Blue, green, red, as RGB32 lies in memory: what is too bright in any channel, what is black in all.
_BRIGHT, _BLACK = (40, 40, 235), (235, 110, 40)


def mark_ends(image: QImage) -> None:
    """Paint over the pixels of an RGB32 image that have a channel at 255, red, or all at 0, blue."""
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.bits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[:, :width, :3]
    bright, black = (pixels == 255).any(axis=-1), (pixels == 0).all(axis=-1)
    pixels[bright], pixels[black] = _BRIGHT, _BLACK
