"""One raw file in the layers of a view: its embedded JPEG first, then results, where its look has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, QPointF, QTimer, Signal, Slot

from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.tone import Look
from xtdm_gui.pictures.engine import PREVIEW_SIDE, Preview, Rendering
from xtdm_gui.pictures.loader import PictureLoader
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.projection import Projection, project, projection_key
from xtdm_gui.viewer.tile_layer import TileLayer
from xtdm_gui.viewer.viewport import Viewport

_BLANK_AFTER_MS = 250  # the picture before stays so long on the screen while there is nothing to see of the next


class LayeredPicture(QObject):
    """What the layers of a view show of one raw file, and where its pixels lie there.

    projected(Projection)  the raw file was read, or its look has another geometry
    placed()               other pixels are seen than before
    """

    projected = Signal(object)
    placed = Signal()

    def __init__(self, view: Viewport, layers: Sequence[TileLayer], parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._layers = view, tuple(layers)
        self.picture: Picture | None = None  # until it is read
        self.projection: Projection | None = None
        self.upright = OrientedSize(1, 1)
        self.has_preview = False
        self._begun = True
        self._blank = QTimer(self, singleShot=True, interval=_BLANK_AFTER_MS)
        self._blank.timeout.connect(self.begin)

    def leave(self, follows: bool) -> None:
        """The picture goes; where another ``follows`` it stays to be seen until there is something of that."""
        self.picture = self.projection = None
        self._begun = self.has_preview = False
        if follows:
            self._blank.start()
        else:
            self.begin()

    @Slot()
    def begin(self, preview: Preview | None = None) -> None:
        """The picture before goes from the screen, if it is still there."""
        if self._begun:
            return
        self._begun = True
        self._blank.stop()
        for layer in self._layers:
            layer.show_preview(preview, self.upright)
        self._view.set_picture(*self.upright.size)
        self.placed.emit()

    def show_preview(self, preview: Preview) -> None:
        """The embedded JPEG is there, or a better decoded one."""
        self.has_preview = True
        if self._begun:
            for layer in self._layers:
                layer.set_preview(preview)
        else:
            self.upright = self.upright.like(preview.size.width(), preview.size.height())
            self.begin(preview)

    def adopt(self, picture: Picture, look: Look) -> None:
        """The raw file is read."""
        self.picture = picture
        self.begin()
        self._project(picture, look)
        for layer in self._layers:
            layer.set_as_shot(picture.frame.wb)

    def set_geometry(self, look: Look) -> None:
        """Shows the picture where a look has it, if that has changed."""
        if self.picture is not None and (self.projection is None or self.projection.key != projection_key(look)):
            self._project(self.picture, look)

    def show_result(self, number: int, result: Rendering | None) -> None:
        """What there is of a layer's result."""
        if self.picture is not None and result is not None:
            self._layers[number].show_result(result, self.picture.frame)

    def look_at(self, seen: Collection[int], pictures: PictureLoader) -> None:
        """Asks for what the view shows, of the layers that are ``seen``."""
        level = self._view.level
        box = self._view.seen(level)
        for number, layer in enumerate(self._layers):
            layer.look_at(level, box if number in seen else Box(0, 0, 0, 0))
        pictures.look_at((self.projection or self.upright).sensor_box(self._view.seen()))
        pictures.look_closely(max(self.upright.size) * min(self._view.zoom, 1.0) > PREVIEW_SIDE)

    def sensor_pixel(self, place: QPointF | None) -> tuple[int, int] | None:
        """The sensor's pixel at a place in a pane; None beside the picture and before there is one."""
        if place is None or self.projection is None:
            return None
        return self.projection.sensor_pixel(*self._view.to_picture(place).toTuple())

    def go_to(self, x: int, y: int, zoom: float) -> None:
        """Move a place on the sensor into the middle."""
        across, down = (self.projection or self.upright).point(x + 0.5, y + 0.5)
        self._view.centre_on(across, down, zoom)

    def close(self) -> None:
        """Ends what was to come."""
        self._blank.stop()
        for layer in self._layers:
            layer.close()

    def _project(self, picture: Picture, look: Look) -> None:
        self.projection = project(picture.frame, look)
        self.upright = self.projection.upright
        for layer in self._layers:
            layer.set_projection(self.projection)
        self.projected.emit(self.projection)
        self._view.set_picture(*self.upright.size)
        self.placed.emit()
