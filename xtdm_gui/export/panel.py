"""Export: how the selected files are written, and the queue that writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionProgressBar,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from xtdm_core.assets import DEFAULT_NETWORK, shipped_networks
from xtdm_core.batch import TargetNames
from xtdm_core.choices import NEURAL, SUFFIX, Chroma, Conflict, DemosaicMethod, Format, MetadataPolicy
from xtdm_core.conversion import ConvertOptions
from xtdm_core.develop.tone import Look
from xtdm_core.worker import ConversionRequest
from xtdm_gui.export.form import ExportForm
from xtdm_gui.export.names import name_of
from xtdm_gui.export.queue import FRACTION, ExportQueue
from xtdm_gui.export.task import ExportState
from xtdm_gui.formatting import about, counted, number
from xtdm_gui.icons import icon
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.settings import ExportChoice, Preferences

_STEPS = 1000  # of a progress bar
_CLOCK_MS = 1000


class ExportPanel(QWidget):
    """Exports the selection in the background.

    exported(source), failed(source, sentence)
    progressed(fraction, text)  of the whole queue; an empty text when it is idle
    action                      for menus: export the selection
    """

    exported = Signal(object)
    failed = Signal(object, str)
    progressed = Signal(float, str)

    def __init__(
        self,
        network: CurrentNetwork,
        looks: Callable[[Path], Look],
        parent: QWidget | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """Ask ``looks`` for a file's look when its turn comes; ``command`` replaces the engine's own, for tests."""
        super().__init__(parent)
        self.action = QAction(icon("export"), QCoreApplication.translate("MainWindow", "&Export the selection"), self)
        self.action.setShortcut(QKeySequence("Ctrl+E"))
        self.queue = ExportQueue(self, looks, command)
        self.queue.began.connect(self._follow)
        self.queue.exported.connect(self.exported)
        self.queue.failed.connect(self.failed)
        self.queue.progressed.connect(self._show_state)
        self._selection: list[Path] = []
        self._preferences = Preferences()
        self._names = TargetNames()
        self._followed = QPersistentModelIndex()  # the row at work, or the last that was
        self._clock = QTimer(self, interval=_CLOCK_MS)  # the time left runs down between two files
        self._clock.timeout.connect(self._show_state)
        self._build()
        self._show_state()
        network.chosen.connect(self.use_weights)

    def set_selection(self, paths: Sequence[Path]) -> None:
        """The files that the button exports."""
        self._selection = list(paths)
        self.form.set_example(paths[0] if paths else None)
        self._show_state()

    def set_preferences(self, preferences: Preferences) -> None:
        """Device and tiles of what is exported from now on."""
        self._preferences = preferences

    def set_choice(self, choice: ExportChoice) -> None:
        """Fills the form."""
        self.form.set_choice(choice)

    @Slot(object)
    def use_weights(self, weights: Path) -> None:
        """Exports with another checkpoint, where the network is what demosaics."""
        choice = self.form.choice()
        if choice.demosaic == NEURAL:
            default = weights == shipped_networks()[DEFAULT_NETWORK]
            self.form.set_choice(replace(choice, weights="" if default else str(weights)))

    def choice(self) -> ExportChoice:
        """What the form says."""
        return self.form.choice()

    def busy(self) -> bool:
        """Whether files are still to be written."""
        return self.queue.busy()

    def close(self) -> bool:
        """Ends the queue at once; nothing half-written is left."""
        self._clock.stop()
        self.form.close()
        self.queue.close()
        return super().close()

    @Slot()
    def start(self) -> None:
        """Puts the selection into the queue."""
        if not self.form.trouble():
            self.queue.add([self._order(source, i + 1) for i, source in enumerate(self._selection)])

    def _order(self, source: Path, counter: int) -> ConversionRequest:
        choice, preferences = self.form.choice(), self._preferences
        folder = Path(choice.folder) if choice.folder else source.parent
        suffix = SUFFIX[choice.format]
        target = self._names.claim(source, folder, name_of(choice.template, source, counter), suffix)
        options = ConvertOptions(
            Format(choice.format),
            DemosaicMethod(choice.demosaic),
            chroma=Chroma(choice.chroma),
            quality=choice.quality,
            max_size=choice.max_size or None,
            metadata=MetadataPolicy(choice.metadata),
            tile_side=preferences.tile_side,
        )
        return ConversionRequest(
            source=source,
            folder=folder,
            name=target.name.removesuffix(suffix),
            conflict=Conflict(choice.conflict),
            options=options,
            weights=Path(choice.weights) if choice.weights else None,
            device=preferences.device,
        )

    def _build(self) -> None:
        self.form = ExportForm()
        self.form.changed.connect(self._show_state)
        self.go = QPushButton()
        self.go.setToolTip(self.tr("Write the files selected in the filmstrip"))
        self.go.clicked.connect(self.start)
        self.hint = QLabel(wordWrap=True)
        self.table = self._build_table()
        self.bar = QProgressBar(maximum=_STEPS)
        self.bar.setAccessibleName(self.tr("Progress of the export"))
        self.bar.setToolTip(self.tr("How much of the queue is done"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.form)
        layout.addWidget(self.hint)
        layout.addWidget(self.go)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.bar)
        for row in self._build_buttons():
            layout.addLayout(row)

    def _build_table(self) -> QTableView:
        table = QTableView()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setModel(self.queue)
        table.setItemDelegateForColumn(1, _Bars(table))
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().resizeSection(0, 130)
        table.setMinimumHeight(90)
        table.setTabKeyNavigation(False)
        table.setAccessibleName(self.tr("Export queue"))
        table.setToolTip(self.tr("The files to write; choose some to cancel or retry them"))
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        copy = QAction(self.tr("Copy the error's details"), table)
        copy.triggered.connect(self._copy_details)
        table.addAction(copy)
        table.selectionModel().selectionChanged.connect(self._show_state)
        return table

    def _build_buttons(self) -> list[QHBoxLayout]:
        self.pause = self._button(self.tr("Pause"), self.tr("Finish the current file and start no other"), self._pause)
        self.pause.setCheckable(True)
        self.cancel = self._button(
            self.tr("Cancel"), self.tr("Cancel the files chosen in the list, at once"), self._cancel
        )
        self.cancel_all = self._button(
            self.tr("Cancel all"), self.tr("Cancel everything that is not done, at once"), self.queue.cancel_all
        )
        self.retry = self._button(
            self.tr("Retry"),
            self.tr("Try failed and cancelled files again: those chosen in the list, or all"),
            self._retry,
        )
        self.clear = self._button(
            self.tr("Clear"), self.tr("Remove finished files from the list"), self.queue.clear_finished
        )
        self.open = self._button(self.tr("Open folder"), self.tr("Show where the pictures are"), self._open_folder)
        rows = []
        for buttons in ((self.pause, self.cancel, self.cancel_all), (self.retry, self.clear, self.open)):
            row = QHBoxLayout()
            for button in buttons:
                row.addWidget(button)
            rows.append(row)
        return rows

    def _button(self, text: str, tip: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda _checked=False: slot())
        return button

    def chosen_rows(self) -> list[int]:
        """The rows chosen in the list."""
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    @Slot(int)
    def _follow(self, row: int) -> None:
        """Keeps the row at work in sight, unless the user has chosen others or scrolled away from it."""
        before, self._followed = self._followed, QPersistentModelIndex(self.queue.index(row, 0))
        place = self.table.visualRect(self.queue.index(before.row(), 0))
        in_sight = self.table.viewport().rect().intersects(place)
        if in_sight and not self.table.selectionModel().hasSelection():
            self.table.scrollTo(self.queue.index(row, 0))

    def _pause(self) -> None:
        self.queue.pause(self.pause.isChecked())

    def _cancel(self) -> None:
        self.queue.cancel(self.chosen_rows())

    def _retry(self) -> None:
        self.queue.retry(self.chosen_rows())

    def _open_folder(self) -> None:
        folder = self._shown_folder()
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _copy_details(self) -> None:
        from xtdm_gui.log import details

        tasks = [self.queue.tasks[row] for row in self.chosen_rows()]
        failures = [f"{task.order.source}: {task.sentence}" for task in tasks if task.state is ExportState.FAILED]
        QApplication.clipboard().setText(details(dict(zip(failures, failures, strict=True))))

    def _shown_folder(self) -> Path | None:
        """Where the chosen or the last written picture is."""
        tasks = [self.queue.tasks[row] for row in self.chosen_rows()] or self.queue.tasks[::-1]
        return next((task.target.parent for task in tasks if task.target is not None), None)

    @Slot()
    def _show_state(self) -> None:
        trouble = self.form.trouble()
        count = len(self._selection)
        go = counted(count, self.tr("Export one file"), self.tr("Export {0} files"))
        self.go.setText(go if count else self.tr("Export"))
        self.go.setEnabled(bool(count) and not trouble)
        self.hint.setText(trouble or ("" if count else self.tr("Select files in the filmstrip to export them.")))
        self.hint.setVisible(bool(self.hint.text()))
        self._show_buttons()
        self._show_progress()

    def _show_buttons(self) -> None:
        tasks, busy = self.queue.tasks, self.queue.busy()
        chosen = [tasks[row] for row in self.chosen_rows()]
        self.pause.setEnabled(busy or self.queue.paused)
        self.pause.setText(self.tr("Resume") if self.queue.paused else self.tr("Pause"))
        self.cancel.setEnabled(any(task.is_open for task in chosen))
        self.cancel_all.setEnabled(busy)
        self.retry.setEnabled(bool(self.queue.retryable(self.chosen_rows())))
        self.clear.setEnabled(any(not task.is_open for task in tasks))
        self.open.setEnabled(self._shown_folder() is not None)

    def _show_progress(self) -> None:
        busy = self.queue.busy()
        self._show_clock(busy)
        self.bar.setVisible(bool(self.queue.tasks))
        self.bar.setValue(round(_STEPS * self.queue.fraction()))
        text = self._summary() if not busy else self._progress_text()
        self.bar.setFormat(text)
        self.progressed.emit(self.queue.fraction(), text if busy else "")

    def _show_clock(self, busy: bool) -> None:
        if busy and not self._clock.isActive():
            self._clock.start()
        elif not busy:
            self._clock.stop()

    def _progress_text(self) -> str:
        left = self.queue.count(ExportState.WAITING, ExportState.RUNNING)
        text = counted(left, self.tr("one file to go"), self.tr("{0} files to go"))
        if self.queue.paused:
            at_work = self.queue.count(ExportState.RUNNING)
            words = self.tr("{0}, pausing after this file") if at_work else self.tr("{0}, paused")
            return words.format(text)
        seconds = self.queue.seconds_left()
        return text if seconds is None else self.tr("{0}, {1} left").format(text, about(seconds))

    def _summary(self) -> str:
        text = self.tr("{0} written").format(number(self.queue.count(ExportState.WRITTEN)))
        for state, words in (
            (ExportState.SKIPPED, self.tr("{0}, {1} skipped")),
            (ExportState.FAILED, self.tr("{0}, {1} failed")),
            (ExportState.CANCELLED, self.tr("{0}, {1} cancelled")),
        ):
            count = self.queue.count(state)
            text = words.format(text, number(count)) if count else text
        return text


class _Bars(QStyledItemDelegate):
    """Draws the file at work as a progress bar."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        fraction = index.data(FRACTION)
        if fraction is None:
            super().paint(painter, option, index)
            return
        bar = QStyleOptionProgressBar()
        bar.rect = option.rect.adjusted(2, 2, -2, -2)
        bar.palette = option.palette
        bar.fontMetrics = option.fontMetrics
        bar.state = QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Horizontal
        bar.maximum = _STEPS
        bar.progress = round(_STEPS * fraction)
        bar.text = index.data()
        bar.textVisible = True
        QApplication.style().drawControl(QStyle.ControlElement.CE_ProgressBar, bar, painter)
