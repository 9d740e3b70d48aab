"""The set-up of a training run, and the dialog that builds its data sets, as a user fills them in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QDialog

from tests.gui.training import choose, move_home, open_panel, processes, until_ended
from xtdm_gui.train.panel import TrainPanel
from xtdm_gui.train.plan import TrainPlan
from xtdm_gui.train.run_folder import RunFolder

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return move_home(tmp_path / "home", monkeypatch)


@pytest.fixture
def panel(qtbot, tmp_path: Path, home: Path) -> Iterator[TrainPanel]:
    yield from open_panel(qtbot, tmp_path)


def rows(panel: TrainPanel) -> list[int]:
    """Where the form's fields are on the screen."""
    form = panel.form
    fields = (form.photos, form.raws, form.torture, form.preset, form.start, form.original, form.steps, form.batch)
    return [field.mapToGlobal(QPoint()).y() for field in (*fields, form.rate, form.device, form.out)]


def retype(box: QAbstractSpinBox, text: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, text)


def test_the_form_stands_still_while_it_is_filled_in(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    qtbot.waitExposed(panel)
    before = rows(panel)
    assert before == sorted(set(before))
    assert panel.words.text()
    qtbot.keyClicks(panel.form.raws.edit, str(tmp_path))
    qtbot.waitUntil(lambda: not panel.words.text())
    assert panel.go.isEnabled()
    assert rows(panel) == before
    panel.form.photos.edit.setText("/nowhere")
    choose(panel.form.preset, "quality")
    retype(panel.form.steps, "12")
    QApplication.processEvents()
    assert panel.words.text()
    assert rows(panel) == before


def test_a_long_message_does_not_make_the_form_jump_when_it_goes(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    qtbot.waitExposed(panel)
    first = rows(panel)
    panel._show_message("many words " * 40)
    qtbot.waitUntil(lambda: rows(panel)[0] > first[0])
    before = rows(panel)
    qtbot.keyClicks(panel.form.out.edit, "x")
    QApplication.processEvents()
    assert "many words" not in panel.words.text()
    assert rows(panel) == before


def test_what_was_typed_stays_when_preset_or_start_change(qtbot, panel: TrainPanel) -> None:
    form = panel.form
    retype(form.steps, "300")
    choose(form.start, "fast")
    assert form.preset.currentData() == "finetune"
    assert (form.steps.value(), form.batch.value(), form.rate.value()) == (300, 16, 1e-4)
    retype(form.rate, form.rate.text())  # what was there already is typed, too
    choose(form.preset, "quality")
    assert (form.steps.value(), form.batch.value(), form.rate.value()) == (300, 16, 1e-4)


def test_own_raws_alone_tune_the_shipped_network(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    form = panel.form
    qtbot.keyClicks(form.raws.edit, str(tmp_path))
    assert form.plan() == replace(form.plan(), preset="finetune", start="fast", steps=2000, learning_rate=1e-4)
    qtbot.keyClicks(form.photos.edit, str(tmp_path))
    assert form.plan() == replace(form.plan(), preset="fast", start="", steps=20_000, learning_rate=5e-3)
    form.photos.edit.clear()
    choose(form.start, "")
    assert form.preset.currentData() == "fast"
    form.raws.edit.setText(str(tmp_path.parent))
    assert form.start.currentText() == "From scratch"  # as was asked for


def test_hard_patterns_and_rehearsal_are_explained(panel: TrainPanel) -> None:
    form = panel.form
    layout = form.layout()
    for row, name, words in (
        (form.torture, "Hard patterns", "what demosaicing fails on first"),
        (form.original, "Rehearsal", "do not forget"),
    ):
        label = layout.labelForField(row)
        assert label.text() == name
        for widget in (label, row):
            assert words in widget.toolTip()
            assert words in widget.whatsThis()


def test_a_data_set_is_suggested_from_the_folder_that_is_open(
    qtbot, panel: TrainPanel, tmp_path: Path, home: Path, monkeypatch
) -> None:
    panel.set_raw_folder(tmp_path / "2024")
    qtbot.mouseClick(panel.form.raws.layout().itemAt(2).widget(), LEFT)
    dialog = panel.form.dialog
    assert dialog.source.text() == str(tmp_path / "2024")
    assert dialog.target.text() == str(home / "datasets" / "raws-2024")
    assert dialog.go.isEnabled()
    dialog.suggest("/another")
    assert dialog.source.text() == str(tmp_path / "2024")
    dialog.source.edit.setText(str(tmp_path / "2025"))
    assert dialog.target.text() == str(home / "datasets" / "raws-2025")
    dialog.target.edit.setText(str(home / "mine"))
    dialog.source.edit.setText(str(tmp_path / "2026"))
    assert dialog.target.text() == str(home / "mine")
    dialog.target.edit.clear()
    dialog.source.edit.setText(str(home.parent))  # holds the user's data folder
    assert dialog.target.text() == str(home.parent.parent / f"xtdm-raws-{home.parent.name}")
    dialog.source.edit.setText("/")
    assert dialog.target.text() == ""
    dialog.reject()


def test_a_data_set_is_built_and_used(qtbot, panel: TrainPanel, tmp_path: Path, home: Path) -> None:
    build = panel.form.raws.layout().itemAt(2).widget()
    qtbot.mouseClick(build, LEFT)
    dialog = panel.form.dialog
    assert not dialog.go.isEnabled()
    dialog.source.edit.setText("me@host:photos/2024")
    target = home / "datasets" / "raws-2024"
    assert dialog.target.text() == str(target)
    qtbot.mouseClick(dialog.go, LEFT)
    assert panel.busy()
    qtbot.waitUntil(lambda: dialog.use.isVisible(), timeout=20_000)
    assert dialog.words.text() == "3 made, 0 there already, 1 left out, 0 could not be used."
    assert dialog.left_out.toPlainText() == "small.png: is too small"
    assert json.loads((target / "words.json").read_text()) == [
        *("dataset", "raws", "--json", "--", "me@host:photos/2024", str(target))
    ]
    qtbot.mouseClick(dialog.use, LEFT)
    assert panel.form.dialog is None
    assert panel.form.raws.text() == str(target)
    assert panel.go.isEnabled()


def test_a_build_some_of_whose_sources_are_broken_is_no_fault_of_the_engine(
    qtbot, panel: TrainPanel, home: Path, log: Path
) -> None:
    qtbot.mouseClick(panel.form.torture.layout().itemAt(2).widget(), LEFT)
    dialog = panel.form.dialog
    dialog.target.edit.setText(str(home / "partly"))
    qtbot.mouseClick(dialog.go, LEFT)
    until_ended(qtbot, panel)
    assert dialog.words.text() == "3 made, 0 there already, 1 left out, 1 could not be used."
    assert "broken.png: is damaged" in dialog.left_out.toPlainText()
    assert dialog.use.isVisible()
    assert not log.exists() or "unexpectedly" not in log.read_text()
    dialog.reject()


def test_a_build_can_be_cancelled_fail_and_be_closed(qtbot, panel: TrainPanel, home: Path) -> None:
    build = panel.form.torture.layout().itemAt(2).widget()
    qtbot.mouseClick(build, LEFT)
    dialog = panel.form.dialog
    dialog.count.setValue(26)
    dialog.target.edit.setText(str(home / "slow"))
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: dialog.bar.text() == "1 of 4")
    qtbot.mouseClick(dialog.cancel, LEFT)
    until_ended(qtbot, panel)
    assert dialog.words.text() == "Stopped; Build continues."
    assert "26" in json.loads((home / "slow" / "words.json").read_text())
    dialog.target.edit.setText(str(home / "error"))
    qtbot.mouseClick(dialog.go, LEFT)
    until_ended(qtbot, panel)
    assert dialog.words.text() == "holds no pictures"
    dialog.target.edit.setText(str(home / "slow"))
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(lambda: dialog.bar.text() == "1 of 4")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert not panel.busy()
    assert not processes(panel)


def test_the_forms_defaults_are_the_engines() -> None:
    from xtdm_core.train.config import TrainConfig
    from xtdm_core.train.presets import load_config
    from xtdm_gui.train.plan import Preset, presets

    config = TrainConfig(Path("out"))
    assert Preset() == Preset(config.steps, config.batch, config.learning_rate)
    for name, preset in presets().items():
        loaded = load_config(Path("out"), name)
        assert preset == Preset(loaded.steps, loaded.batch, loaded.learning_rate, loaded.fine_tuning.start or "")


def test_a_run_of_an_earlier_version_is_read(older_files: Path) -> None:
    run = RunFolder(older_files / "run")
    plan = TrainPlan(out=str(run.path), photos="/photos", preset="fast", steps=123, batch=16, learning_rate=0.002)
    assert (run.plan(), run.step()) == (plan, 45)
