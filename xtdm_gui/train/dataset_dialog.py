"""Builds a data set for training from a folder of raw files or pictures, or of drawn patterns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from xtdm_gui.child_process import XtdmProcess
from xtdm_gui.formatting import about, number
from xtdm_gui.train.process import TrainProcess
from xtdm_gui.train.run_folder import data_home
from xtdm_gui.widgets.folder_field import FolderField

_STEPS = 1000
_WIDTH = 560
_PATIENCE_MS = 3000
_PATTERNS = 5000
_TOO_EARLY_S = 3.0  # before, no time left is told


class DatasetKind(StrEnum):
    """What ``xtdm dataset`` makes, by its name there."""

    PHOTOS = "photos"
    RAWS = "raws"
    TORTURE = "torture"


class DatasetDialog(QDialog):
    """Makes one kind; lives while it builds, closing it stops the work, and building the same again continues it.

    built(folder)  the user wants to train on what was built
    """

    built = Signal(str)

    def __init__(self, kind: DatasetKind, command: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._command = kind, list(command)
        self._child: TrainProcess | None = None
        self._began, self._first = 0.0, 0
        self._done = ""
        self._suggested = ""  # a target that the user has not touched
        self.setWindowTitle(self._titles()[kind])
        self._build()
        self._show_state()
        self.resize(_WIDTH, self.sizeHint().height())

    def busy(self) -> bool:
        """Whether it is building."""
        return self._child is not None

    def suggest(self, folder: str) -> None:
        """A folder to begin with, where none is chosen."""
        if self._kind != DatasetKind.TORTURE and not self.source.text():
            self.source.set_text(folder)

    def close(self) -> bool:
        """Ends the work; returns when no child is left."""
        self._end()
        return super().close()

    def reject(self) -> None:
        self._end()
        super().reject()

    def _end(self) -> None:
        if self._child is not None:
            self._child.close(_PATIENCE_MS)

    def _titles(self) -> dict[DatasetKind, str]:
        return {
            DatasetKind.PHOTOS: self.tr("Make training pictures from photographs"),
            DatasetKind.RAWS: self.tr("Make training pictures from raw files"),
            DatasetKind.TORTURE: self.tr("Draw hard patterns"),
        }

    def _build(self) -> None:
        self.source = FolderField(
            self.tr("Raw files") if self._kind == DatasetKind.RAWS else self.tr("Photographs"),
            self.tr("Searched to any depth; nothing in it is changed"),
        )
        self.source.changed.connect(self._on_source)
        self.count = QSpinBox(minimum=1, maximum=1_000_000, value=_PATTERNS)
        self.count.setAccessibleName(self.tr("Patterns"))
        self.count.setToolTip(self.tr("How many: 13 kinds in turn"))
        self.target = FolderField(self.tr("Data set"), self.tr("The folder for what is made"))
        self.target.changed.connect(self._show_state)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        if self._kind == DatasetKind.TORTURE:
            self._form.addRow(self.tr("Patterns"), self.count)
        else:
            self._form.addRow(self.source.edit.accessibleName(), self.source)
        self._form.addRow(self.tr("Data set"), self.target)
        self.bar = QProgressBar(maximum=_STEPS)
        self.bar.setAccessibleName(self.tr("Progress of the data set"))
        self.bar.setToolTip(self.tr("How much of the data set is made"))
        self.words = QLabel(self._explanation(), wordWrap=True)
        self.left_out = QPlainTextEdit(readOnly=True)
        self.left_out.setAccessibleName(self.tr("Remarks"))
        self.left_out.setToolTip(self.tr("Files that could not be used, and why; other remarks"))
        self.left_out.hide()
        layout = QVBoxLayout(self)
        layout.addWidget(self.words)
        layout.addLayout(self._form)
        layout.addWidget(self.bar)
        layout.addWidget(self.left_out, 1)
        layout.addLayout(self._build_buttons())
        if self._kind == DatasetKind.TORTURE:
            self._suggest_target("")

    def _build_buttons(self) -> QHBoxLayout:
        self.go = QPushButton(self.tr("Build"))
        self.go.setToolTip(self.tr("Begin, or continue where it was stopped"))
        self.go.clicked.connect(self._start)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("Stop; building the same data set again continues from there"))
        self.cancel.clicked.connect(self._cancel)
        self.use = QPushButton(self.tr("Train on it"))
        self.use.setToolTip(self.tr("Close, and put this data set into the form"))
        self.use.clicked.connect(self._use)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close this window; what is built stays"))
        self.close_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.go, self.cancel, self.use, self.close_button):
            row.addWidget(button)
        return row

    def _explanation(self) -> str:
        texts = {
            DatasetKind.PHOTOS: self.tr(
                "Pictures are reduced at least twofold, which removes the trace of their own camera's demosaicing."
            ),
            DatasetKind.RAWS: self.tr("Raw files are developed with LibRaw's best demosaicing and reduced four times."),
            DatasetKind.TORTURE: self.tr("Stripes, circles, text and other patterns that are hard to demosaic."),
        }
        return texts[self._kind]

    @Slot()
    def _on_source(self) -> None:
        self._suggest_target(self.source.text())
        self._show_state()

    def _suggest_target(self, source: str) -> None:
        """Follows the source, unless the user has chosen the target."""
        if self.target.text() in ("", self._suggested):
            self._suggested = _target_for(self._kind, source)
            self.target.set_text(self._suggested)

    @Slot()
    def _start(self) -> None:
        self._done = ""
        self.left_out.clear()
        self.left_out.hide()
        self.words.setText(self.tr("Starting…"))
        self._child = TrainProcess(self)
        self._child.message_received.connect(self._on_message)
        self._child.line_received.connect(self._on_line)
        self._child.finished.connect(self._on_ended)
        self._child.start([*self._command, *self._words()])
        self._show_state()

    def _words(self) -> list[str]:
        words = ["dataset", self._kind.value, "--json"]
        if self._kind == DatasetKind.TORTURE:
            return [*words, "--count", str(self.count.value()), "--", self.target.text()]
        return [*words, "--", self.source.text(), self.target.text()]

    @Slot()
    def _cancel(self) -> None:
        if self._child is not None:
            self._child.stop(_PATIENCE_MS)
            self.words.setText(self.tr("Stopping…"))

    @Slot()
    def _use(self) -> None:
        self.built.emit(self._done)
        self.accept()

    @Slot(object, object)
    def _on_message(self, _child: XtdmProcess, words: dict[str, object]) -> None:
        event = words.get("event")
        if event == "progress":
            self._show_progress(words)
        elif event in ("failed", "left_out"):
            self.left_out.appendPlainText(f"{words.get('source')}: {words.get('reason')}")
        elif event == "done":
            self._done = str(words.get("path", self.target.text()))
            counts = [words.get(key, 0) for key in ("written", "skipped", "left_out", "failed")]
            text = self.tr("{0} made, {1} there already, {2} left out, {3} could not be used.")
            self.words.setText(text.format(*counts))

    @Slot(object, str)
    def _on_line(self, _child: XtdmProcess, line: str) -> None:
        self.left_out.appendPlainText(line.removeprefix("xtdm: "))

    def _show_progress(self, words: dict[str, object]) -> None:
        done, total = words.get("done"), words.get("total")
        if not isinstance(done, int) or not isinstance(total, int) or total < 1:
            return
        now = time.monotonic()
        if not self._began:
            self._began, self._first = now, done
        self.bar.setValue(round(_STEPS * done / total))
        text = self.tr("{0} of {1}").format(number(done), number(total))
        taken, made = now - self._began, done - self._first
        if taken > _TOO_EARLY_S and made > 0:
            text = self.tr("{0}, {1} left").format(text, about(taken / made * (total - done)))
        self.bar.setFormat(text)
        self.words.setText(self._explanation())

    @Slot(object, str)
    def _on_ended(self, child: XtdmProcess, sentence: str) -> None:
        self._child = None
        self._began = 0.0
        if not self._done:
            self.left_out.clear()  # its last line is the sentence below
            stopped = isinstance(child, TrainProcess) and child.stopping
            too_early = self.tr("The engine ended too early: please report it.")
            self.words.setText(self.tr("Stopped; Build continues.") if stopped else sentence or too_early)
        self.left_out.setVisible(bool(self.left_out.toPlainText()))
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        busy, done = self.busy(), bool(self._done) and not self.busy()
        ready = bool(self.target.text()) and (self._kind == DatasetKind.TORTURE or bool(self.source.text()))
        for field in (self.source, self.target, self.count):
            field.setEnabled(not busy)
        self.go.setEnabled(ready and not busy)
        self.go.setVisible(not done)
        self.cancel.setVisible(busy)
        self.use.setVisible(done)
        self.bar.setVisible(busy)
        self.close_button.setVisible(not busy)


def _target_for(kind: DatasetKind, source: str) -> str:
    """A folder in the user's data folder, or beside the source where that lies within it; "" where all does."""
    name = "-".join(filter(None, (kind, Path(source.replace(":", "/")).name)))
    folder = Path(source)
    for target in (data_home() / "datasets" / name, folder.parent / f"xtdm-{name}"):
        if not (folder.is_absolute() and target.resolve().is_relative_to(folder.resolve())):
            return str(target)
    return ""
