"""The one interpolation of a picture: from the sensor's pixels to those that are shown.

The source is doubled by a windowed sinc and interpolated there by cubic convolution (Keys 1981), whose places are set
so that straight slopes stay straight: sharper than Lanczos' window of 3 px and faster, since PyTorch's own
``grid_sample`` does the last step. Near light above 1 results stay between the lightest and darkest of the 4x4 pixels
around, so that highlights do not ring.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.develop.geometry import Geometry
from xtdm_core.devices import check_room_for_torch
from xtdm_core.frame import F32, F64, U8
from xtdm_core.progress import Progress, Report, Stage, silent

if TYPE_CHECKING:
    import torch

_PAIRS = 6  # of taps, beside the middle between two pixels
_KAISER = 6.0
_MARGIN = _PAIRS + 2  # source pixels needed beyond the outermost place
_TILE = 256  # pixels a side worked on at once, a multiple of the grid's step: larger ones leave the cache
_STEP = 8  # pixels between places that are computed exactly: between them a lens' map is straight to 0.002 px


def resample(cam_rgb: F32, geometry: Geometry, report: Report = silent) -> F32:
    """Bring camera RGB f32 [H, W, 3] into its geometry: f32 [h, w, 3], linear, unclipped, not yet turned upright.

    Vignetting is brightened, too. What needs no interpolation is the sensor's pixels, bit for bit where the lens needs
    no correction. Raises what ``report`` raises to cancel.
    """
    if geometry.is_whole:
        return cam_rgb
    out = np.empty((geometry.height, geometry.width, 3), np.float32)
    starts = range(0, geometry.height, _TILE)
    for number, top in enumerate(starts):
        report(Progress(Stage.RENDERING, number, len(starts)))
        rows = range(top, min(top + _TILE, geometry.height))
        for left in range(0, geometry.width, _TILE):
            columns = range(left, min(left + _TILE, geometry.width))
            place = slice(top, rows.stop), slice(left, columns.stop)
            out[place] = sample_area(cam_rgb, geometry, rows, columns)
    report(Progress(Stage.RENDERING, len(starts), len(starts)))
    return out


def light_gain(geometry: Geometry, rows: range, columns: range, level: int = 0) -> F32:
    """What the light of rows and columns of the rectangle, after ``level`` halvings, is multiplied by: f32 [h, w]."""
    _, _, gain, (height, width) = _places(geometry, rows, columns, level)
    return _between(gain[None])[0, :height, :width].numpy()


def sample_plane(plane: F32, step: int, geometry: Geometry, rows: range, columns: range, level: int = 0) -> F32:
    """Bring a smooth plane f32 [h, w], a value for every ``step`` x ``step`` pixels of the sensor, into a geometry.

    Bilinear between the middles of those squares, beyond the outermost as there: f32 [rows, columns].
    """
    import torch
    import torch.nn.functional as F

    y, x, _, (height, width) = _places(geometry, rows, columns, level)
    scale = 1 << level
    marks = [
        ((axis[1] + 0.5) * scale / step) * 2 / side - 1 for axis, side in ((x, plane.shape[1]), (y, plane.shape[0]))
    ]
    with torch.inference_mode():
        grid = _between(np.stack(marks))[:, :height, :width].permute(1, 2, 0)[None]
        mode, outside = "bilinear", "border"
        source = torch.from_numpy(plane)[None, None]
        return F.grid_sample(source, grid, mode=mode, padding_mode=outside, align_corners=False)[0, 0].numpy()


def move_codes(codes: U8, geometry: Geometry) -> U8:
    """Bring codes u8 [H, W] of the sensor's pixels into its geometry, each from its nearest pixel: u8 [h, w]."""
    if geometry.is_whole:
        return codes
    if not geometry.resamples:
        return codes[geometry.top : geometry.top + geometry.height, geometry.left : geometry.left + geometry.width]
    out = np.empty((geometry.height, geometry.width), np.uint8)
    for top in range(0, geometry.height, _TILE):
        rows = range(top, min(top + _TILE, geometry.height))
        y, x, _, (height, width) = _places(geometry, rows, range(geometry.width), 0)
        near = _between(np.stack([y[1], x[1]]))[:, :height, :width].round().long().numpy()
        row, column = (np.clip(axis, 0, side - 1) for axis, side in zip(near, codes.shape, strict=True))
        out[top : rows.stop] = codes[row, column]
    return out


