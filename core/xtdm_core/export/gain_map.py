"""The gain map of an Ultra HDR JPEG: what lies between its SDR and its HDR rendition (ISO 21496-1, Adobe hdrgm 1.0)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from xtdm_core.export import xmp
from xtdm_core.frame import F32, F64, U8

ISO_NAME = b"urn:iso:std:iso:ts:21496:-1\0"
ISO_VERSION = struct.pack(">2H", 0, 0)  # the least a reader must know, and the writer's
_OFFSET = 1 / 64  # of both renditions, as the specification proposes; keeps gains of dark pixels small
_THREE_CHANNELS, _BASE_PRIMARIES = 0x80, 0x40
_SMALLEST_RANGE_EV = 1 / 64
_ROWS = 256  # worked on at once
_PRECISION = 1_000_000
_SAMPLE = 1_000_000  # pixels that the range of the gains is taken from


@dataclass(frozen=True, slots=True)
class GainMap:
    """Gains of R, G and B in EV: low + (high - low) code / 255, on linear light with 1/64 added.

    codes      u8 [H, W, 3], as large as the picture: at half the size highlights are off by 0.1 EV
    low, high  f64 [3]
    headroom   log2 of the HDR rendition's peak over diffuse white: a display with as much shows it whole
    """

    codes: U8
    low: F64
    high: F64
    headroom: float


def make_gain_map(base: U8, hdr: F32) -> GainMap:
    """Return the map from an SDR picture to an HDR one.

    base  sRGB-encoded u8 [H, W, 3], before JPEG: a map that makes up for its losses is three times as large
    hdr   linear light f32 [H, W, 3] of the same primaries, diffuse white at 1, peak above that
    Raises ValueError where nothing in ``hdr`` is brighter than diffuse white.
    """
    headroom = float(np.log2(np.max(hdr)))
    if headroom <= 0:
        raise ValueError("a gain map without headroom")
    # A few odd pixels are not to take precision from all others.
    step = max(int(np.sqrt(hdr[..., 0].size / _SAMPLE)), 1)
    sample = _gains(base[::step, ::step], hdr[::step, ::step]).reshape(-1, 3)
    low, high = np.quantile(sample, (0.0001, 0.9999), axis=0).astype(np.float64)
    high = np.maximum(high, low + _SMALLEST_RANGE_EV)
    codes = np.empty(base.shape, np.uint8)
    for top in range(0, len(base), _ROWS):
        rows = slice(top, top + _ROWS)
        gains = (_gains(base[rows], hdr[rows]) - low.astype(np.float32)) * (255 / (high - low)).astype(np.float32)
        codes[rows] = np.clip(np.rint(gains, out=gains), 0, 255, out=gains)
    return GainMap(codes, low, high, headroom)


def iso_payload(gain_map: GainMap) -> bytes:
    """Return the map's own metadata, big-endian (ISO 21496-1, annex C)."""
    payload = ISO_VERSION + struct.pack(">B", _THREE_CHANNELS | _BASE_PRIMARIES)
    payload += _fraction(0) + _fraction(gain_map.headroom)
    for low, high in zip(gain_map.low, gain_map.high, strict=True):
        payload += _fraction(low) + _fraction(high) + _fraction(1) + _fraction(_OFFSET) * 2
    return payload


def map_attributes(gain_map: GainMap) -> tuple[dict[str, str], xmp.Properties]:
    """Return the same as XMP for the map's own packet: (single values, values of three channels)."""
    single = {
        "Version": "1.0",
        "BaseRenditionIsHDR": "False",
        "Gamma": "1",
        "OffsetSDR": f"{_OFFSET}",
        "OffsetHDR": f"{_OFFSET}",
        "HDRCapacityMin": "0",
        "HDRCapacityMax": f"{gain_map.headroom:.6f}",
    }
    several = {"GainMapMin": gain_map.low, "GainMapMax": gain_map.high}
    arrays = [xmp.array(f"{xmp.HDRGM}{name}", "Seq", [f"{v:.6f}" for v in values]) for name, values in several.items()]
    return {f"{xmp.HDRGM}{name}": value for name, value in single.items()}, {array.tag: array for array in arrays}


def container_attributes(map_length: int) -> tuple[dict[str, str], xmp.Properties]:
    """Return what the picture's own packet says of a map of so many bytes that follows it."""
    items = [
        {f"{xmp.ITEM}Semantic": "Primary", f"{xmp.ITEM}Mime": "image/jpeg"},
        {f"{xmp.ITEM}Semantic": "GainMap", f"{xmp.ITEM}Mime": "image/jpeg", f"{xmp.ITEM}Length": str(map_length)},
    ]
    directory = xmp.container_directory(items)
    return {f"{xmp.HDRGM}Version": "1.0"}, {directory.tag: directory}


def _gains(base: U8, hdr: F32) -> F32:
    """log2 of the ratio, f32 of the same shape."""
    codes = np.arange(256) / 255
    light = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)  # IEC 61966-2-1
    gains: F32 = np.log2(hdr + np.float32(_OFFSET)) - np.log2(light + _OFFSET).astype(np.float32)[base]
    return gains


def _fraction(value: float) -> bytes:
    """A number as signed numerator and denominator of 32 bits each."""
    exact = Fraction(float(value)).limit_denominator(_PRECISION)
    return struct.pack(">iI", exact.numerator, exact.denominator)
