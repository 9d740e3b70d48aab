"""The window's own icons, drawn from SVG in the colour of the text."""

from __future__ import annotations

from PySide6.QtGui import QIcon

from xtdm_core.assets import asset


def app_icon() -> QIcon:
    """The program's icon."""
    return QIcon(str(asset("icons/xtdm.svg")))


def icon(name: str) -> QIcon:
    """An action's icon: ``resources/icons/NAME.svg``."""
    return QIcon(str(asset(f"icons/{name}.svg")))
