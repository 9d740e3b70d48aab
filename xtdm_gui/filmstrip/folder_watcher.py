"""Emits a signal when a folder, or one of its broken files, has changed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from xtdm_core.files import is_folder

_SETTLING_MS = 400  # a folder into which files are being copied is told of this often at most
_MOST_FILES = 64


class FolderWatcher(QObject):
    """changed(): something happened to the folder, or to a broken file in it."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_folder)
        self._watcher.fileChanged.connect(self._on_file)
        self._folder = Path()
        self._broken: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=_SETTLING_MS)
        self._timer.timeout.connect(self.changed)

    def watch(self, folder: Path) -> None:
        """Watches this folder, and the one around it, which is told when this one gets another name."""
        self.stop()
        self._folder = folder
        self._watcher.addPaths([str(folder), str(folder.parent)])

    def watch_broken(self, path: Path) -> None:
        """The file may still be on its way into the folder; beyond some dozens only the folder is watched."""
        if str(path) not in self._broken and len(self._broken) < _MOST_FILES and self._watcher.addPath(str(path)):
            self._broken.add(str(path))

    def unwatch(self, path: Path) -> None:
        """The file is whole."""
        if str(path) in self._broken:
            self._broken.discard(str(path))
            self._watcher.removePath(str(path))

    def stop(self) -> None:
        """Emit nothing more."""
        self._timer.stop()
        self._broken.clear()
        watched = self._watcher.directories() + self._watcher.files()
        if watched:
            self._watcher.removePaths(watched)

    @Slot(str)
    def _on_folder(self, name: str) -> None:
        if name == str(self._folder) or not is_folder(self._folder):
            self._start()

    @Slot(str)
    def _on_file(self, name: str) -> None:
        if name not in self._watcher.files():  # deleted, or another file took its place
            self._broken.discard(name)
        self._start()

    @Slot()
    def _start(self) -> None:
        if not self._timer.isActive():  # not again: of a long copy nothing would be told
            self._timer.start()
