"""The raw files of a folder as Qt's views want them: sorted, filtered, with badges. Holds names, reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QPixmap

from xtdm_core.culling.rating import Flag, Rating
from xtdm_core.frame import CaptureInfo
from xtdm_gui.filmstrip.folder_listing import natural_key
from xtdm_gui.filmstrip.rating_filter import ANY, RatingFilter
from xtdm_gui.filmstrip.thumbnails import Facts, Need

_NOTHING = CaptureInfo()
Index = QModelIndex | QPersistentModelIndex
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class Badge(Enum):
    """A mark on a thumbnail; the value is its name in the file's accessible text."""

    EXPORTED = "exported"
    UNREADABLE = "unreadable"
    EXPORT_FAILED = "export failed"
    NOT_XTRANS = "not X-Trans"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Without:
    """Only files that lack a badge."""

    badge: Badge


BadgeFilter = Badge | Without | None


class SortKey(Enum):
    """What the files are sorted by."""

    NAME = "name"
    TIME = "time"
    SHARPNESS = "sharpness"
    RATING = "rating"
    ISO = "iso"
    LENS = "lens"
    CAMERA = "camera"


class Role:
    """What the model tells beside the usual roles: Path, QPixmap or None, {Badge: why}, sentence or "", Rating."""

    PATH = Qt.ItemDataRole.UserRole
    THUMBNAIL = Qt.ItemDataRole.UserRole + 1
    BADGES = Qt.ItemDataRole.UserRole + 2
    ERROR = Qt.ItemDataRole.UserRole + 3
    RATING = Qt.ItemDataRole.UserRole + 4


