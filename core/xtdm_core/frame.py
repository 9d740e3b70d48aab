"""The data types that travel through the engine.

"Sensor units" are linear: 0 is the black level, 1 the white level; values are never clipped before the
last quantisation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]

# A RAF that does not say otherwise is a DR100 shot.
DEFAULT_EXPOSURE_BIAS = -0.72
_DYNAMIC_RANGES = {-0.72: "DR100", -1.72: "DR200", -2.72: "DR400"}


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of a photosite before white balance: variance a x + b at the sensor value x (0 black, 1 white).

    The same for R, G and B (Foi et al. 2008, "Practical Poissonian-Gaussian noise modeling"): a is the photon noise,
    the square root of b the read noise.
    """

    a: float
    b: float


@dataclass(frozen=True, slots=True)
class CaptureInfo:
    """What the camera says of the shot; None or "" where the file is silent.

    dynamic_range  100, 200 or 400: exposed 0, 1 or 2 EV less than ``iso`` says, at half or a quarter of its gain
    film_mode      the film simulation of the camera's own JPEG
    digital_zoom   how much the camera's JPEG is enlarged from the middle of the picture
    aspect         (width, height) of the JPEG as it was set in the camera, in the sensor's orientation
    stars          1 to 5, given in the camera
    """

    make: str = ""
    model: str = ""
    lens: str = ""
    exposure_s: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_mm: float | None = None
    taken_at: str = ""  # Exif form, "YYYY:MM:DD HH:MM:SS"
    dynamic_range: int | None = None
    film_mode: str = ""
    digital_zoom: float | None = None
    aspect: tuple[int, int] | None = None
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class LensCurve:
    """One of a lens' errors over the radius in the uncorrected picture.

    radius  the half diagonal that knots are fractions of, in pixels
    knots   rising from 0
    values  at the knots
    """

    radius: float
    knots: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LensTables:
    """What is known of a lens' errors; None for what is not, or does not make sense.

    distortion  percent d: a pixel at the radius r belongs to r / (1 + d / 100); negative for a barrel
    red, blue   how much larger their pictures are than green's
    vignetting  percent of the centre's light
    source      who says so: "file" or "lensfun"
    """

    distortion: LensCurve | None = None
    red: LensCurve | None = None
    blue: LensCurve | None = None
    vignetting: LensCurve | None = None
    source: str = "file"


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One X-Trans exposure: the visible area, in the sensor's orientation.

    mosaic      u16 [H, W]
    cfa         u8 [6, 6], the colour (0 R, 1 G, 2 B) of mosaic[y, x] is cfa[y % 6, x % 6]
    black       f32 [6, 6], black level per position, laid out like ``cfa``
    white       the white level, in the mosaic's units
    wb          f64 [3], the gains in use, G = 1 (as shot, or daylight where the file has none: see wb_source)
    daylight_wb f64 [3], G = 1: the camera's own preset where the file has it, else those of 5300 K
    xyz_to_cam  f64 [3, 3], CIE XYZ (D65) -> camera RGB
    orientation the Exif orientation, 1 to 8
    exposure_bias  EV between the file's white level and diffuse white: RawExposureBias of a RAF (-0.72, -1.72,
                -2.72 for DR100, DR200, DR400) or what says as much, None where the file has nothing of it
    raw_size    (height, width) of the whole sensor readout, margins included
    margins     (top, left) of the visible area in it
    saturation  f64 [3], the sensor value at which R, G and B photosites clip, in sensor units: 1 or a little below
    noise       what the file says and shows of its noise; None where that is not known
    lens        the lens' errors, by the file's own tables or the lensfun database; None where neither has them
    """

    mosaic: U16
    cfa: U8
    black: F32
    white: float
    wb: F64
    daylight_wb: F64
    wb_source: str  # "as shot" or "daylight"
    xyz_to_cam: F64
    orientation: int = 1
    exposure_bias: float | None = None
    info: CaptureInfo = field(default_factory=CaptureInfo)
    raw_size: tuple[int, int] = (0, 0)
    margins: tuple[int, int] = (0, 0)
    saturation: F64 = field(default_factory=lambda: np.ones(3))
    noise: Noise | None = None
    lens: LensTables | None = None

    @property
    def effective_bias(self) -> float:
        """The exposure bias in EV; that of DR100 where the file states none."""
        return DEFAULT_EXPOSURE_BIAS if self.exposure_bias is None else self.exposure_bias

    @property
    def dynamic_range(self) -> str:
        """The camera's name for the exposure bias that the file states ("DR100" to "DR400"), "" for any other."""
        return "" if self.exposure_bias is None else _DYNAMIC_RANGES.get(round(self.exposure_bias, 2), "")


@dataclass(frozen=True, slots=True)
class AlignedMosaic:
    """A mosaic in the canonical phase (``xtrans.CANONICAL``), padded to multiples of 6.

    values  f32 [H', W'], sensor units, not white-balanced
    top, left, height, width   the visible area inside ``values``
    wb      f64 [3], gains with G = 1
    saturation, noise  as in RawFrame
    """

    values: F32
    top: int
    left: int
    height: int
    width: int
    wb: F64
    saturation: F64 = field(default_factory=lambda: np.ones(3))
    noise: Noise | None = None

    @property
    def visible(self) -> F32:
        """The visible area f32 [H, W], sensor units, not white-balanced; a view."""
        return self.values[self.top : self.top + self.height, self.left : self.left + self.width]

    def with_values(self, values: F32) -> AlignedMosaic:
        """The same geometry around other values (f32 [H', W'])."""
        return replace(self, values=values)
