"""Finished pictures of camera RGB: developed, encoded, upright."""

from __future__ import annotations

import numpy as np

from xtdm_core.develop.color import srgb_encode, to_rec2020
from xtdm_core.develop.hlg import oetf, quantise
from xtdm_core.develop.tone import Look, orient, render_hlg, render_srgb
from xtdm_core.frame import F32, U8, U16, RawFrame


def srgb_picture(cam_rgb: F32, frame: RawFrame, look: Look) -> U16:
    """The upright sRGB picture u16 [H, W, 3], full range."""
    return srgb_codes(to_rec2020(cam_rgb, frame, look.white_balance), frame, look)


def srgb8_picture(cam_rgb: F32, frame: RawFrame, look: Look) -> U8:
    """The same picture for screens: u8 [H, W, 3], rounded to the nearest code."""
    return to_8_bits(srgb_picture(cam_rgb, frame, look))


def to_8_bits(codes: U16) -> U8:
    """Full-range u16 to the nearest full-range u8, any shape."""
    # The minimum keeps the rounding from overflowing 16 bits.
    return ((np.minimum(codes, 65535 - 128) + 128) // 257).astype(np.uint8)


def srgb_codes(lin_rec2020: F32, frame: RawFrame, look: Look) -> U16:
    """The upright sRGB picture u16 [H, W, 3], full range, of scene-linear BT.2020."""
    encoded = srgb_encode(render_srgb(lin_rec2020, look))
    encoded *= 65535
    return np.ascontiguousarray(orient(np.rint(encoded, out=encoded).astype(np.uint16), frame.orientation))


def hlg_codes(lin_rec2020: F32, frame: RawFrame, look: Look) -> U16:
    """The upright HLG picture u16 [H, W, 3], 10-bit codes, full range, of scene-linear BT.2020."""
    codes = quantise(oetf(render_hlg(lin_rec2020, look)))
    return np.ascontiguousarray(orient(codes, frame.orientation))
