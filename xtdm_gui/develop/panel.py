"""The panel that develops a picture: light, colour, tones, noise, lens and crop; and which network works where."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xtdm_core.choices import ToneCurve
from xtdm_core.develop.tone import ROLL_OFF_RANGE, Look
from xtdm_core.develop.white_balance import pick_neutral
from xtdm_core.errors import BadOption, BadSidecar
from xtdm_gui.develop.geometry_controls import GeometryControls
from xtdm_gui.develop.history import LookHistory, Looks
from xtdm_gui.develop.look_controls import LookControls
from xtdm_gui.develop.network_choice import NetworkChoice
from xtdm_gui.develop.noise_sliders import NoiseSliders
from xtdm_gui.develop.paste_dialog import LOOK_NAMES, LookGroup, PasteDialog, names_of, pasted
from xtdm_gui.develop.store import LookStore
from xtdm_gui.develop.tone_controls import ToneControls
from xtdm_gui.develop.white_balance_controls import WhiteBalanceControls
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.widgets.action_button import ActionButton
from xtdm_gui.widgets.value_slider import Range, ValueSlider
from xtdm_gui.widgets.wheel_guard import guard_wheel

_SAVE_AFTER_MS = 400
# Steps by key, wheel or typing in such quick succession are one step of undo.
_GESTURE_MS = 800


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
        self._picture: Picture | None = None
        self._look = Look()
        self._unsaved = False
        self._pasting = False  # what files had before was read a moment ago
        self._copied: Look | None = None
        self._paste_groups = set(LookGroup)  # what was chosen to be pasted last
        self._store = LookStore(self)
        self._store.failed.connect(self._show_message)
        self._store.merged.connect(self._adopt)
        self._history = LookHistory(self._apply, self)
        self._save_soon = self._timer(_SAVE_AFTER_MS, self.save_now)
        self._still = self._timer(_GESTURE_MS, self._history.end_gesture)
        self._build_actions()
        self._build()
        guard_wheel(self)
        self._refresh()

    def set_picture(self, picture: Picture | None) -> None:
        """Shows another file's settings; those of the one before are saved at once."""
        self.save_now()
        self.picker.setChecked(False)
        self.geometry_controls.crop_action.setChecked(False)
        self._picture = picture
        self._show_message("")
        self._history.show(picture.path if picture else None)
        self._look = Look()
        if picture is not None:
            try:
                self._look = self._store.look(picture.path)
            except BadSidecar as error:
                self._show_message(str(error))
        self._refresh()
        if picture is not None:
            self.edited_changed.emit(picture.path, self._look != Look())
            self.look_changed.emit(self.looks.visible(self._look))
            self.noise.tell_now()

    def look(self) -> Look:
        """The look of the picture that is shown."""
        return self._look

    def look_of(self, path: Path) -> Look:
        """The look of any file, saved already or not. Raises BadSidecar."""
        return self._look if self._picture is not None and path == self._picture.path else self._store.look(path)

    def set_crop(self, look: Look) -> None:
        """Takes the crop that is being drawn in the picture."""
        self._propose(look, self.tr("Crop"))

    def end_gesture(self) -> None:
        """The next change is a step of undo of its own."""
        self._history.end_gesture()

    def pick_neutral(self, x: int, y: int) -> None:
        """Makes the area around (x, y) of the sensor neutral; where that cannot be, says why and picks on."""
        if self._picture is None:
            return
        try:
            gains = pick_neutral(self._picture.mosaic, x, y)
        except BadOption as error:
            self._show_message(str(error))
            return
        self.picker.setChecked(False)
        self._history.end_gesture()
        self._propose(replace(self._look, white_balance=gains), self.tr("Pick neutral"))

    def copy(self) -> None:
        """Remembers the look of the picture that is shown."""
        if self._picture is not None:
            self._copied = self._look
            self.paste_action.setEnabled(True)
            self.paste_parts_action.setEnabled(True)

    def paste(self, paths: list[Path], names: Collection[str] = LOOK_NAMES) -> None:
        """Give files the copied look, in one step of undo; of sidecars that cannot be read the first is shown.

        names  the fields of the look that are pasted
        """
        if self._copied is None:
            return
        copied = self._copied
        self._change_many(paths, lambda look: pasted(look, copied, names), self.tr("Paste settings"))

    def _change_many(self, paths: list[Path], change: Callable[[Look], Look], words: str) -> None:
        before: Looks = {}
        problem = ""
        for path in paths:
            try:
                before[path] = self.look_of(path)
            except BadSidecar as error:
                problem = problem or str(error)
        after = {path: change(look) for path, look in before.items() if change(look) != look}
        self._history.end_gesture()
        if after:
            self._pasting = True
            self._history.change({path: before[path] for path in after}, after, words)
            self._pasting = False
        self._show_message(problem)

    def save_now(self) -> None:
        """Queue unsaved settings for writing."""
        self._save_soon.stop()
        if self._unsaved and self._picture is not None:
            self._unsaved = False
            self._store.put(self._picture.path, self._look)

    def close(self) -> bool:
        """Saves everything, and waits until it is on the disk."""
        self.save_now()
        self._store.close()
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

    def _timer(self, milliseconds: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(slot)
        return timer

    def _build_actions(self) -> None:
        self.undo_action = self._history.group.createUndoAction(self, self.tr("Undo"))
        self.undo_action.setShortcut(QKeySequence("Ctrl+Z"))
        self.redo_action = self._history.group.createRedoAction(self, self.tr("Redo"))
        self.redo_action.setShortcut(QKeySequence("Ctrl+Shift+Z"))
        self.copy_action = self._action(self.tr("Copy settings"), "Ctrl+Shift+C", self.copy)
        self.paste_action = self._action(self.tr("Paste settings"), "Ctrl+Shift+V", self._paste_to_selection)
        self.paste_action.setEnabled(False)
        self.paste_parts_action = self._action(self.tr("Paste some settings…"), "Ctrl+Alt+V", self._choose_and_paste)
        self.paste_parts_action.setEnabled(False)
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
        self.geometry_controls.proposed.connect(self._propose_step)
        self.geometry_controls.dragged.connect(self._propose)
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
        controls.proposed.connect(self._propose_step)
        controls.dragged.connect(self._propose)
        controls.refused.connect(self._show_message)

    def _number_slider(self, field: str, name: str, hint: str, values: Range) -> ValueSlider:
        """A slider for a number of the look, by the name of its field."""

        def look(value: float) -> Look:
            number: dict[str, Any] = {field: value}
            return replace(self._look, **number)

        default = getattr(Look(), field)
        return self._slider(name, hint, values, lambda value: self._propose(look(value), name), lambda: look(default))

    def _slider(
        self, name: str, hint: str, values: Range, edited: Callable[[float], None], default: Callable[[], Look]
    ) -> ValueSlider:
        slider = ValueSlider(name, hint, values)
        slider.edited.connect(edited)
        slider.grabbed.connect(self._history.end_gesture)
        slider.released.connect(self._on_released)
        slider.reset.connect(lambda: self._propose_step(default(), self.tr("Reset {0}").format(name)))
        return slider

    @Slot(object)
    def _on_curve(self, curve: ToneCurve) -> None:
        self._propose_step(replace(self._look, tone_curve=curve), self.tr("Tone curve"))

    @Slot()
    def _on_released(self) -> None:
        self._history.end_gesture()
        self._refresh()

    def _reset(self) -> None:
        self._propose_step(Look(), self.tr("Reset settings"))

    def _paste_to_selection(self) -> None:
        self.paste(self._selected())

    def _choose_and_paste(self) -> None:
        dialog = PasteDialog(self._paste_groups, self)
        if dialog.exec():
            self._paste_groups = dialog.chosen()
            self.paste(self._selected(), names_of(self._paste_groups))
        dialog.deleteLater()

    def _selected(self) -> list[Path]:
        return self._selection() or ([self._picture.path] if self._picture else [])

    @Slot(object, str)
    def _on_chosen(self, fields: dict[str, Any], words: str) -> None:
        self._propose_step(replace(self._look, **fields), words)

    @Slot(object, str)
    def _on_preset(self, fields: dict[str, Any], words: str) -> None:
        self._change_many(self._selected(), lambda look: replace(look, **fields), words)

    def _propose_step(self, look: Look, words: str) -> None:
        """A change that is a step of undo by itself."""
        self._history.end_gesture()
        self._propose(look, words)
        self._history.end_gesture()

    def _propose(self, look: Look, words: str) -> None:
        if self._picture is None or look == self._look:
            self._refresh()
            return
        self._show_message("")
        self._history.change({self._picture.path: self._look}, {self._picture.path: look}, words)
        self._still.start()

    def _apply(self, before: Looks, after: Looks) -> None:
        """Changes the looks of files; the history calls it to do, undo and redo.

        Files that are not shown, and have been changed otherwise since, stay as they are.
        """
        for path, look in after.items():
            if self._picture is not None and path == self._picture.path:
                self._look = look
                self._unsaved = True
                self._save_soon.start()
                self._refresh()
                self.look_changed.emit(self.looks.visible(look))
            elif self._pasting or self._has(path, before[path]):
                self._store.put(path, look)
                self._history.forget(path)
            else:
                continue
            self.edited_changed.emit(path, look != Look())

    @Slot(object, object)
    def _adopt(self, path: Path, look: Look) -> None:
        """Somebody else has changed other settings of a file at the same time: both changes count."""
        if self._picture is not None and path == self._picture.path and not self._unsaved:
            self._look = look
            self._refresh()
            self.look_changed.emit(look)
            self._show_message(self.tr("Another window has changed other settings of this picture: both count."))
        self.edited_changed.emit(path, look != Look())

    def _has(self, path: Path, look: Look) -> bool:
        try:
            return self._store.look(path) == look
        except BadSidecar:
            return False

    def _refresh(self) -> None:
        """Shows the look in all controls."""
        look = self._look
        self.controls.setEnabled(self._picture is not None)
        self.copy_action.setEnabled(self._picture is not None)
        self.reset_action.setEnabled(look != Look())
        self.exposure.set_value(look.exposure_ev, is_default=look.exposure_ev == 0)
        self.roll_off.set_value(look.roll_off, is_default=look.roll_off == 1)
        self.noise.show_look(look)
        self.tone.show_look(look)
        self.looks.show_look(look)
        frame = self._picture.frame if self._picture else None
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
