"""The controls above the filmstrip: folders, order, filter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from xtdm_gui.filmstrip.model import Badge, SortKey, Without
from xtdm_gui.filmstrip.rating_filter import RatingFilterButton

_RECENT_KEY, _ORDER_KEY, _DESCENDING_KEY = "filmstrip/recent_folders", "filmstrip/order", "filmstrip/descending"
_MOST_RECENT = 10
_TYPING_MS = 200  # what is typed in one go is looked for once


class FilterBox(QLineEdit):
    """A line that lets go of the keyboard: Enter keeps what was typed, Escape empties it first and then leaves.

    left()  the keyboard is to go elsewhere
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            event.accept()


class FilmstripToolbar(QWidget):
    """order_changed(SortKey, descending), filter_changed(text, BadgeFilter, RatingFilter),
    recent_chosen(Path).

    filter_left()  the user has done with the filter's box: the keys are to be the files' again

    tree_action    checkable: whether the folder tree is to be seen
    filter_action  moves the focus to the filter
    recent_menu    the folders that were opened last
    Order and recent folders are kept in ``settings`` where there are any.
    """

    order_changed = Signal(object, bool)
    filter_changed = Signal(str, object, object)
    recent_chosen = Signal(object)
    filter_left = Signal()

    def __init__(self, settings: QSettings | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self._recent = _stored(settings)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._emit_filter)
        self._build_actions()
        self._build_order()
        self._build_filter()
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()

    def recent_folders(self) -> list[Path]:
        """The folders that were opened last, the latest first."""
        return list(self._recent)

    def add_recent(self, folder: Path) -> None:
        """Puts a folder on top of the recent ones."""
        self._set_recent([folder, *(other for other in self._recent if other != folder)][:_MOST_RECENT])

    def remove_recent(self, folder: Path) -> None:
        """Takes a folder off the recent ones, for example one that is gone."""
        self._set_recent([other for other in self._recent if other != folder])

    def restore_order(self) -> None:
        """Sorts as it was sorted last, and tells so."""
        stored = self._settings.value(_ORDER_KEY) if self._settings is not None else None
        known = [key for key in SortKey if key.value == stored]
        if self._settings is not None and known:
            descending = self._settings.value(_DESCENDING_KEY, False, bool)
            self.order.setCurrentIndex(self.order.findData(known[0]))
            self.direction.setChecked(bool(descending))

    def clear_filter(self) -> None:
        """Shows all files again."""
        self.filter.clear()
        self.badge.setCurrentIndex(0)
        self.rated.clear()
        self._emit_filter()

    def set_orientation(self, orientation: Qt.Orientation) -> None:
        """In one row above a horizontal strip, in three above a vertical one."""
        across = orientation == Qt.Orientation.Horizontal
        directions = QBoxLayout.Direction
        self._rows.setDirection(directions.LeftToRight if across else directions.TopToBottom)

    def _build_actions(self) -> None:
        self.tree_action = QAction(self.tr("Folder &tree"), self, checkable=True)
        self.tree_action.setIconText(self.tr("Folders"))
        self.tree_action.setShortcut("Ctrl+T")
        self.tree_action.setToolTip(self.tr("Show or hide the folder tree (Ctrl+T)"))
        self.filter_action = QAction(self.tr("&Filter files"), self)
        self.filter_action.setShortcut("Ctrl+F")
        self.filter_action.triggered.connect(self._focus_filter)
        self.recent_menu = QMenu(self.tr("&Recent folders"), self)
        self.recent_menu.aboutToShow.connect(self._fill_recent_menu)
        self.recent_menu.menuAction().setIconText(self.tr("Recent"))
        self.recent_menu.menuAction().setToolTip(self.tr("Open one of the folders that were opened last"))

    def _build_order(self) -> None:
        self.order = QComboBox()
        for key, text in (
            (SortKey.NAME, self.tr("Name")),
            (SortKey.TIME, self.tr("Time")),
            (SortKey.SHARPNESS, self.tr("Sharpness")),
            (SortKey.RATING, self.tr("Stars")),
            (SortKey.ISO, self.tr("ISO")),
            (SortKey.LENS, self.tr("Lens")),
            (SortKey.CAMERA, self.tr("Camera")),
        ):
            self.order.addItem(text, key)
        self.order.setAccessibleName(self.tr("Sort by"))
        self.order.setToolTip(
            self.tr("Sort the files by name, rating, sharpness of their previews or what the camera says")
        )
        self.order.currentIndexChanged.connect(self._on_key)
        self.direction = QToolButton(arrowType=Qt.ArrowType.UpArrow)
        self.direction.setCheckable(True)
        self.direction.setAccessibleName(self.tr("Descending"))
        self.direction.setToolTip(self.tr("Sort the other way round"))
        self.direction.toggled.connect(self._emit_order)

    def _build_filter(self) -> None:
        self.filter = FilterBox(clearButtonEnabled=True)
        self.filter.setPlaceholderText(self.tr("Name, camera, lens, iso6400 …"))
        self.filter.setAccessibleName(self.tr("Filter by words"))
        self.filter.setToolTip(
            self.tr("Show only files with these words in their name, date, camera, lens, ISO or film mode (Ctrl+F)")
        )
        self.filter.setMinimumWidth(90)
        self.filter.textChanged.connect(self._typing.start)
        self.filter.returnPressed.connect(self._emit_filter)
        self.filter.left.connect(self.filter_left)
        self.rated = RatingFilterButton()
        self.rated.changed.connect(self._emit_filter)
        self.badge = QComboBox()
        for badge, text in (
            (None, self.tr("All files")),
            (Badge.EXPORTED, self.tr("Exported")),
            (Without(Badge.EXPORTED), self.tr("Not exported")),
            (Badge.EXPORT_FAILED, self.tr("Export failed")),
            (Badge.EDITED, self.tr("Edited")),
            (Badge.UNREADABLE, self.tr("Unreadable")),
            (Badge.NOT_XTRANS, self.tr("Not X-Trans")),
        ):
            self.badge.addItem(text, badge)
        # A long entry must not make the window wide.
        self.badge.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.badge.setMinimumContentsLength(7)
        self.badge.setAccessibleName(self.tr("Filter by badge"))
        self.badge.setToolTip(self.tr("Show only files with this badge, or without it"))
        self.badge.currentIndexChanged.connect(self._emit_filter)

    def _lay_out(self) -> None:
        tree = QToolButton(autoRaise=True)
        tree.setDefaultAction(self.tree_action)
        recent = QToolButton(autoRaise=True, popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        recent.setDefaultAction(self.recent_menu.menuAction())
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget in (tree, recent):
            first.addWidget(widget)
        first.addWidget(self.note, 1, Qt.AlignmentFlag.AlignRight)
        second.addWidget(self.order)
        second.addWidget(self.direction)
        second.addWidget(self.badge)
        second.addWidget(self.rated)
        second.addStretch(1)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(4, 4, 4, 2)
        self._rows.setSpacing(4)
        self._rows.addLayout(first)
        self._rows.addLayout(second)
        self._rows.addWidget(self.filter)

    def _set_recent(self, folders: list[Path]) -> None:
        self._recent = folders
        if self._settings is not None:
            self._settings.setValue(_RECENT_KEY, [str(folder) for folder in folders])

    @Slot()
    def _fill_recent_menu(self) -> None:
        self.recent_menu.clear()
        for folder in self._recent:
            action = self.recent_menu.addAction(str(folder).replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, folder=folder: self.recent_chosen.emit(folder))
        if not self._recent:
            self.recent_menu.addAction(self.tr("No folder was opened yet")).setEnabled(False)

    @Slot()
    def _focus_filter(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    @Slot()
    def _on_key(self) -> None:
        """Names and times begin with the first, sharpness with the sharpest, stars with the most."""
        descending = self.order.currentData() in (SortKey.SHARPNESS, SortKey.RATING)
        if self.direction.isChecked() == descending:
            self._emit_order()
        else:
            self.direction.setChecked(descending)

    @Slot()
    def _emit_order(self) -> None:
        descending = self.direction.isChecked()
        self.direction.setArrowType(Qt.ArrowType.DownArrow if descending else Qt.ArrowType.UpArrow)
        key: SortKey = self.order.currentData()
        if self._settings is not None:
            self._settings.setValue(_ORDER_KEY, key.value)
            self._settings.setValue(_DESCENDING_KEY, descending)
        self.order_changed.emit(key, descending)

    @Slot()
    def _emit_filter(self) -> None:
        self._typing.stop()
        self.filter_changed.emit(self.filter.text(), self.badge.currentData(), self.rated.filter())


def _stored(settings: QSettings | None) -> list[Path]:
    """QSettings gives a list of one as its only element, and no list as None."""
    stored = settings.value(_RECENT_KEY) if settings is not None else None
    names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    return [Path(name) for name in names if isinstance(name, str) and name][:_MOST_RECENT]
