"""Photosites that are hot or dead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.errors import BadOption
from xtdm_core.frame import F32

_FAINTEST, _BRIGHTEST = 0.02, 1.5


@dataclass(frozen=True, slots=True)
class Defects:
    """Where they are: [N, 2] (row, column) in the picture area.

    excess  f32 [N], the dark current of the hot ones in sensor units: the faintest 0.02, some saturate
    """

    hot: NDArray[np.intp]
    dead: NDArray[np.intp]
    excess: F32

    def apply(self, values: F32) -> None:
        """Changes a mosaic f32 [H, W] in sensor units: hot ones see more light, dead ones none."""
        values[self.hot[:, 0], self.hot[:, 1]] += self.excess
        values[self.dead[:, 0], self.dead[:, 1]] = 0


def draw_defects(height: int, width: int, hot: int, dead: int, rng: np.random.Generator) -> Defects:
    """Distinct photosites anywhere in a picture of ``height`` x ``width``; excess is log-uniform. Raises BadOption."""
    if hot + dead > height * width:
        raise BadOption(f"a picture of {height * width} px has no {hot + dead} hot and dead ones: give fewer")
    numbers = rng.choice(height * width, hot + dead, replace=False, shuffle=True)
    places = np.stack(np.divmod(numbers, width), axis=1)
    excess = np.exp(rng.uniform(np.log(_FAINTEST), np.log(_BRIGHTEST), hot)).astype(np.float32)
    return Defects(places[:hot], places[hot:], excess)
