"""Stars, flags and colour labels, drawn over a picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from xtdm_core.culling.rating import Flag, Label, Rating

# Muted like all else around photographs, and told apart by their lightness, too.
LABEL_COLOURS = {
    Label.RED: QColor(196, 74, 66),
    Label.YELLOW: QColor(222, 194, 88),
    Label.GREEN: QColor(98, 166, 92),
    Label.BLUE: QColor(84, 126, 206),
    Label.PURPLE: QColor(150, 98, 190),
}
_SHADE, _DIMMED, _PALE = QColor(20, 20, 20, 190), QColor(40, 40, 40, 165), QColor(235, 235, 235)
_LINE = 18  # height of the stars and the flag, in logical pixels
_BAR = 5  # of a label


def draw_rating(painter: QPainter, area: QRect, rating: Rating) -> None:
    """Draws what somebody thinks of the picture in ``area``: a rejected one is dimmed."""
    if rating == Rating():
        return
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    if rating.flag is Flag.REJECTED:
        painter.fillRect(area, _DIMMED)
    if rating.label in LABEL_COLOURS:
        painter.fillRect(QRect(area.x(), area.y(), _BAR, area.height()), LABEL_COLOURS[rating.label])
    if rating.stars:
        _draw_words(painter, QPointF(area.x() + _BAR + 2, area.bottom() - _LINE), "★" * rating.stars)
    if rating.flag is not Flag.NONE:
        words = "⚑" if rating.flag is Flag.PICKED else "✕"
        _draw_words(painter, QPointF(area.x() + _BAR + 2, area.y() + 2), words)
    painter.restore()


def _draw_words(painter: QPainter, at: QPointF, words: str) -> None:
    """Words on a dark ground that keeps them readable on any picture."""
    width = painter.fontMetrics().horizontalAdvance(words) + 8
    box = QRectF(at.x(), at.y(), width, _LINE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QPen(_PALE))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
