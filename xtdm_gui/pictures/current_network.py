"""The network that the window works with: one for what is seen, exported and chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from xtdm_core.assets import DEFAULT_NETWORK, shipped_networks


class CurrentNetwork(QObject):
    """A checkpoint, at first the default one. Panels show it, set it, and follow each other by it.

    changed(Path)  it was set, by whomever
    chosen(Path)   it was set because the user wants to see and export what it makes; also if it was set before, for
                   the file may be another by now
    """

    changed = Signal(object)
    chosen = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = shipped_networks()[DEFAULT_NETWORK]

    @property
    def path(self) -> Path:
        """The checkpoint."""
        return self._path

    def restore(self, path: Path) -> None:
        """Set what was chosen in an earlier session; panels keep what they show."""
        self._path = path
        self.changed.emit(path)

    def choose(self, path: Path) -> None:
        """Set what the user has chosen."""
        self.restore(path)
        self.chosen.emit(path)
