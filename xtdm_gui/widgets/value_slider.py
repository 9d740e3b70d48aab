"""A named value with a slider to drag, a box to type into, and a way back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QToolButton, QWidget

from xtdm_gui.widgets.number_box import NumberBox


@dataclass(frozen=True, slots=True)
class Range:
    """The values of a control; ``reciprocal`` spaces the slider evenly in 1/value, as colour temperatures look even."""

    low: float
    high: float
    step: float
    digits: int
    suffix: str = ""
    reciprocal: bool = False

    @property
    def positions(self) -> int:
        """The slider's last position; the first is 0."""
        return 920 if self.reciprocal else round((self.high - self.low) / self.step)

    def position(self, value: float) -> int:
        """The slider's position nearest to a value."""
        value = min(max(value, self.low), self.high)
        if self.reciprocal:
            return round((1 / self.low - 1 / value) / (1 / self.low - 1 / self.high) * self.positions)
        return round((value - self.low) / self.step)

    def value(self, position: int) -> float:
        """The value at a position of the slider."""
        if self.reciprocal:
            return 1 / (1 / self.low - position / self.positions * (1 / self.low - 1 / self.high))
        return round(self.low + position * self.step, 6)


class ValueSlider(QWidget):
    """Name, box and reset button in a row, the slider below.

    edited(value)    the user changed it, also while dragging
    grabbed()        the slider was taken hold of
    released()       and let go
    reset()          the default was asked for: by button, or a double click on the slider or the name
    """

    edited = Signal(float)
    grabbed = Signal()
    released = Signal()
    reset = Signal()

    def __init__(self, name: str, hint: str, values: Range, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range = values
        self._value = values.low
        self.name = _Name(name)
        self.name.doubled.connect(self.reset)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, values.positions)
        self.slider.setPageStep(max(values.positions // 20, 1))
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderPressed.connect(self.grabbed)
        self.slider.sliderReleased.connect(self.released)
        self.slider.doubled.connect(self.reset)
        self.box = _Box()
        self.box.setRange(values.low, values.high)
        self.box.setDecimals(values.digits)
        self.box.setSingleStep(values.step)
        self.box.setSuffix(values.suffix)
        self.box.setKeyboardTracking(False)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.valueChanged.connect(self._on_typed)
        self.back = QToolButton()
        self.back.setText("↺")
        self.back.setAutoRaise(True)
        self.back.clicked.connect(self.reset)
        self._name_all(name)
        self.set_hint(hint)
        self._lay_out()

    def value(self) -> float:
        """The value as it was set, not as it is rounded for display."""
        return self._value

    def set_value(self, value: float, *, is_default: bool) -> None:
        """Shows a value; nothing is emitted. A slider that is being dragged stays under the pointer."""
        self._value = value
        self.back.setEnabled(not is_default)
        with QSignalBlocker(self.box):
            self.box.setValue(value)
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(self._range.position(value))

    def set_hint(self, hint: str) -> None:
        """Set the tooltip: what the value is, or why the control is disabled."""
        for widget in (self.name, self.slider):
            widget.setToolTip(hint + "\n" + self.tr("Double click to reset"))
        self.box.setToolTip(hint)

    def _name_all(self, name: str) -> None:
        self.slider.setAccessibleName(self.tr("{0}, slider").format(name))
        self.box.setAccessibleName(name)
        self.back.setAccessibleName(self.tr("Reset {0}").format(name))
        self.back.setToolTip(self.tr("Reset {0}").format(name))

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(4)
        layout.setVerticalSpacing(0)
        layout.addWidget(self.name, 0, 0)
        layout.addWidget(self.box, 0, 1)
        layout.addWidget(self.back, 0, 2)
        layout.addWidget(self.slider, 1, 0, 1, 3)
        layout.setColumnStretch(0, 1)

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self.edited.emit(self._range.value(position))

    @Slot(float)
    def _on_typed(self, value: float) -> None:
        self.edited.emit(value)


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class _Name(QLabel):
    doubled = Signal()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.doubled.emit()


class _Slider(QSlider):
    doubled = Signal()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.doubled.emit()


class _Box(NumberBox):
    """Undo is the panel's, not that of the typed text."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)
