"""Stars, flags and labels of raw files: known at once, written in the background."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from xtdm_core.culling.rating import MOST_STARS, Flag, Label, Rating, camera_stars, read_rating, write_rating
from xtdm_core.errors import FileProblem, XtdmError
from xtdm_core.raw.metadata import find_xmp_sidecars
from xtdm_gui.background import LatestTask

Edit = Callable[[Rating], Rating]
Stamp = tuple[tuple[str, int, int], ...]  # name, time of change in ns and size of each sidecar
_NONE, _MOST = Rating(), Rating(MOST_STARS)


@dataclass(frozen=True, slots=True)
class _Failure:
    """What could not be written, and why."""

    raw: Path
    sentence: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What sidecars say, by raw file; their states; and the files whose sidecars are as they were."""

    ratings: dict[Path, Rating]
    stamps: dict[Path, Stamp]
    unchanged: set[Path]


@dataclass(frozen=True, slots=True)
class _Written:
    """What could not be written, and the ratings that took on the stars of the camera."""

    failures: list[_Failure]
    starred: dict[Path, Rating]


class Ratings(QObject):
    """Ratings by raw file; what was changed is what is told, also before it is on the disk.

    changed(list of Path)  these have another rating than before
    edited(before, after)  the user has changed ratings, by path; ``replace`` takes it back
    failed(sentence)       a rating could not be written; it is again what it was
    """

    changed = Signal(object)
    edited = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[Path, Rating] = {}  # of sidecars, or given here
        self._camera: dict[Path, Rating] = {}  # of the camera, where it was read; sidecars count more
        self._seen: dict[Path, Stamp] = {}  # the states of sidecars that were read
        self._before: dict[Path, Rating | None] = {}  # what files had that are not written yet
        self._waiting: dict[Path, Rating] = {}
        self._writing: dict[Path, Rating] = {}
        self._starless: set[Path] = set()  # to be written with stars of the camera that nobody has read yet
        self._reader, self._writer = LatestTask(self), LatestTask(self)
        self._reader.succeeded.connect(self._on_read)
        self._writer.succeeded.connect(self._on_written)
        self._writer.failed.connect(self._on_failed)

    def rating(self, raw: Path) -> Rating:
        """What is known of a file; no stars, flag and label where nothing is."""
        return self._known.get(raw) or self._camera.get(raw, _NONE)

    def load(self, folder: Path, names: Collection[str]) -> None:
        """Reads the sidecars of those files of a folder that have any and were changed since, soon."""
        raws, seen = [folder / name for name in names], dict(self._seen)
        self._reader.start(lambda _report: (folder, _read(raws, seen)))

    def note_camera(self, raw: Path, stars: int | None) -> None:
        """The stars that a file was given in the camera, if any."""
        self._camera[raw] = Rating(stars or 0)

    def change(self, raws: Iterable[Path], edit: Edit) -> None:
        """Gives files other ratings: at once for who asks, on the disk soon."""
        before = {raw: self.rating(raw) for raw in raws}
        unknown = {raw for raw in before if self._is_unknown(raw)}
        tells = edit(_MOST) != _MOST  # of any stars that the camera may have given
        after = {raw: edit(old) for raw, old in before.items() if edit(old) != old or (raw in unknown and tells)}
        if after:
            before = {raw: before[raw] for raw in after}
            self._starless = self._starless | unknown if _keeps_stars(edit) else self._starless - after.keys()
            self.replace(before, after)
            self.edited.emit(before, after)

    def replace(self, before: Mapping[Path, Rating], after: Mapping[Path, Rating]) -> None:
        """Gives files the ratings ``after``, but those that have others than ``before``: they were rated anew."""
        others = [raw for raw in after if self.rating(raw) == before[raw]]
        for raw in others:
            self._before.setdefault(raw, self._known.get(raw))
            self._known[raw] = self._waiting[raw] = after[raw]
        if others:
            self.changed.emit(others)
            self._launch()

    def _is_unknown(self, raw: Path) -> bool:
        """Whether the file may have stars of the camera that nobody has read yet."""
        return raw not in self._known and raw not in self._camera

    def forget(self, raws: Iterable[Path]) -> None:
        """These files are gone."""
        for raw in raws:
            for known in (self._known, self._camera, self._waiting, self._before, self._seen):
                known.pop(raw, None)

    def is_busy(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._waiting or self._writing)

    def close(self) -> None:
        """Waits until everything is written."""
        self._reader.close()
        self._writer.close()
        rest = {**self._writing, **self._waiting}  # writing twice does no harm
        self._writing, self._waiting = {}, {}
        self._on_done(_write(rest, self._starless).failures)

    def _launch(self) -> None:
        if self._waiting and not self._writing:
            self._writing, self._waiting = self._waiting, {}
            ratings, starless = self._writing, self._starless & self._writing.keys()
            self._writer.start(lambda _report: _write(ratings, starless))

    @Slot(object)
    def _on_read(self, found: tuple[Path, _Found]) -> None:
        folder, read = found
        own = self._waiting.keys() | self._writing.keys()
        news = {raw: rating for raw, rating in read.ratings.items() if raw not in own}
        kept = own | read.unchanged | news.keys()
        gone = [raw for raw in self._known if raw.parent == folder and raw not in kept]
        self._seen.update(read.stamps)
        other = [raw for raw, rating in news.items() if self._known.get(raw) != rating]
        for raw in gone:
            del self._known[raw]
            self._seen.pop(raw, None)
        self._known.update(news)
        if other or gone:
            self.changed.emit(other + gone)

    @Slot(object)
    def _on_written(self, written: _Written) -> None:
        for raw in self._writing:
            if raw not in self._waiting and raw not in [failure.raw for failure in written.failures]:
                self._before.pop(raw, None)
        self._starless -= self._writing.keys() - self._waiting.keys()
        self._writing = {}
        news = {raw: rating for raw, rating in written.starred.items() if raw not in self._waiting}
        self._known.update(news)
        if news:
            self.changed.emit([*news])
        self._on_done(written.failures)
        self._launch()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._on_written(_Written([_Failure(raw, sentence) for raw in self._writing], {}))

    def _on_done(self, failures: list[_Failure]) -> None:
        for failure in failures:
            before = self._before.pop(failure.raw, None)
            self._waiting.pop(failure.raw, None)
            if before is None:
                self._known.pop(failure.raw, None)
            else:
                self._known[failure.raw] = before
        if failures:
            self.changed.emit([failure.raw for failure in failures])
            more = self.tr(" (and {0} more)").format(len(failures) - 1) if len(failures) > 1 else ""
            self.failed.emit(failures[0].sentence + more)


