"""Local contrast: parts of a picture are made brighter or darker than their surroundings, edges stay.

What is brighter than its surroundings is found once for each raw file, on the means of 6x6 photosites, in logarithms of
luminance: a guided filter (He, Sun, Tang 2013) takes what is smooth between edges for the surroundings, so that there
are no halos beside them. A picture's light is then multiplied, all colours alike: by the same in every tile and every
size, however it is demosaiced and exposed, and noise is not made stronger.
"""

from __future__ import annotations

import numpy as np

from xtdm_core.develop.bands import in_bands
from xtdm_core.develop.color import camera_matrix
from xtdm_core.develop.geometry import Geometry
from xtdm_core.develop.hlg import LUMINANCE
from xtdm_core.develop.resampling import sample_plane
from xtdm_core.frame import F32, F64, RawFrame

_PERIOD = 6
_RADIUS = 0.02  # of the surroundings, as a share of the longer side
_EDGE = 0.2  # variance in EV² of the surroundings from which on they are rather an edge
_MOST_EV = 1.0
_FLOOR = 2.0**-9  # of the white level: what is darker is noise, and has no contrast


def detail_map(frame: RawFrame) -> F32:
    """How much brighter than its surroundings each period of 6x6 photosites is: EV, f32 [H / 6, W / 6]."""
    ev = np.log2(np.maximum(_luminance(frame), 0) + _FLOOR)
    radius = max(1, round(_RADIUS * max(ev.shape)))
    detail = np.clip(ev - _smooth_between_edges(ev, radius), -_MOST_EV, _MOST_EV)
    return _means(detail, 1).astype(np.float32)


def local_gain(detail: F32, strength: float, geometry: Geometry, rows: range, columns: range, level: int = 0) -> F32:
    """What the light of rows and columns of a geometry's rectangle is multiplied by: f32 [h, w].

    detail    of ``detail_map``
    strength  1 makes what stands out stand out twice as far, -1 levels it
    level     halvings, as in ``resampling.sample_area``
    """
    gain: F32 = np.exp2(np.float32(strength) * sample_plane(detail, _PERIOD, geometry, rows, columns, level))
    return gain


def nearest_gain(detail: F32, strength: float, shape: tuple[int, ...], step: int) -> F32:
    """What the light of every ``step``-th pixel of the sensor's picture is multiplied by, roughly: f32 [h, w, 1]."""
    rows, columns = (
        np.minimum(np.arange(0, side, step) // _PERIOD, most - 1)
        for side, most in zip(shape[:2], detail.shape, strict=True)
    )
    gain: F32 = np.exp2(np.float32(strength) * detail[np.ix_(rows, columns)])[..., None]
    return gain


def apply_local_contrast(cam_rgb: F32, frame: RawFrame, strength: float, geometry: Geometry) -> F32 | float:
    """Multiply camera RGB f32 [h, w, 3] in its geometry, in place; returns by what, f32 [h, w, 1], or 1 for nothing."""
    if strength == 0:
        return 1.0
    gain = whole_gain(frame, strength, geometry)
    cam_rgb *= gain
    return gain


def whole_gain(frame: RawFrame, strength: float, geometry: Geometry) -> F32:
    """What the light of a whole picture is multiplied by: f32 [h, w, 1]."""
    detail, columns = detail_map(frame), range(geometry.width)
    gain = np.empty((geometry.height, geometry.width, 1), np.float32)

    def fill(rows: slice) -> None:
        gain[rows, :, 0] = local_gain(detail, strength, geometry, range(rows.start, rows.stop), columns)

    in_bands(gain, fill)
    return gain


def _luminance(frame: RawFrame) -> F64:
    """Luminance of each whole period in sensor units, white-balanced as shot: f64 [H / 6, W / 6]."""
    height, width = (max(side // _PERIOD, 1) for side in frame.mosaic.shape)
    sums, counts = np.zeros((3, height, width)), np.bincount(frame.cfa.ravel(), minlength=3)
    for (y, x), colour in np.ndenumerate(frame.cfa):
        plane = frame.mosaic[y : _PERIOD * height : _PERIOD, x : _PERIOD * width : _PERIOD]
        sums[colour] += (plane - frame.black[y, x]) / (frame.white - frame.black[y, x])
    weights = LUMINANCE.astype(np.float64) @ camera_matrix(frame.xyz_to_cam, "rec2020") * frame.wb / counts
    return np.tensordot(weights, sums, axes=1)


def _smooth_between_edges(plane: F64, radius: int) -> F64:
    """The guided filter of a plane by itself."""
    mean = _means(plane, radius)
    variance = np.maximum(_means(plane**2, radius) - mean**2, 0)
    slope = variance / (variance + _EDGE)
    return _means(slope, radius) * plane + _means((1 - slope) * mean, radius)


def _means(plane: F64, radius: int) -> F64:
    """Means over squares of 2 ``radius`` + 1 pixels a side; the border's pixels go on beyond it."""
    side = 2 * radius + 1
    for axis in (0, 1):
        margins = [(radius + 1, radius) if axis == at else (0, 0) for at in (0, 1)]
        sums = np.cumsum(np.pad(plane, margins, mode="edge"), axis=axis)
        length = plane.shape[axis]
        upper = np.take(sums, range(side, side + length), axis=axis)
        plane = (upper - np.take(sums, range(length), axis=axis)) / side
    return plane
