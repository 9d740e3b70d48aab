"""Which part of the sensor's picture is shown, and how it is turned: lens, straightening, crop and orientation in one.

The picture as the sensor lies is corrected for its lens; in that frame, which has the sensor's size, a rectangle is
chosen, turned about its own middle; mirrors and quarter turns are left to the orientation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xtdm_core.develop.framing import framed_area
from xtdm_core.develop.lens import LensCorrection, lens_correction
from xtdm_core.develop.tone import Look, orient
from xtdm_core.frame import F64, RawFrame

_SMALLEST = 16  # pixels a side that a crop has at least
Crop = tuple[float, float, float, float]  # left, top, width, height as shares of the frame


@dataclass(frozen=True, slots=True)
class Geometry:
    """A picture's way from the sensor to what is shown.

    source_height, source_width  of the sensor's picture
    top, left, height, width     the rectangle in the lens-corrected frame, in pixels, before it is turned
    angle        by how much the picture is turned clockwise, as the sensor lies, in radians
    lens         None where the lens needs no correction
    orientation  Exif's, of what comes out
    """

    source_height: int
    source_width: int
    top: int
    left: int
    height: int
    width: int
    angle: float = 0.0
    lens: LensCorrection | None = None
    orientation: int = 1

    @property
    def resamples(self) -> bool:
        """Whether pixels are interpolated; otherwise they are the sensor's, maybe brightened."""
        return self.angle != 0 or (self.lens is not None and self.lens.moves)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is to be done but to turn the picture upright."""
        return self.lens is None and self.angle == 0 and self.has_all

    @property
    def has_all(self) -> bool:
        """Whether the rectangle is the whole frame."""
        return (self.height, self.width) == (self.source_height, self.source_width)

    def source_points(self, y: F64, x: F64) -> tuple[F64, F64, F64]:
        """Where pixels y [h], x [w] of the rectangle lie in the sensor's picture, and the gain there.

        Coordinates of pixels' middles are whole numbers. Returns rows and columns f64 [3, h, w] for R, G and B, and
        the gain f64 [h, w].
        """
        across, down = self._from_middle(y[:, None], x[None, :])
        square = across**2 + down**2
        if self.lens is None:
            ratio, gain = np.ones((3, 1, 1)), np.ones_like(square)
        else:
            ratio = np.stack([self.lens.at(colour, square) for colour in self.lens.ratio])
            gain = self.lens.at(self.lens.gain, square)
        rows = (self.source_height - 1) / 2 + down * ratio
        columns = (self.source_width - 1) / 2 + across * ratio
        return rows, columns, gain

    def to_source(self, y: float, x: float) -> tuple[float, float]:
        """Where a pixel of the rectangle lies in the sensor's picture, in green."""
        rows, columns, _ = self.source_points(np.array([y]), np.array([x]))
        return float(rows[1, 0, 0]), float(columns[1, 0, 0])

    def from_source(self, y: float, x: float) -> tuple[float, float]:
        """Where a pixel of the sensor's picture, in green, lies in the rectangle; maybe outside."""
        down, across = y - (self.source_height - 1) / 2, x - (self.source_width - 1) / 2
        if self.lens is not None:
            radii = np.sqrt(np.linspace(0, self.lens.reach**2, self.lens.ratio.shape[1]))
            radius = math.hypot(down, across)
            found = float(np.interp(radius, radii * self.lens.ratio[1], radii))
            scale = found / radius if radius else 1.0
            down, across = down * scale, across * scale
        down += (self.source_height - self.height) / 2 - self.top
        across += (self.source_width - self.width) / 2 - self.left
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        turned = across * sin + down * cos, across * cos - down * sin
        return turned[0] + (self.height - 1) / 2, turned[1] + (self.width - 1) / 2

    def _from_middle(self, y: F64, x: F64) -> tuple[F64, F64]:
        """Pixels of the rectangle as (across, down) from the middle of the corrected frame, f64 [h, w] each."""
        down, across = y - (self.height - 1) / 2, x - (self.width - 1) / 2
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        turned = across * cos + down * sin, down * cos - across * sin
        middle_down = self.top + self.height / 2 - self.source_height / 2
        return turned[0] + self.left + self.width / 2 - self.source_width / 2, turned[1] + middle_down


