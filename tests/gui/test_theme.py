"""What the keyboard is on is clearly seen, in greys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QWidget

from xtdm_gui.theme import apply_theme


@pytest.fixture(params=["dark", "darker"])
def themed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    palette, name, sheet = qapp.palette(), qapp.style().name(), qapp.styleSheet()
    apply_theme(qapp, request.param)
    yield
    qapp.setStyle(name)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def test_a_button_with_the_keyboard_has_a_bright_ring(qtbot, themed: None) -> None:
    panel = QWidget()
    row = QHBoxLayout(panel)
    buttons = [QToolButton(panel, text=text, autoRaise=True, checkable=True) for text in ("one", "other")]
    for button in buttons:
        row.addWidget(button)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitExposed(panel)
    panel.activateWindow()
    buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(buttons[1].hasFocus)

    def ring(button: QToolButton) -> list[QColor]:
        image, middle = panel.grab().toImage(), button.geometry().center()
        left, top = button.geometry().left(), button.geometry().top()
        return [image.pixelColor(left + i, middle.y()) for i in (0, 1)] + [
            image.pixelColor(middle.x(), top + i) for i in (0, 1)
        ]

    assert all(abs(colour.value() - panel.palette().window().color().value()) < 20 for colour in ring(buttons[0]))
    assert all(colour.value() > 190 and colour.saturation() == 0 for colour in ring(buttons[1]))
    plain = panel.grab().toImage().pixelColor(buttons[1].geometry().topLeft() + buttons[1].rect().center() / 3)
    buttons[1].setChecked(True)
    pressed = panel.grab().toImage().pixelColor(buttons[1].geometry().topLeft() + buttons[1].rect().center() / 3)
    assert pressed.value() < plain.value()
