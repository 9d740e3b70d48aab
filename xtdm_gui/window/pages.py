"""What the window shows: one picture with its panels, all files, or some files beside each other."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QByteArray, QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from xtdm_gui.viewer.survey import FEWEST, MOST
from xtdm_gui.window.docks import Docks
from xtdm_gui.window.parts import Parts


class Page(Enum):
    """Of the middle of the window."""

    PICTURE = auto()
    GRID = auto()
    SURVEY = auto()


class Pages(QObject):
    """Turns between pages; the filmstrip is one strip, with one selection, wherever it is seen.

    turned(Page)
    """

    turned = Signal(object)

    def __init__(self, stack: QStackedWidget, parts: Parts, docks: Docks, parent: QObject) -> None:
        super().__init__(parent)
        self._stack, self._parts, self._docks = stack, parts, docks
        self._before = QByteArray()  # of the docks
        self._from_grid = False
        self.shown = Page.PICTURE
        stack.addWidget(parts.viewer)
        stack.addWidget(parts.survey)
        parts.filmstrip.selection_changed.connect(self._on_selected)
        parts.filmstrip.current_changed.connect(parts.survey.set_active)
        parts.survey.activated.connect(parts.filmstrip.view.make_current)

    def turn(self, page: Page) -> None:
        """Shows a page; from the picture on, the one before is as it was."""
        if page is self.shown:
            return
        before, self.shown = self.shown, page
        if before is Page.PICTURE:
            self._before = self._docks.state()
        elif before is Page.GRID:
            self._leave_grid()
        else:
            self._leave_survey()
        if page is Page.GRID:
            self._enter_grid()
        elif page is Page.SURVEY:
            self._from_grid = before is Page.GRID
            self._enter_survey()
        else:
            self._stack.setCurrentWidget(self._parts.viewer)
            self._docks.restore_state(self._before)
            self._parts.filmstrip.view.show_current()
        self.turned.emit(page)
        self._on_selected()

    def can_survey(self) -> bool:
        """Whether there is something to be compared."""
        return len(self._parts.filmstrip.selected()) >= FEWEST

    def leave(self) -> None:
        """Shows the page that was there before."""
        back = self.shown is Page.SURVEY and self._from_grid
        self.turn(Page.GRID if back else Page.PICTURE)

    def _enter_grid(self) -> None:
        strip = self._parts.filmstrip
        for dock in self._docks.docks.values():
            dock.hide()
        self._stack.addWidget(strip)
        self._stack.setCurrentWidget(strip)
        strip.set_grid(True)
        strip.show()
        strip.view.setFocus()
        strip.view.show_current()

    def _leave_grid(self) -> None:
        """The caller turns the strip as its dock wants it."""
        strip = self._parts.filmstrip
        self._stack.removeWidget(strip)
        self._docks.docks["filmstrip"].setWidget(strip)
        strip.show()
        strip.set_grid(False)

    def _enter_survey(self) -> None:
        for name, dock in self._docks.docks.items():
            dock.setVisible(name == "filmstrip")
        self._parts.filmstrip.rates_current = True
        self._stack.setCurrentWidget(self._parts.survey)

    def _leave_survey(self) -> None:
        self._parts.filmstrip.rates_current = False
        self._parts.survey.show_files([], None)

    @Slot()
    def _on_selected(self) -> None:
        if self.shown is not Page.SURVEY:
            return
        if self.can_survey():
            self._show_selected()
        else:
            self.turn(Page.PICTURE)

    def _show_selected(self) -> None:
        strip = self._parts.filmstrip
        files = strip.selected()[:MOST]
        if strip.current() not in files:
            strip.view.make_current(files[0])
        self._parts.survey.show_files(files, strip.current())
