"""The crop as a rectangle over the whole picture: drawn with thirds, dragged at corners, sides and inside."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from xtdm_core.develop.geometry import Crop, make_geometry
from xtdm_core.develop.tone import Look
from xtdm_core.frame import RawFrame
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.viewer.viewport import Viewport

WHOLE: Crop = (0.0, 0.0, 1.0, 1.0)
_GRAB = 14.0  # physical pixels around a handle
_SHADE, _LINE, _THIRDS = QColor(0, 0, 0, 150), QColor(255, 255, 255), QColor(255, 255, 255, 110)
_HANDLE = 9.0
_SMALLEST = 32.0  # pixels of the picture a side
Side = tuple[int, int]  # across, down: -1, 0 or 1; (0, 0) is the inside


@dataclass(frozen=True, slots=True)
class _Rectangle:
    """A rectangle turned clockwise about its middle, in the frame's pixels."""

    x: float
    y: float
    width: float
    height: float
    angle: float

    def place(self, across: float, down: float) -> QPointF:
        """A point of it: (-1, -1) is its first corner, (1, 1) the opposite one."""
        right, below = across * self.width / 2, down * self.height / 2
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return QPointF(self.x + right * cos + below * sin, self.y - right * sin + below * cos)

    def local(self, point: QPointF) -> tuple[float, float]:
        """(to the right, down) from the middle along its own sides."""
        dx, dy = point.x() - self.x, point.y() - self.y
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return dx * cos - dy * sin, dx * sin + dy * cos

    def polygon(self) -> list[QPointF]:
        return [self.place(*corner) for corner in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


class CropTool(QObject):
    """While it is on the viewer shows the whole picture, and this is drawn over it and takes the mouse.

    toggled(bool)   it was switched on or off
    dragged(Look)   the look with another crop
    grabbed(), released()  a drag begins and ends
    """

    toggled = Signal(bool)
    dragged = Signal(object)
    grabbed = Signal()
    released = Signal()

    def __init__(self, view: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self.on = False
        self._view = view
        self._frame: RawFrame | None = None
        self._look = Look()
        self._keeps_ratio = False
        self._upright = OrientedSize(1, 1)
        self._drag: tuple[Side, QPointF, _Rectangle] | None = None

    def set_on(self, on: bool) -> None:
        """Switches it on or off."""
        if on != self.on:
            self.on, self._drag = on, None
            self.toggled.emit(on)

    def set_keeps_ratio(self, keeps: bool) -> None:
        """Whether the rectangle keeps the ratio of its sides."""
        self._keeps_ratio = keeps

    def shown(self, look: Look) -> Look:
        """The look that the viewer is to show: without crop and angle while the tool is on."""
        return replace(look, crop=WHOLE, straighten=0.0) if self.on else look

    def show(self, frame: RawFrame | None, look: Look, upright: OrientedSize) -> None:
        """Draws the crop of a look; ``upright`` is how the whole picture lies."""
        self._frame, self._look, self._upright = frame, look, upright

    def paint(self, painter: QPainter) -> None:
        """Darkens what is cut off, and draws the rectangle; in physical pixels of a pane."""
        if not self.on or self._frame is None:
            return
        rectangle = self._rectangle()
        outline = QPolygonF([self._to_pane(point) for point in rectangle.polygon()])
        width, height = self._upright.size
        corner, zoom = self._view.corner, self._view.zoom
        path = QPainterPath()
        path.addRect(corner.x(), corner.y(), width * zoom, height * zoom)
        inner = QPainterPath()
        inner.addPolygon(outline)
        inner.closeSubpath()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path.subtracted(inner), _SHADE)
        painter.setPen(QPen(_THIRDS, 1))
        for third in (-1 / 3, 1 / 3):
            for ends in (((third, -1), (third, 1)), ((-1, third), (1, third))):
                painter.drawLine(*(self._to_pane(rectangle.place(*end)) for end in ends))
        painter.setPen(QPen(_LINE, 2))
        painter.drawPolygon(outline)
        painter.setBrush(_LINE)
        for side in _SIDES:
            place = self._to_pane(rectangle.place(*side))
            painter.drawRect(round(place.x() - _HANDLE / 2), round(place.y() - _HANDLE / 2), int(_HANDLE), int(_HANDLE))
        painter.restore()

    def press(self, place: QPointF) -> bool:
        """Takes hold at a place of a pane; False where there is nothing to hold."""
        if not self.on or self._frame is None:
            return False
        side = self.side_at(place)
        if side is None:
            return False
        self._drag = side, self._to_frame(place), self._rectangle()
        self.grabbed.emit()
        return True

    def move(self, place: QPointF) -> None:
        """Drags what is held to a place of a pane."""
        if self._drag is None or self._frame is None:
            return
        side, start, rectangle = self._drag
        point = self._to_frame(place)
        moved = self._moved(rectangle, point - start) if side == (0, 0) else self._resized(rectangle, side, point)
        height, width = self._frame.mosaic.shape
        crop = (
            (moved.x - moved.width / 2) / width,
            (moved.y - moved.height / 2) / height,
            moved.width / width,
            moved.height / height,
        )
        self.dragged.emit(replace(self._look, crop=_inside(crop)))

    def release(self) -> None:
        """Lets go."""
        if self._drag is not None:
            self._drag = None
            self.released.emit()

    def side_at(self, place: QPointF) -> Side | None:
        """What of the rectangle is at a place of a pane: a corner, a side, (0, 0) for the inside; None outside."""
        rectangle = self._rectangle()
        across, down = rectangle.local(self._to_frame(place))
        reach = _GRAB / self._view.zoom
        horizontal = _near(across, rectangle.width / 2, reach)
        vertical = _near(down, rectangle.height / 2, reach)
        return None if horizontal is None or vertical is None else (horizontal, vertical)

    def cursor(self, place: QPointF) -> Qt.CursorShape:
        """The cursor at a place of a pane."""
        side = self.side_at(place) if self.on and self._frame is not None else None
        if side is None:
            return Qt.CursorShape.ArrowCursor
        return Qt.CursorShape.SizeAllCursor if side == (0, 0) else Qt.CursorShape.CrossCursor

    def _rectangle(self) -> _Rectangle:
        if self._frame is None:
            return _Rectangle(0, 0, 1, 1, 0)
        geometry = make_geometry(replace(self._frame, lens=None), self._look)
        middle = geometry.left + geometry.width / 2, geometry.top + geometry.height / 2
        return _Rectangle(*middle, geometry.width, geometry.height, geometry.angle)

    def _moved(self, rectangle: _Rectangle, by: QPointF) -> _Rectangle:
        """The rectangle somewhere else in the frame."""
        height, width = self._upright.height, self._upright.width
        xs, ys = zip(*((p.x(), p.y()) for p in rectangle.polygon()), strict=True)
        across = min(max(by.x(), -min(xs)), width - max(xs))
        down = min(max(by.y(), -min(ys)), height - max(ys))
        return replace(rectangle, x=rectangle.x + across, y=rectangle.y + down)

    def _resized(self, rectangle: _Rectangle, side: Side, point: QPointF) -> _Rectangle:
        """The rectangle with a corner or side at a point; the opposite one stays."""
        height, width = self._upright.height, self._upright.width
        held = QPointF(min(max(point.x(), 0), width), min(max(point.y(), 0), height))
        fixed = rectangle.place(-side[0], -side[1])
        across, down = replace(rectangle, x=fixed.x(), y=fixed.y()).local(held)
        wide = max(across * side[0], _SMALLEST) if side[0] else rectangle.width
        high = max(down * side[1], _SMALLEST) if side[1] else rectangle.height
        if self._keeps_ratio:
            wide, high = _in_ratio(wide, high, rectangle.width / rectangle.height, side)
        resized = replace(rectangle, x=fixed.x(), y=fixed.y(), width=wide, height=high)
        middle = resized.place(side[0], side[1])
        return replace(resized, x=middle.x(), y=middle.y())

    def _to_frame(self, place: QPointF) -> QPointF:
        return QPointF(*self._upright.sensor_point(*self._view.to_picture(place).toTuple()))

    def _to_pane(self, point: QPointF) -> QPointF:
        return QPointF(*self._upright.point(point.x(), point.y())) * self._view.zoom + self._view.corner


_SIDES: tuple[Side, ...] = ((-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0))


def _near(at: float, half: float, reach: float) -> int | None:
    """-1 or 1 at one of the two borders, 0 between them, None beyond."""
    if abs(abs(at) - half) <= reach:
        return 1 if at > 0 else -1
    return 0 if abs(at) < half else None


def _in_ratio(wide: float, high: float, ratio: float, side: Side) -> tuple[float, float]:
    """The sides that keep a ratio of width to height, after the one that was dragged, or the shorter one."""
    if not side[0] or (side[1] and high * ratio < wide):
        return high * ratio, high
    return wide, wide / ratio


def _inside(crop: Crop) -> Crop:
    """A crop that lies in the frame."""
    left, top = (min(max(start, 0.0), 0.999) for start in crop[:2])
    return left, top, min(crop[2], 1 - left), min(crop[3], 1 - top)