def source_area(geometry: Geometry, rows: range, columns: range, level: int = 0) -> tuple[int, int, int, int]:
    """What of the sensor's picture ``sample_area`` reads: (top, left, bottom, right) in pixels after the halvings."""
    y, x, _, _ = _places(geometry, rows, columns, level)
    top, left = (int(np.floor(axis.min())) - _MARGIN for axis in (y, x))
    bottom, right = (int(np.ceil(axis.max())) + _MARGIN + 1 for axis in (y, x))
    height, width = -(-geometry.source_height // (1 << level)), -(-geometry.source_width // (1 << level))
    return max(top, 0), max(left, 0), min(bottom, height), min(right, width)


def sample_area(
    source: F32, geometry: Geometry, rows: range, columns: range, level: int = 0, corner: tuple[int, int] = (0, 0)
) -> F32:
    """The rows and columns of ``geometry``'s rectangle, in pixels after ``level`` halvings: f32 [h, w, 3].

    source  f32 [H, W, 3], the sensor's picture after as many halvings, or a part of it that begins at ``corner`` and
            holds ``source_area``
    """
    if not geometry.resamples:
        return _brightened(source, geometry, rows, columns, level, corner)
    y, x, gain, shape = _places(geometry, rows, columns, level)
    top, left = (int(np.floor(axis.min())) - _MARGIN for axis in (y, x))
    bottom, right = (int(np.ceil(axis.max())) + _MARGIN + 1 for axis in (y, x))
    patch = _cut(source, top - corner[0], left - corner[1], bottom - corner[0], right - corner[1])
    return _interpolated(patch, y - top, x - left, gain, shape)


def draft_area(
    source: F32, geometry: Geometry, rows: range, columns: range, level: int = 0, corner: tuple[int, int] = (0, 0)
) -> F32:
    """Return the same as ``sample_area`` roughly, in a fifth of the time, for a picture that is being moved.

    Bilinear, and all three colours lie where green does.
    """
    import torch
    import torch.nn.functional as F

    if not geometry.resamples:
        return _brightened(source, geometry, rows, columns, level, corner)
    y, x, gain, (height, width) = _places(geometry, rows, columns, level)
    y, x = y[1], x[1]
    top, left = (int(np.floor(axis.min())) - 1 for axis in (y, x))
    bottom, right = (int(np.ceil(axis.max())) + 2 for axis in (y, x))
    patch = _cut(source, top - corner[0], left - corner[1], bottom - corner[0], right - corner[1])
    with torch.inference_mode():
        pixels = torch.from_numpy(np.ascontiguousarray(patch)).permute(2, 0, 1)[None]
        marks = np.stack([(2 * (x - left) + 1) / (right - left) - 1, (2 * (y - top) + 1) / (bottom - top) - 1])
        grid = _between(marks)[:, :height, :width].permute(1, 2, 0)[None]
        out = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)[0]
        if (gain != 1).any():
            out *= _between(gain[None])[:, :height, :width]
        return out.permute(1, 2, 0).contiguous().numpy()


def _brightened(
    source: F32, geometry: Geometry, rows: range, columns: range, level: int, corner: tuple[int, int]
) -> F32:
    """The sensor's own pixels, times the gain of the lens' vignetting."""
    step = 1 << level
    top, left = geometry.top // step + rows.start - corner[0], geometry.left // step + columns.start - corner[1]
    pixels = _cut(source, top, left, top + len(rows), left + len(columns))
    if geometry.lens is None:
        return pixels
    return pixels * light_gain(geometry, rows, columns, level)[..., None]


