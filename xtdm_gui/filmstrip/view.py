"""The strip or grid itself: scrolls, steps, and keeps what is current and selected when the model changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListView, QWidget

from xtdm_core.frame import CaptureInfo
from xtdm_gui.filmstrip.delegate import CELL, THUMBNAIL, FileDelegate, cell_around
from xtdm_gui.filmstrip.model import FileModel

_Flag = QItemSelectionModel.SelectionFlag


class FileView(QListView):
    """current_changed(Path or None), selection_changed(); sight_changed() when other files came into view.

    asked()             the current file is wanted, by a double click or Enter
    menu_asked(QPoint)  by a right click on a file, or by key; the place is the screen's
    """

    current_changed = Signal(object)
    selection_changed = Signal()
    sight_changed = Signal()
    menu_asked = Signal(QPoint)
    asked = Signal()

    def __init__(self, model: FileModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._files = model
        self._current: Path | None = None
        self._current_row = 0
        self._selected: list[Path] = []
        self._ranges: list[tuple[int, int]] = []  # rows of the selection, whose paths are looked up when asked for
        # The current file that a filter hid, and what was selected with it, until the user goes to another one.
        self._hidden: tuple[Path, list[Path]] | None = None
        self._restoring = self._news = False
        self._thumbnail = THUMBNAIL
        self._place: Path | None = None  # the first visible file, to be kept there; None: the current one is
        self._look_like_a_strip()
        self.setModel(model)
        model.changing.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        self.selectionModel().currentChanged.connect(self._on_moved)
        self.selectionModel().selectionChanged.connect(self._on_moved)
        self.horizontalScrollBar().valueChanged.connect(self.sight_changed)
        self.verticalScrollBar().valueChanged.connect(self.sight_changed)

    def _look_like_a_strip(self) -> None:
        self.setAccessibleName(self.tr("Raw files"))
        self.setItemDelegate(FileDelegate(self, self._cell_size, lambda: self._thumbnail))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(CELL.height() // 3)
        self.horizontalScrollBar().setSingleStep(CELL.width() // 3)

    def set_orientation(self, orientation: Qt.Orientation) -> None:
        """One row that scrolls sideways, or a grid that scrolls down."""
        across = orientation == Qt.Orientation.Horizontal
        policies = Qt.ScrollBarPolicy
        self.setWrapping(not across)
        self.setHorizontalScrollBarPolicy(policies.ScrollBarAsNeeded if across else policies.ScrollBarAlwaysOff)
        # Always on: Qt lays the cells out before it knows whether there will be one.
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOff if across else policies.ScrollBarAlwaysOn)
        bar = self.horizontalScrollBar().sizeHint().height() if across else self.verticalScrollBar().sizeHint().width()
        frame = 2 * self.frameWidth()
        self.setMinimumSize(CELL.width() + frame + (0 if across else bar), CELL.height() + frame + (bar * across))
        self.setMaximumHeight(CELL.height() + frame + bar if across else 16_777_215)  # Qt's "no bound"

    def set_thumbnail_size(self, size: QSize) -> None:
        """How large files are shown, in logical pixels; the place stays."""
        if size != self._thumbnail:
            self._thumbnail = size
            self.verticalScrollBar().setSingleStep(cell_around(size).height() // 3)
            self.scheduleDelayedItemsLayout()
            self.sight_changed.emit()

    def show_current(self) -> None:
        """Brings the current file into sight."""
        self.scrollTo(self.currentIndex())

    def current(self) -> Path | None:
        """The file with the outline."""
        return self._current

    def current_info(self) -> CaptureInfo:
        """What the camera says of the file with the outline, as far as somebody has looked."""
        return self._files.info(self._current) if self._current is not None else CaptureInfo()

    def selected(self) -> list[Path]:
        """In the order of the view."""
        if not self._selected:
            self._selected = [self._files.path(row) for first, last in self._ranges for row in range(first, last + 1)]
        return list(self._selected)

    def expect(self, path: Path | None) -> None:
        """Of the files that the model gets next, this one is to be current; None: the first."""
        self._current, self._current_row, self._selected = path, 0, [path] if path else []
        self._ranges = []
        self._hidden = None
        self._news = True  # it is told even though it is what was expected

    def forget_hidden(self) -> None:
        """Do not go back to a file that is hidden now."""
        self._hidden = None

    def go_to(self, row: int) -> None:
        """Makes a row the current and only selected one; nothing where there is none."""
        if 0 <= row < self._files.rowCount():
            # The view's own method minds the keys that are held down, as those of a shortcut are.
            self.selectionModel().setCurrentIndex(self._files.index(row), _Flag.ClearAndSelect)

    def make_current(self, path: Path) -> None:
        """Gives a file the outline; what is selected stays."""
        row = self._files.row(path)
        if row >= 0:
            self.selectionModel().setCurrentIndex(self._files.index(row), _Flag.NoUpdate)

    def step(self, rows: int) -> None:
        """Move on by some rows, as far as there are any."""
        if self._files.rowCount():
            self.go_to(max(0, min(self.currentIndex().row() + rows, self._files.rowCount() - 1)))

    def visible_rows(self) -> range:
        """The rows that are at least partly in sight."""
        count = self._files.rowCount()
        return range(max(0, self.indexAt(QPoint(1, 1)).row()), self._last_visible(count) + 1) if count else range(0)

    def wanted(self) -> list[Path]:
        """The visible files, then those one page further, then those one page back."""
        seen = self.visible_rows()
        after, before = range(seen.stop, seen.stop + len(seen)), range(seen.start - 1, seen.start - 1 - len(seen), -1)
        count = self._files.rowCount()
        return [self._files.path(row) for row in (*seen, *after, *before) if 0 <= row < count]

    def thumbnail_box(self) -> QSize:
        """In device pixels of the screen that the view is on."""
        ratio = self.devicePixelRatioF()
        return QSize(round(self._thumbnail.width() * ratio), round(self._thumbnail.height() * ratio))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.sight_changed.emit()
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu_asked.emit(self.viewport().mapToGlobal(place))

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        """All that is seen: to ask for each file's place takes longer than painting what is in sight."""
        return QRegion(self.viewport().rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for a file; Qt's own signal for that comes at a single click on some desktops."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.asked.emit()

    def keyboardSearch(self, _text: str) -> None:
        """Letters are the window's shortcuts; to find a file there is the filter."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sight_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.sight_changed.emit()

    def _cell_size(self) -> QSize:
        """The cells of a grid fill its width, but for the pixel that Qt wants behind them."""
        least = cell_around(self._thumbnail)
        if not self.isWrapping():
            return least
        width = (self.viewport().width() - 1) // self._columns()
        return QSize(max(width, least.width()), least.height())

    def _columns(self) -> int:
        return max(1, (self.viewport().width() - 1) // cell_around(self._thumbnail).width())

    def _last_visible(self, count: int) -> int:
        width, height = self.viewport().width(), self.viewport().height()
        if not self.isWrapping():
            end = self.indexAt(QPoint(width - 1, 1))
            return end.row() if end.isValid() else count - 1
        start_of_row = self.indexAt(QPoint(1, height - 1))
        return min(count, start_of_row.row() + self._columns()) - 1 if start_of_row.isValid() else count - 1

    @Slot()
    def _before_reset(self) -> None:
        self._restoring = True
        self.selected()  # rows do not outlive the reset
        seen = self.visible_rows()
        current_seen = self._current is None or self._files.row(self._current) in seen
        # A file that is expected comes into sight, wherever the strip was.
        self._place = None if current_seen or self._news or not seen else self._files.path(seen.start)

    @Slot()
    def _after_reset(self) -> None:
        """Selects what was selected; where the current file is gone, its neighbour takes its place until it is back."""
        count = self._files.rowCount()
        wanted = self._to_be_current()
        current, selected = wanted
        hidden = None if wanted is self._hidden else self._hidden
        row = self._files.row(current) if current else -1
        rows = [kept for path in selected if (kept := self._files.row(path)) >= 0]
        if row < 0 and current:
            hidden = hidden or (current, selected)
        if row < 0 and count:
            row = min(self._current_row, count - 1)
            rows = rows or [row]
        selection = QItemSelection()
        for first, last in _runs(sorted(rows)):
            selection.select(self._files.index(first), self._files.index(last))
        self.selectionModel().select(selection, _Flag.ClearAndSelect)
        self.selectionModel().setCurrentIndex(self._files.index(row) if row >= 0 else QModelIndex(), _Flag.NoUpdate)
        self._restoring = False
        self._on_moved()
        self._hidden = hidden
        place = self._files.row(self._place) if self._place else -1
        if place >= 0:
            self.scrollTo(self._files.index(place), QListView.ScrollHint.PositionAtTop)
        elif row >= 0:
            self.scrollTo(self._files.index(row))
        self.sight_changed.emit()

    def _to_be_current(self) -> tuple[Path | None, list[Path]]:
        """The current and the selected files, or those that were so before they were hidden and are back."""
        if self._hidden is not None and self._files.row(self._hidden[0]) >= 0:
            return self._hidden
        return self._current, self.selected()

    @Slot()
    def _on_moved(self) -> None:
        """Emit what is new, once, and remember it by path: rows do not outlive a reset of the model."""
        if self._restoring:
            return
        index = self.currentIndex()
        current = self._files.path(index.row()) if index.isValid() else None
        self._current_row = index.row() if index.isValid() else 0
        selection = self.selectionModel().selection()
        parts = [selection.at(i) for i in range(selection.size())]
        ranges = _merged(sorted((part.top(), part.bottom()) for part in parts))
        other_selected, other_current = self._are_others(ranges), current != self._current
        if other_selected:
            self._selected = []
        self._ranges, self._current = ranges, current
        if other_current:
            self._hidden = None
        news, self._news = self._news, False
        if other_selected or news:
            self.selection_changed.emit()
        if other_current or news:
            self.current_changed.emit(current)

    def _are_others(self, ranges: list[tuple[int, int]]) -> bool:
        """Whether rows of the model as it is now are other files than those that were selected."""
        if not self._selected:
            return ranges != self._ranges
        count = sum(last - first + 1 for first, last in ranges)
        rows = (row for first, last in ranges for row in range(first, last + 1))
        return count != len(self._selected) or any(
            self._files.row(path) != row for path, row in zip(self._selected, rows, strict=True)
        )


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ranges of rows; those that touch become one."""
    merged: list[tuple[int, int]] = []
    for first, last in ranges:
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of rows that follow each other."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        run = [row for _, row in group]
        yield run[0], run[-1]
