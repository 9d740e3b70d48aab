"""The export panel as a user drives it; its child process is a fake whose pace the file names decide."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QProcess, Qt, QThread
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.core.conftest import textured
from tests.gui.exporting import fake_converter
from xtdm_core.choices import QUALITY, SUFFIX, Format
from xtdm_core.develop.tone import Look
from xtdm_core.errors import XtdmError
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_gui.export.names import name_problem
from xtdm_gui.export.panel import ExportPanel
from xtdm_gui.export.task import ExportState
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.settings import ExportChoice, Preferences

Looks = dict[str, Look | Exception]


def asking(looks: Looks) -> Callable[[Path], Look]:
    """Tells the look of a file by its name without suffix, as shot where that has none."""

    def ask(path: Path) -> Look:
        look = looks.get(path.stem, Look())
        if isinstance(look, Exception):
            raise look
        return look

    return ask


@pytest.fixture
def looks() -> Looks:
    return {}


@pytest.fixture
def panel(qtbot, tmp_path: Path, looks: Looks) -> Iterator[ExportPanel]:
    panel = ExportPanel(CurrentNetwork(), asking(looks), command=fake_converter(tmp_path))
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    panel.close()
    assert not any(p.state() != QProcess.ProcessState.NotRunning for p in panel.findChildren(QProcess))
    assert not any(thread.isRunning() for thread in panel.findChildren(QThread))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


def export(qtbot, panel: ExportPanel, folder: Path, *names: str) -> list[Path]:
    files = [folder / f"{name}.RAF" for name in names]
    for file in files:
        file.touch()
    panel.set_selection(files)
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    return files


def states(panel: ExportPanel) -> list[str]:
    return [task.state.name for task in panel.queue.tasks]


def until(qtbot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=20_000)  # a child process may take long to start


def until_idle(qtbot, panel: ExportPanel) -> None:
    until(qtbot, lambda: not panel.busy())


def choose(qtbot, panel: ExportPanel, row: int) -> None:
    at = panel.table.visualRect(panel.queue.index(row, 0)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_selection_is_written_as_the_form_says(qtbot, panel: ExportPanel, looks: Looks, folder: Path) -> None:
    written: list[Path] = []
    panel.exported.connect(written.append)
    looks["b"] = Look(1.5, denoise=0.0, grain=0.6)
    panel.set_preferences(Preferences(device="cpu", tile_side=384))
    assert not panel.go.isEnabled()
    panel.form.quality.setValue(70)
    panel.form.max_size.setValue(2048)
    panel.form.metadata.setCurrentIndex(panel.form.metadata.findData("no-gps"))
    qtbot.keyClick(panel.form.chroma, Qt.Key.Key_Down)
    panel.form.template.setText("{stem}_{counter}")
    files = export(qtbot, panel, folder, "a", "b")
    assert panel.go.text() == "Export 2 files"
    until_idle(qtbot, panel)
    assert written == files
    assert sorted(p.name for p in folder.glob("*.avif")) == ["a_0001.avif", "b_0002.avif"]
    orders = [json.loads(line) for line in (folder / "orders.txt").read_text().splitlines()]
    assert [o["options"]["look"] for o in orders] == [asdict(Look()), asdict(looks["b"])]
    assert {(o["device"], o["options"]["tile_side"]) for o in orders} == {("cpu", 384)}
    assert {(o["options"]["quality"], o["options"]["chroma"]) for o in orders} == {(70, "420")}
    assert {(o["options"]["max_size"], o["options"]["metadata"]) for o in orders} == {(2048, "no-gps")}
    assert panel.bar.text() == "2 written"
    assert "it is only a fake" in panel.queue.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


def test_progress_counts_files_and_what_is_done_of_one(qtbot, panel: ExportPanel, folder: Path) -> None:
    told: list[tuple[float, str]] = []
    panel.progressed.connect(lambda fraction, text: told.append((fraction, text)))
    export(qtbot, panel, folder, "a", "slow")
    until(qtbot, lambda: states(panel) == ["WRITTEN", "RUNNING"] and panel.queue.tasks[1].fraction > 0)
    assert panel.queue.index(1, 1).data() == "demosaicing"
    assert panel.queue.fraction() == pytest.approx((1 + 0.45) / 2)
    assert panel.bar.text().startswith("one file to go, ")
    assert panel.bar.text().endswith(" s left")
    (folder / "release").touch()
    until_idle(qtbot, panel)
    assert told[-1] == (1.0, "")


def test_cancelling_the_file_at_work_ends_it_at_once_and_leaves_nothing(
    qtbot, panel: ExportPanel, folder: Path
) -> None:
    export(qtbot, panel, folder, "slow1", "b", "slow2")
    until(qtbot, lambda: any(folder.glob(".*.xtdm-part")))
    choose(qtbot, panel, 0)
    qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert states(panel)[0] == "CANCELLED"
    until(qtbot, lambda: states(panel) == ["CANCELLED", "WRITTEN", "RUNNING"])
    until(qtbot, lambda: len(list(folder.glob(".*-slow2*"))) == 1 and not list(folder.glob(".*-slow1*")))
    qtbot.mouseClick(panel.cancel_all, Qt.MouseButton.LeftButton)
    assert states(panel) == ["CANCELLED", "WRITTEN", "CANCELLED"]
    assert panel.bar.text() == "1 written, 2 cancelled"
    until(qtbot, lambda: not list(folder.glob(".*.xtdm-part")))
    assert [p.name for p in folder.glob("*.avif")] == ["b.avif"]


def test_pause_finishes_the_file_at_work_and_begins_no_other(qtbot, panel: ExportPanel, folder: Path) -> None:
    export(qtbot, panel, folder, "slow", "b")
    until(qtbot, lambda: states(panel) == ["RUNNING", "WAITING"])
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert panel.pause.text() == "Resume"
    assert panel.bar.text() == "2 files to go, pausing after this file"
    (folder / "release").touch()
    until(qtbot, lambda: states(panel) == ["WRITTEN", "WAITING"])
    assert panel.queue.index(0, 1).data() == "written: slow.avif"
    assert panel.bar.text() == "one file to go, paused"
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    until_idle(qtbot, panel)
    assert states(panel) == ["WRITTEN", "WRITTEN"]


def test_a_crash_fails_its_file_only_and_can_be_retried(qtbot, panel: ExportPanel, folder: Path) -> None:
    failures: dict[str, str] = {}
    panel.failed.connect(lambda path, sentence: failures.update({path.name: sentence}))
    export(qtbot, panel, folder, "a", "crash", "broken", "b")
    until_idle(qtbot, panel)
    assert states(panel) == ["WRITTEN", "FAILED", "FAILED", "WRITTEN"]
    assert "ended unexpectedly (status 7)" in failures["crash.RAF"]
    assert failures["broken.RAF"] == "is damaged"
    assert panel.bar.text() == "2 written, 2 failed"
    (folder / "mended").touch()
    qtbot.mouseClick(panel.retry, Qt.MouseButton.LeftButton)
    until_idle(qtbot, panel)
    assert states(panel) == ["WRITTEN", "WRITTEN", "FAILED", "WRITTEN"]
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert panel.queue.tasks == []
    assert not panel.bar.isVisible()


def test_what_was_cancelled_is_retried_whatever_else_is_chosen(qtbot, panel: ExportPanel, folder: Path) -> None:
    export(qtbot, panel, folder, "a", "slow1", "slow2")
    until(qtbot, lambda: states(panel) == ["WRITTEN", "RUNNING", "WAITING"])
    assert not panel.retry.isEnabled()
    qtbot.mouseClick(panel.cancel_all, Qt.MouseButton.LeftButton)
    choose(qtbot, panel, 0)
    assert panel.retry.isEnabled()
    (folder / "release").touch()
    qtbot.mouseClick(panel.retry, Qt.MouseButton.LeftButton)
    until_idle(qtbot, panel)
    assert states(panel) == ["WRITTEN", "WRITTEN", "WRITTEN"]
    assert not panel.retry.isEnabled()


def test_of_several_the_chosen_one_is_retried(qtbot, panel: ExportPanel, folder: Path) -> None:
    export(qtbot, panel, folder, "slow1", "slow2")
    qtbot.mouseClick(panel.cancel_all, Qt.MouseButton.LeftButton)
    choose(qtbot, panel, 1)
    (folder / "release").touch()
    qtbot.mouseClick(panel.retry, Qt.MouseButton.LeftButton)
    until_idle(qtbot, panel)
    assert states(panel) == ["CANCELLED", "WRITTEN"]


@pytest.mark.parametrize(
    ("choice", "label"),
    [
        (ExportChoice(), "Network fast"),
        (ExportChoice(weights="/runs/run-1/best.safetensors"), "Network run-1/best"),
        (ExportChoice(demosaic="vng"), "LibRaw VNG"),
    ],
)
def test_a_row_tells_what_demosaics_as_the_viewer_calls_it(
    qtbot, panel: ExportPanel, folder: Path, choice: ExportChoice, label: str
) -> None:
    panel.set_choice(choice)
    export(qtbot, panel, folder, "a")
    until_idle(qtbot, panel)
    assert label in panel.queue.index(0, 0).data(Qt.ItemDataRole.ToolTipRole).splitlines()


def test_the_summary_tells_of_every_file(qtbot, panel: ExportPanel, folder: Path) -> None:
    export(qtbot, panel, folder, "a", "there1", "there2", "broken", "b")
    until_idle(qtbot, panel)
    assert panel.bar.text() == "2 written, 2 skipped, 1 failed"


def in_sight(panel: ExportPanel, row: int) -> bool:
    return panel.table.viewport().rect().contains(panel.table.visualRect(panel.queue.index(row, 0)).center())


def until_it_is_the_turn_of(qtbot, panel: ExportPanel, row: int) -> None:
    until(qtbot, lambda: states(panel)[row] == "RUNNING")


def test_the_file_at_work_stays_in_sight_until_the_user_looks_elsewhere(
    qtbot, panel: ExportPanel, folder: Path
) -> None:
    names = [f"slow{row}" if row % 20 == 19 else f"f{row}" for row in range(100)]
    export(qtbot, panel, folder, *names)
    until_it_is_the_turn_of(qtbot, panel, 19)
    assert in_sight(panel, 19)
    assert not in_sight(panel, 0)
    choose(qtbot, panel, 19)
    cancel_and_reach(qtbot, panel, 39)
    assert in_sight(panel, 19)  # it is chosen
    panel.table.clearSelection()
    panel.table.verticalScrollBar().setValue(0)
    cancel_and_reach(qtbot, panel, 59)
    assert in_sight(panel, 0)  # it was scrolled to
    panel.table.scrollTo(panel.queue.index(59, 0))
    cancel_and_reach(qtbot, panel, 79)
    assert in_sight(panel, 79)


def test_a_queue_filled_again_shows_the_file_at_work(qtbot, panel: ExportPanel, folder: Path) -> None:
    export(qtbot, panel, folder, *map(str, range(30)))
    until_idle(qtbot, panel)
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    export(qtbot, panel, folder, *map(str, range(30)), "slow")
    until_it_is_the_turn_of(qtbot, panel, 30)
    assert in_sight(panel, 30)


def cancel_and_reach(qtbot, panel: ExportPanel, row: int) -> None:
    running = states(panel).index("RUNNING")
    panel.queue.cancel([running])
    until_it_is_the_turn_of(qtbot, panel, row)


def test_an_engine_that_is_not_there_fails_each_file_once(qtbot, folder: Path) -> None:
    panel = ExportPanel(CurrentNetwork(), asking({}), command=[str(folder / "nothing")])
    qtbot.addWidget(panel)
    panel.show()
    export(qtbot, panel, folder, "a", "b")
    until_idle(qtbot, panel)
    assert states(panel) == ["FAILED", "FAILED"]
    assert "cannot be started" in panel.queue.tasks[0].sentence


def test_a_look_that_cannot_be_read_fails_its_file(qtbot, panel: ExportPanel, looks: Looks, folder: Path) -> None:
    looks["a"] = XtdmError("its settings are damaged")
    export(qtbot, panel, folder, "a", "b")
    until_idle(qtbot, panel)
    assert states(panel) == ["FAILED", "WRITTEN"]
    assert panel.queue.tasks[0].sentence == "its settings are damaged"


def test_whatever_a_look_raises_the_queue_goes_on(qtbot, panel: ExportPanel, looks: Looks, folder: Path) -> None:
    looks["a"] = PermissionError(13, "Permission denied", "/card/a.RAF")
    export(qtbot, panel, folder, "a", "b")
    until_idle(qtbot, panel)
    assert states(panel) == ["FAILED", "WRITTEN"]
    assert panel.queue.tasks[0].sentence.startswith("/card/a.RAF: you have no access to it")


def test_only_a_retry_may_take_what_is_written_already(qtbot, panel: ExportPanel, folder: Path) -> None:
    export(qtbot, panel, folder, "a", "broken")
    until_idle(qtbot, panel)
    qtbot.mouseClick(panel.retry, Qt.MouseButton.LeftButton)
    until_idle(qtbot, panel)
    orders = [json.loads(line) for line in (folder / "orders.txt").read_text().splitlines()]
    assert [(Path(order["source"]).stem, order["resume"]) for order in orders] == [
        ("a", False),
        ("broken", False),
        ("broken", True),
    ]


def test_files_of_the_same_name_do_not_meet_in_one_folder(
    qtbot, panel: ExportPanel, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = folder / "all"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(target))
    panel.form.place.setFocus()
    qtbot.keyClick(panel.form.place, Qt.Key.Key_Down)
    panel.form.place.activated.emit(1)
    assert panel.choice().folder == str(target)
    files = [folder / "x" / "a.RAF", folder / "y" / "A.raf", folder / "x" / "there.RAF"]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.touch()
    panel.set_selection(files)
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    until_idle(qtbot, panel)
    assert sorted(p.name for p in target.iterdir()) == ["A-2.avif", "a.avif"]
    assert panel.queue.tasks[2].state is ExportState.SKIPPED
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.mouseClick(panel.open, Qt.MouseButton.LeftButton)
    assert opened == [str(target)]


@pytest.mark.parametrize(
    ("template", "word"),
    [("", "Give a name"), ("{stm}", "{stm}"), ("a/b", "/"), ("{stem", "{stem"), ("{date}_{stem}", "")],
)
def test_a_template_that_makes_no_name_is_told(
    qtbot, panel: ExportPanel, folder: Path, template: str, word: str
) -> None:
    panel.set_selection([folder / "a.RAF"])
    panel.form.template.clear()
    qtbot.keyClicks(panel.form.template, template)
    assert word in name_problem(template)
    assert panel.go.isEnabled() == (not word)
    assert panel.hint.text() == name_problem(template)


def test_the_name_of_the_first_picture_is_shown(qtbot, panel: ExportPanel, folder: Path) -> None:
    assert panel.form.example.text() == "DSCF0001.avif"
    panel.set_selection([folder / "beach.RAF", folder / "dunes.RAF"])
    assert panel.form.example.text() == "beach.avif"
    panel.form.template.setText("{stem}_{counter}")
    assert panel.form.example.text() == "beach_0001.avif"
    panel.set_selection([])
    assert panel.form.example.text() == "DSCF0001_0001.avif"


def test_every_choice_is_shown_as_it_is(qtbot, panel: ExportPanel) -> None:
    count = panel.form.method.count()
    for choice in (
        ExportChoice("dng", max_size=3000, metadata="none"),
        ExportChoice("tiff", demosaic="vng", folder="/out", template="x{date}", conflict="skip"),
        ExportChoice(),
    ):
        panel.set_choice(choice)
        assert panel.choice() == choice
    assert panel.form.method.count() == count
    assert panel.form.method.currentText() == "Network fast"


def test_every_format_is_offered_with_what_counts_for_it(panel: ExportPanel) -> None:
    form = panel.form
    assert {form.format.itemData(index) for index in range(form.format.count())} == set(SUFFIX)
    for name in SUFFIX:
        panel.set_choice(ExportChoice(name))
        lossy = name in ("avif", "sdr-avif", "jpeg")
        assert (form.quality.isVisibleTo(form), form.chroma.isVisibleTo(form)) == (lossy, lossy)
        assert form.example.text().endswith(SUFFIX[name])
    assert panel.choice().max_size == 0
    assert form.max_size.text() == "Full size"


def test_the_methods_are_the_shipped_networks_libraws_and_a_file(panel: ExportPanel) -> None:
    method = panel.form.method
    words = [method.itemText(index) for index in range(method.count())]
    assert words[:3] == ["Network fast", "Network quality", "LibRaw 3-pass Markesteijn"]
    assert words[-2:] == ["LibRaw bilinear", "Network from a file…"]
    method.setCurrentIndex(1)
    assert panel.choice().demosaic == "neural"
    assert Path(panel.choice().weights).stem == "quality"


def test_the_name_has_the_day_of_the_shot(qtbot, panel: ExportPanel, raf: Path) -> None:
    panel.form.template.setText("{date} {stem}")
    assert panel.form.example.text() == "2026-01-31 DSCF0001.avif"
    panel.set_selection([raf])
    assert panel.form.example.text() == "… made.avif"
    until(qtbot, lambda: panel.form.example.text() == "2026-01-02 made.avif")
    panel.set_selection([raf.with_name("none.RAF")])
    until(qtbot, lambda: panel.form.example.text() == "? none.avif")


def test_a_checkpoint_of_ones_own(qtbot, panel: ExportPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/w/own.pt", ""))
    method = panel.form.method
    method.activated.emit(method.count() - 1)
    assert method.currentText() == "Network own"
    assert panel.choice() == ExportChoice(weights="/w/own.pt")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    method.activated.emit(method.count() - 1)
    assert panel.choice() == ExportChoice(weights="/w/own.pt")


def test_copy_the_details_of_a_failed_file(qtbot, panel: ExportPanel, folder: Path, log: Path) -> None:
    files = export(qtbot, panel, folder, "broken", "crash")
    until_idle(qtbot, panel)
    choose(qtbot, panel, 0)
    panel.table.actions()[0].trigger()
    text = QApplication.clipboard().text()
    assert text.startswith(f"{files[0]}: is damaged")
    assert "Traceback: somewhere" in text
    assert "PyTorch: " in text
    choose(qtbot, panel, 1)
    panel.table.actions()[0].trigger()
    assert "it hurt" in QApplication.clipboard().text()


def test_the_real_engine_writes_and_is_killed_without_leaving_anything(
    qtbot, raf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    panel = ExportPanel(CurrentNetwork(), asking({}))
    qtbot.addWidget(panel)
    panel.set_choice(ExportChoice(demosaic="bilinear"))
    second = raf.with_name("second.RAF")
    write_raf(second, simulate_frame(np.tile(textured(600, 600), (4, 4, 1)), SensorModel()))  # takes long to write
    panel.set_selection([raf, second])
    with qtbot.waitSignal(
        panel.queue.progressed, timeout=60_000, check_params_cb=lambda: panel.queue.tasks[1].stage == "writing"
    ):
        panel.start()
    panel.close()
    assert states(panel) == ["WRITTEN", "CANCELLED"]
    assert sorted(p.name for p in raf.parent.iterdir()) == ["made.RAF", "made.avif", "second.RAF"]


def test_a_format_has_its_own_quality_until_one_is_chosen(panel: ExportPanel) -> None:
    form, seen = panel.form, []
    for name in ("jpeg", "tiff", "avif", "jpeg"):
        form.format.setCurrentIndex(form.format.findData(name))
        seen.append(form.quality.value())
    assert seen == [QUALITY[Format.JPEG], QUALITY[Format.JPEG], QUALITY[Format.AVIF], QUALITY[Format.JPEG]]
    form.quality.setValue(80)
    form.format.setCurrentIndex(form.format.findData("avif"))
    assert form.quality.value() == 80
