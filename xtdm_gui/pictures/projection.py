"""Between the sensor's pixels and those of the picture that is shown: lens, crop, angle and orientation."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTransform

from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.framing import framed_area
from xtdm_core.develop.geometry import Geometry, make_geometry
from xtdm_core.develop.resampling import source_area
from xtdm_core.develop.tone import Look
from xtdm_core.frame import RawFrame
from xtdm_gui.pictures.orientation import OrientedSize

# The fields of a look that decide where pixels lie.
GEOMETRY = ("lens_distortion", "lens_aberration", "lens_vignetting", "crop", "straighten", "rotate", "flip")


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """How a look shows a frame.

    camera  how the camera's own JPEG of the whole frame lies
    framed  what of the corrected frame that JPEG shows: (top, left, height, width)
    key     what of the look decides it
    """

    geometry: Geometry
    camera: OrientedSize
    framed: tuple[int, int, int, int]
    key: tuple[object, ...]

    @property
    def upright(self) -> OrientedSize:
        """The rectangle that is shown, and its orientation."""
        geometry = self.geometry
        return OrientedSize(geometry.height, geometry.width, geometry.orientation)

    def sensor_pixel(self, x: float, y: float) -> tuple[int, int] | None:
        """The sensor's pixel that is seen at a point of the upright picture; None beside the picture."""
        spot = self.upright.sensor_pixel(x, y)
        if spot is None or self.geometry.is_whole:
            return spot
        row, column = self.geometry.to_source(spot[1], spot[0])
        height, width = self.geometry.source_height, self.geometry.source_width
        return min(max(round(column), 0), width - 1), min(max(round(row), 0), height - 1)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the sensor to the upright picture; both count pixels' borders."""
        row, column = self.geometry.from_source(y - 0.5, x - 0.5)
        return self.upright.point(column + 0.5, row + 0.5)

    def pixel(self, x: int, y: int) -> tuple[int, int]:
        """A pixel of the sensor to the upright picture."""
        across, down = self.point(x + 0.5, y + 0.5)
        return int(across), int(down)

    def box(self, sensor: Box) -> Box:
        """What of the upright picture surrounds a box of the sensor."""
        corners = [self.point(x, y) for x in (sensor.left, sensor.right) for y in (sensor.top, sensor.bottom)]
        across, down = zip(*corners, strict=True)
        return Box(*(round(border) for border in (min(down), min(across), max(down), max(across))))

    def sensor_box(self, upright: Box) -> Box:
        """What of the sensor is needed to show a box of the upright picture."""
        return self.source(self.upright.sensor_box(upright))

    def source(self, box: Box, level: int = 0) -> Box:
        """What of the sensor is needed for a box of the rectangle, both in pixels after ``level`` halvings."""
        if self.geometry.is_whole or not (box.height and box.width):
            return box
        return Box(*source_area(self.geometry, range(box.top, box.bottom), range(box.left, box.right), level))

    def transform(self, x: float, y: float) -> QTransform:
        """From the sensor to the upright picture, as it is around a point of that."""
        seen = self.upright.sensor_point(x, y)
        row, column = self.geometry.to_source(seen[1] - 0.5, seen[0] - 0.5)
        x0, y0 = self.point(column + 0.5, row + 0.5)
        right, down = self.point(column + 1.5, row + 0.5), self.point(column + 0.5, row + 1.5)
        to_spot = QTransform.fromTranslate(-column - 0.5, -row - 0.5)
        return to_spot * QTransform(right[0] - x0, right[1] - y0, down[0] - x0, down[1] - y0, x0, y0)

    def jpeg_transform(self) -> QTransform | None:
        """From the camera's JPEG, as a square of side 1, to the upright picture; None where they show the same."""
        geometry = self.geometry
        top, left, height, width = self.framed
        shown = (geometry.top, geometry.left, geometry.height, geometry.width)
        if shown == self.framed and not geometry.angle and geometry.orientation == self.camera.orientation:
            return None
        from_camera, _ = OrientedSize(1, 1, self.camera.orientation).transform().inverted()
        to_frame = QTransform(width, 0, 0, height, left, top)
        turn = QTransform()
        turn.translate(geometry.width / 2, geometry.height / 2)
        turn.rotateRadians(geometry.angle)
        turn.translate(-geometry.left - geometry.width / 2, -geometry.top - geometry.height / 2)
        return from_camera * to_frame * turn * self.upright.transform()


def project(frame: RawFrame, look: Look) -> Projection:
    """How a look shows a frame."""
    height, width = frame.mosaic.shape
    framed = framed_area(frame.info, height, width) or (0, 0, height, width)
    return Projection(
        make_geometry(frame, look), OrientedSize(height, width, frame.orientation), framed, projection_key(look)
    )


def projection_key(look: Look) -> tuple[object, ...]:
    """What of a look decides where pixels lie, and the light that a lens took."""
    return tuple(getattr(look, name) for name in GEOMETRY)
