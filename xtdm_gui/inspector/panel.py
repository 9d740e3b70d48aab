"""The inspector: what of a picture repeats with the 6x6 period of the sensor, here and in the whole frame."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from xtdm_core.frame import F32
from xtdm_core.xtrans import PERIOD
from xtdm_gui.background import LatestTask
from xtdm_gui.inspector.analysis import Here, Scores, look_around
from xtdm_gui.inspector.frame_scores import FrameScores, Result
from xtdm_gui.inspector.plots import Magnifier, SpectrumPlot
from xtdm_gui.inspector.tables import LETTERS, PANES, ArtifactTable, FoldRow, PlaceList, ScoreTable
from xtdm_gui.inspector.verdict_label import verdict_text
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.widgets.labels import ElidedLabel, WrappedLabel

_INTERVAL_MS = 50


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
        self._panes: list[Result] = []
        self._position: tuple[int, int] | None = None
        self._here: Here | None = None
        self._looking = self._moved = False
        self._in_sight = True
        self.scores = FrameScores(self)
        self.scores.changed.connect(self._on_scored)
        self.scores.failed.connect(self._show_failure)
        self._near = LatestTask(self)
        self._near.succeeded.connect(self._on_looked)
        self._near.failed.connect(self._on_look_failed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._look)
        self._build()
        self._show_all()

    def set_picture(self, picture: Picture | None) -> None:
        """Inspects another file; its results come with ``set_results``."""
        self._stop()
        self._picture, self._here = picture, None
        self._panes = [Result(pane.name, None) for pane in self._panes]
        self.scores.set_picture(picture)
        self.scores.set_results(self._panes)
        self._position = None
        if picture is not None:
            height, width = picture.frame.mosaic.shape
            self._position = width // 2, height // 2
        self._show_all()
        self._refresh()

    def set_results(self, results: Sequence[Result]) -> None:
        """Takes what the panes show, of which two at most count."""
        self._panes = list(results[:PANES])
        self.scores.set_results(self._panes)
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
        self.scores.close()
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
        self.verdicts = [WrappedLabel() for _ in range(PANES)]
        for verdict in self.verdicts:
            verdict.setAccessibleName(self.tr("Verdict on the 6×6 grid"))
            layout.addWidget(verdict)
        layout.addWidget(self._build_numbers())
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

    def _build_numbers(self) -> QWidget:
        """What the verdict stands on, behind a click."""
        self.numbers = QToolButton()
        self.numbers.setText(self.tr("Numbers"))
        self.numbers.setCheckable(True)
        self.numbers.setAutoRaise(True)
        self.numbers.setToolTip(self.tr("Show what the verdict stands on: folded cells, figures, spectrum"))
        self.numbers.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.numbers.setArrowType(Qt.ArrowType.RightArrow)
        box, inside = QWidget(), QWidget()
        self.numbers.toggled.connect(inside.setVisible)
        self.numbers.toggled.connect(self._turn_arrow)
        self.folds, self.table, self.artifacts = FoldRow(), ScoreTable(), ArtifactTable()
        self.folds.whole_frame.toggled.connect(self._show_heat)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (
            self.folds,
            self.table,
            self.artifacts,
            ElidedLabel(self.tr("Spectrum of the frame, × local median")),
            self._build_spectrum(),
        ):
            column.addWidget(widget)
        inside.hide()
        outer = QVBoxLayout(box)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.numbers)
        outer.addWidget(inside)
        return box

    @Slot(bool)
    def _turn_arrow(self, shown: bool) -> None:
        self.numbers.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

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
        if self._is_seen():
            self.scores.go_on()
        self._show_scores()

    def _stop(self) -> None:
        """Ends what runs; what is known stays."""
        self._timer.stop()
        self._near.cancel()
        self.scores.stop()
        self._looking = self._moved = False

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
        scores = Scores(tuple(map(self.scores.score, range(len(self._panes)))), self.scores.raw)
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

    @Slot()
    def _on_scored(self) -> None:
        self._look_soon()
        self._show_scores()

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
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
            scores = map(self.scores.score, range(len(self._panes)))
            folds = [score.fold if score is not None else None for score in scores]
            raw = self.scores.raw.percent if self.scores.raw is not None else None
        elif self._here is not None:
            folds = [seen.fold if seen is not None else None for seen in self._here.panes]
            raw = self._here.raw_percent
        else:
            folds, raw = [None] * len(self._panes), None
        frame = self._picture.frame
        self.folds.show_folds(folds, raw, frame.cfa, frame.orientation)

    def _show_scores(self) -> None:
        panes = range(len(self._panes))
        scores = [self.scores.score(i) for i in panes]
        for i in range(PANES):
            self.table.show_frame(i, scores[i] if i in panes else None)
            self.artifacts.show_score(i, scores[i] if i in panes else None)
            words = self._verdict(i) if i in panes and self._picture is not None else ""
            self.verdicts[i].set_words(words)
            self.verdicts[i].setVisible(bool(words))
        self.table.show_raw_frame(self.scores.raw)
        self.spectrum.show_profiles([score.profile if score is not None else None for score in scores])
        self._show_heat()
        places = [self.scores.places(i) for i in panes]
        found = [(place, i) for i in panes for place in places[i] or ()]
        complete = bool(places) and None not in places
        self.places.show_places(found, "" if self._picture is None else self._no_places(complete), self._upright())

    def _verdict(self, i: int) -> str:
        """What is said of a pane's grid, "" where nothing ever will be."""
        verdict = self.scores.verdict(i)
        if verdict is not None:
            return f"{LETTERS[i]}: {verdict_text(verdict)}"
        waits = self._panes[i].again is not None and self._panes[i].cam_rgb is not None and self.scores.busy
        return self.tr("{0}: asking who made the grid…").format(LETTERS[i]) if waits else ""

    def _no_places(self, complete: bool) -> str:
        if complete:
            return self.tr("None: no window's grid is surely more than chance")
        return self.tr("Measuring…") if self.scores.busy else self.tr("Waiting for a result")

    @Slot(QListWidgetItem)
    def _go(self, item: QListWidgetItem) -> None:
        place = self.places.place_of(item)
        if place is not None:
            self.go_to.emit(*place)
            self.set_position(*place)  # last: a mouse that rests on the picture has another place below it now
