"""Progress in the status bar: what is done, how long it will take, and a button that ends it."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QToolButton, QWidget

from xtdm_core.progress import Progress
from xtdm_gui.formatting import about
from xtdm_gui.stage_texts import stage_text

_STEPS = 1000
# Before so many steps, seconds and so much of the work since the first step's end no time left is told: the first tiles
# are small ones, which take longer than their share.
_FEWEST_STEPS, _LEAST_S, _EARLY = 3, 1.0, 0.2
_RECENT = 0.1  # of the work: what tells the pace
_SILENT_S = 3.0  # so long a stage that tells its time left is waited for, before another that does not takes its place
_WIDTH, _MARGIN = 320, 8


class Pace:
    """How fast a stage has been lately, whatever came before its first step: a network was loaded, memory fetched."""

    def __init__(self) -> None:
        self._fraction, self._first = 1.0, 1.0  # how much is done now, and was at the first step's end
        self._steps: deque[tuple[float, float]] = deque()  # (when, fraction) at the end of a step

    def reach(self, fraction: float, now: float) -> None:
        """Record how much is done, 0 to 1."""
        if fraction < self._fraction:
            self._steps.clear()  # it begins again
        elif fraction > self._fraction:
            self._first = self._first if self._steps else fraction
            self._steps.append((now, fraction))
        self._fraction = fraction
        while len(self._steps) > _FEWEST_STEPS + 1 and fraction - self._steps[1][1] >= _RECENT:
            self._steps.popleft()

    def seconds_left(self) -> float | None:
        """How long the rest will take; None while nothing can be said."""
        if len(self._steps) <= _FEWEST_STEPS or self._fraction - self._first < _EARLY:
            return None
        (began, before), (now, fraction) = self._steps[0], self._steps[-1]
        return (1 - fraction) * (now - began) / (fraction - before) if now - began >= _LEAST_S else None


class StatusProgress(QWidget):
    """Hidden while nothing runs.

    cancelled()  the button was pressed
    """

    cancelled = Signal()

    def __init__(self, name: str, cancel_tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._paces: dict[tuple[str, str], Pace] = {}  # of stages and their subjects: two may run at a time
        self._told = -_SILENT_S  # when a time left was told
        self.bar = QProgressBar(maximum=_STEPS)
        self.bar.setFixedWidth(_WIDTH)
        self.bar.setAccessibleName(name)
        self.bar.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        if cancel_tip:
            row.addWidget(self._build_button(cancel_tip))
        self.hide()

    def _build_button(self, tip: str) -> QToolButton:
        self.button = QToolButton()
        self.button.setText("✕")
        self.button.setAutoRaise(True)
        self.button.setAccessibleName(tip)
        self.button.setToolTip(tip)
        self.button.clicked.connect(self.cancelled)
        return self.button

    @Slot(float, str)
    def show_fraction(self, fraction: float, text: str) -> None:
        """Shows work that knows its own words; without any it has ended."""
        self.setVisible(bool(text))
        self.bar.setValue(round(_STEPS * fraction))
        # Qt would break a long line in two and show half of each.
        room = self.bar.width() - 2 * _MARGIN
        self.bar.setFormat(self.bar.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        self.bar.setToolTip(f"{self._name}\n{text}")

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show a stage and, when it can be estimated, the time that is left."""
        fraction = progress.done / max(1, progress.total)
        pace = self._paces.setdefault((progress.stage, progress.subject), Pace())
        now = time.monotonic()
        pace.reach(fraction, now)
        text, left = stage_text(progress.stage, progress.subject), pace.seconds_left()
        if left is None and now - self._told < _SILENT_S:
            return
        if left is not None:
            self._told = now
            text = self.tr("{0}, {1} left").format(text, about(left))
        self.show_fraction(fraction, text)

    @Slot()
    def end(self) -> None:
        """Nothing runs any more."""
        self.hide()
        self._paces.clear()
        self._told = -_SILENT_S
