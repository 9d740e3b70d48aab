"""The export queue: a model of its files, and the child process that converts one after the other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from xtdm_core.choices import NEURAL
from xtdm_core.develop.tone import Look
from xtdm_core.errors import failure_of
from xtdm_core.files import sweep_orphans
from xtdm_core.progress import Report
from xtdm_core.worker import ConversionRequest
from xtdm_gui.background import TaskPool
from xtdm_gui.child_process import XtdmProcess, xtdm_command
from xtdm_gui.export.task import ExportState, ExportTask, fraction_done, seconds_left
from xtdm_gui.export.unfinished import UnfinishedExports
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.stage_texts import stage_text

FRACTION = Qt.ItemDataRole.UserRole  # of a running file, None of others
_LOG = logging.getLogger(__name__)
_Index = QModelIndex | QPersistentModelIndex


class ExportQueue(QAbstractTableModel):
    """Files to convert, in order; a table of (file, state).

    began(row)                a file's turn has come
    exported(source)          a file was written, or was there already
    failed(source, sentence)
    progressed()              anything changed that ``fraction()`` or ``seconds_left()`` tell
    """

    began = Signal(int)
    exported = Signal(object)
    failed = Signal(object, str)
    progressed = Signal()

    def __init__(self, parent: QObject, looks: Callable[[Path], Look], command: Sequence[str] = ()) -> None:
        """Ask ``looks`` for a file's look when its turn comes; ``command`` replaces the engine's own, for tests."""
        super().__init__(parent)
        self._looks = looks
        self.tasks: list[ExportTask] = []
        self._command = list(command) or xtdm_command("worker")
        self._child: XtdmProcess | None = None
        self._running: ExportTask | None = None
        self._round = 0
        self._paused = False
        self._sweeper = TaskPool(self, workers=1)
        self._unfinished = UnfinishedExports()

    # What a user asks for

    def add(self, orders: Iterable[ConversionRequest]) -> None:
        """Puts files at the end of the queue, which begins where it is not paused."""
        wanted = list(orders)
        if not wanted:
            return
        self._begin_round()
        at = len(self.tasks)
        self.beginInsertRows(QModelIndex(), at, at + len(wanted) - 1)
        self.tasks += [ExportTask(order, self._round) for order in wanted]
        self.endInsertRows()
        self._unfinished.begin(self.tasks[at:])
        self._start_next()

    @property
    def paused(self) -> bool:
        """Whether no further file begins."""
        return self._paused

    def pause(self, paused: bool) -> None:
        """Start no further file; the current one is finished."""
        self._paused = paused
        self._start_next()

    def cancel(self, rows: Iterable[int]) -> None:
        """Takes files out; the one at work is ended at once and leaves nothing half-written."""
        for row in rows:
            task = self.tasks[row]
            if task is self._running:
                self._drop_child()
            if task.is_open:
                self._set_state(task, ExportState.CANCELLED)
        self._start_next()

    def cancel_all(self) -> None:
        """Cancels every file that is not done."""
        self.cancel(range(len(self.tasks)))

    def retry(self, rows: Iterable[int] = ()) -> None:
        """Queues again what ``retryable`` finds."""
        again = self.retryable(rows)
        if again:
            self._begin_round()
        for row in again:
            self.tasks[row].reset(self._round)
            self._changed(row)
        self._unfinished.begin(self.tasks[row] for row in again)
        self._start_next()

    def retryable(self, rows: Iterable[int]) -> list[int]:
        """The failed and cancelled files: those among ``rows`` where there are some, else all."""
        again = [
            row for row, task in enumerate(self.tasks) if task.state in (ExportState.FAILED, ExportState.CANCELLED)
        ]
        return sorted(set(again).intersection(rows)) or again

    def clear_finished(self) -> None:
        """Remove the finished files."""
        self.beginResetModel()
        self.tasks = [task for task in self.tasks if task.is_open]
        self.endResetModel()
        self.progressed.emit()

    def close(self) -> None:
        """Ends everything at once; returns when no child and no thread is left."""
        self._paused = True
        folder = self._running.order.folder if self._running else None
        children = self.findChildren(XtdmProcess)
        self.cancel_all()
        for child in children:
            child.close()
        self._sweeper.close()
        self._unfinished.close()
        if folder is not None:
            sweep_orphans(folder)

    # What there is to tell

    def busy(self) -> bool:
        """Whether a file is waiting or at work."""
        return any(task.is_open for task in self.tasks)

    def fraction(self) -> float:
        """How much of what was asked for is done, 0 to 1."""
        return fraction_done(self.tasks)

    def seconds_left(self) -> float | None:
        """How long the rest will take; None while nothing can be said."""
        return None if self._paused else seconds_left(self.tasks, time.monotonic())

    def count(self, *states: ExportState) -> int:
        """How many files are in one of these states."""
        return sum(task.state in states for task in self.tasks)

    # The model

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.tasks)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("File"), self.tr("State"))[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        task = self.tasks[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return task.order.source.name if index.column() == 0 else self._state_text(task)
        if role == Qt.ItemDataRole.ToolTipRole:
            target = f"→ {task.target}" if task.target else ""
            lines = [str(task.order.source), target, _method(task.order).label(), task.sentence]
            return "\n".join(line for line in lines if line)
        if role == FRACTION:
            return task.fraction if task.state is ExportState.RUNNING else None
        return None

    def _state_text(self, task: ExportTask) -> str:
        texts = {
            ExportState.WAITING: self.tr("waiting"),
            ExportState.RUNNING: stage_text(task.stage) if task.stage else self.tr("starting"),
            ExportState.WRITTEN: self.tr("written: {0}").format(task.target.name if task.target else ""),
            ExportState.SKIPPED: self.tr("skipped: already exists"),
            ExportState.FAILED: self.tr("failed: {0}").format(task.sentence),
            ExportState.CANCELLED: self.tr("cancelled"),
        }
        return texts[task.state]

    # The work

    def _begin_round(self) -> None:
        if not self.busy():
            self._round += 1

    def _start_next(self) -> None:
        """Sends the next file to the child, or lets the child go where there is none."""
        while self._running is None and not self._paused:
            task = next((task for task in self.tasks if task.state is ExportState.WAITING), None)
            if task is None:
                break
            self._send(task)
        if self._child is not None and self._running is None and not self.busy():
            self._child.finish()
            self._child = None
        self.progressed.emit()

    def _send(self, task: ExportTask) -> None:
        try:
            look = self._looks(task.order.source)
        except Exception as error:  # whatever it is, the next file is not to wait for it
            self._fail(task, failure_of(error))
            return
        if self._child is None:
            self._child = XtdmProcess(self)
            self._child.message_received.connect(self._on_message)
            self._child.finished.connect(self._on_ended)
            self._child.start(self._command)
        self._running = task
        task.state, task.started = ExportState.RUNNING, time.monotonic()
        self._child.send(replace(task.order, options=replace(task.order.options, look=look)).to_json())
        row = self.tasks.index(task)
        self._changed(row)
        self.began.emit(row)

    @Slot(object, object)
    def _on_message(self, child: XtdmProcess, words: dict[str, object]) -> None:
        task = self._running
        if child is not self._child or task is None:
            return
        event = words.get("event")
        if event == "progress":
            task.advance(str(words["stage"]), int(str(words["done"])), int(str(words["total"])))
            self._changed(self.tasks.index(task))
            self.progressed.emit()
            return
        if event == "failed":
            self._fail(task, str(words["reason"]), str(words["details"]))
        elif event in ("written", "skipped"):
            task.target = Path(str(words["path"]))
            notes = words.get("notes")
            task.sentence = "\n".join(map(str, notes)) if isinstance(notes, list) else ""
            self._set_state(task, ExportState.WRITTEN if event == "written" else ExportState.SKIPPED)
            self.exported.emit(task.order.source)
        self._start_next()

    @Slot(object, str)
    def _on_ended(self, child: XtdmProcess, sentence: str) -> None:
        if child is not self._child:
            return
        self._child = None
        if self._running is not None:
            self._sweep(self._running.order.folder)
            sentence = sentence or self.tr("the engine ended too early: please report it")
            self._fail(self._running, sentence, child.last_words())
        self._start_next()

    def _drop_child(self) -> None:
        """Kills the child, whose file is given up; the next file gets a new one."""
        if self._child is None or self._running is None:
            return
        folder = self._running.order.folder
        self._child.finished.connect(lambda _child, _sentence: self._sweep(folder))
        self._child.kill()
        self._child = None

    def _sweep(self, folder: Path) -> None:
        def work(_report: Report) -> int:
            return sweep_orphans(folder)

        self._sweeper.start(folder, work)

    def _fail(self, task: ExportTask, sentence: str, details: str = "") -> None:
        _LOG.warning("%s", f"{task.order.source}: {sentence}\n{details}".rstrip())
        task.sentence = sentence
        self._set_state(task, ExportState.FAILED)
        self.failed.emit(task.order.source, sentence)

    def _set_state(self, task: ExportTask, state: ExportState) -> None:
        if task is self._running:
            self._running = None
            task.seconds = time.monotonic() - task.started
        task.state = state
        self._unfinished.end(task)
        self._changed(self.tasks.index(task))

    def _changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, 1))


def _method(order: ConversionRequest) -> RenderingSource:
    """What demosaics a file, under the name that the viewer has for it."""
    method = order.options.demosaic
    return RenderingSource.network(order.weights) if method == NEURAL else RenderingSource.libraw(method)
