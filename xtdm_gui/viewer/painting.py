"""How two pictures are compared: side by side, split, blinking, as a difference."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from xtdm_gui.viewer.tile_layer import BACKGROUND, TileLayer
from xtdm_gui.viewer.tile_painting import reduced
from xtdm_gui.viewer.viewport import Viewport

GAINS = (1, 2, 4, 8, 16, 32)
_LINE = QColor(240, 240, 240)


class Mode(StrEnum):
    """How the two panes are seen."""

    SINGLE = "single"
    SIDE_BY_SIDE = "side-by-side"
    SPLIT = "split"
    BLINK = "blink"
    DIFFERENCE = "difference"


def paint_layer(painter: QPainter, layer: TileLayer, view: Viewport) -> None:
    """One picture as it lies in the view."""
    _draw(painter, layer.compose(view.level, view.seen(view.level), view.reduction), view)


def paint_split(
    painter: QPainter, layers: tuple[TileLayer, TileLayer], view: Viewport, pane: QRectF, split: float
) -> None:
    """The first picture left of a line, the second right of it."""
    across = round(pane.width() * split)
    halves = (QRectF(0, 0, across, pane.height()), QRectF(across, 0, pane.width() - across, pane.height()))
    for layer, half in zip(layers, halves, strict=True):
        painter.save()
        painter.setClipRect(half)
        paint_layer(painter, layer, view)
        painter.restore()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(across - 1, 0, 3, pane.height()), QColor(0, 0, 0, 120))
    painter.fillRect(QRectF(across, 0, 1, pane.height()), _LINE)
    painter.setBrush(_LINE)
    painter.setPen(QColor(0, 0, 0, 120))
    painter.drawRoundedRect(QRectF(across - 5, pane.height() / 2 - 20, 11, 40), 5, 5)


def paint_difference(painter: QPainter, layers: tuple[TileLayer, TileLayer], view: Viewport, gain: int) -> None:
    """|A − B| of the display's codes, times ``gain`` (a power of 2); grey where one of them is not there yet."""
    level, reduction = view.level, view.reduction
    box = view.seen(level)
    one, other = (layer.compose(level, box, reduction) for layer in layers)
    _combine(one, other, QPainter.CompositionMode.CompositionMode_Difference)
    while gain > 1:
        _combine(one, one.copy(), QPainter.CompositionMode.CompositionMode_Plus)
        gain //= 2
    holes = QPainter(one)
    for layer in layers:
        for hole in layer.holes(level, box, reduction):
            holes.fillRect(hole, BACKGROUND)
    holes.end()
    _draw(painter, one, view)


def _combine(image: QImage, with_image: QImage, mode: QPainter.CompositionMode) -> None:
    painter = QPainter(image)
    painter.setCompositionMode(mode)
    painter.drawImage(0, 0, with_image)
    painter.end()


def _draw(painter: QPainter, image: QImage, view: Viewport) -> None:
    """Magnifies pixel by pixel; what is made smaller comes with a pixel for each of the screen's."""
    box = view.seen(view.level)
    if not (box.height and box.width):
        return
    if view.zoom < 1:
        place = reduced(box, view.reduction)
        painter.drawImage(view.corner + QPointF(place.left, place.top), image)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(view.rect(box), image)


def paint_message(painter: QPainter, pane: QRectF, sentence: str, ratio: float) -> None:
    """Words in the middle of a pane, on a darkened picture."""
    painter.save()
    painter.scale(ratio, ratio)
    area = QRectF(0, 0, pane.width() / ratio, pane.height() / ratio)
    painter.fillRect(area, QColor(48, 48, 48, 200))
    painter.setPen(QColor(225, 225, 225))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(40, 40, -40, -40), int(flags), sentence)
    painter.restore()
