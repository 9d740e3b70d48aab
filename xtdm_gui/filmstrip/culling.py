"""Culling: keys that rate the selected files, and what becomes of those that were rejected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFile, QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMessageBox, QWidget

from xtdm_core.culling.companions import companions, move_with_companions
from xtdm_core.culling.rating import MOST_STARS, Flag, Label
from xtdm_core.errors import XtdmError
from xtdm_gui.background import LatestTask
from xtdm_gui.formatting import counted
from xtdm_gui.pictures.ratings import Edit, Ratings, flagged, label_text, labelled, starred

FOLDER = "rejected"  # beside the files; its name is the same in every language
_LABEL_KEYS = {Label.RED: "6", Label.YELLOW: "7", Label.GREEN: "8", Label.BLUE: "9", Label.PURPLE: "Shift+9"}


class Culling(QObject):
    """Lightroom's keys: 0 to 5 give stars, 6 to 9 labels, P picks, X rejects, U takes the flag away.

    used()            a file was rated
    moved(list)       these rejected files are not in the folder any more
    failed(sentence)  some could not be moved
    """

    used = Signal()
    moved = Signal(object)
    failed = Signal(str)

    def __init__(
        self, ratings: Ratings, selection: Callable[[], list[Path]], files: Callable[[], list[Path]], parent: QWidget
    ) -> None:
        """Ask ``selection`` what is rated, and ``files`` for all of the folder."""
        super().__init__(parent)
        self._window = parent
        self._ratings, self._selection, self._files = ratings, selection, files
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_moved)
        self._jobs.failed.connect(self.failed)
        self._actions = [*self._stars(), *self._flags(), *self._labels(), self._rejected()]

    def actions(self) -> list[QAction]:
        """In the order of a menu, with separators between their kinds."""
        return self._actions

    def close(self) -> None:
        """Waits until nothing is moved any more."""
        self._jobs.close()

    def _stars(self) -> list[QAction]:
        texts = [self.tr("&No stars"), self.tr("&1 star")]
        texts += [self.tr("{0} stars").format(f"&{stars}") for stars in range(2, MOST_STARS + 1)]
        return [self._rating(text, str(stars), starred(stars)) for stars, text in enumerate(texts)]

    def _flags(self) -> list[QAction]:
        return [
            self._separator(),
            self._rating(self.tr("&Pick"), "P", flagged(Flag.PICKED)),
            self._rating(self.tr("Re&ject"), "X", flagged(Flag.REJECTED)),
            self._rating(self.tr("Remove the &flag"), "U", flagged(Flag.NONE)),
        ]

    def _labels(self) -> list[QAction]:
        text = self.tr("Label: {0}")
        kinds = [(text.format(label_text(label)), key, labelled(label)) for label, key in _LABEL_KEYS.items()]
        return [self._separator(), *(self._rating(*kind) for kind in kinds)]

    def _rejected(self) -> QAction:
        action = QAction(self.tr("Move the &rejected away…"), self)
        action.setShortcut(QKeySequence("Ctrl+Backspace"))
        action.triggered.connect(self._move_rejected)
        return action

    def _separator(self) -> QAction:
        separator = QAction(self)
        separator.setSeparator(True)
        return separator

    def _rating(self, text: str, key: str, edit: Edit) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: self._change(edit))
        return action

    def _change(self, edit: Edit) -> None:
        selection = self._selection()
        if selection:
            self._ratings.change(selection, edit)
            self.used.emit()

    @Slot()
    def _move_rejected(self) -> None:
        rejected = [raw for raw in self._files() if self._ratings.rating(raw).flag is Flag.REJECTED]
        move = self._ask(rejected)
        if move is not None:
            self._jobs.start(lambda _report: _moved(rejected, move))

    def _ask(self, rejected: list[Path]) -> Callable[[Path], None] | None:
        """What is to be done with these files; None where nothing is."""
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Rejected files"), "", parent=self._window)
        if not rejected:
            box.setText(self.tr("No file of this folder is rejected. X rejects the selected ones."))
            box.exec()
            box.deleteLater()
            return None
        files = counted(len(rejected), self.tr("One rejected file"), self.tr("{0} rejected files"))
        box.setText(self.tr("{0}, with sidecars: move where?").format(files))
        folder = self.tr("Into the folder “{0}”").format(FOLDER)
        aside = box.addButton(folder, QMessageBox.ButtonRole.AcceptRole)
        bin_ = box.addButton(self.tr("Into the system's bin"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(keep)
        box.exec()
        box.deleteLater()
        if box.clickedButton() is aside:
            return lambda raw: move_with_companions(raw, raw.parent / FOLDER)
        return _trash if box.clickedButton() is bin_ else None

    @Slot(object)
    def _on_moved(self, outcome: tuple[list[Path], list[str]]) -> None:
        moved, failures = outcome
        self._ratings.forget(moved)
        self.moved.emit(moved)
        if failures:
            more = self.tr(" (and {0} more)").format(len(failures) - 1) if len(failures) > 1 else ""
            self.failed.emit(failures[0] + more)


def _moved(raws: list[Path], move: Callable[[Path], None]) -> tuple[list[Path], list[str]]:
    """Moves files; returns those that went, and a sentence for each that did not."""
    gone, failures = [], []
    for raw in raws:
        try:
            move(raw)
        except XtdmError as error:
            failures.append(str(error))
        else:
            gone.append(raw)
    return gone, failures


def _trash(raw: Path) -> None:
    """Moves a raw file into the system's bin, then its sidecars. Raises XtdmError."""
    for file in (raw, *companions(raw)):
        if not QFile.moveToTrash(str(file)):
            raise XtdmError(f"{file}: the system's bin does not take it: move it into a folder instead")
