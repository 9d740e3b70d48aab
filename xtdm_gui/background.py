"""Work in the background: the one place that owns threads, and the only one that catches every exception."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable, Hashable
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from xtdm_core.errors import XtdmError
from xtdm_core.progress import Cancelled, Progress, Report

Work = Callable[[Report], Any]
_LOG = logging.getLogger(__name__)


class _Thread(QThread):
    """Runs one piece of work; its report raises Cancelled once ``cancelled`` is set.

    The thread itself comes first in each of its signals: ended(thread) is the last.
    """

    progressed = Signal(object, object)
    succeeded = Signal(object, object)
    failed = Signal(object, str)
    ended = Signal(object)

    def __init__(self, work: Work, key: Hashable, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self.key = key
        # Not QThread's interruption: a request to a thread that has just ended is forgotten, and its result,
        # still on the way, would be taken for wanted.
        self.cancelled = threading.Event()

    def run(self) -> None:
        try:
            result = self._work(self._report)
        except Cancelled:
            pass
        except XtdmError as error:
            _LOG.info("%s", error)  # a refusal is no fault of the program: no traceback
            self.failed.emit(self, str(error))
        except Exception as error:
            sentence = f"unexpected error ({type(error).__name__}: {error}): please report it"
            _LOG.exception("%s", sentence)
            self.failed.emit(self, sentence)
        else:
            self.succeeded.emit(self, result)
        # Signals make a cycle of this object, which lives until Python looks for cycles: not so what the work holds.
        del self._work
        self.ended.emit(self)

    def _report(self, progress: Progress) -> None:
        if self.cancelled.is_set():
            raise Cancelled
        self.progressed.emit(self, progress)


class _Runner(QObject):
    """Starts threads and passes on what they tell, unless their work was cancelled.

    A thread's messages arrive in order, ``ended`` last.
    """

    progressed: Any  # signals of the classes below
    succeeded: Any
    failed: Any
    _keyed: bool  # whether the signals name the work

    def _about(self, thread: _Thread) -> tuple[Hashable, ...]:
        """What the signals say before the thread's own words."""
        return (thread.key,) if self._keyed else ()

    def _start_next(self, thread: _Thread) -> None:
        """This thread has ended: another may start."""
        raise NotImplementedError

    def _run(self, work: Work, key: Hashable) -> _Thread:
        thread = _Thread(work, key, self)
        thread.progressed.connect(self._on_progressed)
        thread.succeeded.connect(self._on_succeeded)
        thread.failed.connect(self._on_failed)
        thread.ended.connect(self._on_ended)
        thread.start()
        return thread

    @Slot(object, object)
    def _on_progressed(self, thread: _Thread, progress: Progress) -> None:
        if not thread.cancelled.is_set():
            self.progressed.emit(*self._about(thread), progress)

    @Slot(object, object)
    def _on_succeeded(self, thread: _Thread, result: object) -> None:
        if not thread.cancelled.is_set():
            self.succeeded.emit(*self._about(thread), result)

    @Slot(object, str)
    def _on_failed(self, thread: _Thread, sentence: str) -> None:
        if not thread.cancelled.is_set():
            self.failed.emit(*self._about(thread), sentence)

    @Slot(object)
    def _on_ended(self, thread: _Thread) -> None:
        thread.wait()  # it has nothing left to do but return
        thread.deleteLater()
        self._start_next(thread)


class LatestTask(_Runner):
    """One piece of work at a time: starting the next cancels the one before and waits, unseen, for its end.

    progressed(Progress), succeeded(result) and failed(sentence) speak of the latest work only.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)
    _keyed = False

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
        """Ask the running work to end; it emits nothing more."""
        self._next = None
        if self._thread is not None:
            self._thread.cancelled.set()

    def close(self) -> None:
        """Cancels everything and waits until the thread has ended."""
        self.cancel()
        if self._thread is not None:
            self._thread.wait()

    def _launch(self, work: Work) -> None:
        self._thread = self._run(work, None)

    def _start_next(self, _thread: _Thread) -> None:
        self._thread = None
        work, self._next = self._next, None
        if work is not None:
            self._launch(work)


class TaskPool(_Runner):
    """Many pieces of work, each under a key; ``workers`` of them run at a time, the highest priority first.

    progressed(key, Progress), succeeded(key, result) and failed(key, sentence); nothing is heard of cancelled work.
    """

    progressed = Signal(object, object)
    succeeded = Signal(object, object)
    failed = Signal(object, str)
    _keyed = True

    def __init__(self, parent: QObject, workers: int) -> None:
        super().__init__(parent)
        self._workers = workers
        self._running: list[_Thread] = []
        self._waiting: dict[Hashable, tuple[int, Work]] = {}  # key -> (order of its start, work)
        self._queue: list[tuple[int, int, Hashable]] = []  # heap of (-priority, order, key); cancelled entries stay
        self._order = count()

    def start(self, key: Hashable, work: Work, priority: int = 0) -> None:
        """Queues ``work(report)``; earlier work of the same key is cancelled. Call it again to change a priority."""
        self.cancel(key)
        order = next(self._order)
        self._waiting[key] = (order, work)
        heapq.heappush(self._queue, (-priority, order, key))
        self._launch()

    def cancel(self, key: Hashable) -> None:
        """Drop the work of ``key``, and ask it to end if it runs."""
        self._waiting.pop(key, None)
        for thread in self._running:
            if thread.key == key:
                thread.cancelled.set()

    def cancel_all(self) -> None:
        """Drop all work, and ask what runs to end."""
        self._waiting.clear()
        self._queue.clear()
        for thread in self._running:
            thread.cancelled.set()

    def close(self) -> None:
        """Cancels everything and waits until all threads have ended."""
        self.cancel_all()
        for thread in self._running:
            thread.wait()

    def _launch(self) -> None:
        while self._queue and len(self._running) < self._workers:
            _, order, key = heapq.heappop(self._queue)
            if key not in self._waiting or self._waiting[key][0] != order:
                continue
            _, work = self._waiting.pop(key)
            self._running.append(self._run(work, key))

    def _start_next(self, thread: _Thread) -> None:
        self._running.remove(thread)
        self._launch()
