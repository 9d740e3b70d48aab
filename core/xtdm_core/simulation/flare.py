"""The 6x6 flare pattern: oblique light that leaks between neighbouring photosites of different colours.

Strong light from the side crosses the filter of one photosite and falls into its neighbour: what a photosite gains or
loses depends on its neighbour's colour, so a veil of flare carries the period of the colour filter array. Fujifilm's
X-Trans II and III bodies show it as a grid.
"""

from __future__ import annotations

import numpy as np

from xtdm_core.frame import F32, F64, U8

_LEAK = np.array([0.25, -0.05, -0.2])  # from a red, green or blue neighbour, a share of the veil
_CENTRE, _RADIUS = (0.3, 0.35), 0.35  # of the veil, in heights and widths of the picture


def veil(height: int, width: int) -> F32:
    """How bright the flare is, f32 [H, W]: 1 at its centre, falling off like a bell."""
    y = (np.arange(height) / height - _CENTRE[0]) / _RADIUS
    x = (np.arange(width) / width - _CENTRE[1]) / _RADIUS
    return (np.exp(-(y**2))[:, None] * np.exp(-(x**2))).astype(np.float32)


def leak_pattern(cfa: U8) -> F64:
    """The share of the veil that each position of the pattern u8 [6, 6] gains or loses: f64 [6, 6].

    Light comes from the left. The mean over each colour is 0, so that flat colours stay what they are on the mean.
    """
    pattern = _LEAK[np.roll(cfa, 1, axis=1)]
    for colour in range(3):
        pattern[cfa == colour] -= pattern[cfa == colour].mean()
    return pattern
