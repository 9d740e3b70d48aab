"""Finished pictures of camera RGB: developed, encoded, upright."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from functools import cache

import numpy as np

from xtdm_core.develop.bands import in_bands
from xtdm_core.develop.color import apply_matrix, srgb_encode, srgb_to_p3, to_rec2020
from xtdm_core.develop.hdr_rendition import hlg_signal, render_hdr_p3
from xtdm_core.develop.hlg import quantise
from xtdm_core.develop.tone import Look, beyond_hlg, orient, rolled_off_percent, tone_map_srgb
from xtdm_core.frame import F32, U8, U16, RawFrame

_AS_SHOT = Look()


def render_srgb(cam_rgb: F32, frame: RawFrame, look: Look = _AS_SHOT) -> U16:
    """Render camera RGB f32 [H, W, 3] (white-balanced, sensor units) to the upright sRGB picture u16 [H, W, 3].

    Codes of full range, 0 to 65535; what the brightest colours are compressed to is in ``tone.tone_map_srgb``.
    """
    codes = np.empty(cam_rgb.shape, np.uint16)

    def render(rows: slice) -> None:
        codes[rows] = _encoded(tone_map_srgb(_scene(cam_rgb, frame, look, rows), look))

    in_bands(cam_rgb, render)
    return _upright(codes, frame)


def render_hlg(cam_rgb: F32, frame: RawFrame, look: Look = _AS_SHOT) -> U16:
    """Render camera RGB f32 [H, W, 3] (white-balanced, sensor units) to the upright HLG picture u16 [H, W, 3].

    10-bit codes of full range, 0 to 1023, BT.2020 primaries (BT.2100); diffuse white is at 75 % signal.
    """
    return render_hlg_and_tell(cam_rgb, frame, look)[0]


def render_hlg_and_tell(cam_rgb: F32, frame: RawFrame, look: Look) -> tuple[U16, float]:
    """Return the same, and how many percent of its pixels are brighter than HLG can hold."""
    codes = np.empty(cam_rgb.shape, np.uint16)

    def render(rows: slice) -> float:
        light = _scene(cam_rgb, frame, look, rows)
        codes[rows] = quantise(hlg_signal(light, look))
        return rolled_off_percent(light, look) * len(light)

    beyond = sum(in_bands(cam_rgb, render)) / len(cam_rgb)
    return _upright(codes, frame), beyond


class HlgMark(IntEnum):
    """What the HLG picture loses at a pixel."""

    NOTHING = 0
    BLACK = 1  # code 0 in all channels
    ROLLED_OFF = 2  # brighter than HLG can hold: compressed
    CLIPPED = 3  # code 1023 in a channel: differences are lost


def hlg_marks(cam_rgb: F32, frame: RawFrame, look: Look) -> U8:
    """Find what the HLG picture of camera RGB f32 [H, W, 3] loses: an upright ``HlgMark`` u8 [H, W] for each pixel."""
    marks = np.empty(cam_rgb.shape[:2], np.uint8)

    def find(rows: slice) -> None:
        light = _scene(cam_rgb, frame, look, rows)
        codes = quantise(hlg_signal(light, look))
        marks[rows] = np.select(
            [(codes == 1023).any(axis=-1), beyond_hlg(light, look), (codes == 0).all(axis=-1)],
            [HlgMark.CLIPPED, HlgMark.ROLLED_OFF, HlgMark.BLACK],
            HlgMark.NOTHING,
        )

    in_bands(cam_rgb, find)
    return np.ascontiguousarray(orient(marks, frame.orientation))


def render_hdr(cam_rgb: F32, frame: RawFrame, look: Look) -> tuple[F32, float]:
    """Return the upright HDR rendition of ``render_hdr_p3`` f32 [H, W, 3], and the percent as above."""
    light = np.empty(cam_rgb.shape, np.float32)

    def render(rows: slice) -> float:
        scene = _scene(cam_rgb, frame, look, rows)
        light[rows] = render_hdr_p3(scene, look)
        return rolled_off_percent(scene, look) * len(scene)

    beyond = sum(in_bands(cam_rgb, render)) / len(cam_rgb)
    return orient(light, frame.orientation), beyond


def render_p3_8(cam_rgb: F32, frame: RawFrame, look: Look) -> U8:
    """Render the colours of the sRGB picture as Display P3 with the curve of sRGB: upright u8 [H, W, 3]."""
    codes = np.empty(cam_rgb.shape, np.uint8)

    def render(rows: slice) -> None:
        srgb = tone_map_srgb(_scene(cam_rgb, frame, look, rows), look)
        codes[rows] = to_8_bits(_encoded(apply_matrix(srgb_to_p3(), srgb)))

    in_bands(cam_rgb, render)
    return np.ascontiguousarray(orient(codes, frame.orientation))


def render_srgb8(cam_rgb: F32, frame: RawFrame, look: Look) -> U8:
    """Render the sRGB picture for screens: u8 [H, W, 3], rounded to the nearest code."""
    codes = np.empty(cam_rgb.shape, np.uint8)

    def render(rows: slice) -> None:
        linear = tone_map_srgb(_scene(cam_rgb, frame, look, rows), look)
        roots = np.sqrt(linear, out=linear) * np.float32(65535) + np.float32(0.5)
        codes[rows] = _srgb8_by_root().take(roots.astype(np.uint16))

    in_bands(cam_rgb, render)
    return np.ascontiguousarray(orient(codes, frame.orientation))


def _scene(cam_rgb: F32, frame: RawFrame, look: Look, rows: slice) -> F32:
    """Some rows in scene-linear BT.2020; where each pixel has a saturation of its own, with theirs."""
    if frame.saturation.ndim == 3:
        frame = replace(frame, saturation=frame.saturation[rows])
    return to_rec2020(cam_rgb[rows], frame, look.white_balance)


@cache
def _srgb8_by_root() -> U8:
    """The 8-bit sRGB code u8 [65536] by the root of linear light, 0 to 65535: hundreds of entries for each code."""
    light = (np.arange(65536) / 65535) ** 2
    return np.rint(srgb_encode(light) * 255).astype(np.uint8)


def to_8_bits(codes: U16) -> U8:
    """Full-range u16 to the nearest full-range u8, any shape."""
    # The minimum keeps the rounding from overflowing 16 bits.
    return ((np.minimum(codes, 65535 - 128) + 128) // 257).astype(np.uint8)


def to_10_bits(codes: U16) -> U16:
    """Full-range u16 [H, W, 3] to the nearest of 10 bits, 0 to 1023."""
    found = np.empty_like(codes)

    def reduce(rows: slice) -> None:
        found[rows] = (codes[rows] + np.uint32(32)) * np.uint32(1023) // 65535

    in_bands(codes, reduce)
    return found


def _encoded(linear: F32) -> U16:
    """Display-linear light f32 [H, W, 3] in 0..1 with the curve of sRGB: u16 of full range."""
    encoded = srgb_encode(linear)
    encoded *= 65535
    return np.rint(encoded, out=encoded).astype(np.uint16)


def _upright(codes: U16, frame: RawFrame) -> U16:
    return np.ascontiguousarray(orient(codes, frame.orientation))
