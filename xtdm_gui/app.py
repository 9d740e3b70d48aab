"""``xtdm-gui [FOLDER|FILE]``: starts the window, or says in a sentence why there can be none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xtdm_gui.availability import obstacle

if TYPE_CHECKING:
    from xtdm_gui.main_window import MainWindow

NO_WINDOW = 3  # exit status


def main() -> None:
    """Runs the window until it is closed."""
    parser = argparse.ArgumentParser(prog="xtdm-gui", description="The window of XTDM.")
    parser.add_argument("path", nargs="?", type=Path, help="a folder of raw files, or one of them")
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="wait for the picture, save the window, end")
    arguments = parser.parse_args()
    if arguments.screenshot and not arguments.path:
        parser.error("--screenshot needs a folder or a file to show")
    sentence = obstacle()
    if sentence:
        print(f"xtdm-gui: the window is left out: {sentence}", file=sys.stderr)
        sys.exit(NO_WINDOW)
    sys.exit(_run(arguments.path, arguments.screenshot))


def _run(path: Path | None, screenshot: Path | None) -> int:
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    from xtdm_gui.main_window import MainWindow
    from xtdm_gui.theme import apply_theme

    app = QApplication([sys.argv[0]])
    app.setApplicationName("XTDM")
    apply_theme(app)
    window = MainWindow()

    def save_and_end() -> None:
        status = _save(window, screenshot) if screenshot else 0
        window.close()
        app.exit(status)

    if screenshot is not None:
        # The picture is painted in the next round of the event loop.
        window.settled.connect(lambda: QTimer.singleShot(100, save_and_end))
    window.show()
    if path is not None:
        QTimer.singleShot(0, lambda: window.open_path(path))
    status = app.exec()
    # Qt wants its windows gone before the interpreter ends; no event loop runs any more to do it.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    return status


def _save(window: MainWindow, screenshot: Path) -> int:
    """Saves what the window shows; the exit status is 1 where that is no picture, or cannot be saved."""
    if not window.grab().save(str(screenshot), "PNG"):
        print(f"xtdm-gui: {screenshot} cannot be written: give a file in a folder that exists", file=sys.stderr)
        return 1
    if not window.viewer.has_picture:
        print(f"xtdm-gui: {window.viewer.failure or window.words.text()}", file=sys.stderr)
        return 1
    return 0
