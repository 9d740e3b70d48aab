"""What happens when a path is shown: preview, decoding, the panes' sources; caches, and the neighbours in advance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from xtdm_core.demosaicing.tiles import Box
from xtdm_core.progress import Progress, Report
from xtdm_gui.background import LatestTask, Work
from xtdm_gui.pictures.cache import LruCache, default_budget
from xtdm_gui.pictures.engine import Decoded, PictureEngine, Preview, Rendering
from xtdm_gui.pictures.renderings import RenderingSource, SourceKind

Stamp = tuple[Path, int, int]  # path, time of change in ns, size
_PREVIEW_BYTES = 192 << 20
_PANES = 2


class PictureLoader(QObject):
    """Loads one picture at a time for the viewer. Lives in the window's thread, works in others.

    preview_ready(Preview)      the embedded JPEG, scaled down at first
    decoded(Decoded)            the raw data
    grown(Source, Box)          a box of a source's camera RGB is there; the box is the sensor's
    failed(Source|None, str)    a source, or with None the raw file itself, cannot be had
    progressed(Progress)
    idle()                      all that the current picture's panes want is there, or failed
    """

    preview_ready = Signal(object)
    decoded = Signal(object)
    grown = Signal(object, object)
    failed = Signal(object, str)
    progressed = Signal(object)
    idle = Signal()
    _grew = Signal(object, object, object)

    def __init__(self, engine: PictureEngine, parent: QObject | None = None, budget: int | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._budget = default_budget() if budget is None else budget
        self._path: Path | None = None
        self._current: Decoded | None = None
        self._sources: list[RenderingSource] = []
        self._looked_at = Box(0, 0, 0, 0)
        self._broken: set[object] = set()  # keys of sources that failed
        self._neighbours: list[Path] = []  # to be decoded in advance
        self._unseen: list[Path] = []  # neighbours whose JPEG is to be read in advance
        self._no_preview: set[Stamp] = set()
        self._previews: LruCache[Preview] = LruCache(_PREVIEW_BYTES)
        self._decoded: LruCache[Decoded] = LruCache(self._budget // 3)
        self._results: LruCache[Rendering] = LruCache(self._budget - self._budget // 3, least=_PANES)
        self._previewer = self._jobs(self._on_preview, self._on_no_preview)
        self._previewing: tuple[Path, Stamp, bool] | None = None
        self._decoder = self._jobs(self._on_decoded, self._on_not_decoded)
        self._decoding: tuple[Path, Stamp] | None = None
        self._warmer = LatestTask(self)
        self._is_warm = self._is_close = False
        self._computers = [_Computer(self) for _ in range(_PANES)]
        self._grew.connect(self._on_grew)

    def _jobs(self, succeeded: Callable[[Any], None], failed: Callable[[str], None]) -> LatestTask:
        jobs = LatestTask(self)
        jobs.succeeded.connect(succeeded)
        jobs.failed.connect(failed)
        jobs.progressed.connect(self._emit_progress)
        return jobs

    @property
    def path(self) -> Path | None:
        """What is shown, or about to be."""
        return self._path

    @property
    def current(self) -> Decoded | None:
        """The decoded raw file of ``path``, None until it is there."""
        return self._current

    def set_budget(self, nbytes: int) -> None:
        """How much memory may be held for pictures."""
        self._budget = nbytes
        self._decoded.budget, self._results.budget = nbytes // 3, nbytes - nbytes // 3

    def show(self, path: Path | None) -> None:
        """Load another picture, or none; work on the one before ends."""
        self._path, self._current = path, None
        self._broken.clear()
        self._neighbours, self._unseen = [], []
        for computer in self._computers:
            computer.cancel()
        if path is None:
            self._previewer.cancel()
            self._decoder.cancel()
            self._previewing = self._decoding = None
            return
        self._warm()
        stamp = _stamp(path)
        preview = self._previews.get(stamp)
        if preview is not None:
            self.preview_ready.emit(preview)
        elif self._previewing != (path, stamp, False):
            self._start_preview(path, stamp, whole=False)
        decoded = self._decoded.get(stamp)
        if decoded is not None:
            self._decoder.cancel()
            self._decoding = None
            self._adopt(decoded)
        elif self._decoding != (path, stamp):
            self._start_decoding(path, stamp)

    def empty(self) -> None:
        """Shows nothing, and keeps nothing of what was shown."""
        self.show(None)
        for kept in (self._previews, self._decoded, self._results):
            kept.clear()

    def _warm(self) -> None:
        """Has the engine load what the first picture needs while that is read."""
        if not self._is_warm and self._sources:
            self._is_warm = True
            engine, sources = self._engine, list(self._sources)
            self._warmer.start(lambda _report: engine.warm(sources))

    def look_closely(self, on: bool) -> None:
        """Whether more pixels of the embedded JPEG are seen than a scaled one has."""
        if on != self._is_close:
            self._is_close = on
            self._schedule()

    def rest(self) -> None:
        """Lets networks rest a moment."""
        self._engine.rest()

    def want(self, sources: Sequence[RenderingSource]) -> None:
        """What the panes show: these sources are computed, now and for pictures to come."""
        self._sources = list(sources)
        self._schedule()

    def retry(self, source: RenderingSource) -> None:
        """Takes a source that failed for worth another try."""
        self._broken.discard(source.result_key())

    def look_at(self, box: Box) -> None:
        """What is seen of the sensor: it is computed before the rest."""
        self._looked_at = box

    def result(self, source: RenderingSource) -> Rendering | None:
        """What is there of a source for the current picture; None before anything can be."""
        if self._current is None or source.kind == SourceKind.PREVIEW:
            return None
        return self._results.get(self._key(source))

    def prefetch(self, paths: Sequence[Path]) -> None:
        """Reads these neighbours' JPEGs at once, and decodes them, one after the other, when all else is done."""
        self._neighbours, self._unseen = list(paths), list(paths)
        self._schedule()

    def close(self) -> None:
        """Ends everything and waits for it."""
        self.show(None)
        for computer in self._computers:
            computer.jobs.close()
        self._previewer.close()
        self._warmer.close()
        self._decoder.close()
        self._engine.close()

    # The embedded JPEG.

    def _start_preview(self, path: Path, stamp: Stamp, whole: bool) -> None:
        if stamp in self._no_preview:
            return
        self._previewing = (path, stamp, whole)
        engine = self._engine

        def work(_: Report) -> Preview:
            return engine.preview(path, None) if whole else engine.preview(path)

        self._previewer.start(work)

    @Slot(object)
    def _on_preview(self, preview: Preview) -> None:
        if self._previewing is None:
            return
        path, stamp, _ = self._previewing
        self._previewing = None
        self._previews.put(stamp, preview, sum(image.sizeInBytes() for image in preview.images))
        if path == self._path:
            self.preview_ready.emit(preview)
        self._schedule()

    @Slot(str)
    def _on_no_preview(self, sentence: str) -> None:
        if self._previewing is None:
            return
        path, stamp, _ = self._previewing
        self._previewing = None
        self._no_preview.add(stamp)
        if path == self._path:
            self.failed.emit(RenderingSource.preview(), sentence)
        self._schedule()

    # The raw data.

    def _start_decoding(self, path: Path, stamp: Stamp) -> None:
        self._decoding = (path, stamp)
        engine = self._engine
        self._decoder.start(lambda report: engine.decode(path, report))

    @Slot(object)
    def _on_decoded(self, decoded: Decoded) -> None:
        if self._decoding is None:
            return
        path, stamp = self._decoding
        self._decoding = None
        self._decoded.put(stamp, decoded, decoded.nbytes)
        if path == self._path:
            self._adopt(decoded)
        else:
            self._schedule()

    @Slot(str)
    def _on_not_decoded(self, sentence: str) -> None:
        path = self._decoding[0] if self._decoding else None
        self._decoding = None
        if path is None or path != self._path:
            self._schedule()
            return
        self._broken.update(source.result_key() for source in self._sources)
        self.failed.emit(None, sentence)
        self._schedule()

    def _adopt(self, decoded: Decoded) -> None:
        self._current = decoded
        self.decoded.emit(decoded)
        self._schedule()

    # The panes' sources.

    def _key(self, source: RenderingSource) -> object:
        return (_stamp(self._path) if self._path else None), source.result_key()

    def _missing(self) -> list[RenderingSource]:
        """The sources to compute for the current picture, each once."""
        missing: dict[object, RenderingSource] = {}
        for source in self._sources:
            result = self.result(source)
            known = source.kind == SourceKind.PREVIEW or source.result_key() in self._broken
            if not known and (result is None or not result.cells.complete):
                missing.setdefault(source.result_key(), source)
        return list(missing.values())

    def _schedule(self) -> None:
        """Starts what is wanted and stops what is not."""
        if self._path is None:
            return
        if self._current is not None:
            self._compute(self._missing())
        wanted_whole = any(source.kind == SourceKind.PREVIEW for source in self._sources)
        wanted_whole |= self._is_close and (self._current is None or bool(self._missing()))
        preview = self._previews.get(_stamp(self._path))
        if wanted_whole and preview is not None and not preview.whole and self._previewing is None:
            self._start_preview(self._path, _stamp(self._path), whole=True)
        self._fetch_a_preview()
        if not self.busy:
            self.idle.emit()
            self._fetch_a_neighbour()

    @property
    def busy(self) -> bool:
        """Whether something is under way for the current picture."""
        own = self._decoding is not None and self._decoding[0] == self._path
        preview = self._previewing is not None and self._previewing[0] == self._path
        return own or preview or any(computer.source is not None for computer in self._computers)

    def _compute(self, missing: list[RenderingSource]) -> None:
        decoded, path = self._current, self._path
        if decoded is None or path is None:
            return
        keys = [source.result_key() for source in missing]
        for computer in self._computers:
            if computer.source is not None and computer.source.result_key() not in keys:
                computer.cancel()
        running = [computer.source.result_key() for computer in self._computers if computer.source is not None]
        free = [computer for computer in self._computers if computer.source is None]
        waiting = [source for source in missing if source.result_key() not in running]
        for computer, source in zip(free, waiting, strict=False):
            result = self.result(source)
            if result is None:
                result = Rendering(*decoded.picture.frame.mosaic.shape)
                self._results.put(self._key(source), result, result.cam_rgb.nbytes)
            self._start(computer, decoded, source, result)

    def _start(self, computer: _Computer, decoded: Decoded, source: RenderingSource, result: Rendering) -> None:
        engine, grew = self._engine, self._grew

        def looked_at() -> Box:
            return self._looked_at

        def grown(box: Box) -> None:
            grew.emit(decoded, source, box)

        def work(report: Report) -> None:
            engine.compute(decoded, source, result, looked_at, report, grown)

        computer.start(source, work)

    @Slot(object, object, object)
    def _on_grew(self, decoded: Decoded, source: RenderingSource, box: Box) -> None:
        if decoded is self._current:
            self.grown.emit(source, box)

    def computed(self, source: RenderingSource, sentence: str | None) -> None:
        """A computer has ended with a source; ``sentence`` says why it failed."""
        if sentence is not None:
            self._broken.add(source.result_key())
            if self._current is not None:
                self._results.forget(self._key(source))
            self.failed.emit(source, sentence)
        self._schedule()

    def _fetch_a_preview(self) -> None:
        """Reads the JPEG of the next neighbour that is not there: a step shows it even while a network works."""
        while self._unseen and self._previewing is None:
            path = self._unseen.pop(0)
            stamp = _stamp(path)
            if self._previews.get(stamp) is None:
                self._start_preview(path, stamp, whole=False)

    def _fetch_a_neighbour(self) -> None:
        """Decodes the next neighbour that is not there."""
        while self._neighbours and self._decoding is None:
            path = self._neighbours.pop(0)
            stamp = _stamp(path)
            if self._decoded.get(stamp) is None:
                self._start_decoding(path, stamp)

    @Slot(object)
    def _emit_progress(self, progress: Progress) -> None:
        if self._decoding is None or self._decoding[0] == self._path:
            self.progressed.emit(progress)


class _Computer(QObject):
    """Computes one source at a time."""

    def __init__(self, pictures: PictureLoader) -> None:
        super().__init__(pictures)
        self._pictures = pictures
        self.source: RenderingSource | None = None
        self.jobs = LatestTask(self)
        self.jobs.succeeded.connect(self._on_succeeded)
        self.jobs.failed.connect(self._on_failed)
        self.jobs.progressed.connect(pictures.progressed)

    def start(self, source: RenderingSource, work: Work) -> None:
        """Starts as soon as what was cancelled has ended."""
        self.source = source
        self.jobs.start(work)

    def cancel(self) -> None:
        """End what runs; it emits nothing more."""
        self.source = None
        self.jobs.cancel()

    @Slot(object)
    def _on_succeeded(self, _: object) -> None:
        self._end(None)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._end(sentence)

    def _end(self, sentence: str | None) -> None:
        source, self.source = self.source, None
        if source is not None:
            self._pictures.computed(source, sentence)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return path, 0, 0  # it is told when the file is read
    return path, status.st_mtime_ns, status.st_size
