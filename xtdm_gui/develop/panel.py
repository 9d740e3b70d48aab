"""The panel that develops a picture: light, colour, tones, noise, lens and crop; and which network works where."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xtdm_core.choices import ToneCurve
from xtdm_core.develop.tone import ROLL_OFF_RANGE, Look
from xtdm_core.errors import BadSidecar
from xtdm_gui.develop.editor import LookEditor, visible
from xtdm_gui.develop.geometry_controls import GeometryControls
from xtdm_gui.develop.look_controls import LookControls
from xtdm_gui.develop.network_choice import NetworkChoice
from xtdm_gui.develop.noise_sliders import NoiseSliders
from xtdm_gui.develop.paste_dialog import LOOK_NAMES, LookGroup, PasteDialog, names_of
from xtdm_gui.develop.tone_controls import ToneControls
from xtdm_gui.develop.white_balance_controls import WhiteBalanceControls
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.widgets.action_button import ActionButton
from xtdm_gui.widgets.value_slider import Range, ValueSlider
from xtdm_gui.widgets.wheel_guard import guard_wheel


class DevelopPanel(QWidget):
    """Controls of one picture's look, kept in its sidecar.

    look_changed(Look)          to be shown: also while a slider is dragged, and when another picture brings its own
    picker_toggled(bool)        the next click into the picture is for ``pick_neutral``
    edited_changed(path, bool)  whether a file has settings other than "as shot"
    device_changed(str)         where to demosaic
    """

    look_changed = Signal(object)
    picker_toggled = Signal(bool)
    edited_changed = Signal(object, bool)
    device_changed = Signal(str)

    def __init__(
        self, network: CurrentNetwork, selection: Callable[[], list[Path]], parent: QWidget | None = None
    ) -> None:
        """Ask ``selection`` where to paste to: the picture that is shown where it is empty."""
        super().__init__(parent)
        self._network, self._selection = network, selection
        self._paste_groups = set(LookGroup)  # what was chosen to be pasted last
        self._editor = LookEditor(self)
        self.history = self._editor.history
        self._build_actions()
        self._build()
        guard_wheel(self)
        self._editor.refreshed.connect(self._refresh)
        self._editor.look_changed.connect(self.look_changed)
        self._editor.edited_changed.connect(self.edited_changed)
        self._editor.told.connect(self._show_message)
        self._refresh()

    def set_picture(self, picture: Picture | None) -> None:
        """Shows another file's settings; those of the one before are saved at once."""
        self.picker.setChecked(False)
        self.geometry_controls.crop_action.setChecked(False)
        self._editor.set_picture(picture)
        if picture is not None:
            self.noise.tell_now()

    def look(self) -> Look:
        """The look of the picture that is shown."""
        return self._editor.look

    def look_of(self, path: Path) -> Look:
        """The look of any file, saved already or not. Raises BadSidecar."""
        return self._editor.look_of(path)

    def visible_look_of(self, path: Path) -> Look:
        """What can be shown of the look of any file: "as shot" where its sidecar cannot be read."""
        try:
            return visible(self._editor.look_of(path))
        except BadSidecar:
            return Look()

    def set_crop(self, look: Look) -> None:
        """Takes the crop that is being drawn in the picture."""
        self._editor.propose(look, self.tr("Crop"))

    def end_gesture(self) -> None:
        """The next change is a step of undo of its own."""
        self.history.end_gesture()

    def pick_neutral(self, x: int, y: int) -> None:
        """Makes the area around (x, y) of the sensor neutral; where that cannot be, says why and picks on."""
        if self._editor.pick_neutral(x, y):
            self.picker.setChecked(False)

    def copy(self) -> None:
        """Remembers the look of the picture that is shown."""
        self._editor.copy()

    def paste(self, paths: list[Path], names: Collection[str] = LOOK_NAMES) -> None:
        """Give files the copied look, in one step of undo; of sidecars that cannot be read the first is shown.

        names  the fields of the look that are pasted
        """
        self._editor.paste(paths, names)

    def save_now(self) -> None:
        """Queue unsaved settings for writing."""
        self._editor.save_now()

    def close(self) -> bool:
        """Saves everything, and waits until it is on the disk."""
        self._editor.close()
        self.engine.close()
        return super().close()

    def edit_actions(self) -> list[QAction]:
        """Undo, redo, copy, paste, reset and crop, for a menu."""
        shown = [*self._look_actions(), self.geometry_controls.crop_action]
        shown.insert(shown.index(self.paste_action) + 1, self.paste_parts_action)
        return shown

    def _look_actions(self) -> list[QAction]:
        return [self.undo_action, self.redo_action, self.copy_action, self.paste_action, self.reset_action]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.picker.isChecked():
            self.picker.setChecked(False)
        else:
            super().keyPressEvent(event)

    def _build_actions(self) -> None:
        self.undo_action, self.redo_action = self.history.actions(self.tr("Undo"), self.tr("Redo"), self)
        self.undo_action.setShortcut(QKeySequence("Ctrl+Z"))
        self.redo_action.setShortcut(QKeySequence("Ctrl+Shift+Z"))
        self.copy_action = self._action(self.tr("Copy settings"), "Ctrl+Shift+C", self.copy)
        self.paste_action = self._action(self.tr("Paste settings"), "Ctrl+Shift+V", self._paste_to_selection)
        self.paste_parts_action = self._action(self.tr("Paste some settings…"), "Ctrl+Alt+V", self._choose_and_paste)
        self.reset_action = self._action(self.tr("Reset settings"), "Ctrl+Shift+R", self._reset)

    def _action(self, text: str, shortcut: str, slot: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked=False: slot())
        return action

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(self._build_buttons())
        self._build_controls()
        layout.addWidget(self.controls)
        layout.addSpacing(8)
        self.engine = NetworkChoice(self._network)
        self.engine.device_changed.connect(self.device_changed)
        layout.addWidget(self.engine)
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAccessibleName(self.tr("Message"))
        self.words.hide()
        layout.addWidget(self.words)
        layout.addStretch(1)

    def _build_controls(self) -> None:
        self.controls = QWidget()
        controls = QVBoxLayout(self.controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(6)
        self.exposure = self._number_slider(
            "exposure_ev",
            self.tr("Exposure"),
            self.tr("Brighter or darker, in EV"),
            Range(-5, 5, 0.05, 2, self.tr(" EV")),
        )
        self._build_white_balance()
        self.roll_off = self._number_slider(
            "roll_off",
            self.tr("Highlight roll-off"),
            self.tr(
                "How early highlights are compressed: 0 clips at the format's ceiling,\n"
                "1 is the standard, 2 begins twice as far below the ceiling"
            ),
            Range(*ROLL_OFF_RANGE, 0.05, 2),
        )
        self.noise = NoiseSliders(self._network, self._number_slider)
        self.look_changed.connect(self.noise.follow)
        self._build_tone_and_geometry()
        sections = {
            self.tr("Light and colour"): (self.exposure, self.white_balance, self.tone, self.roll_off),
            self.tr("Noise"): (self.noise,),
            self.tr("Lens and crop"): (self.geometry_controls,),
            self.tr("Look"): (self.looks,),
        }
        for title, widgets in sections.items():
            controls.addWidget(_heading(title))
            for widget in widgets:
                controls.addWidget(widget)

    def _build_tone_and_geometry(self) -> None:
        self.tone = ToneControls(self._number_slider)
        self.tone.curve_chosen.connect(self._on_curve)
        self.geometry_controls = GeometryControls(self._number_slider, self._slider)
        self.geometry_controls.proposed.connect(self._editor.propose_step)
        self.geometry_controls.dragged.connect(self._editor.propose)
        self.looks = LookControls(self._number_slider)
        self.looks.chosen.connect(self._on_chosen)
        self.looks.preset_chosen.connect(self._on_preset)
        self.looks.failed.connect(self._show_message)

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        names = ("↶", "↷", self.tr("Copy"), self.tr("Paste"), self.tr("Reset"))
        self.addAction(self.paste_parts_action)
        for name, action in zip(names, self._look_actions(), strict=True):
            button = ActionButton(name, action)
            self.addAction(action)  # its shortcut works without a menu too
            row.addWidget(button)
            if action in (self.redo_action, self.paste_action):
                row.addStretch(1)
        return row

    def _build_white_balance(self) -> None:
        self.white_balance = controls = WhiteBalanceControls(self._slider)
        self.balance, self.picker = controls.balance, controls.picker
        self.temperature, self.tint = controls.temperature, controls.tint
        controls.picker.toggled.connect(self.picker_toggled)
        controls.proposed.connect(self._editor.propose_step)
        controls.dragged.connect(self._editor.propose)
        controls.refused.connect(self._show_message)

    def _number_slider(self, field: str, name: str, hint: str, values: Range) -> ValueSlider:
        """A slider for a number of the look, by the name of its field."""

        def look(value: float) -> Look:
            number: dict[str, Any] = {field: value}
            return replace(self._editor.look, **number)

        default = getattr(Look(), field)
        return self._slider(
            name, hint, values, lambda value: self._editor.propose(look(value), name), lambda: look(default)
        )

    def _slider(
        self, name: str, hint: str, values: Range, edited: Callable[[float], None], default: Callable[[], Look]
    ) -> ValueSlider:
        slider = ValueSlider(name, hint, values)
        slider.edited.connect(edited)
        slider.grabbed.connect(self.history.end_gesture)
        slider.released.connect(self._on_released)
        slider.reset.connect(lambda: self._editor.propose_step(default(), self.tr("Reset {0}").format(name)))
        return slider

    @Slot(object)
    def _on_curve(self, curve: ToneCurve) -> None:
        self._editor.propose_step(replace(self._editor.look, tone_curve=curve), self.tr("Tone curve"))

    @Slot()
    def _on_released(self) -> None:
        self.history.end_gesture()
        self._refresh()

    def _reset(self) -> None:
        self._editor.propose_step(Look(), self.tr("Reset settings"))

    def _paste_to_selection(self) -> None:
        self.paste(self._selected())

    def _choose_and_paste(self) -> None:
        dialog = PasteDialog(self._paste_groups, self)
        if dialog.exec():
            self._paste_groups = dialog.chosen()
            self.paste(self._selected(), names_of(self._paste_groups))
        dialog.deleteLater()

    def _selected(self) -> list[Path]:
        shown = self._editor.picture
        return self._selection() or ([shown.path] if shown else [])

    @Slot(object, str)
    def _on_chosen(self, fields: dict[str, Any], words: str) -> None:
        self._editor.propose_step(replace(self._editor.look, **fields), words)

    @Slot(object, str)
    def _on_preset(self, fields: dict[str, Any], words: str) -> None:
        self._editor.change_many(self._selected(), lambda look: replace(look, **fields), words)

    @Slot()
    def _refresh(self) -> None:
        """Shows the look in all controls."""
        look, picture = self._editor.look, self._editor.picture
        self.controls.setEnabled(picture is not None)
        self.copy_action.setEnabled(picture is not None)
        self.reset_action.setEnabled(look != Look())
        for action in (self.paste_action, self.paste_parts_action):
            action.setEnabled(self._editor.copied is not None)
        self.exposure.set_value(look.exposure_ev, is_default=look.exposure_ev == 0)
        self.roll_off.set_value(look.roll_off, is_default=look.roll_off == 1)
        self.noise.show_look(look)
        self.tone.show_look(look)
        self.looks.show_look(look)
        frame = picture.frame if picture else None
        self.geometry_controls.show_look(look, frame)
        self.white_balance.show_look(look, frame)

    @Slot(str)
    def _show_message(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))


def _heading(title: str) -> QLabel:
    label = QLabel(title)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
