"""Thumbnails of raw files, made in the background in the order in which they are needed."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter, QPixmap

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import U8, CaptureInfo
from xtdm_gui.background import TaskPool
from xtdm_gui.filmstrip.thumbnail_cache import CachedThumbnail, ThumbnailCache, cache_key
from xtdm_gui.pictures.cache import LruCache

SIDE = 480  # px of a thumbnail on disk: two device pixels for each of the 240 of the grid
_MEMORY_BYTES = 96 << 20
Stamp = tuple[int, int]  # size, and time of change in ns
_BATCH = 16  # files that are read for their Exif in one piece of work


class Need(Enum):
    """What is asked of a file; each is dearer than the one before."""

    EXIF = "exif"
    THUMBNAIL = "thumbnail"
    SHARPNESS = "sharpness"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a file.

    error      the sentence why it cannot be shown, "" where it can
    info       what the camera says of the shot
    sharpness  None where it was not judged
    stamp      (size, mtime in ns) of the state that was looked at
    """

    error: str = ""
    info: CaptureInfo = field(default_factory=CaptureInfo)
    not_xtrans: str = ""
    sharpness: float | None = None
    stamp: Stamp = (0, 0)


class Thumbnails(QObject):
    """Makes thumbnails and reads facts in the background; what is visible comes first.

    examined  list of (Path, Facts), after each piece of work
    surveyed  (done, total) of the files of the latest ``survey``
    """

    examined = Signal(object)
    surveyed = Signal(int, int)

    def __init__(
        self,
        parent: QObject,
        cache: ThumbnailCache,
        workers: int | None = None,
        memory_bytes: int = _MEMORY_BYTES,
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._workers = workers or max(2, min(4, (os.cpu_count() or 2) - 1))
        self._pool = TaskPool(self, self._workers)
        self._pool.succeeded.connect(self._on_succeeded)
        self._pool.failed.connect(self._on_failed)
        self._box = QSize(SIDE, SIDE)
        self._near: deque[Path] = deque()
        self._far: deque[Path] = deque()
        self._far_need = Need.EXIF
        self._far_total = 0
        self._running: dict[Hashable, list[Path]] = {}
        self._pixmaps: LruCache[tuple[QPixmap, Stamp]] = LruCache(memory_bytes)  # and the states that they show
        self._broken: set[Path] = set()
        self._stale: set[Hashable] = set()
        self._resized: set[Hashable] = set()  # stale because they were made for another box

    def show(self, paths: Iterable[Path], box: QSize) -> None:
        """Request thumbnails of these files, the most urgent first, to fit ``box`` in device pixels.

        Those of another box stay until the new ones are there. Earlier wishes that did not begin yet are forgotten.
        """
        if box != self._box:
            self._box = box
            self.expire()
            self._resized |= self._pixmaps.keys()
        self._near = deque(path for path in paths if self._lacks(path))
        self._feed()

    def survey(self, paths: Sequence[Path], need: Need) -> None:
        """Request facts of these files whenever no thumbnail is requested; an earlier survey is dropped."""
        self._drop(lambda key: isinstance(key, tuple))
        self._far, self._far_need, self._far_total = deque(paths), need, len(paths)
        self._feed()

    def pixmap(self, path: Path) -> QPixmap | None:
        """The thumbnail where it is in memory."""
        known = self._pixmaps.get(path)
        return None if known is None else known[0]

    def is_busy(self) -> bool:
        """Whether something is wanted that is not there yet."""
        return bool(self._running)

    def expire(self) -> None:
        """The files may have changed: the next ``show`` looks at them again, until then all stays."""
        self._stale |= self._broken | self._pixmaps.keys()
        self._drop(lambda key: not isinstance(key, tuple))

    def clear(self) -> None:
        """Drop all requests and all that is in memory."""
        self._near.clear()
        self._far.clear()
        self._far_total = 0
        self._drop(lambda _: True)
        self._forget_pixmaps()

    def close(self) -> None:
        """Drop all requests and wait for the threads."""
        self.clear()
        self._pool.close()

    def _lacks(self, path: Path) -> bool:
        if path in self._running:
            return False
        return path in self._stale or not (path in self._pixmaps or path in self._broken)

    def _forget_pixmaps(self) -> None:
        self._drop(lambda key: not isinstance(key, tuple))
        self._pixmaps.clear()
        self._broken.clear()
        self._stale.clear()
        self._resized.clear()

    def _drop(self, unwanted: Callable[[Hashable], bool]) -> None:
        for key in [key for key in self._running if unwanted(key)]:
            del self._running[key]
            self._pool.cancel(key)

    def _feed(self) -> None:
        """Keeps as many pieces of work under way as there are workers, so that a new wish never waits for many."""
        while len(self._running) < self._workers and (self._near or self._far):
            if self._near:
                path = self._near.popleft()
                self._start(path, [path], Need.THUMBNAIL)
            else:
                size = _BATCH if self._far_need is Need.EXIF else 1
                batch = [self._far.popleft() for _ in range(min(size, len(self._far)))]
                self._start((self._far_need, batch[0]), batch, self._far_need)

    def _start(self, key: Hashable, paths: list[Path], need: Need) -> None:
        self._running[key] = paths
        cache, box = self._cache, self._box
        todo = [(path, self._stamp(path) if need is Need.THUMBNAIL else None) for path in paths]
        self._pool.start(key, lambda _report: [examine(path, need, cache, box, stamp) for path, stamp in todo])

    @Slot(object, object)
    def _on_succeeded(self, key: Hashable, results: list[tuple[Facts, QImage | None] | None]) -> None:
        paths = self._running.pop(key)
        news = [(path, result) for path, result in zip(paths, results, strict=True) if result is not None]
        if not isinstance(key, tuple):
            self._stale.discard(paths[0])
            for path, (facts, image) in news:
                self._keep(path, image, facts.stamp)
        self._emit_found(key, [(path, facts) for path, (facts, _) in news])

    @Slot(object, str)
    def _on_failed(self, key: Hashable, sentence: str) -> None:
        paths = self._running.pop(key)
        if not isinstance(key, tuple):
            self._stale.discard(paths[0])
            self._keep(paths[0], None, (0, 0))
        self._emit_found(key, [(path, Facts(error=sentence)) for path in paths])

    def _emit_found(self, key: Hashable, found: list[tuple[Path, Facts]]) -> None:
        self._feed()
        if found:
            self.examined.emit(found)
        if isinstance(key, tuple):  # of a survey
            waiting = len(self._far) + sum(len(p) for k, p in self._running.items() if isinstance(k, tuple))
            self.surveyed.emit(self._far_total - waiting, self._far_total)

    def _stamp(self, path: Path) -> Stamp | None:
        """The state that the thumbnail in memory shows, unless it is to be made anew in any case."""
        known = None if path in self._resized else self._pixmaps.get(path)
        return None if known is None else known[1]

    def _keep(self, path: Path, image: QImage | None, stamp: Stamp) -> None:
        self._resized.discard(path)
        if image is None:
            self._broken.add(path)
            self._pixmaps.forget(path)
            return
        self._broken.discard(path)
        pixmap = QPixmap.fromImage(image)
        self._pixmaps.put(path, (pixmap, stamp), pixmap.width() * pixmap.height() * 4)


def examine(
    path: Path, need: Need, cache: ThumbnailCache, box: QSize, known_stamp: Stamp | None = None
) -> tuple[Facts, QImage | None] | None:
    """Looks at a file, or at what the cache knows of it; the image only where a thumbnail is needed.

    None where the file is in the state of ``known_stamp``. Reads and decodes: for the background.
    """
    try:
        stat = path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns)
    except (OSError, ValueError):  # the reader has the sentence
        stamp = (0, 0)
    if stamp == known_stamp:
        return None
    key = cache_key(path, *stamp)
    known = cache.get(key)
    image = _decoded(known.jpeg) if known and need is Need.THUMBNAIL else None
    try:
        entry, image = (known, image) if known and _suffices(known, need, image) else _read(path, known, need)
    except UnsupportedRaw as error:
        return Facts(error=error.reason, stamp=stamp), None
    if entry != known:
        cache.put(key, entry)
    facts = Facts("", entry.info, entry.not_xtrans, entry.sharpness, stamp)
    return facts, _fitted(image, box) if image is not None else None


