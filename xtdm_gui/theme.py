"""A dark, neutral grey look: colours around a photograph would change how it is seen."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


def apply_theme(app: QApplication) -> None:
    """Sets style and palette of the whole application."""
    app.setStyle("Fusion")
    roles = QPalette.ColorRole
    greys = {
        roles.Window: 56,
        roles.WindowText: 220,
        roles.Base: 44,
        roles.AlternateBase: 50,
        roles.Text: 220,
        roles.Button: 66,
        roles.ButtonText: 220,
        roles.Highlight: 110,
        roles.HighlightedText: 250,
        roles.ToolTipBase: 66,
        roles.ToolTipText: 220,
        roles.PlaceholderText: 150,
    }
    palette = QPalette()
    for role, grey in greys.items():
        palette.setColor(role, QColor(grey, grey, grey))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(130, 130, 130))
    app.setPalette(palette)
