"""Errors, log and versions."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QApplication

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.progress import Report
from xtdm_gui import log as log_file
from xtdm_gui.background import LatestTask
from xtdm_gui.widgets.error_bar import ErrorBar, ErrorDialog
from xtdm_gui.window.about_dialog import AboutDialog


def test_an_error_of_the_background_can_be_copied_with_its_traceback(qtbot, log: Path) -> None:
    bar = ErrorBar()
    qtbot.addWidget(bar)
    jobs = LatestTask(bar)
    jobs.failed.connect(bar.show_error)

    def divide(_report: Report) -> float:
        return 1 / 0

    assert not bar.isVisible()
    with qtbot.waitSignal(jobs.failed):
        jobs.start(divide)
    jobs.close()
    assert "ZeroDivisionError" in bar.sentence.text()
    qtbot.mouseClick(bar.copy, Qt.MouseButton.LeftButton)
    text = QApplication.clipboard().text()
    assert text.startswith(bar.sentence.text())
    assert "in divide" in text
    assert "XTDM: " in text
    assert "in divide" in log.read_text()
    qtbot.mouseClick(bar.dismiss, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_a_refusal_is_told_and_logged_without_a_traceback(qtbot, log: Path) -> None:
    bar = ErrorBar()
    qtbot.addWidget(bar)
    jobs = LatestTask(bar)
    jobs.failed.connect(bar.show_error)

    def refuse(_report: Report) -> None:
        raise UnsupportedRaw(Path("a.RAF"), "is damaged")

    with qtbot.waitSignal(jobs.failed):
        jobs.start(refuse)
    jobs.close()
    assert bar.sentence.text() == "a.RAF: is damaged"
    qtbot.mouseClick(bar.copy, Qt.MouseButton.LeftButton)
    for text in (QApplication.clipboard().text(), log.read_text()):
        assert "a.RAF: is damaged" in text
        assert "Traceback" not in text


def test_the_dialog_shows_what_it_copies(qtbot, log: Path) -> None:
    dialog = ErrorDialog("it is broken: mend it", {"it is broken: mend it": "it is broken"})
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == dialog.text.toPlainText()
    assert dialog.text.toPlainText().startswith("it is broken: mend it\n")
    assert "PyTorch: " in dialog.text.toPlainText()


def test_of_several_errors_the_latest_is_told_and_all_are_copied(qtbot, log: Path) -> None:
    bar = ErrorBar()
    qtbot.addWidget(bar)
    bar.show()
    for number in (1, 2):
        logging.getLogger("xtdm_gui").warning("/photos/%d.RAF: is damaged\nTraceback: place %d", number, number)
        bar.show_error(f"{number}.RAF was not exported: is damaged", f"/photos/{number}.RAF: is damaged")
    bar.show_error("1.RAF was not exported: is damaged", "/photos/1.RAF: is damaged")  # again
    assert bar.sentence.text() == "1.RAF was not exported: is damaged (and 1 more)"
    qtbot.mouseClick(bar.copy, Qt.MouseButton.LeftButton)
    lines = QApplication.clipboard().text().splitlines()
    places = [
        lines.index(line)
        for number in (2, 1)
        for line in (f"{number}.RAF was not exported: is damaged", f"Traceback: place {number}")
    ]
    assert places == sorted(places)
    qtbot.mouseClick(bar.dismiss, Qt.MouseButton.LeftButton)
    bar.show_error("another")
    assert bar.sentence.text() == "another"


def test_the_log_rotates(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = next(h for h in logging.getLogger().handlers if getattr(h, "baseFilename", "") == str(log))
    assert handler.maxBytes <= 1_000_000
    handler.maxBytes = 500
    for i in range(30):
        logging.getLogger("xtdm_gui").info("line %d of many", i)
    names = sorted(p.name for p in log.parent.iterdir())
    assert names == ["xtdm-gui.log", "xtdm-gui.log.1", "xtdm-gui.log.2", "xtdm-gui.log.3"]


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(log_file, "log_path", lambda: tmp_path / "file" / "xtdm-gui.log")
    before = list(logging.getLogger().handlers)
    log_file.start_log()
    assert not [h for h in logging.getLogger().handlers if h not in before and hasattr(h, "baseFilename")]


def test_uncaught_errors_reach_the_log(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *words: told.append(words))
    log_file.log_uncaught()
    error = ValueError("nobody expects this")
    sys.excepthook(ValueError, error, None)
    assert told
    assert "nobody expects this" in log.read_text()


def test_versions_are_told_without_loading_anything() -> None:
    code = "import sys; from xtdm_gui.log import versions; print(versions()['PyTorch'], 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, loaded = done.stdout.split()
    assert version[0].isdigit()
    assert loaded == "False"


def test_about_tells_versions_and_devices(qtbot) -> None:
    about = AboutDialog()
    about.show()
    qtbot.waitUntil(lambda: "cpu: " in about.text(), timeout=60_000)
    assert "LibRaw: 0." in about.text()
    assert "XTDM: " in about.text()
    threads = about.findChildren(QThread)
    about.close()
    assert not any(thread.isRunning() for thread in threads)
    qtbot.waitUntil(lambda: not [w for w in QApplication.topLevelWidgets() if isinstance(w, AboutDialog)])
