"""Training within the whole window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, QSettings, Qt

from tests.core.conftest import textured
from tests.gui.answering import Answers, click, press
from tests.gui.training import fake_engine
from tests.gui.viewing import PacedEngine
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot, tmp_path: Path, monkeypatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    window = MainWindow(
        QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat),
        engine=PacedEngine(simulate_frame(textured(120, 150), SensorModel())),
        cache=ThumbnailCache(tmp_path / "cache"),
        train_command=fake_engine(tmp_path),
    )
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    monkeypatch.setattr("xtdm_gui.window.main_window.may_stop_training", lambda _: True)
    window.close()
    assert not [p for p in window.findChildren(QProcess) if p.state() != QProcess.ProcessState.NotRunning]


def begin(qtbot, window: MainWindow, out: Path) -> None:
    qtbot.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    panel = window.parts.training
    qtbot.waitUntil(lambda: not panel.visibleRegion().isEmpty())
    panel.form.photos.edit.setText(str(out.parent))
    panel.form.steps.setValue(40)
    panel.form.out.edit.setText(str(out))
    qtbot.mouseClick(panel.go, Qt.MouseButton.LeftButton)
    assert panel.busy()


def test_trained_weights_are_shown_chosen_and_exported(qtbot, window: MainWindow, tmp_path: Path) -> None:
    begin(qtbot, window, tmp_path / "run")
    qtbot.waitUntil(lambda: not window.parts.training.busy(), timeout=20_000)
    qtbot.mouseClick(window.parts.training.use, Qt.MouseButton.LeftButton)
    best = tmp_path / "run" / "best.safetensors"
    assert window.parts.viewer.source(1).name == str(best)
    assert window.parts.viewer.source(1).label() == "Network run/best"
    assert window.parts.network.path == best
    assert window.parts.export.choice().weights == str(best)


def test_weights_that_no_step_made_better_are_not_put_to_use(qtbot, window: MainWindow, tmp_path: Path) -> None:
    begin(qtbot, window, tmp_path / "tuned worse")
    qtbot.waitUntil(lambda: not window.parts.training.busy(), timeout=20_000)
    before = window.parts.network.path
    qtbot.mouseClick(window.parts.training.use, Qt.MouseButton.LeftButton)
    assert window.parts.training.words.text().startswith("The best weights are those that the run began with")
    assert window.parts.network.path == before
    assert window.parts.export.choice().weights == ""


def test_data_sets_are_made_of_the_folder_that_is_open(qtbot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "raws").mkdir()
    with qtbot.waitSignal(window.parts.filmstrip.folder_opened):
        window.open_path(tmp_path / "raws")
    qtbot.mouseClick(window.parts.training.form.raws.layout().itemAt(2).widget(), Qt.MouseButton.LeftButton)
    assert window.parts.training.form.dialog.source.text() == str(tmp_path / "raws")
    window.parts.training.form.dialog.reject()


def test_a_crash_is_told_and_the_window_lives(qtbot, window: MainWindow, tmp_path: Path) -> None:
    begin(qtbot, window, tmp_path / "crash")
    qtbot.waitUntil(window.parts.errors.isVisible, timeout=20_000)
    assert "The training ended: the system ended the engine" in window.parts.errors.sentence.text()
    assert window.isVisible()


def test_closing_while_a_network_is_trained_asks(qtbot, window: MainWindow, tmp_path: Path) -> None:
    begin(qtbot, window, tmp_path / "slow")
    qtbot.waitUntil(lambda: window.parts.training.bar.text().startswith("step 25 "), timeout=20_000)
    answers = Answers(window, press(Qt.Key.Key_Escape), click("Stop and quit"))
    window.close()
    assert window.isVisible()
    assert window.parts.training.busy()
    window.close()
    assert not window.isVisible()
    assert not window.parts.training.busy()
    assert len(answers.asked) == 2
    assert "being trained" in answers.asked[0]
    assert (tmp_path / "slow" / "last.pt").read_text() == "25"