def make_geometry(frame: RawFrame, look: Look) -> Geometry:
    """Find what a look makes of a frame's picture; where it asks for no crop, the one that was set in the camera."""
    height, width = frame.mosaic.shape
    lens = None
    if frame.lens is not None:
        strengths = look.lens_distortion, look.lens_aberration, look.lens_vignetting
        lens = lens_correction(frame.lens, height, width, *strengths)
    angle = math.radians(look.straighten)
    middle_y, middle_x, high, wide = _rectangle(frame, look.crop)
    share = _fitting_share(middle_y, middle_x, high, wide, angle, (height, width))
    high, wide = (math.floor(side * share) if share < 1 else round(side) for side in (high, wide))
    high, wide = min(max(high, _SMALLEST), height), min(max(wide, _SMALLEST), width)
    top = min(max(round(middle_y - high / 2), 0), height - high)
    left = min(max(round(middle_x - wide / 2), 0), width - wide)
    return Geometry(
        height, width, top, left, high, wide, angle, lens, turned(frame.orientation, look.rotate, look.flip)
    )


def framed_crop(frame: RawFrame) -> Crop:
    """The crop that was set in the camera, as the sensor lies; all of the picture where none was."""
    height, width = frame.mosaic.shape
    top, left, high, wide = framed_area(frame.info, height, width) or (0, 0, height, width)
    return left / width, top / height, wide / width, high / height


def _rectangle(frame: RawFrame, crop: Crop | None) -> tuple[float, float, float, float]:
    """The middle (y, x), height and width of the rectangle in the frame, in pixels."""
    height, width = frame.mosaic.shape
    x, y, wide_share, high_share = crop or framed_crop(frame)
    return (y + high_share / 2) * height, (x + wide_share / 2) * width, high_share * height, wide_share * width


def _fitting_share(
    middle_y: float, middle_x: float, height: float, width: float, angle: float, frame: tuple[int, int]
) -> float:
    """By how much a turned rectangle has to be made smaller to lie in the frame; 1 where it does."""
    cos, sin = math.cos(angle), math.sin(angle)
    share = 1.0
    for x, y in ((width / 2, height / 2), (-width / 2, height / 2)):
        across, down = abs(x * cos + y * sin), abs(y * cos - x * sin)
        for reach, middle, side in ((across, middle_x, frame[1]), (down, middle_y, frame[0])):
            if reach > 0:
                share = min(share, min(middle, side - middle) / reach)
    return share


def turned(orientation: int, rotate: int, flip: bool) -> int:
    """The Exif orientation of a picture that is then turned clockwise by ``rotate`` degrees and mirrored."""
    corners = np.arange(4).reshape(2, 2)
    wanted = np.rot90(orient(corners, orientation), -(rotate // 90))
    wanted = wanted[:, ::-1] if flip else wanted
    return next(code for code in range(1, 9) if np.array_equal(orient(corners, code), wanted))


def to_sensor(crop: Crop, orientation: int) -> Crop:
    """A crop of the picture as it is shown, as one of the picture as the sensor lies."""
    x0, y0, x1, y1 = crop[0], crop[1], crop[0] + crop[2], crop[1] + crop[3]
    if orientation in (2, 3, 6, 7):
        x0, x1 = 1 - x1, 1 - x0
    if orientation in (3, 4, 7, 8):
        y0, y1 = 1 - y1, 1 - y0
    if orientation >= 5:
        x0, y0, x1, y1 = y0, x0, y1, x1
    return x0, y0, x1 - x0, y1 - y0


def from_sensor(crop: Crop, orientation: int) -> Crop:
    """The inverse of ``to_sensor``."""
    back = {6: 8, 8: 6}.get(orientation, orientation)
    return to_sensor(crop, back)


def is_mirrored(orientation: int) -> bool:
    """Whether what is turned clockwise on the sensor is turned the other way where it is shown."""
    return orientation in (2, 4, 5, 7)
