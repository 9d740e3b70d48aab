"""The engine as a child process: words in, JSON lines out; it can be killed and crash without the window."""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

_LOG = logging.getLogger(__name__)
_KEPT_LINES = 40  # of what it says on stderr
_PATIENCE_MS = 5000


def xtdm_command(*words: str) -> list[str]:
    """The command that runs ``xtdm WORDS``; a packaged window has the ``xtdm`` program beside it."""
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        return [str(program.with_name(f"xtdm{program.suffix}")), *words]
    return [sys.executable, "-m", "xtdm_core", *words]


class XtdmProcess(QObject):
    """One run of the engine. The process itself comes first in each signal.

    message_received(self, dict)   each JSON object it prints
    line_received(self, str)      each line that is none, and those of its stderr
    finished(self, str)           it is gone: "" after a good end or ``kill()``, else a sentence for the user
    """

    message_received = Signal(object, object)
    line_received = Signal(object, str)
    finished = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._killed = False
        self._errors: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")  # file names travel as UTF-8 on every system
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)

    def start(self, command: list[str]) -> None:
        """Starts the command, see ``xtdm_command``."""
        self._process.start(command[0], command[1:])

    def send(self, line: str) -> None:
        """Writes a line to its stdin."""
        self._process.write(f"{line}\n".encode())

    def finish(self) -> None:
        """Ends its stdin: it ends when it has done what it was asked."""
        self._process.closeWriteChannel()

    def kill(self) -> None:
        """End it at once, whatever it does; it emits nothing more but ``finished``."""
        self._killed = True
        self._process.kill()

    def close(self) -> None:
        """Kills it, and returns when it is gone."""
        self.kill()
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.waitForFinished(_PATIENCE_MS)

    def last_words(self) -> str:
        """The end of what it said that is no JSON."""
        return "\n".join(self._errors)

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            text = bytes(self._process.readLine().data()).decode("utf-8", "replace")
            if self._killed:
                continue
            try:
                words = json.loads(text)
            except ValueError:
                words = None
            if isinstance(words, dict):
                self.message_received.emit(self, words)
            else:
                self._note([text])

    @Slot()
    def _read_errors(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._note(text.splitlines())

    def _note(self, lines: list[str]) -> None:
        for line in lines:
            if line.strip():
                self._errors.append(line.rstrip())
                self.line_received.emit(self, line.rstrip())

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            reason = self._process.errorString()
            self._end(self.tr("the engine cannot be started ({0}): install XTDM again").format(reason))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._read_errors()
        good = code == 0 and status == QProcess.ExitStatus.NormalExit
        self._end("" if self._killed or good else self._reason(code, status))

    def _reason(self, code: int, status: QProcess.ExitStatus) -> str:
        """Why it ended; "" where that was asked for."""
        if status == QProcess.ExitStatus.CrashExit:
            return self.tr("the system ended the engine, often because memory ran out: close other programs")
        return self.tr("the engine ended unexpectedly (status {0}): please report it").format(code)

    def _end(self, sentence: str) -> None:
        if sentence:
            _LOG.error("%s\n%s", sentence, self.last_words())
        elif self._errors:
            _LOG.info("output of the engine:\n%s", self.last_words())
        self.finished.emit(self, sentence)
        self.deleteLater()
