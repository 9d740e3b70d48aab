"""The window: the raw files of a folder at the left, the chosen one at the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QMenu,
    QProgressBar,
    QSplitter,
    QStackedWidget,
)

from xtdm_core.convert import RAW_SUFFIXES
from xtdm_core.progress import Progress
from xtdm_gui.engine import Engine
from xtdm_gui.picture import Picture
from xtdm_gui.viewer import Viewer


class MainWindow(QMainWindow):
    """Opens folders of raw files and shows the selected one as the network renders it.

    settled  emitted when a picture, or the reason why there is none, is on screen
    """

    settled = Signal()

    def __init__(self, engine: Engine | None = None) -> None:
        super().__init__()
        self._engine = engine
        self.setWindowTitle(self.tr("XTDM"))
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        self._build()
        self._build_menus()
        self._tell(self.tr("Open a folder of raw files (Ctrl+O), or drop one here."))

    def _build(self) -> None:
        self.files = QListWidget()
        self.files.setAccessibleName(self.tr("Raw files"))
        self.files.currentItemChanged.connect(self._start)
        self.words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, margin=40)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.viewer = Viewer(self._engine)
        self.viewer.progressed.connect(self._show_progress)
        self.viewer.picture_changed.connect(self._show_picture)
        self.viewer.readout_changed.connect(self._show_readout)
        self.viewer.settled.connect(self._settle)
        self._pane = QStackedWidget()
        self._pane.addWidget(self.words)
        self._pane.addWidget(self.viewer)
        splitter = QSplitter()
        splitter.addWidget(self.files)
        splitter.addWidget(self._pane)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([240, 1040])
        self.setCentralWidget(splitter)
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setIndent(6)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setFixedWidth(220)
        self._bar.hide()
        self.statusBar().addWidget(self.note, 1)
        self.statusBar().addPermanentWidget(self._bar)

    def _build_menus(self) -> None:
        file_menu = self.menuBar().addMenu(self.tr("&File"))
        self._action(file_menu, self.tr("&Open folder…"), "Ctrl+O", self._choose_folder)
        self._action(file_menu, self.tr("&Quit"), "Ctrl+Q", self.close)
        view_menu = self.menuBar().addMenu(self.tr("&View"))
        view_menu.addActions(self.viewer.actions())

    def _action(self, menu: QMenu, text: str, shortcut: str, slot: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda _checked=False: slot())
        menu.addAction(action)

    def open_path(self, path: Path) -> None:
        """Opens a folder, or a file within its folder, and shows its first or that picture."""
        self.files.clear()
        try:
            folder, files = _folder_and_files(path.absolute())
        except OSError as error:
            self._show_error(self.tr("{0} cannot be opened: {1}").format(path, error.strerror))
            return
        self.setWindowTitle(self.tr("{0} – XTDM").format(folder.name or folder))
        if not files:
            self._show_error(self.tr("There are no RAF or DNG files in {0}").format(folder))
            return
        for file in files:
            item = QListWidgetItem(file.name)
            item.setData(Qt.ItemDataRole.UserRole, str(file))
            item.setToolTip(str(file))
            self.files.addItem(item)
        self.files.setCurrentRow(files.index(path.absolute()) if path.absolute() in files else 0)
        self.files.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.viewer.close_pictures()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if urls:
            self.open_path(Path(urls[0].toLocalFile()))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Open a folder of raw files"))
        if folder:
            self.open_path(Path(folder))

    @Slot(QListWidgetItem, QListWidgetItem)
    def _start(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        self.viewer.show_path(None if item is None else Path(item.data(Qt.ItemDataRole.UserRole)))
        self.note.setText("" if item is None else item.text())
        self._pane.setCurrentWidget(self.words if item is None else self.viewer)

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        self._bar.setMaximum(progress.total)
        self._bar.setValue(progress.done)
        self._bar.setFormat(progress.stage)
        self._bar.show()

    @Slot(object)
    def _show_picture(self, picture: Picture | None) -> None:
        if picture is not None:
            height, width = picture.frame.mosaic.shape
            self.note.setText(self.tr("{0}: {1} × {2}").format(picture.path.name, width, height))

    @Slot(str)
    def _show_readout(self, values: str) -> None:
        self.note.setText(values)

    @Slot()
    def _settle(self) -> None:
        self._bar.hide()
        self.settled.emit()

    def _show_error(self, sentence: str) -> None:
        self._tell(sentence)
        self.settled.emit()

    def _tell(self, sentence: str) -> None:
        """Words in the picture's place."""
        self._bar.hide()
        self.viewer.show_path(None)
        self.words.setText(sentence)
        self._pane.setCurrentWidget(self.words)
        self.note.clear()


def _folder_and_files(path: Path) -> tuple[Path, list[Path]]:
    """The folder of a path, and the raw files in it; a file given by name is among them. Raises OSError."""
    path.stat()  # raises where there is nothing; is_dir would only be False
    folder = path if path.is_dir() else path.parent
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in RAW_SUFFIXES and p.is_file())
    if folder != path and path not in files:
        files.insert(0, path)
    return folder, files
