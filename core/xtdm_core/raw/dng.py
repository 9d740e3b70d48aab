"""DNG files of X-Trans cameras: areas, pattern, levels, matrices and white balance, as the DNG specification 1.7 says.

LibRaw decodes the mosaic only: it rounds the active area to 6 px, has its own matrices, and none for new cameras.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import F32, F64, U8, CaptureInfo
from xtdm_core.raw.exif import capture_info, number, orientation_in
from xtdm_core.raw.facts import Area, FileFacts
from xtdm_core.raw.light import bias_of_dynamic_range, gains_of_xyz, xyz_of_xy
from xtdm_core.raw.raf_container import RafDirectory, parse_directory
from xtdm_core.xtrans import is_xtrans

if TYPE_CHECKING:
    import tifffile

_ONLY_XTRANS = "only X-Trans files can be converted"
_CFA, _LINEAR = 32803, 34892  # PhotometricInterpretation
_PREVIEW_COLOR_SPACE, _ADOBE_RGB = 50970, 3
_READABLE = (1, 7, 34892)  # Compression: none, lossless JPEG, lossy JPEG
_COMPRESSIONS = {5: "LZW", 8: "Deflate", 32946: "Deflate", 52546: "JPEG XL"}
_REMAKE = "open its RAF, or convert it again with compatibility DNG 1.4 in Adobe DNG Converter's preferences"
# Kelvin of the CalibrationIlluminants (Exif LightSource; DNG 1.7, chapter 6).
_KELVIN = {1: 5500, 3: 2856, 4: 5500, 9: 5500, 10: 6500, 11: 7500, 17: 2856, 18: 4874, 19: 6774}
_KELVIN |= {20: 5503, 21: 6504, 22: 7504, 23: 5003, 24: 3200}
_D65_KELVIN = 6504
# ImageWidth to BitsPerSample, Compression, strips and tiles: what tells LibRaw how the picture is stored.
_LAYOUT = frozenset((256, 257, 258, 259, 273, 277, 278, 279, 322, 323, 324, 325))
_LARGEST_TILE = 4096  # pixels a side, in pictures that are smaller
_LARGEST_FACTOR = 100.0  # in a matrix from XYZ to camera RGB; cameras have up to 3
_MATRICES = ((50721, 50778, 50723), (50722, 50779, 50724))  # ColorMatrix, CalibrationIlluminant, CameraCalibration


def parse_dng(path: Path, data: bytes) -> FileFacts:
    """Read a DNG's tags. Raises UnsupportedRaw where it is none of X-Trans, or broken."""
    import tifffile

    try:
        with tifffile.TiffFile(BytesIO(data)) as tiff:
            return _facts(path, tiff, len(data))
    except (UnsupportedRaw, MemoryError):
        raise
    except Exception as error:  # damaged tags have any type and number of values; tifffile raises whatever it likes
        raise UnsupportedRaw(path, "is a damaged or foreign TIFF file, not a DNG that can be read") from error


def _facts(path: Path, tiff: tifffile.TiffFile, size: int) -> FileFacts:
    first = tiff.pages.first
    page = _mosaic_page(path, first)
    _check_strips(path, page, size)
    tags = _Tags([page, first])
    named = {tag.name: tag.value for tag in first.tags}
    exif = named.get("ExifTag")
    private = _private_blocks(tags.raw(50740))
    named |= exif if isinstance(exif, dict) else {}
    if b"MakN" in private:
        named["MakerNote"] = private[b"MakN"][6:]  # behind the byte order and the offset that the note once had
    info = capture_info(named)
    active, area = _areas(tags, page)
    xyz_to_cam = _matrix(tags)
    return FileFacts(
        info=info,
        orientation=orientation_in(named),
        exposure_bias=_exposure_bias(path, private, info, number(named.get("BaselineExposure"))),
        pattern=np.roll(_pattern(path, tags, info.make), active, (0, 1)),
        area=area,
        black=np.roll(_black(tags), active, (0, 1)),
        white=_white(tags, page),
        as_shot=_as_shot(tags, xyz_to_cam),
        xyz_to_cam=xyz_to_cam,
    )


def is_preview_adobe_rgb(data: bytes) -> bool:
    """Check whether a DNG's largest preview is in Adobe RGB, as its PreviewColorSpace (tag 50970) says.

    False where nothing is said, or the tags are damaged.
    """
    import tifffile

    try:
        with tifffile.TiffFile(BytesIO(data)) as tiff:
            first = tiff.pages.first
            told = [page for page in (first, *(first.pages or [])) if _PREVIEW_COLOR_SPACE in page.tags]
            largest = max(told, key=lambda page: page.imagewidth * page.imagelength, default=None)
            return largest is not None and largest.tags[_PREVIEW_COLOR_SPACE].value == _ADOBE_RGB
    except Exception:  # a preview in wrong colours is better than none; tifffile raises whatever it likes
        return False


