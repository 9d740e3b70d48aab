"""Lens corrections, straightening, turns and the crop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from xtdm_core.develop.geometry import Crop, framed_crop, from_sensor, is_mirrored, to_sensor, turned
from xtdm_core.develop.tone import LENS_RANGE, STRAIGHTEN_RANGE, Look
from xtdm_core.frame import RawFrame
from xtdm_gui.widgets.number_box import NumberBox
from xtdm_gui.widgets.tool_button import tool_button
from xtdm_gui.widgets.value_slider import Range, ValueSlider

MakeNumber = Callable[[str, str, str, Range], ValueSlider]
MakeSlider = Callable[[str, str, Range, Callable[[float], None], Callable[[], Look]], ValueSlider]
WHOLE: Crop = (0.0, 0.0, 1.0, 1.0)
_RATIOS = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (65, 24), (17, 6))
_CAMERA, _WHOLE, _FREE = "camera", "whole", "free"
_SAME = 1e-3


class GeometryControls(QWidget):
    """Controls of where a picture's pixels lie.

    proposed(Look, str)  the user's change, and its name; a step of undo by itself
    dragged(Look, str)   the same while a slider is moved
    ratio_kept(bool)     whether a crop that is drawn keeps the ratio of its sides
    """

    proposed = Signal(object, str)
    dragged = Signal(object, str)
    ratio_kept = Signal(bool)

    def __init__(self, make_number: MakeNumber, make_slider: MakeSlider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look()
        self._frame: RawFrame | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        percent = Range(*LENS_RANGE, 0.05, 2)
        self.lens = {field: make_number(field, title, hint, percent) for field, title, hint in self._lens_texts()}
        self.straighten = make_slider(
            self.tr("Straighten"),
            self.tr("Turns the picture clockwise; what is left of it has no empty corners"),
            Range(*STRAIGHTEN_RANGE, 0.1, 1, self.tr("°")),
            lambda value: self.dragged.emit(replace(self._look, straighten=self._signed(value)), self.tr("Straighten")),
            lambda: replace(self._look, straighten=0.0),
        )
        for slider in (*self.lens.values(), self.straighten):
            self._layout.addWidget(slider)
        self._build_turns()
        self._build_crop()

    def show_look(self, look: Look, frame: RawFrame | None) -> None:
        """Shows the values of a look for a frame, None where there is none."""
        self._look, self._frame = look, frame
        curves = () if frame is None or frame.lens is None else self._curves(frame)
        for (field, slider), curve, (_, _, hint) in zip(
            self.lens.items(), curves or (None,) * 3, self._lens_texts(), strict=True
        ):
            value = getattr(look, field)
            slider.set_value(value, is_default=value == 1)
            slider.setEnabled(curve is not None)
            slider.set_hint(hint if curve is not None else self.tr("The file says nothing of this error of its lens"))
        self.straighten.set_value(self._signed(look.straighten), is_default=look.straighten == 0)
        self.mirror.setChecked(look.flip)
        shown = WHOLE if frame is None else from_sensor(look.crop or framed_crop(frame), self._orientation())
        for box, share in zip(self.boxes, shown, strict=True):
            with QSignalBlocker(box):
                box.setValue(100 * share)
        if not self._is_drawn():
            with QSignalBlocker(self.ratio):
                self.ratio.setCurrentIndex(self.ratio.findData(self._kind(shown)))

    def _is_drawn(self) -> bool:
        """Whether a ratio was chosen for a crop that is being drawn: that is no less so when it moves."""
        return self.crop_action.isChecked() and self._look.crop is not None and ":" in self.ratio.currentData()

    @Slot()
    def _tell_ratio(self) -> None:
        self.ratio_kept.emit(":" in self.ratio.currentData())

    def _curves(self, frame: RawFrame) -> tuple[object, object, object]:
        tables = frame.lens
        return (None, None, None) if tables is None else (tables.distortion, tables.red, tables.vignetting)

    def _lens_texts(self) -> list[tuple[str, str, str]]:
        """Field, title and hint of each lens slider."""
        return [
            (
                "lens_distortion",
                self.tr("Distortion"),
                self.tr("Lines that the lens bends: 1 corrects all that the file says of them, 0 nothing"),
            ),
            (
                "lens_aberration",
                self.tr("Colour fringes"),
                self.tr("Red and blue beside edges: 1 corrects all that the file says of them, 0 nothing"),
            ),
            (
                "lens_vignetting",
                self.tr("Vignetting"),
                self.tr("Dark corners: 1 corrects all that the file says of them, 0 nothing"),
            ),
        ]

    def _build_turns(self) -> None:
        row = QHBoxLayout()
        self.left = tool_button("⟲", self.tr("Turn left"), lambda: self._turn(270))
        self.right = tool_button("⟳", self.tr("Turn right"), lambda: self._turn(90))
        self.mirror = tool_button("⇋", self.tr("Mirror from left to right"), self._mirror)
        self.mirror.setCheckable(True)
        row.addWidget(QLabel(self.tr("Turn")), 1)
        for button in (self.left, self.right, self.mirror):
            row.addWidget(button)
        self._layout.addLayout(row)

    def _build_crop(self) -> None:
        self.ratio = QComboBox()
        self.ratio.setAccessibleName(self.tr("Crop"))
        self.ratio.setToolTip(self.tr("What is kept of the picture"))
        self.ratio.addItem(self.tr("As in the camera"), _CAMERA)
        self.ratio.addItem(self.tr("Whole picture"), _WHOLE)
        for width, height in _RATIOS:
            self.ratio.addItem(f"{width}:{height}", f"{width}:{height}")
        self.ratio.addItem(self.tr("Free"), _FREE)
        self.ratio.activated.connect(self._on_ratio)
        self.crop_action = QAction(self.tr("Crop"), self)
        self.crop_action.setCheckable(True)
        self.crop_action.setShortcut(QKeySequence("R"))
        self.crop_action.setToolTip(self.tr("Draw the crop in the picture (R)"))
        self.crop_action.toggled.connect(self._tell_ratio)
        self.addAction(self.crop_action)
        handles = QToolButton()
        handles.setDefaultAction(self.crop_action)
        row = QHBoxLayout()
        row.addWidget(handles)
        row.addStretch(1)
        row.addWidget(self.ratio)
        self._layout.addLayout(row)
        grid = QGridLayout()
        names = (self.tr("Left"), self.tr("Top"), self.tr("Width"), self.tr("Height"))
        self.boxes = [self._share_box(name) for name in names]
        for number, (name, box) in enumerate(zip(names, self.boxes, strict=True)):
            grid.addWidget(QLabel(name), number // 2, number % 2 * 2)
            grid.addWidget(box, number // 2, number % 2 * 2 + 1)
        self._layout.addLayout(grid)

    def _share_box(self, name: str) -> NumberBox:
        box = NumberBox()
        box.setRange(0, 100)
        box.setDecimals(1)
        box.setSuffix(self.tr(" %"))
        box.setKeyboardTracking(False)
        box.setButtonSymbols(NumberBox.ButtonSymbols.NoButtons)  # the window is to become no wider for them
        box.setAccessibleName(name)
        box.setToolTip(self.tr("The crop in percent of the whole picture"))
        box.valueChanged.connect(self._on_shares)
        return box

    def _orientation(self) -> int:
        return turned(self._frame.orientation if self._frame else 1, self._look.rotate, self._look.flip)

    def _signed(self, angle: float) -> float:
        """An angle as it is shown as one of the sensor, or back."""
        return -angle if is_mirrored(self._orientation()) and angle else angle

    def _turn(self, by: int) -> None:
        by = -by % 360 if self._look.flip else by  # the mirror comes after the turn
        self.proposed.emit(replace(self._look, rotate=(self._look.rotate + by) % 360), self.tr("Turn"))

    def _mirror(self) -> None:
        self.proposed.emit(replace(self._look, flip=not self._look.flip), self.tr("Mirror"))

    @Slot(int)
    def _on_ratio(self, _index: int) -> None:
        kind = self.ratio.currentData()
        self._tell_ratio()
        if self._frame is None or kind == _FREE:
            return
        crop = None if kind == _CAMERA else WHOLE
        if ":" in kind:
            crop = to_sensor(self._of_ratio(*map(int, kind.split(":"))), self._orientation())
        self.proposed.emit(replace(self._look, crop=crop), self.tr("Crop"))

    @Slot()
    def _on_shares(self) -> None:
        left, top, width, height = (box.value() / 100 for box in self.boxes)
        left, top = min(left, 0.99), min(top, 0.99)
        crop = left, top, min(max(width, 0.01), 1 - left), min(max(height, 0.01), 1 - top)
        self.proposed.emit(replace(self._look, crop=to_sensor(crop, self._orientation())), self.tr("Crop"))

    def _of_ratio(self, width: int, height: int) -> Crop:
        """The largest crop of a ratio in the middle, lying or standing as the picture does."""
        across, down = self._size()
        ratio = width / height if across >= down else height / width
        share = ratio * down / across
        wide, high = min(1.0, share), min(1.0, 1 / share)
        return (1 - wide) / 2, (1 - high) / 2, wide, high

    def _size(self) -> tuple[int, int]:
        """(width, height) of the whole picture as it is shown."""
        height, width = self._frame.mosaic.shape if self._frame else (2, 3)
        return (height, width) if self._orientation() >= 5 else (width, height)

    def _kind(self, shown: Crop) -> str:
        if self._look.crop is None:
            return _CAMERA
        return next((kind for kind, crop in self._kinds() if _alike(crop, shown)), _FREE)

    def _kinds(self) -> Iterator[tuple[str, Crop]]:
        yield _WHOLE, WHOLE
        for width, height in _RATIOS:
            yield f"{width}:{height}", self._of_ratio(width, height)


def _alike(one: Crop, other: Crop) -> bool:
    return all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True))
