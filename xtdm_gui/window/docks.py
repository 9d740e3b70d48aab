"""Where the panels are: docks around the viewer, presets of them, and how they are kept between two starts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QFrame, QMainWindow, QScrollArea, QSizePolicy, QTabWidget, QWidget

from xtdm_gui.viewer.painting import Mode

_STATE_VERSION = 2  # a new one where docks change their names
_LEFT_DOCKS = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT_DOCKS = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM_DOCKS = Qt.DockWidgetArea.BottomDockWidgetArea
_AREAS = _LEFT_DOCKS | _RIGHT_DOCKS | _BOTTOM_DOCKS


@dataclass(frozen=True, slots=True)
class Workspace:
    """The panel in front, the viewer's mode, and docks that give it their room."""

    front: str
    mode: Mode
    without: tuple[str, ...] = ()


WORKSPACES = {
    "browse": Workspace("develop", Mode.SINGLE),
    "before-after": Workspace("develop", Mode.SIDE_BY_SIDE),
    "inspector": Workspace("inspector", Mode.SIDE_BY_SIDE, without=("histogram",)),
    "export": Workspace("export", Mode.SINGLE, without=("histogram",)),
    "training": Workspace("training", Mode.SINGLE, without=("histogram",)),
}


class Docks:
    """The docks of a window, by name."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.docks: dict[str, QDockWidget] = {}
        self._before_hiding = QByteArray()
        window.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
        )
        window.setTabPosition(_AREAS, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomRightCorner, _RIGHT_DOCKS)

    def add(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        """A dock around ``widget``; ``name`` is what presets call it."""
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setAccessibleName(title)
        dock.setAllowedAreas(_AREAS)
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        self.docks[name] = dock
        return dock

    def keep_low(self, name: str) -> None:
        """Give a dock no more height than it needs while it is docked: a larger window is for the other docks."""
        dock = self.docks[name]
        dock.topLevelChanged.connect(lambda floating: _limit_height(dock.widget(), not floating))
        _limit_height(dock.widget(), True)

    def tabify(self, *names: str) -> None:
        """Puts docks behind one another."""
        for front, back in pairwise(names):
            self._window.tabifyDockWidget(self.docks[front], self.docks[back])

    def apply(self, preset: Workspace) -> None:
        """Shows all docks but those a preset does without."""
        for name, dock in self.docks.items():
            dock.setVisible(name not in preset.without)
        self.docks[preset.front].raise_()

    def hide_all(self, on: bool) -> None:
        """Hides all docks, or brings back those that were to be seen before."""
        if on:
            self._before_hiding = self._window.saveState(_STATE_VERSION)
            for dock in self.docks.values():
                dock.hide()
        else:
            self._window.restoreState(self._before_hiding, _STATE_VERSION)

    def state(self) -> QByteArray:
        """Where everything is, for ``restore_state``."""
        return self._window.saveState(_STATE_VERSION)

    def restore_state(self, state: QByteArray) -> None:
        """Puts everything where it was."""
        self._window.restoreState(state, _STATE_VERSION)

    def actions(self) -> list[QAction]:
        """Shows and hides each dock."""
        return [dock.toggleViewAction() for dock in self.docks.values()]

    def size(self, bottom_px: int, right_px: int) -> None:
        """The docks' first sizes, in Qt's pixels."""
        sides, across = [self.docks["histogram"], self.docks["develop"]], Qt.Orientation.Horizontal
        self._window.resizeDocks(sides, [right_px] * 2, across)
        self._window.resizeDocks([self.docks["filmstrip"]], [bottom_px], Qt.Orientation.Vertical)

    def save(self, settings: QSettings) -> None:
        """Keeps the window's place, size and docks."""
        settings.setValue("geometry", self._window.saveGeometry())
        settings.setValue("docks", self._window.saveState(_STATE_VERSION))

    def restore(self, settings: QSettings) -> bool:
        """Puts everything where it was; False where nothing usable was kept."""
        geometry, docks = settings.value("geometry"), settings.value("docks")
        if not isinstance(geometry, QByteArray) or not isinstance(docks, QByteArray):
            return False  # there is nothing yet, or the file is damaged
        if not self._window.restoreGeometry(geometry):
            return False
        return self._window.restoreState(docks, _STATE_VERSION)


def _limit_height(widget: QWidget, on: bool) -> None:
    policies = QSizePolicy.Policy
    widget.setSizePolicy(policies.Preferred, policies.Maximum if on else policies.Preferred)


class PanelScrollArea(QScrollArea):
    """``widget`` in a frame that scrolls up and down where it is too tall; it is never cut at its sides."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._inner = widget
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._inner.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # what is inside may have become wider
        return super().eventFilter(watched, event)
