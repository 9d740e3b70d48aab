"""A look-up table on a picture: on its SDR rendition, and carried over to HDR as what it changes there."""

from __future__ import annotations

import numpy as np

from xtdm_core.choices import LutInput
from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.develop.hlg import LUMINANCE
from xtdm_core.develop.log_curves import log_encode
from xtdm_core.develop.lut import load_lut
from xtdm_core.frame import F32

_DISPLAY_GAMMA = 2.4  # of the display that Fujifilm's tables are made for (BT.1886)
_OFFSET = np.float32(1 / 64)  # of light, so that black has a ratio
_MOST = np.float32(8)  # times darker or brighter
_FADES = (np.float32(0.7), np.float32(1.0))  # of the SDR rendition: from here on colours are no longer its own


def graded(plain: F32, scene: F32, lut: str, lut_input: LutInput, strength: float) -> F32:
    """Apply the look-up table at a path to an SDR rendition: display-linear sRGB f32 [3, pixels] in 0 … 1.

    plain  the rendition without it, of the same kind
    scene  what a logarithmic table sees instead: scene light f32 [3, pixels], BT.2020, diffuse white = 1
    A logarithmic table brings its own tone curve, and its colours are those of a display of gamma 2.4 (BT.1886).
    The strength blends encoded colours. Raises BadLut.
    """
    table = load_lut(lut)
    encoded = srgb_encode(plain)
    if lut_input == LutInput.SRGB:
        wanted = np.clip(table.apply(encoded), 0, 1)
    else:
        shown = np.clip(table.apply(log_encode(scene, lut_input)), 0, 1) ** np.float32(_DISPLAY_GAMMA)
        wanted = srgb_encode(shown)
    return srgb_decode(encoded + np.float32(strength) * (wanted - encoded))


def carried_over(hdr: F32, plain: F32, wanted: F32) -> F32:
    """Change HDR light as a look-up table changed the SDR rendition: all f32 [3, pixels], linear BT.2020.

    Each channel by its own ratio, where the rendition nears white by that of luminance: above the table's range all
    light is changed alike. Where HDR and SDR are the same without the table they are with it. Continuous.
    """
    ratio = np.clip((wanted + _OFFSET) / (np.maximum(plain, 0) + _OFFSET), 1 / _MOST, _MOST)
    of_all = (LUMINANCE @ wanted + _OFFSET) / (LUMINANCE @ plain + _OFFSET)
    start, end = _FADES
    x = np.clip((plain.max(axis=0) - start) / (end - start), 0, 1)
    share = x * x * (3 - 2 * x)
    return np.asarray(np.maximum((hdr + _OFFSET) * (ratio + share * (of_all - ratio)) - _OFFSET, 0), np.float32)
