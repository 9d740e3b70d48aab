"""Settings of many files: read at once, written in the background, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import XtdmError
from xtdm_gui.background import LatestTask


class LookStore(QObject):
    """Looks by raw file; what was put is what is read, also before it is on the disk.

    failed(sentence)    a look could not be written
    merged(Path, Look)  somebody else had changed a file's look meanwhile: this, with both changes, was written
    """

    failed = Signal(str)
    merged = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: dict[Path, Look] = {}
        self._writing: dict[Path, Look] = {}
        self._known: dict[Path, Look] = {}  # what was on the disk when it was last read or written here
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_written)
        self._jobs.failed.connect(self._on_failed)

    def look(self, raw: Path) -> Look:
        """The look of a raw file, "as shot" where none is stored. Raises BadSidecar."""
        if raw in self._waiting:
            return self._waiting[raw]
        if raw not in self._writing:
            self._known[raw] = read_look(raw) or Look()
        return self._writing.get(raw) or self._known[raw]

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
        rest, self._writing, self._waiting = (self._writing, self._waiting), {}, {}
        for looks in rest:
            self._on_done(_write(looks, self._known))

    def _launch(self) -> None:
        self._writing, self._waiting = self._waiting, {}
        looks, known = self._writing, dict(self._known)
        self._jobs.start(lambda _report: _write(looks, known))

    @Slot(object)
    def _on_written(self, outcome: _Outcome) -> None:
        self._writing = {}
        self._on_done(outcome)
        if self._waiting:
            self._launch()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._on_written(_Outcome({}, {}, [sentence]))

    def _on_done(self, outcome: _Outcome) -> None:
        self._known.update(outcome.written)
        for raw, look in outcome.merged.items():
            self.merged.emit(raw, look)
        failures = outcome.failures
        if failures:
            more = self.tr(" (and {0} more)").format(len(failures) - 1) if len(failures) > 1 else ""
            self.failed.emit(failures[0] + more)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What was written, what of it came about by merging, and a sentence for each that could not be."""

    written: dict[Path, Look]
    merged: dict[Path, Look]
    failures: list[str]


def _write(looks: dict[Path, Look], known: dict[Path, Look]) -> _Outcome:
    """Writes looks; what somebody else has changed since ``known`` and these leave as it was is kept."""
    outcome = _Outcome({}, {}, [])
    for raw, look in looks.items():
        try:
            theirs = read_look(raw) or Look()
            both = merge_looks(known.get(raw, theirs), look, theirs)
            write_look(raw, both)
        except XtdmError as error:
            outcome.failures.append(str(error))
            continue
        outcome.written[raw] = both
        if both != look:
            outcome.merged[raw] = both
    return outcome


def merge_looks(before: Look, ours: Look, theirs: Look) -> Look:
    """Return ``theirs`` with each setting that ``ours`` has changed since ``before``."""
    names = [field.name for field in fields(Look)]
    return replace(theirs, **{n: getattr(ours, n) for n in names if getattr(ours, n) != getattr(before, n)})
