"""Lens, straightening, turns and crop as a user sets them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from xtdm_core.choices import ToneCurve
from xtdm_core.develop.tone import Look
from xtdm_core.frame import CaptureInfo, LensCurve, LensTables
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.develop.geometry_controls import GeometryControls
from xtdm_gui.develop.panel import DevelopPanel
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.picture import Picture

LENS = LensTables(distortion=LensCurve(134.0, (0.0, 0.5, 1.0), (0.0, -1.0, -4.0)))


@pytest.fixture
def panel(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DevelopPanel]:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    panel = DevelopPanel(CurrentNetwork(), list)
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    panel.close()


def show(
    panel: DevelopPanel, tmp_path: Path, orientation: int = 1, info: CaptureInfo | None = None
) -> GeometryControls:
    sensor = SensorModel(orientation=orientation, **({"info": info} if info else {}))
    frame = replace(simulate_frame(np.full((120, 240, 3), 0.2, np.float32), sensor), lens=LENS)
    panel.set_picture(Picture(tmp_path / "a.RAF", frame, align(frame)))
    return panel.geometry_controls


def choose(controls: GeometryControls, kind: str) -> None:
    index = controls.ratio.findData(kind)
    controls.ratio.setCurrentIndex(index)
    controls.ratio.activated.emit(index)


def test_a_lens_slider_works_where_the_file_knows_the_error(panel: DevelopPanel, tmp_path: Path) -> None:
    controls = show(panel, tmp_path)
    enabled = {field: slider.isEnabled() for field, slider in controls.lens.items()}
    assert enabled == {"lens_distortion": True, "lens_aberration": False, "lens_vignetting": False}
    controls.lens["lens_distortion"].edited.emit(0.5)
    assert panel.look() == Look(lens_distortion=0.5)


def test_turns_and_mirror_go_on_from_what_is_seen(panel: DevelopPanel, tmp_path: Path) -> None:
    controls = show(panel, tmp_path)
    controls.right.click()
    assert panel.look() == Look(rotate=90)
    controls.mirror.click()
    assert panel.look() == Look(rotate=90, flip=True)
    controls.left.click()  # the mirrored picture to the left: back to what is mirrored alone, turned on
    assert panel.look() == Look(rotate=180, flip=True)
    assert controls.mirror.isChecked()
    panel.undo_action.trigger()
    panel.undo_action.trigger()
    assert panel.look() == Look(rotate=90)


def test_straightening_is_clockwise_where_it_is_seen(panel: DevelopPanel, tmp_path: Path) -> None:
    controls = show(panel, tmp_path)
    controls.straighten.edited.emit(3.0)
    assert panel.look() == Look(straighten=3.0)
    controls.mirror.click()
    assert controls.straighten.value() == -3.0
    controls.straighten.edited.emit(2.0)
    assert panel.look() == Look(straighten=-2.0, flip=True)


@pytest.mark.parametrize(
    ("kind", "crop"),
    [("1:1", (0.25, 0.0, 0.5, 1.0)), ("whole", (0.0, 0.0, 1.0, 1.0)), ("4:3", (1 / 6, 0.0, 2 / 3, 1.0))],
)
def test_a_ratio_is_the_largest_in_the_middle(
    panel: DevelopPanel, tmp_path: Path, kind: str, crop: tuple[float, float, float, float]
) -> None:
    controls = show(panel, tmp_path)
    choose(controls, kind)
    assert panel.look().crop == pytest.approx(crop)
    assert controls.ratio.currentData() == kind
    assert [box.value() for box in controls.boxes] == pytest.approx([100 * share for share in crop], abs=0.06)


def test_the_cameras_framing_is_shown_and_chosen_again(panel: DevelopPanel, tmp_path: Path) -> None:
    controls = show(panel, tmp_path, info=CaptureInfo(aspect=(1, 1)))
    assert controls.ratio.currentData() == "camera"
    assert [box.value() for box in controls.boxes] == [25, 0, 50, 100]
    choose(controls, "whole")
    assert panel.look().crop == (0, 0, 1, 1)
    choose(controls, "camera")
    assert panel.look().crop is None


def test_shares_are_those_of_the_picture_as_it_is_seen(qtbot, panel: DevelopPanel, tmp_path: Path) -> None:
    controls = show(panel, tmp_path, orientation=6)
    box = controls.boxes[3]  # the height of the upright picture lies along the sensor's width
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "40")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert panel.look().crop == pytest.approx((0, 0, 0.4, 1))
    assert controls.ratio.currentData() == "free"


def test_the_tone_curve_is_a_step_of_undo(panel: DevelopPanel, tmp_path: Path) -> None:
    show(panel, tmp_path)
    panel.tone.curve.setCurrentIndex(1)
    panel.tone.curve.activated.emit(1)
    assert panel.look() == Look(tone_curve=ToneCurve.NEUTRAL)
    panel.tone.sliders["shadows"].edited.emit(0.25)
    assert panel.look() == Look(tone_curve=ToneCurve.NEUTRAL, shadows=0.25)
    panel.undo_action.trigger()
    panel.undo_action.trigger()
    assert panel.look() == Look()
    assert panel.tone.curve.currentIndex() == 0
