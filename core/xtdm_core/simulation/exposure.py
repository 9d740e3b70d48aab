"""A scene to the raw values of a body's sensor.

The order is that of a camera: light through the lens, flare, colour filters, defects, noise, saturation, rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xtdm_core.develop.color import camera_matrix
from xtdm_core.frame import F32, F64, U8, U16, Noise
from xtdm_core.simulation.defects import Defects, draw_defects
from xtdm_core.simulation.flare import leak_pattern, veil
from xtdm_core.simulation.optics import through_lens
from xtdm_core.simulation.shot import Shot
from xtdm_core.xtrans import mosaic, tile_pattern

_SPREAD = 50  # of the saturation levels of single photosites around their colour's, at most, in 14-bit units


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the sensor gave, and what is true of it.

    readout  u16 [raw H, raw W], the picture within its margins of masked photosites
    height, width  of the picture; it begins at ``shot.body.readout.crop``'s top and left
    cfa      u8 [6, 6] at the picture's corner
    noise    in sensor units before white balance; 0 where the shot is not noisy
    defects  in coordinates of the picture
    """

    shot: Shot
    readout: U16
    height: int
    width: int
    noise: Noise
    defects: Defects

    @property
    def margins(self) -> tuple[int, int]:
        """(top, left) of the picture in the readout."""
        return self.shot.body.readout.crop[:2]

    @property
    def picture(self) -> U16:
        """The picture's part of the readout, a view u16 [H, W]."""
        top, left = self.margins
        return self.readout[top : top + self.height, left : left + self.width]

    @property
    def cfa(self) -> U8:
        """The pattern at the picture's corner, u8 [6, 6]."""
        return picture_cfa(self.shot)


def picture_cfa(shot: Shot) -> U8:
    """The pattern u8 [6, 6] at the corner of the picture."""
    top, left = shot.body.readout.crop[:2]
    return np.roll(shot.body.readout.cfa, (-top, -left), (0, 1))


def camera_rgb(lin_srgb: F32, shot: Shot) -> F32:
    """The scene as an ideal camera would see it: white-balanced camera RGB f32 [H, W, 3] in sensor units, unclipped.

    lin_srgb  linear sRGB f32 [H, W, 3], diffuse white = 1
    Colours that the sensor's matrix maps below 0 become 0.
    """
    cam_from_srgb = np.linalg.inv(camera_matrix(shot.body.matrix, "srgb"))
    cam_from_srgb *= 2 ** (shot.exposure_ev + shot.exposure_bias)
    return np.maximum(lin_srgb @ cam_from_srgb.T.astype(np.float32), 0)


def expose(lin_srgb: F32, shot: Shot) -> Exposure:
    """Takes a picture of linear sRGB f32 [H, W, 3], diffuse white = 1, of any size: the sensor is made to fit."""
    height, width = lin_srgb.shape[:2]
    # Streams of their own: more hot photosites leave the saturation of all others as it was.
    for_defects, for_saturation = np.random.default_rng(shot.sensor_seed).spawn(2)
    defects = draw_defects(height, width, shot.hot_pixels, shot.dead_pixels, for_defects)
    noise = shot.body.noise.at(shot.hardware_iso) if shot.noisy else Noise(0.0, 0.0)
    rng = np.random.default_rng(shot.seed)
    values = _light(lin_srgb, shot)
    defects.apply(values)
    _add_noise(values, noise, rng)
    readout = _masked(height, width, shot, noise, rng)
    top, left = shot.body.readout.crop[:2]
    ceiling = _saturation(height, width, shot, for_saturation)
    readout[top : top + height, left : left + width] = _raw_units(values, shot, ceiling)
    return Exposure(shot, readout, height, width, noise, defects)


def _light(lin_srgb: F32, shot: Shot) -> F32:
    """What falls on the photosites: f32 [H, W], sensor units before white balance."""
    height, width = lin_srgb.shape[:2]
    cfa = picture_cfa(shot)
    cam_rgb = camera_rgb(lin_srgb, shot)
    if shot.lens is not None:
        cam_rgb = through_lens(cam_rgb, shot.lens)
    values = mosaic(cam_rgb, cfa)
    if shot.flare:
        strength = np.float32(shot.flare * 2 ** (shot.exposure_ev + shot.exposure_bias))
        leak = tile_pattern((1 + leak_pattern(cfa)).astype(np.float32), height, width)
        values += strength * veil(height, width) * leak
    values /= tile_pattern(np.array(shot.gains, dtype=np.float32)[cfa], height, width)
    return values


def _add_noise(values: F32, noise: Noise, rng: np.random.Generator) -> None:
    if noise.a or noise.b:
        sigma = np.sqrt(np.float32(noise.a) * np.maximum(values, 0) + np.float32(noise.b))
        values += sigma * rng.standard_normal(values.shape, dtype=np.float32)


def _masked(height: int, width: int, shot: Shot, noise: Noise, rng: np.random.Generator) -> U16:
    """A readout of the picture's size and the body's margins, all of it in the dark: u16 [raw H, raw W]."""
    readout = shot.body.readout
    margins = np.array(readout.size) - np.array(readout.crop[2:])
    dark = np.zeros((height + int(margins[0]), width + int(margins[1])), np.float32)
    _add_noise(dark, Noise(0.0, noise.b), rng)
    return _raw_units(dark, shot, np.float32(readout.white))


def _saturation(height: int, width: int, shot: Shot, sensor: np.random.Generator) -> F32:
    """The level at which each photosite saturates: f32 [H, W], raw units.

    Normally distributed around the mean of its colour, a third of the largest deviation wide.
    """
    readout = shot.body.readout
    means: F64 = np.array(shot.body.saturation)[picture_cfa(shot)]
    spread = _SPREAD * readout.white / 16383
    deviations = sensor.standard_normal((height, width), dtype=np.float32) * np.float32(spread / 3)
    ceiling = tile_pattern(means.astype(np.float32), height, width) + np.clip(deviations, -spread, spread)
    return np.minimum(ceiling, np.float32(readout.white))


def _raw_units(values: F32, shot: Shot, ceiling: F32 | np.float32) -> U16:
    readout = shot.body.readout
    raw = values * np.float32(readout.white - readout.black) + np.float32(readout.black)
    return np.rint(np.clip(raw, 0, ceiling)).astype(np.uint16)
