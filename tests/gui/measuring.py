"""What the window's benchmarks measure with: waits, paints, and events that come on their own clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

_PERIOD_S = 0.02  # between two events
_LOOK_MS = 2  # how often a condition is looked at
_START = """
import json, resource, sys, time
from PySide6.QtCore import QTimer
import xtdm_gui.app, xtdm_gui.window.main_window as module

def painted(self, event):
    super(module.MainWindow, self).paintEvent(event)
    if not told:
        told.append(event)
        QTimer.singleShot(0, lambda: tell(self))  # after all widgets were painted

def tell(window):
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([time.time(), used.ru_utime + used.ru_stime, "torch" in sys.modules]))
    window.close()

told = []
module.MainWindow.paintEvent = painted
xtdm_gui.app.main()
"""


def first_paint(home: Path) -> tuple[float, float, bool]:
    """Seconds from the start of a process to its window's first paint, those on a processor, whether torch is there."""
    homes = {f"XDG_{kind}_HOME": str(home) for kind in ("CONFIG", "CACHE", "STATE", "DATA")}
    env = {**os.environ, **homes, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    begin = time.time()
    done = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, env=env, check=True)
    at, own, torch = json.loads(done.stdout)
    return at - begin, own, torch


def spin(seconds: float) -> None:
    """Lets the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait(condition: Callable[[], bool], seconds: float = 60) -> float:
    """Lets the window work until a condition holds; the time then. Raises TimeoutError."""
    loop, timer = QEventLoop(), QTimer(interval=_LOOK_MS)
    end = time.perf_counter() + seconds
    timer.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() > end else None)
    if not condition():
        timer.start()
        loop.exec()
        timer.stop()
    if not condition():
        raise TimeoutError(f"not within {seconds} s")
    return time.perf_counter()


def painted(widget: QWidget) -> float:
    """Paints a widget as it is now; the time after it."""
    widget.repaint()
    return time.perf_counter()


class Probe(QObject):
    """Moves the mouse over a widget at a pace of its own, dragging or not, and measures how late each move is handled.

    late_ms       from when a move was due until the window's thread had handled it
    worst_own_ms  the longest time on a processor that the window's thread spent between two moves
    """

    def __init__(self, widget: QWidget, drags: bool = False) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self.worst_own_ms = 0.0
        self._widget, self._drags = widget, drags
        self._due: list[float] = []
        self._own = 0.0
        self._ended = threading.Event()
        self._poster = threading.Thread(target=self._post)

    @property
    def worst_ms(self) -> float:
        """The latest."""
        return max(self.late_ms)

    def __enter__(self) -> Probe:
        self._own = time.thread_time()
        if self._drags:
            QCoreApplication.postEvent(self._widget, self._mouse(QEvent.Type.MouseButtonPress, 0))
        self._poster.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._poster.join()
        if self._drags:
            QCoreApplication.postEvent(self._widget, self._mouse(QEvent.Type.MouseButtonRelease, 0))
        QCoreApplication.processEvents()

    def event(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.User:
            return super().event(event)
        self.late_ms.append(1000 * (time.perf_counter() - self._due.pop(0)))
        own = time.thread_time()
        self.worst_own_ms = max(self.worst_own_ms, 1000 * (own - self._own))
        self._own = own
        return True

    def _post(self) -> None:
        number, due = 0, time.perf_counter()
        while not self._ended.is_set():
            self._due.append(due)
            QCoreApplication.postEvent(self._widget, self._mouse(QEvent.Type.MouseMove, number))
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))
            number, due = number + 1, due + _PERIOD_S
            time.sleep(max(0.0, due - time.perf_counter()))

    def _mouse(self, kind: QEvent.Type, number: int) -> QMouseEvent:
        """A move along a line and back."""
        along = abs(number % 200 - 100)
        place = QPointF(self._widget.width() / 3 + 2 * along, self._widget.height() / 3 + along)
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.LeftButton if self._drags else Qt.MouseButton.NoButton
        return QMouseEvent(
            kind, place, QPointF(self._widget.mapToGlobal(place)), button, held, Qt.KeyboardModifier.NoModifier
        )
