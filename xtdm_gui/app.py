"""``xtdm-gui [FOLDER|FILE]``: starts the window, or says in a sentence why there can be none."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from xtdm_gui.display_check import display_problem

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from xtdm_gui.window.main_window import MainWindow

NO_WINDOW = 3  # exit status
VIEWS = ("browse", "before-after", "inspector", "export", "training")  # the keys of docks.WORKSPACES, which loads Qt


def main() -> None:
    """Runs the window until it is closed."""
    multiprocessing.freeze_support()  # in a packaged window children are the same program; they go no further
    arguments = parse()
    sentence = display_problem()
    if sentence:
        print(f"xtdm-gui: the window is left out: {sentence}", file=sys.stderr)
        sys.exit(NO_WINDOW)
    if arguments.screenshot is None:
        from xtdm_gui.settings import open_settings

        sys.exit(_run(arguments, open_settings()))
    with TemporaryDirectory() as folder:  # a picture of the window as it comes, whatever the user has changed
        from PySide6.QtCore import QSettings

        settings = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        sys.exit(_run(arguments, settings))


def parse() -> argparse.Namespace:
    """The command line's words; ends the program where they make no sense."""
    parser = argparse.ArgumentParser(prog="xtdm-gui", description="The window of XTDM.")
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="path",
        help="a folder of raw files, or one of them; of several the first",
    )
    parser.add_argument("--view", choices=VIEWS, help="the panels to begin with")
    parser.add_argument("--zoom", type=float, metavar="N", help="screen pixels for a pixel of the picture")
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="wait for the picture, save the window, end")
    arguments = parser.parse_args()
    arguments.path = next(iter(arguments.paths), None)
    if arguments.screenshot and not arguments.path:
        parser.error("--screenshot needs a folder or a file to show")
    if arguments.zoom is not None and not 0.02 <= arguments.zoom <= 32:
        parser.error("--zoom goes from 0.02 to 32")
    return arguments


def _run(arguments: argparse.Namespace, settings: QSettings) -> int:
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    from xtdm_gui.language import apply_language
    from xtdm_gui.log import log_uncaught, start_log
    from xtdm_gui.settings import load_preferences
    from xtdm_gui.theme import apply_theme
    from xtdm_gui.window.main_window import MainWindow

    start_log()
    log_uncaught()
    app = QApplication([sys.argv[0]])
    app.setApplicationName("XTDM")
    app.setDesktopFileName("xtdm")
    preferences = load_preferences(settings)
    apply_theme(app, preferences.theme)
    apply_language(app, preferences.language)
    window = MainWindow(settings)
    if arguments.screenshot is not None:
        _shoot_when_settled(window, arguments.screenshot)
    window.show()
    QTimer.singleShot(0, lambda: _begin(window, arguments))
    status = app.exec()
    # Qt wants its windows gone before the interpreter ends; no event loop runs any more to do it.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    return status


def _begin(window: MainWindow, arguments: argparse.Namespace) -> None:
    if arguments.view:
        window.show_preset(arguments.view)
    if arguments.zoom:
        window.parts.viewer.zoom_to(arguments.zoom)
    if arguments.path is not None:
        window.open_path(arguments.path)
    else:
        window.open_last()
    if arguments.screenshot is None:
        _offer_unfinished_exports(window)


def _offer_unfinished_exports(window: MainWindow) -> None:
    """Asks whether to write what a window that was killed had still to export."""
    from xtdm_gui.export.unfinished import left_behind
    from xtdm_gui.window.dialogs import may_finish_export

    found = left_behind()
    requests = [request for one in found for request in one.requests]
    if requests and may_finish_export(window, len(requests)):
        window.parts.export.queue.add(requests)
    for one in found:
        one.forget()


def _shoot_when_settled(window: MainWindow, screenshot: Path) -> None:
    """Saves the window when picture and panels are at rest, and ends the program."""
    from PySide6.QtCore import QCoreApplication, QThread, QTimer

    rest = QTimer(window, interval=250)

    def save_if_at_rest() -> None:
        if any(thread.isRunning() for thread in window.findChildren(QThread)):
            return
        rest.stop()
        status = _save(window, screenshot)
        window.close()
        QCoreApplication.exit(status)

    rest.timeout.connect(save_if_at_rest)
    window.settled.connect(rest.start)
    window.resize(window.screen().availableSize().expandedTo(window.size()))


def _save(window: MainWindow, screenshot: Path) -> int:
    """Saves what the window shows; the exit status is 1 where that is no picture, or cannot be saved."""
    if not window.grab().save(str(screenshot), "PNG"):
        print(f"xtdm-gui: {screenshot} cannot be written: give a file in a folder that exists", file=sys.stderr)
        return 1
    if window.parts.viewer.picture is None:
        print(f"xtdm-gui: {window.parts.viewer.failure or window.parts.errors.sentence.text()}", file=sys.stderr)
        return 1
    return 0
