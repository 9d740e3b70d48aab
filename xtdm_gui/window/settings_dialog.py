"""The settings, to see and to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QMessageBox,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from xtdm_core.errors import FileProblem
from xtdm_gui.language import Language
from xtdm_gui.pictures.monitor import read_profile
from xtdm_gui.settings import CACHE_MB, MEMORY_MB, SYSTEMS_PROFILE, TILE_SIDES, Preferences
from xtdm_gui.theme import Theme
from xtdm_gui.widgets.device_box import DeviceBox

_FROM_FILE = "\0"  # no path holds it


class SettingsDialog(QDialog):
    """Edits ``Preferences``; ``preferences()`` are the new ones after it was accepted."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._before = preferences
        tabs = QTabWidget()
        tabs.setAccessibleName(self.tr("Groups of settings"))
        tabs.setToolTip(self.tr("Groups of settings"))
        tabs.addTab(self._build_look(preferences), self.tr("Window"))
        tabs.addTab(self._build_engine(preferences), self.tr("Computing"))
        choices = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(choices.Ok | choices.Cancel | choices.RestoreDefaults)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(choices.RestoreDefaults).clicked.connect(self._restore)
        layout = QVBoxLayout(self)
        layout.addWidget(tabs, 1)
        layout.addWidget(buttons)
        self.resize(460, 400)

    def preferences(self) -> Preferences:
        """What the fields say."""
        return replace(
            self._before,
            theme=self.theme.currentData(),
            language=self.language.currentData(),
            monitor_profile=self.profile.currentData(),
            thumbnail_cache_mb=self.cache.value(),
            device=self.device.device(),
            memory_mb=self.memory.value(),
            tile_side=self.tile.currentData(),
        )

    def _build_look(self, preferences: Preferences) -> QWidget:
        page, form = _page()
        self.theme = _combo(
            {
                Theme.DARK: self.tr("Dark grey"),
                Theme.DARKER: self.tr("Darker grey"),
                Theme.SYSTEM: self.tr("As the system"),
            },
            preferences.theme,
        )
        _row(form, self.theme, self.tr("Theme"), self.tr("Neutral greys do not change how colours are seen"))
        self.language = _combo(
            {
                Language.SYSTEM: self.tr("As the system"),
                Language.ENGLISH: "English",
                Language.GERMAN: "Deutsch",
            },
            preferences.language,
        )
        _row(form, self.language, self.tr("Language"), self.tr("Changes at the next start"))
        self.profile = _combo({SYSTEMS_PROFILE: self.tr("As the system"), "": self.tr("None: sRGB")}, "")
        self._add_profile(preferences.monitor_profile)
        self.profile.addItem(self.tr("From a file…"), _FROM_FILE)
        self.profile.activated.connect(self._choose_profile)
        _row(
            form,
            self.profile,
            self.tr("Monitor profile"),
            self.tr("The ICC profile of the monitor that shows pictures"),
        )
        self.cache = _megabytes(CACHE_MB, preferences.thumbnail_cache_mb)
        _row(form, self.cache, self.tr("Thumbnails on the disk"), self.tr("Above this size the oldest are removed"))
        form.addRow(_note(self.tr("Language and thumbnails change at the next start.")))
        return page

    def _build_engine(self, preferences: Preferences) -> QWidget:
        page, form = _page()
        self.device = DeviceBox()
        self.device.set_device(preferences.device)
        tip = self.tr("Where the network runs; automatic takes a graphics card where there is one")
        _row(form, self.device, self.tr("Device"), tip)
        self.memory = _megabytes(MEMORY_MB, preferences.memory_mb)
        _row(form, self.memory, self.tr("Memory for pictures"), self.tr("For pictures the viewer keeps ready"))
        self.tile = _combo({side: self.tr("{0} px").format(side) for side in TILE_SIDES}, preferences.tile_side)
        _row(form, self.tile, self.tr("Tiles"), self.tr("Smaller ones need less memory and more time"))
        return page

    def _add_profile(self, name: str) -> None:
        """Offers a file, and chooses it."""
        at = self.profile.findData(name)
        if at < 0:
            at = self.profile.findData("") + 1
            self.profile.insertItem(at, Path(name).name, name)
            self.profile.setItemData(at, name, Qt.ItemDataRole.ToolTipRole)
        self.profile.setCurrentIndex(at)

    @Slot(int)
    def _choose_profile(self, index: int) -> None:
        if self.profile.itemData(index) != _FROM_FILE:
            return
        kinds = self.tr("ICC profiles (*.icc *.icm)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Monitor profile"), "", kinds)
        self.profile.setCurrentIndex(0)
        if not name:
            return
        try:
            read_profile(Path(name))
        except FileProblem as error:
            QMessageBox.warning(self, self.tr("Monitor profile"), str(error))
        else:
            self._add_profile(name)

    def _restore(self) -> None:
        """Puts the defaults into all fields."""
        default = Preferences()
        for combo, value in (
            (self.theme, default.theme),
            (self.language, default.language),
            (self.profile, default.monitor_profile),
            (self.tile, default.tile_side),
        ):
            combo.setCurrentIndex(combo.findData(value))
        self.device.set_device(default.device)
        self.cache.setValue(default.thumbnail_cache_mb)
        self.memory.setValue(default.memory_mb)


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    form = QFormLayout(page)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return page, form


def _row(form: QFormLayout, widget: QWidget, label: str, tip: str) -> None:
    widget.setAccessibleName(label)
    widget.setToolTip(tip)
    form.addRow(label, widget)


def _combo(
    entries: Mapping[Theme, str] | Mapping[Language, str] | Mapping[int, str] | Mapping[str, str], value: object
) -> QComboBox:
    combo = QComboBox()
    for data, text in entries.items():
        combo.addItem(text, str(data) if isinstance(data, StrEnum) else data)
    combo.setCurrentIndex(combo.findData(value))
    return combo


def _megabytes(limits: Sequence[int], value: int) -> QSpinBox:
    box = QSpinBox(minimum=limits[0], maximum=limits[1], singleStep=256, suffix=" MB")
    box.setValue(value)
    return box


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label
