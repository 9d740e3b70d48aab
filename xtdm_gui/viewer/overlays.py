"""What is drawn over the picture: the colour filter array with its 6×6 grid, clipped photosites, marks, an outline."""

from __future__ import annotations

from math import ceil, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QObject, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QTransform

from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.resampling import move_codes
from xtdm_core.develop.tone import orient
from xtdm_core.frame import U8
from xtdm_core.xtrans import tile_pattern
from xtdm_gui.background import LatestTask
from xtdm_gui.pictures.engine import Decoded
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.projection import Projection
from xtdm_gui.viewer.crop_tool import CropTool
from xtdm_gui.viewer.viewport import Viewport

CFA_FROM = 8.0  # zoom from which photosites are large enough to be told apart
_SITE = 24  # pixels a side that a photosite has in the brush
_FILTERS = (QColor(255, 70, 70), QColor(70, 220, 70), QColor(90, 130, 255))
# By bits: 1 a red photosite, 2 a green one, 4 a blue one. All three are black: such places are shown white.
CLIPPED = (0, 0xFFFF2020, 0xFF10D010, 0xFFF0E000, 0xFF3050FF, 0xFFFF20FF, 0xFF00E0E0, 0xFF000000)
MARKED = (0, 0xFFFF00FF)
_SMALLEST_LEVEL = 512
_FLASHES, _FLASH_MS = 6, 250


