"""The line that tells what stands in a training's way, and what happened."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

_LINES = 3  # most sentences take no more, in a narrow panel


class SteadyMessage(QLabel):
    """A sentence whose place never becomes smaller: what is below must not move under the user's hands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMinimumHeight(_LINES * self.fontMetrics().lineSpacing())

    def setText(self, text: str) -> None:
        super().setText(text)
        if self.isVisible():
            self.setMinimumHeight(max(self.minimumHeight(), self.heightForWidth(self.width())))
