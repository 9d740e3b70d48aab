"""Whether the chosen network is fit, asked by a button: what ``xtdm doctor`` says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from xtdm_core.progress import Progress, Report
from xtdm_gui.background import LatestTask
from xtdm_gui.pictures.current_network import CurrentNetwork

if TYPE_CHECKING:
    from xtdm_core.evaluation.doctor import Diagnosis


class Examination(QWidget):
    """A button that examines the current network in the background, and the verdict with its reasons below it."""

    def __init__(self, network: CurrentNetwork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network = network
        self._task = LatestTask(self)
        self._task.progressed.connect(self._on_progressed)
        self._task.succeeded.connect(self._on_examined)
        self._task.failed.connect(self._say)
        network.changed.connect(self._forget)
        self.button = QPushButton(self.tr("Examine"))
        self.button.setToolTip(self.tr("Whether this network is fit to demosaic with, and if not, why"))
        self.button.clicked.connect(self._examine)
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAccessibleName(self.tr("Result of the examination"))
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.words)

    def close(self) -> bool:
        """Ends the background work and waits for it."""
        self._task.close()
        return super().close()

    @Slot()
    def _examine(self) -> None:
        path = self._network.path

        def work(report: Report) -> tuple[Path, Diagnosis]:
            from xtdm_core.evaluation.doctor import examine

            return path, examine(path, report=report)

        self.button.setEnabled(False)
        self._task.start(work)

    @Slot(object)
    def _forget(self, _: Path) -> None:
        """Another network was chosen: what was said is of the one before."""
        self._task.cancel()
        self.button.setEnabled(True)
        self.words.hide()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self._show(self.tr("Examining: {0} of {1}").format(progress.done, progress.total))

    @Slot(object)
    def _on_examined(self, result: tuple[Path, Diagnosis]) -> None:
        path, found = result
        verdicts = {
            "fit": self.tr("fit"),
            "fit, with reservations": self.tr("fit, with reservations"),
            "unfit": self.tr("unfit"),
        }
        reasons = [f"– {one.sentence}" for one in found.findings if one.verdict != "fit"]
        advice = [self.tr("Advice: {0}").format(found.advice)] if found.advice else []
        self._say("\n".join([f"{path.stem}: {verdicts[found.verdict]}", *reasons, *advice]))

    @Slot(str)
    def _say(self, words: str) -> None:
        self.button.setEnabled(True)
        self._show(words)

    def _show(self, words: str) -> None:
        self.words.setText(words)
        self.words.show()
