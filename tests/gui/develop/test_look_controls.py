"""Look-up tables and presets as a user chooses them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from tests.core.develop.test_lut import cube
from xtdm_core.choices import LutInput
from xtdm_core.develop.lut import lut_digest
from xtdm_core.develop.presets import read_preset, shipped_presets
from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.develop.look_controls import guessed_input
from xtdm_gui.develop.panel import DevelopPanel
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.picture import Picture


@pytest.fixture
def selection() -> list[Path]:
    return []


@pytest.fixture
def panel(qtbot, selection: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DevelopPanel]:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    panel = DevelopPanel(CurrentNetwork(), lambda: selection)
    qtbot.addWidget(panel)
    panel.show()
    frame = simulate_frame(np.full((60, 66, 3), 0.2, np.float32), SensorModel())
    panel.set_picture(Picture(tmp_path / "a.RAF", frame, align(frame)))
    yield panel
    panel.close()


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))


def test_a_table_is_chosen_described_and_taken_away(
    panel: DevelopPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "XH2S_FLog2C_to_PROVIA.cube"
    path.write_text(cube(2, lambda rgb: rgb))
    answer(monkeypatch, path)
    assert not panel.looks.strength.isEnabled()
    panel.looks.open.click()
    digest = lut_digest(path)
    assert panel.look() == Look(lut=str(path), lut_digest=digest, lut_input=LutInput.F_LOG2C)
    assert isinstance(panel.look().lut_input, LutInput)
    panel.looks.input.setCurrentIndex(0)
    panel.looks.input.activated.emit(0)
    panel.looks.strength.edited.emit(0.4)
    assert panel.look() == Look(lut=str(path), lut_digest=digest, lut_input=LutInput.SRGB, lut_strength=0.4)
    panel.looks.remove.click()
    assert panel.look().lut == panel.look().lut_digest == ""
    panel.undo_action.trigger()
    assert panel.look().lut == str(path)


def test_a_file_that_is_no_table_is_told_and_not_taken(
    panel: DevelopPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.cube").write_text("nothing")
    answer(monkeypatch, tmp_path / "a.cube")
    panel.looks.open.click()
    assert panel.look() == Look()
    assert "a.cube" in panel.words.text()
    assert panel.words.isVisible()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("XT5_FLog2C_to_CLASSIC-CHROME_65grid.cube", LutInput.F_LOG2C),
        ("F-Log2_to_ETERNA.cube", LutInput.F_LOG2),
        ("xh1 f log wdr.cube", LutInput.F_LOG),
        ("Portra 400.png", LutInput.SRGB),
    ],
)
def test_names_tell_what_a_table_takes(name: str, kind: LutInput) -> None:
    assert guessed_input(f"/somewhere/{name}") == kind


def test_a_preset_is_for_all_that_is_selected_and_one_step_of_undo(
    panel: DevelopPanel, selection: list[Path], tmp_path: Path
) -> None:
    other = tmp_path / "b.RAF"
    selection += [tmp_path / "a.RAF", other]
    panel.exposure.edited.emit(1.0)
    action = next(action for action in panel.looks.menu.actions() if action.text() == "Vivid")
    action.trigger()
    fields = read_preset(shipped_presets()["vivid"])
    assert panel.look() == Look(exposure_ev=1.0, **fields)
    assert panel.look_of(other) == Look(**fields)
    panel.undo_action.trigger()
    assert panel.look() == Look(exposure_ev=1.0)
    assert panel.look_of(other) == Look()
    panel.close()
    assert read_look(other) is None


def test_a_preset_is_saved_and_opened(panel: DevelopPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel.tone.sliders["contrast"].edited.emit(0.5)
    answer(monkeypatch, tmp_path / "mine.json")
    texts = {action.text(): action for action in panel.looks.menu.actions()}
    texts["Save as…"].trigger()
    panel.reset_action.trigger()
    assert panel.look() == Look()
    texts["From a file…"].trigger()
    assert panel.look() == Look(contrast=0.5)


def test_a_table_that_is_gone_is_told_kept_and_not_shown(panel: DevelopPanel, tmp_path: Path) -> None:
    gone = Look(0.5, lut=str(tmp_path / "gone.cube"))
    write_look(tmp_path / "b.RAF", gone)
    shown: list[Look] = []
    panel.look_changed.connect(shown.append)
    frame = simulate_frame(np.full((60, 66, 3), 0.2, np.float32), SensorModel())
    panel.set_picture(Picture(tmp_path / "b.RAF", frame, align(frame)))
    assert "gone.cube" in panel.words.text()
    assert panel.look() == gone
    assert shown == [Look(0.5)]


def test_a_table_that_has_changed_is_told_until_it_is_chosen_again(
    panel: DevelopPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.cube"
    path.write_text(cube(2, lambda rgb: rgb))
    answer(monkeypatch, path)
    panel.looks.open.click()
    assert not panel.words.isVisible()
    panel.close()
    path.write_text(cube(2, lambda rgb: rgb * 0.5))
    frame = simulate_frame(np.full((60, 66, 3), 0.2, np.float32), SensorModel())
    panel.set_picture(None)
    panel.set_picture(Picture(tmp_path / "a.RAF", frame, align(frame)))
    assert "a.cube has changed" in panel.words.text()
    panel.looks.open.click()
    assert panel.words.text() == ""
    assert panel.look().lut_digest == lut_digest(path)
