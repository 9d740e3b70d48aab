"""One pane's picture as tiles that are ready for the screen: made in the background, what is seen first."""

from __future__ import annotations

import time
from dataclasses import fields

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QColor, QColorSpace, QImage, QPainter, QTransform

from xtdm_core.demosaicing.tile_schedule import CELL
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.framing import jpeg_area
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F64, RawFrame
from xtdm_core.progress import Progress, Report, Stage
from xtdm_gui.background import LatestTask, Work
from xtdm_gui.pictures.engine import Preview, Rendering
from xtdm_gui.pictures.monitor import to_monitor
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.projection import GEOMETRY, Projection
from xtdm_gui.viewer.output_clipping import SoftProof, mark_ends
from xtdm_gui.viewer.placeholder import Placeholder
from xtdm_gui.viewer.tile_painting import Tile, averaged, inside, paint_moved, reduced, render_tile
from xtdm_gui.viewer.tile_source import Key, TilePixels, needed, tile_box

BACKGROUND = QColor(48, 48, 48)
# Tiles of 192 px and 4 bytes a pixel: together 90 MB.
_MOST_TILES = 600
# Tiles are handed over together: painting after each one would take longer than rendering them.
_BATCH_S = 0.03
# What of a look is rendered here: the rest is the network's, or comes with the projection.
_LIGHT = tuple(field.name for field in fields(Look) if field.name not in ("denoise", "grain", *GEOMETRY))
_RENDERERS = 2  # threads: a slider moves the viewport's picture with it


