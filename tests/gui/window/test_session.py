"""What a window showed when it was closed comes back with the next one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt

from tests.core.conftest import textured
from tests.gui.windows import (
    Make,
    badges,
    choose_in_pane,
    folder_of_raws,
    making_windows,
    open_and_wait,
    press_in_tool_bar,
)
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_gui.filmstrip.model import Badge
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.viewer.painting import Mode

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of_raws(tmp_path)


@pytest.fixture
def make(qtbot, tmp_path: Path, settings: QSettings, monkeypatch) -> Iterator[Make]:
    frame = simulate_frame(textured(120, 150), SensorModel())
    yield from making_windows(qtbot, tmp_path, settings, frame, monkeypatch)


def test_file_view_mode_panes_network_tree_and_export_come_back(qtbot, make: Make, folder: Path) -> None:
    first = make()
    open_and_wait(qtbot, first, folder / "b.RAF")
    qtbot.keyClick(first, Qt.Key.Key_4, ALT)  # to export
    press_in_tool_bar(qtbot, first, Mode.SPLIT)
    choose_in_pane(first, 0, "LibRaw VNG")
    choose_in_pane(first, 1, "Network quality")
    qtbot.keyClick(first, Qt.Key.Key_T, CTRL)
    form = first.parts.export.form
    form.format.setCurrentIndex(form.format.findData("tiff"))
    form.template.setText("x_{stem}")
    choice = first.parts.export.choice()
    assert (choice.format, choice.template, Path(choice.weights).stem) == ("tiff", "x_{stem}", "quality")
    first.close()
    second = make()
    assert [name for name, action in second.menu_actions.presets.items() if action.isChecked()] == ["export"]
    assert not second.parts.export.visibleRegion().isEmpty()
    assert second.parts.viewer.mode == Mode.SPLIT
    assert [action.data() for action in second.parts.viewer.actions() if action.isChecked()] == [Mode.SPLIT]
    assert [second.parts.viewer.source(pane).label() for pane in (0, 1)] == ["LibRaw VNG", "Network quality"]
    assert second.parts.develop.engine.models.currentText() == "quality (built in)"
    assert second.parts.filmstrip.tree.isVisible()
    assert second.parts.export.choice() == choice
    with qtbot.waitSignal(second.settled):
        second.open_last()
    assert second.parts.filmstrip.current() == folder / "b.RAF"


def test_what_is_gone_when_the_window_comes_back_is_left_out(qtbot, make: Make, folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.pt"
    own.touch()
    first = make()
    open_and_wait(qtbot, first, folder / "b.RAF")
    first.parts.network.choose(own)
    first.close()
    own.unlink()
    (folder / "b.RAF").unlink()
    second = make()
    assert second.parts.viewer.source(1) == RenderingSource.network()
    assert second.parts.develop.engine.models.currentText() == "fast (built in)"
    assert second.parts.export.choice().weights == ""
    with qtbot.waitSignal(second.settled):
        second.open_last()
    assert second.parts.filmstrip.current() == folder / "a.RAF"


@pytest.mark.parametrize(
    "stored", ["no JSON", "[]", '{"mode": 1, "panes": [5, ["libraw", "x"]], "file": 3, "view": []}']
)
def test_a_state_that_makes_no_sense_does_no_harm(make: Make, settings: QSettings, stored: str) -> None:
    settings.setValue("state", stored)
    window = make()
    assert window.parts.viewer.mode == Mode.SINGLE
    assert window.parts.viewer.source(0) == RenderingSource.libraw("markesteijn3")
    window.open_last()


def test_badges_of_exports_come_back(qtbot, make: Make, folder: Path) -> None:
    first = make()
    open_and_wait(qtbot, first, folder)
    first.parts.export.set_selection([folder / "b.RAF"])
    first.export_selection()
    qtbot.waitUntil(lambda: Badge.EXPORTED in badges(first, "b.RAF"), timeout=20_000)
    first.close()
    second = make()
    open_and_wait(qtbot, second, folder)
    qtbot.waitUntil(lambda: Badge.EXPORTED in badges(second, "b.RAF"))
    assert Badge.EXPORTED not in badges(second, "a.RAF")


def test_a_window_closed_in_full_screen_comes_back_with_its_panels(qtbot, make: Make) -> None:
    first = make()
    qtbot.keyClick(first, Qt.Key.Key_F11)
    first.close()
    second = make()
    assert not second.isFullScreen()
    assert second.parts.filmstrip.isVisible()
    assert second.menuBar().isVisible()


def test_a_session_of_an_earlier_version_comes_back(qtbot, make: Make, settings: QSettings, older_files: Path) -> None:
    older = QSettings(str(older_files / "settings.ini"), QSettings.Format.IniFormat)
    for key in older.allKeys():
        settings.setValue(key, older.value(key))
    parts = make().parts
    assert parts.viewer.mode == Mode.SPLIT
    labels = [parts.viewer.source(pane).label() for pane in (0, 1)]
    assert labels == ["LibRaw 3-pass Markesteijn (asked for as DHT)", "Network quality"]
    assert parts.develop.engine.models.currentText() == "fast (built in)"
