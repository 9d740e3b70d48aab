"""The inspector: what of a picture repeats with the 6x6 period of the sensor, here and in the whole frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from xtdm_core.frame import F32
from xtdm_core.inspection.grid import WINDOW
from xtdm_core.inspection.score import PictureScore, RawScore, score_picture, score_raw, visible_codes
from xtdm_core.progress import Report
from xtdm_core.xtrans import PERIOD
from xtdm_gui.background import LatestTask
from xtdm_gui.inspector.analysis import Here, Scores, look_around
from xtdm_gui.inspector.plots import Magnifier, SpectrumPlot
from xtdm_gui.inspector.tables import LETTERS, PANES, FoldRow, PlaceList, ScoreTable
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.widgets.labels import ElidedLabel, WrappedLabel

_INTERVAL_MS = 50


@dataclass(frozen=True, slots=True)
class _Pane:
    """A result: ``cam_rgb`` f32 [H, W, 3] or None while it is not there, ``score`` None until computed."""

    name: str
    cam_rgb: F32 | None
    score: PictureScore | None = None


@dataclass(frozen=True, slots=True)
class _Scored:
    """A frame's score, of the result ``cam_rgb`` or, where that is None, of the raw."""

    cam_rgb: F32 | None
    score: PictureScore | RawScore


