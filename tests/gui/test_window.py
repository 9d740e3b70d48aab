"""The window as a user drives it, with a renderer whose pace the test decides."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.progress import Cancelled, Progress, Report
from xtdm_gui.availability import missing_libraries

if missing_libraries():
    pytest.skip(missing_libraries(), allow_module_level=True)

from PySide6 import QtCore
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog


class SlowRenderer:
    """Renders grey pictures; "slow" files only when released, "broken" ones never."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.cancelled: list[str] = []
        self.started: list[str] = []

    def __call__(self, path: Path, report: Report) -> np.ndarray:
        self.started.append(path.name)
        if "broken" in path.name:
            raise UnsupportedRaw(path, "is damaged")
        if "bug" in path.name:
            raise ZeroDivisionError("a bug")
        try:
            report(Progress("demosaicing", 0, 2))
            while "slow" in path.name and not self.release.wait(0.01):
                report(Progress("demosaicing", 1, 2))
        except Cancelled:
            self.cancelled.append(path.name)
            raise
        return np.full((400, 600, 3), 99, np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.RAF", "b_slow.RAF", "c_broken.raf", "d.dng", "e_bug.RAF", "ignored.jpg"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def window(qtbot) -> Iterator[object]:  # type: ignore[no-untyped-def]
    from xtdm_gui.main_window import MainWindow

    window = MainWindow(SlowRenderer())
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    assert not [t for t in window.findChildren(QtCore.QThread) if t.isRunning()]


def open_and_wait(qtbot, window, path: Path) -> None:  # type: ignore[no-untyped-def]
    with qtbot.waitSignal(window.settled):
        window.open_path(path)


def test_a_folder_shows_its_raw_files_and_the_first_picture(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, folder)
    names = [window.files.item(i).text() for i in range(window.files.count())]
    assert names == ["a.RAF", "b_slow.RAF", "c_broken.raf", "d.dng", "e_bug.RAF"]
    assert window.viewer.has_picture
    assert "a.RAF: 600 × 400" in window.note.text()


def test_the_open_dialog_opens_a_folder(qtbot, window, folder: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    with qtbot.waitSignal(window.settled):
        qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert window.files.count() == 5


def test_the_keyboard_steps_on_and_cancels_what_runs(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, folder)
    renderer = window._render
    qtbot.keyClick(window.files, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "b_slow.RAF" in renderer.started)
    assert not window.viewer.has_picture
    qtbot.waitUntil(lambda: window._bar.isVisible() and window._bar.value() == 1)
    assert window._bar.text() == "demosaicing"
    with qtbot.waitSignal(window.settled):
        qtbot.keyClick(window.files, Qt.Key.Key_Down)
        qtbot.keyClick(window.files, Qt.Key.Key_Down)
    assert "d.dng" in window.note.text()
    assert not window._bar.isVisible()
    assert "c_broken.raf" not in renderer.started  # passed by before its turn came
    qtbot.waitUntil(lambda: "b_slow.RAF" in renderer.cancelled)
    assert not renderer.release.is_set()


def test_an_error_is_told_in_the_window(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, folder / "c_broken.raf")
    assert window.words.text() == f"{folder / 'c_broken.raf'}: is damaged"
    assert window.words.isVisible()
    assert not window.viewer.has_picture


def test_a_bug_in_the_background_does_not_take_the_window_along(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, folder / "e_bug.RAF")
    assert "ZeroDivisionError" in window.words.text()


def test_an_empty_folder_is_told(qtbot, window, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, tmp_path)
    assert "no RAF or DNG files" in window.words.text()


def test_closing_while_work_runs_ends_it(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    window.open_path(folder / "b_slow.RAF")
    qtbot.waitUntil(lambda: "b_slow.RAF" in window._render.started)
    window.close()
    assert window._render.cancelled == ["b_slow.RAF"]


def test_a_path_that_is_not_there_is_told_and_stops_what_runs(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    window.open_path(folder / "b_slow.RAF")
    qtbot.waitUntil(lambda: "b_slow.RAF" in window._render.started)
    open_and_wait(qtbot, window, folder / "gone.RAF")
    assert "gone.RAF cannot be opened" in window.words.text()
    assert window.files.count() == 0
    qtbot.waitUntil(lambda: window._render.cancelled == ["b_slow.RAF"])


def test_a_bare_file_name_is_of_this_folder(qtbot, window, folder: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(folder)
    open_and_wait(qtbot, window, Path("d.dng"))
    assert window.files.currentItem().text() == "d.dng"
    assert window.windowTitle().startswith(folder.name)


def turn_wheel(window, notches: int) -> None:  # type: ignore[no-untyped-def]
    at = QPointF(window.viewer.viewport().rect().center())
    turned = QWheelEvent(
        at,
        window.viewer.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(window.viewer.viewport(), turned)


def test_zoom_by_key_and_wheel(qtbot, window, folder: Path) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, folder)
    fitting = window.viewer.zoom
    assert fitting > 1.2
    qtbot.keyClick(window.files, Qt.Key.Key_Z)  # not taken for a search in the list
    assert window.viewer.zoom == pytest.approx(1)
    turn_wheel(window, 2)
    assert window.viewer.zoom == pytest.approx(1.25**2)
    turn_wheel(window, -3)
    assert window.viewer.zoom == pytest.approx(1 / 1.25)
    qtbot.keyClick(window.files, Qt.Key.Key_F)
    assert window.viewer.zoom == pytest.approx(fitting)


def test_a_picture_made_smaller_is_averaged(qtbot) -> None:  # type: ignore[no-untyped-def]
    from xtdm_gui.viewer import Viewer

    viewer = Viewer()
    qtbot.addWidget(viewer)
    viewer.resize(204, 204)
    viewer.show()
    stripes = np.zeros((1600, 1600, 3), np.uint8)
    stripes[:, ::4] = 200  # sampling alone would show all of a stripe, or nothing
    viewer.show_picture(stripes)
    seen = viewer.grab().toImage()
    codes = {seen.pixelColor(x, 102).green() for x in range(60, 140)}
    assert viewer.zoom < 0.2
    assert min(codes) >= 48
    assert max(codes) <= 52


@pytest.mark.parametrize("pane", ["files", "viewer", "words"])
def test_a_folder_dropped_anywhere_opens(qtbot, window, folder: Path, tmp_path_factory, pane: str) -> None:  # type: ignore[no-untyped-def]
    open_and_wait(qtbot, window, folder if pane != "words" else tmp_path_factory.mktemp("empty"))
    other = tmp_path_factory.mktemp("other")
    (other / "dropped.RAF").touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(other))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    widget = getattr(window, pane)
    target = widget if pane == "words" else widget.viewport()
    assert target.isVisible()
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    with qtbot.waitSignal(window.settled):
        QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), copy, data, left, none))
    assert window.files.item(0).text() == "dropped.RAF"


Runner = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_gui() -> Runner:
    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **changes}
        env = {name: value for name, value in env.items() if value}
        code = "from xtdm_gui.app import main; main()"
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    return run


