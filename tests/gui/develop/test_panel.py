"""The develop panel as a user drives it: drag, type, undo, pick, copy and paste; what lands in the sidecar."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QThread
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QStyle, QStyleOptionSlider

from xtdm_core.develop.color import to_rec2020
from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.develop.white_balance import daylight, light_of_gains
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.develop.panel import DevelopPanel
from xtdm_gui.develop.paste_dialog import LOOK_NAMES, LookGroup, PasteDialog, names_of
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.widgets.value_slider import Range, ValueSlider

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
DAYLIGHT = (2.3, 1.0, 1.3)
GREY = (0.4, 0.5, 0.3)  # of the spot at the left, as shot


def picture(path: Path) -> Picture:
    """A neutral scene with a tinted spot at the left and a blown out one at the right."""
    truth = np.full((120, 240, 3), 0.2, np.float32)
    truth[30:90, 30:90] = GREY
    truth[30:90, 150:210] = 9
    frame = replace(simulate_frame(truth, SensorModel()), daylight_wb=np.array(DAYLIGHT))
    return Picture(path, frame, align(frame))


@pytest.fixture
def shown(tmp_path: Path) -> Picture:
    return picture(tmp_path / "a.RAF")


@pytest.fixture
def network() -> CurrentNetwork:
    return CurrentNetwork()


@pytest.fixture
def selection() -> list[Path]:
    """What is selected in the filmstrip."""
    return []


@pytest.fixture
def panel(
    qtbot,
    network: CurrentNetwork,
    selection: list[Path],
    shown: Picture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[DevelopPanel]:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    panel = DevelopPanel(network, lambda: selection)
    qtbot.addWidget(panel)
    panel.resize(320, 480)
    panel.show()
    panel.activateWindow()
    panel.set_picture(shown)
    yield panel
    panel.close()
    assert not [t for t in panel.findChildren(QThread) if t.isRunning()]


def handle(control: ValueSlider) -> QPoint:
    slider, option = control.slider, QStyleOptionSlider()
    slider.initStyleOption(option)
    groove = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, groove, slider).center()


def drag(qtbot, control: ValueSlider, pixels: int) -> None:
    start, step = handle(control), 1 if pixels > 0 else -1
    qtbot.mousePress(control.slider, LEFT, pos=start)
    for x in range(0, pixels + step, step):
        qtbot.mouseMove(control.slider, start + QPoint(x, 0))
    qtbot.mouseRelease(control.slider, LEFT, pos=start + QPoint(pixels, 0))


def write(qtbot, control: ValueSlider, text: str) -> None:
    control.box.setFocus()
    control.box.selectAll()
    qtbot.keyClicks(control.box, text)
    qtbot.keyClick(control.box, Qt.Key.Key_Return)


def saved(panel: DevelopPanel) -> None:
    panel.close()


def test_dragging_tells_the_look_all_the_way_and_is_one_step_of_undo(qtbot, panel: DevelopPanel) -> None:
    told: list[Look] = []
    panel.look_changed.connect(told.append)
    drag(qtbot, panel.exposure, 40)
    exposures = [look.exposure_ev for look in told]
    assert len(exposures) > 10
    assert exposures == sorted(exposures)
    assert panel.look().exposure_ev == exposures[-1] == panel.exposure.box.value() > 0.5
    qtbot.keyClick(panel, Qt.Key.Key_Z, CONTROL)
    assert panel.look() == told[-1] == Look()
    assert panel.exposure.box.value() == 0
    assert not panel.undo_action.isEnabled()
    qtbot.keyClick(panel, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert panel.look().exposure_ev == exposures[-1]


def test_two_drags_are_two_steps(qtbot, panel: DevelopPanel) -> None:
    drag(qtbot, panel.exposure, 20)
    first = panel.look()
    drag(qtbot, panel.exposure, 20)
    qtbot.mouseClick(buttons(panel)["↶"], LEFT)
    assert panel.look() == first
    qtbot.mouseClick(buttons(panel)["↶"], LEFT)
    assert panel.look() == Look()


def buttons(panel: DevelopPanel) -> dict[str, object]:
    from xtdm_gui.widgets.action_button import ActionButton

    return {button.text(): button for button in panel.findChildren(ActionButton)}


def test_typing_sets_the_value_and_control_z_takes_it_back(qtbot, panel: DevelopPanel) -> None:
    write(qtbot, panel.exposure, "-1.33")
    assert panel.look() == Look(-1.33)
    write(qtbot, panel.roll_off, "0.5")
    assert panel.look() == Look(-1.33, roll_off=0.5)
    qtbot.keyClick(panel.roll_off.box, Qt.Key.Key_Z, CONTROL)
    assert panel.look() == Look(-1.33)
    assert buttons(panel)["↷"].isEnabled()
    assert "Highlight roll-off" in panel.redo_action.text()


def test_steps_by_key_in_succession_are_one_step_of_undo(qtbot, panel: DevelopPanel) -> None:
    panel.exposure.slider.setFocus()
    for _ in range(5):
        qtbot.keyClick(panel.exposure.slider, Qt.Key.Key_Right)
    assert panel.look().exposure_ev == pytest.approx(0.25)
    panel.undo_action.trigger()
    assert panel.look() == Look()


def test_coming_back_to_the_start_leaves_no_step(qtbot, panel: DevelopPanel) -> None:
    panel.exposure.slider.setFocus()
    qtbot.keyClick(panel.exposure.slider, Qt.Key.Key_Right)
    qtbot.keyClick(panel.exposure.slider, Qt.Key.Key_Left)
    assert panel.look() == Look()
    assert not panel.undo_action.isEnabled()


@pytest.mark.parametrize("way", ["button", "name", "slider"])
def test_each_control_resets_alone(qtbot, panel: DevelopPanel, way: str) -> None:
    write(qtbot, panel.exposure, "1")
    write(qtbot, panel.tint, "20")
    control = panel.exposure
    assert control.back.isEnabled()
    if way == "button":
        qtbot.mouseClick(control.back, LEFT)
    else:
        target = control.name if way == "name" else control.slider
        qtbot.mouseDClick(target, LEFT, pos=handle(control) if way == "slider" else QPoint(5, 5))
    assert panel.look().exposure_ev == 0
    assert panel.look().white_balance is not None
    assert not control.back.isEnabled()
    panel.undo_action.trigger()
    assert panel.look().exposure_ev == 1


def test_reset_settings_resets_all(qtbot, panel: DevelopPanel) -> None:
    write(qtbot, panel.exposure, "1")
    write(qtbot, panel.tint, "20")
    qtbot.mouseClick(buttons(panel)["Reset"], LEFT)
    assert panel.look() == Look()
    panel.undo_action.trigger()
    assert panel.look().exposure_ev == 1


def test_the_wheel_turns_only_what_has_the_focus(qtbot, panel: DevelopPanel) -> None:
    def turn(target: object) -> None:
        at = QPointF(5, 5)
        phase, none = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
        keys = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(target, QWheelEvent(at, at, QPoint(), QPoint(0, 120), none, keys, phase, False))

    panel.balance.setFocus()
    turn(panel.exposure.slider)
    turn(panel.exposure.box)
    assert panel.look() == Look()
    panel.exposure.box.setFocus()
    turn(panel.exposure.box)
    turn(panel.balance)
    assert panel.look() == Look(0.05)
    assert panel.balance.currentIndex() == 0


def choose(qtbot, panel: DevelopPanel, key: Qt.Key) -> None:
    panel.balance.setFocus()
    qtbot.keyClick(panel.balance, key)  # a closed box steps through its entries


def test_white_balance_shows_as_shot_and_changes_by_choice(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    kelvin, tint = light_of_gains(shown.frame, tuple(map(float, shown.frame.wb)))
    assert (panel.temperature.box.value(), panel.tint.box.value()) == (round(kelvin), round(tint))
    assert panel.balance.currentText() == "As shot"
    choose(qtbot, panel, Qt.Key.Key_Down)
    assert panel.look().white_balance == daylight(shown.frame) == DAYLIGHT
    assert panel.balance.currentText() == "Daylight"
    choose(qtbot, panel, Qt.Key.Key_Up)
    assert panel.look() == Look()
    assert panel.balance.currentText() == "As shot"
    choose(qtbot, panel, Qt.Key.Key_End)
    assert panel.look().white_balance == tuple(shown.frame.wb)  # the same light, now the user's own
    assert panel.balance.currentText() == "Custom"


def test_temperature_and_tint_are_those_of_the_gains(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    _, tint = light_of_gains(shown.frame, tuple(map(float, shown.frame.wb)))
    write(qtbot, panel.temperature, "3200")
    assert panel.balance.currentText() == "Custom"
    assert panel.look().white_balance is not None
    # The tint is kept as it is, not as it is displayed.
    assert light_of_gains(shown.frame, panel.look().white_balance) == pytest.approx((3200, tint), rel=1e-5)
    write(qtbot, panel.tint, "-12")
    assert light_of_gains(shown.frame, panel.look().white_balance) == pytest.approx((3200, -12), rel=1e-5)
    drag(qtbot, panel.temperature, 30)
    assert light_of_gains(shown.frame, panel.look().white_balance)[0] > 3300
    assert light_of_gains(shown.frame, panel.look().white_balance)[1] == pytest.approx(-12, abs=1e-3)


def test_a_light_that_is_no_white_is_told_and_changes_nothing(qtbot, panel: DevelopPanel) -> None:
    write(qtbot, panel.temperature, "2000")
    before = panel.look()
    write(qtbot, panel.tint, "150")
    assert panel.look() == before
    assert "weaker tint" in panel.words.text()
    assert panel.words.isVisible()
    assert panel.tint.box.value() != 150


def test_the_picker_makes_a_spot_neutral(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    with qtbot.waitSignal(panel.picker_toggled) as toggled:
        qtbot.mouseClick(panel.picker, LEFT)
    assert toggled.args == [True]
    panel.pick_neutral(180, 60)  # where a click of the viewer was
    assert "blown out" in panel.words.text()
    assert panel.picker.isChecked()
    with qtbot.waitSignal(panel.picker_toggled) as toggled:
        panel.pick_neutral(60, 60)
    assert toggled.args == [False]
    assert not panel.words.isVisible()
    light = to_rec2020(np.float32([[GREY]]), shown.frame, panel.look().white_balance)[0, 0]
    assert np.ptp(light) / light.max() < 1e-3
    panel.undo_action.trigger()
    assert panel.look() == Look()


def test_escape_ends_picking(qtbot, panel: DevelopPanel) -> None:
    qtbot.mouseClick(panel.picker, LEFT)
    with qtbot.waitSignal(panel.picker_toggled) as toggled:
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert toggled.args == [False]


def test_settings_are_saved_soon_and_at_once_on_change_of_picture(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    write(qtbot, panel.exposure, "1")
    qtbot.waitUntil(lambda: read_look(shown.path) == Look(1.0))
    write(qtbot, panel.exposure, "2")
    other = picture(shown.path.with_name("b.RAF"))
    panel.set_picture(other)
    assert panel.look() == Look()
    assert panel.look_of(shown.path) == Look(2.0)  # also before it is on the disk
    qtbot.waitUntil(lambda: read_look(shown.path) == Look(2.0), timeout=300)
    with qtbot.waitSignal(panel.look_changed) as changed:
        panel.set_picture(shown)
    assert changed.args == [Look(2.0)]
    assert panel.exposure.box.value() == 2
    assert read_look(other.path) is None


def test_each_picture_has_its_own_undo(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    write(qtbot, panel.exposure, "1")
    panel.set_picture(picture(shown.path.with_name("b.RAF")))
    assert not panel.undo_action.isEnabled()
    write(qtbot, panel.exposure, "-2")
    panel.set_picture(shown)
    panel.undo_action.trigger()
    assert panel.look() == Look()
    saved(panel)
    assert read_look(shown.path) is None
    assert read_look(shown.path.with_name("b.RAF")) == Look(-2)


def test_files_are_told_to_be_edited_or_not(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    told: list[tuple[Path, bool]] = []
    panel.edited_changed.connect(lambda path, edited: told.append((path, edited)))
    write(qtbot, panel.exposure, "1")
    panel.undo_action.trigger()
    write_look(shown.path.with_name("b.RAF"), Look(1))
    panel.set_picture(picture(shown.path.with_name("b.RAF")))
    assert told == [(shown.path, True), (shown.path, False), (shown.path.with_name("b.RAF"), True)]


def test_copied_settings_are_pasted_to_a_selection_and_taken_back(
    qtbot, panel: DevelopPanel, selection: list[Path], shown: Picture
) -> None:
    files = [shown.path.with_name(f"{name}.RAF") for name in "abcd"]
    write_look(files[1], Look(-1, roll_off=0.2))
    files[3].with_name("d.RAF.xtdm.json").write_text("{")
    selection.extend(files)
    write(qtbot, panel.exposure, "0.7")
    panel.copy_action.trigger()
    panel.reset_action.trigger()
    edited: dict[Path, bool] = {}
    panel.edited_changed.connect(lambda path, on: edited.update({path: on}))
    qtbot.mouseClick(buttons(panel)["Paste"], LEFT)
    assert panel.look() == Look(0.7)
    assert edited == dict.fromkeys(files[:3], True)
    assert "d.RAF" in panel.words.text()
    assert "damaged" in panel.words.text()
    saved(panel)
    assert [read_look(path) for path in files[:3]] == [Look(0.7)] * 3
    panel.undo_action.trigger()
    saved(panel)
    assert [read_look(path) for path in files[:3]] == [None, Look(-1, roll_off=0.2), None]
    assert files[3].with_name("d.RAF.xtdm.json").read_text() == "{"


def test_two_windows_do_not_overwrite_each_others_settings(
    qtbot, panel: DevelopPanel, network: CurrentNetwork, shown: Picture
) -> None:
    other = DevelopPanel(network, list)
    qtbot.addWidget(other)
    other.set_picture(shown)
    other.exposure.edited.emit(1.0)
    other.close()  # written
    panel.roll_off.edited.emit(0.5)
    panel.save_now()
    both = Look(exposure_ev=1.0, roll_off=0.5)
    qtbot.waitUntil(lambda: panel.look() == both)
    assert read_look(shown.path) == both
    assert "Another window" in panel.words.text()
    panel.exposure.edited.emit(2.0)  # of what both have changed the later counts
    panel.save_now()
    qtbot.waitUntil(lambda: read_look(shown.path) == replace(both, exposure_ev=2.0))


def test_what_is_pasted_can_be_chosen(
    qtbot, panel: DevelopPanel, shown: Picture, selection: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = shown.path.with_name("b.RAF")
    write_look(other, Look(exposure_ev=-1, grain=0.4))
    panel.exposure.edited.emit(1.0)
    panel.roll_off.edited.emit(0.5)
    assert not panel.paste_parts_action.isEnabled()
    panel.copy()
    selection.append(other)

    def answer(dialog: PasteDialog) -> bool:
        for group, box in dialog.boxes.items():
            box.setChecked(group == LookGroup.ROLL_OFF)
        return True

    monkeypatch.setattr(PasteDialog, "exec", answer)
    panel.paste_parts_action.trigger()
    assert panel.look_of(other) == Look(exposure_ev=-1, roll_off=0.5, grain=0.4)
    monkeypatch.setattr(PasteDialog, "exec", lambda _: False)
    selection[0] = shown.path.with_name("c.RAF")
    panel.paste_parts_action.trigger()
    assert panel.look_of(selection[0]) == Look()


def test_every_setting_belongs_to_one_group() -> None:
    together = [name for group in LookGroup for name in names_of([group])]
    assert sorted(together) == sorted(LOOK_NAMES)


def test_undoing_a_paste_spares_what_was_changed_since(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    other = picture(shown.path.with_name("b.RAF"))
    write(qtbot, panel.exposure, "0.7")
    panel.copy()
    panel.paste([other.path])
    panel.set_picture(other)
    assert panel.look() == Look(0.7)
    write(qtbot, panel.exposure, "3")
    panel.set_picture(shown)
    panel.undo_action.trigger()
    assert panel.look_of(other.path) == Look(3.0)


def test_a_sidecar_that_cannot_be_read_is_told_and_stays(qtbot, panel: DevelopPanel, shown: Picture) -> None:
    sidecar = shown.path.with_name("b.RAF.xtdm.json")
    sidecar.write_text('{"creator": "somebody"}')
    panel.set_picture(picture(shown.path.with_name("b.RAF")))
    assert "not from XTDM" in panel.words.text()
    assert panel.look() == Look()
    write(qtbot, panel.exposure, "1")
    qtbot.waitUntil(lambda: "not from XTDM" in panel.words.text())
    assert sidecar.read_text() == '{"creator": "somebody"}'


def test_the_network_and_the_device_are_chosen(
    qtbot, panel: DevelopPanel, network: CurrentNetwork, tmp_path: Path, monkeypatch
) -> None:
    engine = panel.engine
    assert network.path.name == "fast.safetensors"
    assert engine.device() == "auto"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "mine.pt"), ""))
    engine.models.setFocus()
    with qtbot.waitSignal(network.chosen) as changed:
        qtbot.keyClick(engine.models, Qt.Key.Key_End)
    assert changed.args == [tmp_path / "mine.pt"]
    assert engine.models.currentText() == "Network mine"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    with qtbot.assertNotEmitted(network.chosen):
        qtbot.keyClick(engine.models, Qt.Key.Key_End)
    assert engine.models.currentText() == "Network mine"
    engine.devices.setFocus()
    with qtbot.waitSignal(panel.device_changed) as chosen:
        qtbot.keyClick(engine.devices, Qt.Key.Key_Down)
    assert chosen.args == ["cpu"]
    engine.set_device("auto")
    assert engine.device() == "auto"


def test_without_a_picture_nothing_can_be_changed(qtbot, panel: DevelopPanel) -> None:
    panel.set_picture(None)
    assert not panel.controls.isEnabled()
    assert not panel.copy_action.isEnabled()
    assert panel.engine.isEnabled()
    panel.pick_neutral(60, 60)
    assert panel.look() == Look()


def test_everything_that_takes_input_has_a_name_and_a_tooltip(panel: DevelopPanel) -> None:
    for control in (panel.exposure, panel.temperature, panel.tint, panel.roll_off):
        for widget in (control.slider, control.box, control.back):
            assert widget.accessibleName()
            assert widget.toolTip()
    for widget in (panel.balance, panel.picker, panel.engine.models, panel.engine.devices, *buttons(panel).values()):
        assert widget.accessibleName()
        assert widget.toolTip()
    assert panel.minimumSizeHint().width() <= 320


def test_positions_of_a_slider_and_their_values_go_both_ways() -> None:
    for values in (Range(-5, 5, 0.05, 2), Range(2000, 25000, 50, 0, reciprocal=True)):
        positions = range(values.positions + 1)
        assert [values.position(values.value(k)) for k in positions] == list(positions)
        assert values.value(0) == pytest.approx(values.low)
        assert values.value(values.positions) == pytest.approx(values.high)
