"""Fujifilm's X-Trans cameras in figures: geometry, levels, colours and noise of the bodies that are simulated.

Geometry, black levels and phases are those that published sample files tell; the colour matrices (XYZ to camera, D65)
are Adobe's; the saturation levels of X-T1, X-T2, X-Pro2, X-T3 and X-Pro3 are RawTherapee's measurements. Bodies without
a measurement have that of a sibling with the same sensor, or the nominal level. Their noise is in
``raw.noise_profiles``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.errors import BadOption
from xtdm_core.frame import F64, U8
from xtdm_core.raw.noise_profiles import NoiseProfile, noise_profile
from xtdm_core.xtrans import CANONICAL

# The base phase of most bodies: the canonical one starts a row and a column later.
_P0: U8 = np.roll(CANONICAL, (1, 1), (0, 1))


@dataclass(frozen=True, slots=True)
class Readout:
    """What a generation of sensors reads out.

    size        (height, width) with all margins
    crop        (top, left, height, width) of the picture in it
    shift       (rows, columns) by which the base phase is rolled at the corner of the readout
    bits, black  12 or 14; black level in raw units
    equidistant  the lens tables' knots are 0, 0.1 … 1 (up to X-Trans III) instead of uniform in the radius squared
    """

    size: tuple[int, int]
    crop: tuple[int, int, int, int]
    shift: tuple[int, int] = (0, 0)
    bits: int = 14
    black: int = 1022
    equidistant: bool = False

    @property
    def white(self) -> int:
        """The nominal white level in raw units."""
        return (1 << self.bits) - 1

    @property
    def cfa(self) -> U8:
        """The pattern u8 [6, 6] at the corner of the readout."""
        return np.roll(_P0, self.shift, (0, 1))


@dataclass(frozen=True, slots=True)
class CameraBody:
    """A camera.

    model       as Exif has it
    readout     geometry and levels
    xyz_to_cam  ten thousandths, in rows: CIE XYZ (D65) to camera RGB
    saturation  raw levels at which R, G and B photosites saturate, on the mean
    base_iso    the lowest that is no extension
    noise       by hardware ISO
    """

    model: str
    readout: Readout
    xyz_to_cam: tuple[int, ...]
    saturation: tuple[float, float, float]
    base_iso: int
    noise: NoiseProfile

    @property
    def matrix(self) -> F64:
        """CIE XYZ (D65) to camera RGB, f64 [3, 3]."""
        return np.array(self.xyz_to_cam, dtype=np.float64).reshape(3, 3) / 10000

    @property
    def saturation_units(self) -> F64:
        """``saturation`` in sensor units, f64 [3]."""
        return (np.array(self.saturation) - self.readout.black) / (self.readout.white - self.readout.black)

    def daylight_gains(self, temperature_k: float = 5300.0) -> tuple[float, float, float]:
        """Gains R, G, B (G = 1) that make white neutral in daylight of 4000 to 7000 K (CIE 015:2018, 4.8 to 4.10)."""
        x = -4.6070e9 / temperature_k**3 + 2.9678e6 / temperature_k**2 + 0.09911e3 / temperature_k + 0.244063
        y = -3 * x * x + 2.87 * x - 0.275
        return self.gains_of(x, y)

    def gains_of(self, x: float, y: float) -> tuple[float, float, float]:
        """Gains R, G, B (G = 1) that make a light of these chromaticities (CIE 1931) neutral."""
        red, green, blue = self.matrix @ np.array([x / y, 1.0, (1 - x - y) / y])
        return float(green / red), 1.0, float(green / blue)


_FIRST = Readout((3288, 5120), (12, 28, 3264, 4896), bits=12, black=255, equidistant=True)
_SECOND = Readout((3296, 4992), (16, 24, 3264, 4896), shift=(1, 0), black=1024, equidistant=True)
_SMALL = Readout((3012, 4096), (6, 16, 3000, 4000), shift=(1, 1), bits=12, black=256, equidistant=True)
_THIRD = Readout((4032, 6160), (16, 16, 4000, 6000), shift=(1, 0), equidistant=True)
_FOURTH = Readout((4182, 6384), (13, 6, 4160, 6240))
_STACKED = Readout((4188, 6336), (13, 12, 4160, 6240), black=1024)
_FIFTH = Readout((5196, 7872), (21, 12, 5152, 7728))

_XPRO1 = (10413, -3996, -993, -3721, 11640, 2361, -733, 1540, 6011)
_XT1 = (8458, -2451, -855, -4597, 12447, 2407, -1475, 2482, 6526)
_X100T = (10592, -4262, -1008, -3514, 11355, 2465, -870, 2025, 6386)
_X30 = (12328, -5256, -1144, -4469, 12927, 1675, -87, 1291, 4351)
_XT2 = (11434, -4948, -1210, -3746, 12042, 1903, -666, 1479, 5235)
_XT3 = (13426, -6334, -1177, -4244, 12136, 2371, -580, 1303, 5980)
_X100V = (13717, -6490, -1154, -4348, 12266, 2335, -690, 1286, 6134)
_XH2S = (12836, -5909, -1032, -3087, 11132, 2236, -35, 872, 5330)
_XT5 = (11809, -5358, -1141, -4248, 12164, 2343, -514, 1097, 5848)

_NOMINAL = (16383.0, 16383.0, 16383.0)
_SAT_XT3 = (16170.0, 16275.0, 16170.0)
_SAT_12 = (4080.0, 4090.0, 4080.0)


def _body(
    model: str, readout: Readout, xyz_to_cam: tuple[int, ...], saturation: tuple[float, float, float], base_iso: int
) -> CameraBody:
    return CameraBody(model, readout, xyz_to_cam, saturation, base_iso, noise_profile(model))


_BODIES = (
    _body("X-Pro1", _FIRST, _XPRO1, _SAT_12, 200),
    _body("X-T1", _SECOND, _XT1, (16202.0, 16277.0, 16232.0), 200),
    _body("X-T10", _SECOND, _XT1, (16202.0, 16277.0, 16232.0), 200),
    _body("X100T", _SECOND, _X100T, (16202.0, 16277.0, 16232.0), 200),
    _body("X30", _SMALL, _X30, _SAT_12, 100),
    _body("X-Pro2", _THIRD, _XT2, (16105.0, 16270.0, 16082.0), 200),
    _body("X-T2", _THIRD, _XT2, (16195.0, 16270.0, 16195.0), 200),
    _body("X-H1", _THIRD, _XT2, (16195.0, 16270.0, 16195.0), 200),
    _body("X-T3", _FOURTH, _XT3, _SAT_XT3, 160),
    _body("X-T4", _FOURTH, _XT3, _SAT_XT3, 160),
    _body("X-Pro3", _FOURTH, _XT3, _SAT_XT3, 160),
    _body("X-S10", _FOURTH, _XT3, _SAT_XT3, 160),
    _body("X100V", _FOURTH, _X100V, _SAT_XT3, 160),
    _body("X-H2S", _STACKED, _XH2S, _NOMINAL, 160),
    _body("X-T5", _FIFTH, _XT5, _NOMINAL, 125),
    _body("X-H2", _FIFTH, _XT5, _NOMINAL, 125),
    _body("X100VI", _FIFTH, _XT5, _NOMINAL, 125),
    _body("X-E5", _FIFTH, _XT5, _NOMINAL, 125),
)
BODIES: dict[str, CameraBody] = {body.model: body for body in _BODIES}


def find_body(model: str) -> CameraBody:
    """The body of that name, in capitals or not. Raises BadOption."""
    for name, body in BODIES.items():
        if name.lower() == model.lower():
            return body
    raise BadOption(f"there is no simulated camera {model!r}: give one of {', '.join(BODIES)}")
