"""All keys, read from the menus themselves, and what the mouse does."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QMenu,
    QMenuBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

_HEIGHT, _SPARE = 640, 24  # px


class KeysDialog(QDialog):
    """A list of (what, key), grouped as the menus are."""

    def __init__(self, menus: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys and mouse"))
        self.list = QTreeWidget()
        self.list.setHeaderLabels([self.tr("What"), self.tr("Key")])
        self.list.setAccessibleName(self.tr("Keys"))
        self.list.setRootIsDecorated(False)
        self._fill(self.tr("In the picture"), self._in_picture())
        for action in menus.actions():
            menu = action.menu()
            if isinstance(menu, QMenu):
                self._fill(_plain(action.text()), _keys(menu))
        self.list.expandAll()
        self.list.setWordWrap(True)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        self._fit(layout.contentsMargins().left() + layout.contentsMargins().right())

    def _fit(self, margins: int) -> None:
        """As wide as the longest lines in any language, as far as the screen goes."""
        columns = sum(self.list.sizeHintForColumn(column) for column in (0, 1))
        bar = self.list.verticalScrollBar().sizeHint().width()
        room = self.screen().availableSize()
        width = columns + bar + 2 * self.list.frameWidth() + margins + _SPARE
        self.resize(min(width, room.width()), min(_HEIGHT, room.height()))

    def _fill(self, title: str, rows: Iterator[tuple[str, str]]) -> None:
        group = QTreeWidgetItem([title])
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        self.list.addTopLevelItem(group)
        group.addChildren([QTreeWidgetItem([f"    {what}", key]) for what, key in rows])

    def _in_picture(self) -> Iterator[tuple[str, str]]:
        yield self.tr("Zoom at the cursor"), self.tr("Wheel")
        yield self.tr("Pan"), self.tr("Drag, also with Space held")
        yield self.tr("Actual size and back"), self.tr("Double click")
        yield self.tr("Next and previous file where all of the picture is seen, else pan"), self.tr("Arrow keys")


def _keys(menu: QMenu) -> Iterator[tuple[str, str]]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _keys(inner)
        elif action.shortcuts():
            yield _plain(action.text()), _shown(action)


def _shown(action: QAction) -> str:
    return ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())


def _plain(text: str) -> str:
    return text.replace("&", "")
