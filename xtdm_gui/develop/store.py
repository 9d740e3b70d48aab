"""Settings of many files: read at once, written in the background, one after the other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import XtdmError
from xtdm_core.progress import Report
from xtdm_gui.background import LatestTask


class LookStore(QObject):
    """Looks by raw file; what was put is what is read, also before it is on the disk.

    failed(sentence)  a look could not be written
    """

    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: dict[Path, Look] = {}
        self._writing: dict[Path, Look] = {}
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_written)
        self._jobs.failed.connect(self._on_failed)

    def look(self, raw: Path) -> Look:
        """The look of a raw file, "as shot" where none is stored. Raises BadSidecar."""
        if raw in self._waiting:
            return self._waiting[raw]
        return self._writing[raw] if raw in self._writing else read_look(raw) or Look()

    def put(self, raw: Path, look: Look) -> None:
        """Stores a look soon."""
        self._waiting[raw] = look
        if not self._writing:
            self._launch()

    def busy(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._waiting or self._writing)

    def close(self) -> None:
        """Wait for what is being written, and write the rest; failures are emitted as usual."""
        self._jobs.close()
        # Work that was launched may have been cancelled before it began: writing twice does no harm.
        rest = {**self._writing, **self._waiting}
        self._writing, self._waiting = {}, {}
        self._emit_failures(_write(rest))

    def _launch(self) -> None:
        self._writing, self._waiting = self._waiting, {}
        looks = self._writing
        self._jobs.start(lambda report: _write(looks, report))

    @Slot(object)
    def _on_written(self, failures: list[str]) -> None:
        self._writing = {}
        self._emit_failures(failures)
        if self._waiting:
            self._launch()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._on_written([sentence])

    def _emit_failures(self, failures: list[str]) -> None:
        if failures:
            more = self.tr(" (and {0} more)").format(len(failures) - 1) if len(failures) > 1 else ""
            self.failed.emit(failures[0] + more)


def _write(looks: dict[Path, Look], _report: Report | None = None) -> list[str]:
    """Writes looks; returns a sentence for each that could not be."""
    failures = []
    for raw, look in looks.items():
        try:
            write_look(raw, look)
        except XtdmError as error:
            failures.append(str(error))
    return failures
