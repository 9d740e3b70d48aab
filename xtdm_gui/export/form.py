"""The fields that say how pictures are written; the export panel and the settings share them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from xtdm_core.choices import NEURAL, QUALITY, SUFFIX, Chroma, Conflict, Format, MetadataPolicy
from xtdm_core.demosaicing.libraw import ALGORITHMS
from xtdm_core.worker import DATE, day_of_shot
from xtdm_gui.background import LatestTask
from xtdm_gui.export.names import FIELDS, name_of, name_problem
from xtdm_gui.pictures.network_picker import NetworkPicker
from xtdm_gui.pictures.renderings import RenderingSource, shipped_sources
from xtdm_gui.settings import LARGEST_SIDE, ExportChoice
from xtdm_gui.widgets.wheel_guard import guard_wheel

METHODS = (NEURAL, *ALGORITHMS)
_EXAMPLE, _EXAMPLE_DAY = Path("DSCF0001.RAF"), "2026-01-31"  # a name as the camera gives it


class ExportForm(QWidget):
    """Shows and edits an ``ExportChoice``.

    changed()  something was chosen or typed
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = _EXAMPLE  # the file whose picture's name is shown
        self._day = _EXAMPLE_DAY  # of its shot; "" while that is being read
        self._days = LatestTask(self)
        self._days.succeeded.connect(self._show_day)
        self._days.failed.connect(self._show_no_day)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._build_format()
        self._build_size_and_metadata()
        self._build_method()
        self._build_folder()
        self._build_name()
        self.set_choice(ExportChoice())
        guard_wheel(self)

    def choice(self) -> ExportChoice:
        """What is chosen now."""
        method, weights = self._method()
        return ExportChoice(
            format=self.format.currentData(),
            chroma=self.chroma.currentData(),
            quality=self.quality.value(),
            max_size=self.max_size.value(),
            metadata=self.metadata.currentData(),
            demosaic=method,
            weights=weights,
            folder="" if self.place.currentIndex() == 0 else self.folder.text(),
            template=self.template.text(),
            conflict=self.conflict.currentData(),
        )

    def set_choice(self, choice: ExportChoice) -> None:
        """Shows another choice."""
        self.format.setCurrentIndex(self.format.findData(choice.format))
        self.chroma.setCurrentIndex(self.chroma.findData(choice.chroma))
        self.quality.setValue(choice.quality)
        self.max_size.setValue(choice.max_size)
        self.metadata.setCurrentIndex(self.metadata.findData(choice.metadata))
        self.method.set_key(choice.weights or choice.demosaic)
        self.folder.setText(choice.folder)
        self.place.setCurrentIndex(1 if choice.folder else 0)
        self.template.setText(choice.template)
        self.conflict.setCurrentIndex(self.conflict.findData(choice.conflict))
        self._show_what_counts()

    def set_example(self, source: Path | None) -> None:
        """The raw file whose picture's name is shown; None for any."""
        if source == self._shown:
            return
        self._shown, self._day = source or _EXAMPLE, "" if source else _EXAMPLE_DAY
        self._days.cancel()
        self._show_what_counts()

    def close(self) -> bool:
        """Waits until nothing is read any more."""
        self._days.close()
        return super().close()

    def trouble(self) -> str:
        """A sentence that says why nothing can be exported so; "" where it can."""
        if self.place.currentIndex() == 1 and not Path(self.folder.text()).is_absolute():
            return self.tr("Choose the folder for the pictures.")
        return name_problem(self.template.text())

    def _build_format(self) -> None:
        self.format = self._combo(
            self.tr("Format"),
            self.tr("What kind of file is written"),
            {
                Format.AVIF: self.tr("HDR AVIF (HLG, 10 bits)"),
                Format.SDR_AVIF: self.tr("SDR AVIF (sRGB, 10 bits)"),
                Format.JPEG: self.tr("HDR JPEG (Ultra HDR)"),
                Format.TIFF: self.tr("TIFF (sRGB, 16 bits)"),
                Format.DNG: self.tr("Linear DNG (for other raw developers)"),
                Format.LINEAR_TIFF: self.tr("Linear TIFF (camera RGB)"),
            },
        )
        self.chroma = self._combo(
            self.tr("Chroma"),
            self.tr("4:4:4 keeps all colour detail; 4:2:0 halves it and makes smaller files"),
            {Chroma.FULL: self.tr("4:4:4"), Chroma.HALF: self.tr("4:2:0")},
        )
        self.quality = QSpinBox(minimum=1, maximum=100)
        self._lossy: str = Format.AVIF  # the last format with losses
        self.format.currentIndexChanged.connect(self._on_format)
        self.quality.valueChanged.connect(self._on_changed)
        self._row(
            self.tr("Quality"),
            self.tr("Of AVIF and JPEG, 1 to 100; AVIF 90 and JPEG 97 are hard to tell from the original"),
            self.quality,
        )

    def _build_size_and_metadata(self) -> None:
        self.max_size = QSpinBox(maximum=LARGEST_SIDE, singleStep=100)
        self.max_size.setSpecialValueText(self.tr("Full size"))
        self.max_size.setSuffix(self.tr(" px"))
        self.max_size.valueChanged.connect(self._on_changed)
        self._row(self.tr("Longer side"), self.tr("The most pixels that the longer side may have"), self.max_size)
        self.metadata = self._combo(
            self.tr("Metadata"),
            self.tr("Which Exif and XMP data go into the picture"),
            {
                MetadataPolicy.ALL: self.tr("All"),
                MetadataPolicy.NO_GPS: self.tr("Without the location"),
                MetadataPolicy.NONE: self.tr("None"),
            },
        )

    def _build_method(self) -> None:
        default, *others = shipped_sources()
        networks = {NEURAL: default, **{source.name: source for source in others}}
        libraw = {name: RenderingSource.libraw(name) for name in ALGORITHMS}
        entries = {str(key): source.label() for key, source in {**networks, **libraw}.items()}
        self.method = NetworkPicker(entries, self.tr("Network from a file…"))
        self.method.chosen.connect(self._on_changed)
        self._row(self.tr("Demosaic"), self.tr("What turns the mosaic into colour"), self.method)

    def _build_folder(self) -> None:
        self.place = QComboBox()
        self.place.addItems([self.tr("Beside the raw file"), self.tr("In one folder")])
        self.place.activated.connect(self._on_place)
        self._row(self.tr("Folder"), self.tr("Where the pictures go"), self.place)
        self.folder = QLineEdit(placeholderText=self.tr("Choose a folder"))
        self.folder.textChanged.connect(self._on_changed)
        self._browse = QToolButton()
        self._browse.setText(self.tr("…"))
        self._browse.clicked.connect(self._choose_folder)
        _describe(self._browse, self.tr("Choose a folder"), self.tr("Choose the folder for the pictures"))
        self._folder_row = QWidget()
        row = QHBoxLayout(self._folder_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(self._browse)
        self._form.addRow(self._folder_row)
        _describe(self.folder, self.tr("Folder for the pictures"), self.tr("The folder for the pictures"))

    def _build_name(self) -> None:
        self.template = QLineEdit()
        self.template.textChanged.connect(self._on_changed)
        tip = self.tr("{0} is the raw file's name, {1} the day of the shot, {2} counts up").format(*FIELDS)
        self._row(self.tr("Name"), tip, self.template)
        self.example = QLabel()
        self.example.setWordWrap(True)
        self.example.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._form.addRow("", self.example)
        self.conflict = self._combo(
            self.tr("If it exists"),
            self.tr("What to do if the file already exists"),
            {
                Conflict.NUMBER: self.tr("Add a number"),
                Conflict.SKIP: self.tr("Skip the file"),
                Conflict.OVERWRITE: self.tr("Overwrite it"),
            },
        )

    def _combo(self, label: str, tip: str, entries: Mapping[StrEnum, str]) -> QComboBox:
        combo = QComboBox()
        for data, text in entries.items():
            combo.addItem(text, str(data))
        combo.currentIndexChanged.connect(self._on_changed)
        self._row(label, tip, combo)
        return combo

    def _row(self, label: str, tip: str, widget: QWidget) -> None:
        _describe(widget, label, tip)
        if isinstance(widget, QComboBox):
            # A long entry must not make the panel wide.
            widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            widget.setMinimumContentsLength(10)
        self._form.addRow(label, widget)

    def _method(self) -> tuple[str, str]:
        """The method's name and the checkpoint's path, "" for none."""
        key = self.method.key()
        return (key, "") if key in METHODS else (NEURAL, key)

    @Slot()
    def _on_changed(self) -> None:
        if hasattr(self, "conflict"):  # everything is built
            self._show_what_counts()
            self.changed.emit()

    @Slot()
    def _on_format(self) -> None:
        """Gives another format its own default quality, unless one was chosen."""
        chosen = self.format.currentData()
        if chosen in QUALITY:
            if self.quality.value() == QUALITY[self._lossy]:
                self.quality.setValue(QUALITY[chosen])
            self._lossy = chosen

    @Slot(int)
    def _on_place(self, index: int) -> None:
        self._show_what_counts()
        if index == 1 and not self.folder.text():
            self._choose_folder()
        self.changed.emit()

    @Slot()
    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), self.folder.text())
        if folder:
            self.folder.setText(folder)

    def _show_what_counts(self) -> None:
        """Hides what has no effect and shows how a file will be called."""
        lossy = self.format.currentData() in ("avif", "sdr-avif", "jpeg")
        self._form.setRowVisible(self.chroma, lossy)
        self._form.setRowVisible(self.quality, lossy)
        self._form.setRowVisible(self._folder_row, self.place.currentIndex() == 1)
        trouble = name_problem(self.template.text())
        name = name_of(self.template.text(), self._shown, 1).replace(DATE, self._day or "…")
        if DATE in self.template.text() and not self._day:
            source = self._shown
            self._days.start(lambda _report: (source, day_of_shot(source)))
        self.example.setText(trouble or f"{name}{SUFFIX[self.format.currentData()]}")

    @Slot(object)
    def _show_day(self, found: tuple[Path, str]) -> None:
        if found[0] == self._shown:
            self._day = found[1]
            self._show_what_counts()

    @Slot(str)
    def _show_no_day(self, _sentence: str) -> None:
        self._day = "?"  # the export tells why
        self._show_what_counts()


def _describe(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
