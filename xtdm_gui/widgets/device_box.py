"""A box to choose where networks run."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QComboBox, QWidget

from xtdm_core.choices import Device


class DeviceBox(QComboBox):
    """Lists the devices that this kind of machine may have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = {
            Device.AUTO: self.tr("Automatic"),
            Device.CPU: self.tr("Processor (CPU)"),
            Device.CUDA: "NVIDIA (CUDA)",
            Device.MPS: "Apple (MPS)",
        }
        for device, text in words.items():
            if device != Device.MPS or sys.platform == "darwin":
                self.addItem(text, str(device))

    def device(self) -> str:
        """Return the choice, one of ``Device``."""
        return str(self.currentData())

    def set_device(self, name: str) -> None:
        """Choose a device, the first in the list where this machine has no such one."""
        self.setCurrentIndex(max(self.findData(name), 0))
