"""Look-up tables and presets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from xtdm_core.choices import LutInput
from xtdm_core.develop.lut import load_lut, lut_digest
from xtdm_core.develop.presets import SUFFIX, read_preset, shipped_presets, write_preset
from xtdm_core.develop.tone import Look
from xtdm_core.errors import XtdmError
from xtdm_gui.widgets.labels import ElidedLabel
from xtdm_gui.widgets.tool_button import tool_button
from xtdm_gui.widgets.value_slider import Range, ValueSlider

MakeSlider = Callable[[str, str, str, Range], ValueSlider]


class LookControls(QWidget):
    """A menu of presets, and a look-up table with what it takes and how much of it is wanted.

    chosen(dict, str)         fields of the look for the picture that is shown, and the change's name
    preset_chosen(dict, str)  the same for all that is selected
    failed(str)               why a file cannot be read or written, or that it is another one than before
    """

    chosen = Signal(object, str)
    preset_chosen = Signal(object, str)
    failed = Signal(str)

    def __init__(self, make: MakeSlider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self.presets = QToolButton()
        self.presets.setText(self.tr("Presets ▾"))
        self.presets.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.presets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.presets.setToolTip(self.tr("Settings for all selected pictures at once, or these saved for others"))
        self.menu = QMenu(self.presets)
        self.presets.setMenu(self.menu)
        self._fill_menu()
        self.name = ElidedLabel()
        self.open = tool_button("…", self.tr("Choose a look-up table"), self._choose)
        self.remove = tool_button("✕", self.tr("Use no look-up table"), self._remove)
        self.input = QComboBox()
        for title, kind in zip(("sRGB", "F-Log", "F-Log2", "F-Log2 C"), LutInput, strict=True):
            self.input.addItem(title, kind)
        self.input.setAccessibleName(self.tr("What the table takes"))
        self.input.setToolTip(
            self.tr("sRGB for tables made for finished pictures, else the logarithm that the table's name tells")
        )
        self.input.activated.connect(self._on_input)
        hint = self.tr("How much of the look-up table")
        self.strength = make("lut_strength", self.tr("Strength"), hint, Range(0, 1, 0.01, 2))
        self._lay_out()

    def show_look(self, look: Look) -> None:
        """Shows the values of a look; says where its table cannot be read."""
        is_new = (look.lut, look.lut_digest) != (self._look.lut, self._look.lut_digest)
        self._look = look
        self.name.set_words(Path(look.lut).name if look.lut else self.tr("none"))
        self.name.setToolTip(look.lut)
        for widget in (self.remove, self.input, self.strength):
            widget.setEnabled(bool(look.lut))
        self.strength.set_value(look.lut_strength, is_default=look.lut_strength == 1)
        with QSignalBlocker(self.input):
            self.input.setCurrentIndex(self.input.findData(look.lut_input))
        if look.lut and is_new:
            self._try(lambda: self._check_table(look))

    def _check_table(self, look: Look) -> None:
        """Tells of a table that is another one than that which was chosen. Raises BadLut."""
        load_lut(look.lut)
        if look.lut_digest not in ("", lut_digest(look.lut)):
            words = self.tr("{0} has changed since it was chosen for this picture: choose it again to keep it.")
            self.failed.emit(words.format(Path(look.lut).name))

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(QLabel(self.tr("Look-up table")))
        first.addWidget(self.name, 1)
        for widget in (self.open, self.remove):
            first.addWidget(widget)
        second.addWidget(QLabel(self.tr("It takes")), 1)
        second.addWidget(self.input)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.presets)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.strength)

    def _fill_menu(self) -> None:
        names = {"soft": self.tr("Soft"), "vivid": self.tr("Vivid"), "monochrome": self.tr("Monochrome")}
        for name, path in shipped_presets().items():
            self.menu.addAction(names.get(name, name), partial(self._apply, path))
        self.menu.addSeparator()
        self.menu.addAction(self.tr("From a file…"), self._apply_file)
        self.menu.addAction(self.tr("Save as…"), self._save)

    def _apply(self, path: Path) -> None:
        fields: dict[str, Any] = {}
        if self._try(lambda: fields.update(read_preset(path))):
            self.preset_chosen.emit(fields, self.tr("Preset"))

    def _apply_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a preset"), "", self._kinds())
        if name:
            self._apply(Path(name))

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the preset"), SUFFIX, self._kinds())
        if name:
            self._try(lambda: write_preset(Path(name), self._look))

    def _kinds(self) -> str:
        return self.tr("Presets (*{0});;All files (*)").format(SUFFIX)

    def _choose(self) -> None:
        kinds = self.tr("Look-up tables (*.cube *.png *.tif *.tiff);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open a look-up table"), self._look.lut, kinds)
        if name and self._try(lambda: load_lut(name)):
            fields = {"lut": name, "lut_digest": lut_digest(name), "lut_input": guessed_input(name)}
            self.chosen.emit(fields, self.tr("Look-up table"))

    def _remove(self) -> None:
        self.chosen.emit({"lut": "", "lut_digest": ""}, self.tr("Look-up table"))

    @Slot(int)
    def _on_input(self, _index: int) -> None:
        self.chosen.emit({"lut_input": LutInput(self.input.currentData())}, self.tr("What the table takes"))

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except XtdmError as error:
            self.failed.emit(str(error))
            return False
        return True


def guessed_input(name: str) -> LutInput:
    """What a table takes, by its file's name: sRGB where that says nothing of a logarithm."""
    word = "".join(Path(name).stem.lower().replace("-", "").replace("_", "").split())
    for part, kind in (("flog2c", LutInput.F_LOG2C), ("flog2", LutInput.F_LOG2), ("flog", LutInput.F_LOG)):
        if part in word:
            return kind
    return LutInput.SRGB
