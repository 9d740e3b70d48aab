"""The drawing of the raw histogram: three channels over EV below clipping, and marks on them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from xtdm_core.develop.histogram import BINS, HIGH_EV, LOW_EV, PER_EV, Marks, RawHistogram
from xtdm_gui.formatting import signed

# Muted, and told apart by their lightness too.
COLOURS = (QColor(214, 96, 92), QColor(104, 190, 104), QColor(96, 140, 226))
_FARTHEST_EV = 3.0  # the axis ends here at the latest, whatever lies beyond
_MARGIN = 6


@dataclass(frozen=True, slots=True)
class _Line:
    """A vertical line at ``ev`` with its name, and triangles at the place of each channel where it has its own."""

    ev: float
    name: str
    triangles: tuple[float, float, float] | None = None
    hollow: bool = False


class HistogramPlot(QWidget):
    """Draws a histogram; says which bin the pointer is on, and which is clicked.

    hovered(int)  a bin, or -1 where there is none
    clicked(int)  a bin
    """

    hovered = Signal(int)
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: RawHistogram | None = None
        self._marks: Marks | None = None
        self._channels = (True, True, True)
        self._logarithmic = True
        self._cursor = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Histogram of the raw file"))
        self.setToolTip(
            self.tr(
                "How many photosites of each colour lie so many EV below clipping, before white balance.\n"
                "The triangles at the bottom are diffuse white (filled) and the HLG ceiling (hollow) in each colour.\n"
                "Click to mark the pixels; Escape, or the same click again, unmarks them.\n"
                "The arrow keys move the cursor, Enter clicks."
            )
        )

    def show_histogram(self, histogram: RawHistogram | None, marks: Marks | None) -> None:
        """What to draw; None for an empty graph."""
        self._histogram, self._marks = histogram, marks
        if histogram is None:
            self._move_cursor(-1)
        self.update()

    def show_channels(self, channels: tuple[bool, bool, bool]) -> None:
        """Which of R, G, B are drawn."""
        self._channels = channels
        self.update()

    def show_logarithmic(self, logarithmic: bool) -> None:
        """Whether heights are logarithms of counts."""
        self._logarithmic = logarithmic
        self.update()

    def x_of(self, ev: float) -> float:
        """Where an EV lies in the widget."""
        area = self._area()
        return area.left() + (ev - LOW_EV) / (self._high_ev() - LOW_EV) * area.width()

    def bin_at(self, x: float) -> int:
        """The bin at an x of the widget; the last one holds everything above the white level."""
        area = self._area()
        ev = LOW_EV + (x - area.left()) / area.width() * (self._high_ev() - LOW_EV)
        return min(max(math.floor((ev - LOW_EV) * PER_EV), 0), BINS - 1)

    def sizeHint(self) -> QSize:
        return QSize(320, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 150)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_cursor(self.bin_at(event.position().x()))

    def leaveEvent(self, _event: object) -> None:
        self._move_cursor(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._click(self.bin_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Home: -BINS, keys.Key_End: BINS}
        key = keys(event.key())
        if key in steps:
            start = self._cursor if self._cursor >= 0 else BINS
            self._move_cursor(min(max(start + steps[key], 0), BINS - 1))
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_Space):
            self._click(self._cursor)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.Base))
        self._paint_axis(painter, area)
        if self._histogram is not None:
            self._paint_curves(painter, area, self._histogram)
        if self._marks is not None:
            self._paint_marks(painter, area, self._marks)
        if self._cursor >= 0:
            left, right = self.x_of(LOW_EV + self._cursor / PER_EV), self.x_of(LOW_EV + (self._cursor + 1) / PER_EV)
            painter.fillRect(QRectF(left, area.top(), right - left, area.height()), self._ink(70))
        if self.hasFocus():
            painter.setPen(QPen(self._ink(120), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

    def _area(self) -> QRectF:
        """Where the curves are: below three rows of names, above the axis."""
        line = QFontMetricsF(self.font()).height()
        top, bottom = 3 * line + 2, line + 6
        return QRectF(_MARGIN, top, max(self.width() - 2 * _MARGIN, 1), max(self.height() - top - bottom, 1))

    def _high_ev(self) -> float:
        """Where the axis ends: behind the ceiling of HLG in green, if that is not too far."""
        ceiling = self._marks.hlg_ceiling_ev[1] + 0.4 if self._marks else HIGH_EV
        return min(max(HIGH_EV, ceiling), _FARTHEST_EV)

    def _ink(self, alpha: int) -> QColor:
        colour = self.palette().color(QPalette.ColorRole.Text)
        colour.setAlpha(alpha)
        return colour

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        metrics = QFontMetricsF(self.font())
        for ev in range(int(LOW_EV), math.floor(self._high_ev()) + 1):
            x = self.x_of(ev)
            painter.setPen(QPen(self._ink(24 if ev % 2 else 48), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            if ev % 2 == 0:
                words = signed(ev, 0) if ev else "0 EV"
                width = metrics.horizontalAdvance(words)
                left = min(max(x - width / 2, 0), self.width() - width)
                painter.setPen(self._ink(170))
                painter.drawText(QPointF(left, area.bottom() + metrics.ascent() + 4), words)

    def _paint_curves(self, painter: QPainter, area: QRectF, histogram: RawHistogram) -> None:
        for heights, colour, shown in zip(self._heights(histogram), COLOURS, self._channels, strict=True):
            if not shown:
                continue
            points = [QPointF(self.x_of(LOW_EV), area.bottom())]
            for k, height in enumerate(heights):
                y = area.bottom() - float(height) * (area.height() - 2)
                points += [QPointF(self.x_of(LOW_EV + (k + edge) / PER_EV), y) for edge in (0, 1)]
            points.append(QPointF(self.x_of(HIGH_EV), area.bottom()))
            fill = QColor(colour)
            fill.setAlpha(60)
            painter.setBrush(fill)
            painter.setPen(QPen(colour, 1.2))
            painter.drawPolygon(QPolygonF(points))

    def _heights(self, histogram: RawHistogram) -> NDArray[np.float64]:
        """Heights 0..1 of every channel and bin."""
        counts = histogram.counts.astype(np.float64)
        if self._logarithmic:
            return np.log1p(counts) / max(float(np.log1p(counts.max())), 1.0)
        # What clips piles up and would flatten the rest.
        unclipped = counts[:, : round(-LOW_EV * PER_EV) - 1].max()
        return np.minimum(counts / max(unclipped, 1.0), 1)

    def _paint_marks(self, painter: QPainter, area: QRectF, marks: Marks) -> None:
        white, ceiling = marks.diffuse_white_ev, marks.hlg_ceiling_ev
        lines = (
            _Line(ceiling[1], self.tr("HLG ceiling"), ceiling, hollow=True),
            _Line(white[1], self.tr("diffuse white"), white),
            _Line(0.0, self.tr("clipping")),
        )
        # The rightmost name on top: names are left of their lines, so that no line crosses one.
        for row, line in enumerate(sorted(lines, key=lambda line: -line.ev)):
            self._paint_line(painter, area, line, row)
            if line.triangles is not None:
                self._paint_triangles(painter, area, line.triangles, line.hollow)

    def _paint_line(self, painter: QPainter, area: QRectF, line: _Line, row: int) -> None:
        metrics = QFontMetricsF(self.font())
        inside = LOW_EV <= line.ev <= self._high_ev()
        x = min(max(self.x_of(line.ev), area.left()), area.right())
        base = metrics.ascent() + row * metrics.height()
        words = line.name if inside else f"{line.name} {signed(line.ev)} EV " + ("→" if line.ev > 0 else "←")
        width = metrics.horizontalAdvance(words)
        painter.setPen(self._ink(210))
        painter.drawText(QPointF(x - width - 4 if x - width - 4 >= 0 else x + 4, base), words)
        if inside:
            style = Qt.PenStyle.SolidLine if line.triangles is None else Qt.PenStyle.DashLine
            painter.setPen(QPen(self._ink(190), 1, style))
            painter.drawLine(QPointF(x, base - metrics.ascent() + 2), QPointF(x, area.bottom()))

    def _paint_triangles(self, painter: QPainter, area: QRectF, evs: tuple[float, float, float], hollow: bool) -> None:
        for ev, colour, shown in zip(evs, COLOURS, self._channels, strict=True):
            if shown and LOW_EV <= ev <= self._high_ev():
                x, y = self.x_of(ev), area.bottom()
                painter.setPen(QPen(colour, 1))
                painter.setBrush(self.palette().color(QPalette.ColorRole.Base) if hollow else colour)
                painter.drawPolygon(QPolygonF([QPointF(x, y - 7), QPointF(x - 4, y), QPointF(x + 4, y)]))

    def _move_cursor(self, number: int) -> None:
        if self._histogram is None:
            number = -1
        if number != self._cursor:
            self._cursor = number
            self.hovered.emit(number)
            self.update()

    def _click(self, number: int) -> None:
        if self._histogram is not None and number >= 0:
            self.clicked.emit(number)
