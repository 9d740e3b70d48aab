"""X-Trans DNGs as different converters write them (DNG 1.4): the same samples in other storage, framing and tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xtdm_core.frame import F32, U16
from xtdm_core.simulation.exif_fields import camera_fields, shot_directories
from xtdm_core.simulation.exposure import Exposure
from xtdm_core.simulation.preview import encoded, rendered
from xtdm_core.simulation.shot import Shot
from xtdm_core.simulation.tiff_structure import (
    DataBlocks,
    Directories,
    Directory,
    Field,
    ascii_text,
    doubles,
    longs,
    octets,
    rationals,
    shorts,
    signed_rationals,
    tiff,
)

_PREVIEW_SIDE, _THUMBNAIL_SIDE = 1024, 256
_TILE, _STRIP_ROWS = 256, 64
_ADOBE_OFFSET_EV = 0.57  # Adobe's BaselineExposure lies so far below -RawExposureBias
Fields = dict[int, Field | Directories | DataBlocks]


@dataclass(frozen=True, slots=True)
class DngLayout:
    """How a converter writes a DNG.

    order       "<" or ">"
    tiles       of 256x256 px, compressed as lossless JPEG, instead of plain strips
    previews    a thumbnail in the first directory and a JPEG preview, the raw data in a directory of their own
    masked      the whole readout with an ActiveArea, at which the pattern begins, instead of the picture alone
    inset       of DefaultCrop in the picture, in px
    baseline    how BaselineExposure is reckoned from RawExposureBias: "adobe", "raf" or "" for no such tag
    """

    order: str = "<"
    tiles: bool = False
    previews: bool = False
    masked: bool = True
    inset: int = 0
    baseline: str = ""


LAYOUTS = {
    "adobe": DngLayout(tiles=True, previews=True, inset=4, baseline="adobe"),
    "strips": DngLayout(order=">", baseline="raf"),
    "cropped": DngLayout(previews=True, masked=False, inset=8),
}


def write_dng(path: Path, exposure: Exposure, lin_srgb: F32, layout: DngLayout) -> None:
    """Writes an exposure as a DNG; previews show ``lin_srgb``, the scene."""
    shot = exposure.shot
    raw: Fields = {**_samples(exposure, layout), **_framing(exposure, layout)}
    main: Fields = {**camera_fields(shot), **_colour(exposure, layout)}
    main.update(shot_directories(shot, exposure.width, exposure.height))
    if layout.previews:
        thumbnail, preview = _previews(lin_srgb, shot)
        main.update(thumbnail)
        main[330] = Directories([raw, preview])
    else:
        main.update(raw)
    path.write_bytes(tiff([main], layout.order))


def _samples(exposure: Exposure, layout: DngLayout) -> Fields:
    samples = exposure.readout if layout.masked else exposure.picture
    height, width = samples.shape
    fields: Fields = {
        254: longs(0),
        256: longs(width),
        257: longs(height),
        258: shorts(16),
        259: shorts(7 if layout.tiles else 1),
        262: shorts(32803),
        277: shorts(1),
        284: shorts(1),
    }
    blocks = _blocks(samples, layout)
    sizes = longs(*(len(block) for block in blocks))
    if layout.tiles:
        return {**fields, 322: longs(_TILE), 323: longs(_TILE), 324: DataBlocks(blocks), 325: sizes}
    return {**fields, 273: DataBlocks(blocks), 278: longs(_STRIP_ROWS), 279: sizes}


def _blocks(samples: U16, layout: DngLayout) -> Sequence[bytes]:
    height, width = samples.shape
    if not layout.tiles:
        strips = (samples[top : top + _STRIP_ROWS] for top in range(0, height, _STRIP_ROWS))
        return [strip.astype(f"{layout.order}u2").tobytes() for strip in strips]
    from imagecodecs import jpeg8_encode

    whole = np.pad(samples, [(0, -height % _TILE), (0, -width % _TILE)], mode="edge")
    corners = [(y, x) for y in range(0, height, _TILE) for x in range(0, width, _TILE)]
    tiles = (np.ascontiguousarray(whole[y : y + _TILE, x : x + _TILE]) for y, x in corners)
    # Predictor 1 is the one that every reader knows.
    return [bytes(jpeg8_encode(tile, lossless=True, predictor=1, bitspersample=16)) for tile in tiles]


def _framing(exposure: Exposure, layout: DngLayout) -> Fields:
    """Pattern, levels, active area and default crop."""
    readout = exposure.shot.body.readout
    top, left = exposure.margins if layout.masked else (0, 0)
    return {
        33421: shorts(6, 6),
        33422: octets(*exposure.cfa.ravel().tolist()),
        50710: octets(0, 1, 2),
        50711: shorts(1),
        50713: shorts(6, 6),
        50714: longs(*[readout.black] * 36),
        50717: longs(readout.white),
        50718: rationals(1, 1),
        50719: rationals(layout.inset, layout.inset),
        50720: rationals(exposure.width - 2 * layout.inset, exposure.height - 2 * layout.inset),
        50829: longs(top, left, top + exposure.height, left + exposure.width),
    }


def _colour(exposure: Exposure, layout: DngLayout) -> Fields:
    shot = exposure.shot
    matrix = signed_rationals(*shot.body.matrix.ravel().tolist(), denominator=10000)
    neutral = [1 / gain for gain in shot.gains]
    fields: Fields = {
        50706: octets(1, 4, 0, 0),
        50707: octets(1, 1, 0, 0),
        50708: ascii_text(f"Fujifilm {shot.body.model}"),
        50721: matrix,
        50728: rationals(*neutral),
        50741: shorts(1),
        50778: shorts(21),
        51041: doubles(exposure.noise.a, exposure.noise.b),
    }
    if layout.baseline == "adobe":
        # Two illuminants: this sensor's matrix is the same under both.
        fields |= {50722: matrix, 50778: shorts(17), 50779: shorts(21)}
    if layout.baseline:
        offset = _ADOBE_OFFSET_EV if layout.baseline == "adobe" else 0.0
        fields[50730] = signed_rationals(-shot.exposure_bias - offset, denominator=100)
    return fields


def _previews(lin_srgb: F32, shot: Shot) -> tuple[Fields, Directory]:
    """The first directory's thumbnail, uncompressed RGB, and the directory of a JPEG preview."""
    large, small = (rendered(lin_srgb, shot, side) for side in (_PREVIEW_SIDE, _THUMBNAIL_SIDE))
    jpeg, rgb = encoded(large), small.tobytes()
    thumbnail = {**_preview_fields(small.width, small.height, rgb), 259: shorts(1), 262: shorts(2)}
    preview = {**_preview_fields(large.width, large.height, jpeg), 259: shorts(7), 262: shorts(6)}
    preview[50970] = longs(3 if shot.adobe_rgb else 2)
    return thumbnail, preview


def _preview_fields(width: int, height: int, data: bytes) -> Fields:
    return {
        254: longs(1),
        256: longs(width),
        257: longs(height),
        258: shorts(8, 8, 8),
        273: DataBlocks([data]),
        277: shorts(3),
        278: longs(height),
        279: longs(len(data)),
        284: shorts(1),
    }
