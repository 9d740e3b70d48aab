"""``xtdm-gui`` as a program: arguments, screenshots, what is told where no window can be, what loads when."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xtdm_gui.app import VIEWS, parse
from xtdm_gui.window.docks import WORKSPACES

Runner = Callable[..., subprocess.CompletedProcess[str]]
MAIN = "from xtdm_gui.app import main; main()"


@pytest.fixture
def run_python(tmp_path: Path) -> Runner:
    """Runs code in a home of its own."""

    def run(code: str, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        homes = {f"XDG_{kind}_HOME": str(tmp_path / "home") for kind in ("CONFIG", "CACHE", "STATE", "DATA")}
        env = {**os.environ, **homes, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **changes}
        env = {name: value for name, value in env.items() if value}
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    return run


@pytest.fixture
def run_gui(run_python: Runner) -> Runner:
    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return run_python(MAIN, *words, **changes)

    return run


def test_screenshot_of_the_real_thing(raf: Path, tmp_path: Path, run_gui: Runner) -> None:
    words = [str(raf), "--screenshot", str(tmp_path / "shot.png"), "--view", "before-after", "--zoom", "2"]
    done = run_gui(*words)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "shot.png") as image:
        picture = np.asarray(image.convert("RGB"))
    assert picture.shape[1] == 1440
    left, right = picture[200:500, 100:450], picture[200:500, 650:1000]
    assert min(left.std(), right.std()) > 10  # two photographs, not empty panes
    assert np.abs(left.astype(float).mean((0, 1)) - right.astype(float).mean((0, 1))).max() < 12
    assert "Traceback" not in done.stderr
    log = tmp_path / "home" / "xtdm" / "log" / "xtdm-gui.log"
    assert not log.exists() or "Traceback" not in log.read_text()


def test_the_package_is_the_program(run_python: Runner) -> None:
    done = run_python("import runpy; runpy.run_module('xtdm_gui', run_name='__main__')", "--help")
    assert done.returncode == 0, done.stderr
    assert "--screenshot" in done.stdout


def test_screenshot_without_a_picture_fails_with_its_sentence(tmp_path: Path, run_gui: Runner) -> None:
    (tmp_path / "empty").mkdir()
    done = run_gui(str(tmp_path / "empty"), "--screenshot", str(tmp_path / "shot.png"))
    assert done.returncode == 1
    assert "no RAF or DNG files" in done.stderr


def test_screenshot_of_nothing_is_refused(tmp_path: Path, run_gui: Runner) -> None:
    done = run_gui("--screenshot", str(tmp_path / "shot.png"))
    assert done.returncode == 2
    assert "needs a folder or a file" in done.stderr


def test_a_zoom_that_makes_no_sense_is_refused(tmp_path: Path, run_gui: Runner) -> None:
    done = run_gui(str(tmp_path), "--zoom", "1000")
    assert done.returncode == 2
    assert "--zoom" in done.stderr


def test_of_several_files_from_a_file_manager_the_first_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for words, path in ((["b.RAF", "a.RAF"], Path("b.RAF")), (["folder"], Path("folder")), ([], None)):
        monkeypatch.setattr(sys, "argv", ["xtdm-gui", *words])
        assert parse().path == path


def test_the_views_are_the_windows_presets() -> None:
    assert tuple(WORKSPACES) == VIEWS


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


def test_the_window_is_shown_without_torch_and_its_first_paint_loads_nothing_heavy(run_python: Runner) -> None:
    code = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import xtdm_gui.app, xtdm_gui.window.main_window as window
paint = window.MainWindow.showEvent
def tell(self, event):
    paint(self, event)
    QTimer.singleShot(0, self.close)
    QTimer.singleShot(0, lambda: print(sorted({'torch', 'rawpy', 'imagecodecs', 'tifffile'} & set(sys.modules))))
window.MainWindow.showEvent = tell
xtdm_gui.app.main()
"""
    done = run_python(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"
