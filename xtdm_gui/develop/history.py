"""Undo and redo: of each picture's looks by itself, and of what is done to many files, such as rating them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QUndoCommand, QUndoStack

from xtdm_core.develop.tone import Look

Looks = dict[Path, Look]
Apply = Callable[[dict[Path, Any], dict[Path, Any]], None]  # what files had, and are to have
_PICTURES = 100  # whose histories are kept
_STEPS = 200
_DONE, _UNDONE = -1, 0  # the place of the next step to undo, and to redo, from a stack's index


class History(QObject):
    """Does changes of looks through ``apply(before, after)`` and can take them back.

    Undo takes back what was done last, be it to the look of the picture that is shown or by ``add``.

    changed  something else can be undone or redone than before
    """

    changed = Signal()

    def __init__(self, apply: Apply, parent: QObject) -> None:
        super().__init__(parent)
        self._apply = apply
        self._stacks: dict[Path | None, QUndoStack] = {}
        self._others = self._new_stack()
        self._current: Path | None = None
        self._gesture = 0
        self.show(None)

    def show(self, path: Path | None) -> None:
        """Makes the looks of this picture those that undo works on."""
        self.end_gesture()
        self._current = path
        # Moved to the end: the first is the one that was not seen for longest.
        self._stacks[path] = self._stacks.pop(path) if path in self._stacks else self._new_stack()
        while len(self._stacks) > _PICTURES:
            self.forget(next(iter(self._stacks)))
        self.changed.emit()

    def end_gesture(self) -> None:
        """The next change is a step of its own."""
        self._gesture += 1

    def change(self, before: Looks, after: Looks, words: str) -> None:
        """Applies ``after``; changes of the same name within one gesture become one step."""
        self._stacks[self._current].push(_Change(self._apply, before, after, self._gesture, words))

    def add(self, apply: Apply, before: dict[Path, Any], after: dict[Path, Any], words: str) -> None:
        """A step of its own that was done already, whichever picture is shown."""
        self.end_gesture()
        self._others.push(_Change(apply, before, after, self._gesture, words))
        self.end_gesture()

    @Slot()
    def forget_others(self) -> None:
        """What was added cannot be undone any more."""
        self._others.clear()

    def forget(self, path: Path | None) -> None:
        """Drops the history of a picture that is not shown, because it was changed from elsewhere."""
        stack = self._stacks.pop(path, None)
        if stack is not None:
            stack.deleteLater()

    def actions(self, undo: str, redo: str, parent: QObject) -> tuple[QAction, QAction]:
        """Actions that undo and redo; the name of the step follows on theirs."""
        return self._action(undo, _DONE, QUndoStack.undo, parent), self._action(redo, _UNDONE, QUndoStack.redo, parent)

    def _action(self, title: str, place: int, act: Callable[[QUndoStack], None], parent: QObject) -> QAction:
        action = QAction(title, parent)

        def refresh() -> None:
            found = self._latest(place)
            action.setEnabled(found is not None)
            action.setText(title if found is None else f"{title} {found[1].text()}")

        def trigger() -> None:
            found = self._latest(place)
            if found is not None:
                act(found[0])

        self.changed.connect(refresh)
        action.triggered.connect(lambda _checked=False: trigger())
        refresh()
        return action

    def _latest(self, place: int) -> tuple[QUndoStack, _Change] | None:
        """Of the steps that can be undone, or redone, the one that was done, or undone, last; and its stack."""
        found = []
        for stack in (self._stacks[self._current], self._others):
            step = stack.command(stack.index() + place)
            if isinstance(step, _Change):
                found.append((stack, step))
        return max(found, key=lambda one: one[1].at, default=None)

    def _new_stack(self) -> QUndoStack:
        stack = QUndoStack(self)
        stack.setUndoLimit(_STEPS)
        stack.indexChanged.connect(self.changed)
        return stack


class _Change(QUndoCommand):
    """A step; ``at`` tells which of two was done, or undone, later."""

    _clock = count()

    def __init__(self, apply: Apply, before: dict[Path, Any], after: dict[Path, Any], gesture: int, words: str) -> None:
        super().__init__(words)
        self._apply, self._before, self._after, self._gesture = apply, before, after, gesture
        self.at = 0

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or (other._gesture, other.text()) != (self._gesture, self.text()):
            return False
        self._after, self.at = other._after, other.at
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self.at = next(self._clock)
        self._apply(self._before, self._after)

    def undo(self) -> None:
        self.at = next(self._clock)
        self._gesture = -1  # what is undone does not grow on
        self._apply(self._after, self._before)
