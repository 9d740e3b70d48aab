"""Whole windows with a made raw file in them, for tests that drive them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, QSettings, Qt, QThread
from PySide6.QtWidgets import QApplication, QToolBar

from tests.gui.exporting import fake_converter
from tests.gui.viewing import PacedEngine
from xtdm_core.frame import RawFrame
from xtdm_gui.filmstrip.model import Badge, Role
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.window.main_window import MainWindow

Make = Callable[[], MainWindow]


def folder_of_raws(tmp_path: Path) -> Path:
    """Files whose names tell the engine what to do with them."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a.RAF", "b.RAF", "c_broken.RAF", "d_slow.RAF", "ignored.jpg"):
        (folder / name).touch()
    return folder


def making_windows(
    qtbot, tmp_path: Path, settings: QSettings, frame: RawFrame, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    """Makes windows, and sees to it that nothing of them is left."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    before = set(map(id, QApplication.topLevelWidgets()))
    made: list[MainWindow] = []
    engines: list[PacedEngine] = []

    def make() -> MainWindow:
        engines.append(PacedEngine(frame))
        window = MainWindow(
            settings,
            engine=engines[-1],
            cache=ThumbnailCache(tmp_path / "cache"),
            export_command=fake_converter(tmp_path),
        )
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return window

    yield make
    monkeypatch.setattr("xtdm_gui.window.main_window.may_stop_export", lambda _: True)
    for window, engine in zip(made, engines, strict=True):
        engine.go.release(10_000)
        window.close()
        assert not [thread for thread in window.findChildren(QThread) if thread.isRunning()]
        assert not [p for p in window.findChildren(QProcess) if p.state() != QProcess.ProcessState.NotRunning]
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    assert left == []


def open_and_wait(qtbot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.settled, timeout=20_000):
        window.open_path(path)


def step(qtbot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)


def badges(window: MainWindow, name: str) -> set[Badge]:
    files = [path.name for path in window.parts.filmstrip.files()]
    return set(window.parts.filmstrip.view.model().index(files.index(name), 0).data(Role.BADGES))


def choose_in_pane(window: MainWindow, pane: int, words: str) -> None:
    menu = window.parts.viewer.comparison.strips[pane].menu
    menu.aboutToShow.emit()
    (action,) = [action for action in menu.actions() if action.text() == words]
    action.trigger()


def press_in_tool_bar(qtbot, window: MainWindow, mode: str) -> None:
    bar = window.findChild(QToolBar, "tools")
    (action,) = [action for action in bar.actions() if action.data() == mode]
    qtbot.mouseClick(bar.widgetForAction(action), Qt.MouseButton.LeftButton)
    assert [action.data() for action in window.parts.viewer.actions() if action.isChecked()] == [mode]
