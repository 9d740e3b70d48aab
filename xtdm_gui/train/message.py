"""The line that tells what stands in a training's way, what happened, and whether it was worth it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QWidget

from xtdm_core.train.run_log import Verdict
from xtdm_gui.formatting import number
from xtdm_gui.train.curves import source_text

translate = QCoreApplication.translate
_LINES = 3  # most sentences take no more, in a narrow panel


class SteadyMessage(QLabel):
    """A sentence whose place never becomes smaller: what is below must not move under the user's hands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMinimumHeight(_LINES * self.fontMetrics().lineSpacing())

    def setText(self, text: str) -> None:
        super().setText(text)
        if self.isVisible():
            self.setMinimumHeight(max(self.minimumHeight(), self.heightForWidth(self.width())))


def verdict_text(verdict: Verdict | None) -> str:
    """Whether training was worth it, in a sentence; "" where that is not known."""
    if verdict is None:
        return ""
    judge, best = source_text(verdict.judge), number(verdict.best_db, 2)
    if verdict.start_db is None:
        return translate("TrainPanel", "The best weights reach {0} dB on {1}.").format(best, judge)
    if verdict.is_better:
        words = translate("TrainPanel", "Better than the start on {0} ({1} → {2} dB).")
    else:
        words = translate(
            "TrainPanel", "Not better than the start on {0} ({1} → {2} dB): more pictures or steps may help."
        )
    return words.format(judge, number(verdict.start_db, 2), best)
