"""Camera RGB of single tiles: cut out of a result, made smaller, brought into its geometry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from xtdm_core.demosaicing.tile_schedule import CELL
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.local_contrast import detail_map, local_gain
from xtdm_core.develop.resampling import draft_area, light_gain, sample_area
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F32, RawFrame
from xtdm_gui.pictures.engine import Rendering
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.projection import Projection

Key = tuple[int, int, int]  # level, row, column
_MOST_KEPT = 300  # tiles of 0.4 MB


def box_of(key: Key) -> Box:
    """The box of the rectangle that a tile covers, maybe beyond the picture's border."""
    level, row, col = key
    side = CELL << level
    return Box(row * side, col * side, (row + 1) * side, (col + 1) * side)


def tile_box(key: Key, upright: OrientedSize) -> Box:
    """The tile's box in pixels after its halvings, as the sensor lies, inside the picture."""
    level, row, col = key
    small = upright.halved(level)
    return Box(row * CELL, col * CELL, (row + 1) * CELL, (col + 1) * CELL).clipped(small.height, small.width)


def needed(key: Key, projection: Projection | None) -> Box:
    """The box of the sensor that a tile is made of, maybe beyond the picture's border."""
    if projection is None or projection.geometry.is_whole:
        return box_of(key)
    return _enlarged(projection.source(tile_box(key, projection.upright), key[0]), key[0])


class TilePixels:
    """Camera RGB of tiles, f32 [h, w, 3], means over squares in linear light; kept, for a slider asks for it again."""

    def __init__(self) -> None:
        self._halved: dict[Key, F32] = {}  # cells of the sensor's picture
        self._details: list[F32] = []  # for local contrast: one, once it was asked for
        self._moved: dict[Key, F32] = {}

    def elsewhere(self) -> TilePixels:
        """For another geometry of the same result: what does not depend on it is still there."""
        other = TilePixels()
        other._halved, other._details = self._halved, self._details
        return other

    def lit(
        self, result: Rendering, frame: RawFrame, key: Key, projection: Projection | None, draft: bool, look: Look
    ) -> tuple[F32, RawFrame]:
        """A tile's pixels in the light of a look's local contrast, and the frame as the tile shows it."""
        cam_rgb = self.rgb(result, key, projection, draft)
        if projection is None:
            return cam_rgb, frame
        geometry, box = projection.geometry, tile_box(key, projection.upright)
        area = geometry, range(box.top, box.bottom), range(box.left, box.right), key[0]
        local: F32 | float = 1.0
        if look.local_contrast:
            local = local_gain(self._detail(frame), look.local_contrast, *area)[..., None]
            cam_rgb = cam_rgb * local
        if look.white_balance is not None and (geometry.lens is not None or look.local_contrast):
            # Where white is balanced anew it matters where pixels saturate.
            frame = replace(frame, saturation=frame.saturation * (light_gain(*area)[..., None] * local))
        return cam_rgb, replace(frame, orientation=geometry.orientation)

    def _detail(self, frame: RawFrame) -> F32:
        if not self._details:
            self._details.append(detail_map(frame))
        return self._details[0]

    def rgb(self, result: Rendering, key: Key, projection: Projection | None, draft: bool) -> F32:
        """A tile's pixels; as a ``draft`` where they lie for a moment only."""
        if projection is None or projection.geometry.is_whole:
            return self._cell(result, key)
        if draft:
            return self._resampled(result, key, projection, draft_area)
        if key not in self._moved:
            self._moved[key] = self._resampled(result, key, projection, sample_area)
            while len(self._moved) > _MOST_KEPT:
                self._moved.pop(next(iter(self._moved)), None)
        return self._moved[key]

    def _resampled(self, result: Rendering, key: Key, projection: Projection, sample: Callable[..., F32]) -> F32:
        level = key[0]
        box = tile_box(key, projection.upright)
        rows, columns = range(box.top, box.bottom), range(box.left, box.right)
        source = projection.source(box, level)
        pixels = self._area(result, source, level)
        return sample(pixels, projection.geometry, rows, columns, level, (source.top, source.left))

    def _area(self, result: Rendering, box: Box, level: int) -> F32:
        """A box of the sensor's picture, in pixels after its halvings."""
        if level == 0:
            return result.cam_rgb[box.clipped(*result.cam_rgb.shape[:2]).slices]
        out = np.empty((box.height, box.width, 3), np.float32)
        for row in range(box.top // CELL, -(-box.bottom // CELL)):
            for col in range(box.left // CELL, -(-box.right // CELL)):
                top, left = row * CELL, col * CELL
                cell = self._cell(result, (level, row, col))
                part = Box(top, left, top + cell.shape[0], left + cell.shape[1])
                rows, columns = max(top, box.top), max(left, box.left)
                both = Box(rows, columns, min(part.bottom, box.bottom), min(part.right, box.right))
                out[both.within(box)] = cell[both.within(part)]
        return out

    def _cell(self, result: Rendering, key: Key) -> F32:
        if key[0] == 0:
            return result.cam_rgb[box_of(key).clipped(*result.cam_rgb.shape[:2]).slices]
        if key in self._halved:
            return self._halved[key]
        cell = _reduced(result, box_of(key), key[0])
        if result.cells.covers(box_of(key)):  # a part of it may be all that is needed
            self._halved[key] = cell
        return cell


def _enlarged(box: Box, level: int) -> Box:
    """The box in pixels before ``level`` halvings."""
    return Box(*(border << level for border in (box.top, box.left, box.bottom, box.right)))


def _reduced(result: Rendering, box: Box, level: int) -> F32:
    cam_rgb = result.cam_rgb[box.clipped(*result.cam_rgb.shape[:2]).slices]
    for _ in range(level):
        cam_rgb = _halve(cam_rgb)
    return cam_rgb


def _halve(image: F32) -> F32:
    """Means of 2x2 pixels f32 [h, w, 3]; the last row or column counts twice where the size is odd."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    total = image[::2, ::2] + image[1::2, ::2]
    total += image[::2, 1::2]
    total += image[1::2, 1::2]
    total *= np.float32(0.25)
    return total