class _Tags:
    """The tags of several directories, the first that has one counts."""

    def __init__(self, pages: Sequence[Any]) -> None:
        self._pages = pages

    def raw(self, code: int) -> Any:
        """The value as tifffile gives it; None where there is none."""
        return next((page.tags[code].value for page in self._pages if code in page.tags), None)

    def numbers(self, code: int, count: int | None = None) -> F64 | None:
        """The values f64 [n], rationals divided; None where the tag is missing. Raises ValueError for another count."""
        tag = next((page.tags[code] for page in self._pages if code in page.tags), None)
        if tag is None:
            return None
        value = np.frombuffer(tag.value, np.uint8) if isinstance(tag.value, bytes) else tag.value
        values = np.array(value, dtype=np.float64).ravel()
        if tag.dtype in (5, 10):  # rationals
            with np.errstate(divide="ignore", invalid="ignore"):
                values = values[::2] / values[1::2]
        if (count is not None and values.size != count) or not np.isfinite(values).all():
            raise ValueError(f"tag {code} has unexpected values")
        return values


def _mosaic_page(path: Path, first: Any) -> Any:
    """The directory of the mosaic. Raises UnsupportedRaw where there is none that can be decoded."""
    pages = [first, *(first.pages or [])]
    if 50706 not in first.tags:
        raise UnsupportedRaw(path, f"is a TIFF picture, or a raw file of another maker: {_ONLY_XTRANS}")
    mosaics = [page for page in pages if page.tags.valueof(262) == _CFA]
    if not mosaics:
        linear = any(page.tags.valueof(262) == _LINEAR for page in pages)
        what = "a linear DNG, demosaiced already" if linear else "a DNG without a mosaic"
        raise UnsupportedRaw(path, f"is {what}: {_ONLY_XTRANS}")
    compression = mosaics[0].tags.valueof(259, 1)
    if not isinstance(compression, int):
        raise ValueError("tag 259 has unexpected values")
    if compression not in _READABLE:
        name = _COMPRESSIONS.get(compression, f"method {compression}")
        raise UnsupportedRaw(path, f"is a DNG compressed with {name}, which cannot be read here: {_REMAKE}")
    return mosaics[0]


def _check_strips(path: Path, page: Any, size: int) -> None:
    """Raises UnsupportedRaw where parts lie beyond the end, ValueError for tiles that LibRaw has no memory for."""
    if any(code not in page.tags for code in _codes(page) & _LAYOUT):
        raise ValueError("a tag is there that tifffile cannot read, as LibRaw does in its way")
    if (322 in page.tags) != (323 in page.tags):  # TileWidth, TileLength
        raise ValueError("its tiles have one side only")
    if page.is_tiled and max(page.tilewidth, page.tilelength) > max(_LARGEST_TILE, *page.shape[:2]):
        raise ValueError("its tiles are larger than its picture")
    ends = [at + count for at, count in zip(page.dataoffsets, page.databytecounts, strict=True)]
    if max(ends, default=0) > size:
        raise UnsupportedRaw(path, "is incomplete: parts of its picture lie beyond its end; copy it again")


def _codes(page: Any) -> set[int]:
    """The tags of a directory, also those that tifffile leaves out because their values lie nowhere."""
    order, file = page.parent.byteorder, page.parent.filehandle
    file.seek(page.offset)
    (count,) = struct.unpack(f"{order}H", file.read(2))
    entries = file.read(12 * count)
    return {struct.unpack_from(f"{order}H", entries, at)[0] for at in range(0, len(entries) - 1, 12)}


def _areas(tags: _Tags, page: Any) -> tuple[tuple[int, int], Area]:
    """(the corner of ActiveArea, DefaultCrop), in the readout; a crop that does not fit into the area is no crop."""
    height, width = page.shape[:2]
    top, left, bottom, right = _rounded(tags.numbers(50829, 4), (0, 0, height, width))
    if not (0 <= top < bottom <= height and 0 <= left < right <= width):
        raise ValueError("the active area is outside the picture")
    x, y = _rounded(tags.numbers(50719, 2), (0, 0))
    w, h = _rounded(tags.numbers(50720, 2), (right - left, bottom - top))
    if not (x >= 0 and y >= 0 and w > 0 and h > 0 and x + w <= right - left and y + h <= bottom - top):
        return (top, left), (top, left, bottom - top, right - left)
    return (top, left), (top + y, left + x, h, w)


def _rounded(values: F64 | None, default: tuple[int, ...]) -> tuple[int, ...]:
    return default if values is None else tuple(math.floor(value + 0.5) for value in values)


def _pattern(path: Path, tags: _Tags, make: str) -> U8:
    """CFAPattern (tags 33421, 33422) at the corner of ActiveArea, checked to be X-Trans."""
    size = _rounded(tags.numbers(33421), ())
    values = tags.numbers(33422)
    if size == (2, 2):
        raise UnsupportedRaw(path, f"is from a camera ({make or 'unnamed'}) with a Bayer sensor: {_ONLY_XTRANS}")
    planes = _rounded(tags.numbers(50710), (0, 1, 2))  # CFAPlaneColor
    if size != (6, 6) or values is None or values.size != 36 or planes != (0, 1, 2):
        raise UnsupportedRaw(path, f"has a colour filter pattern that is not X-Trans: {_ONLY_XTRANS}")
    pattern = values.clip(0, 255).astype(np.uint8).reshape(6, 6)
    if not is_xtrans(pattern):
        raise UnsupportedRaw(path, f"has a colour filter pattern that is not X-Trans: {_ONLY_XTRANS}")
    return pattern


