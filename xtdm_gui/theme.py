"""Dark, neutral grey looks: colours around a photograph would change how it is seen."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


class Theme(StrEnum):
    """Two greys, or the desktop's own colours."""

    DARK = "dark"
    DARKER = "darker"
    SYSTEM = "system"


_ROLES = QPalette.ColorRole
# Grey codes of (background, sunken background, button, text, selection).
_GREYS: dict[str, tuple[int, int, int, int, int]] = {
    Theme.DARK: (56, 44, 66, 220, 110),
    Theme.DARKER: (34, 24, 46, 205, 92),
}
# Fusion's icons of dialogs are green and red, its lines around tool bars bright, its ring around the button that has
# the keyboard a shade of the background.
_SHEET = """
* { dialogbuttonbox-buttons-have-icons: 0; }
QToolBar { border: 0; padding: 2px; spacing: 2px; }
QToolButton:focus { border: 2px solid palette(text); border-radius: 3px; }
QToolButton:focus:checked { background: palette(dark); }
"""
_DISABLED = (_ROLES.WindowText, _ROLES.Text, _ROLES.ButtonText)


def apply_theme(app: QApplication, theme: str = Theme.DARK) -> None:
    """Sets style and palette of the whole application; ``theme`` is one of ``Theme``."""
    app.setStyle("Fusion")
    app.setStyleSheet(_SHEET)
    app.setPalette(theme_palette(theme))


def theme_palette(theme: str) -> QPalette:
    """Return the colours of one of ``Theme``."""
    return QPalette() if theme == Theme.SYSTEM else _palette(*_GREYS[theme])


def _palette(window: int, base: int, button: int, text: int, selection: int) -> QPalette:
    greys = {
        _ROLES.Window: window,
        _ROLES.WindowText: text,
        _ROLES.Base: base,
        _ROLES.AlternateBase: base + 6,
        _ROLES.Text: text,
        _ROLES.Button: button,
        _ROLES.ButtonText: text,
        _ROLES.BrightText: 255,
        _ROLES.Light: button + 40,
        _ROLES.Midlight: button + 20,
        _ROLES.Mid: window - 12,
        _ROLES.Dark: window - 20,
        _ROLES.Shadow: 10,
        _ROLES.Highlight: selection,
        _ROLES.HighlightedText: 250,
        _ROLES.Accent: selection,
        _ROLES.Link: text,
        _ROLES.LinkVisited: text,
        _ROLES.ToolTipBase: button,
        _ROLES.ToolTipText: text,
        _ROLES.PlaceholderText: text - 70,
    }
    palette = QPalette()
    for role, grey in greys.items():
        palette.setColor(role, QColor(grey, grey, grey))
    dim = (text + window) // 2
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(dim, dim, dim))
    palette.setColor(QPalette.ColorGroup.Disabled, _ROLES.Highlight, QColor(button, button, button))
    return palette
