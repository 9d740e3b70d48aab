"""The choice of the network's weights and of the device it runs on."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QSizePolicy, QWidget

from xtdm_core.assets import asset
from xtdm_core.devices import NAMES
from xtdm_gui.sources import Source


class EngineChoice(QWidget):
    """Two boxes. model_changed(Path) and device_changed(str) tell the user's choices only."""

    model_changed = Signal(object)
    device_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.models = QComboBox()
        self.models.setAccessibleName(self.tr("Network"))
        self.models.setToolTip(self.tr("The weights that demosaic; any checkpoint can be chosen from a file"))
        self.models.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._paths: list[Path] = []  # of the items, but for the last one
        self.models.addItem(self.tr("From a file…"))
        for path in built_in_models():
            self._add(path, self.tr("{0} (built in)").format(path.stem))
        self._chosen = 0
        self.models.setCurrentIndex(0)
        self.models.activated.connect(self._on_model)
        self.devices = QComboBox()
        self.devices.setAccessibleName(self.tr("Device"))
        self.devices.setToolTip(self.tr("Where the network runs; automatic takes a graphics card where there is one"))
        words = {"auto": self.tr("Automatic"), "cpu": self.tr("Processor (CPU)"), "cuda": "NVIDIA (CUDA)"}
        for name in NAMES:
            if name != "mps" or sys.platform == "darwin":
                self.devices.addItem(words.get(name, "Apple (MPS)"), name)
        self.devices.activated.connect(lambda _: self.device_changed.emit(self.device()))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("Network"), self.models)
        form.addRow(self.tr("Device"), self.devices)

    def model(self) -> Path | None:
        """The chosen weights; None only where the installation has none."""
        return self._paths[self._chosen] if self._paths else None

    def device(self) -> str:
        """One of ``xtdm_core.devices.NAMES``."""
        return str(self.devices.currentData())

    def set_model(self, path: Path) -> None:
        """Chooses weights, and adds them to the list where they are new; nothing is emitted."""
        if path not in self._paths:
            self._add(path, Source.network(path).label())
        self._chosen = self._paths.index(path)
        self.models.setCurrentIndex(self._chosen)

    def set_device(self, name: str) -> None:
        """Chooses a device where this machine's list has it; nothing is emitted."""
        self.devices.setCurrentIndex(max(self.devices.findData(name), 0))

    def _add(self, path: Path, words: str) -> None:
        self.models.insertItem(len(self._paths), words)
        self.models.setItemData(len(self._paths), str(path), Qt.ItemDataRole.ToolTipRole)
        self._paths.append(path)

    @Slot(int)
    def _on_model(self, index: int) -> None:
        path = self._paths[index] if index < len(self._paths) else self._ask()
        if path is None:
            self.models.setCurrentIndex(self._chosen)
            return
        self.set_model(path)
        self.model_changed.emit(path)

    def _ask(self) -> Path | None:
        words = self.tr("Choose a checkpoint")
        name, _ = QFileDialog.getOpenFileName(self, words, "", self.tr("Checkpoints (*.safetensors *.pt *.pth)"))
        return Path(name) if name else None


def built_in_models() -> list[Path]:
    """The weights that come with the program."""
    try:
        return sorted(asset("weights").glob("*.safetensors"))
    except FileNotFoundError:
        return []
