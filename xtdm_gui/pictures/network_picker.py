"""Where a network is chosen: a list that any checkpoint can be added to, and the dialog that finds its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from xtdm_core.demosaicing.methods import CHECKPOINT_SUFFIXES
from xtdm_gui.pictures.renderings import RenderingSource

_FROM_FILE = "\0"  # no path holds it


class NetworkPicker(QComboBox):
    """Networks, and what else is offered in their place, by key: a checkpoint's is its path.

    chosen(key)  by the user; ``set_key`` emits nothing
    """

    chosen = Signal(str)

    def __init__(self, entries: Mapping[str, str], from_file: str, parent: QWidget | None = None) -> None:
        """Offer ``entries``, labels by key, the first of them chosen, and below all ``from_file`` for any other."""
        super().__init__(parent)
        for key, label in entries.items():
            self._insert(self.count(), key, label)
        self.addItem(from_file, _FROM_FILE)
        self._key = next(iter(entries))
        self.activated.connect(self._on_activated)

    def key(self) -> str:
        """The chosen entry's key, until a file is chosen that of the entry before."""
        key = str(self.currentData())
        return self._key if key == _FROM_FILE else key

    def set_key(self, key: str) -> None:
        """Choose an entry; a checkpoint that is not among them is added."""
        if self.findData(key) < 0:
            self._insert(self.count() - 1, key, RenderingSource.network(Path(key)).label())
        self._key = key
        self.setCurrentIndex(self.findData(key))

    def _insert(self, at: int, key: str, label: str) -> None:
        self.insertItem(at, label, key)
        if Path(key).is_absolute():
            self.setItemData(at, key, Qt.ItemDataRole.ToolTipRole)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        key = str(self.itemData(index))
        if key == _FROM_FILE:
            path = ask_checkpoint(self)
            if path is None:
                self.set_key(self._key)
                return
            key = str(path)
        self.set_key(key)
        self.chosen.emit(key)


def ask_checkpoint(parent: QWidget) -> Path | None:
    """Ask for a checkpoint's file; None where the user changed their mind."""
    translate = QCoreApplication.translate
    title = translate("NetworkPicker", "Open a checkpoint")
    patterns = " ".join(f"*{suffix}" for suffix in CHECKPOINT_SUFFIXES)
    kinds = translate("NetworkPicker", "Checkpoints ({0});;All files (*)").format(patterns)
    name, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(name) if name else None
