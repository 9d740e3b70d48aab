"""Tiles made for the screen, made smaller, and put where they are seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F32, RawFrame
from xtdm_gui.viewer.output_clipping import SoftProof, hlg_overlay


@dataclass(frozen=True, slots=True)
class Tile:
    """Pixels of the screen, RGB32, and what is painted over them to mark losses, if that is asked for.

    is_draft  whether a better one is to follow
    """

    image: QImage
    marks: QImage | None
    is_draft: bool


def render_tile(cam_rgb: F32, frame: RawFrame, look: Look, proof: SoftProof, is_draft: bool) -> Tile:
    """Render camera RGB f32 [h, w, 3] as a look has it."""
    from xtdm_core.develop.render import hlg_marks, render_srgb8

    srgb = render_srgb8(cam_rgb, frame, look)
    height, width = srgb.shape[:2]
    rgb = QImage(srgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    marks = hlg_overlay(hlg_marks(cam_rgb, frame, look)) if proof is SoftProof.HLG else None
    return Tile(rgb.convertToFormat(QImage.Format.Format_RGB32), marks, is_draft)


def paint_moved(painter: QPainter, image: QImage, transform: QTransform, scale: float, canvas: Box) -> None:
    """Paints an image of the unit square to where ``transform`` has it in the picture, ``scale`` times as large."""
    to_canvas = QTransform.fromScale(scale, scale) * QTransform.fromTranslate(-canvas.left, -canvas.top)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(QTransform.fromScale(1 / image.width(), 1 / image.height()) * transform * to_canvas)
    painter.drawImage(0, 0, image)
    painter.restore()


def reduced(box: Box, reduction: float) -> Box:
    """A box in the pixels of a picture made smaller by ``reduction``: what touches still touches."""
    return Box(*(floor(border * reduction + 0.5) for border in (box.top, box.left, box.bottom, box.right)))


def inside(box: Box, canvas: Box) -> QRect:
    """A box as the canvas that ``canvas`` is painted on has it."""
    return QRect(box.left - canvas.left, box.top - canvas.top, box.width, box.height)


def averaged(image: QImage, size: QSize) -> QImage:
    """An image made smaller, each pixel the mean of the area that it covers."""
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
