"""A pane of the viewer: the strip that names what it shows, and the canvas where it is painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from xtdm_gui.pictures.engine import Rendering
from xtdm_gui.pictures.network_picker import ask_checkpoint
from xtdm_gui.pictures.renderings import LIBRAW_CHOICES, RenderingSource, shipped_sources
from xtdm_gui.viewer.crop_tool import CropTool
from xtdm_gui.viewer.viewport import Viewport
from xtdm_gui.widgets.labels import ElidedLabel

_NOTCH = 120  # Qt's eighths of a degree
_GRAB = 8  # pixels beside the split's line where it can be taken
_ARROWS = {
    Qt.Key.Key_Left: QPoint(1, 0),
    Qt.Key.Key_Right: QPoint(-1, 0),
    Qt.Key.Key_Up: QPoint(0, 1),
    Qt.Key.Key_Down: QPoint(0, -1),
}
_LEAVE_TOOL = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
Paint = Callable[[QPainter, QRectF], None]


class PaneHeader(QWidget):
    """Names what a pane shows, and offers the other sources.

    source_chosen(Source)
    """

    source_chosen = Signal(object)

    def __init__(self, letter: str, source: RenderingSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._foreign: list[RenderingSource] = []
        self.button = QToolButton()
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setAutoRaise(True)
        # Fusion puts its own arrow into the corner, below the text's line.
        self.button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.button.setAccessibleName(self.tr("What pane {0} shows").format(letter))
        self.button.setToolTip(self.tr("Choose what pane {0} shows").format(letter))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.button)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.state = ElidedLabel(elide=Qt.TextElideMode.ElideRight)
        self.zoom = QLabel()
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.zoom.setToolTip(self.tr("Screen pixels for a pixel of the picture"))
        label = QLabel(letter)
        label.setEnabled(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.addWidget(label)
        layout.addWidget(self.button)
        layout.addWidget(self.state, 1)
        layout.addWidget(self.zoom)
        self.show_source(source)

    def show_source(self, source: RenderingSource) -> None:
        """Names another source."""
        self.button.setText(f"{source.label()} ▾")
        self._source = source = source.choice
        if source not in [*_classic(), *shipped_sources()] and source not in self._foreign:
            self._foreign.append(source)

    def show_state(self, words: str) -> None:
        """What is to be said beside the name."""
        self.state.set_words(words)

    def show_zoom(self, words: str) -> None:
        """How large the picture is seen."""
        self.zoom.setText(words)

    def emphasise(self, on: bool) -> None:
        """Sets the name in bold: it is the one of two that is seen now."""
        font = self.button.font()
        font.setBold(on)
        self.button.setFont(font)

    def _fill(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        for title, sources in (
            (self.tr("Networks"), [*shipped_sources(), *self._foreign]),
            (self.tr("LibRaw"), _classic()[1:]),
            (self.tr("Camera"), _classic()[:1]),
        ):
            self.menu.addSection(title)
            for source in sources:
                action = QAction(source.label(), group)
                action.setCheckable(True)
                action.setChecked(source == self._source)
                action.triggered.connect(lambda _checked=False, source=source: self.source_chosen.emit(source))
                self.menu.addAction(action)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Other checkpoint…"), self._choose_file)

    def _choose_file(self) -> None:
        path = ask_checkpoint(self)
        if path is not None:
            self.source_chosen.emit(RenderingSource.network(path))


class Canvas(QWidget):
    """Where pictures are painted; it zooms and pans the view that all canvases share.

    hovered(QPointF|None)  the cursor's place in physical pixels, None when it leaves
    split_dragged(float)   the line of the split, 0 at the left border and 1 at the right one
    pressed()              a button, be it for a click or a drag
    picked(QPointF)        a click that was no drag
    """

    pressed = Signal()
    hovered = Signal(object)
    split_dragged = Signal(float)
    picked = Signal(object)

    def __init__(self, view: Viewport, paint: Paint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view, self._paint = view, paint
        self.leads = True  # whether the view takes its size from this canvas
        self.split: float | None = None
        self.tool: CropTool | None = None  # takes the mouse where it is over something of it
        self._uses_tool = False
        self._dragged_from: QPointF | None = None
        self._moved = False
        self._on_line = False
        self._turned = 0  # of a notch of the wheel: trackpads turn it by little
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(80, 60)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("")
        self.setAccessibleName(self.tr("Picture"))
        view.changed.connect(self.update)

    def physical(self, point: QPointF) -> QPointF:
        """A point of the widget in physical pixels."""
        return point * self.devicePixelRatioF()

    def follow_size(self) -> None:
        """Set the viewport to the panes' size."""
        if self.leads:
            ratio = self.devicePixelRatioF()
            self._view.set_pane(round(self.width() * ratio), round(self.height() * ratio))

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.follow_size()
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        self._paint(painter, QRectF(0, 0, round(self.width() * ratio), round(self.height() * ratio)))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.follow_size()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.follow_size()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        by = event.angleDelta().y()
        if event.phase() == Qt.ScrollPhase.ScrollMomentum:  # nobody touches the trackpad any more
            return
        if event.phase() == Qt.ScrollPhase.ScrollBegin or by * self._turned < 0:
            self._turned = 0
        self._turned += by
        notches = int(self._turned / _NOTCH)
        self._turned -= notches * _NOTCH
        if notches:
            self._view.step(notches, self.physical(event.position()))
        self.hovered.emit(self.physical(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.ignore()
            return
        self._dragged_from, self._moved = event.position(), False
        self.pressed.emit()
        self._uses_tool = self.tool is not None and self.tool.press(self.physical(event.position()))
        if self._uses_tool:
            return
        self._on_line = self._near_line(event.position())
        if not self._on_line:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        self.hovered.emit(self.physical(place))
        if self._uses_tool and self.tool is not None:
            self.tool.move(self.physical(place))
        elif self._dragged_from is None and self.tool is not None:
            self.setCursor(self.tool.cursor(self.physical(place)))
        elif self._dragged_from is None:
            near = self._near_line(place)
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.OpenHandCursor)
        elif self._on_line:
            self._moved = True
            self.split_dragged.emit(min(max(place.x() / max(self.width(), 1), 0.0), 1.0))
        else:
            self._view.pan(self.physical(place - self._dragged_from))
            self._moved = self._moved or place != self._dragged_from
            self._dragged_from = place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._uses_tool and self.tool is not None:
            self._uses_tool, self._dragged_from = False, None
            self.tool.release()
            return
        if self._dragged_from is not None and not self._moved and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self.physical(event.position()))
        self._dragged_from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._near_line(event.position()) or self.tool is not None:
            return
        if self._view.fits:
            self._view.zoom_to(1.0, self.physical(event.position()))
        else:
            self._view.fit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.physical(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.tool is not None and event.key() in _LEAVE_TOOL:
            self.tool.set_on(False)
            return
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or self._view.fits:
            super().keyPressEvent(event)
            return
        ratio = self.devicePixelRatioF()
        self._view.pan(QPointF(step.x() * self.width(), step.y() * self.height()) * (ratio / 8))

    def _near_line(self, place: QPointF) -> bool:
        return self.split is not None and abs(place.x() - self.split * self.width()) <= _GRAB


def state_words(result: Rendering | None, has_preview: bool, follows: bool) -> str:
    """How much of a result is there, and what is seen of the rest: the JPEG, or what another result ``follows``."""
    if result is not None and result.cells.complete:
        return ""
    translate = QCoreApplication.translate
    words = translate("Viewer", "{0} % there")
    if follows:
        words = translate("Viewer", "{0} % there, the rest is as before")
    elif has_preview:
        words = translate("Viewer", "{0} % there, the rest is the embedded JPEG")
    return words.format(0 if result is None else int(100 * result.cells.share))


def _classic() -> list[RenderingSource]:
    return [RenderingSource.preview(), *(RenderingSource.libraw(name) for name in LIBRAW_CHOICES)]
