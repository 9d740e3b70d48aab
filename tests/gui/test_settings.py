"""Settings: kept, sensible after damage, and changed in the dialog."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QColorSpace, QPalette
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QMainWindow, QMessageBox

from xtdm_core.assets import asset
from xtdm_gui.settings import (
    SYSTEMS_PROFILE,
    ExportChoice,
    Preferences,
    last_folder,
    load_preferences,
    save_preferences,
)
from xtdm_gui.theme import apply_theme
from xtdm_gui.window.docks import Docks
from xtdm_gui.window.session import last_file
from xtdm_gui.window.settings_dialog import SettingsDialog

OTHER = Preferences(
    *("cpu", 512, 384, 100, "darker", "de", "/profiles/mine.icc"),
    ExportChoice("tiff", "420", 50, "vng", "", "/out", "{date}_{counter}", "skip"),
)


def test_preferences_survive_a_start(settings: QSettings, tmp_path: Path) -> None:
    save_preferences(settings, OTHER)
    settings.sync()
    again = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert load_preferences(again) == OTHER


def test_what_makes_no_sense_becomes_the_default(settings: QSettings) -> None:
    assert load_preferences(settings) == Preferences()
    settings.setValue("preferences", "no JSON")
    assert load_preferences(settings) == Preferences()
    settings.setValue("preferences", "[1]")
    assert load_preferences(settings) == Preferences()
    wrong = {
        "device": "abacus",
        "memory_mb": 1,
        "tile_side": "big",
        "gone": 1,
        "theme": "darker",
        "export": {"quality": 0},
    }
    settings.setValue("preferences", json.dumps(wrong))
    assert load_preferences(settings) == Preferences(theme="darker")
    settings.setValue("preferences", json.dumps({"export": 5}))
    assert load_preferences(settings) == Preferences()


def test_a_folder_that_is_gone_is_not_the_last(settings: QSettings, tmp_path: Path) -> None:
    assert last_folder(settings) is None
    settings.setValue("folder", str(tmp_path))
    assert last_folder(settings) == tmp_path
    settings.setValue("folder", str(tmp_path / "gone"))
    assert last_folder(settings) is None


def test_of_a_network_that_is_gone_the_shipped_one_is_left(settings: QSettings, tmp_path: Path) -> None:
    own = tmp_path / "own.pt"
    own.touch()
    for weights, left in ((own, str(own)), (tmp_path / "gone.pt", ""), (Path("/elsewhere/quality.safetensors"), None)):
        save_preferences(settings, Preferences(export=ExportChoice(weights=str(weights))))
        loaded = load_preferences(settings).export.weights
        assert loaded == (left if left is not None else str(asset("weights/quality.safetensors")))


def test_the_dialog_shows_and_changes_everything(qtbot) -> None:
    dialog = SettingsDialog(OTHER)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.preferences() == OTHER
    qtbot.keyClick(dialog.theme, Qt.Key.Key_Home)
    dialog.memory.setValue(4096)
    changed = dialog.preferences()
    assert (changed.theme, changed.memory_mb) == ("dark", 4096)
    buttons = dialog.findChild(QDialogButtonBox)
    restore = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert dialog.preferences() == Preferences(export=OTHER.export)  # of the export panel


def test_a_monitor_profile_is_chosen_if_it_is_one(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = SettingsDialog(Preferences())
    qtbot.addWidget(dialog)
    assert dialog.preferences().monitor_profile == SYSTEMS_PROFILE
    dialog.profile.setCurrentIndex(1)
    assert dialog.preferences().monitor_profile == ""
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _parent, _title, words: told.append(words))
    good, bad = tmp_path / "p3.icc", tmp_path / "bad.icc"
    good.write_bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
    bad.touch()
    for file, kept in ((good, str(good)), (bad, SYSTEMS_PROFILE), ("", SYSTEMS_PROFILE)):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, file=file: (str(file), ""))
        dialog.profile.activated.emit(dialog.profile.count() - 1)
        assert dialog.preferences().monitor_profile == kept
    assert len(told) == 1
    assert "is no ICC profile" in told[0]


def test_themes_are_neutral(qtbot) -> None:
    app = QApplication.instance()
    before, name = app.palette(), app.style().name()
    try:
        for theme in ("dark", "darker"):
            apply_theme(app, theme)
            for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled):
                for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Text, QPalette.ColorRole.Highlight):
                    assert app.palette().color(group, role).saturation() == 0
            text, window = (
                app.palette().color(r).lightness() for r in (QPalette.ColorRole.Text, QPalette.ColorRole.Base)
            )
            assert text - window > 150
    finally:
        app.setStyle(name)
        app.setPalette(before)


def test_a_network_or_folder_that_cannot_be_looked_at_is_gone(
    settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.setValue("folder", "/closed/photos")
    settings.setValue("state", json.dumps({"file": "/closed/photos/a.RAF", "network": "/closed/w.safetensors"}))
    save_preferences(settings, Preferences(export=ExportChoice(weights="/closed/w.safetensors")))
    stat = Path.stat

    def refusing(path: Path, **options: bool) -> object:
        if path.is_relative_to("/closed"):
            raise OSError(13, "Permission denied", str(path))
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", refusing)
    assert load_preferences(settings) == Preferences()
    assert last_folder(settings) is None
    assert last_file(settings) is None


def test_preferences_in_deep_brackets_are_the_default(settings: QSettings) -> None:
    settings.setValue("preferences", "[" * 100_000)
    assert load_preferences(settings) == Preferences()


def test_docks_of_a_damaged_file_are_left_as_they_are(qtbot, settings: QSettings) -> None:
    for value in ("text", ["a", "list"], QByteArray(b"noise")):
        settings.setValue("geometry", value)
        settings.setValue("docks", value)
        window = QMainWindow()
        qtbot.addWidget(window)
        docks = Docks.__new__(Docks)
        docks._window = window
        assert docks.restore(settings) is False


def test_settings_of_an_earlier_version_are_read(older_files: Path) -> None:
    older = QSettings(str(older_files / "settings.ini"), QSettings.Format.IniFormat)
    export = ExportChoice("linear-tiff", "420", 80, "vng", "", "/pictures", "{date}_{stem}", "skip")
    assert load_preferences(older) == Preferences("cpu", 1024, 768, 100, "darker", "de", export=export)
