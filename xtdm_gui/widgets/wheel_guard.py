"""The wheel scrolls a panel; it must not change numbers and choices that pass under it on the way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget


def guard_wheel(panel: QWidget) -> None:
    """Number boxes, choices and sliders in ``panel`` heed the wheel only while they have the focus."""
    guard = _Guard(panel)
    for kind in (QAbstractSpinBox, QComboBox, QAbstractSlider):
        for widget in panel.findChildren(kind):
            if isinstance(widget, QWidget) and not isinstance(widget, QScrollBar):
                widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not give it the focus
                widget.installEventFilter(guard)


class _Guard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()  # so that the panel around it scrolls
            return True
        return False
