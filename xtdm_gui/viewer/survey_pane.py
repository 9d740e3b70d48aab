"""One of several pictures that are compared: its name, and the picture in a view of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xtdm_core.culling.rating import Rating
from xtdm_core.develop.tone import Look
from xtdm_gui.pictures.engine import Decoded, PictureEngine, Preview
from xtdm_gui.pictures.loader import PictureLoader
from xtdm_gui.pictures.rating_marks import draw_rating
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.viewer.layered_picture import LayeredPicture
from xtdm_gui.viewer.painting import paint_layer, paint_message
from xtdm_gui.viewer.pane import Canvas
from xtdm_gui.viewer.tile_layer import BACKGROUND, TileLayer
from xtdm_gui.viewer.viewport import Viewport
from xtdm_gui.widgets.labels import ElidedLabel

_FRAME_PX = 3  # of the picture that keys rate


class SurveyPane(QWidget):
    """A raw file: its embedded JPEG at once, developed as its look has it when that is there.

    chosen()  by a press of the mouse
    """

    chosen = Signal()

    def __init__(self, engine: PictureEngine, rating: Callable[[Path], Rating], parent: QWidget) -> None:
        super().__init__(parent)
        self._rating = rating
        self._look, self._source = Look(), RenderingSource.preview()
        self._failure = ""
        self._is_active = False
        self.path: Path | None = None
        self.view = Viewport(self)
        self.layer = TileLayer(self)
        self.shown = LayeredPicture(self.view, [self.layer], self)
        self.pictures = PictureLoader(engine, self, 0)
        self.canvas = Canvas(self.view, self._paint, self)
        self.name = ElidedLabel(elide=Qt.TextElideMode.ElideMiddle)
        self.name.setContentsMargins(8, 2, 8, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.name)
        layout.addWidget(self.canvas, 1)
        self._connect()

    def _connect(self) -> None:
        pictures, shown = self.pictures, self.shown
        pictures.preview_ready.connect(self._on_preview)
        pictures.decoded.connect(self._on_decoded)
        pictures.grown.connect(self._on_grown)
        pictures.failed.connect(self._on_failed)
        shown.placed.connect(self._look_at)
        self.view.changed.connect(self._look_at)
        self.layer.changed.connect(self.canvas.update)
        self.canvas.pressed.connect(self.chosen)

    def show_path(self, path: Path | None, look: Look, source: RenderingSource) -> None:
        """Shows a raw file as ``look`` has it, developed by ``source``; nothing is kept of the one before."""
        if path == self.path:
            self.set_look(look, source)
            return
        self.path, self._failure = path, ""
        self.name.set_words(path.name if path else "")
        self.canvas.setAccessibleName(path.name if path else "")
        self.shown.leave(follows=path is not None)
        self.pictures.empty()
        self.set_look(look, source)
        self.pictures.show(path)

    def set_look(self, look: Look, source: RenderingSource) -> None:
        """The picture's settings are others now."""
        self._look, self._source = look, source
        self.layer.set_look(look)
        self.shown.set_geometry(look)
        self.pictures.want([source])
        self._show_result()

    def set_active(self, on: bool) -> None:
        """Frames the picture: it is the one that keys rate."""
        self._is_active = on
        self.canvas.update()

    def close(self) -> bool:
        """Ends the background work and waits for it."""
        self.pictures.close()
        self.shown.close()
        return super().close()

    @Slot(object)
    def _on_preview(self, preview: Preview) -> None:
        self.shown.show_preview(preview)

    @Slot(object)
    def _on_decoded(self, decoded: Decoded) -> None:
        self.shown.adopt(decoded.picture, self._look)
        self._show_result()

    @Slot(object, object)
    def _on_grown(self, _source: RenderingSource, _box: object) -> None:
        self._show_result()

    @Slot(object, str)
    def _on_failed(self, source: RenderingSource | None, sentence: str) -> None:
        if source is None or source == self._source:
            self.shown.begin()
            self._failure = sentence
            self.canvas.update()

    def _show_result(self) -> None:
        self.shown.show_result(0, self.pictures.result(self._source))

    @Slot()
    def _look_at(self) -> None:
        self.shown.look_at([0], self.pictures)

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        painter.fillRect(area, BACKGROUND)
        paint_layer(painter, self.layer, self.view)
        ratio = self.devicePixelRatioF()
        if self._failure:
            paint_message(painter, area, self._failure, ratio)
        painter.save()
        painter.scale(ratio, ratio)
        seen = QRectF(QPointF(), area.size() / ratio).toAlignedRect()
        if self.path is not None:
            draw_rating(painter, seen, self._rating(self.path))
        if self._is_active:
            self._paint_frame(painter, seen)
        painter.restore()

    def _paint_frame(self, painter: QPainter, seen: QRect) -> None:
        pen = QPen(self.palette().highlight().color(), _FRAME_PX)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        half = _FRAME_PX / 2
        painter.drawRect(QRectF(seen).adjusted(half, half, -half, -half))
