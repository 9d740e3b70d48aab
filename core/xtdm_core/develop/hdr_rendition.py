"""The HDR rendition that a display shows of the HLG picture, as light relative to diffuse white."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from xtdm_core.choices import ToneCurve
from xtdm_core.develop.color import rec2020_to_p3, srgb_to_rec2020
from xtdm_core.develop.grading import carried_over
from xtdm_core.develop.hlg import DIFFUSE_WHITE_E, LUMINANCE, SYSTEM_GAMMA, oetf
from xtdm_core.develop.tone import Look, standard_colours, standard_light, tone_map_hlg, tone_map_srgb
from xtdm_core.frame import F32

_ROWS = 64  # worked on at once, so that temporaries stay small


def hlg_signal(lin_rec2020: F32, look: Look) -> F32:
    """Scene-linear BT.2020 (diffuse white = 1) to the HLG signal E', f32 [H, W, 3] in 0..1.

    Scene-referred (``tone.tone_map_hlg``) but for a look with a look-up table: what that shows is a display's light,
    and the signal is the one whose picture on a display of 1000 cd/m² that is (BT.2100's inverse OOTF). Raises BadLut.
    """
    if not look.lut:
        return oetf(tone_map_hlg(lin_rec2020, look))
    out = np.empty(lin_rec2020.shape, np.float32)
    for rows in _strips(lin_rec2020):
        light = _display_light(lin_rec2020[rows], look)
        luminance = np.maximum(LUMINANCE @ light, np.float32(1e-9))
        light *= luminance ** np.float32(1 / SYSTEM_GAMMA - 1) * np.float32(DIFFUSE_WHITE_E)
        out[rows].reshape(-1, 3)[:] = np.minimum(light, 1).T
    return oetf(out)


def render_hdr_p3(lin_rec2020: F32, look: Look) -> F32:
    """Scene-linear BT.2020 (diffuse white = 1) to display-linear Display P3, f32 [H, W, 3], diffuse white at 1.

    HLG's OOTF on a display of 1000 cd/m² (BT.2100-2, table 5): F = E Y^0.2, whose peak lies 1000/203 above diffuse
    white. Beside a standard SDR rendition every pixel is at least as bright as in that: middle tones are the same in
    both, and highlights go on as in HLG. Colours outside P3 are drawn towards grey of their luminance until no
    component is negative.
    """
    to_p3 = rec2020_to_p3().astype(np.float32)
    out = np.empty(lin_rec2020.shape, np.float32)
    for rows in _strips(lin_rec2020):
        light = _display_light(lin_rec2020[rows], look)
        out[rows].reshape(-1, 3)[:] = _not_negative(to_p3 @ light, LUMINANCE @ light).T
    return out


def _display_light(lin_rec2020: F32, look: Look) -> F32:
    """What a display shows of scene-linear f32 [H, W, 3]: linear BT.2020 f32 [3, pixels], diffuse white = 1."""
    light = np.ascontiguousarray(tone_map_hlg(lin_rec2020, look).reshape(-1, 3).T)
    light *= (LUMINANCE @ light) ** np.float32(SYSTEM_GAMMA - 1) / np.float32(DIFFUSE_WHITE_E**SYSTEM_GAMMA)
    if look.tone_curve == ToneCurve.STANDARD:
        sdr = LUMINANCE @ standard_light(lin_rec2020, look)
        light *= np.maximum(sdr / np.maximum(LUMINANCE @ light, np.float32(1e-9)), 1)
        light = standard_colours().astype(np.float32) @ light
    if not look.lut:
        return light
    from_srgb = srgb_to_rec2020().astype(np.float32)
    plain, wanted = (
        from_srgb @ tone_map_srgb(lin_rec2020, one).reshape(-1, 3).T for one in (replace(look, lut=""), look)
    )
    return carried_over(np.maximum(light, 0), plain, wanted)


def _strips(image: F32) -> Iterator[slice]:
    return (slice(top, top + _ROWS) for top in range(0, len(image), _ROWS))


def _not_negative(p3: F32, luminance: F32) -> F32:
    """Draws colours f32 [3, pixels] with negative components towards the grey of their luminance, just enough."""
    low = np.minimum(p3.min(axis=0), 0)
    kept = luminance / np.maximum(luminance - low, np.float32(1e-9))
    return np.where(low < 0, np.maximum((p3 - luminance) * kept + luminance, 0), p3)
