"""Draws the pictures of the window in docs/: ``make pictures``. No display is needed.

All that is seen in them comes from the sample photograph: itself, and files simulated from parts of its scene.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QSettings, QThread
from PySide6.QtWidgets import QApplication

from xtdm_core.assets import asset
from xtdm_core.simulation.camera import SensorModel
from xtdm_core.simulation.scene import render_scene
from xtdm_core.simulation.write import EXPOSURE_BIAS, write_scene
from xtdm_gui.export.task import ExportState
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.settings import load_preferences
from xtdm_gui.theme import apply_theme
from xtdm_gui.window.main_window import MainWindow

WIDTH, HEIGHT = 1440, 900
_PATIENCE_MS = 300_000
_PRINT = (90, 590)  # x, y in the sample: small print, where demosaicing goes wrong first


def main(docs: Path) -> None:
    """Writes four PNG files into ``docs``."""
    with TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = str(Path(home) / "data")
        app = QApplication(sys.argv[:1])
        folder = Path(home) / "Pictures"
        _simulate(folder)
        settings = QSettings(str(Path(home) / "settings.ini"), QSettings.Format.IniFormat)
        apply_theme(app, load_preferences(settings).theme)
        window = MainWindow(settings, cache=ThumbnailCache(Path(home) / "cache"))
        window.resize(WIDTH, HEIGHT)
        window.show()
        window.open_path(folder)
        for name, draw in (
            ("open-folder", _open_folder),
            ("before-after", _before_after),
            ("inspector", _inspector),
            ("export-queue", _export_queue),
        ):
            draw(window)
            _save(window, docs / f"{name}.png")
        window.parts.export.queue.cancel_all()
        _wait(lambda: not window.parts.export.busy())
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def _simulate(folder: Path) -> None:
    """The sample, and raw files of twelve parts of its scene, with three settings of the dynamic range."""
    folder.mkdir()
    copyfile(asset("sample.RAF"), folder / "DSCF1000.RAF")
    scene = render_scene()
    height, width = scene.shape[0] // 3, scene.shape[1] // 4
    for number in range(12):
        top, left = number // 4 * height, number % 4 * width
        top, left = min(top, scene.shape[0] - 2 * height), min(left, scene.shape[1] - 2 * width)
        part = scene[top : top + 2 * height, left : left + 2 * width]
        dynamic_range = (100, 200, 400)[number % 3]
        sensor = SensorModel(exposure_bias=EXPOSURE_BIAS[dynamic_range], seed=number)
        write_scene(folder / f"DSCF{1001 + number}.RAF", part, sensor, overwrite=False)


def _open_folder(window: MainWindow) -> None:
    window.show_preset("browse")
    _rest(window)


def _before_after(window: MainWindow) -> None:
    window.show_preset("before-after")
    window.parts.viewer.go_to(*_PRINT, 4)
    _rest(window)


def _inspector(window: MainWindow) -> None:
    window.show_preset("inspector")
    places = window.parts.inspector.places
    window.parts.inspector.numbers.setChecked(True)
    _rest(window)
    _wait(lambda: places.count() > 1)
    window.parts.inspector.places.itemActivated.emit(places.item(0))
    _rest(window)


def _export_queue(window: MainWindow) -> None:
    window.show_preset("export")
    window.parts.viewer.view.fit()
    window.parts.filmstrip.view.selectAll()
    _rest(window)
    window.parts.export.start()
    tasks = window.parts.export.queue.tasks
    _wait(lambda: sum(task.state is ExportState.WRITTEN for task in tasks) == 2)
    _wait(lambda: tasks[2].fraction > 0.3)


def _rest(window: MainWindow) -> None:
    """Waits until there is a picture and nothing runs in the background."""
    _wait(lambda: window.parts.viewer.picture is not None)
    calm = QElapsedTimer()
    calm.start()

    def rested() -> bool:
        if any(thread.isRunning() for thread in window.findChildren(QThread)):
            calm.restart()
        return calm.elapsed() > 500

    _wait(rested)


def _wait(until: Callable[[], bool]) -> None:
    clock = QElapsedTimer()
    clock.start()
    while not until():
        QApplication.processEvents()
        QThread.msleep(5)
        if clock.elapsed() > _PATIENCE_MS:
            raise SystemExit("the window does not come to rest")


def _save(window: MainWindow, path: Path) -> None:
    image = window.grab().toImage()
    if not image.save(str(path), "PNG"):
        raise SystemExit(f"{path} cannot be written")
    print(f"{path}  {path.stat().st_size / 1e3:.0f} kB  {image.width()} × {image.height()}")


if __name__ == "__main__":
    main(Path("docs"))
