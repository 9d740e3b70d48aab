"""The raw files of a folder as a strip or grid of thumbnails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from platformdirs import user_cache_path
from PySide6.QtCore import QPoint, QSettings, QSize, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from xtdm_gui.background import LatestTask
from xtdm_gui.filmstrip.culling import Culling
from xtdm_gui.filmstrip.delegate import THUMBNAIL
from xtdm_gui.filmstrip.folder_listing import FolderListing, list_folder
from xtdm_gui.filmstrip.folder_tree import FolderTree
from xtdm_gui.filmstrip.folder_watcher import FolderWatcher
from xtdm_gui.filmstrip.model import Badge, BadgeFilter, FileModel, Role, SortKey
from xtdm_gui.filmstrip.rating_filter import RatingFilter
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.filmstrip.thumbnails import Facts, Need, Thumbnails
from xtdm_gui.filmstrip.toolbar import FilmstripToolbar
from xtdm_gui.filmstrip.view import FileView
from xtdm_gui.formatting import counted
from xtdm_gui.pictures.ratings import Ratings
from xtdm_gui.widgets.error_bar import ErrorDialog

_REFRESH_MS = 250
_GRID_THUMBNAIL = QSize(240, 180)
_FROM_FACTS = (Badge.UNREADABLE, Badge.NOT_XTRANS)  # badges that show only when a file was looked at


def default_cache(limit_bytes: int = 256 << 20) -> ThumbnailCache:
    """The thumbnails of this user."""
    return ThumbnailCache(user_cache_path("XTDM", appauthor=False) / "thumbnails", limit_bytes)


class Filmstrip(QWidget):
    """Opens folders of raw files, shows them, and tells which one is current and which are selected.

    current_changed(Path or None), selection_changed(), folder_opened(Path); failed(sentence) where a folder cannot
    be opened; asked() by a double click or Enter. ``close()`` ends the threads and must be called before the widget
    goes. For menus there are ``actions()``, ``culling`` and ``recent_menu``.
    """

    current_changed = Signal(object)
    selection_changed = Signal()
    folder_opened = Signal(object)
    failed = Signal(str)
    asked = Signal()

    def __init__(
        self,
        cache: ThumbnailCache,
        settings: QSettings | None = None,
        failure: Callable[[], str] = str,
        file_actions: Sequence[QAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Ask ``failure`` why the current file cannot be shown, "" where it can.

        file_actions  what others can do with the selection, for the files' own menu
        """
        super().__init__(parent)
        self._failure, self._file_actions = failure, file_actions
        self._thumbnails = Thumbnails(self, cache)
        self._thumbnails.examined.connect(self._on_examined)
        self._thumbnails.surveyed.connect(self._on_surveyed)
        self.ratings = Ratings(self)
        self.ratings.changed.connect(self._on_rated)
        self._model = FileModel(self._thumbnails.pixmap, self, self.ratings.rating)
        self._build_background()
        self._folder: Path | None = None  # the folder that is shown, and its files and their scores
        self._shown: tuple[list[str], Mapping[str, float] | None] = ([], None)
        self._opening: Path | None = None  # what is being read, to be shown
        self._wanted = ""  # the name of the file that was opened by name
        self._key = SortKey.NAME
        self.rates_current = False  # whatever else is selected, as where some are compared
        self._build(settings)
        self._build_actions()
        self.culling = Culling(self.ratings, self._to_be_rated, self._model.all_paths, self)
        self.culling.moved.connect(self.rescan)
        self.set_orientation(Qt.Orientation.Vertical)
        self.bar.restore_order()
        self._show_message(self.tr("Open a folder of raw files, or drop one here."))

    def _build_background(self) -> None:
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_listed)
        self._jobs.failed.connect(self._on_not_listed)
        self._watch = FolderWatcher(self)
        self._watch.changed.connect(self.rescan)
        self._planning = QTimer(self, singleShot=True, interval=0)
        self._planning.timeout.connect(self._plan)
        self._refreshing = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._refreshing.timeout.connect(self._refresh)

    def _build(self, settings: QSettings | None) -> None:
        self.bar = FilmstripToolbar(settings, self)
        self.bar.order_changed.connect(self._on_order)
        self.bar.filter_changed.connect(self._on_filter)
        self.bar.recent_chosen.connect(self.open_folder)
        self.bar.filter_left.connect(self._leave_filter)
        self.recent_menu: QMenu = self.bar.recent_menu
        self.tree = FolderTree(self)
        self.tree.folder_chosen.connect(self.open_folder)
        self.tree.hide()
        self.bar.tree_action.toggled.connect(self.tree.setVisible)
        self.view = FileView(self._model, self)
        self.view.current_changed.connect(self.current_changed)
        self.view.selection_changed.connect(self._on_selected)
        self.view.sight_changed.connect(self._planning.start)
        self.view.menu_asked.connect(self._show_menu)
        self.view.asked.connect(self.asked)
        self.words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True, margin=12)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self._pane = QStackedWidget()
        self._pane.addWidget(self.view)
        self._pane.addWidget(self.words)
        self._splitter = QSplitter()
        self._splitter.addWidget(self.tree)
        self._splitter.addWidget(self._pane)
        self._splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._splitter, 1)

    def _build_actions(self) -> None:
        previous = QAction(self.tr("&Previous file"), self)
        previous.setShortcut("Ctrl+Left")
        previous.triggered.connect(lambda: self.step(-1))
        following = QAction(self.tr("&Next file"), self)
        following.setShortcut("Ctrl+Right")
        following.triggered.connect(lambda: self.step(1))
        rescan = QAction(self.tr("&Read the folder again"), self)
        rescan.setShortcut("F5")
        rescan.triggered.connect(self.rescan)
        self.addActions([previous, following, self.bar.filter_action, self.bar.tree_action, rescan])

    def set_orientation(self, orientation: Qt.Orientation) -> None:
        """Horizontal: one row, for below or above a picture. Vertical: a grid, for beside it."""
        self.view.set_orientation(orientation)
        self.bar.set_orientation(orientation)
        self._splitter.setOrientation(orientation)
        across = orientation == Qt.Orientation.Horizontal
        policies = QSizePolicy.Policy
        self.setSizePolicy(policies.Preferred, policies.Maximum if across else policies.Preferred)

    def set_grid(self, on: bool) -> None:
        """Whether it is the whole window, with larger thumbnails, or a strip beside the picture."""
        self.view.set_thumbnail_size(_GRID_THUMBNAIL if on else THUMBNAIL)
        if on:
            self.set_orientation(Qt.Orientation.Vertical)
            self.bar.set_orientation(Qt.Orientation.Horizontal)  # there is room

    def open_folder(self, folder: Path) -> None:
        """Shows the raw files of a folder; ``folder_opened`` or ``failed`` tells when they are there."""
        self._open(folder.absolute(), "")

    def open_file(self, file: Path) -> None:
        """Shows the folder of a file, which becomes the current one; it is listed whatever its suffix."""
        self._open(file.absolute().parent, file.name)

    def current(self) -> Path | None:
        """The file with the outline: the one that is looked at."""
        return self.view.current()

    def selected(self) -> list[Path]:
        """In the order of the strip."""
        return self.view.selected()

    def files(self) -> list[Path]:
        """What the strip shows, in its order."""
        return [self._model.path(row) for row in range(self._model.rowCount())]

    def neighbours(self, path: Path, steps: Iterable[int]) -> list[Path]:
        """The files so many rows from one, as far as there are any."""
        row, count = self._model.row(path), self._model.rowCount()
        return [self._model.path(row + step) for step in steps if row >= 0 and 0 <= row + step < count]

    def set_badge(self, path: Path, badge: Badge, on: bool, why: str = "") -> None:
        """Set or remove a badge; ``why`` is shown in the tooltip."""
        self._model.set_badge(path, badge, on, why)
        self._refresh_for(badge)

    def set_badges(self, paths: Iterable[Path], badge: Badge) -> None:
        """Sets a badge of many files at once."""
        self._model.set_badges(paths, badge)
        self._refresh_for(badge)

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) file."""
        self.view.step(by)

    def is_busy(self) -> bool:
        """Whether a folder or files are being read in the background, or will be when the event loop turns."""
        return self._opening is not None or self._planning.isActive() or self._thumbnails.is_busy()

    def recent_folders(self) -> list[Path]:
        """The folders that were opened last, the latest first."""
        return self.bar.recent_folders()

    def close(self) -> bool:
        """Ends the threads and waits for them."""
        self._watch.stop()
        self._planning.stop()
        self._refreshing.stop()
        self._jobs.close()
        self.culling.close()
        self.ratings.close()
        self._thumbnails.close()
        return super().close()

    def _open(self, folder: Path, name: str) -> None:
        self._opening, self._wanted = folder, name
        self._watch.stop()
        self._jobs.start(lambda _report: list_folder(folder, name))

    @Slot()
    def rescan(self) -> None:
        """Reads the folder again, and looks at what is in sight in case it has changed."""
        folder, name = self._folder, self._wanted
        if folder is not None and self._opening is None:
            self._thumbnails.expire()
            self._planning.start()
            self._jobs.start(lambda _report: list_folder(folder, name))

    @Slot(object)
    def _on_listed(self, listing: FolderListing) -> None:
        opened, self._opening = self._opening is not None, None
        if opened and self._wanted and self._wanted not in listing.names:
            self._fail(self.tr("{0} cannot be opened: there is no such file").format(listing.folder / self._wanted))
            return
        if opened:
            self._begin(listing)
            self._folder = listing.folder
        if opened or (listing.names, listing.scores) != self._shown:  # a sidecar may be all that was written
            self._shown = listing.names, listing.scores
            self._model.set_files(listing.folder, listing.names, listing.scores)
            self._survey()
            self._show_count()
        self.ratings.load(listing.folder, listing.rated)
        if opened:
            self.folder_opened.emit(listing.folder)

    def _begin(self, listing: FolderListing) -> None:
        """What is done once for each folder that is opened."""
        if listing.folder != self._model.folder or self._wanted:
            self.view.forget_hidden()  # or it would be back for a moment
            self.bar.clear_filter()
        self._thumbnails.clear()
        self._watch.watch(listing.folder)
        self.view.expect(listing.folder / self._wanted if self._wanted else None)
        for name in listing.edited:
            self._model.set_badge(listing.folder / name, Badge.EDITED, True)
        self.bar.add_recent(listing.folder)
        self.tree.show_folder(listing.folder)

    @Slot(str)
    def _on_not_listed(self, sentence: str) -> None:
        folder = self._opening or self._folder
        if folder is not None:
            self.bar.remove_recent(folder)
        self._fail(sentence)

    def _fail(self, sentence: str) -> None:
        self._opening = self._folder = None
        self._watch.stop()
        self._thumbnails.clear()
        self._model.set_files(Path(), [], None)
        self._show_message(sentence)
        self.failed.emit(sentence)

    @Slot(object)
    def _on_examined(self, found: list[tuple[Path, Facts]]) -> None:
        for path, facts in found:
            self.ratings.note_camera(path, facts.info.stars)
            self._model.set_facts(path, facts)
            if facts.error:
                self._watch.watch_broken(path)
            else:
                self._watch.unwatch(path)
        self._refresh_for(*_FROM_FACTS)

    def _refresh_for(self, *badges: Badge) -> None:
        """Filters again, soon, where the filter is one of these."""
        if self._model.filters_by(*badges) and not self._refreshing.isActive():
            self._refreshing.start()

    @Slot(int, int)
    def _on_surveyed(self, done: int, total: int) -> None:
        if done < total:
            self.bar.note.setText(self.tr("Reading {0} of {1} …").format(done, total))
            return
        if self._key is not SortKey.NAME or self._model.asks_camera:
            self._model.refresh()
        self._show_count()

    @Slot(object, bool)
    def _on_order(self, key: SortKey, descending: bool) -> None:
        self._key = key
        self._model.set_order(key, descending)
        self._survey()

    @Slot(str, object, object)
    def _on_filter(self, text: str, only: BadgeFilter, rated: RatingFilter) -> None:
        self._model.set_filter(text, only, rated)
        self._survey()
        self._show_count()

    @Slot(object)
    def _on_rated(self, paths: list[Path]) -> None:
        self._model.rated(paths)
        self._show_count()

    def _to_be_rated(self) -> list[Path]:
        current = self.current()
        return (self.selected() if not self.rates_current else []) or ([current] if current else [])

    @Slot()
    def _leave_filter(self) -> None:
        """The keyboard goes to the files, so that digits and arrows mean what they mean everywhere else."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _refresh(self) -> None:
        self._model.refresh()
        self._show_count()

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        index = self.view.currentIndex()
        current: Path = index.data(Role.PATH)
        why = self._why(current, index.data(Role.BADGES))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self._file_actions))
        menu.addSeparator()
        menu.addAction(
            self.tr("Open the containing &folder"),
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(current.parent))),
        )
        copied = "\n".join(map(str, self.selected() or [current]))
        menu.addAction(self.tr("Copy the pa&th"), lambda: QApplication.clipboard().setText(copied))
        wrong = menu.addAction(self.tr("&What is wrong…"), lambda: ErrorDialog(why, {why: why}, self).open())
        wrong.setEnabled(bool(why))
        menu.popup(at)

    def _why(self, path: Path, badges: dict[Badge, str]) -> str:
        """Why the current file cannot be shown, or was not exported, "" where all is well."""
        known = next((why for why in badges.values() if why), "")
        return self._failure() or (f"{path}: {known}" if known else "")

    def _survey(self) -> None:
        """Asks for what the order and the filter need to know of all files."""
        need = Need.SHARPNESS if self._key is SortKey.SHARPNESS else Need.EXIF
        asked = self._key is SortKey.SHARPNESS or self._model.filters_by(*_FROM_FACTS) or self._model.asks_camera
        missing = self._model.missing(need) if asked else []
        if not missing and self._model.filters_by(*_FROM_FACTS):
            need, missing = Need.EXIF, self._model.missing(Need.EXIF)
        self._thumbnails.survey(missing, need)

    @Slot()
    def _plan(self) -> None:
        if self.view.isVisible():
            self._thumbnails.show(self.view.wanted(), self.view.thumbnail_box())

    @Slot()
    def _on_selected(self) -> None:
        self._show_count()
        self.selection_changed.emit()

    def _show_message(self, sentence: str) -> None:
        """Words in the strip's place."""
        self.words.setText(sentence)
        self._pane.setCurrentWidget(self.words)
        self.bar.note.clear()

    def _show_count(self) -> None:
        if self._folder is None:
            return
        shown, total = self._model.rowCount(), self._model.total
        if not shown:
            nothing = self.tr("There are no RAF or DNG files in {0}").format(self._folder)
            self._show_message(self.tr("No file matches the filter.") if total else nothing)
            return
        self._pane.setCurrentWidget(self.view)
        text = counted(total, self.tr("one file"), self.tr("{0} files"))
        if shown < total:
            text = self.tr("{0} of {1} files").format(shown, total)
        selected = len(self.view.selected())
        self.bar.note.setText(self.tr("{0}, {1} selected").format(text, selected) if selected > 1 else text)
