"""The description of a simulated shot: the camera, how it was set, and what was wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from xtdm_core.errors import BadOption
from xtdm_core.simulation.amplification import exposure_bias, hardware_iso
from xtdm_core.simulation.bodies import CameraBody, find_body
from xtdm_core.simulation.lens import FLAWLESS, LensProfile

ASPECTS = {"3:2": (3, 2), "4:3": (4, 3), "16:9": (16, 9), "5:4": (5, 4), "1:1": (1, 1)}


@dataclass(frozen=True, slots=True)
class Record:
    """What the camera notes of a shot beside the picture.

    taken_at     Exif form; offset and subsec beside it
    gps          latitude and longitude in degrees, north and east positive, altitude in m; None without a fix
    gps_time     UTC
    rating       stars, 0 to 5
    """

    taken_at: str = "2026:05:14 10:11:12"
    subsec: str = "37"
    offset: str = "+02:00"
    exposure_s: float = 1 / 250
    f_number: float = 5.6
    focal_mm: float = 35.0
    lens: str = "XF18-55mmF2.8-4 R LM OIS"
    lens_range: tuple[float, float, float, float] = (18.0, 55.0, 2.8, 4.0)
    lens_serial: str = "5EA01234"
    body_serial: str = "71005678"
    artist: str = "A. Photographer"
    copyright: str = "(c) 2026 A. Photographer"
    gps: tuple[float, float, float] | None = (48.8584, 2.2945, 35.0)
    gps_time: str = "2026:05:14 08:11:12"
    rating: int = 3


@dataclass(frozen=True, slots=True)
class Shot:
    """One exposure.

    iso             as Exif says; extended ISO included
    dynamic_range   100, 200 or 400; ``auto_range`` says whether the camera chose it
    exposure_ev     how much brighter the scene is than metered
    white_balance   gains R, G, B (G = 1) that the scene's light asks for; None for the body's in daylight
    noisy           photon and read noise
    lens            its errors, applied to the picture and written as the RAF's tables; None for a lens without contacts
    hot_pixels, dead_pixels  how many
    flare           brightness of a veil of flare at its centre, diffuse white = 1
    aspect, zoom    of ASPECTS, None for the picture's own shape, and the digital tele-converter's factor: tags, and the
                    preview's shape
    adobe_rgb       the colour space the camera is set to, which the preview is in
    full_preview    the preview has the size of the picture instead of at most 1920 px
    states_bias     RawExposureBias is written
    seed            of the noise; ``sensor_seed`` that of the sensor itself, defects and saturation
    Raises BadOption where the body cannot be set so.
    """

    body: CameraBody = field(default_factory=lambda: find_body("X-T4"))
    iso: int = 160
    dynamic_range: int = 100
    auto_range: bool = False
    exposure_ev: float = 0.0
    white_balance: tuple[float, float, float] | None = None
    noisy: bool = True
    lens: LensProfile | None = FLAWLESS
    hot_pixels: int = 0
    dead_pixels: int = 0
    flare: float = 0.0
    aspect: str | None = "3:2"
    zoom: float = 1.0
    adobe_rgb: bool = False
    full_preview: bool = False
    orientation: int = 1
    states_bias: bool = True
    record: Record = field(default_factory=Record)
    seed: int = 0
    sensor_seed: int = 0

    def __post_init__(self) -> None:
        if self.aspect is not None and self.aspect not in ASPECTS:
            raise BadOption(f"there is no aspect {self.aspect!r}: give one of {', '.join(ASPECTS)}")
        if self.dynamic_range not in (100, 200, 400):
            raise BadOption(f"there is no DR{self.dynamic_range}: give 100, 200 or 400")
        if not 1 <= self.zoom <= 4:
            raise BadOption(f"there is no tele-converter of {self.zoom:g}x: give a zoom from 1 to 4")
        if not (math.isfinite(self.exposure_ev) and math.isfinite(self.flare) and self.flare >= 0):
            raise BadOption("exposure and flare must be finite, and flare not below 0")
        hardware_iso(self.body, self.iso, self.dynamic_range)

    def ratio(self, height: int, width: int) -> tuple[int, int]:
        """Width and height of the aspect, for a picture of such sides."""
        return (width, height) if self.aspect is None else ASPECTS[self.aspect]

    @property
    def hardware_iso(self) -> float:
        """The ISO that the sensor is read out with."""
        return hardware_iso(self.body, self.iso, self.dynamic_range)

    @property
    def exposure_bias(self) -> float:
        """RawExposureBias in EV: diffuse white lies at 2^bias of full scale."""
        return exposure_bias(self.body, self.iso, self.dynamic_range)

    @property
    def levels(self) -> tuple[int, int, int]:
        """The white balance as the file stores it: levels of R, G, B, G = 302."""
        red, _, blue = self.white_balance or self.body.daylight_gains()
        return round(302 * red), 302, round(302 * blue)

    @property
    def gains(self) -> tuple[float, float, float]:
        """Gains R, G, B, G = 1, rounded as the file stores them."""
        red, green, blue = self.levels
        return red / green, 1.0, blue / green
