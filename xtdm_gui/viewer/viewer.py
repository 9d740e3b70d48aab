"""The viewer: one or two renderings of a raw file on one view, and what is drawn over them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColorSpace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xtdm_core.choices import DemosaicMethod
from xtdm_core.demosaicing.network import Denoising
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F32, RawFrame
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.engine import PREVIEW_SIDE, Decoded, PictureEngine, Preview, Rendering
from xtdm_gui.pictures.loader import PictureLoader
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.projection import Projection, project, projection_key
from xtdm_gui.pictures.renderings import RenderingSource, SourceKind
from xtdm_gui.viewer.actions import viewer_actions
from xtdm_gui.viewer.comparison import ComparisonView
from xtdm_gui.viewer.crop_tool import CropTool
from xtdm_gui.viewer.overlays import Overlays
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.viewer.pane import state_words
from xtdm_gui.viewer.readout import BETWEEN, codes_text, readout
from xtdm_gui.viewer.tile_layer import TileLayer
from xtdm_gui.viewer.viewport import Viewport

NETWORK_PANE = 1  # shows the current network, unless the user wants to see something else there
_BLANK_AFTER_MS = 250  # the picture before stays so long on the screen while there is nothing to see of the next


class Viewer(QWidget):
    """Shows raw files; see the modes in ``painting``. Pane 0 is A, pane 1 is B.

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

    def __init__(
        self, engine: PictureEngine, network: CurrentNetwork, parent: QWidget | None = None, budget: int | None = None
    ) -> None:
        super().__init__(parent)
        self._network = network
        self._denoising = Denoising(Look().denoise, Look().grain)
        self._sources = [
            RenderingSource.libraw(DemosaicMethod.MARKESTEIJN3),
            RenderingSource.network(network.path).denoised(self._denoising),
        ]
        self._picture: Picture | None = None
        self._upright = OrientedSize(1, 1)
        self._projection: Projection | None = None
        self._look = Look()
        self._failures: dict[RenderingSource | None, str] = {}
        self._begun = True
        self._has_preview = False
        self._is_settled = True
        self.view = Viewport(self)
        self.pictures = PictureLoader(engine, self, budget)
        self.layers = (TileLayer(self), TileLayer(self))
        self.overlays = Overlays(self)
        self.comparison = ComparisonView(self.view, self.layers, self.overlays, self._sources, self)
        self.crop = CropTool(self.view, self)
        self.overlays.crop = self.crop
        self._blank = QTimer(self, singleShot=True, interval=_BLANK_AFTER_MS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.comparison)
        self._actions = viewer_actions(self.comparison, self.view, self.overlays)
        self.addActions(self._actions)
        self.setAccessibleName(self.tr("Viewer"))
        self._connect()

    def _connect(self) -> None:
        pictures, comparison = self.pictures, self.comparison
        pictures.preview_ready.connect(self._on_preview)
        pictures.decoded.connect(self._on_decoded)
        pictures.grown.connect(self._on_grown)
        pictures.failed.connect(self._on_failed)
        pictures.progressed.connect(self.progressed)
        pictures.idle.connect(self._on_idle)
        for layer in self.layers:
            layer.changed.connect(self._on_layer)
        comparison.arranged.connect(self.want)
        comparison.source_chosen.connect(self._on_source)
        self._network.chosen.connect(self._on_network)
        comparison.hovered.connect(self._hover)
        comparison.picked.connect(self._on_picked)
        self.view.changed.connect(self._on_view)
        self.view.moved.connect(self.overlays.outline)
        self.crop.toggled.connect(self._on_crop)
        self._blank.timeout.connect(self._on_nothing_yet)

    # What is shown.

    def show_path(self, path: Path | None) -> None:
        """Show a raw file, or nothing; zoom and place stay."""
        self._picture = None
        self._failures.clear()
        self._is_settled = path is None
        self.overlays.show(None)
        self.picture_changed.emit(None)
        self._begun = self._has_preview = False
        self._projection = None
        if path is None:
            self._begin(None)
        else:
            self._blank.start()
        self.pictures.want(self.seen_sources())
        self.pictures.show(path)
        self._show_states()
        self.results_changed.emit()

    def set_look(self, look: Look) -> None:
        """Renders again, what is seen first; nothing is demosaiced again."""
        self._is_settled = False
        self._look = look
        if any(layer.has_tiles for layer in self.layers):  # a slider moves: a new picture has nothing to render yet
            self.pictures.rest()
        for layer in self.layers:
            layer.set_look(look)
        self._follow_geometry()
        self._check_settled()

    def set_monitor(self, space: QColorSpace | None) -> None:
        """Show pictures in the colours of a monitor; None: as they are, in sRGB."""
        for layer in self.layers:
            layer.monitor = space
        self.comparison.repaint_canvases()

    def set_denoising(self, denoising: Denoising) -> None:
        """Has networks that take noise work again; what they made with other settings stays until then."""
        self._denoising = denoising
        sources = [source.denoised(denoising) for source in self._sources]
        if sources != self._sources:
            self._sources = sources
            for strip, source in zip(self.comparison.strips, sources, strict=True):
                strip.show_source(source)
            self.want()

    def set_pane(self, pane: int, source: RenderingSource) -> None:
        """Chooses what pane 0 or 1 shows."""
        self._sources[pane] = source = source.denoised(self._denoising)
        self._failures.pop(source, None)
        self.comparison.strips[pane].show_source(source)
        self.layers[pane].drop_result()
        self.layers[pane].only_preview = source.kind == SourceKind.PREVIEW
        self.pictures.retry(source)
        self.want()

    def source(self, pane: int) -> RenderingSource:
        """What was chosen for pane 0 or 1."""
        return self._sources[pane].choice

    def set_mode(self, mode: Mode) -> None:
        """Chooses one of ``Mode``, as its action does."""
        for action in self._actions:
            if action.data() == mode:
                action.trigger()

    @property
    def mode(self) -> Mode:
        """One of ``Mode``."""
        return self.comparison.mode

    @property
    def picture(self) -> Picture | None:
        """The raw file that is shown, None until it is read."""
        return self._picture

    @property
    def failure(self) -> str:
        """Why the raw file cannot be shown, "" where it can."""
        return self._failures.get(None, "")

    def results(self) -> list[tuple[str, F32 | None]]:
        """(name, camera RGB f32 [H, W, 3] when all of it is there) for each pane that is shown."""
        seen = self._seen_results()
        return [(name, result.cam_rgb if result and result.cells.complete else None) for name, result in seen]

    def seen_sources(self) -> list[RenderingSource]:
        """What makes each of the results."""
        return [self._sources[pane] for pane in self.comparison.panes()]

    # How it is seen.

    @property
    def zoom(self) -> float:
        """Physical screen pixels for a picture's pixel."""
        return self.view.zoom

    def zoom_to(self, zoom: float) -> None:
        """Zooms about the cursor, or the middle."""
        self.view.zoom_to(zoom, self.comparison.cursor_place)

    def go_to(self, x: int, y: int, zoom: float) -> None:
        """Move a place on the sensor into the middle."""
        across, down = (self._projection or self._upright).point(x + 0.5, y + 0.5)
        self.view.centre_on(across, down, zoom)

    def flash(self, mask: NDArray[np.bool_] | None) -> None:
        """Marks pixels bool [H, W] of the sensor, blinking at first, until another picture; None unmarks them."""
        self.overlays.mark(mask)

    def actions(self) -> list[QAction]:
        """All that keys can do here, in the order of a menu, separators between."""
        return self._actions

    def close(self) -> bool:
        """Ends all background work and waits for it."""
        self._blank.stop()
        self.comparison.close()
        self.pictures.close()
        for part in (*self.layers, self.overlays):
            part.close()
        return super().close()

    # From the background.

    @Slot(object)
    def _on_preview(self, preview: Preview) -> None:
        if self._begun:
            for layer in self.layers:
                layer.set_preview(preview)
        else:
            self._upright = self._upright.like(preview.size.width(), preview.size.height())
            self._begin(preview)
        self._has_preview = True
        self._show_states()
        self._check_settled()

    @Slot()
    def _on_nothing_yet(self) -> None:
        if not self._begun:
            self._begin(None)

    def _begin(self, preview: Preview | None) -> None:
        """The picture before goes from the screen."""
        self._begun = True
        self._blank.stop()
        for layer in self.layers:
            layer.show_preview(preview, self._upright)
        self.view.set_picture(*self._upright.size)
        self._look_at()

    def _follow_geometry(self) -> None:
        """Shows the picture where the look has it, if that has changed."""
        if self._picture is None:
            return
        if self._projection is None or self._projection.key != projection_key(self.crop.shown(self._look)):
            self._project(self._picture.frame)
        self.crop.show(self._picture.frame, self._look, self._upright)
        self.comparison.repaint_canvases()

    @Slot(bool)
    def _on_crop(self, on: bool) -> None:
        for canvas in self.comparison.canvases:
            canvas.tool = self.crop if on else None
        self._follow_geometry()
        if on:
            self.view.fit()

    def _project(self, frame: RawFrame) -> None:
        """Shows the picture as the look has it."""
        self._projection = project(frame, self.crop.shown(self._look))
        self._upright = self._projection.upright
        for layer in self.layers:
            layer.set_projection(self._projection)
        self.overlays.set_projection(self._projection)
        self.view.set_picture(*self._upright.size)
        self._look_at()

    @Slot(object)
    def _on_decoded(self, decoded: Decoded) -> None:
        self._picture, frame = decoded.picture, decoded.picture.frame
        if not self._begun:
            self._begin(None)
        self._project(frame)
        self.crop.show(frame, self._look, self._upright)
        for layer in self.layers:
            layer.set_as_shot(frame.wb)
        self._show_results()
        self.overlays.show(decoded)
        self.picture_changed.emit(self._picture)
        self.comparison.find_cursor()
        self._hover()
        self._show_states()

    @Slot(object, object)
    def _on_grown(self, source: RenderingSource, _box: Box) -> None:
        self._show_results()
        result = self.pictures.result(source)
        if result is not None and result.cells.complete:
            self.results_changed.emit()
            self._hover()
        self._show_states()

    @Slot(object, str)
    def _on_failed(self, source: RenderingSource | None, sentence: str) -> None:
        if source is None:
            self._on_nothing_yet()
            self._failures = {None: sentence}
        else:
            same = [s for s in self._sources if s.result_key() == source.result_key()]
            if not same:
                return  # an embedded JPEG that no pane shows: the raw data do without
            self._failures.update(dict.fromkeys(same, sentence))
        self.failed.emit(sentence)
        self._show_states()

    @Slot()
    def _on_idle(self) -> None:
        self._show_states()
        self._check_settled()

    @Slot()
    def _on_layer(self) -> None:
        self.comparison.repaint_canvases()
        spot = self._sensor_pixel(self.comparison.cursor_place)
        if spot is not None:
            self._read_out(*spot)  # what is seen there may be another colour now
        self._check_settled()

    # From the user.

    @Slot(int, object)
    def _on_source(self, pane: int, source: RenderingSource) -> None:
        """The network of its pane is the current one; what it is held against is nothing but seen."""
        if pane == NETWORK_PANE and source.kind == SourceKind.NETWORK:
            self._network.choose(Path(source.name))
        else:
            self.set_pane(pane, source)

    @Slot(object)
    def _on_network(self, weights: Path) -> None:
        self.set_pane(NETWORK_PANE, RenderingSource.network(weights))

    @Slot()
    def _on_view(self) -> None:
        self._look_at()
        self._hover()

    @Slot(object)
    def _on_picked(self, place: QPointF) -> None:
        spot = self._sensor_pixel(place)
        if spot is not None:
            self.clicked.emit(*spot)

    @Slot()
    def _hover(self) -> None:
        spot = self._sensor_pixel(self.comparison.cursor_place)
        if spot is None or self._picture is None:
            self.readout_changed.emit("")
            return
        self.position_changed.emit(*spot)
        self._read_out(*spot)

    def _read_out(self, x: int, y: int) -> None:
        if self._picture is None:
            return
        shown = self._projection.pixel(x, y) if self._projection else (x, y)
        where, *measured = readout(self._picture, self._seen_results(), x, y, shown)
        self.readout_changed.emit(BETWEEN.join([where, *self._seen_codes(), *measured]))

    def _seen_codes(self) -> list[str]:
        """What is on the screen at the cursor, of each pane that is seen."""
        place, level = self.comparison.cursor_place, self.view.level
        if place is None:
            return []
        x, y = (int(value) >> level for value in self.view.to_picture(place).toTuple())
        colours = [self.layers[pane].colour_at(level, x, y) for pane in self.comparison.panes()]
        return [codes_text(colour) for colour in colours if colour is not None]

    def _sensor_pixel(self, place: QPointF | None) -> tuple[int, int] | None:
        """The sensor's pixel at a place in a pane; None beside the picture and before there is one."""
        if place is None or self._projection is None:
            return None
        return self._projection.sensor_pixel(*self.view.to_picture(place).toTuple())

    # Inside.

    def _seen_results(self) -> list[tuple[str, Rendering | None]]:
        return [(source.label(), self.pictures.result(source)) for source in self.seen_sources()]

    @Slot()
    def want(self) -> None:
        """Asks for what the panes that are seen show."""
        self._is_settled = self.pictures.path is None
        self.pictures.want(self.seen_sources())
        self._show_results()
        self._look_at()
        self.results_changed.emit()
        self._show_states()
        self._check_settled()

    def _show_results(self) -> None:
        if self._picture is None:
            return
        for pane in self.comparison.panes():
            result = self.pictures.result(self._sources[pane])
            if result is not None:
                self.layers[pane].show_result(result, self._picture.frame)

    def _look_at(self) -> None:
        level = self.view.level
        seen = self.view.seen(level)
        for pane, layer in enumerate(self.layers):
            layer.look_at(level, seen if pane in self.comparison.panes() else Box(0, 0, 0, 0))
        self.pictures.look_at((self._projection or self._upright).sensor_box(self.view.seen()))
        self.pictures.look_closely(max(self._upright.size) * min(self.view.zoom, 1.0) > PREVIEW_SIDE)

    def _check_settled(self) -> None:
        if not self._is_settled and all(map(self._is_there, self.comparison.panes())):
            self._is_settled = True
            self.settled.emit()

    def _is_there(self, pane: int) -> bool:
        source = self._sources[pane]
        if None in self._failures or source in self._failures:
            return True
        if self._picture is None:
            return False
        return not self.pictures.busy if source.kind == SourceKind.PREVIEW else self.layers[pane].complete

    def _show_states(self) -> None:
        """Show in the headers what is not there yet, and why."""
        for pane, source in enumerate(self._sources):
            sentence = self._failures.get(None) or self._failures.get(source, "")
            self.comparison.show_state(pane, self.tr("cannot be shown") if sentence else self._state(pane), sentence)

    def _state(self, pane: int) -> str:
        source = self._sources[pane]
        if self.pictures.path is None or source.kind == SourceKind.PREVIEW:
            return ""
        return state_words(self.pictures.result(source), self._has_preview, self.layers[pane].follows)
