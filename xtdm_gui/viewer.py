"""One picture, to zoom and pan."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

_STEP = 1.25
_LARGEST = 16.0


class Viewer(QGraphicsView):
    """Shows an sRGB picture u8 [H, W, 3]; the wheel zooms at the cursor, dragging pans."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self._item: QGraphicsPixmapItem | None = None
        self._fits = True
        self.setBackgroundBrush(QColor(48, 48, 48))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setAccessibleName(self.tr("Picture"))

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._item is not None

    @property
    def zoom(self) -> float:
        """Screen pixels for a picture's pixel."""
        return self.transform().m11()

    def show_picture(self, srgb: np.ndarray) -> None:
        """Shows u8 [H, W, 3]; the zoom stays unless it fits the window."""
        height, width = srgb.shape[:2]
        data = np.ascontiguousarray(srgb)
        image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        self.clear()
        self._item = self.scene().addPixmap(QPixmap.fromImage(image))
        self.scene().setSceneRect(0, 0, width, height)
        if self._fits:
            self.fit()

    def clear(self) -> None:
        """Shows nothing."""
        self.scene().clear()
        self._item = None

    def fit(self) -> None:
        """The whole picture in the window."""
        self._fits = True
        if self._item is not None:
            self.fitInView(self._item, Qt.AspectRatioMode.KeepAspectRatio)
        self._smooth()

    def actual_size(self) -> None:
        """One pixel of the picture on one of the screen."""
        self._zoom_to(1.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._item is not None and event.angleDelta().y():
            self._zoom_to(self.zoom * (_STEP if event.angleDelta().y() > 0 else 1 / _STEP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def _zoom_to(self, zoom: float) -> None:
        self._fits = False
        factor = min(max(zoom, 0.02), _LARGEST) / self.zoom
        self.scale(factor, factor)
        self._smooth()

    def _smooth(self) -> None:
        """Averaged when made smaller, pixel by pixel when magnified."""
        mode = Qt.TransformationMode.SmoothTransformation if self.zoom < 1 else Qt.TransformationMode.FastTransformation
        if self._item is not None:
            self._item.setTransformationMode(mode)
