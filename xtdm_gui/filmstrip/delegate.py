"""Draws one raw file in the filmstrip: thumbnail, name, badges; or the reason why there is nothing to see."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from xtdm_gui.filmstrip.model import Badge, Role
from xtdm_gui.pictures.rating_marks import draw_rating

THUMBNAIL = QSize(160, 120)  # logical pixels
_MARGIN = 6
_NAME_HEIGHT = 22
_BADGE = 18
_EMPTY = QColor(52, 52, 52)
_PALE = QColor(225, 225, 225)
_SELECTED, _NAME_OF_SELECTED = QColor(150, 150, 150), QColor(16, 16, 16)  # far from the background of every theme
_OUTLINE = 2  # of the current cell
# The only colours: something is wrong, something is not possible.
_INK = {
    Badge.EXPORTED: _PALE,
    Badge.EDITED: _PALE,
    Badge.UNREADABLE: QColor(240, 105, 90),
    Badge.EXPORT_FAILED: QColor(240, 105, 90),
    Badge.NOT_XTRANS: QColor(232, 178, 76),
}
_WRAPPED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


def cell_around(thumbnail: QSize) -> QSize:
    """The least size of a cell with a thumbnail of that size, in logical pixels."""
    return QSize(thumbnail.width() + 2 * _MARGIN, thumbnail.height() + 2 * _MARGIN + _NAME_HEIGHT)


CELL = cell_around(THUMBNAIL)


class FileDelegate(QStyledItemDelegate):
    """All cells have the size that ``cell_size`` tells, at least what a thumbnail of ``thumbnail`` needs."""

    def __init__(self, view: QAbstractItemView, cell_size: Callable[[], QSize], thumbnail: Callable[[], QSize]) -> None:
        super().__init__(view)
        self._view = view
        self._cell_size, self._thumbnail = cell_size, thumbnail

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._cell_size()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        wide, high = self._thumbnail().toTuple()
        area = QRect(rect.x() + (rect.width() - wide) // 2, rect.y() + _MARGIN, wide, high)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_frame(painter, rect, state, palette)
        if index == self._view.currentIndex():
            _draw_outline(painter, rect, palette.color(palette.ColorRole.Text))
        pixmap: QPixmap | None = index.data(Role.THUMBNAIL)
        error: str = index.data(Role.ERROR)
        if pixmap is not None and not error:
            picture = _draw_pixmap(painter, area, pixmap)
        else:
            picture = _draw_placeholder(painter, area, error)
        draw_rating(painter, picture, index.data(Role.RATING))
        _draw_badges(painter, area, list(index.data(Role.BADGES)))
        name_area = QRect(area.x(), area.bottom() + 1, area.width(), _NAME_HEIGHT + _MARGIN // 2)
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, name_area.width())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.setPen(_NAME_OF_SELECTED if selected else palette.color(palette.ColorRole.Text))
        painter.drawText(name_area, Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()


def _draw_frame(painter: QPainter, rect: QRect, state: QStyle.StateFlag, palette: QPalette) -> None:
    """Selected cells are filled, and the one below the mouse a little."""
    inner = QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5)
    painter.setPen(Qt.PenStyle.NoPen)
    if state & QStyle.StateFlag.State_Selected:
        painter.setBrush(_SELECTED)
        painter.drawRoundedRect(inner, 4, 4)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(palette.color(palette.ColorRole.Button))
        painter.drawRoundedRect(inner, 4, 4)


def _draw_outline(painter: QPainter, rect: QRect, colour: QColor) -> None:
    painter.setPen(QPen(colour, _OUTLINE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 4, 4)


def _draw_pixmap(painter: QPainter, area: QRect, pixmap: QPixmap) -> QRect:
    """One pixel of the thumbnail on one of the screen, made smaller only where it is larger than its place."""
    ratio = painter.device().devicePixelRatioF()
    shrink = min(1.0, area.width() * ratio / pixmap.width(), area.height() * ratio / pixmap.height())
    width, height = pixmap.width() * shrink / ratio, pixmap.height() * shrink / ratio
    x = round((area.x() + (area.width() - width) / 2) * ratio) / ratio
    y = round((area.y() + (area.height() - height) / 2) * ratio) / ratio
    place = QRectF(x, y, width, height)
    painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
    return place.toAlignedRect()


def _draw_placeholder(painter: QPainter, area: QRect, error: str) -> QRect:
    landscape = area.adjusted(0, 7, 0, -7)
    painter.fillRect(landscape, _EMPTY)
    if not error:
        return landscape
    painter.save()
    font = painter.font()
    font.setPointSizeF(font.pointSizeF() * 0.8)
    painter.setFont(font)
    painter.setPen(_PALE)
    words = landscape.adjusted(6, 4, -6, -_BADGE - 4)
    lines = max(1, words.height() // painter.fontMetrics().lineSpacing())
    room = (lines - 0.6) * words.width()  # words break lines before their ends
    text = painter.fontMetrics().elidedText(error, Qt.TextElideMode.ElideRight, int(room))
    painter.drawText(words, _WRAPPED, text)
    painter.restore()
    return landscape


def _draw_badges(painter: QPainter, area: QRect, badges: list[Badge]) -> None:
    """From the right corner below to the left, each on a dark disc that keeps it readable on any picture."""
    for number, badge in enumerate(sorted(badges, key=lambda badge: badge.name)):
        corner = QPointF(area.right() - _BADGE - 1 - number * (_BADGE + 3), area.bottom() - _BADGE - 1)
        painter.setPen(QPen(QColor(120, 120, 120), 1))
        painter.setBrush(QColor(28, 28, 28, 225))
        painter.drawEllipse(QRectF(corner.x(), corner.y(), _BADGE, _BADGE))
        painter.setPen(QPen(_INK[badge], 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(_INK[badge])
        _GLYPHS[badge](painter, corner)


def _draw_check(painter: QPainter, at: QPointF) -> None:
    painter.drawPolyline([at + QPointF(*point) for point in ((5, 9.5), (8, 12.5), (13, 6))])


def _draw_cross(painter: QPainter, at: QPointF) -> None:
    """Where the check of an export would be."""
    painter.drawLine(at + QPointF(5.8, 5.8), at + QPointF(12.2, 12.2))
    painter.drawLine(at + QPointF(5.8, 12.2), at + QPointF(12.2, 5.8))


def _draw_sliders(painter: QPainter, at: QPointF) -> None:
    for y, knob in ((6.5, 11), (11.5, 7)):
        painter.drawLine(at + QPointF(4.5, y), at + QPointF(13.5, y))
        painter.drawEllipse(at + QPointF(knob, y), 1.4, 1.4)


def _draw_exclamation(painter: QPainter, at: QPointF) -> None:
    painter.drawLine(at + QPointF(9, 4.5), at + QPointF(9, 9.8))
    painter.drawEllipse(at + QPointF(9, 13.2), 0.5, 0.5)


def _draw_crossed_out(painter: QPainter, at: QPointF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at + QPointF(9, 9), 5, 5)
    painter.drawLine(at + QPointF(5.6, 12.4), at + QPointF(12.4, 5.6))


_GLYPHS = {
    Badge.EXPORTED: _draw_check,
    Badge.EDITED: _draw_sliders,
    Badge.UNREADABLE: _draw_exclamation,
    Badge.EXPORT_FAILED: _draw_cross,
    Badge.NOT_XTRANS: _draw_crossed_out,
}
