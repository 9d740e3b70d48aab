"""The look that is edited: steps, files that were changed elsewhere, and what of it can be seen."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject

from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.develop.editor import LookEditor, visible
from xtdm_gui.pictures.picture import Picture


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    frame = simulate_frame(np.full((24, 24, 3), 0.2, np.float32), SensorModel())
    return Picture(tmp_path / "a.RAF", frame, align(frame))


def test_the_same_words_in_one_gesture_are_one_step(qtbot, picture: Picture) -> None:
    owner = QObject()
    editor = LookEditor(owner)
    editor.set_picture(picture)
    for value in (0.1, 0.2):
        editor.propose(replace(editor.look, contrast=value), "Contrast")
    editor.propose_step(replace(editor.look, shadows=0.3), "Shadows")
    assert editor.look == Look(contrast=0.2, shadows=0.3)
    undo, _ = editor.history.actions("Undo", "Redo", owner)
    undo.trigger()
    assert undo.text() == "Undo Contrast"
    undo.trigger()
    assert not undo.isEnabled()
    assert editor.look == Look()
    editor.close()
    assert read_look(picture.path) in (None, Look())


def test_what_another_has_changed_meanwhile_is_shown_without_a_table_that_is_gone(qtbot, picture: Picture) -> None:
    owner = QObject()
    editor = LookEditor(owner)
    editor.set_picture(picture)
    seen: list[Look] = []
    editor.look_changed.connect(seen.append)
    write_look(picture.path, Look(lut=str(picture.path.with_name("gone.cube"))))
    editor.propose(Look(contrast=0.2), "Contrast")
    editor.save_now()
    qtbot.waitUntil(lambda: editor.look.lut != "")
    assert editor.look.contrast == 0.2
    assert seen[-1] == replace(editor.look, lut="") == visible(editor.look)
    editor.close()
