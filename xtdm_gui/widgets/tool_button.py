"""A small button that does one thing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QToolButton


def tool_button(text: str, name: str, clicked: Callable[[], object]) -> QToolButton:
    """A button that shows ``text``, often a sign only; ``name`` is its tooltip and what screen readers say."""
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.clicked.connect(lambda _checked=False: clicked())
    return button
