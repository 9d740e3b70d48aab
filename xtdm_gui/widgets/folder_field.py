"""A field for a folder, with a button that chooses one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from xtdm_core.files import is_folder


class FolderField(QWidget):
    """One line; changed() when its text does."""

    changed = Signal()

    def __init__(self, name: str, tip: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.edit = QLineEdit(placeholderText=hint)
        self.edit.setAccessibleName(name)
        self.edit.setToolTip(tip)
        self.edit.setClearButtonEnabled(True)
        self.edit.textChanged.connect(self.changed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addWidget(self.edit, 1)
        self.browse = self.add_button(self.tr("…"), self.tr("Choose: {0}").format(name), tip)
        self.browse.clicked.connect(self._choose)

    def add_button(self, text: str, name: str, tip: str) -> QToolButton:
        """Another button at the end."""
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        self._row.addWidget(button)
        return button

    def text(self) -> str:
        """The folder, "" for none."""
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        """Shows another folder."""
        self.edit.setText(text)

    @Slot()
    def _choose(self) -> None:
        before = self.text()
        folder = QFileDialog.getExistingDirectory(self, self._name, before if is_folder(Path(before)) else "")
        if folder:
            self.set_text(folder)
