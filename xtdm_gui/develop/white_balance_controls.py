"""White balance: as shot, for daylight, by temperature and tint, or picked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from xtdm_core.develop.tone import Look
from xtdm_core.develop.white_balance import (
    TEMPERATURE_RANGE,
    TINT_RANGE,
    Gains,
    as_shot,
    daylight,
    gains_of_light,
    light_of_gains,
)
from xtdm_core.errors import BadOption
from xtdm_core.frame import RawFrame
from xtdm_gui.widgets.value_slider import Range, ValueSlider

MakeSlider = Callable[[str, str, Range, Callable[[float], None], Callable[[], Look]], ValueSlider]
_AS_SHOT, _DAYLIGHT, _CUSTOM = range(3)


class WhiteBalanceControls(QWidget):
    """A box, a button that picks and two sliders.

    proposed(Look, str)  the user's change, and its name; a step of undo by itself
    dragged(Look, str)   the same while a slider is moved
    refused(str)         why a light cannot be
    """

    proposed = Signal(object, str)
    dragged = Signal(object, str)
    refused = Signal(str)

    def __init__(self, make: MakeSlider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._frame: RawFrame | None = None
        self.balance = QComboBox()
        self.balance.addItems([self.tr("As shot"), self.tr("Daylight"), self.tr("Custom")])
        self.balance.setAccessibleName(self.tr("White balance"))
        self.balance.setToolTip(self.tr("The camera's balance, the sensor's for daylight, or your own"))
        self.balance.activated.connect(self._on_balance)
        self.picker = QToolButton()
        self.picker.setText(self.tr("Pick"))
        self.picker.setCheckable(True)
        self.picker.setAccessibleName(self.tr("Pick neutral"))
        self.picker.setToolTip(self.tr("Then click a spot in the picture that should be grey (Escape ends it)"))
        self.temperature = make(
            self.tr("Temperature"),
            self.tr("Of the light that is to look white: higher makes the picture warmer"),
            Range(*TEMPERATURE_RANGE, 50, 0, self.tr(" K"), reciprocal=True),
            lambda value: self._drag(value, self.tint.value(), self.tr("Temperature")),
            lambda: replace(self._look, white_balance=None),
        )
        self.tint = make(
            self.tr("Tint"),
            self.tr("Higher makes the picture more magenta, lower more green"),
            Range(*TINT_RANGE, 1, 0),
            lambda value: self._drag(self.temperature.value(), value, self.tr("Tint")),
            lambda: replace(self._look, white_balance=None),
        )
        self._lay_out()

    def show_look(self, look: Look, frame: RawFrame | None) -> None:
        """Shows the balance of a look for a frame, None where there is none."""
        self._look, self._frame = look, frame
        kelvin, tint, choice = 5500.0, 0.0, _AS_SHOT
        if frame is not None:
            gains: Gains = look.white_balance or as_shot(frame)
            kelvin, tint = light_of_gains(frame, gains)
            if look.white_balance is not None:
                choice = _DAYLIGHT if gains == daylight(frame) else _CUSTOM
        self.temperature.set_value(kelvin, is_default=look.white_balance is None)
        self.tint.set_value(tint, is_default=look.white_balance is None)
        with QSignalBlocker(self.balance):
            self.balance.setCurrentIndex(choice)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(QLabel(self.tr("White balance")), 1)
        row.addWidget(self.balance)
        row.addWidget(self.picker)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.temperature)
        layout.addWidget(self.tint)

    def _drag(self, kelvin: float, tint: float, words: str) -> None:
        if self._frame is None:
            return
        try:
            gains = gains_of_light(self._frame, kelvin, tint)
        except BadOption as error:
            self.show_look(self._look, self._frame)
            self.refused.emit(str(error))
            return
        self.dragged.emit(replace(self._look, white_balance=gains), words)

    @Slot(int)
    def _on_balance(self, choice: int) -> None:
        if self._frame is None:
            return
        custom = self._look.white_balance or as_shot(self._frame)
        gains = {_AS_SHOT: None, _DAYLIGHT: daylight(self._frame), _CUSTOM: custom}
        self.proposed.emit(replace(self._look, white_balance=gains[choice]), self.tr("White balance"))
