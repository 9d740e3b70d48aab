"""What the inspector draws: photosites magnified, the folded cell, the spectrum."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QVBoxLayout, QWidget

from xtdm_core.frame import F32, U8
from xtdm_core.inspection.score import heat_colours
from xtdm_core.xtrans import PERIOD
from xtdm_gui.formatting import signed

CURVES = (QColor(240, 240, 240), QColor(235, 165, 65))
_CFA = (QColor(220, 70, 60), QColor(70, 170, 85), QColor(75, 110, 225))
_EMPTY, _WORDS, _LINE = QColor(48, 48, 48), QColor(190, 190, 190), QColor(255, 255, 255, 150)
_ZOOM = 12  # the least, in screen pixels for a photosite


class Magnifier(QWidget):
    """Photosites of a pane, magnified 12 times or more, with the lines of the 6x6 grid and the CFA's colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._patch: U8 | None = None
        self._cfa: U8 = np.zeros((0, 0), np.uint8)
        self._marked = np.zeros((0, 0), bool)
        self.words = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(2 * PERIOD * _ZOOM)

    def show_patch(self, patch: U8, cfa: U8, marked: np.ndarray) -> None:
        """Shows sRGB u8 [h, w, 3] with its colours u8 [h, w], the position where ``marked`` bool [h, w] is True."""
        self._patch, self._cfa, self._marked, self.words = patch, cfa, marked, ""
        self.update()

    def show_words(self, words: str) -> None:
        """Show why there is nothing."""
        self._patch, self.words = None, words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(168, 168)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        square = QRectF((self.width() - side) / 2, 0, side, side)
        painter.fillRect(square, _EMPTY)
        if self._patch is None:
            painter.setPen(_WORDS)
            margins = square.adjusted(8, 8, -8, -8)
            painter.drawText(margins, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        else:
            self._paint_patch(painter, self._patch, square)
        painter.end()

    def _paint_patch(self, painter: QPainter, patch: U8, square: QRectF) -> None:
        count = max(1, min(int(square.width() / _ZOOM) // PERIOD, *(n // PERIOD for n in self._marked.shape))) * PERIOD
        rows, cols = (self._shown(axis, count) for axis in (0, 1))
        shown = np.ascontiguousarray(patch[rows, cols])
        image = QImage(shown.data, count, count, 3 * count, QImage.Format.Format_RGB888)
        painter.drawImage(square, image)
        self._paint_marks(painter, square, rows, cols)

    def _shown(self, axis: int, count: int) -> slice:
        """Whole periods around the position: ``count`` rows or columns."""
        at = int(np.argwhere(self._marked)[0, axis])
        start = round((at + 0.5 - count / 2) / PERIOD) * PERIOD
        start = max(0, min(start, self._marked.shape[axis] - count))
        return slice(start, start + count)

    def _paint_marks(self, painter: QPainter, square: QRectF, rows: slice, cols: slice) -> None:
        step = square.width() / (rows.stop - rows.start)
        size = max(3.0, step / 3.5)
        painter.setPen(QPen(QColor(0, 0, 0, 120), 0))
        for (row, col), colour in np.ndenumerate(self._cfa[rows, cols]):
            corner = square.topLeft() + QPointF(col * step + 1, row * step + 1)
            painter.setBrush(_CFA[colour])
            painter.drawRect(QRectF(corner.x(), corner.y(), size, size))
        painter.setPen(QPen(_LINE, 1))
        for k in range(0, rows.stop - rows.start + 1, PERIOD):
            at = min(k * step, square.width() - 1)
            painter.drawLine(square.topLeft() + QPointF(at, 0), square.topLeft() + QPointF(at, square.height()))
            painter.drawLine(square.topLeft() + QPointF(0, at), square.topLeft() + QPointF(square.width(), at))
        row, col = np.argwhere(self._marked[rows, cols])[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255), 2))
        painter.drawRect(QRectF(square.x() + col * step, square.y() + row * step, step, step))


class HeatMap(QWidget):
    """The folded cell, 6x6 squares: grey at 0, orange above, blue below; a square's tooltip tells its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heat: F32 | None = None
        self._cfa: U8 | None = None
        self._limit, self._unit = 1.0, ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(72)

    def show_heat(self, heat: F32 | None, limit: float, unit: str, cfa: U8 | None = None) -> None:
        """Shows f32 [6, 6] on a scale of -limit to +limit; ``cfa`` u8 [6, 6] marks colours; None empties it."""
        self.heat, self._limit, self._unit, self._cfa = heat, limit, unit, cfa
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(108, 108)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(width, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        square = self._square()
        painter.fillRect(square, _EMPTY)
        if self.heat is not None:
            step = square.width() / PERIOD
            colours = heat_colours(self.heat, self._limit)
            for row, col in np.ndindex(PERIOD, PERIOD):
                box = QRectF(square.x() + col * step, square.y() + row * step, step - 1, step - 1)
                painter.fillRect(box, QColor(*(int(v) for v in colours[row, col])))
                if self._cfa is not None:
                    mark = QRectF(box.x() + 1, box.y() + 1, step / 4, step / 4)
                    painter.fillRect(mark, _CFA[self._cfa[row, col]])
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(QPointF(event.pos()))
            if words:
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def words_at(self, at: QPointF) -> str:
        """The number of the square below a point, with its unit."""
        square = self._square()
        if self.heat is None or not square.contains(at):
            return ""
        row, col = (int((v - o) / square.width() * PERIOD) for v, o in ((at.y(), square.y()), (at.x(), square.x())))
        return f"{signed(float(self.heat[min(row, 5), min(col, 5)]), 3)} {self._unit}"

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, 0, side, side)


class SpectrumPlot(QWidget):
    """Curves over the frequencies 0 to 1/2 cycles per px, with lines at k/6."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = pg.PlotWidget(background=_EMPTY)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.getAxis("left").setWidth(26)
        self.plot.getAxis("left").setStyle(tickLength=-4, maxTickLevel=0)
        self.plot.getAxis("bottom").setTicks([[(0, "0"), (1 / 6, "1/6"), (2 / 6, "2/6"), (3 / 6, "3/6")]])
        for name in ("left", "bottom"):
            self.plot.getAxis(name).setTextPen(_WORDS)
        for k in (1, 2, 3):
            self.plot.addItem(pg.InfiniteLine(k / 6, 90, pen=pg.mkPen(130, 130, 130)))
        self.plot.addItem(pg.InfiniteLine(1, 0, pen=pg.mkPen(90, 90, 90)))
        self.curves = [self.plot.plot(pen=pg.mkPen(colour, width=1.5)) for colour in CURVES]
        self._fit(3.0)

    def show_profiles(self, profiles: list[F32 | None]) -> None:
        """Shows up to two profiles of ``spectrum.profile``."""
        top = 3.0
        for curve, values in zip(self.curves, [*profiles, None, None], strict=False):
            if values is None:
                curve.setData([], [])
                continue
            curve.setData(np.linspace(0, 0.5, values.size)[1:], values[1:])
            # The lowest frequencies, where every picture has most, may leave the plot.
            top = max(top, 1.1 * float(values[values.size // PERIOD :].max()))
        self._fit(top)

    def _fit(self, top: float) -> None:
        # A little more than is drawn, or the outermost numbers would be cut.
        self.plot.setXRange(-0.012, 0.518, padding=0)
        self.plot.setYRange(-0.03 * top, 1.1 * top, padding=0)