def _suffices(entry: CachedThumbnail, need: Need, image: QImage | None) -> bool:
    if need is Need.THUMBNAIL:
        return image is not None
    return need is Need.EXIF or entry.sharpness is not None


def _read(path: Path, known: CachedThumbnail | None, need: Need) -> tuple[CachedThumbnail, QImage | None]:
    """What ``need`` asks for from the raw file itself; the image where it is a thumbnail. Raises UnsupportedRaw."""
    from xtdm_core.inspection.raw_thumbnail import raw_thumbnail
    from xtdm_core.raw.preview import preview_sharpness, thumbnail
    from xtdm_core.raw.reader import read_exif_summary, read_summary

    seen = read_exif_summary(path) if need is Need.EXIF else read_summary(path)
    entry = replace(known or CachedThumbnail(), info=seen.info, not_xtrans=seen.not_xtrans)
    if need is Need.EXIF:
        return entry, None
    if need is Need.SHARPNESS:
        return replace(entry, sharpness=preview_sharpness(path, seen.jpeg)), None
    small = thumbnail(path, seen.jpeg, seen.orientation, SIDE) if seen.jpeg else raw_thumbnail(path, SIDE)
    image = _image(small)
    return replace(entry, jpeg=_encoded(image)), image


def _image(srgb: U8) -> QImage:
    """A QImage of u8 [H, W, 3] that owns its pixels."""
    height, width = srgb.shape[:2]
    pixels = np.ascontiguousarray(srgb)
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _encoded(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(88)
    writer.write(image)
    return bytes(buffer.data().data())


def _decoded(jpeg: bytes) -> QImage | None:
    image = QImage.fromData(jpeg) if jpeg else QImage()
    return None if image.isNull() else image


def _fitted(image: QImage, box: QSize) -> QImage:
    if image.width() > box.width() or image.height() > box.height():
        modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(box, *modes)
    return image.convertToFormat(QImage.Format.Format_RGB32)
