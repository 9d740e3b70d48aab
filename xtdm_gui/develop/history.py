"""Undo and redo of looks: each picture has its own history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from xtdm_core.develop.tone import Look

Looks = dict[Path, Look]
_PICTURES = 100  # whose histories are kept
_STEPS = 200


class LookHistory(QObject):
    """Does changes through ``apply(before, after)`` and can take them back.

    group  the QUndoGroup, for undo and redo actions of the picture that is shown
    """

    def __init__(self, apply: Callable[[Looks, Looks], None], parent: QObject) -> None:
        super().__init__(parent)
        self.group = QUndoGroup(self)
        self._apply = apply
        self._stacks: dict[Path | None, QUndoStack] = {}
        self._current: Path | None = None
        self._gesture = 0
        self.show(None)

    def show(self, path: Path | None) -> None:
        """Makes the history of this picture the one that undo works on."""
        self.end_gesture()
        self._current = path
        # Moved to the end: the first is the one that was not seen for longest.
        self._stacks[path] = self._stacks.pop(path) if path in self._stacks else self._new_stack()
        self.group.setActiveStack(self._stacks[path])
        while len(self._stacks) > _PICTURES:
            self.forget(next(iter(self._stacks)))

    def end_gesture(self) -> None:
        """The next change is a step of its own."""
        self._gesture += 1

    def change(self, before: Looks, after: Looks, words: str) -> None:
        """Applies ``after``; changes of the same name within one gesture become one step."""
        self._stacks[self._current].push(_Change(self._apply, before, after, self._gesture, words))

    def forget(self, path: Path | None) -> None:
        """Drops the history of a picture that is not shown, because it was changed from elsewhere."""
        stack = self._stacks.pop(path, None)
        if stack is not None:
            self.group.removeStack(stack)
            stack.deleteLater()

    def _new_stack(self) -> QUndoStack:
        stack = QUndoStack(self.group)
        stack.setUndoLimit(_STEPS)
        return stack


class _Change(QUndoCommand):
    def __init__(
        self, apply: Callable[[Looks, Looks], None], before: Looks, after: Looks, gesture: int, words: str
    ) -> None:
        super().__init__(words)
        self._apply, self._before, self._after, self._gesture = apply, before, after, gesture

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or (other._gesture, other.text()) != (self._gesture, self.text()):
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._apply(self._before, self._after)

    def undo(self) -> None:
        self._gesture = -1  # what is undone does not grow on
        self._apply(self._after, self._before)
