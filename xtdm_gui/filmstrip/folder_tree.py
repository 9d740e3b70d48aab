"""The folders of this machine as a tree."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QModelIndex, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileSystemModel, QTreeView, QWidget

_SORTING_MS = 100  # Qt's model sorts what it has read a little later


class FolderTree(QTreeView):
    """Reads folders from the first time it is seen, in a thread of Qt's; ``folder_chosen`` (Path) by click or Enter."""

    folder_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Folders"))
        self.setToolTip(self.tr("Click a folder to see its raw files"))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self._folders: QFileSystemModel | None = None
        self._shown: Path | None = None
        self._to_be_read: set[Path] = set()
        self._marking = QTimer(self, singleShot=True, interval=_SORTING_MS)
        self._marking.timeout.connect(self._mark)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_folder(self, folder: Path) -> None:
        """Unfolds the tree to this folder, marks it and brings it with what is in it into sight.

        Nothing moves below the mouse: a folder that was chosen here stays where it is.
        """
        if folder == self._shown:
            return
        self._shown = folder
        self._to_be_read = {folder, *folder.parents}
        if self._folders is None:
            return
        if Path(self._folders.filePath(self.currentIndex())) == folder:
            self._to_be_read.clear()
            self._marking.stop()
        else:
            self._mark()

    def showEvent(self, event: QShowEvent) -> None:
        if self._folders is None:
            self._folders = QFileSystemModel(self)
            self._folders.setFilter(QDir.Filter.AllDirs | QDir.Filter.NoDotAndDotDot)
            self._folders.setRootPath("")
            self._folders.directoryLoaded.connect(self._on_loaded)
            self.setModel(self._folders)
            for column in range(1, self._folders.columnCount()):
                self.hideColumn(column)
            self._mark()
        super().showEvent(event)

    @Slot()
    def _mark(self) -> None:
        if self._folders is not None and self._shown is not None:
            index = self._folders.index(str(self._shown))
            self.setCurrentIndex(index)
            self.expand(index)
            self.scrollTo(index, QTreeView.ScrollHint.PositionAtTop)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - 1)  # a row, so that it is seen that there is more above

    @Slot(str)
    def _on_loaded(self, folder: str) -> None:
        """What is read above the marked folder moves it, and what is in it makes room; then scrolling is the user's."""
        if Path(folder) in self._to_be_read:
            self._to_be_read.discard(Path(folder))
            self._marking.start()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if self._folders is not None:
            folder = Path(self._folders.filePath(index))
            if folder != self._shown:
                self.folder_chosen.emit(folder)
