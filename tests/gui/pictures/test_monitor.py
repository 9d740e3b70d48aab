"""Pictures in the colours of a monitor."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QColorSpace, QImage

from xtdm_core.errors import FileProblem
from xtdm_gui.pictures.monitor import read_profile, to_monitor


def profile(path: Path, name: QColorSpace.NamedColorSpace) -> Path:
    path.write_bytes(QColorSpace(name).iccProfile().data())
    return path


def pixel(space: QColorSpace | None, colour: QColor) -> tuple[int, ...]:
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(colour)
    shown = to_monitor(image, space)
    assert shown.format() == QImage.Format.Format_RGB32
    return shown.pixelColor(1, 1).getRgb()[:3]


def test_a_wide_monitor_gets_less_of_its_own_red(tmp_path: Path) -> None:
    space = read_profile(profile(tmp_path / "p3.icc", QColorSpace.NamedColorSpace.DisplayP3))
    red = pixel(space, QColor(255, 0, 0))
    assert all(abs(one - other) <= 1 for one, other in zip(red, (234, 51, 35), strict=True))  # sRGB's red in Display P3
    grey = pixel(space, QColor(128, 128, 128))
    assert all(abs(code - 128) <= 1 for code in grey)
    assert pixel(None, QColor(255, 0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("content", [b"", b"no profile", None])
def test_what_is_no_profile_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.icc"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileProblem):
        read_profile(path)
