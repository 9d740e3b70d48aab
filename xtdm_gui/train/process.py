"""A child process that trains or builds a data set: it is asked to stop, and killed where it does not listen."""

from __future__ import annotations

import os
from contextlib import suppress

from PySide6.QtCore import QObject, QProcess, QTimer, Slot

from xtdm_gui.child_process import XtdmProcess

_LAST_WORDS = ("done", "written")  # events after which everything is on the disk
_PREFIXES = ("xtdm: ", "Error: ")  # of the engine's own sentences, and of its command line's
_CANCELLED = 130
_NICENESS = 10  # the window is to stay quick


class TrainProcess(XtdmProcess):
    """``xtdm train … --json`` or ``xtdm dataset … --json``.

    ``ended`` tells "" after a good end and after a stop that was asked for, else the engine's own sentence where it
    gave one. Its death, broken lines and a command that does not exist are told, never raised.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.stopping = self.abandoned = False
        self._killer = QTimer(self, singleShot=True)
        self._killer.timeout.connect(self.kill)
        self._process.started.connect(self._lower_priority)
        self._is_done = False
        self.message_received.connect(self._note_last_words)

    def stop(self, patience_ms: int | None = None) -> None:
        """Asks it to end with its state saved; after ``patience_ms`` it is killed, without them it has all the time."""
        self.stopping = True
        self._process.terminate()
        if os.name == "nt":
            patience_ms = 0  # Windows has no such request; what was saved last counts
        if patience_ms is not None:
            self._killer.start(patience_ms)

    def abandon(self) -> None:
        """Kills it, which was asked for: what came after its last save is lost."""
        self.stopping = self.abandoned = True
        self.kill()

    def close(self, patience_ms: int = 0) -> None:
        """Asks it to end with its state saved, kills it after ``patience_ms``, and returns when it is gone."""
        self.stopping = True
        self._process.terminate()
        if not self._process.waitForFinished(patience_ms):
            super().close()

    def _reason(self, code: int, status: QProcess.ExitStatus) -> str:
        if self.stopping or (status == QProcess.ExitStatus.NormalExit and code == _CANCELLED):
            return ""
        if self._is_done and status == QProcess.ExitStatus.NormalExit and code == 1:
            return ""  # some sources could not be used, each of which was told
        if status == QProcess.ExitStatus.NormalExit and code in (1, 2):
            for line in reversed(self._errors):
                for prefix in _PREFIXES:
                    if line.startswith(prefix):
                        return line.removeprefix(prefix)
        return super()._reason(code, status)

    @Slot(object, object)
    def _note_last_words(self, _child: XtdmProcess, words: dict[str, object]) -> None:
        self._is_done = self._is_done or words.get("event") in _LAST_WORDS

    def _lower_priority(self) -> None:
        if hasattr(os, "setpriority"):
            with suppress(OSError):  # gone already
                os.setpriority(os.PRIO_PROCESS, self._process.processId(), _NICENESS)
