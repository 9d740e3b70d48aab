"""How much of the noise the network removes, and how much comes back as grain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xtdm_core.demosaicing.network import Denoising, takes_noise
from xtdm_core.develop.tone import DENOISE_RANGE, GRAIN_RANGE, Look
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.widgets.value_slider import Range, ValueSlider

_REST_MS = 300
MakeSlider = Callable[[str, str, str, Range], ValueSlider]


class NoiseSliders(QWidget):
    """Two sliders of a look, disabled where the current network takes no noise.

    denoising_changed(Denoising)  of the look, once it rests, for a network is slower than a slider; maybe unchanged
    """

    denoising_changed = Signal(object)

    def __init__(self, network: CurrentNetwork, make: MakeSlider, parent: QWidget | None = None) -> None:
        """``make`` a slider that edits a field of the look: field, name, hint, values."""
        super().__init__(parent)
        self._look = Look()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.tell_now)
        self.denoise = make("denoise", self.tr("Denoise"), "", Range(*DENOISE_RANGE, 0.05, 2))
        self.denoise.box.setSpecialValueText(self.tr("off"))
        self.grain = make("grain", self.tr("Grain"), "", Range(*GRAIN_RANGE, 0.05, 2))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for slider in (self.denoise, self.grain):
            slider.released.connect(self.tell_now)
            layout.addWidget(slider)
        network.changed.connect(self._on_network)
        self._on_network(network.path)

    def show_look(self, look: Look) -> None:
        """Shows the values of a look."""
        default = Look()
        self.denoise.set_value(look.denoise, is_default=look.denoise == default.denoise)
        self.grain.set_value(look.grain, is_default=look.grain == default.grain)

    @Slot(object)
    def follow(self, look: Look) -> None:
        """Emit a look's values as soon as they rest."""
        self._look = look
        self._rest.start()

    @Slot()
    def tell_now(self) -> None:
        """Emit the values without waiting."""
        self._rest.stop()
        self.denoising_changed.emit(Denoising(self._look.denoise, self._look.grain))

    @Slot(object)
    def _on_network(self, weights: Path) -> None:
        takes = takes_noise(weights)
        self.setEnabled(takes)
        why = self.tr("This network was not trained to remove noise: choose another one below")
        self.denoise.set_hint(
            self.tr("How much of the noise the network removes: 1 is what the file shows, 0 leaves all of it")
            if takes
            else why
        )
        self.grain.set_hint(
            self.tr("How much of the removed noise comes back as grey grain, with fine detail that was taken for noise")
            if takes
            else why
        )
