"""The choice of the network and of the device it runs on, and whether that network is fit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QWidget

from xtdm_core.assets import shipped_networks
from xtdm_gui.develop.examination import Examination
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.network_picker import NetworkPicker
from xtdm_gui.widgets.device_box import DeviceBox


class NetworkChoice(QWidget):
    """The current network, the device, and a button that examines it. device_changed(str): by the user only."""

    device_changed = Signal(str)

    def __init__(self, network: CurrentNetwork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network = network
        built_in = {str(path): self.tr("{0} (built in)").format(name) for name, path in shipped_networks().items()}
        self.models = NetworkPicker(built_in, self.tr("From a file…"))
        self.models.setAccessibleName(self.tr("Network"))
        self.models.setToolTip(self.tr("The weights that demosaic; any checkpoint can be chosen from a file"))
        self.models.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.models.set_key(str(network.path))
        self.models.chosen.connect(self._on_model)
        network.changed.connect(self._show_network)
        self.devices = DeviceBox()
        self.devices.setAccessibleName(self.tr("Device"))
        self.devices.setToolTip(self.tr("Where the network runs; automatic takes a graphics card where there is one"))
        self.devices.activated.connect(lambda _: self.device_changed.emit(self.device()))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.tr("Network"), self.models)
        form.addRow(self.tr("Device"), self.devices)
        self.examination = Examination(network)
        form.addRow(self.examination)

    def close(self) -> bool:
        """Ends the background work and waits for it."""
        self.examination.close()
        return super().close()

    def device(self) -> str:
        """One of ``Device``."""
        return self.devices.device()

    def set_device(self, name: str) -> None:
        """Chooses a device where this machine's list has it; nothing is emitted."""
        self.devices.set_device(name)

    @Slot(str)
    def _on_model(self, key: str) -> None:
        self._network.choose(Path(key))

    @Slot(object)
    def _show_network(self, weights: Path) -> None:
        self.models.set_key(str(weights))
