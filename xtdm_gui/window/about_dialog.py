"""What this program is, and what it stands on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from xtdm_core.progress import Report
from xtdm_gui.background import Jobs
from xtdm_gui.icons import app_icon
from xtdm_gui.log import log_path, versions

_ICON_PX = 72


class AboutDialog(QDialog):
    """Versions and devices; the devices are asked for in the background, because that loads PyTorch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About XTDM"))
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(18)
        self._labels: dict[str, QLabel] = {}
        for name, value in versions().items():
            self._show(name, value)
        self._show(self.tr("LibRaw"), self.tr("looking…"))
        self._show(self.tr("Devices"), self.tr("looking…"))
        self._show(self.tr("Log"), str(log_path()))
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(_ICON_PX, _ICON_PX))
        words = QLabel(self.tr("A RAW converter for Fujifilm X-Trans with a network that demosaics.\nMIT licence."))
        head = QHBoxLayout()
        head.addWidget(icon)
        head.addWidget(words, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setToolTip(self.tr("Copy versions and devices, for a report"))
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addLayout(head)
        layout.addLayout(self._facts)
        layout.addWidget(buttons)
        self._jobs = Jobs(self)
        self._jobs.succeeded.connect(self._show_engine)
        self._jobs.failed.connect(self._show_failure)
        self._jobs.start(_ask_engine)

    def text(self) -> str:
        """All of it, a fact a line."""
        return "\n".join(f"{name}: {label.text()}" for name, label in self._labels.items())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._jobs.close()
        super().closeEvent(event)

    def _show(self, name: str, value: str) -> None:
        if name not in self._labels:
            label = self._labels[name] = QLabel()
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._facts.addRow(name, label)
        self._labels[name].setText(value)

    @Slot(object)
    def _show_engine(self, found: tuple[str, list[str]]) -> None:
        libraw, devices = found
        self._show(self.tr("LibRaw"), libraw)
        self._show(self.tr("Devices"), "\n".join(devices))

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._show(self.tr("LibRaw"), "?")
        self._show(self.tr("Devices"), sentence)

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text())


def _ask_engine(_report: Report) -> tuple[str, list[str]]:
    from xtdm_core.demosaic.libraw import libraw_version
    from xtdm_core.devices import describe_devices

    return libraw_version(), describe_devices()
