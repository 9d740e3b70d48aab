"""What the window asks before it ends something, or goes on with it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from tests.gui.answering import Answers, click, press
from xtdm_gui.window.dialogs import may_finish_export, may_stop_export, may_stop_training


@pytest.mark.parametrize(("ask", "words"), [(may_stop_export, "exported"), (may_stop_training, "trained")])
@pytest.mark.parametrize(
    ("answer", "stops"),
    [
        (click("Stop and quit"), True),
        (click("Keep running"), False),
        (press(Qt.Key.Key_Return), False),
        (press(Qt.Key.Key_Escape), False),
    ],
)
def test_only_the_button_that_says_so_stops(
    qtbot, ask: Callable[[QWidget], bool], words: str, answer: Callable[[QMessageBox], None], stops: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    answers = Answers(window, answer)
    assert ask(window) == stops
    assert len(answers.asked) == 1
    assert words in answers.asked[0]


@pytest.mark.parametrize(
    ("answer", "goes_on"),
    [
        (click("Go on"), True),
        (press(Qt.Key.Key_Return), True),
        (click("Leave them out"), False),
        (press(Qt.Key.Key_Escape), False),
    ],
)
def test_an_interrupted_export_goes_on_unless_it_is_left_out(
    qtbot, answer: Callable[[QMessageBox], None], goes_on: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    answers = Answers(window, answer)
    assert may_finish_export(window, 12) == goes_on
    assert "12 files are missing" in answers.asked[0]
