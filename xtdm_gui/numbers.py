"""Numbers as the window's language writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def number(value: float, digits: int = 0) -> str:
    """With so many digits behind the point, thousands in groups."""
    return QLocale().toString(float(value), "f", digits)


def signed(value: float, digits: int = 2) -> str:
    """With a sign that is one."""
    return f"{'−' if value < 0 else '+'}{number(abs(value), digits)}"
