"""Between the sensor's coordinates and those of the upright picture, as Exif orientation asks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTransform

from xtdm_core.demosaic.tiles import Box

_SWAPPED, _ROWS_FLIPPED, _COLS_FLIPPED = (5, 6, 7, 8), (3, 4, 7, 8), (2, 3, 6, 7)


@dataclass(frozen=True, slots=True)
class Upright:
    """A picture of ``height`` × ``width`` on the sensor and its Exif orientation; turns as ``tone.orient`` does."""

    height: int
    width: int
    orientation: int = 1

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the upright picture."""
        return (self.height, self.width) if self.orientation in _SWAPPED else (self.width, self.height)

    def halved(self, level: int) -> Upright:
        """The same picture after so many halvings; a last half pixel counts as one."""
        step = 1 << level
        return Upright(-(-self.height // step), -(-self.width // step), self.orientation)

    def like(self, width: int, height: int) -> Upright:
        """A guess at a picture's size while only that of its JPEG, often smaller, is known: this one's if shaped so."""
        was_wide, was_high = self.size
        if was_high > 1 and abs(was_wide / was_high - width / height) < 0.02:
            return Upright(was_high, was_wide)
        return Upright(height, width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the sensor to the upright picture."""
        if self.orientation in _SWAPPED:
            x, y = y, x
        width, height = self.size
        if self.orientation in _ROWS_FLIPPED:
            y = height - y
        if self.orientation in _COLS_FLIPPED:
            x = width - x
        return x, y

    def pixel(self, x: int, y: int) -> tuple[int, int]:
        """A pixel of the sensor to the upright picture; by its middle, since a border would lead to the one beside."""
        across, down = self.point(x + 0.5, y + 0.5)
        return int(across), int(down)

    def sensor_point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the upright picture to the sensor."""
        width, height = self.size
        if self.orientation in _COLS_FLIPPED:
            x = width - x
        if self.orientation in _ROWS_FLIPPED:
            y = height - y
        return (y, x) if self.orientation in _SWAPPED else (x, y)

    def box(self, sensor: Box) -> Box:
        """A box of the sensor to the upright picture."""
        return _box(self.point(sensor.left, sensor.top), self.point(sensor.right, sensor.bottom))

    def sensor_box(self, upright: Box) -> Box:
        """A box of the upright picture to the sensor."""
        return _box(self.sensor_point(upright.left, upright.top), self.sensor_point(upright.right, upright.bottom))

    def transform(self) -> QTransform:
        """From the sensor's coordinates to the upright ones."""
        x0, y0 = self.point(0, 0)
        xx, xy = self.point(1, 0)
        yx, yy = self.point(0, 1)
        return QTransform(xx - x0, xy - y0, yx - x0, yy - y0, x0, y0)


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    (x0, y0), (x1, y1) = one, other
    return Box(int(min(y0, y1)), int(min(x0, x1)), int(max(y0, y1)), int(max(x0, x1)))
