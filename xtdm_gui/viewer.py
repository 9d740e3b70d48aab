"""The viewer: one or two renderings of a raw file on one view, and what is drawn over them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QPainter, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from xtdm_core.develop import Look
from xtdm_core.frame import F32
from xtdm_core.tiles import Box
from xtdm_gui import comparing
from xtdm_gui.comparing import BLINK, DIFFERENCE, GAINS, MODES, SIDE_BY_SIDE, SINGLE, SPLIT
from xtdm_gui.engine import Decoded, Engine, Preview
from xtdm_gui.jobs import Jobs
from xtdm_gui.layers import BACKGROUND, Layer
from xtdm_gui.overlays import CLIPPED, MARKED, Marks, clipped_codes, draw_cfa, draw_marks
from xtdm_gui.panes import Canvas, NameStrip
from xtdm_gui.picture import Picture
from xtdm_gui.pictures import Pictures
from xtdm_gui.readout import readout
from xtdm_gui.sources import PREVIEW, Source
from xtdm_gui.upright import Upright
from xtdm_gui.view import View
from xtdm_gui.viewer_actions import viewer_actions

_BLINK_MS = 600
_FLASHES = 6


class Viewer(QWidget):
    """Shows raw files; see the modes in ``comparing``. Pane 0 is A, pane 1 is B.

    picture_changed(Picture|None)  the raw data are there, or gone
    results_changed()              ``results`` has something new
    position_changed(x, y)         the cursor's place on the sensor
    clicked(x, y)                  a place on the sensor was clicked
    readout_changed(str)           what is at the cursor, "" where nothing is
    progressed(Progress), failed(sentence)
    settled()                      all that is seen is there, or it is told why not
    """

    picture_changed = Signal(object)
    results_changed = Signal()
    position_changed = Signal(int, int)
    clicked = Signal(int, int)
    readout_changed = Signal(str)
    progressed = Signal(object)
    failed = Signal(str)
    settled = Signal()

    def __init__(self, engine: Engine | None = None, parent: QWidget | None = None, budget: int | None = None) -> None:
        super().__init__(parent)
        self.view = View(self)
        self.view.changed.connect(self._on_view)
        self.pictures = Pictures(engine or Engine(), self, budget)
        self._sources = [Source.libraw("markesteijn3"), Source.network()]
        self._mode, self._shown, self._gain = SINGLE, 1, 8
        self._picture: Picture | None = None
        self._upright = Upright(1, 1)
        self._failures: dict[Source | None, str] = {}
        self._is_settled = True
        self._cursor: QPointF | None = None
        self._show_cfa = self._show_clipping = False
        self._clipping: Marks | None = None
        self._marks: Marks | None = None
        self._flashes = 0
        self._build()
        self._connect()
        self._arrange()

    def _build(self) -> None:
        self.layers = (Layer(self), Layer(self))
        self.strips = tuple(NameStrip(letter, s, self) for letter, s in zip("AB", self._sources, strict=True))
        self.canvases = (
            Canvas(self.view, lambda painter, pane: self._paint(painter, pane, 0), self),
            Canvas(self.view, lambda painter, pane: self._paint(painter, pane, 1), self),
        )
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._grid.setRowStretch(1, 1)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
            self._grid.addWidget(self.strips[column], 0, column)
        self._overlay_jobs = Jobs(self)
        self._flash_jobs = Jobs(self)
        self._blinker = QTimer(self, interval=_BLINK_MS)
        self._flasher = QTimer(self, interval=250)
        self._actions = viewer_actions(self)
        self.addActions(self._actions)
        self.setAccessibleName(self.tr("Viewer"))

    def _connect(self) -> None:
        pictures = self.pictures
        pictures.preview_ready.connect(self._on_preview)
        pictures.decoded.connect(self._on_decoded)
        pictures.grown.connect(self._on_grown)
        pictures.failed.connect(self._on_failed)
        pictures.progressed.connect(self.progressed)
        pictures.idle.connect(self._on_idle)
        for layer in self.layers:
            layer.changed.connect(self._on_layer)
        for pane, (strip, canvas) in enumerate(zip(self.strips, self.canvases, strict=True)):
            strip.source_chosen.connect(lambda source, pane=pane: self.set_pane(pane, source))
            canvas.hovered.connect(self._on_hovered)
            canvas.picked.connect(self._on_picked)
            canvas.split_dragged.connect(self.set_split)
        self._overlay_jobs.succeeded.connect(self._on_clipping)
        self._flash_jobs.succeeded.connect(self._on_marks)
        self._blinker.timeout.connect(self.swap)
        self._flasher.timeout.connect(self._on_flash)

    # What is shown.

    def show_path(self, path: Path | None) -> None:
        """Goes to a raw file, or shows nothing; zoom and place stay."""
        self._picture = None
        self._failures.clear()
        self._clipping = None
        self._overlay_jobs.cancel()
        self.flash(None)
        self._is_settled = path is None
        for layer in self.layers:
            layer.show_preview(None, self._upright)
        self.picture_changed.emit(None)
        self.pictures.want([self._sources[pane] for pane in self._panes()])
        self.pictures.show(path)
        self._tell()
        self.results_changed.emit()

    def prefetch(self, paths: Sequence[Path]) -> None:
        """Reads these neighbours in advance, while there is nothing else to do."""
        self.pictures.prefetch(paths)

    def set_look(self, look: Look) -> None:
        """Renders anew, what is seen first; nothing is demosaiced again."""
        self._is_settled = False
        for layer in self.layers:
            layer.set_look(look)
        self._check_settled()

    def set_pane(self, pane: int, source: Source) -> None:
        """Chooses what pane 0 or 1 shows."""
        self._sources[pane] = source
        self._failures.pop(source, None)
        self.strips[pane].show_source(source)
        self.layers[pane].drop_result()
        self._want()

    def source(self, pane: int) -> Source:
        """What pane 0 or 1 shows."""
        return self._sources[pane]

    @property
    def mode(self) -> str:
        """One of ``comparing.MODES``."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Chooses one of ``comparing.MODES``."""
        if mode not in MODES:
            raise ValueError(mode)
        self._mode = mode
        self._arrange()
        self._want()

    def set_gain(self, gain: int) -> None:
        """How much the difference is amplified: a number of ``comparing.GAINS``."""
        self._gain = gain
        self._tell()
        self.canvases[0].update()

    def step_gain(self, steps: int) -> None:
        """The next larger or smaller amplification."""
        index = GAINS.index(self._gain) + steps
        self.set_gain(GAINS[min(max(index, 0), len(GAINS) - 1)])

    @Slot(float)
    def set_split(self, split: float) -> None:
        """Where the line of the split is: 0 at the left, 1 at the right."""
        if self.canvases[0].split is not None:
            self.canvases[0].split = split
            self.canvases[0].update()

    @Slot()
    def swap(self) -> None:
        """Shows the other of the two, in the modes that show one at a time."""
        self._shown = 1 - self._shown
        if self._mode in (SINGLE, BLINK):
            self._arrange()
            self._want()

    @property
    def shown(self) -> int:
        """The pane that single and blink show now."""
        return self._shown

    @property
    def picture(self) -> Picture | None:
        """The raw file that is shown, None until it is read."""
        return self._picture

    @property
    def has_picture(self) -> bool:
        """Whether there is something to see, be it the embedded JPEG."""
        return self._picture is not None and None not in self._failures

    @property
    def failure(self) -> str:
        """Why the raw file cannot be shown, "" where it can."""
        return self._failures.get(None, "")

    def results(self) -> list[tuple[str, F32 | None]]:
        """(name, camera RGB f32 [H, W, 3] when all of it is there) for each pane that is shown."""
        told: list[tuple[str, F32 | None]] = []
        for pane in self._panes():
            result = self.pictures.result(self._sources[pane])
            complete = result is not None and result.cells.complete
            told.append((self._sources[pane].label(), result.cam_rgb if result is not None and complete else None))
        return told

    # How it is seen.

    @property
    def zoom(self) -> float:
        """Physical screen pixels for a picture's pixel."""
        return self.view.zoom

    def fit(self) -> None:
        """The whole picture."""
        self.view.fit()

    def zoom_to(self, zoom: float) -> None:
        """Zooms about the cursor, or the middle."""
        self.view.zoom_to(zoom, self._cursor)

    def go_to(self, x: int, y: int, zoom: float) -> None:
        """Brings a place on the sensor into the middle."""
        across, down = self._upright.point(x + 0.5, y + 0.5)
        self.view.centre_on(across, down, zoom)

    def show_cfa(self, on: bool) -> None:
        """Draws filter colours and the 6×6 grid, from 8:1 on."""
        self._show_cfa = on
        self._update_canvases()

    def show_clipping(self, on: bool) -> None:
        """Marks clipped photosites."""
        self._show_clipping = on
        decoded = self.pictures.current
        if on and self._clipping is None and decoded is not None:
            self._overlay_jobs.start(lambda _: Marks(clipped_codes(decoded.clipped, decoded.picture.frame.cfa)))
        self._update_canvases()

    def flash(self, mask: NDArray[np.bool_] | None) -> None:
        """Marks pixels bool [H, W] of the sensor, blinking at first, until another picture; None unmarks them."""
        self._flasher.stop()
        self._flash_jobs.cancel()
        self._marks = None
        if mask is not None:
            self._flash_jobs.start(lambda _: Marks(mask.astype(np.uint8)))
        self._update_canvases()

    def actions(self) -> list[QAction]:
        """All that keys can do here, for menus; those without text are separators."""
        return self._actions

    def close_pictures(self) -> None:
        """Ends all background work and waits for it."""
        self._blinker.stop()
        self._flasher.stop()
        self.pictures.close()
        for layer in self.layers:
            layer.close()
        self._overlay_jobs.close()
        self._flash_jobs.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.canvases[0].follow_size()

    # From the background.

    @Slot(object)
    def _on_preview(self, preview: Preview) -> None:
        if self._picture is None:
            width, height = preview.size.width(), preview.size.height()
            self._upright = _alike(self._upright, width, height)
            self.view.set_picture(*self._upright.size)
            for layer in self.layers:
                layer.show_preview(preview, self._upright)
        else:
            for layer in self.layers:
                layer.set_preview(preview)
        self._check_settled()

    @Slot(object)
    def _on_decoded(self, decoded: Decoded) -> None:
        self._picture = decoded.picture
        height, width = decoded.picture.frame.mosaic.shape
        self._upright = Upright(height, width, decoded.picture.frame.orientation)
        self.view.set_picture(*self._upright.size)
        for layer in self.layers:
            layer.set_geometry(self._upright)
        self._look_at()
        self._show_results()
        if self._show_clipping:
            self.show_clipping(True)
        self.picture_changed.emit(self._picture)
        self._tell()

    @Slot(object, object)
    def _on_grown(self, source: Source, _box: Box) -> None:
        self._show_results()
        result = self.pictures.result(source)
        if result is not None and result.cells.complete:
            self.results_changed.emit()
        self._tell()

    @Slot(object, str)
    def _on_failed(self, source: Source | None, sentence: str) -> None:
        if source is not None and source.kind == PREVIEW and source not in self._sources:
            return  # the raw data do without
        if source is None:
            self._failures = {None: sentence}
        else:
            same = [s for s in self._sources if s.result_key() == source.result_key()]
            self._failures.update(dict.fromkeys(same, sentence))
        self.failed.emit(sentence)
        self._tell()
        self._update_canvases()

    @Slot()
    def _on_idle(self) -> None:
        self._tell()
        self._check_settled()

    @Slot()
    def _on_layer(self) -> None:
        self._update_canvases()
        self._check_settled()

    @Slot(object)
    def _on_clipping(self, marks: Marks) -> None:
        self._clipping = marks
        self._update_canvases()

    @Slot(object)
    def _on_marks(self, marks: Marks) -> None:
        self._marks = marks
        self._flashes = _FLASHES
        self._flasher.start()
        self._update_canvases()

    @Slot()
    def _on_flash(self) -> None:
        self._flashes -= 1
        if self._flashes <= 0:
            self._flasher.stop()
        self._update_canvases()

    # From the user.

    @Slot()
    def _on_view(self) -> None:
        self._look_at()
        self._hover()

    @Slot(object)
    def _on_hovered(self, place: QPointF | None) -> None:
        self._cursor = place
        self._hover()

    @Slot(object)
    def _on_picked(self, place: QPointF) -> None:
        spot = self._sensor_pixel(place)
        if spot is not None:
            self.clicked.emit(*spot)

    def _hover(self) -> None:
        spot = self._sensor_pixel(self._cursor) if self._cursor is not None else None
        if spot is None or self._picture is None:
            self.readout_changed.emit("")
            return
        sources = [self._sources[pane] for pane in self._panes()]
        results = [(source.label(), self.pictures.result(source)) for source in sources]
        self.position_changed.emit(*spot)
        self.readout_changed.emit(readout(self._picture, results, *spot))

    def _sensor_pixel(self, place: QPointF) -> tuple[int, int] | None:
        """The sensor's pixel at a place in a pane; None beside the picture and before there is one."""
        point = self.view.to_picture(place)
        width, height = self._upright.size
        if self._picture is None or not (0 <= point.x() < width and 0 <= point.y() < height):
            return None
        # The pixel's middle: turning a border would lead to the pixel beside.
        x, y = self._upright.sensor_point(int(point.x()) + 0.5, int(point.y()) + 0.5)
        return int(x), int(y)

    # Inside.

    def _panes(self) -> list[int]:
        """The panes that are seen, or about to be."""
        return [self._shown] if self._mode == SINGLE else [0, 1]

    def _arrange(self) -> None:
        """Puts strips and canvases where the mode has them."""
        mode, grid = self._mode, self._grid
        alone = mode == SINGLE
        for pane in (0, 1):
            self.strips[pane].setVisible(not alone or pane == self._shown)
            self.strips[pane].emphasise(mode == BLINK and pane == self._shown)
            grid.removeWidget(self.canvases[pane])
            grid.setColumnStretch(pane, 0 if alone and pane != self._shown else 1)
        both = mode == SIDE_BY_SIDE
        grid.addWidget(self.canvases[0], 1, 0, 1, 1 if both else 2)
        if both:
            grid.addWidget(self.canvases[1], 1, 1)
        self.canvases[1].setVisible(both)
        split = self.canvases[0].split
        self.canvases[0].split = (0.5 if split is None else split) if mode == SPLIT else None
        self._blinker.start() if mode == BLINK else self._blinker.stop()
        self._update_canvases()

    def _want(self) -> None:
        """Asks for what the panes that are seen show."""
        self._is_settled = False
        self.pictures.want([self._sources[pane] for pane in self._panes()])
        self._show_results()
        self._look_at()
        self.results_changed.emit()
        self._tell()
        self._check_settled()

    def _show_results(self) -> None:
        if self._picture is None:
            return
        for pane in self._panes():
            result = self.pictures.result(self._sources[pane])
            if result is not None:
                self.layers[pane].show_result(result, self._picture.frame)

    def _look_at(self) -> None:
        level = self.view.level
        seen = self.view.seen(level)
        for pane in self._panes():
            self.layers[pane].look_at(level, seen)
        self.pictures.look_at(self._upright.sensor_box(self.view.seen()))

    def _check_settled(self) -> None:
        if not self._is_settled and self.pictures.path is not None and all(map(self._is_there, self._panes())):
            self._is_settled = True
            self.settled.emit()

    def _is_there(self, pane: int) -> bool:
        source = self._sources[pane]
        if None in self._failures or source in self._failures:
            return True
        if source.kind == PREVIEW:
            return self._picture is not None and not self.pictures.busy
        return self.layers[pane].complete

    def _update_canvases(self) -> None:
        for canvas in self.canvases:
            canvas.update()

    def _tell(self) -> None:
        """Says in the strips what is not there yet."""
        for pane, strip in enumerate(self.strips):
            words = [self._state(self._sources[pane])]
            if pane == 1 and self._mode == DIFFERENCE:
                words.insert(0, self.tr("|A − B| × {0}, of the display's codes").format(self._gain))
            strip.tell(" · ".join(filter(None, words)))

    def _state(self, source: Source) -> str:
        if self.pictures.path is None:
            return ""
        if None in self._failures or source in self._failures:
            return self.tr("cannot be shown")
        if source.kind == PREVIEW:
            return ""
        result = self.pictures.result(source)
        if result is not None and result.cells.complete:
            return ""
        share = 0 if result is None else int(100 * result.cells.share)
        return self.tr("{0} % there, the rest is the embedded JPEG").format(share)

    def _paint(self, painter: QPainter, pane: QRectF, number: int) -> None:
        painter.fillRect(pane, BACKGROUND)
        both = self.layers
        if self._mode == SPLIT:
            comparing.paint_split(painter, both, self.view, pane, self.canvases[0].split or 0.0)
        elif self._mode == DIFFERENCE:
            comparing.paint_difference(painter, both, self.view, self._gain)
        else:
            shown = number if self._mode == SIDE_BY_SIDE else self._shown
            comparing.paint_layer(painter, both[shown], self.view)
        self._paint_overlays(painter)
        sentence = self._sentence(number)
        if sentence:
            comparing.paint_message(painter, pane, sentence, self.devicePixelRatioF())

    def _paint_overlays(self, painter: QPainter) -> None:
        if self._picture is None:
            return
        if self._show_clipping and self._clipping is not None:
            draw_marks(painter, self._clipping, CLIPPED, self.view, self._upright)
        if self._marks is not None and self._flashes % 2 == 0:
            draw_marks(painter, self._marks, MARKED, self.view, self._upright)
        if self._show_cfa:
            draw_cfa(painter, self._picture, self.view, self._upright)

    def _sentence(self, number: int) -> str:
        """What to say instead of a picture, "" where there is one."""
        if None in self._failures:
            return self._failures[None]
        panes = [number] if self._mode == SIDE_BY_SIDE else [self._shown] if self._mode in (SINGLE, BLINK) else [0, 1]
        sentences = [self._failures.get(self._sources[pane], "") for pane in panes]
        return "\n\n".join(filter(None, dict.fromkeys(sentences)))


def _alike(before: Upright, width: int, height: int) -> Upright:
    """A guess at the picture's size while only its JPEG, often smaller, is known: that of a like-shaped one before."""
    was_wide, was_high = before.size
    if was_high > 1 and abs(was_wide / was_high - width / height) < 0.02:
        return Upright(was_high, was_wide)
    return Upright(height, width)
