"""Either decimal sign, typed as a user does."""

import pytest
from PySide6.QtCore import QLocale, Qt

from xtdm_gui.train.form import TrainForm
from xtdm_gui.widgets.number_box import NumberBox
from xtdm_gui.widgets.value_slider import Range, ValueSlider


def typed(qtbot, box: NumberBox, text: str) -> tuple[float, str]:
    qtbot.addWidget(box)
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    return box.value(), box.text()


@pytest.mark.parametrize(("language", "sign"), [("de_DE", ","), ("en_US", "."), ("ar_EG", "٫"), ("fr_CH", ",")])
@pytest.mark.parametrize(
    ("text", "value"), [("0,75", 0.75), ("0.75", 0.75), ("-1.5", -1.5), ("-1,5", -1.5), (",3", 0.3)]
)
def test_both_decimal_signs_mean_the_same_in_every_language(
    qtbot, language: str, sign: str, text: str, value: float
) -> None:
    box = NumberBox(minimum=-4, maximum=4, decimals=2, suffix=" EV")
    box.setLocale(QLocale(language))
    got, shown = typed(qtbot, box, text)
    assert got == value
    assert sign in shown


def test_a_second_sign_is_not_taken(qtbot) -> None:
    box = NumberBox(minimum=0, maximum=4, decimals=2)
    box.setLocale(QLocale("de_DE"))
    assert typed(qtbot, box, "1,2.5")[0] == 1.25


def test_whole_numbers_have_no_decimal_sign(qtbot) -> None:
    box = NumberBox(minimum=2000, maximum=25000, decimals=0, suffix=" K")
    box.setLocale(QLocale("de_DE"))
    assert typed(qtbot, box, "5300")[0] == 5300


def test_every_box_for_decimals_is_one(qtbot) -> None:
    slider = ValueSlider("Exposure", "", Range(-4, 4, 0.05, 2, " EV"))
    form = TrainForm(["xtdm"])
    for widget in (slider, form):
        qtbot.addWidget(widget)
    assert isinstance(slider.box, NumberBox)
    assert isinstance(form.rate, NumberBox)


@pytest.mark.parametrize(
    ("key", "value"), [(Qt.Key.Key_Return, 2.5), (Qt.Key.Key_Enter, 2.5), (Qt.Key.Key_Escape, 0.0)]
)
def test_a_box_that_is_done_gives_the_keys_back(qtbot, key: Qt.Key, value: float) -> None:
    slider = ValueSlider("Straighten", "", Range(-45, 45, 0.1, 1, "°"))
    slider.set_value(0, is_default=True)
    qtbot.addWidget(slider)
    with qtbot.waitActive(slider):
        slider.show()
    slider.box.setFocus()
    slider.box.selectAll()
    qtbot.keyClicks(slider.box, "2.5")
    assert slider.box.hasFocus()
    qtbot.keyClick(slider.box, key)
    assert not slider.box.hasFocus()
    assert slider.box.value() == value
    assert slider.box.text() == f"{value}°"
