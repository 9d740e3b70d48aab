"""The 6x6 inspector's figures of one picture and of the raw mosaic below it; all arrays start at the visible origin.

What is seen is counted in 8-bit sRGB codes as floats, so that a grid far below one code can be measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.develop.color import srgb_encode, to_rec2020
from xtdm_core.develop.hlg import SYSTEM_GAMMA
from xtdm_core.develop.tone import NEUTRAL, SRGB_KNEE, shoulder, tone_map_srgb
from xtdm_core.frame import F32, F64, U8, RawFrame
from xtdm_core.inspection.artifacts import ArtifactScore, score_artifacts
from xtdm_core.inspection.fold import Bools, FlatFold, block_extremes, fold_flat
from xtdm_core.inspection.grid import Place, worst_places
from xtdm_core.inspection.spectrum import SIDE, Peak, amplitude_spectrum, grid_peaks, profile
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.xtrans import PERIOD, tile_pattern

# All black and all white hide a grid; blocks of nothing else would only dilute the figure.
_LOWEST_CODE, _HIGHEST_CODE = 0.5, 254.5
# Below this share of the white level a percentage says more of noise than of the photosites.
DARKEST = 0.005
_STRIP_ROWS = 256


@dataclass(frozen=True, slots=True)
class PictureScore:
    """A picture's grid: ``fold`` in 8-bit sRGB codes, worst places, and of its amplitude_spectrum the peaks at k/6
    and the ``profile`` f32 [n] over the frequencies 0 to 1/2; beside it the other ``artifacts`` of demosaicing."""

    fold: FlatFold
    profile: F32
    peaks: tuple[Peak, ...]
    places: tuple[Place, ...]
    artifacts: ArtifactScore


@dataclass(frozen=True, slots=True)
class RawScore:
    """The raw's own grid, photosites of one colour compared with each other; three groups R, G, B.

    percent  of the local level of the colour: the gain differences of the photosites
    codes    the same in 8-bit sRGB codes, each photosite taken for a neutral grey
    """

    percent: FlatFold
    codes: FlatFold
    places: tuple[Place, ...]


def visible_codes(cam_rgb: F32, frame: RawFrame, report: Report = silent) -> F32:
    """Camera RGB f32 [h, w, 3] (white-balanced, sensor units) as 8-bit sRGB codes f32 [h, w, 3], not rounded.

    As shot, without exposure compensation, and in the sensor's orientation, because the grid is the sensor's.
    """
    codes = np.empty_like(cam_rgb)
    for top in range(0, cam_rgb.shape[0], _STRIP_ROWS):
        report(Progress(Stage.RENDERING, top, cam_rgb.shape[0]))
        rows = slice(top, top + _STRIP_ROWS)
        codes[rows] = srgb_encode(tone_map_srgb(to_rec2020(cam_rgb[rows], frame), NEUTRAL))
        codes[rows] *= np.float32(255)
    return codes


def fold_visible(cam_rgb: F32, frame: RawFrame, report: Report = silent) -> FlatFold:
    """The fold, in 8-bit sRGB codes, of camera RGB f32 [h, w, 3] as ``visible_codes`` takes it."""
    codes = visible_codes(cam_rgb, frame, report)
    return fold_flat(codes, usable=neither_black_nor_white(codes), report=report)


def score_picture(codes: F32, report: Report = silent) -> PictureScore:
    """Scores 8-bit codes f32 [H, W, 3]. Raises ValueError below 48 px a side."""
    fold = fold_flat(codes, None, neither_black_nor_white(codes), report)
    side = min(SIDE, min(codes.shape[:2]) // PERIOD * PERIOD)
    spectrum = amplitude_spectrum(codes, side, report)
    places = tuple(worst_places(fold.window_rms, fold.window_f))
    return PictureScore(fold, profile(spectrum), tuple(grid_peaks(spectrum)), places, score_artifacts(codes, report))


def score_raw(values: F32, frame: RawFrame, report: Report = silent) -> RawScore:
    """Scores a mosaic f32 [H, W] in sensor units whose corner has the colours of ``frame.cfa``.

    Clipped photosites do not count. Raises ValueError below 48 px a side.
    """
    percent = fold_flat(raw_percent(values), frame.cfa, unclipped(values, frame.saturation, DARKEST), report)
    codes = fold_flat(raw_codes(values, frame), frame.cfa, unclipped(values, frame.saturation), report)
    return RawScore(percent, codes, tuple(worst_places(codes.window_rms, codes.window_f)))


def raw_percent(values: F32) -> F32:
    """A scale on which differences are percent of the level: 100 x natural logarithm, f32 like ``values``."""
    return 100 * np.log(np.maximum(values, np.float32(DARKEST / 10)))


def raw_codes(values: F32, frame: RawFrame) -> F32:
    """The 8-bit sRGB codes f32 [H, W] that greys as bright as the photosites get from ``tone.tone_map_srgb``."""
    gains = (frame.wb * 2**-frame.effective_bias).astype(np.float32)[frame.cfa]
    light = np.maximum(values * tile_pattern(gains, *values.shape), 0) ** np.float32(SYSTEM_GAMMA)
    return srgb_encode(shoulder(light, SRGB_KNEE)) * np.float32(255)


def neither_black_nor_white(codes: F32) -> Bools:
    """The 6x6 blocks of 8-bit codes f32 [H, W, 3] that count: bool [H // 6, W // 6]."""
    least, greatest = block_extremes(codes)
    return (greatest > _LOWEST_CODE) & (least < _HIGHEST_CODE)


def unclipped(values: F32, saturation: F64, darkest: float = -np.inf) -> Bools:
    """The 6x6 blocks of a mosaic f32 [H, W] that are darker than any channel's saturation (f64 [3], sensor units).

    darkest  leaves out blocks with a photosite that is not brighter
    """
    least, greatest = block_extremes(values)
    return (least > darkest) & (greatest < np.float32(saturation.min()))


def heat_colours(heat: F32, limit: float) -> U8:
    """Values f32 [...] as u8 [..., 3]: dark grey at 0, orange towards +limit, blue towards -limit."""
    share = np.clip(heat / max(limit, 1e-6), -1, 1)[..., None]
    zero, above, below = (np.array(colour, np.float32) for colour in ((52, 52, 52), (255, 165, 60), (80, 150, 255)))
    return np.rint(zero + np.abs(share) * (np.where(share > 0, above, below) - zero)).astype(np.uint8)
