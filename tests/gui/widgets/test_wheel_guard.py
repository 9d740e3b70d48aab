"""The wheel over a panel scrolls it and changes nothing on the way, unless the user went there."""

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from xtdm_gui.widgets.wheel_guard import guard_wheel


def turn_down(widget: QWidget) -> None:
    """As the window system sends it: events that are sent to a widget do not go on to those around it."""
    window = widget.window()
    place = widget.mapTo(window, QPoint(5, 5))
    QTest.wheelEvent(window.windowHandle(), QPointF(place), QPoint(0, -120))


def test_the_wheel_scrolls_past_numbers_and_choices(qtbot) -> None:
    number, choice, tall = QSpinBox(value=7), QComboBox(), QWidget()
    choice.addItems(["a", "b", "c"])
    choice.setCurrentIndex(1)
    panel, area = QWidget(), QScrollArea(widgetResizable=True)
    layout = QVBoxLayout(panel)
    for widget in (number, choice, tall):
        layout.addWidget(widget)
    tall.setMinimumHeight(2000)
    guard_wheel(panel)
    area.setWidget(panel)
    area.resize(200, 200)
    qtbot.addWidget(area)
    area.show()
    qtbot.waitExposed(area)
    area.setFocus()
    for widget in (number, choice):
        area.verticalScrollBar().setValue(0)
        turn_down(widget)
        assert area.verticalScrollBar().value() > 0
    assert (number.value(), choice.currentText()) == (7, "b")
    number.setFocus()
    qtbot.waitUntil(number.hasFocus)
    area.verticalScrollBar().setValue(0)
    turn_down(number)
    assert number.value() == 6