def _cut(source: F32, top: int, left: int, bottom: int, right: int) -> F32:
    """Rows top to bottom - 1 and columns left to right - 1, the border's pixels repeated where there are none."""
    rows = np.clip(np.arange(top, bottom), 0, source.shape[0] - 1)
    columns = np.clip(np.arange(left, right), 0, source.shape[1] - 1)
    inside = source[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if inside.shape[:2] == (len(rows), len(columns)):
        return inside
    return inside[np.ix_(rows - rows[0], columns - columns[0])]


def _places(geometry: Geometry, rows: range, columns: range, level: int) -> tuple[F64, F64, F64, tuple[int, int]]:
    """Every ``_STEP``-th place in the source, in pixels after the halvings: rows and columns f64 [3, h, w], gain.

    The last of them lie at or beyond the last pixel; the shape is that of all pixels.
    """
    scale = 1 << level
    shape = len(rows), len(columns)
    marks = [start.start + _STEP * np.arange(-(-(len(start) - 1) // _STEP) + 1.0) for start in (rows, columns)]
    y, x, gain = geometry.source_points(*((mark + 0.5) * scale - 0.5 for mark in marks))
    return (y + 0.5) / scale - 0.5, (x + 0.5) / scale - 0.5, gain, shape


def _interpolated(patch: F32, y: F64, x: F64, gain: F64, shape: tuple[int, int]) -> F32:
    check_room_for_torch()
    import torch

    height, width = shape
    with torch.inference_mode():
        pixels = torch.from_numpy(np.ascontiguousarray(patch)).permute(2, 0, 1).contiguous()
        places = _between(np.concatenate([y, x]))[:, :height, :width]
        rows, columns = places[:3], places[3:]
        out = _sampled(_doubled(pixels), 2 * (rows - (_PAIRS - 1)), 2 * (columns - (_PAIRS - 1)))
        if float(pixels.max()) > 1:
            out = _held(out, pixels, rows, columns)
        if (gain != 1).any():
            out *= _between(gain[None])[:, :height, :width]
        return out.permute(1, 2, 0).contiguous().numpy()


def _between(marks: F64) -> torch.Tensor:
    """Values f32 [n, h, w] at every pixel, of those f64 [n, ., .] at every ``_STEP``-th."""
    check_room_for_torch()
    import torch
    import torch.nn.functional as F

    planes = torch.from_numpy(marks.astype(np.float32))[None]
    size = [_STEP * (side - 1) + 1 for side in marks.shape[1:]]
    return F.interpolate(planes, size=size, mode="bilinear", align_corners=True)[0]


@cache
def _taps() -> tuple[float, ...]:
    """Weights of the pixels beside the middle between two, nearest first: a sinc in Kaiser's window; half of 1."""
    weights = np.sinc(np.arange(_PAIRS) + 0.5) * np.kaiser(2 * _PAIRS, _KAISER)[_PAIRS:]
    return tuple((weights / (2 * weights.sum())).tolist())


def _doubled(pixels: torch.Tensor) -> torch.Tensor:
    """Pixels f32 [3, h, w] and those between them: the first is the pixel ``_PAIRS`` - 1 of either axis."""
    for axis in (2, 1):
        length = pixels.shape[axis] - 2 * _PAIRS + 1
        own = pixels.narrow(axis, _PAIRS - 1, length)
        pixels = _interleaved(own, _halfway(pixels, axis, length), axis)
    return pixels


def _halfway(pixels: torch.Tensor, axis: int, length: int) -> torch.Tensor:
    pairs = (
        (pixels.narrow(axis, _PAIRS - 1 - number, length) + pixels.narrow(axis, _PAIRS + number, length), weight)
        for number, weight in enumerate(_taps())
    )
    nearest, weight = next(pairs)
    total = nearest.mul_(weight)
    for pair, weight in pairs:
        total.add_(pair, alpha=weight)
    return total


def _interleaved(first: torch.Tensor, second: torch.Tensor, axis: int) -> torch.Tensor:
    import torch

    return torch.stack([first, second], dim=axis + 1).flatten(axis, axis + 1)


def _sampled(doubled: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """Cubic convolution of f32 [3, H, W] at places f32 [3, h, w]."""
    import torch
    import torch.nn.functional as F

    height, width = doubled.shape[1:]
    grid = torch.stack(
        [(2 * _straightened(columns) + 1) / width - 1, (2 * _straightened(rows) + 1) / height - 1], dim=-1
    )
    mode, outside = "bicubic", "border"
    return F.grid_sample(doubled[:, None], grid, mode=mode, padding_mode=outside, align_corners=False)[:, 0]


def _straightened(places: torch.Tensor) -> torch.Tensor:
    """Places where PyTorch's kernel, a = -0.75, gives what straight slopes have at ``places``.

    At t between two pixels the kernel sees a slope at t + (2 a + 1) t (1 - t) (2 t - 1); two steps of its inverse.
    """
    whole = places.floor()
    part = places - whole
    moved = part - 0.5 * part * (1 - part) * (1 - 2 * part)
    return whole + part - 0.5 * moved * (1 - moved) * (1 - 2 * moved)


def _held(out: torch.Tensor, pixels: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """Results held between the extremes of the 4x4 pixels around where the filter sees one above 1."""
    import torch
    import torch.nn.functional as F

    high, low = F.max_pool2d(pixels[None], 4, 1)[0], -F.max_pool2d(-pixels[None], 4, 1)[0]
    width = high.shape[2]
    index = ((rows.floor() - 1) * width + columns.floor() - 1).long().flatten(1)
    seen = F.max_pool2d(high, 2 * _PAIRS - 3, stride=1, padding=_PAIRS - 2)
    most, least, brightest = (extreme.flatten(1).gather(1, index).view_as(out) for extreme in (high, low, seen))
    return torch.where(brightest > 1, torch.minimum(torch.maximum(out, least), most), out)
