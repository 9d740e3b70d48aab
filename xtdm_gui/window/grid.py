"""The filmstrip as a grid in the whole window, in place of picture and panels."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QStackedWidget, QWidget

from xtdm_gui.filmstrip.filmstrip import Filmstrip
from xtdm_gui.window.docks import Docks


class Grid:
    """Takes the strip out of its dock and back: it is one strip, with one selection, wherever it is seen."""

    def __init__(self, pages: QStackedWidget, picture: QWidget, filmstrip: Filmstrip, docks: Docks) -> None:
        self._pages, self._picture, self._filmstrip, self._docks = pages, picture, filmstrip, docks
        self._before = QByteArray()  # of the docks

    @property
    def shown(self) -> bool:
        """Whether the grid is seen."""
        return self._pages.currentWidget() is not self._picture

    def show(self) -> None:
        """Files in the whole window."""
        self._before = self._docks.state()
        for dock in self._docks.docks.values():
            dock.hide()
        self._pages.addWidget(self._filmstrip)
        self._pages.setCurrentWidget(self._filmstrip)
        self._filmstrip.set_grid(True)
        self._filmstrip.show()
        self._filmstrip.view.setFocus()
        self._filmstrip.view.show_current()

    def hide(self) -> None:
        """Picture and panels as they were; the caller turns the strip as its dock wants it."""
        self._pages.removeWidget(self._filmstrip)
        self._pages.setCurrentWidget(self._picture)
        self._docks.docks["filmstrip"].setWidget(self._filmstrip)
        self._filmstrip.show()
        self._filmstrip.set_grid(False)
        self._docks.restore_state(self._before)
        self._filmstrip.view.show_current()
