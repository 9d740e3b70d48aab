"""What a training run is made of, as fields."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from xtdm_core.assets import shipped_networks
from xtdm_core.files import is_file, is_folder
from xtdm_gui.formatting import about
from xtdm_gui.pictures.network_picker import NetworkPicker
from xtdm_gui.train.dataset_dialog import DatasetDialog, DatasetKind
from xtdm_gui.train.plan import TrainPlan, fresh_plan, presets
from xtdm_gui.train.run_folder import data_home, next_run
from xtdm_gui.widgets.device_box import DeviceBox
from xtdm_gui.widgets.folder_field import FolderField
from xtdm_gui.widgets.number_box import NumberBox
from xtdm_gui.widgets.wheel_guard import guard_wheel

# The presets that the engine takes from random and from trained weights.
_FRESH, _TUNING = "fast", "finetune"

Combo = TypeVar("Combo", bound=QComboBox)


class TrainForm(QWidget):
    """Shows and edits a ``TrainPlan``.

    changed()          anything was chosen or typed
    folder_changed()   the folder of the run was
    """

    changed = Signal()
    folder_changed = Signal()

    def __init__(self, command: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._presets = presets()
        self._start = ""  # of the plan
        self._typed: set[QWidget] = set()  # numbers that the user gave: they do not follow the preset
        self._chosen = False  # whether the user chose preset or start: they do not follow the material
        self._patch_s: dict[tuple[str, ...], float] = {}  # seconds, see ``TrainPlan.kind_of_work``
        self.raw_folder = ""  # where the user's raw files are, to begin with
        self.dialog: DatasetDialog | None = None
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._build_material()
        self._build_network()
        self._build_numbers()
        self.out = self._folder(self.tr("Run"), self.tr("The folder for weights, state, log and previews"), None)
        self.out.edit.setClearButtonEnabled(False)
        self.out.changed.connect(self.folder_changed)
        self.new_run = self.out.add_button(
            self.tr("New"), self.tr("New run"), self.tr("A new folder, for a run from the start")
        )
        self.new_run.clicked.connect(self._begin_new)
        self.photos.changed.connect(self._on_material)
        self.raws.changed.connect(self._on_material)
        self.changed.connect(self._show_duration)
        self.set_plan(fresh_plan())
        guard_wheel(self)

    def plan(self) -> TrainPlan:
        """What the fields say."""
        return TrainPlan(
            out=self.out.text(),
            photos=self.photos.text(),
            raws=self.raws.text(),
            torture=self.torture.text(),
            original=self.original.text(),
            start=self._start,
            preset=str(self.preset.currentData()),
            steps=self.steps.value(),
            batch=self.batch.value(),
            learning_rate=self.rate.value(),
            device=self.device.device(),
        )

    def set_plan(self, plan: TrainPlan) -> None:
        """Show another plan; ``folder_changed`` is emitted only where its folder is another."""
        self._chosen = True  # as long as the material is put in
        self.preset.setCurrentIndex(self.preset.findData(plan.preset))
        self._set_start(plan.start)
        for row, text in (
            (self.photos, plan.photos),
            (self.raws, plan.raws),
            (self.torture, plan.torture),
            (self.original, plan.original),
        ):
            row.set_text(text)
        self.device.set_device(plan.device)
        for name, box in self._numbers.items():
            value = getattr(plan, name)
            box.setValue(value)
            follows = value == getattr(self._presets[plan.preset], name)
            (self._typed.discard if follows else self._typed.add)(box)
        self._chosen = (plan.preset, plan.start) != self._usual()
        self.out.set_text(plan.out)
        self._show_duration()

    def learn_pace(self, plan: TrainPlan, seconds: float) -> None:
        """A step of such a run takes so many seconds: shows how long the one in the form takes."""
        self._patch_s[plan.kind_of_work()] = seconds / plan.batch
        self._show_duration()

    def trouble(self) -> str:
        """A sentence that says why no run can begin so; "" where one can."""
        plan = self.plan()
        if not (plan.photos or plan.raws or plan.has_start()):
            return self.tr("Choose photographs or raw pictures to train on, or build them.")
        for row in (self.photos, self.raws, self.torture, self.original):
            text = row.text() if row.isEnabledTo(self) else ""
            if text and not is_folder(Path(text)):
                return self.tr("{0}: there is no such folder.").format(row.edit.accessibleName())
        if plan.start and plan.start not in shipped_networks() and not is_file(Path(plan.start)):
            return self.tr("{0}: there is no such checkpoint.").format(Path(plan.start).name)
        return "" if Path(plan.out).is_absolute() else self.tr("Choose the folder for the run.")

    def _build_material(self) -> None:
        self.photos = self._folder(
            self.tr("Photographs"),
            self.tr("A folder of pictures without traces of their demosaicing; Build… makes them from any pictures"),
            DatasetKind.PHOTOS,
        )
        self.raws = self._folder(
            self.tr("Raws"),
            self.tr("A data set made from raw files; Build… makes one from a folder of RAF files"),
            DatasetKind.RAWS,
        )
        self.torture = self._folder(
            self.tr("Hard patterns"),
            self.tr(
                "Fine lines, checks, circles, text: what demosaicing fails on first, and photographs hold little of. "
                "Some are always mixed in; without a data set of them they are drawn when the run starts."
            ),
            DatasetKind.TORTURE,
            self.tr("drawn at the start"),
        )

    def _build_network(self) -> None:
        self.preset = self._combo(self.tr("Preset"), self.tr("Which kind of network, and the numbers below"))
        for name in self._presets:
            self.preset.addItem(name, name)
        self.preset.activated.connect(self._on_preset)
        built_in = {name: self.tr("{0} (built in)").format(name) for name in shipped_networks()}
        self.start = NetworkPicker({"": "", **built_in}, self.tr("From a file…"))
        self._add_combo(self.tr("Start"), self.tr("What the network knows when the run begins"), self.start)
        self.start.chosen.connect(self._on_start)
        self.original = self._folder(
            self.tr("Rehearsal"),
            self.tr(
                "Half of the training repeats what trained weights know, so that they do not forget it over your "
                "pictures. Choose photographs like those they learned from; without any, nothing is repeated."
            ),
            DatasetKind.PHOTOS,
            self.tr("nothing"),
        )

    def _build_numbers(self) -> None:
        self.steps = self._number(self.tr("Steps"), self.tr("How long it trains, in batches"), 10_000_000)
        self.steps.setGroupSeparatorShown(True)
        self.steps.setSingleStep(1000)
        self.batch = self._number(self.tr("Batch"), self.tr("Patches per step; fewer need less memory"), 4096)
        self.rate = NumberBox(minimum=1e-6, maximum=1.0, decimals=6, singleStep=1e-4)
        tip = self.tr("How far each step goes; trained weights need a lower one")
        self._row(self.tr("Learning rate"), tip, self.rate)
        self._numbers: dict[str, QSpinBox | QDoubleSpinBox]
        self._numbers = {"steps": self.steps, "batch": self.batch, "learning_rate": self.rate}
        for box in self._numbers.values():
            self._watch(box)
        tip = self.tr("Where it trains; automatic takes a graphics card where there is one")
        self.device = self._add_combo(self.tr("Device"), tip, DeviceBox())
        self.duration = QLabel()
        self._row(self.tr("Takes"), self.tr("Estimated from how fast such runs were on this computer"), self.duration)

    def _folder(self, name: str, tip: str, kind: DatasetKind | None, hint: str = "") -> FolderField:
        row = FolderField(name, tip, hint)
        row.changed.connect(self.changed)
        if kind is not None:
            text = self.tr("Build {0}").format(name)
            build = row.add_button(self.tr("Build…"), text, self.tr("Make such a data set"))
            build.clicked.connect(lambda _checked=False: self._build_dataset(kind, row))
        self._row(name, tip, row)
        return row

    def _combo(self, name: str, tip: str) -> QComboBox:
        return self._add_combo(name, tip, QComboBox())

    def _add_combo(self, name: str, tip: str, combo: Combo) -> Combo:
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(10)
        combo.currentIndexChanged.connect(self.changed)
        self._row(name, tip, combo)
        return combo

    def _number(self, name: str, tip: str, most: int) -> QSpinBox:
        box = QSpinBox(minimum=1, maximum=most)
        self._row(name, tip, box)
        return box

    def _watch(self, box: QSpinBox | QDoubleSpinBox) -> None:
        """Remember that the user gave the number, even where it is what was there."""
        box.lineEdit().textEdited.connect(lambda _text: self._typed.add(box))
        box.valueChanged.connect(lambda _value: self._typed.add(box))
        box.valueChanged.connect(self.changed)

    def _row(self, name: str, tip: str, widget: QWidget) -> None:
        widget.setAccessibleName(name)
        self._form.addRow(name, widget)
        for part in (widget, self._form.labelForField(widget)):
            part.setToolTip(tip)
            part.setWhatsThis(tip)

    def _usual(self) -> tuple[str, str]:
        """Preset and start where the user chose none: own raw files alone are too few to learn everything from."""
        shipped = list(shipped_networks())
        return (_TUNING, shipped[0]) if self.raws.text() and not self.photos.text() and shipped else (_FRESH, "")

    @Slot()
    def _on_material(self) -> None:
        if not self._chosen:
            preset, start = self._usual()
            self.preset.setCurrentIndex(self.preset.findData(preset))
            self._set_start(start)
            self._take_numbers()

    @Slot()
    def _on_preset(self) -> None:
        """The preset's numbers; one that tunes gets something to tune."""
        self._chosen = True
        shipped = list(shipped_networks())
        tunes = self.preset.currentData() == _TUNING
        self._set_start(shipped[0] if tunes and not self._start and shipped else self._start)
        self._take_numbers()

    def _take_numbers(self) -> None:
        """The preset's, but for those that the user gave."""
        preset = self._presets[str(self.preset.currentData())]
        for name, box in self._numbers.items():
            if box not in self._typed:
                with QSignalBlocker(box):
                    box.setValue(getattr(preset, name))
        self.changed.emit()

    @Slot()
    def _show_duration(self) -> None:
        plan = self.plan()
        patch_s = self._patch_s.get(plan.kind_of_work())
        if patch_s is None:
            self.duration.setText(self.tr("known soon after the start"))
        else:
            self.duration.setText(self.tr("about {0}").format(about(patch_s * plan.batch * plan.steps)))

    @Slot(str)
    def _on_start(self, key: str) -> None:
        self._chosen = True
        self._set_start(key)
        # Weights that are good already are spoilt by the rate that suits random ones.
        swap = (_FRESH, _TUNING) if key else (_TUNING, _FRESH)
        if self.preset.currentData() == swap[0]:
            self.preset.setCurrentIndex(self.preset.findData(swap[1]))
            self._on_preset()
        self.changed.emit()

    def _set_start(self, key: str) -> None:
        """Show what the run starts from: a shipped name, a path, which is added, or "" for what the preset says."""
        own = self._presets[str(self.preset.currentData())].start
        self.start.setItemText(0, self.tr("{0} (the preset's)").format(own) if own else self.tr("From scratch"))
        self._start = key
        self.start.set_key(key)
        self.original.setEnabled(bool(key or own))
        self._form.labelForField(self.original).setEnabled(bool(key or own))

    @Slot()
    def _begin_new(self) -> None:
        self.out.set_text(str(next_run(data_home())))

    def _build_dataset(self, kind: DatasetKind, row: FolderField) -> None:
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        self.dialog = DatasetDialog(kind, self._command, self)
        self.dialog.suggest(self.raw_folder)
        self.dialog.built.connect(row.set_text)
        self.dialog.finished.connect(self._on_dialog_closed)
        self.dialog.show()

    @Slot()
    def _on_dialog_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
