"""The look of the picture that is shown: edited in steps that can be undone, and kept in its sidecar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from xtdm_core.develop.lut import load_lut
from xtdm_core.develop.tone import Look
from xtdm_core.develop.white_balance import pick_neutral
from xtdm_core.errors import BadOption, BadSidecar, XtdmError
from xtdm_gui.develop.history import History, Looks
from xtdm_gui.develop.paste_dialog import LOOK_NAMES, pasted
from xtdm_gui.develop.store import LookStore
from xtdm_gui.pictures.picture import Picture

_SAVE_AFTER_MS = 400
# Steps by key, wheel or typing in such quick succession are one step of undo.
_GESTURE_MS = 800


class LookEditor(QObject):
    """Changes looks: that of the shown picture, and those of others by pasting.

    refreshed()                 controls are to show ``look``, ``picture`` and ``copied``
    look_changed(Look)          what is to be seen of the look, also where another picture brings its own
    edited_changed(path, bool)  whether a file has settings other than "as shot"
    told(str)                   what went wrong, "" when that is over
    """

    refreshed = Signal()
    look_changed = Signal(object)
    edited_changed = Signal(object, bool)
    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.picture: Picture | None = None
        self.look = Look()
        self.copied: Look | None = None
        self._unsaved = False
        self._pasting = False  # what files had before was read a moment ago
        self._store = LookStore(self)
        self._store.failed.connect(self.told)
        self._store.merged.connect(self._adopt)
        self.history = History(self._apply, self)
        self._save_soon = self._timer(_SAVE_AFTER_MS, self.save_now)
        self._still = self._timer(_GESTURE_MS, self.history.end_gesture)

    def set_picture(self, picture: Picture | None) -> None:
        """Takes up another file's settings; those of the one before are saved at once."""
        self.save_now()
        self.picture = picture
        self.told.emit("")
        self.history.show(picture.path if picture else None)
        self.look = Look()
        if picture is not None:
            try:
                self.look = self._store.look(picture.path)
            except BadSidecar as error:
                self.told.emit(str(error))
        self.refreshed.emit()
        if picture is not None:
            self.edited_changed.emit(picture.path, self.look != Look())
            self.look_changed.emit(visible(self.look))

    def look_of(self, path: Path) -> Look:
        """The look of any file, saved already or not. Raises BadSidecar."""
        return self.look if self.picture is not None and path == self.picture.path else self._store.look(path)

    @Slot(object, str)
    def propose(self, look: Look, words: str) -> None:
        """Changes the look; quick changes of the same ``words`` are one step of undo."""
        if self.picture is None or look == self.look:
            self.refreshed.emit()
            return
        self.told.emit("")
        self.history.change({self.picture.path: self.look}, {self.picture.path: look}, words)
        self._still.start()

    @Slot(object, str)
    def propose_step(self, look: Look, words: str) -> None:
        """A change that is a step of undo by itself."""
        self.history.end_gesture()
        self.propose(look, words)
        self.history.end_gesture()

    def pick_neutral(self, x: int, y: int) -> bool:
        """Makes the area around (x, y) of the sensor neutral; where that cannot be, tells why and returns False."""
        if self.picture is None:
            return False
        try:
            gains = pick_neutral(self.picture.mosaic, x, y)
        except BadOption as error:
            self.told.emit(str(error))
            return False
        self.history.end_gesture()
        self.propose(replace(self.look, white_balance=gains), self.tr("Pick neutral"))
        return True

    def copy(self) -> None:
        """Remembers the look of the picture that is shown."""
        if self.picture is not None:
            self.copied = self.look
            self.refreshed.emit()

    def paste(self, paths: Sequence[Path], names: Collection[str] = LOOK_NAMES) -> None:
        """Gives files the copied look, in one step of undo.

        names  the fields of the look that are pasted
        """
        copied = self.copied
        if copied is not None:
            self.change_many(paths, lambda look: pasted(look, copied, names), self.tr("Paste settings"))

    def change_many(self, paths: Sequence[Path], change: Callable[[Look], Look], words: str) -> None:
        """Changes files' looks in one step of undo; of sidecars that cannot be read the first is told."""
        before: Looks = {}
        problem = ""
        for path in paths:
            try:
                before[path] = self.look_of(path)
            except BadSidecar as error:
                problem = problem or str(error)
        after = {path: change(look) for path, look in before.items() if change(look) != look}
        self.history.end_gesture()
        if after:
            self._pasting = True
            self.history.change({path: before[path] for path in after}, after, words)
            self._pasting = False
        self.told.emit(problem)

    def save_now(self) -> None:
        """Queue unsaved settings for writing."""
        self._save_soon.stop()
        if self._unsaved and self.picture is not None:
            self._unsaved = False
            self._store.put(self.picture.path, self.look)

    def close(self) -> None:
        """Saves everything, and waits until it is on the disk."""
        self.save_now()
        self._store.close()

    def _timer(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(slot)
        return timer

    def _apply(self, before: Looks, after: Looks) -> None:
        """Changes the looks of files; the history calls it to do, undo and redo.

        Files that are not shown, and have been changed otherwise since, stay as they are.
        """
        for path, look in after.items():
            if self.picture is not None and path == self.picture.path:
                self._unsaved = True
                self._save_soon.start()
                self._show(look)
            elif self._pasting or self._has(path, before[path]):
                self._store.put(path, look)
                self.history.forget(path)
            else:
                continue
            self.edited_changed.emit(path, look != Look())

    @Slot(object, object)
    def _adopt(self, path: Path, look: Look) -> None:
        """Somebody else has changed other settings of a file at the same time: both changes count."""
        if self.picture is not None and path == self.picture.path and not self._unsaved:
            self._show(look)
            self.told.emit(self.tr("Another window has changed other settings of this picture: both count."))
        self.edited_changed.emit(path, look != Look())

    def _show(self, look: Look) -> None:
        self.look = look
        self.refreshed.emit()
        self.look_changed.emit(visible(look))

    def _has(self, path: Path, look: Look) -> bool:
        try:
            return self._store.look(path) == look
        except BadSidecar:
            return False


def visible(look: Look) -> Look:
    """What can be shown of a look: one whose table cannot be read, which its controls tell, without that."""
    if not look.lut:
        return look
    try:
        load_lut(look.lut)
    except XtdmError:
        return replace(look, lut="")
    return look
