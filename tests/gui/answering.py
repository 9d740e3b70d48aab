"""Answers to what the window asks, given as a user gives them."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

_LOOK_MS = 5


class Answers:
    """Answers the questions that a window is going to ask; ``asked`` tells them."""

    def __init__(self, window: QWidget, *answers: Callable[[QMessageBox], None]) -> None:
        self.asked: list[str] = []
        self._left = list(answers)
        self._timer = QTimer(window, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and box.isVisible():
            self.asked.append(box.text())
            answer = self._left.pop(0)
            if not self._left:
                self._timer.stop()
            answer(box)


def click(text: str) -> Callable[[QMessageBox], None]:
    """Clicks the button that says ``text``; gives up where there is none."""

    def answer(box: QMessageBox) -> None:
        buttons = [button for button in box.buttons() if button.text() == text]
        if buttons:
            QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
        else:
            box.reject()

    return answer


def press(key: Qt.Key) -> Callable[[QMessageBox], None]:
    """Presses a key."""
    return lambda box: QTest.keyClick(box, key)
