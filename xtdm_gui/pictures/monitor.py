"""The colours of the monitor: pictures are sRGB, and are converted to its profile where the user has named one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColorSpace, QImage

from xtdm_core.errors import FileProblem, reading_failed

_LARGEST = 1 << 24  # bytes; profiles with large tables have some megabytes


def read_profile(path: Path) -> QColorSpace:
    """Read an ICC profile that pictures can be converted to. Raises FileProblem."""
    try:
        if path.stat().st_size > _LARGEST:
            raise FileProblem(path, "is larger than any ICC profile: choose another file")
        space = QColorSpace.fromIccProfile(path.read_bytes())
    except OSError as error:
        raise FileProblem(path, reading_failed(error)) from error
    if not space.isValid() or not space.isValidTarget() or space.colorModel() != QColorSpace.ColorModel.Rgb:
        raise FileProblem(path, "is no ICC profile of an RGB monitor: choose another file")
    return space


def to_monitor(image: QImage, space: QColorSpace | None) -> QImage:
    """Convert an sRGB image to the monitor's colours; without a profile it stays as it is."""
    if space is None:
        return image
    image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    return image.convertedToColorSpace(space, image.format())
