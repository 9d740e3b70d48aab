"""Colour spaces: camera RGB to linear BT.2020 and sRGB, the sRGB transfer function, Oklab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32, F64, RawFrame

# Chromaticities x, y of R, G, B: ITU-R BT.2020-2 table 3, IEC 61966-2-1 (the primaries of BT.709), Adobe RGB (1998),
# SMPTE EG 432-1.
_PRIMARIES = {
    "rec2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    "srgb": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    "adobe": ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060)),
    "p3": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
_D65 = (0.3127, 0.3290)
Floats = NDArray[np.floating]
# From the first share of its clip level in the channel farthest from it a colour counts as blown out in part, from the
# second on wholly; but a lamp's, of more than these saturations (max - min) / max, less and not at all.
_BLOWN, _COLOURED = (0.75, 1.0), (0.1, 0.25)
_STRIP = 1 << 20  # pixels worked on at once, so that temporaries stay small


@cache  # asked for with every tile that is shown
def rgb_to_xyz(space: str) -> F64:
    """Linear RGB of a space, white (1, 1, 1) = D65, to CIE XYZ: f64 [3, 3], read-only (SMPTE RP 177).

    space  "rec2020", "srgb", "adobe" or "p3"
    """
    matrix = primaries_to_xyz(_PRIMARIES[space])
    matrix.setflags(write=False)
    return matrix


def primaries_to_xyz(primaries: Sequence[tuple[float, float]]) -> F64:
    """Linear RGB of primaries with such chromaticities, white = D65, to CIE XYZ: f64 [3, 3] (SMPTE RP 177)."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    x, y = _D65
    white = np.array([x / y, 1.0, (1 - x - y) / y])
    return columns * np.linalg.solve(columns, white)


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
    balance multiplies cam_rgb by new / old gains first; but what is neutral because all channels clip stays neutral,
    as bright as its brightest channel becomes. ``frame.saturation`` may be f64 [H, W, 3]: that of pixels whose light
    was multiplied since.
    """
    matrix = camera_matrix(frame.xyz_to_cam, "rec2020") * 2**-frame.effective_bias
    if white_balance is None or np.array_equal(white_balance, frame.wb):
        return apply_matrix(matrix, cam_rgb)
    ratio = np.array(white_balance) / frame.wb
    light = apply_matrix(matrix * ratio, cam_rgb)
    clips_at = (frame.wb * frame.saturation).astype(np.float32)
    blown = np.logical_and.reduce([cam_rgb[..., c] > np.float32(_BLOWN[0]) * clips_at[..., c] for c in range(3)])
    if blown.any():
        limits = clips_at if clips_at.ndim == 1 else clips_at[blown]
        light[blown] = apply_matrix(matrix, _blown_in_balance(cam_rgb[blown], ratio.astype(np.float32), limits))
    return light


def _blown_in_balance(cam_rgb: F32, ratio: F32, clips_at: F32) -> F32:
    """Camera RGB f32 [n, 3] times ``ratio``, neutral where it is now and all channels clip; towards that by degrees."""
    fullness = (cam_rgb / clips_at).min(axis=1)
    saturation = 1 - cam_rgb.min(axis=1) / cam_rgb.max(axis=1)
    share = _ramp(fullness, *_BLOWN) * (1 - _ramp(saturation, *_COLOURED))
    balanced = cam_rgb * ratio
    return np.asarray(balanced + share[:, None] * (balanced.max(axis=1, keepdims=True) - balanced))


def _ramp(x: F32, low: float, high: float) -> F32:
    return np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)


@cache
def rec2020_to_srgb() -> F64:
    """Linear BT.2020 to linear sRGB: f64 [3, 3], read-only; colours outside sRGB get negative components."""
    return _from_to("rec2020", "srgb")


@cache
def rec2020_to_p3() -> F64:
    """Linear BT.2020 to linear Display P3: f64 [3, 3], read-only; colours outside P3 get negative components."""
    return _from_to("rec2020", "p3")


@cache
def srgb_to_rec2020() -> F64:
    """Linear sRGB to linear BT.2020, which holds all of it: f64 [3, 3], read-only."""
    return _from_to("srgb", "rec2020")


@cache
def srgb_to_p3() -> F64:
    """Linear sRGB to linear Display P3, which holds all of it: f64 [3, 3], read-only."""
    return _from_to("srgb", "p3")


def _from_to(source: str, target: str) -> F64:
    matrix: F64 = np.linalg.inv(rgb_to_xyz(target)) @ rgb_to_xyz(source)
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
