"""Window tests skip where Qt cannot be imported; the made raw file of the engine's tests, for the window's; a log of
the test's own; and no test leaves anything behind."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.core.conftest import raf
from xtdm_gui import log as log_file
from xtdm_gui.display_check import missing_libraries

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

__all__ = ["raf"]
_PATIENCE_MS = 1000  # a thread that has done its work may still be on its way out
_WITHOUT_QT = ("test_display_check.py",)  # tests that run without it


class _Skipped(pytest.Module):
    """A module of tests that cannot be imported without Qt."""

    def collect(self) -> NoReturn:
        pytest.skip(missing_libraries(), allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Skips a module by name, saying what is missing, instead of importing it."""
    if missing_libraries() and module_path.name not in _WITHOUT_QT:
        return _Skipped.from_parent(parent, path=module_path)
    return None


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "log" / "xtdm-gui.log"
    monkeypatch.setattr(log_file, "log_path", lambda: path)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log_file.start_log()
    yield path
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings of the test's own, empty."""
    from PySide6.QtCore import QSettings

    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture(autouse=True, scope="session")
def english_numbers() -> None:
    """What the window writes does not depend on who runs the tests."""
    if not missing_libraries():
        from PySide6.QtCore import QLocale

        QLocale.setDefault(QLocale("en"))


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that leaves a thread running or a window open."""
    if missing_libraries():
        yield
        return
    import shiboken6
    from PySide6.QtWidgets import QApplication

    from xtdm_gui import background

    started: list[background._Thread] = []
    start = background._Thread.start

    def note(thread: background._Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(background._Thread, "start", note)
    others, windows = set(threading.enumerate()), set(map(id, QApplication.topLevelWidgets()))
    yield
    running = [thread.key for thread in started if shiboken6.isValid(thread) and not thread.wait(_PATIENCE_MS)]
    assert running == [], "work in the background is left"
    assert [thread for thread in threading.enumerate() if thread not in others and not thread.daemon] == []
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in windows and widget.isVisible()]
    assert left == [], "windows are left"
