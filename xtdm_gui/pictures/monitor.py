"""The colours of the monitor: pictures are sRGB, and are converted to its profile where it is known or named."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColorSpace, QGuiApplication, QImage, QScreen

from xtdm_core.errors import FileProblem, reading_failed
from xtdm_gui.pictures.x11_profile import read_x11_profile

_LARGEST = 1 << 24  # bytes; profiles with large tables have some megabytes


def read_profile(path: Path) -> QColorSpace:
    """Read an ICC profile that pictures can be converted to. Raises FileProblem."""
    try:
        if path.stat().st_size > _LARGEST:
            raise FileProblem(path, "is larger than any ICC profile: choose another file")
        space = QColorSpace.fromIccProfile(path.read_bytes())
    except OSError as error:
        raise FileProblem(path, reading_failed(error)) from error
    if not _is_of_monitor(space):
        raise FileProblem(path, "is no ICC profile of an RGB monitor: choose another file")
    return space


def system_profile(screen: QScreen) -> QColorSpace | None:
    """The profile that the system has for a screen; None where it has none, or converts colours itself."""
    if QGuiApplication.platformName() != "xcb":
        return None
    # Qt's first screen is the primary one, whose profile has no number.
    content = read_x11_profile(QGuiApplication.screens().index(screen))
    space = QColorSpace.fromIccProfile(content) if content else QColorSpace()
    return space if _is_of_monitor(space) else None


def _is_of_monitor(space: QColorSpace) -> bool:
    return space.isValid() and space.isValidTarget() and space.colorModel() == QColorSpace.ColorModel.Rgb


def to_monitor(image: QImage, space: QColorSpace | None) -> QImage:
    """Convert an sRGB image to the monitor's colours; without a profile it stays as it is."""
    if space is None:
        return image
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image.convertedToColorSpace(space, image.format())