class FileModel(QStringListModel):
    """Names of raw files of one folder. What is found out of them comes by ``set_facts`` when somebody has read them.

    ``thumbnail`` gives what a path looks like, None while that is not known, ``rating`` what somebody thinks of it. A
    change of order or filter resets the model: who shows it keeps the selection by path.

    Qt counts the rows thousands of times to lay them out: so its own list has the names, and counts without Python.

    changing()  the model is about to be reset, and still has its old rows
    """

    changing = Signal()

    def __init__(
        self,
        thumbnail: Callable[[Path], QPixmap | None],
        parent: QObject,
        rating: Callable[[Path], Rating] = lambda _: Rating(),
    ) -> None:
        super().__init__(parent)
        self._thumbnail, self._rating = thumbnail, rating
        self._folder = Path()
        self._names: list[str] = []
        self._rows: list[str] = []
        self._row_of: dict[str, int] = {}
        self._paths: dict[str, Path] = {}  # made when first asked for, and kept: cells are drawn often
        self._facts: dict[str, Facts] = {}
        self._scores: Mapping[str, float] | None = None
        self._badges: dict[Path, dict[Badge, str]] = {}  # of all folders: exports go on when another one is opened
        self._key, self._descending = SortKey.NAME, False
        self._words: list[str] = []
        self._only: BadgeFilter = None
        self._rated = ANY

    @property
    def folder(self) -> Path:
        """The folder whose files these are."""
        return self._folder

    @property
    def total(self) -> int:
        """How many files there are, those included that the filter hides."""
        return len(self._names)

    def all_paths(self) -> list[Path]:
        """All files, those included that the filter hides."""
        return [self._path_of(name) for name in self._names]

    def set_files(self, folder: Path, names: Iterable[str], scores: Mapping[str, float] | None) -> None:
        """Another folder, or another state of the same: what is known of files that are still there stays.

        scores  sharpness by name, where somebody has judged the folder's files already
        """
        if folder != self._folder:
            self._facts.clear()
            self._paths.clear()
        self._folder, self._names, self._scores = folder, list(names), scores
        here = set(self._names)
        self._facts = {name: facts for name, facts in self._facts.items() if name in here}
        self.refresh()

    def set_order(self, key: SortKey, descending: bool) -> None:
        """Files whose time or sharpness is not known come last in both directions."""
        self._key, self._descending = key, descending
        self.refresh()

    def set_filter(self, text: str, only: BadgeFilter, rated: RatingFilter = ANY) -> None:
        """Only files with all words of the text in their name or in what the camera says, the badge and the rating."""
        self._words, self._only, self._rated = text.casefold().split(), only, rated
        self.refresh()

    def filters_by(self, *badges: Badge) -> bool:
        """Whether the filter asks for one of these badges, or for files without it."""
        return (self._only.badge if isinstance(self._only, Without) else self._only) in badges

    @property
    def asks_camera(self) -> bool:
        """Whether order or filter need what the camera says of each file."""
        return bool(self._words) or self._rated != ANY or self._key not in (SortKey.NAME, SortKey.SHARPNESS)

    def rated(self, paths: Iterable[Path]) -> None:
        """Files have another rating: they are drawn anew, and sorted or filtered where that goes by ratings."""
        if self._rated != ANY or self._key is SortKey.RATING:
            self.refresh()
            return
        for path in paths:
            self._emit_changed(path)

    def set_badge(self, path: Path, badge: Badge, on: bool, why: str = "") -> None:
        """Set or remove a badge of a file, of whichever folder; ``why`` is shown in its tooltip."""
        if on:
            self._badges.setdefault(path, {})[badge] = why
        else:
            self._badges.get(path, {}).pop(badge, None)
        self._emit_changed(path)

    def set_badges(self, paths: Iterable[Path], badge: Badge) -> None:
        """Sets a badge of many files at once."""
        for path in paths:
            self._badges.setdefault(path, {}).setdefault(badge, "")
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def set_facts(self, path: Path, facts: Facts) -> None:
        """What somebody found out of a file; nothing where it is not one of these."""
        if path.parent != self._folder:
            return
        known = self._facts.get(path.name)
        if known and known.stamp == facts.stamp and facts.sharpness is None:
            facts = replace(facts, sharpness=known.sharpness)
        self._facts[path.name] = facts
        self._emit_changed(path)

    def missing(self, need: Need) -> list[Path]:
        """The files for which ``need`` was not asked yet, in the order of the view."""
        names = [*self._rows, *(name for name in self._names if name not in self._row_of)]
        if need is Need.SHARPNESS:
            if self._scores is not None:
                return []
            return [self._path_of(n) for n in names if n not in self._facts or self._unjudged(self._facts[n])]
        return [self._path_of(name) for name in names if name not in self._facts]

    @staticmethod
    def _unjudged(facts: Facts) -> bool:
        return facts.sharpness is None and not facts.error

    def path(self, row: int) -> Path:
        """The file in a row."""
        return self._path_of(self._rows[row])

    def info(self, path: Path) -> CaptureInfo:
        """What the camera says of a file, as far as somebody has looked."""
        return self._info(path.name) if path.parent == self._folder else _NOTHING

    def row(self, path: Path) -> int:
        """Where a file is, -1 where it is hidden or not there."""
        return self._row_of.get(path.name, -1) if path.parent == self._folder else -1

    def refresh(self) -> None:
        """Sorts and filters again, with what is known now."""
        self.changing.emit()
        rows = sorted(filter(self._passes, self._names), key=natural_key, reverse=self._descending)
        if self._key is not SortKey.NAME:
            value = self._value
            unknown = [name for name in rows if value(name) is None]
            rows = sorted((name for name in rows if value(name) is not None), key=value, reverse=self._descending)
            rows += unknown
        self._rows = rows
        self._row_of = {name: row for row, name in enumerate(rows)}
        self.setStringList(rows)

    def _value(self, name: str) -> Any:
        """What the files are sorted by; None where it is not known."""
        if self._key is SortKey.SHARPNESS:
            return self._sharpness(name)
        if self._key is SortKey.RATING:
            rating = self._rating(self._path_of(name))
            return -1 if rating.flag is Flag.REJECTED else rating.stars
        info = self._info(name)
        values: dict[SortKey, object] = {
            SortKey.TIME: info.taken_at,
            SortKey.ISO: info.iso,
            SortKey.LENS: info.lens.casefold(),
            SortKey.CAMERA: info.model.casefold(),
        }
        return values[self._key] or None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Role.PATH:
            return self._path_of(name)
        if role == Role.THUMBNAIL:
            return self._thumbnail(self._path_of(name))
        if role == Role.BADGES:
            return self._badges_of(name)
        if role == Role.ERROR:
            return self._error(name)
        if role == Role.RATING:
            return self._rating(self._path_of(name))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            stars = self._rating(self._path_of(name)).stars
            rated = [self.tr("{0} stars").format(stars)] if stars else []
            return ", ".join([name, *rated, *(self.badge_name(badge) for badge in self._badges_of(name))])
        return None

    def badge_name(self, badge: Badge) -> str:
        """The badge in the user's language."""
        return {
            Badge.EXPORTED: self.tr("exported"),
            Badge.UNREADABLE: self.tr("unreadable"),
            Badge.EXPORT_FAILED: self.tr("export failed"),
            Badge.NOT_XTRANS: self.tr("not X-Trans"),
            Badge.EDITED: self.tr("edited"),
        }[badge]

    def _path_of(self, name: str) -> Path:
        path = self._paths.get(name)
        if path is None:
            path = self._paths[name] = self._folder / name
        return path

    def _tooltip(self, name: str) -> str:
        lines = [str(self._path_of(name))]
        info = self._info(name)
        if info.taken_at:
            lines.append(self.tr("Taken: {0}").format(_readable_time(info.taken_at)))
        score = self._sharpness(name)
        if score is not None:
            lines.append(self.tr("Sharpness: {0}").format(f"{score:.4g}"))
        for badge, why in self._badges_of(name).items():
            known = self.badge_name(badge).capitalize()
            lines.append(f"{known}: {why}" if why else known)
        return "\n".join(lines)

    def _badges_of(self, name: str) -> dict[Badge, str]:
        """The set badges, and those that follow from what was found in the file."""
        badges = dict(self._badges.get(self._path_of(name), {}))
        facts = self._facts.get(name)
        if facts and facts.error:
            badges.setdefault(Badge.UNREADABLE, facts.error)
        if facts and facts.not_xtrans:
            badges.setdefault(Badge.NOT_XTRANS, facts.not_xtrans)
        return badges

    def _error(self, name: str) -> str:
        facts = self._facts.get(name)
        return facts.error if facts else ""

    def _info(self, name: str) -> CaptureInfo:
        facts = self._facts.get(name)
        return facts.info if facts else _NOTHING

    def _sharpness(self, name: str) -> float | None:
        if self._scores is not None:
            return self._scores.get(name)
        facts = self._facts.get(name)
        return facts.sharpness if facts else None

    def _passes(self, name: str) -> bool:
        if self._words and not self._has_words(name):
            return False
        if self._rated != ANY and not self._rated.passes(self._rating(self._path_of(name))):
            return False
        if isinstance(self._only, Without):
            return self._only.badge not in self._badges_of(name)
        return self._only is None or self._only in self._badges_of(name)

    def _has_words(self, name: str) -> bool:
        """Whether all words are in the name, or in what the camera says: "x-t5 iso6400 2026-01-31"."""
        folded = name.casefold()
        missing = [word for word in self._words if word not in folded]
        if not missing:
            return True
        info = self._info(name)
        said = f"{info.model} {info.lens} iso{info.iso} {_readable_time(info.taken_at)} {info.film_mode}".casefold()
        return all(word in said for word in missing)

    def _emit_changed(self, path: Path) -> None:
        row = self.row(path)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index)


def _readable_time(exif_time: str) -> str:
    date, _, clock = exif_time.partition(" ")
    return f"{date.replace(':', '-')} {clock}".strip()
