"""A box for a number with decimals that takes both decimal signs, and gives the keys back when it is done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QDoubleSpinBox

_SIGNS = ".,\N{ARABIC DECIMAL SEPARATOR}"
_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class NumberBox(QDoubleSpinBox):
    """0,5 and 0.5 are a half in every language; numbers are not grouped, so that neither sign means thousands.

    Return takes what was typed, Escape takes it back. After both, the keys are the window's again: arrows step from
    file to file and digits give stars.
    """

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Put the language's own decimal sign in place of the others as they are typed."""
        if self.decimals() > 0:
            own = self.locale().decimalPoint()
            text = "".join(own if character in _SIGNS else character for character in text)
        state, text, position = super().validate(text, position)
        return state, text, position

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setValue(self.value())
        else:
            super().keyPressEvent(event)
        if event.key() in _DONE:
            self.clearFocus()
            event.accept()
