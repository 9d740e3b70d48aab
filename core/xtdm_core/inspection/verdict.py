"""Who made the 6x6 grid: the sensor, the demosaicing, both or nobody.

What the sensor makes is in the raw itself. What a demosaicing makes shows when it is given a mosaic that has no grid:
its own result, averaged over a period of the pattern, and sampled again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from xtdm_core.frame import F32, AlignedMosaic
from xtdm_core.inspection.fold import FlatFold
from xtdm_core.xtrans import PERIOD, mosaic

# Codes: less than this nobody sees, not even in a smooth sky with its contrast raised.
VISIBLE_CODES = 0.05
# Standard deviations: a picture is no pure noise.
CERTAIN = 5.0
# Codes: where only a stronger grid would show, nothing can be said.
_BLIND_CODES = 0.5


class Maker(StrEnum):
    """Who made the grid."""

    NOBODY = "no grid"
    SENSOR = "made by the sensor"
    DEMOSAICING = "made by the demosaicing"
    BOTH = "made by the sensor and by the demosaicing"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True)
class GridVerdict:
    """The verdict on one result.

    confidence  0 to 1: that the parts named are there, and that those not named are not
    sensor_codes, demosaicing_codes  rms amplitude of each part in flat areas, 8-bit codes; NaN where it is not known
    limit_codes  the weakest part that would have been found
    """

    maker: Maker
    confidence: float
    sensor_codes: float
    demosaicing_codes: float
    limit_codes: float

    @property
    def confidence_percent(self) -> float:
        """The confidence for people, who are never told that anything is certain."""
        return min(100 * self.confidence, 99.9)

    @property
    def sentence(self) -> str:
        """The verdict for people."""
        if self.maker is Maker.UNKNOWN:
            return "too little of the picture is flat to tell whether there is a grid"
        if self.maker is Maker.NOBODY:
            return f"no grid: one of {self.limit_codes:.2f} codes or more would show in the flat areas"
        amounts = {
            Maker.SENSOR: f"{self.sensor_codes:.2f} codes",
            Maker.DEMOSAICING: f"{self.demosaicing_codes:.2f} codes",
            Maker.BOTH: f"{self.sensor_codes:.2f} and {self.demosaicing_codes:.2f} codes",
        }
        return f"a grid, {self.maker}: {amounts[self.maker]} in flat areas"


def judge(raw: FlatFold, alone: FlatFold) -> GridVerdict:
    """Who made a result's grid, from the fold of the raw in codes and that of the demosaicing alone."""
    by_sensor, by_demosaicing = _is_there(raw), _is_there(alone)
    missed = [fold for fold, found in ((raw, by_sensor), (alone, by_demosaicing)) if not found]
    limit = max([VISIBLE_CODES, *(_limit(fold) for fold in missed)])
    if math.isnan(raw.chance + alone.chance) or limit > _BLIND_CODES:
        return GridVerdict(Maker.UNKNOWN, 0.0, raw.common_rms, alone.common_rms, limit)
    makers = {
        (False, False): Maker.NOBODY,
        (True, False): Maker.SENSOR,
        (False, True): Maker.DEMOSAICING,
        (True, True): Maker.BOTH,
    }
    confidence = min(_confidence(raw, by_sensor), _confidence(alone, by_demosaicing))
    return GridVerdict(makers[by_sensor, by_demosaicing], confidence, raw.common_rms, alone.common_rms, limit)


def without_grid(cam_rgb: F32, like: AlignedMosaic) -> AlignedMosaic:
    """The mosaic of a result f32 [H, W, 3] (white-balanced) averaged over 6x6 px, which has nothing of that period.

    like  the mosaic that the result was made of
    """
    smooth = _mean_over_period(cam_rgb) / like.wb.astype(np.float32)
    height, width = like.values.shape
    margins = (like.top, height - like.top - like.height), (like.left, width - like.left - like.width), (0, 0)
    return like.with_values(mosaic(np.pad(smooth, margins, mode="edge")))


def _limit(fold: FlatFold) -> float:
    """Codes: the weakest grid that would be found."""
    return max(VISIBLE_CODES, float(np.sqrt(CERTAIN * fold.chance)))


def _is_there(fold: FlatFold) -> bool:
    return fold.common_rms > VISIBLE_CODES and fold.common > CERTAIN * fold.chance


def _confidence(fold: FlatFold, there: bool) -> float:
    """That what was found is more than chance, or that a grid of _limit would have been found."""
    if fold.chance == 0:
        return 1.0
    return NormalDist().cdf(fold.certainty if there else _limit(fold) ** 2 / fold.chance - fold.certainty)


def _mean_over_period(values: F32) -> F32:
    """Means over 6x6 px around each pixel f32 [H, W, 3]; the margins are repeated outwards."""
    for axis in (0, 1):
        before, after = PERIOD // 2, PERIOD - PERIOD // 2
        padded = np.pad(values, [(before, after) if a == axis else (0, 0) for a in range(3)], mode="edge")
        length = values.shape[axis]
        steps = [np.take(padded, range(k, k + length), axis) for k in range(PERIOD)]
        values = np.mean(steps, axis=0, dtype=np.float32)
    return values
