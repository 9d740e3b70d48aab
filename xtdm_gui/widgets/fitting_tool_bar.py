"""A tool bar that leaves out words rather than buttons where room is short."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolBar, QWidget

_STYLES = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly


class FittingToolBar(QToolBar):
    """Buttons with an icon show their words, too, as long as all buttons fit; their tooltips have them always."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._wide = 0  # what all words need, in Qt's pixels

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._wide = 0

    def _fit(self) -> None:
        """Measures once with all words: the bar's own hint follows the style that it has now."""
        if not self._wide:
            self.setToolButtonStyle(_STYLES[0])
            self._wide = self.sizeHint().width()
        self.setToolButtonStyle(_STYLES[self._wide > self.width()])  # without an icon Qt shows words in any style
