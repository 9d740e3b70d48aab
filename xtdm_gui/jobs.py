"""Work in the background: the one place that owns threads, and the only one that catches every exception."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from xtdm_core.errors import XtdmError
from xtdm_core.progress import Cancelled, Progress, Report

Work = Callable[[Report], Any]
_LOG = logging.getLogger(__name__)


class _Thread(QThread):
    """Runs one piece of work; its report raises Cancelled once ``cancelled`` is set."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        # Not QThread's interruption: a request to a thread that has just ended is forgotten, and its result,
        # still on the way, would be taken for wanted.
        self.cancelled = threading.Event()

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
            self.succeeded.emit(result)

    def _report(self, progress: Progress) -> None:
        if self.cancelled.is_set():
            raise Cancelled
        self.progressed.emit(progress)


class Jobs(QObject):
    """One piece of work at a time: starting the next cancels the one before and waits, unseen, for its end.

    progressed(Progress), succeeded(result) and failed(sentence) speak of the latest work only.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: _Thread | None = None
        self._next: Work | None = None

    def start(self, work: Work) -> None:
        """Cancels what runs; ``work(report)`` starts in the background as soon as that has ended."""
        self.cancel()
        if self._thread is None:
            self._launch(work)
        else:
            self._next = work

    def cancel(self) -> None:
        """Asks the running work to end; nothing more is heard of it."""
        self._next = None
        if self._thread is not None:
            self._thread.cancelled.set()

    def close(self) -> None:
        """Cancels everything and waits until the thread has ended."""
        self.cancel()
        if self._thread is not None:
            self._thread.wait()

    def _launch(self, work: Work) -> None:
        self._thread = _Thread(work, self)
        self._thread.progressed.connect(self._on_progressed)
        self._thread.succeeded.connect(self._on_succeeded)
        self._thread.failed.connect(self._on_failed)
        self._thread.finished.connect(self._on_finished)
        self._thread.start()

    # A thread's messages arrive in order, ``finished`` last: until then they are of self._thread.

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self._wanted():
            self.progressed.emit(progress)

    @Slot(object)
    def _on_succeeded(self, result: object) -> None:
        if self._wanted():
            self.succeeded.emit(result)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self._wanted():
            self.failed.emit(sentence)

    @Slot()
    def _on_finished(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
        work, self._next = self._next, None
        if work is not None:
            self._launch(work)

    def _wanted(self) -> bool:
        return self._thread is not None and not self._thread.cancelled.is_set()
