"""The tone curve of the SDR rendition, and sliders that change tones and colours in scene light."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xtdm_core.choices import ToneCurve
from xtdm_core.develop.tone import ADJUSTMENT_RANGE, Look
from xtdm_gui.widgets.value_slider import Range, ValueSlider

MakeSlider = Callable[[str, str, str, Range], ValueSlider]


class ToneControls(QWidget):
    """A box and seven sliders of a look.

    curve_chosen(ToneCurve)  by the user
    """

    curve_chosen = Signal(object)

    def __init__(self, make: MakeSlider, parent: QWidget | None = None) -> None:
        """``make`` a slider that edits a field of the look: field, name, hint, values."""
        super().__init__(parent)
        self.curve = QComboBox()
        self.curve.addItem(self.tr("Standard"), ToneCurve.STANDARD)
        self.curve.addItem(self.tr("Neutral"), ToneCurve.NEUTRAL)
        self.curve.setAccessibleName(self.tr("Tone curve"))
        self.curve.setToolTip(
            self.tr("Standard begins where a camera's JPEG does, neutral is what a display shows of the HLG picture")
        )
        self.curve.activated.connect(self._on_curve)
        self.sliders = {
            name: make(name, title, hint, Range(*ADJUSTMENT_RANGE, 0.01, 2)) for name, title, hint in self._texts()
        }
        row = QHBoxLayout()
        row.addWidget(QLabel(self.tr("Tone curve")), 1)
        row.addWidget(self.curve)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        for slider in self.sliders.values():
            layout.addWidget(slider)

    def show_look(self, look: Look) -> None:
        """Shows the values of a look."""
        for name, slider in self.sliders.items():
            value = getattr(look, name)
            slider.set_value(value, is_default=value == 0)
        with QSignalBlocker(self.curve):
            self.curve.setCurrentIndex(self.curve.findData(look.tone_curve))

    def _texts(self) -> list[tuple[str, str, str]]:
        """Field, title and hint of each slider."""
        return [
            ("contrast", self.tr("Contrast"), self.tr("Steeper or flatter tones around 18 % grey, which stays")),
            (
                "local_contrast",
                self.tr("Local contrast"),
                self.tr("How far parts of the picture stand out from their surroundings; edges stay as they are"),
            ),
            ("highlights", self.tr("Highlights"), self.tr("What is more than half a stop brighter than grey")),
            ("shadows", self.tr("Shadows"), self.tr("What is more than half a stop darker than grey")),
            ("black", self.tr("Black"), self.tr("Higher lifts the deepest shadows, lower takes haze away")),
            ("saturation", self.tr("Saturation"), self.tr("How colourful all colours are; the lowest value is grey")),
            ("vibrance", self.tr("Vibrance"), self.tr("How colourful pale colours are; skin changes less")),
        ]

    @Slot(int)
    def _on_curve(self, _index: int) -> None:
        self.curve_chosen.emit(ToneCurve(self.curve.currentData()))
