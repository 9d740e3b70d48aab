"""The made raw file of the engine's tests, for the window's; and no test leaves anything behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.core.conftest import raf
from xtdm_gui.availability import missing_libraries

__all__ = ["raf"]
_PATIENCE_MS = 1000  # a thread that has done its work may still be on its way out


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that leaves a thread running or a window open."""
    if missing_libraries():
        yield
        return
    import shiboken6
    from PySide6.QtWidgets import QApplication

    from xtdm_gui import jobs

    started: list[jobs._Thread] = []
    start = jobs._Thread.start

    def note(thread: jobs._Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(jobs._Thread, "start", note)
    others, windows = set(threading.enumerate()), set(map(id, QApplication.topLevelWidgets()))
    yield
    running = [thread.key for thread in started if shiboken6.isValid(thread) and not thread.wait(_PATIENCE_MS)]
    assert running == [], "work in the background is left"
    assert [thread for thread in threading.enumerate() if thread not in others and not thread.daemon] == []
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in windows and widget.isVisible()]
    assert left == [], "windows are left"
