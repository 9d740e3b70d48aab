"""Work in the background: the one place that owns threads, and the only one that catches every exception."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from xtdm_core.errors import XtdmError
from xtdm_core.progress import Cancelled, Progress, Report

Work = Callable[[Report], Any]
_LOG = logging.getLogger(__name__)


class _Thread(QThread):
    """Runs one piece of work. Its report raises Cancelled once an interruption is asked for."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        try:
            result = self._work(self._report)
        except Cancelled:
            return
        except XtdmError as error:
            self.failed.emit(str(error))
        except Exception as error:
            _LOG.exception("unexpected error in the background")
            self.failed.emit(f"unexpected error ({type(error).__name__}: {error}): please report it")
        else:
            if not self.isInterruptionRequested():
                self.succeeded.emit(result)

    def _report(self, progress: Progress) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        self.progressed.emit(progress)


class Jobs(QObject):
    """One piece of work at a time: starting the next cancels the one before.

    progressed(Progress), succeeded(result) and failed(sentence) speak of the latest work only.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._current: _Thread | None = None
        self._threads: set[_Thread] = set()

    def start(self, work: Work) -> None:
        """Cancels what runs and starts ``work(report)`` in the background."""
        self.cancel()
        thread = _Thread(work, self)
        thread.progressed.connect(self.progressed)
        thread.succeeded.connect(self.succeeded)
        thread.failed.connect(self.failed)
        thread.finished.connect(lambda: self._forget(thread))
        self._threads.add(thread)
        self._current = thread
        thread.start()

    def cancel(self) -> None:
        """Asks the running work to end; nothing more is heard of it."""
        if self._current is not None:
            for signal in (self._current.progressed, self._current.succeeded, self._current.failed):
                signal.disconnect()
            self._current.requestInterruption()
            self._current = None

    def close(self) -> None:
        """Cancels everything and waits until the threads have ended."""
        self.cancel()
        for thread in list(self._threads):
            thread.wait()

    def _forget(self, thread: _Thread) -> None:
        self._threads.discard(thread)
        if self._current is thread:
            self._current = None
        thread.deleteLater()