def test_screenshot_of_the_real_thing(raf: Path, tmp_path: Path, run_gui: Runner) -> None:
    done = run_gui(str(raf), "--screenshot", str(tmp_path / "shot.png"))
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "shot.png") as image:
        picture = np.asarray(image.convert("RGB"))
    assert picture.shape[1] == 1280
    assert picture[200:600, 400:1100].std() > 10  # a photograph, not an empty pane


def test_screenshot_without_a_picture_fails_with_its_sentence(tmp_path: Path, run_gui: Runner) -> None:
    done = run_gui(str(tmp_path), "--screenshot", str(tmp_path / "shot.png"))
    assert done.returncode == 1
    assert "no RAF or DNG files" in done.stderr


def test_screenshot_of_nothing_is_refused(tmp_path: Path, run_gui: Runner) -> None:
    done = run_gui("--screenshot", str(tmp_path / "shot.png"))
    assert done.returncode == 2
    assert "needs a folder or a file" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_a_dead_display_is_told_instead_of_aborting(run_gui: Runner) -> None:
    done = run_gui(QT_QPA_PLATFORM="", DISPLAY=":4095", WAYLAND_DISPLAY="")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "apt install" in done.stderr or ":4095" in done.stderr


def test_without_a_display_there_is_a_sentence(run_gui: Runner) -> None:
    done = run_gui(QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 3
    assert "no display" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_missing_qt_libraries_name_the_debian_packages(run_gui: Runner, tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text(
        "raise ImportError('libEGL.so.1: cannot open shared object file')"
    )
    path = os.pathsep.join([str(tmp_path), *(p for p in sys.path if p)])
    done = run_gui(PYTHONPATH=path)
    assert done.returncode == 3
    assert "libegl1" in done.stderr
    assert "apt install" in done.stderr


def test_the_window_opens_without_torch() -> None:
    code = (
        "import sys; import xtdm_gui.main_window, xtdm_gui.rendering\n"
        "print(sorted({'torch', 'rawpy'} & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "[]\n"
