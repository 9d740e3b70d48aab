"""Finished pictures of camera RGB: developed, encoded, upright."""

from __future__ import annotations

from functools import cache

import numpy as np

from xtdm_core.develop.color import srgb_encode, to_rec2020
from xtdm_core.develop.hdr_rendition import hlg_signal
from xtdm_core.develop.hlg import quantise
from xtdm_core.develop.tone import Look, orient, tone_map_srgb
from xtdm_core.frame import F32, U8, U16, RawFrame

_AS_SHOT = Look()


def render_srgb(cam_rgb: F32, frame: RawFrame, look: Look = _AS_SHOT) -> U16:
    """Render camera RGB f32 [H, W, 3] (white-balanced, sensor units) to the upright sRGB picture u16 [H, W, 3].

    Codes of full range, 0 to 65535; what the brightest colours are compressed to is in ``tone.tone_map_srgb``.
    """
    return srgb_codes(to_rec2020(cam_rgb, frame, look.white_balance), frame, look)


def render_hlg(cam_rgb: F32, frame: RawFrame, look: Look = _AS_SHOT) -> U16:
    """Render camera RGB f32 [H, W, 3] (white-balanced, sensor units) to the upright HLG picture u16 [H, W, 3].

    10-bit codes of full range, 0 to 1023, BT.2020 primaries (BT.2100); diffuse white is at 75 % signal.
    """
    return hlg_codes(to_rec2020(cam_rgb, frame, look.white_balance), frame, look)


def render_srgb8(cam_rgb: F32, frame: RawFrame, look: Look) -> U8:
    """Render the sRGB picture for screens: u8 [H, W, 3], rounded to the nearest code."""
    linear = tone_map_srgb(to_rec2020(cam_rgb, frame, look.white_balance), look)
    codes = _srgb8_by_root().take((np.sqrt(linear, out=linear) * np.float32(65535) + np.float32(0.5)).astype(np.uint16))
    return np.ascontiguousarray(orient(codes, frame.orientation))


@cache
def _srgb8_by_root() -> U8:
    """The 8-bit sRGB code u8 [65536] by the root of linear light, 0 to 65535: hundreds of entries for each code."""
    light = (np.arange(65536) / 65535) ** 2
    return np.rint(srgb_encode(light) * 255).astype(np.uint8)


def to_8_bits(codes: U16) -> U8:
    """Full-range u16 to the nearest full-range u8, any shape."""
    # The minimum keeps the rounding from overflowing 16 bits.
    return ((np.minimum(codes, 65535 - 128) + 128) // 257).astype(np.uint8)


def srgb_codes(lin_rec2020: F32, frame: RawFrame, look: Look) -> U16:
    """The upright sRGB picture u16 [H, W, 3], full range, of scene-linear BT.2020."""
    return encoded_codes(tone_map_srgb(lin_rec2020, look), frame)


def encoded_codes(linear: F32, frame: RawFrame) -> U16:
    """Encode display-linear light f32 [H, W, 3] in 0..1 with the curve of sRGB: upright u16 of full range."""
    encoded = srgb_encode(linear)
    encoded *= 65535
    return np.ascontiguousarray(orient(np.rint(encoded, out=encoded).astype(np.uint16), frame.orientation))


def hlg_codes(lin_rec2020: F32, frame: RawFrame, look: Look) -> U16:
    """The upright HLG picture u16 [H, W, 3], 10-bit codes, full range, of scene-linear BT.2020."""
    codes = quantise(hlg_signal(lin_rec2020, look))
    return np.ascontiguousarray(orient(codes, frame.orientation))
