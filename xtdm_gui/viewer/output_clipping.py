"""Marks on a picture where a format has no detail left, or less than the scene."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtGui import QImage

from xtdm_core.frame import U8


class SoftProof(StrEnum):
    """Which format's losses are marked."""

    NONE = ""
    SRGB = "sRGB"
    HLG = "HLG"


# Blue, green, red, as RGB32 lies in memory: too bright in any channel, black in all, compressed.
_BRIGHT, _BLACK, _COMPRESSED = (40, 40, 235), (235, 110, 40), (40, 200, 240)


def mark_ends(image: QImage) -> None:
    """Paint over the pixels of an RGB32 image that have a channel at 255, red, or all at 0, blue."""
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.bits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[:, :width, :3]
    bright, black = (pixels == 255).any(axis=-1), (pixels == 0).all(axis=-1)
    pixels[bright], pixels[black] = _BRIGHT, _BLACK


def hlg_overlay(marks: U8) -> QImage:
    """Make an image of ``HlgMark`` u8 [H, W] to be painted over a picture: clear where nothing is lost."""
    colours = np.zeros((4, 4), np.uint8)
    for number, colour in enumerate((_BLACK, _COMPRESSED, _BRIGHT), 1):
        colours[number] = *colour, 255
    pixels = colours[marks]
    height, width = marks.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