class InspectorPanel(QWidget):
    """Shows the surroundings of a position in both panes' results and in the raw, and where a frame is worst.

    It computes in the background, and only while it is visible. Everything is as the camera's settings have it,
    whatever the look, so that scores of files and methods compare.

    go_to(x, y)  a worst place was chosen, in pixels of the sensor's visible area
    left()       it is not to be seen any more, nor what was marked for it
    """

    go_to = Signal(int, int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._panes: list[_Pane] = []
        self._raw_score: RawScore | None = None
        self._position: tuple[int, int] | None = None
        self._here: Here | None = None
        self._looking = self._moved = self._scoring = False
        self._in_sight = True
        self._scored_now: F32 | None = None
        self._near, self._whole = LatestTask(self), LatestTask(self)
        self._near.succeeded.connect(self._on_looked)
        self._near.failed.connect(self._on_look_failed)
        self._whole.succeeded.connect(self._on_scored)
        self._whole.failed.connect(self._on_score_failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._look)
        self._build()
        self._show_all()

    def set_picture(self, picture: Picture | None) -> None:
        """Inspects another file; its results come with ``set_results``."""
        self._stop()
        self._picture, self._raw_score, self._here = picture, None, None
        self._panes = [_Pane(pane.name, None) for pane in self._panes]
        self._position = None
        if picture is not None:
            height, width = picture.frame.mosaic.shape
            self._position = width // 2, height // 2
        self._show_all()
        self._refresh()

    def set_results(self, results: Sequence[tuple[str, F32 | None]]) -> None:
        """What the panes show: (name, camera RGB f32 [H, W, 3] of the visible area, or None while it is not there).

        Two at most are shown. A result that was there before keeps its score.
        """
        scores = {id(pane.cam_rgb): pane.score for pane in self._panes if pane.cam_rgb is not None}
        self._panes = [_Pane(name, cam_rgb, scores.get(id(cam_rgb))) for name, cam_rgb in results[:PANES]]
        if self._scored_now is not None and all(pane.cam_rgb is not self._scored_now for pane in self._panes):
            self._whole.cancel()
            self._scoring, self._scored_now = False, None
        # What was seen of other results is not to stand below these names.
        self._here = None
        self._show_all()
        self._refresh()

    def set_position(self, x: int, y: int) -> None:
        """Looks at (x, y) of the visible area, at once or, while one look follows another, in 50 ms."""
        if self._picture is None:
            return
        height, width = self._picture.frame.mosaic.shape
        self._position = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
        self._look_soon()

    def close(self) -> bool:
        """Waits until nothing runs in the background any more."""
        self._stop()
        self._near.close()
        self._whole.close()
        return super().close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()

    @Slot(bool)
    def set_in_sight(self, in_sight: bool) -> None:
        """Tell whether it can be seen: behind another panel's tab Qt calls it visible."""
        if in_sight == self._in_sight:
            return
        self._in_sight = in_sight
        if in_sight:
            self._refresh()
        else:
            self._stop()
            self.left.emit()

    # Building

    def _build(self) -> None:
        self.title = ElidedLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addLayout(self._build_magnifiers())
        self.folds = FoldRow()
        self.folds.whole_frame.toggled.connect(self._show_heat)
        layout.addWidget(self.folds)
        self.table = ScoreTable()
        layout.addWidget(self.table)
        layout.addWidget(ElidedLabel(self.tr("Spectrum of the frame, × local median")))
        layout.addWidget(self._build_spectrum())
        layout.addWidget(ElidedLabel(self.tr("Worst places of the frame: click to go there")))
        self.places = PlaceList()
        self.places.itemClicked.connect(self._go)
        self.places.itemActivated.connect(self._go)
        layout.addWidget(self.places, 1)

    def _build_magnifiers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.magnifiers = [Magnifier() for _ in range(PANES)]
        self.pane_names = [WrappedLabel() for _ in range(PANES)]
        self._pane_boxes = [QWidget() for _ in range(PANES)]
        for i, (box, name, magnifier) in enumerate(
            zip(self._pane_boxes, self.pane_names, self.magnifiers, strict=True)
        ):
            magnifier.setAccessibleName(self.tr("Magnifier of pane {0}").format(LETTERS[i]))
            magnifier.setToolTip(
                self.tr("Lines: the 6×6 grid of the sensor. Marks: the colour each photosite has measured.")
            )
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(name)
            column.addWidget(magnifier)
            row.addWidget(box, 1, Qt.AlignmentFlag.AlignBottom)  # a name may have two lines, its neighbour one
        return row

    def _build_spectrum(self) -> SpectrumPlot:
        self.spectrum = SpectrumPlot()
        self.spectrum.setFixedHeight(116)
        self.spectrum.setAccessibleName(self.tr("Spectrum of the frame"))
        self.spectrum.setToolTip(
            self.tr("How far frequencies (cycles per px) stand out of the frame's spectrum, times the local median")
        )
        return self.spectrum

    # Working

    def _is_seen(self) -> bool:
        return self._in_sight and self.isVisible()

    def _refresh(self) -> None:
        self._look_soon()
        self._score_next()

    def _stop(self) -> None:
        """Ends what runs; what is known stays."""
        self._timer.stop()
        self._near.cancel()
        self._whole.cancel()
        self._looking = self._moved = self._scoring = False
        self._scored_now = None

    def _look_soon(self) -> None:
        if self._looking:
            self._moved = True
        elif self._picture is not None and self._is_seen() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _look(self) -> None:
        if self._picture is None or self._position is None:
            return
        picture, (x, y) = self._picture, self._position
        results = [pane.cam_rgb for pane in self._panes]
        scores = Scores(tuple(pane.score for pane in self._panes), self._raw_score)
        self._looking, self._moved = True, False
        self._near.start(lambda _: (results, look_around(picture, results, x, y, scores)))

    @Slot(object)
    def _on_looked(self, looked: tuple[list[F32 | None], Here]) -> None:
        results, here = looked
        self._looking = False
        if [id(result) for result in results] == [id(pane.cam_rgb) for pane in self._panes]:
            self._here = here
            self._show_here()
        if self._moved:
            self._look_soon()

    @Slot(str)
    def _on_look_failed(self, sentence: str) -> None:
        self._looking = False
        self.title.set_words(sentence)

    def _score_next(self) -> None:
        """Scores what has no score yet, one frame at a time, the raw first."""
        if self._picture is None or self._scoring or not self._is_seen():
            return
        picture, frame = self._picture, self._picture.frame
        if min(frame.mosaic.shape) < WINDOW:
            return
        if self._raw_score is None:
            self._start_scoring(None, lambda report: score_raw(picture.mosaic.visible, frame, report))
            return
        unscored = [pane.cam_rgb for pane in self._panes if pane.cam_rgb is not None and pane.score is None]
        if unscored:
            cam_rgb = unscored[0]
            self._start_scoring(cam_rgb, lambda report: score_picture(visible_codes(cam_rgb, frame, report), report))

    def _start_scoring(self, cam_rgb: F32 | None, score: Callable[[Report], PictureScore | RawScore]) -> None:
        self._scoring, self._scored_now = True, cam_rgb
        self._show_scores()
        self._whole.start(lambda report: _Scored(cam_rgb, score(report)))

    @Slot(object)
    def _on_scored(self, scored: _Scored) -> None:
        self._scoring, self._scored_now = False, None
        if isinstance(scored.score, RawScore):
            self._raw_score = scored.score
        else:
            score = scored.score
            self._panes = [
                replace(pane, score=score) if pane.cam_rgb is scored.cam_rgb else pane for pane in self._panes
            ]
        self._look_soon()
        self._score_next()
        self._show_scores()

    @Slot(str)
    def _on_score_failed(self, sentence: str) -> None:
        # The job is not begun again, or it would fail again at once.
        self.title.set_words(sentence)

    # Showing

    def _show_all(self) -> None:
        for i in range(PANES):
            there = i < len(self._panes)
            name = f"{LETTERS[i]}  {self._panes[i].name}" if there else ""
            self._pane_boxes[i].setVisible(i == 0 or there)
            self.pane_names[i].set_words(name)
            self.table.set_name(i, name)
        self._show_here()
        self._show_scores()

    def _show_here(self) -> None:
        here = self._here
        self.title.set_words(self._title())
        for i, magnifier in enumerate(self.magnifiers):
            seen = here.panes[i] if here is not None and i < len(here.panes) else None
            if here is not None and seen is not None:
                magnifier.show_patch(seen.patch, here.cfa, here.marked)
            else:
                magnifier.show_words(self._why_nothing(i))
            self.table.show_here(i, seen.fold if seen is not None else None)
        self.table.show_here(PANES, here.raw_codes if here is not None else None)
        self.table.show_here(PANES + 1, here.raw_percent if here is not None else None)
        self._show_heat()

    def _title(self) -> str:
        if self._picture is None:
            return self.tr("No picture")
        if self._here is None:
            return self.tr("Looking…")
        here = self._here
        colour = (self.tr("red"), self.tr("green"), self.tr("blue"))[here.colour]
        phase = f"({here.x % PERIOD}, {here.y % PERIOD})"
        x, y = self._upright().pixel(here.x, here.y)
        return self.tr("x {0}, y {1}: {2} photosite, phase {3}").format(x, y, colour, phase)

    def _upright(self) -> OrientedSize:
        if self._picture is None:
            return OrientedSize(1, 1)
        height, width = self._picture.frame.mosaic.shape
        return OrientedSize(height, width, self._picture.frame.orientation)

    def _why_nothing(self, i: int) -> str:
        if self._picture is None or i >= len(self._panes):
            return ""
        if self._panes[i].cam_rgb is None:
            return self.tr("Not demosaiced yet")
        return self.tr("Looking…")

    @Slot()
    def _show_heat(self) -> None:
        if self._picture is None:
            self.folds.show_folds([None] * PANES, None, None, 1)
            return
        if self.folds.whole_frame.isChecked():
            folds = [pane.score.fold if pane.score is not None else None for pane in self._panes]
            raw = self._raw_score.percent if self._raw_score is not None else None
        elif self._here is not None:
            folds = [seen.fold if seen is not None else None for seen in self._here.panes]
            raw = self._here.raw_percent
        else:
            folds, raw = [None] * len(self._panes), None
        frame = self._picture.frame
        self.folds.show_folds(folds, raw, frame.cfa, frame.orientation)

    def _show_scores(self) -> None:
        scores = [pane.score for pane in self._panes]
        for i in range(PANES):
            self.table.show_frame(i, scores[i] if i < len(scores) else None)
        raw = self._raw_score
        self.table.show_raw_frame(raw)
        self.spectrum.show_profiles([score.profile if score is not None else None for score in scores])
        self._show_heat()
        found = [(place, i) for i, pane in enumerate(self._panes) if pane.score for place in pane.score.places]
        complete = bool(scores) and None not in scores
        self.places.show_places(found, "" if self._picture is None else self._no_places(complete), self._upright())

    def _no_places(self, complete: bool) -> str:
        if complete:
            return self.tr("None: no window's grid is surely more than chance")
        return self.tr("Measuring…") if self._scoring else self.tr("Waiting for a result")

    @Slot(QListWidgetItem)
    def _go(self, item: QListWidgetItem) -> None:
        place = self.places.place_of(item)
        if place is not None:
            self.go_to.emit(*place)
            self.set_position(*place)  # last: a mouse that rests on the picture has another place below it now
