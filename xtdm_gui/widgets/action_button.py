"""A button with a short name for an action whose own text changes."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton


class ActionButton(QToolButton):
    """Shows a short name; the tooltip says the action's own text ("Undo Exposure") and its shortcut."""

    def __init__(self, name: str, action: QAction) -> None:
        super().__init__()
        self._name = name
        self.setDefaultAction(action)
        action.changed.connect(self._name_it)
        self._name_it()

    @Slot()
    def _name_it(self) -> None:
        action = self.defaultAction()
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setText(self._name)
        self.setToolTip(f"{action.text()} ({shortcut})")
        self.setAccessibleName(action.text())
