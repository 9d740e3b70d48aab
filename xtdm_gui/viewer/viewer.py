"""The viewer: one or two renderings of a raw file on one view, and what is drawn over them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QAction, QColorSpace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xtdm_core.choices import DemosaicMethod
from xtdm_core.demosaicing.network import Denoising
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F32
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.engine import Decoded, PictureEngine, Preview, Rendering
from xtdm_gui.pictures.loader import PictureLoader
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.renderings import RenderingSource, SourceKind
from xtdm_gui.viewer.actions import viewer_actions
from xtdm_gui.viewer.comparison import ComparisonView
from xtdm_gui.viewer.crop_tool import CropTool
from xtdm_gui.viewer.layered_picture import LayeredPicture
from xtdm_gui.viewer.overlays import Overlays
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.viewer.pane import state_words
from xtdm_gui.viewer.readout import CursorReadout
from xtdm_gui.viewer.tile_layer import TileLayer
from xtdm_gui.viewer.viewport import Viewport

NETWORK_PANE = 1  # shows the current network, unless the user wants to see something else there


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
        self._look = Look()
        self._failures: dict[RenderingSource | None, str] = {}
        self._is_settled = True
        self.view = Viewport(self)
        self.pictures = PictureLoader(engine, self, budget)
        self.layers = (TileLayer(self), TileLayer(self))
        self.shown = LayeredPicture(self.view, self.layers, self)
        self.overlays = Overlays(self)
        self.comparison = ComparisonView(self.view, self.layers, self.overlays, self._sources, self)
        self.crop = CropTool(self.view, self)
        self.overlays.crop = self.crop
        self._readout = CursorReadout(self.view, self.comparison, self.layers, self.shown, self._seen_results)
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
        comparison.hovered.connect(self._readout.follow)
        self._readout.moved.connect(self.position_changed)
        self._readout.changed.connect(self.readout_changed)
        comparison.picked.connect(self._on_picked)
        self.shown.placed.connect(self._look_at)
        self.shown.projected.connect(self.overlays.set_projection)
        self.view.changed.connect(self._look_at)
        self.view.changed.connect(self._readout.follow)
        self.view.moved.connect(self.overlays.outline)
        self.crop.toggled.connect(self._on_crop)

    # What is shown.

    def show_path(self, path: Path | None) -> None:
        """Show a raw file, or nothing; zoom and place stay."""
        self._failures.clear()
        self._is_settled = path is None
        self.shown.leave(follows=path is not None)
        self.overlays.show(None)
        self.picture_changed.emit(None)
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
        return self.shown.picture

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
        self.shown.go_to(x, y, zoom)

    def flash(self, mask: NDArray[np.bool_] | None) -> None:
        """Marks pixels bool [H, W] of the sensor, blinking at first, until another picture; None unmarks them."""
        self.overlays.mark(mask)

    def actions(self) -> list[QAction]:
        """All that keys can do here, in the order of a menu, separators between."""
        return self._actions

    def close(self) -> bool:
        """Ends all background work and waits for it."""
        self.comparison.close()
        self.pictures.close()
        for part in (self.shown, self.overlays):
            part.close()
        return super().close()

    # From the background.

    @Slot(object)
    def _on_preview(self, preview: Preview) -> None:
        self.shown.show_preview(preview)
        self._show_states()
        self._check_settled()

    def _follow_geometry(self) -> None:
        """Shows the picture where the look has it."""
        if self.picture is not None:
            self.shown.set_geometry(self.crop.shown(self._look))
            self.crop.show(self.picture.frame, self._look, self.shown.upright)
            self.comparison.repaint_canvases()

    @Slot(bool)
    def _on_crop(self, on: bool) -> None:
        for canvas in self.comparison.canvases:
            canvas.tool = self.crop if on else None
        self._follow_geometry()
        if on:
            self.view.fit()

    @Slot(object)
    def _on_decoded(self, decoded: Decoded) -> None:
        self.shown.adopt(decoded.picture, self.crop.shown(self._look))
        self.crop.show(decoded.picture.frame, self._look, self.shown.upright)
        self._show_results()
        self.overlays.show(decoded)
        self.picture_changed.emit(decoded.picture)
        self.comparison.find_cursor()
        self._readout.follow()
        self._show_states()

    @Slot(object, object)
    def _on_grown(self, source: RenderingSource, _box: Box) -> None:
        self._show_results()
        result = self.pictures.result(source)
        if result is not None and result.cells.complete:
            self.results_changed.emit()
            self._readout.follow()
        self._show_states()

    @Slot(object, str)
    def _on_failed(self, source: RenderingSource | None, sentence: str) -> None:
        if source is None:
            self.shown.begin()
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
        self._readout.refresh()
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

    @Slot(object)
    def _on_picked(self, place: QPointF) -> None:
        spot = self.shown.sensor_pixel(place)
        if spot is not None:
            self.clicked.emit(*spot)

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
        for pane in self.comparison.panes():
            self.shown.show_result(pane, self.pictures.result(self._sources[pane]))

    @Slot()
    def _look_at(self) -> None:
        self.shown.look_at(self.comparison.panes(), self.pictures)

    def _check_settled(self) -> None:
        if not self._is_settled and all(map(self._is_there, self.comparison.panes())):
            self._is_settled = True
            self.settled.emit()

    def _is_there(self, pane: int) -> bool:
        source = self._sources[pane]
        if None in self._failures or source in self._failures:
            return True
        if self.picture is None:
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
        return state_words(self.pictures.result(source), self.shown.has_preview, self.layers[pane].follows)