def _black(tags: _Tags) -> F32:
    """BlackLevel (50714, repeating as 50713 says) at the corner of ActiveArea: f32 [6, 6].

    Levels whose period does not go into 6 px are averaged: they differ by a code or two.
    """
    rows, cols = _rounded(tags.numbers(50713, 2), (1, 1))
    levels = tags.numbers(50714)
    if levels is None:
        return np.zeros((6, 6), np.float32)
    levels = levels.reshape(rows, cols)
    if 6 % rows or 6 % cols:
        levels = np.array([[levels.mean()]])
    return np.tile(levels, (6 // levels.shape[0], 6 // levels.shape[1])).astype(np.float32)


def _white(tags: _Tags, page: Any) -> float:
    levels = tags.numbers(50717)
    if levels is not None:
        return float(levels[0])
    if not 1 <= page.bitspersample <= 32:
        raise ValueError(f"{page.bitspersample} bits per sample")
    return float((1 << page.bitspersample) - 1)


def _matrix(tags: _Tags) -> F64 | None:
    """AnalogBalance x CameraCalibration x ColorMatrix, XYZ to camera RGB f64 [3, 3]; None where there is no matrix.

    Of two, the one whose light is nearer to D65, for which LibRaw's matrices of RAFs are made too.
    """
    found = []
    for color, light, calibration in _MATRICES:
        values = tags.numbers(color, 9)
        if values is not None:
            found.append((_from_d65(tags.numbers(light, 1)), calibration, values.reshape(3, 3)))
    if not found:
        return None
    _, calibration, matrix = min(found, key=lambda one: one[0])
    own = tags.numbers(calibration, 9)
    if own is not None and (tags.raw(50931) or "") == (tags.raw(50932) or ""):  # signatures of camera and profile
        matrix = own.reshape(3, 3) @ matrix
    balance = tags.numbers(50727, 3)
    matrix = matrix if balance is None else np.diag(balance) @ matrix
    if np.abs(matrix).max() > _LARGEST_FACTOR:
        raise ValueError("its colour matrix makes no sense")
    return matrix


def _from_d65(illuminant: F64 | None) -> float:
    """How far a light is from D65, in mired; unknown ones are farthest."""
    kelvin = None if illuminant is None else _KELVIN.get(int(illuminant[0]))
    return math.inf if kelvin is None else abs(1e6 / kelvin - 1e6 / _D65_KELVIN)


def _as_shot(tags: _Tags, xyz_to_cam: F64 | None) -> F64 | None:
    """The gains of AsShotNeutral (50728), else of AsShotWhiteXY (50729)."""
    neutral = tags.numbers(50728, 3)
    if neutral is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            return neutral[1] / neutral
    xy = tags.numbers(50729, 2)
    return None if xy is None or xyz_to_cam is None else gains_of_xyz(xyz_to_cam, xyz_of_xy(xy[0], xy[1]))


def _private_blocks(data: object) -> Mapping[bytes, bytes]:
    """The blocks of Adobe's DNGPrivateData (tag 50740): {} where it is of another form, or breaks off."""
    blocks: dict[bytes, bytes] = {}
    if not isinstance(data, bytes) or not data.startswith(b"Adobe\0"):
        return blocks
    at = 6
    while at + 8 <= len(data):
        kind, length = struct.unpack_from(">4sI", data, at)
        blocks[kind] = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return blocks


def _exposure_bias(
    path: Path, private: Mapping[bytes, bytes], info: CaptureInfo, baseline: float | None
) -> float | None:
    """RawExposureBias of the RAF that the DNG was made of, in EV.

    Adobe's converter keeps the RAF's directory; without it the dynamic range in the MakerNote tells. BaselineExposure
    is the last resort, for it follows two conventions: Adobe's, relative to its own tone curve (0.15 EV for DR100),
    and minus RawExposureBias (0.72). In both DR200 and DR400 lie one and two EV higher; others say nothing.
    """
    directory = _raf_directory(path, private.get(b"RAF ", b""))
    if directory is not None and directory.exposure_bias is not None:
        return directory.exposure_bias
    if info.dynamic_range is not None:
        return bias_of_dynamic_range(info.dynamic_range)
    if baseline is None:
        return None
    stops = math.floor(baseline + 0.25)
    return bias_of_dynamic_range(100 << stops) if stops in (0, 1, 2) else None


def _raf_directory(path: Path, block: bytes) -> RafDirectory | None:
    """Behind a byte order come parts that begin with their length: a table, then the RAF's directory."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return None
    try:
        (table,) = struct.unpack_from(order + "I", block, 2)
        (length,) = struct.unpack_from(order + "I", block, 6 + table)
        return parse_directory(path, block[10 + table : 10 + table + length])
    except (struct.error, UnsupportedRaw):  # the rest of the DNG is as good without
        return None