class Overlays(QObject):
    """What is drawn over the picture now; marks are prepared in the background.

    changed  emitted when there is more, or less, to draw
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decoded: Decoded | None = None
        self._cfa = self._clipping = False
        self._clipped: MaskPyramid | None = None
        self._marked: MaskPyramid | None = None
        self._mask: NDArray[np.bool_] | None = None  # of what is marked, as the sensor has it
        self._projection: Projection | None = None
        self.crop: CropTool | None = None
        self._outlined: Box | None = None
        self._flashes = 0
        self._clipping_jobs, self._marking_jobs = LatestTask(self), LatestTask(self)
        self._clipping_jobs.succeeded.connect(self._on_clipped)
        self._marking_jobs.succeeded.connect(self._on_marked)
        self._timer = QTimer(self, interval=_FLASH_MS)
        self._timer.timeout.connect(self._on_flash)

    def show(self, decoded: Decoded | None) -> None:
        """Switch to another picture; its pixels are not marked."""
        self._decoded, self._clipped, self._outlined = decoded, None, None
        self.mark(None)
        self.show_clipping(self._clipping)

    def set_projection(self, projection: Projection) -> None:
        """Where the sensor's pixels are shown from now on."""
        self._projection, self._clipped = projection, None
        if self._decoded is not None:
            self.show_clipping(self._clipping)
            if self._mask is not None:
                self.mark(self._mask)

    def show_cfa(self, on: bool) -> None:
        """Whether to draw filter colours and the 6×6 grid, from ``CFA_FROM`` on."""
        self._cfa = on
        self.changed.emit()

    def show_clipping(self, on: bool) -> None:
        """Whether to draw clipped photosites."""
        self._clipping = on
        self._clipping_jobs.cancel()
        decoded, projection = self._decoded, self._projection
        if on and self._clipped is None and decoded is not None and projection is not None:
            cfa = decoded.picture.frame.cfa
            self._clipping_jobs.start(
                lambda _: MaskPyramid(move_codes(clipped_codes(decoded.clipped, cfa), projection.geometry))
            )
        self.changed.emit()

    def mark(self, mask: NDArray[np.bool_] | None) -> None:
        """Marks pixels bool [H, W] of the sensor, blinking at first; None unmarks them."""
        self._timer.stop()
        self._marking_jobs.cancel()
        self._mask, self._marked = mask, None
        projection = self._projection
        if mask is not None and projection is not None:
            self._marking_jobs.start(lambda _: MaskPyramid(move_codes(mask.astype(np.uint8), projection.geometry)))
        self.changed.emit()

    def outline(self, box: Box | None = None) -> None:
        """Draws a line around a box of the sensor until another picture; None takes it away."""
        if box != self._outlined:
            self._outlined = box
            self.changed.emit()

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draws everything; nothing before the raw file is read."""
        if self._decoded is None or self._projection is None:
            return
        upright = self._projection.upright
        if self._clipping and self._clipped is not None:
            draw_mask(painter, self._clipped, CLIPPED, view, upright)
        if self._marked is not None and self._flashes % 2 == 0:
            draw_mask(painter, self._marked, MARKED, view, upright)
        if self._cfa:
            draw_cfa(painter, self._decoded.picture, view, self._projection)
        if self.crop is not None:
            self.crop.paint(painter)
        if self._outlined is not None:
            painter.setPen(QPen(QColor(MARKED[1]), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            # The line lies around the pixels, not on them.
            painter.drawRect(view.rect(self._projection.box(self._outlined)).toRect().adjusted(-1, -1, 0, 0))

    def close(self) -> None:
        """Ends the background work and waits for it."""
        self._timer.stop()
        self._clipping_jobs.close()
        self._marking_jobs.close()

    @Slot(object)
    def _on_clipped(self, marks: MaskPyramid) -> None:
        self._clipped = marks
        self.changed.emit()

    @Slot(object)
    def _on_marked(self, marks: MaskPyramid) -> None:
        self._marked, self._flashes = marks, _FLASHES
        self._timer.start()
        self.changed.emit()

    @Slot()
    def _on_flash(self) -> None:
        self._flashes -= 1
        if self._flashes <= 0:
            self._timer.stop()
        self.changed.emit()


class MaskPyramid:
    """Codes u8 [h, w] of the pixels that are shown, not yet turned, 0 for unmarked, and their unions after halvings.

    Unions, not means: a single pixel stays to be seen however far one is away.
    """

    def __init__(self, codes: U8) -> None:
        self._levels = [codes]
        while max(self._levels[-1].shape) > _SMALLEST_LEVEL:
            self._levels.append(_halve(self._levels[-1]))

    @property
    def coarsest(self) -> int:
        """Halvings of the smallest level."""
        return len(self._levels) - 1

    def image(self, level: int, box: Box, upright: OrientedSize, colours: tuple[int, ...]) -> QImage:
        """The marks in a box of the upright picture, in pixels after ``level`` halvings, at most ``coarsest``."""
        sensor = upright.halved(level).sensor_box(box)
        seen = np.ascontiguousarray(orient(self._levels[level][sensor.slices], upright.orientation))
        height, width = seen.shape
        image = QImage(seen.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(list(colours))
        return image.copy()


def clipped_codes(clipped: NDArray[np.bool_], cfa: U8) -> U8:
    """Codes u8 [H, W] for ``CLIPPED`` of the clipped photosites bool [H, W]."""
    bits = np.array([1, 2, 4], dtype=np.uint8)[cfa]
    codes: U8 = tile_pattern(bits, *clipped.shape) * clipped
    return codes


def draw_mask(
    painter: QPainter, marks: MaskPyramid, colours: tuple[int, ...], view: Viewport, upright: OrientedSize
) -> None:
    """Draws marked pixels where they lie in the view."""
    # Not ``view.level``: made smaller by the painter, single marks would fall between the screen's pixels.
    level = min(max(0, ceil(-log2(view.zoom) - 1e-9)), marks.coarsest)
    box = view.seen(level)
    if box.height and box.width:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(view.rect(box, level), marks.image(level, box, upright, colours))


def draw_cfa(painter: QPainter, picture: Picture, view: Viewport, projection: Projection) -> None:
    """Draws a dot in each photosite's colour, and a line every 6 px where the engine's pattern begins again."""
    if view.zoom < CFA_FROM:
        return
    seen = view.seen()
    area = view.rect(seen)
    # As it is in the middle of what is seen: from this near, a lens' map is straight.
    to_picture = projection.transform((seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2)
    to_pane = to_picture * QTransform(view.zoom, 0, 0, view.zoom, view.corner.x(), view.corner.y())
    brush = QBrush(_pattern(picture.frame.cfa))
    brush.setTransform(QTransform.fromScale(1 / _SITE, 1 / _SITE) * to_pane)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(area, brush)
    painter.setPen(QPen(QColor(255, 255, 255, 150), 1))
    painter.drawLines(_grid(picture, projection.sensor_box(seen), to_pane))
    painter.restore()


def _grid(picture: Picture, sensor: Box, to_pane: QTransform) -> list[QLineF]:
    lines = []
    for x in range(-(-(sensor.left + picture.mosaic.left) // 6) * 6 - picture.mosaic.left, sensor.right + 1, 6):
        lines.append(QLineF(to_pane.map(QPointF(x, sensor.top)), to_pane.map(QPointF(x, sensor.bottom))))
    for y in range(-(-(sensor.top + picture.mosaic.top) // 6) * 6 - picture.mosaic.top, sensor.bottom + 1, 6):
        lines.append(QLineF(to_pane.map(QPointF(sensor.left, y)), to_pane.map(QPointF(sensor.right, y))))
    return lines


def _pattern(cfa: U8) -> QImage:
    """Six by six photosites, transparent but for a dot in the middle of each: the result stays to be seen."""
    image = QImage(6 * _SITE, 6 * _SITE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 160), 1.5))
    for y in range(6):
        for x in range(6):
            painter.setBrush(_FILTERS[cfa[y, x]])
            painter.drawEllipse(QPointF((x + 0.5) * _SITE, (y + 0.5) * _SITE), _SITE * 0.2, _SITE * 0.2)
    painter.end()
    return image


def _halve(codes: U8) -> U8:
    height, width = codes.shape
    if height % 2 or width % 2:
        codes = np.pad(codes, ((0, height % 2), (0, width % 2)))
    return codes[::2, ::2] | codes[1::2, ::2] | codes[::2, 1::2] | codes[1::2, 1::2]
