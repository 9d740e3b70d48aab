"""The training panel as a user drives it; its child is a fake, and once the real engine."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog

from tests.core.train.conftest import write_photos
from tests.gui.training import (
    begin,
    choose,
    fake_engine,
    move_home,
    open_panel,
    prepare,
    processes,
    until_ended,
    until_step,
)
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.train.panel import TrainPanel
from xtdm_gui.train.previews import PreviewDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return move_home(tmp_path / "home", monkeypatch)


@pytest.fixture
def network() -> CurrentNetwork:
    return CurrentNetwork()


@pytest.fixture
def panel(qtbot, tmp_path: Path, home: Path, network: CurrentNetwork) -> Iterator[TrainPanel]:
    yield from open_panel(qtbot, tmp_path, network)


def points(curve) -> list[float]:
    return [] if curve.xData is None else list(curve.xData)


def test_a_run_shows_its_curves_crops_and_log_and_ends_with_weights_for_the_viewer(
    qtbot, panel: TrainPanel, network: CurrentNetwork, tmp_path: Path
) -> None:
    assert not panel.go.isEnabled()
    assert "Choose photographs" in panel.words.text()
    out = begin(qtbot, panel, tmp_path, "run")
    assert panel.busy()
    assert not panel.form.isEnabled()
    until_ended(qtbot, panel)
    assert panel.words.text().startswith("Finished after 40 steps.")
    assert points(panel.curves.loss.curves[""])[-1] == 40
    assert {name: points(curve) for name, curve in panel.curves.psnr.curves.items()} == {
        "photos": [10, 20, 30, 40],
        "raws": [10, 20, 30, 40],
    }
    assert points(panel.curves.grid.curves["photos"]) == [10, 20, 30, 40]
    assert "34.00" in panel.curves.psnr.title.text()
    line = "step 40: loss 0.0250, photographs 34.00 dB, raws 33.00 dB, grid photographs 0.125"
    assert line in panel.log.toPlainText()
    assert panel.thumb.pixmap.toImage().pixelColor(0, 0).red() == 200
    assert not panel.go.isEnabled()
    assert "New begins another run" in panel.words.text()
    with qtbot.waitSignal(network.chosen) as asked:
        qtbot.mouseClick(panel.use, LEFT)
    assert asked.args == [out / "best.safetensors"]


def test_the_engine_is_told_what_the_form_says(qtbot, panel: TrainPanel, tmp_path: Path, monkeypatch) -> None:
    own, original = tmp_path / "own.pt", tmp_path / "original"
    own.touch()
    original.mkdir()
    form = panel.form
    assert not form.original.isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(own), ""))
    form.start.activated.emit(form.start.count() - 1)
    assert form.start.currentText() == "Network own"
    assert form.original.isEnabled()
    assert form.preset.currentData() == "finetune"
    assert (form.steps.value(), form.rate.value()) == (2000, 1e-4)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(original))
    qtbot.mouseClick(form.original.browse, LEFT)
    form.batch.setValue(3)
    form.rate.setValue(5e-4)
    form.device.setCurrentIndex(form.device.findData("cpu"))
    out = begin(qtbot, panel, tmp_path, "run", 12)
    until_ended(qtbot, panel)
    words = json.loads((out / "words.json").read_text())
    assert words == [
        *("train", "--json", "--output", str(out), "--preset", "finetune", "--device", "cpu", "--from", str(own)),
        *("--original", str(original), "--steps", "12", "--batch", "3", "--learning-rate", "0.0005"),
        *("--", str(tmp_path / "photos")),
    ]


def test_a_preset_brings_its_numbers_and_its_start(qtbot, panel: TrainPanel) -> None:
    form = panel.form
    assert form.start.currentText() == "From scratch"
    assert form.steps.value() == 20_000
    form.preset.setCurrentIndex(form.preset.findData("quality"))
    form.preset.activated.emit(form.preset.currentIndex())
    assert (form.steps.value(), form.batch.value(), form.rate.value()) == (40_000, 16, 1.2e-3)
    assert form.start.currentText() == "fast (the preset's)"
    assert panel.go.isEnabled()  # weights alone are enough
    form.preset.setCurrentIndex(form.preset.findData("finetune"))
    form.preset.activated.emit(form.preset.currentIndex())
    assert form.start.currentText() == "fast (built in)"
    form.start.setCurrentIndex(0)
    form.start.activated.emit(0)
    assert form.preset.currentData() == "fast"
    assert form.steps.value() == 20_000


def test_how_long_it_takes_is_told_during_the_run_and_for_the_next(
    qtbot, panel: TrainPanel, tmp_path: Path, home: Path, monkeypatch
) -> None:
    monkeypatch.setattr(sys.modules[TrainPanel.__module__], "_TOO_EARLY_S", 0.0)
    assert panel.form.duration.text() == "known soon after the start"
    out = begin(qtbot, panel, tmp_path, "home/training/run-1-slow")
    until_step(qtbot, panel, 25)
    assert panel.bar.text().startswith("step 25 of 40, ")
    assert panel.bar.text().endswith(" left")
    assert panel.form.duration.text().startswith("about ")
    qtbot.mouseClick(panel.pause, LEFT)
    until_ended(qtbot, panel)
    out = out.rename(out.with_name("run-1"))
    with (out / "log.jsonl").open("a") as log:
        log.write('{"step": 30, "seconds": 60}\n')
    other = TrainPanel(CurrentNetwork(), command=fake_engine(tmp_path))
    qtbot.addWidget(other)
    other.form.steps.setValue(600)
    assert other.form.duration.text() == "about 20 min"
    other.form.batch.setValue(other.form.batch.value() * 2)
    assert other.form.duration.text() == "about 40 min"
    choose(other.form.preset, "v4")
    assert other.form.duration.text() == "known soon after the start"


def test_plots_say_when_their_curves_come_and_what_their_axes_are(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    curves = panel.curves
    panel.tabs.setCurrentIndex(1)
    for plot in (curves.loss, curves.psnr, curves.grid):
        assert plot.empty.isVisible()
        assert not plot.plot.isVisible()
    begin(qtbot, panel, tmp_path, "run")
    until_ended(qtbot, panel)
    for plot, unit in ((curves.loss, "loss"), (curves.psnr, "dB"), (curves.grid, "8-bit codes")):
        assert plot.plot.isVisible()
        assert plot.plot.getAxis("left").labelText == unit
        assert plot.plot.getAxis("bottom").labelText == "step"
        assert plot.plot.viewRange()[0][0] <= 0
        assert plot.plot.viewRange()[0][1] >= 40
    panel.form.out.edit.setText(str(tmp_path / "another"))
    assert curves.psnr.empty.isVisible()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("run", "The best weights reach 34.00 dB on photographs."),
        ("tuned", "Better than the start on photographs (30.00 → 34.00 dB)."),
        (
            "tuned-worse",
            "Not better than the start on photographs (30.00 → 29.00 dB): more pictures or steps may help.",
        ),
    ],
)
def test_a_finished_run_says_whether_it_was_worth_it(
    qtbot, panel: TrainPanel, tmp_path: Path, name: str, sentence: str
) -> None:
    out = begin(qtbot, panel, tmp_path, name)
    until_ended(qtbot, panel)
    assert panel.words.text().startswith(f"Finished after 40 steps. {sentence} New begins another run")
    panel.form.out.edit.setText(str(tmp_path / "another"))
    assert sentence not in panel.words.text()
    panel.form.out.edit.setText(str(out))
    assert panel.words.text().endswith(sentence)


def test_the_axis_of_the_loss_begins_at_zero(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "run")
    until_ended(qtbot, panel)
    panel.tabs.setCurrentIndex(1)
    low, high = panel.curves.loss.plot.viewRange()[1]
    assert low <= 0 < panel.curves.loss.curves[""].yData.max() <= high
    panel.curves.add_loss(50, 0.02)
    assert panel.curves.loss.plot.viewRange()[1] == [low, high]


def test_a_pause_saves_and_the_run_goes_on_also_in_another_window(
    qtbot, panel: TrainPanel, tmp_path: Path, home: Path
) -> None:
    out = begin(qtbot, panel, tmp_path, "home/training/run-1-slow")
    until_step(qtbot, panel, 25)
    qtbot.mouseClick(panel.pause, LEFT)
    assert not panel.pause.isEnabled()
    assert panel.words.text() == "Finishing the current step and saving…"
    until_ended(qtbot, panel)
    assert panel.words.text() == "Paused at step 25; Resume continues the run."
    assert panel.go.text() == "Resume"
    out = out.rename(out.with_name("run-7"))
    other = TrainPanel(CurrentNetwork(), command=fake_engine(tmp_path))
    qtbot.addWidget(other)
    assert other.form.plan() == replace(panel.form.plan(), out=str(out))
    assert other.words.text() == "This folder holds an unfinished run: step 25 of 40."
    assert points(other.curves.psnr.curves["photos"]) == [10, 20]
    assert not other.thumb.pixmap.isNull()
    assert "step 20: " in other.log.toPlainText()
    qtbot.mouseClick(other.go, LEFT)
    until_ended(qtbot, other)
    assert other.words.text().startswith("Finished after 40 steps.")
    assert points(other.curves.loss.curves[""])[:3] == [10, 20, 25]
    third = TrainPanel(CurrentNetwork(), command=fake_engine(tmp_path))
    qtbot.addWidget(third)
    assert third.form.plan() == replace(other.form.plan(), out=str(home / "training" / "run-8"))


def test_stop_ends_at_once_a_child_that_does_not_listen_to_a_pause(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "deaf")
    until_step(qtbot, panel, 25)
    pid = processes(panel)[0].processId()
    qtbot.mouseClick(panel.pause, LEFT)
    qtbot.wait(100)
    assert panel.busy()
    qtbot.mouseClick(panel.halt, LEFT)
    until_ended(qtbot, panel)
    assert panel.words.text() == "Stopped at step 25, before anything was saved."
    assert panel.go.text() == "Start"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_after_a_stop_the_last_save_counts(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "home/training/run-1-slow")
    until_step(qtbot, panel, 25)
    qtbot.mouseClick(panel.pause, LEFT)
    until_ended(qtbot, panel)
    qtbot.mouseClick(panel.go, LEFT)
    qtbot.waitUntil(panel.halt.isEnabled)
    qtbot.mouseClick(panel.halt, LEFT)
    until_ended(qtbot, panel)
    assert panel.words.text() == "Stopped; Resume continues from the last save."
    assert panel.go.text() == "Resume"


def test_closing_ends_the_child_with_its_state_saved(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    out = begin(qtbot, panel, tmp_path, "slow")
    until_step(qtbot, panel, 25)
    panel.close()
    assert not processes(panel)
    assert (out / "last.pt").read_text() == "25"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("crash", "the system ended"),
        ("early", "ended too early"),
        ("error", "the loss is no longer a number"),
    ],
)
def test_a_bad_end_is_told_and_the_panel_lives(
    qtbot, panel: TrainPanel, tmp_path: Path, name: str, sentence: str
) -> None:
    with qtbot.waitSignal(panel.failed, timeout=20_000) as failed:
        begin(qtbot, panel, tmp_path, name)
    assert sentence in failed.args[0]
    assert panel.words.text() == failed.args[0]
    assert not panel.busy()
    begin(qtbot, panel, tmp_path, "run", 10)
    until_ended(qtbot, panel)
    assert panel.words.text().startswith("Finished after 10 steps.")


def test_a_child_that_another_kills_is_told(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "slow")
    until_step(qtbot, panel, 25)
    with qtbot.waitSignal(panel.failed) as failed:
        os.kill(processes(panel)[0].processId(), signal.SIGKILL)
    assert "the system ended" in failed.args[0]


def test_broken_lines_are_logged_and_passed_over(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "garbage")
    until_ended(qtbot, panel)
    assert panel.words.text().startswith("Finished after 40 steps.")
    assert '{"event": "progr' in panel.log.toPlainText()
    assert points(panel.curves.psnr.curves["photos"]) == [10, 20, 30, 40]


def test_an_engine_that_is_not_there_is_told(qtbot, home: Path, tmp_path: Path) -> None:
    panel = TrainPanel(CurrentNetwork(), command=[str(tmp_path / "nothing")])
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.failed) as failed:
        begin(qtbot, panel, tmp_path, "run")
    assert "cannot be started" in failed.args[0]
    assert not panel.busy()


def test_a_folder_that_refuses_is_told(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    begin(qtbot, panel, tmp_path, "file/run")
    assert not panel.busy()
    assert "choose another folder" in panel.words.text()


def test_what_is_missing_is_said_before(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    prepare(panel, tmp_path, "run")
    assert panel.go.isEnabled()
    panel.form.raws.edit.setText(str(tmp_path / "nowhere"))
    assert panel.words.text() == "Raws: there is no such folder."
    assert not panel.go.isEnabled()
    qtbot.mouseClick(panel.go, LEFT)
    assert not panel.busy()
    panel.form.raws.edit.clear()
    panel.form.out.edit.setText("relative")
    assert panel.words.text() == "Choose the folder for the run."


def test_damaged_notes_of_a_run_do_no_harm(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "run.json").write_text('{"plan": {"steps": "many", "preset": "none", "batch": 0}, "step": "x"}')
    (out / "log.jsonl").write_text('{"step": 20}\n{"step": 10, "psnr_photos_db": 31.0}\n{"ste\n7\n')
    (out / "last.pt").touch()
    panel.form.out.edit.setText(str(out))
    assert panel.form.plan().preset == "fast"
    assert points(panel.curves.psnr.curves["photos"]) == [10]
    assert panel.go.text() == "Resume"


def test_the_crops_are_enlarged_and_leafed_through(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "run")
    until_ended(qtbot, panel)
    qtbot.waitUntil(lambda: panel.thumb.isVisible() and panel.thumb.height() > 50)
    qtbot.mouseClick(panel.thumb, LEFT, pos=panel.thumb.rect().center())
    dialog = panel.findChild(PreviewDialog)
    assert dialog.words.text() == "Step 40: truth above, network below"
    qtbot.keyClick(dialog.slider, Qt.Key.Key_Home)
    assert dialog.words.text().startswith("Step 10")
    assert dialog.picture.pixmap.toImage().pixelColor(0, 0).red() == 50
    dialog.close()


def test_the_crops_are_labelled(qtbot, panel: TrainPanel, tmp_path: Path) -> None:
    begin(qtbot, panel, tmp_path, "run")
    until_ended(qtbot, panel)
    thumb = panel.thumb
    assert thumb.captions == [("a long name of a DSCF0001.RAF", "raws"), ("stripes", "hard patterns")]
    assert thumb.rows == ("truth", "network")
    assert "a long name of a DSCF0001.RAF (raws)\nstripes (hard patterns)\n" in thumb.toolTip()
    qtbot.waitUntil(lambda: thumb.isVisible() and thumb.height() > 50)
    shot, margin = thumb.grab().toImage(), thumb._margin()

    def is_written(left: int, top: int, width: int, height: int) -> bool:
        ratio = shot.devicePixelRatio()
        place = shot.copy(*(round(number * ratio) for number in (left, top, width, height)))
        return len({place.pixel(x, y) for x in range(place.width()) for y in range(place.height())}) > 2

    # The picture is as large as the room at that moment lets it be.
    room = thumb.size() - QSize(margin, margin)
    drawn = thumb.pixmap.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    column, row = drawn.width() // 2, drawn.height() // 2
    assert is_written(margin, 0, column, margin - 3)
    assert is_written(margin + column, 0, column, margin - 3)
    assert is_written(0, margin, margin - 3, row)
    assert is_written(0, margin + row, margin - 3, row)


def test_the_real_engine_trains_stops_and_goes_on(qtbot, home: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    small = ("model.options.width=8", "model.options.blocks=1", "validate_every=4", "held_out=2", "patch=36")
    small = (*small, "shares.torture=0", "shares.shapes=0")
    script = tmp_path / "small.py"
    script.write_text(
        "import sys\nfrom xtdm_core.cli import main\n"
        f"sys.argv[2:2] = [word for value in {small!r} for word in ('--set', value)]\nmain()\n"
    )
    panel = TrainPanel(CurrentNetwork(), command=[sys.executable, str(script)])
    qtbot.addWidget(panel)
    panel.form.set_plan(replace(panel.form.plan(), photos=str(write_photos(tmp_path / "photos")), device="cpu"))
    panel.form.batch.setValue(2)
    panel.form.steps.setValue(100_000)
    panel.form.out.edit.setText(str(tmp_path / "run"))
    qtbot.mouseClick(panel.go, LEFT)
    qtbot.waitUntil(lambda: "photos" in panel.curves.psnr.curves, timeout=120_000)
    qtbot.mouseClick(panel.pause, LEFT)
    qtbot.waitUntil(lambda: not panel.busy(), timeout=60_000)
    assert panel.words.text().startswith("Paused at step ")
    assert (tmp_path / "run" / "last.pt").exists()
    assert not panel.thumb.pixmap.isNull()
    step = panel._step
    panel.form.steps.setValue(step + 6)
    qtbot.mouseClick(panel.go, LEFT)
    qtbot.waitUntil(lambda: not panel.busy(), timeout=120_000)
    assert panel.words.text().startswith(f"Finished after {step + 6:,} steps.")
    assert panel.use.isEnabled()
    panel.close()
