"""Marks where the output has no detail left."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from tests.gui.viewing import PacedEngine, middle, open_and_wait, viewing
from xtdm_core.develop.render import HlgMark
from xtdm_core.develop.tone import Look
from xtdm_gui.viewer.output_clipping import hlg_overlay, mark_ends


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


def test_what_hlg_loses_is_painted_over() -> None:
    image = hlg_overlay(np.uint8([[HlgMark.NOTHING, HlgMark.BLACK], [HlgMark.ROLLED_OFF, HlgMark.CLIPPED]]))
    seen = [[image.pixelColor(x, y).getRgb() for x in (0, 1)] for y in (0, 1)]
    assert seen == [[(0, 0, 0, 0), (40, 110, 235, 255)], [(240, 200, 40, 255), (235, 40, 40, 255)]]


def test_one_format_is_marked_at_a_time_and_named_above_the_picture(qtbot) -> None:
    with viewing(qtbot, PacedEngine()) as viewer:
        open_and_wait(qtbot, viewer, Path("a.RAF"))
        strip = viewer.comparison.strips[1].state
        before = middle(viewer)
        viewer.set_look(Look(exposure_ev=5))  # clips in sRGB, HLG holds it compressed
        qtbot.waitUntil(lambda: middle(viewer) != before)
        qtbot.keyClick(viewer, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
        qtbot.waitUntil(lambda: middle(viewer) == (240, 200, 40))
        assert strip.words().startswith("HLG")
        # The readout is of the picture, not of the mark.
        qtbot.waitUntil(lambda: viewer.layers[1].colour_at(viewer.view.level, 9, 9).red() == 255)
        qtbot.keyClick(viewer, Qt.Key.Key_J)
        assert middle(viewer) == (235, 40, 40)
        assert strip.words().startswith("sRGB")
        qtbot.keyClick(viewer, Qt.Key.Key_J)
        assert strip.words() == ""
