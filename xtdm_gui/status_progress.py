"""Progress in the status bar: what is done, how long it will take, and a button that ends it."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QToolButton, QWidget

from xtdm_core.progress import Progress
from xtdm_gui.durations import about

_STEPS = 1000
_TOO_EARLY = 0.1, 1.0  # of the work, and seconds: before, no time left is told
_WIDTH = 260
_BY = "demosaicing with "  # a stage of the engine goes on with what demosaics


class StatusProgress(QWidget):
    """Hidden while nothing runs.

    cancelled()  the button was pressed
    """

    cancelled = Signal()

    def __init__(self, name: str, cancel_tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._began = "", 0.0
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
        self.bar.setFormat(text)

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Shows a stage and, when it can be told, the time it will still take."""
        now = time.monotonic()
        if progress.stage != self._stage or progress.done == 0:
            self._stage, self._began = progress.stage, now
        fraction = progress.done / max(1, progress.total)
        text = self.stage_text(progress.stage)
        taken = now - self._began
        if fraction >= _TOO_EARLY[0] and taken >= _TOO_EARLY[1]:
            text = self.tr("{0}, {1} left").format(text, about(taken * (1 - fraction) / fraction))
        self.show_fraction(fraction, text)

    @Slot()
    def end(self) -> None:
        """Nothing runs any more."""
        self.hide()
        self._stage = ""

    def stage_text(self, stage: str) -> str:
        """The engine's name of a stage in the window's language."""
        texts = {
            "loading the network": self.tr("loading the network"),
            "reading": self.tr("reading"),
            "demosaicing": self.tr("demosaicing"),
            "reconstructing highlights": self.tr("reconstructing highlights"),
            "rendering": self.tr("rendering"),
        }
        if stage.startswith(_BY):
            return self.tr("demosaicing with {0}").format(stage.removeprefix(_BY))
        return texts.get(stage, stage)
