"""Undo takes back what was done last, to the picture that is shown or to many files."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from xtdm_core.develop.tone import Look
from xtdm_gui.develop.history import History

A, B = Path("a.RAF"), Path("b.RAF")


class Owner(QObject):
    """Looks and stars, and the actions that take their changes back."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: dict[Path, Look] = {}
        self.stars: dict[Path, int] = {}
        self.history = History(lambda _before, after: self.looks.update(after), self)
        self.undo, self.redo = self.history.actions("Undo", "Redo", self)

    def develop(self, path: Path, ev: float) -> None:
        self.history.change({path: self.looks.get(path, Look())}, {path: Look(ev)}, "Exposure")
        self.history.end_gesture()

    def rate(self, path: Path, stars: int) -> None:
        before = {path: self.stars.get(path, 0)}
        self.stars[path] = stars
        self.history.add(self._replace, before, {path: stars}, "Rating")

    def _replace(self, before: dict[Path, Any], after: dict[Path, Any]) -> None:
        self.stars.update({path: n for path, n in after.items() if self.stars[path] == before[path]})


@pytest.fixture
def owner(qtbot) -> Owner:
    return Owner()


def texts(*actions: QAction) -> list[str]:
    return [action.text() if action.isEnabled() else "" for action in actions]


def test_steps_of_both_kinds_are_undone_and_redone_in_their_order(owner: Owner) -> None:
    owner.history.show(A)
    owner.develop(A, 1.0)
    owner.rate(A, 3)
    owner.develop(A, 2.0)
    seen = []
    for action in [owner.undo] * 3 + [owner.redo] * 3:
        assert action.isEnabled()
        action.trigger()
        seen.append((owner.looks[A].exposure_ev, owner.stars[A]))
    assert seen == [(1, 3), (1, 0), (0, 0), (1, 0), (1, 3), (2, 3)]
    assert texts(owner.undo, owner.redo) == ["Undo Exposure", ""]


def test_a_rating_is_taken_back_whichever_picture_is_shown_a_look_only_with_its_own(owner: Owner) -> None:
    owner.history.show(A)
    owner.rate(A, 3)
    owner.develop(A, 1.0)
    owner.history.show(B)
    assert texts(owner.undo, owner.redo) == ["Undo Rating", ""]
    owner.undo.trigger()
    assert owner.stars[A] == 0
    assert texts(owner.undo, owner.redo) == ["", "Redo Rating"]
    owner.history.show(A)
    owner.undo.trigger()
    assert owner.looks[A] == Look()


def test_of_another_folder_no_rating_is_taken_back(owner: Owner) -> None:
    owner.rate(A, 3)
    owner.history.forget_others()
    assert not owner.undo.isEnabled()
