"""Marks where the output has no detail left."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from tests.gui.viewing import PacedEngine, middle, open_and_wait, viewing
from xtdm_core.develop.tone import Look
from xtdm_gui.viewer.output_clipping import mark_ends


def test_ends_are_marked_and_the_rest_is_not() -> None:
    image = QImage(5, 1, QImage.Format.Format_RGB32)
    colours = [(255, 0, 0), (255, 255, 255), (0, 0, 0), (254, 1, 0), (0, 0, 9)]
    for x, colour in enumerate(colours):
        image.setPixelColor(x, 0, QColor(*colour))
    mark_ends(image)
    seen = [image.pixelColor(x, 0).getRgb()[:3] for x in range(5)]
    assert seen == [(235, 40, 40), (235, 40, 40), (40, 110, 235), (254, 1, 0), (0, 0, 9)]


def test_a_key_shows_what_the_output_clips(qtbot) -> None:
    with viewing(qtbot, PacedEngine()) as viewer:
        open_and_wait(qtbot, viewer, Path("a.RAF"))
        before = middle(viewer)
        qtbot.keyClick(viewer, Qt.Key.Key_J)
        assert middle(viewer) == before
        with qtbot.waitSignal(viewer.settled):
            viewer.set_look(Look(exposure_ev=10))
        assert middle(viewer) == (235, 40, 40)
        qtbot.keyClick(viewer, Qt.Key.Key_J)
        assert middle(viewer)[0] == 255
