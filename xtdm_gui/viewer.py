"""One picture, to zoom and pan."""

from __future__ import annotations

from math import floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

_STEP = 1.25  # for a notch of the wheel
_NOTCH = 120  # Qt's eighths of a degree
_SMALLEST, _LARGEST = 0.02, 16.0


class Viewer(QGraphicsView):
    """Shows an sRGB picture u8 [H, W, 3]; the wheel zooms at the cursor, dragging pans."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self._item: QGraphicsPixmapItem | None = None
        self._image = QImage()
        self._averaged: dict[int, QPixmap] = {}
        self._fits = True
        self.setBackgroundBrush(QColor(48, 48, 48))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setAccessibleName(self.tr("Picture"))
        # A scene swallows what is dropped on it; the window is to have it.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._item is not None

    @property
    def zoom(self) -> float:
        """Physical screen pixels for a picture's pixel."""
        return self.transform().m11() * self.devicePixelRatioF()

    def show_picture(self, srgb: NDArray[np.uint8]) -> None:
        """Shows u8 [H, W, 3]; the zoom stays unless it fits the window."""
        height, width = srgb.shape[:2]
        data = np.ascontiguousarray(srgb)
        self.clear()
        self._image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self._item = self.scene().addPixmap(QPixmap())
        self.scene().setSceneRect(0, 0, width, height)
        if self._fits:
            self.fit()
        else:
            self._match_detail()

    def clear(self) -> None:
        """Shows nothing."""
        self.scene().clear()
        self._item = None
        self._image = QImage()
        self._averaged.clear()

    def fit(self) -> None:
        """The whole picture in the window."""
        self._fits = True
        if self._item is not None:
            self.fitInView(self.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)
            self._match_detail()

    def actual_size(self) -> None:
        """One pixel of the picture on one of the screen."""
        self._zoom_to(1.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._item is not None:
            self._zoom_to(self.zoom * _STEP ** (event.angleDelta().y() / _NOTCH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def _zoom_to(self, zoom: float) -> None:
        self._fits = False
        factor = min(max(zoom, _SMALLEST), _LARGEST) / self.zoom
        self.scale(factor, factor)
        self._match_detail()

    def _match_detail(self) -> None:
        """Halves the picture while that leaves a pixel for each of the screen's; magnifies pixel by pixel.

        Qt only samples what it makes smaller: without averages fine detail would show moiré the file does not have.
        """
        if self._item is None:
            return
        halvings = max(0, floor(-log2(self.zoom)))
        if halvings not in self._averaged:
            self._averaged[halvings] = self._average(halvings)
        pixmap = self._averaged[halvings]
        self._item.setPixmap(pixmap)
        size = self._image.size()
        self._item.setTransform(QTransform.fromScale(size.width() / pixmap.width(), size.height() / pixmap.height()))
        mode = Qt.TransformationMode
        self._item.setTransformationMode(mode.SmoothTransformation if self.zoom < 1 else mode.FastTransformation)

    def _average(self, halvings: int) -> QPixmap:
        if halvings == 0:
            return QPixmap.fromImage(self._image)
        width = max(1, self._image.width() >> halvings)
        height = max(1, self._image.height() >> halvings)
        keep = Qt.AspectRatioMode.IgnoreAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        return QPixmap.fromImage(self._image.scaled(width, height, keep, smooth))
