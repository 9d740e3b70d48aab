"""Colour spaces: camera RGB to linear BT.2020 and sRGB, the sRGB transfer function, Oklab."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32, F64, RawFrame

# Chromaticities x, y of R, G, B: ITU-R BT.2020-2 table 3, IEC 61966-2-1 (the primaries of BT.709), Adobe RGB (1998).
_PRIMARIES = {
    "rec2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    "srgb": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    "adobe": ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060)),
}
_D65 = (0.3127, 0.3290)
Floats = NDArray[np.floating]
_STRIP = 1 << 20  # pixels worked on at once, so that temporaries stay small


@cache  # asked for with every tile that is shown
def rgb_to_xyz(space: str) -> F64:
    """Linear RGB ("rec2020", "srgb", "adobe"; white 1, 1, 1 = D65) to CIE XYZ: f64 [3, 3], read-only (SMPTE RP 177)."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in _PRIMARIES[space]]).T
    x, y = _D65
    white = np.array([x / y, 1.0, (1 - x - y) / y])
    matrix: F64 = columns * np.linalg.solve(columns, white)
    matrix.setflags(write=False)
    return matrix


def camera_matrix(xyz_to_cam: F64, space: str) -> F64:
    """White-balanced camera RGB to linear RGB of ``space``: f64 [3, 3].

    camera-from-RGB = xyz_to_cam x XYZ-from-RGB, each row divided by its sum so that white stays white, inverted.
    """
    cam_from_rgb = xyz_to_cam @ rgb_to_xyz(space)
    return np.linalg.inv(cam_from_rgb / cam_from_rgb.sum(axis=1, keepdims=True))


def to_rec2020(cam_rgb: F32, frame: RawFrame, white_balance: tuple[float, float, float] | None = None) -> F32:
    """Camera RGB (white-balanced, sensor units) to scene-linear BT.2020 f32 [H, W, 3], diffuse white = 1.

    white_balance  gains R, G, B to use instead of ``frame.wb``, with which ``cam_rgb`` was balanced
    L = matrix x cam_rgb x 2^(-bias): equal scenes come out equally bright from DR100, DR200 and DR400 files. Another
    balance multiplies cam_rgb by new / old gains first. Highlights that were reconstructed as neutral are so under
    ``frame.wb``.
    """
    matrix = camera_matrix(frame.xyz_to_cam, "rec2020") * 2**-frame.effective_bias
    if white_balance is not None:
        matrix = matrix * (np.array(white_balance) / frame.wb)
    return apply_matrix(matrix, cam_rgb)


@cache
def rec2020_to_srgb() -> F64:
    """Linear BT.2020 to linear sRGB: f64 [3, 3], read-only; colours outside sRGB get negative components."""
    matrix: F64 = np.linalg.inv(rgb_to_xyz("srgb")) @ rgb_to_xyz("rec2020")
    matrix.setflags(write=False)
    return matrix


def apply_matrix(matrix: Floats, image: F32) -> F32:
    """matrix [3, 3] times every pixel of f32 [..., 3]; a new f32 array."""
    return image @ matrix.T.astype(np.float32)


def srgb_encode(linear: Floats) -> F32:
    """Linear sRGB to encoded (IEC 61966-2-1), f32 of any shape; below 0 it stays straight, above 1 it goes on."""
    return _piecewise(linear, 0.0031308, lambda x: 12.92 * x, lambda x: 1.055 * x ** np.float32(1 / 2.4) - 0.055)


def srgb_decode(encoded: Floats) -> F32:
    """Encoded sRGB to linear (IEC 61966-2-1), f32 of any shape."""
    return _piecewise(encoded, 0.04045, lambda x: x / 12.92, lambda x: ((x + 0.055) / 1.055) ** np.float32(2.4))


def _piecewise(values: Floats, knee: float, below: Callable[[F32], F32], above: Callable[[F32], F32]) -> F32:
    flat = np.ascontiguousarray(values, dtype=np.float32).reshape(-1)
    out = np.empty_like(flat)
    for start in range(0, flat.size, _STRIP):
        strip = flat[start : start + _STRIP]
        out[start : start + _STRIP] = np.where(strip <= knee, below(strip), above(np.maximum(strip, knee)))
    return out.reshape(values.shape)


def oklab(lin_srgb: Floats) -> F64:
    """Linear sRGB [..., 3] to Oklab f64 [..., 3]: L, a, b (Ottosson 2020, "A perceptual color space")."""
    to_lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(lin_srgb @ to_lms.T) @ to_lab.T
