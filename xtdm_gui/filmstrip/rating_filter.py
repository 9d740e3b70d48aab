"""Which ratings are to be seen: a button with a menu of stars, flags and labels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from xtdm_core.culling.rating import MOST_STARS, Flag, Label, Rating
from xtdm_gui.pictures.ratings import label_text


@dataclass(frozen=True, slots=True)
class RatingFilter:
    """At least so many stars, one of the flags, one of the labels; None for any."""

    stars: int = 0
    flags: frozenset[Flag] | None = None
    label: Label | None = None

    def passes(self, rating: Rating) -> bool:
        """Whether a rating is to be seen."""
        return (
            rating.stars >= self.stars
            and (self.flags is None or rating.flag in self.flags)
            and (self.label is None or rating.label is self.label)
        )


ANY = RatingFilter()
_NOT_REJECTED = frozenset((Flag.NONE, Flag.PICKED))


class RatingFilterButton(QToolButton):
    """changed(RatingFilter)  the user wants to see other ratings."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter = ANY
        self._all: list[QAction] = []
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.setAccessibleName(self.tr("Filter by rating"))
        self.setToolTip(self.tr("Show only files with these stars, flags or labels"))
        menu = QMenu(self)
        self.setMenu(menu)
        stars = {self.tr("Any stars"): 0}
        stars |= {("★" * n) + (self.tr(" and more") if n < MOST_STARS else ""): n for n in range(1, MOST_STARS + 1)}
        self._add_group(menu, {text: {"stars": n} for text, n in stars.items()})
        flags = {
            self.tr("Any flag"): None,
            self.tr("Picked"): frozenset((Flag.PICKED,)),
            self.tr("Not rejected"): _NOT_REJECTED,
            self.tr("Rejected"): frozenset((Flag.REJECTED,)),
            self.tr("Without a flag"): frozenset((Flag.NONE,)),
        }
        self._add_group(menu, {text: {"flags": which} for text, which in flags.items()})
        labels = {self.tr("Any label"): None, **{label_text(label): label for label in Label}}
        self._add_group(menu, {text: {"label": label} for text, label in labels.items()})
        self._show()

    def filter(self) -> RatingFilter:
        """What is to be seen."""
        return self._filter

    def clear(self) -> None:
        """Everything is to be seen again."""
        for action in self._all:
            action.setChecked(True)
        self._set(ANY)

    def _add_group(self, menu: QMenu, entries: dict[str, dict[str, object]]) -> None:
        group = QActionGroup(self)
        for number, (text, change) in enumerate(entries.items()):
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(number == 0)
            action.triggered.connect(lambda _checked=False, change=change: self._set(replace(self._filter, **change)))
            menu.addAction(action)
            if number == 0:
                self._all.append(action)
        menu.addSeparator()

    def _set(self, wanted: RatingFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._show()
            self.changed.emit(wanted)

    def _show(self) -> None:
        """In short what is left of all: "★★★ ⚑ ▾"."""
        words = "★" * self._filter.stars
        if self._filter.flags is not None:
            words += " ✕" if Flag.REJECTED in self._filter.flags else " ⚑"
        if self._filter.label is not None:
            words += f" {label_text(self._filter.label)}"
        self.setText(f"{words.strip() or '☆'} ▾")
