"""What shows only after long: memory that grows with each picture, crashes at the end of the program."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from tests.core.conftest import textured
from tests.gui.bench_filmstrip import make_folder
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.window.main_window import MainWindow

pytestmark = pytest.mark.slow
_PICTURES, _WARM_UP, _SAMPLE = 500, 200, 20
_STARTS = 50
_BUDGET = 96 << 20  # full long before the warm-up ends
_RUN = """
import os, sys
from PySide6.QtCore import QTimer
import xtdm_gui.window.main_window as module

class Window(module.MainWindow):
    def __init__(self, settings):
        super().__init__(settings)
        if sys.argv.pop() == "settled":
            self.settled.connect(self.close)
        else:
            QTimer.singleShot(300, self.close)  # in the middle of the work

module.MainWindow = Window
from xtdm_gui.app import main
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.fixture
def window(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(settings, cache=ThumbnailCache(tmp_path / "cache"))
    window.parts.viewer.pictures.set_budget(_BUDGET)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def resident_mb() -> float:
    """Memory that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_memory_stays_while_five_hundred_pictures_are_stepped_through(qtbot, window: MainWindow, folder: Path) -> None:
    make_folder(folder, _PICTURES)
    with qtbot.waitSignal(window.settled, timeout=120_000):
        window.open_path(folder)
    held: list[float] = []
    for number in range(1, _PICTURES):
        with qtbot.waitSignal(window.settled, timeout=60_000):
            QTest.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        if number >= _WARM_UP and number % _SAMPLE == 0:
            held.append(resident_mb())
    print([round(mb) for mb in held])
    assert max(held) < 1.1 * held[0]
    assert min(held) > 0.9 * held[0]


@pytest.mark.parametrize("when", ["settled", "at once"])
def test_no_start_ends_in_a_crash(tmp_path: Path, folder: Path, when: str) -> None:
    for name in ("a.RAF", "b.RAF", "c.RAF"):
        write_raf(folder / name, simulate_frame(textured(), SensorModel()))
    homes = {f"XDG_{kind}_HOME": str(tmp_path / "home") for kind in ("CONFIG", "CACHE", "STATE", "DATA")}
    env = {**os.environ, **homes, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    endings: list[tuple[int, str]] = []
    begin = time.monotonic()
    for _ in range(_STARTS // 2):
        command = [sys.executable, "-X", "faulthandler", "-c", _RUN, str(folder), when]
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=120)
        said = "\n".join(line for line in done.stderr.splitlines() if "propagateSizeHints" not in line)
        endings.append((done.returncode, said))
    print(f"{len(endings)} starts in {time.monotonic() - begin:.0f} s")
    assert [ending for ending in endings if ending != (0, "")] == []
