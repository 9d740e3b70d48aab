"""A box for a number with decimals that takes both decimal signs, whatever the window's language."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

_SIGNS = ".,\N{ARABIC DECIMAL SEPARATOR}"


class NumberBox(QDoubleSpinBox):
    """0,5 and 0.5 are a half in every language; numbers are not grouped, so that neither sign means thousands."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Put the language's own decimal sign in place of the others as they are typed."""
        if self.decimals() > 0:
            own = self.locale().decimalPoint()
            text = "".join(own if character in _SIGNS else character for character in text)
        state, text, position = super().validate(text, position)
        return state, text, position
