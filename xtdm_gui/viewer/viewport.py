"""How the picture lies in the panes: one zoom and one place for all of them."""

from __future__ import annotations

from math import ceil, floor, log2

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

from xtdm_core.demosaicing.tiles import Box

SMALLEST, LARGEST = 0.02, 32.0
# Where stepping halts, beside the whole picture: what is between would make the picture's pixels differ in size.
LADDER = (1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)
_SAME = 1e-6  # by this part of it two zooms are one


class Viewport(QObject):
    """Zoom in physical screen pixels for a pixel of the upright picture, and where its corner lies.

    All coordinates of panes are physical pixels (Qt's times the scale factor). Pixels of the picture begin on whole
    pixels of the screen, so that 1:1 is exact.

    changed  emitted when any of it changed
    moved    emitted when it was brought elsewhere, not when pane or picture have another size
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = QSizeF(1, 1)
        self._pane = QSizeF(1, 1)
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)  # of the pane, in the picture
        self._fits = True

    @property
    def zoom(self) -> float:
        """Screen pixels for a picture's pixel."""
        return self._zoom

    @property
    def fits(self) -> bool:
        """Whether the whole picture is kept in the pane."""
        return self._fits

    @property
    def level(self) -> int:
        """Halvings of the picture that leave at least a pixel for each of the screen's."""
        return max(0, floor(-log2(self._zoom) + 1e-9))

    @property
    def reduction(self) -> float:
        """What is left to make the picture smaller by after ``level`` halvings: more than 1/2, at most 1."""
        return min(1.0, self._zoom * (1 << self.level))

    @property
    def corner(self) -> QPointF:
        """Where the picture's corner lies in the pane."""
        pane = self._pane
        x = pane.width() / 2 - self._centre.x() * self._zoom
        y = pane.height() / 2 - self._centre.y() * self._zoom
        return QPointF(round(x), round(y))

    def set_pane(self, width: float, height: float) -> None:
        """The panes' size; the middle of what is seen stays in the middle."""
        if QSizeF(width, height) != self._pane:
            self._pane = QSizeF(max(width, 1), max(height, 1))
            self._constrain()

    def set_picture(self, width: int, height: int) -> None:
        """Set the upright picture's size; zoom and relative place stay, a picture that fits still fits."""
        old, self._picture = self._picture, QSizeF(width, height)
        if old != self._picture:
            across, down = width / old.width(), height / old.height()
            self._centre = QPointF(self._centre.x() * across, self._centre.y() * down)
            self._constrain()

    def fit(self) -> None:
        """The whole picture, never magnified."""
        self._fits = True
        self._constrain()
        self.moved.emit()

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zooms and keeps the point ``at`` of the pane, or its middle, in place."""
        place = at if at is not None else QPointF(self._pane.width() / 2, self._pane.height() / 2)
        fixed = self.to_picture(place)
        self._fits = False
        self._zoom = min(max(zoom, SMALLEST), LARGEST)
        away = place - QPointF(self._pane.width() / 2, self._pane.height() / 2)
        self._centre = fixed - away / self._zoom
        self._constrain()
        self.moved.emit()

    def step(self, rungs: int, at: QPointF | None = None) -> None:
        """Zooms by so many rungs of ``LADDER``, out only until the whole picture is seen; ``at`` stays in place."""
        fitting = self._fitting
        ladder = sorted({fitting, *(rung for rung in LADDER if rung > fitting)})
        if rungs > 0:
            further = [rung for rung in ladder if rung > self._zoom * (1 + _SAME)][:rungs]
        else:
            further = [rung for rung in reversed(ladder) if rung < self._zoom * (1 - _SAME)][:-rungs]
        if not further:
            return
        if further[-1] == fitting:
            self.fit()
        else:
            self.zoom_to(further[-1], at)

    def centre_on(self, x: float, y: float, zoom: float) -> None:
        """Move a point of the upright picture into the middle."""
        self._fits = False
        self._zoom = min(max(zoom, SMALLEST), LARGEST)
        self._centre = QPointF(x, y)
        self._constrain()
        self.moved.emit()

    def pan(self, by: QPointF) -> None:
        """Moves the picture by so many screen pixels."""
        if not self._fits:
            self._centre -= by / self._zoom
            self._constrain()
            self.moved.emit()

    def follow(self, other: Viewport) -> None:
        """Shows the same place of a picture, relative to its size, as large as another view does."""
        across = self._picture.width() / other._picture.width()
        down = self._picture.height() / other._picture.height()
        self._fits, self._zoom = other._fits, other._zoom
        self._centre = QPointF(other._centre.x() * across, other._centre.y() * down)
        self._constrain()

    def to_picture(self, point: QPointF) -> QPointF:
        """A point of a pane to the upright picture."""
        return (point - self.corner) / self._zoom

    def rect(self, box: Box, level: int = 0) -> QRectF:
        """Where a box of the upright picture, in pixels after ``level`` halvings, lies in the pane."""
        scale = self._zoom * (1 << level)
        corner = self.corner
        x, y = corner.x() + box.left * scale, corner.y() + box.top * scale
        return QRectF(x, y, box.width * scale, box.height * scale)

    def seen(self, level: int = 0) -> Box:
        """The box of the upright picture that the pane shows, in pixels after ``level`` halvings."""
        scale = self._zoom * (1 << level)
        corner = self.corner
        step = 1 << level
        width, height = ceil(self._picture.width() / step), ceil(self._picture.height() / step)
        top, left = floor(-corner.y() / scale), floor(-corner.x() / scale)
        bottom = ceil((self._pane.height() - corner.y()) / scale)
        right = ceil((self._pane.width() - corner.x()) / scale)
        return Box(top, left, bottom, right).clipped(height, width)

    @property
    def _fitting(self) -> float:
        """The zoom at which the whole picture is seen, never magnified."""
        pane, picture = self._pane, self._picture
        return max(min(pane.width() / picture.width(), pane.height() / picture.height(), 1.0), SMALLEST)

    def _constrain(self) -> None:
        """Keeps the rules: what fits is fitted, no pane shows emptiness beside a picture that is larger than it."""
        pane, picture = self._pane, self._picture
        if self._fits:
            self._zoom = self._fitting
        x = _kept_inside(self._centre.x(), pane.width() / 2 / self._zoom, picture.width())
        y = _kept_inside(self._centre.y(), pane.height() / 2 / self._zoom, picture.height())
        self._centre = QPointF(x, y)
        self.changed.emit()


def _kept_inside(centre: float, half_seen: float, length: float) -> float:
    if 2 * half_seen >= length:
        return length / 2
    return min(max(centre, half_seen), length - half_seen)