def _read(raws: Iterable[Path], seen: dict[Path, Stamp]) -> _Found:
    """Reads the ratings of files whose sidecars are not in the states of ``seen``."""
    found = _Found({}, {}, set())
    for raw in raws:
        stamp = tuple((path.name, *_state(path)) for path in find_xmp_sidecars(raw))
        if stamp == seen.get(raw):
            found.unchanged.add(raw)
            continue
        found.stamps[raw] = stamp
        rating = read_rating(raw)
        if rating is not None:
            found.ratings[raw] = rating
    return found


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:  # gone meanwhile
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _write(ratings: dict[Path, Rating], starless: Collection[Path]) -> _Written:
    """Writes ratings, those of ``starless`` files with the stars that the camera gave them."""
    written = _Written([], {})
    for raw, rating in ratings.items():
        try:
            if raw in starless:
                rating = replace(rating, stars=_camera_stars(raw))
                written.starred[raw] = rating
            write_rating(raw, rating)
        except XtdmError as error:
            written.starred.pop(raw, None)
            written.failures.append(_Failure(raw, str(error)))
    return written


def _camera_stars(raw: Path) -> int:
    try:
        return camera_stars(raw)
    except FileProblem:  # what cannot be read is rejected all the more
        return 0


def _keeps_stars(edit: Edit) -> bool:
    return edit(_MOST).stars == MOST_STARS and edit(_NONE).stars == 0


def starred(stars: int) -> Edit:
    """Give so many stars; a rejected file is taken back by that."""
    return lambda rating: replace(
        rating, stars=stars, flag=Flag.NONE if rating.flag is Flag.REJECTED and stars else rating.flag
    )


def flagged(flag: Flag) -> Edit:
    """Pick, reject, or take the flag away."""
    return lambda rating: replace(rating, flag=flag)


def labelled(label: Label) -> Edit:
    """Give a colour label; the one that is there goes, as in Lightroom."""
    return lambda rating: replace(rating, label=Label.NONE if rating.label is label else label)


def label_text(label: Label) -> str:
    """A label in the user's language."""
    translate = QCoreApplication.translate
    return {
        Label.NONE: translate("labels", "No label"),
        Label.RED: translate("labels", "Red"),
        Label.YELLOW: translate("labels", "Yellow"),
        Label.GREEN: translate("labels", "Green"),
        Label.BLUE: translate("labels", "Blue"),
        Label.PURPLE: translate("labels", "Purple"),
    }[label]