class TileLayer(QObject):
    """Camera RGB seen through a look, with the embedded JPEG where there is nothing better yet.

    A tile is a cell of ``CELL`` pixels after 0, 1, 2 … halvings, on the sensor's grid, turned upright.

    only_preview  whether the embedded JPEG is all that is to be seen
    follows       whether what is not there yet of the result is seen as another one of the same picture had it
    changed       emitted when there is more to see
    """

    changed = Signal()
    _rendered = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.only_preview = self.follows = False
        self._placeholder = Placeholder(self)
        self._placeholder.changed.connect(self.changed)
        self._result: Rendering | None = None
        self._frame: RawFrame | None = None
        self._upright = OrientedSize(1, 1)
        self._projection: Projection | None = None  # until the raw file is read
        self._sources: dict[Key, Box] = {}  # what of the sensor tiles are made of
        self._look = Look()
        self._generation = 0
        self._tiles: dict[Key, tuple[int, Tile]] = {}
        self._reduced: dict[Key, tuple[QImage, QImage]] = {}  # (tile, what is painted of it) at ``_reduction``
        self._reduction = 1.0
        self.monitor: QColorSpace | None = None  # what the canvas is converted to
        self._proof = SoftProof.NONE
        self._preview_part: tuple[object, QImage] = None, QImage()
        self._composed = QImage()  # the last canvas that was whole
        self._pixels = TilePixels()
        self._drafts = False  # whether the picture has just been moved: drafts come first
        self._seen: tuple[int, Box] = (0, Box(0, 0, 0, 0))
        self._asked: list[Key] = []
        self._renderers = [LatestTask(self) for _ in range(_RENDERERS)]
        self._at_work = 0  # renderers that have not finished what they were asked for
        for renderer in self._renderers:
            renderer.succeeded.connect(self._on_finished)
        self._rendered.connect(self._on_rendered)

    def show_preview(self, preview: Preview | None, upright: OrientedSize) -> None:
        """Begins again with an embedded JPEG, or nothing, for a picture of that geometry."""
        self.drop_result()
        self._placeholder.set_preview(preview)
        self._upright, self._projection, self._sources = upright, None, {}
        self.changed.emit()

    def set_preview(self, preview: Preview) -> None:
        """A better decoded JPEG of the same picture."""
        self._placeholder.improve(preview)
        self.changed.emit()

    def drop_result(self) -> None:
        """Drop the camera RGB; the embedded JPEG stays."""
        self._begin_anew()
        self._result = self._frame = None
        self.follows = False
        self._tiles.clear()
        self._reduced.clear()

    def _begin_anew(self) -> None:
        """No tile is fresh any more."""
        for renderer in self._renderers:
            renderer.cancel()
        self._generation += 1
        self._asked = []
        self._pixels = TilePixels()  # another one: a thread that is about to end may still write into the old one
        self._drafts = False

    def set_projection(self, projection: Projection) -> None:
        """Where pixels lie, now that the raw file was read or the look has changed."""
        if self._projection is not None:
            pixels, moves = self._pixels.elsewhere(), bool(self._tiles)
            self._begin_anew()
            self._pixels, self._drafts = pixels, moves
            self._tiles.clear()
            self._reduced.clear()
        self._upright, self._projection, self._sources = projection.upright, projection, {}
        self.changed.emit()
        self.refresh()

    def set_as_shot(self, gains: F64) -> None:
        """The white balance f64 [3] that the camera chose, now that the raw file was read."""
        self._placeholder.set_as_shot(gains)

    def show_result(self, result: Rendering, frame: RawFrame) -> None:
        """Shows camera RGB, as far as it is there, in place of another of the same picture if that is seen now."""
        if result is not self._result:
            if frame is self._frame:
                self._begin_anew()
                self.follows = bool(self._tiles)
            else:
                self.drop_result()
            self._result, self._frame = result, frame
        self.refresh()

    def set_look(self, look: Look) -> None:
        """Renders what is seen again; the old tiles stay until the new ones are there."""
        before, self._look = self._look, look
        if all(getattr(look, name) == getattr(before, name) for name in _LIGHT):
            return
        self._generation += 1
        self._asked = []
        self._placeholder.set_look(look)
        if any(key not in self._tiles for key in self._keys(*self._seen)):
            self.changed.emit()  # the JPEG is seen, and follows
        self.refresh()

    def set_proof(self, proof: SoftProof) -> None:
        """Marks what a format loses."""
        if proof is self._proof:
            return
        self._proof = proof
        if proof is SoftProof.HLG:  # in the tiles
            self._generation += 1
            self._asked = []
            self.refresh()
        self.changed.emit()

    def look_at(self, level: int, seen: Box) -> None:
        """What is seen: a box of the upright picture in pixels after ``level`` halvings."""
        if self._seen != (level, seen):
            self._seen = level, seen
            self.refresh()

    def refresh(self) -> None:
        """Asks for the tiles that are seen, can be made and are not there."""
        result, frame = self._result, self._frame
        missing = self._missing()
        drafts = [key for key in missing if not self._is_drawn(key)] if self._drafts else []
        self._drafts, missing = bool(drafts), drafts or missing
        if not missing or result is None or frame is None or missing == self._asked:
            return
        self._asked, self._at_work = missing, len(self._renderers)
        for number, renderer in enumerate(self._renderers):
            renderer.start(self._work(missing[number :: len(self._renderers)], result, frame))

    def _work(self, keys: list[Key], result: Rendering, frame: RawFrame) -> Work:
        generation, look, proof, pixels = self._generation, self._look, self._proof, self._pixels
        rendered, projection, draft = self._rendered, self._projection, self._drafts

        def work(report: Report) -> None:
            told = time.monotonic()
            tiles: list[tuple[Key, Tile]] = []
            for number, key in enumerate(keys):
                report(Progress(Stage.RENDERING, number, len(keys)))
                cam_rgb, own = pixels.lit(result, frame, key, projection, draft, look)
                tiles.append((key, render_tile(cam_rgb, own, look, proof, draft)))
                if time.monotonic() - told > _BATCH_S:
                    rendered.emit(generation, tiles)
                    told, tiles = time.monotonic(), []
            if tiles:
                rendered.emit(generation, tiles)

        return work

    @property
    def complete(self) -> bool:
        """Whether all that is seen comes from the result, in the look that was asked for."""
        return self._result is not None and all(self._fresh(key) for key in self._keys(*self._seen))

    @property
    def has_tiles(self) -> bool:
        """Whether something of a result is there, in whatever look."""
        return bool(self._tiles)

    def close(self) -> None:
        """Ends the background work and waits for it."""
        for renderer in self._renderers:
            renderer.close()
        self._placeholder.close()

    def compose(self, level: int, box: Box, reduction: float = 1.0) -> QImage:
        """What there is of a box of the upright picture, in pixels after ``level`` halvings: RGB32.

        reduction  1/2 to 1: the image is made smaller by it, its border is that of ``reduced(box, reduction)``
        """
        if reduction != self._reduction:
            self._reduction = reduction
            self._reduced.clear()
        canvas_box = reduced(box, reduction)
        canvas = QImage(max(canvas_box.width, 1), max(canvas_box.height, 1), QImage.Format.Format_RGB32)
        canvas.fill(BACKGROUND)
        painter = QPainter(canvas)
        keys = self._keys(level, box)
        missing = [key for key in keys if key not in self._tiles]
        if missing and self._drafts and all(map(self._is_covered, missing)):
            painter.drawImage(canvas.rect(), self._composed)  # as it lay a moment ago: drafts are on their way
        elif missing:
            self._paint_preview(painter, level, box)
        for key in keys:
            self._paint_tile(painter, key, canvas_box)
        painter.end()
        if not missing:
            self._composed = canvas
        if self._proof is SoftProof.SRGB:
            mark_ends(canvas)
        return to_monitor(canvas, self.monitor)

    def colour_at(self, level: int, x: int, y: int) -> QColor | None:
        """What is painted of the result at a pixel of the upright picture after ``level`` halvings, if anything is."""
        for key in self._keys(level, Box(y, x, y + 1, x + 1)):
            if key in self._tiles:
                held = self._upright.halved(level).box(tile_box(key, self._upright))
                return self._tiles[key][1].image.pixelColor(x - held.left, y - held.top)
        return None

    def holes(self, level: int, box: Box, reduction: float = 1.0) -> list[QRect]:
        """Where in ``compose``'s image there is no tile of a result yet."""
        if self.only_preview:
            return []
        small = self._upright.halved(level)
        places = [small.box(tile_box(key, self._upright)) for key in self._keys(level, box) if key not in self._tiles]
        return [inside(reduced(place, reduction), reduced(box, reduction)) for place in places]

    def is_bare(self, level: int, box: Box) -> bool:
        """Whether a box of the upright picture has no tile of a result yet, and is to have some."""
        return not self.only_preview and all(key not in self._tiles for key in self._keys(level, box))

    def _keys(self, level: int, box: Box) -> list[Key]:
        """The tiles that touch a box of the upright picture, those near its middle first."""
        if box.height == 0 or box.width == 0:
            return []
        sensor = self._upright.halved(level).sensor_box(box)
        rows = range(sensor.top // CELL, -(-sensor.bottom // CELL))
        cols = range(sensor.left // CELL, -(-sensor.right // CELL))
        middle_row = (sensor.top + sensor.bottom) / 2 / CELL - 0.5
        middle_col = (sensor.left + sensor.right) / 2 / CELL - 0.5
        keys = [(level, row, col) for row in rows for col in cols]
        return sorted(keys, key=lambda key: (key[1] - middle_row) ** 2 + (key[2] - middle_col) ** 2)

    def _missing(self) -> list[Key]:
        keys = self._keys(*self._seen)
        return [key for key in keys if not self._fresh(key) and self._is_covered(key)]

    def _is_covered(self, key: Key) -> bool:
        """Whether all that a tile is made of is there."""
        return self._result is not None and self._result.cells.covers(self._needed(key))

    def _needed(self, key: Key) -> Box:
        """What of the sensor a tile is made of; asked for with every box that is there."""
        if key not in self._sources:
            self._sources[key] = needed(key, self._projection)
        return self._sources[key]

    def _fresh(self, key: Key) -> bool:
        return self._is_drawn(key) and not self._tiles[key][1].is_draft

    def _is_drawn(self, key: Key) -> bool:
        """Whether a tile is there in the look that was asked for, if only as a draft."""
        return key in self._tiles and self._tiles[key][0] == self._generation

    @Slot(int, object)
    def _on_rendered(self, generation: int, tiles: list[tuple[Key, Tile]]) -> None:
        if generation != self._generation:
            return
        for key, tile in tiles:
            self._tiles.pop(key, None)
            self._tiles[key] = generation, tile
        # Never fewer than a large screen shows, or they would push each other out for ever.
        most = max(_MOST_TILES, 2 * len(self._keys(*self._seen)))
        while len(self._tiles) > most:
            oldest = next(iter(self._tiles))
            del self._tiles[oldest]
            self._reduced.pop(oldest, None)
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, _: object) -> None:
        self._at_work -= 1
        if not self._at_work:
            self._asked = []
            self.refresh()

    def _paint_tile(self, painter: QPainter, key: Key, canvas: Box) -> None:
        """The tile, or until it is there what a coarser one has in its place."""
        level, row, col = key
        place = self._upright.halved(level).box(tile_box(key, self._upright))
        target = inside(reduced(place, self._reduction), canvas)
        if key in self._tiles:
            painter.drawImage(target.topLeft(), self._reduced_tile(key, target.size()))
            marks = self._tiles[key][1].marks
            if marks is not None and self._proof is SoftProof.HLG:
                painter.drawImage(target, marks)
            return
        for up in range(1, 6):
            coarse = level + up, row >> up, col >> up
            if coarse in self._tiles:
                held = self._upright.halved(level + up).box(tile_box(coarse, self._upright))
                scale = 1 / (1 << up)
                x, y = place.left * scale - held.left, place.top * scale - held.top
                source = QRectF(x, y, place.width * scale, place.height * scale)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(QRectF(target), self._tiles[coarse][1].image, source)
                return

    def _reduced_tile(self, key: Key, size: QSize) -> QImage:
        """The tile made smaller: means over areas, since sampling lets fine patterns beat with the screen's pixels."""
        tile = self._tiles[key][1].image
        if size == tile.size():
            return tile
        known = self._reduced.get(key)
        if known is None or known[0] is not tile:
            self._reduced[key] = known = tile, averaged(tile, size)
        return known[1]

    def _paint_preview(self, painter: QPainter, level: int, box: Box) -> None:
        width, height = self._upright.halved(level).size
        needed = round(width * self._reduction)
        image = self._placeholder.plain(needed) if self.only_preview else self._placeholder.image(needed)
        if image is None:
            return
        transform = None if self._projection is None else self._projection.jpeg_transform()
        if transform is not None:
            painter.drawImage(0, 0, self._moved_preview(image, transform, level, reduced(box, self._reduction)))
            return
        top, left, high, wide = jpeg_area(height, width, image.height(), image.width())
        seen = QRectF(box.left, box.top, box.width, box.height) & QRectF(left, top, wide, high)
        if seen.isEmpty():
            return
        canvas = reduced(box, self._reduction)
        across, down = image.width() / wide, image.height() / high
        source = QRectF(
            (seen.x() - left) * across, (seen.y() - top) * down, seen.width() * across, seen.height() * down
        )
        across, down = canvas.width / box.width, canvas.height / box.height
        target = QRectF(
            (seen.x() - box.left) * across, (seen.y() - box.top) * down, seen.width() * across, seen.height() * down
        )
        if source.width() > target.width():
            part = self._reduced_preview(image, source.toAlignedRect(), target.toAlignedRect().size())
            painter.drawImage(target.toAlignedRect().topLeft(), part)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, source.size() != target.size())
        painter.drawImage(target, image, source)

    def _moved_preview(self, image: QImage, transform: QTransform, level: int, canvas: Box) -> QImage:
        """The JPEG as it is seen in the canvas; kept, since it is painted again with every batch of tiles."""
        key = image.cacheKey(), transform, level, self._reduction, canvas
        if self._preview_part[0] != key:
            part = QImage(canvas.width, canvas.height, QImage.Format.Format_RGB32)
            part.fill(BACKGROUND)
            painter = QPainter(part)
            paint_moved(painter, image, transform, self._reduction / (1 << level), canvas)
            painter.end()
            self._preview_part = key, part
        return self._preview_part[1]

    def _reduced_preview(self, image: QImage, part: QRect, size: QSize) -> QImage:
        """A part of the JPEG made smaller; kept, since it is painted again with every batch of tiles."""
        key = image.cacheKey(), part, size
        if self._preview_part[0] != key:
            self._preview_part = key, averaged(image.copy(part & image.rect()), size)
        return self._preview_part[1]
