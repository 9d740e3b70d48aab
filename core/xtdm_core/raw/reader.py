"""Raw files to ``RawFrame``: RAF, and DNG made from it. X-Trans only; everything else is refused by name."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from xtdm_core.errors import UnsupportedRaw, is_short_of_memory, reading_failed
from xtdm_core.frame import F32, F64, CaptureInfo, RawFrame
from xtdm_core.raw.dng import is_preview_adobe_rgb, parse_dng
from xtdm_core.raw.exif import exif_of_dng, exif_of_jpeg
from xtdm_core.raw.facts import Area, FileFacts
from xtdm_core.raw.lens_database import find_lens
from xtdm_core.raw.light import DAYLIGHT_XY, bias_of_dynamic_range, gains_of_xyz, xyz_of_xy
from xtdm_core.raw.preview import in_adobe_rgb
from xtdm_core.raw.raf_container import HEADER_SIZE, MAGIC, RafDirectory, parse_directory, parse_header, parse_raf
from xtdm_core.raw.saturation import find_saturation
from xtdm_core.xtrans import is_xtrans

Number = TypeVar("Number", bound=np.generic)

_TIFF_MAGICS = (b"II*\0", b"MM\0*")
_JPEG_MAGIC = b"\xff\xd8\xff"
_KINDS = {
    _JPEG_MAGIC: "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"FOVb": "a raw file of a Foveon sensor",
    b"II\x1a\0": "a raw file of another maker",
    b"\0\0\0": "a picture or video in an MP4 container",
}
_FLIP_TO_ORIENTATION = {0: 1, 3: 3, 5: 8, 6: 6}  # LibRaw's code of turns -> Exif
_ONLY_XTRANS = "only X-Trans files can be converted"
_MAKE_DNG = "make a DNG of it with Adobe DNG Converter, which brings them along, and open that"
_LARGEST_BIAS_EV = 16.0  # far beyond any camera's; more is damage
_LARGEST_BYTES = 1 << 30  # the largest sensors' DNGs have 200 MB
_EXIF_BYTES = 1 << 17  # a JPEG's Exif is a segment of at most 64 KiB near its beginning


def read_raw(path: str | Path) -> RawFrame:
    """Read a RAF, or a DNG of an X-Trans camera; see ``RawFrame`` for shapes and units.

    The file is read once. The mosaic is what the camera's own picture shows (a DNG's DefaultCrop), pattern and black
    levels begin at its corner. Saturation is found in the mosaic's histogram. Raises UnsupportedRaw.
    """
    path = Path(path)
    data = _read_bytes(path)
    facts = _raf_facts(path, data) if data.startswith(MAGIC) else parse_dng(path, data)
    with open_raw(path, data) as raw:
        xyz_to_cam = _matrix(path, raw, facts)
        wb, daylight, wb_source = _white_balance(path, raw, facts, xyz_to_cam)
        top, left, height, width = _visible_area(path, raw, facts)
        black, white = _levels(path, raw, facts)
        cfa, black = _rolled(facts.pattern, (top, left)), _rolled(black, (top, left))
        mosaic = raw.raw_image[top : top + height, left : left + width].copy()
        raw_size = raw.raw_image.shape
        flip = raw.sizes.flip
    if abs(facts.exposure_bias or 0) > _LARGEST_BIAS_EV:
        raise UnsupportedRaw(path, "is damaged: its exposure bias makes no sense; copy it from the card again")
    return RawFrame(
        mosaic=mosaic,
        cfa=cfa,
        black=black,
        white=white,
        wb=wb,
        daylight_wb=daylight,
        wb_source=wb_source,
        xyz_to_cam=xyz_to_cam,
        orientation=facts.orientation or _FLIP_TO_ORIENTATION.get(flip, 1),
        exposure_bias=facts.exposure_bias,
        info=facts.info,
        raw_size=(raw_size[0], raw_size[1]),
        margins=(top, left),
        saturation=find_saturation(mosaic, cfa, black, white, facts.info.model),
        lens=facts.lens or find_lens(facts.info, height, width),
    )


@dataclass(frozen=True, slots=True)
class RawSummary:
    """What a raw file tells without its raw data.

    jpeg         the embedded preview as the sensor saw it, b"" where the file has none
    orientation  how it is to be turned, Exif 1 … 8
    info         what the camera says of the shot
    not_xtrans   why the file cannot be converted; "" where it can be, and for every DNG
    """

    jpeg: bytes
    orientation: int
    info: CaptureInfo
    not_xtrans: str


def embedded_preview(path: Path) -> bytes:
    """The JPEG inside a raw file, without reading a RAF's raw data. Raises UnsupportedRaw where there is none."""
    jpeg = read_summary(path).jpeg
    if not jpeg:
        raise UnsupportedRaw(path, "has no JPEG preview inside")
    return jpeg


def read_summary(path: Path) -> RawSummary:
    """The embedded preview and what goes with it; of a RAF nothing else is read. Raises UnsupportedRaw."""
    return _summary(path, whole=True)


def read_exif_summary(path: Path) -> RawSummary:
    """``read_summary`` with no more of the JPEG than its Exif needs, and none of a DNG's. Raises UnsupportedRaw."""
    return _summary(path, whole=False)


def _summary(path: Path, whole: bool) -> RawSummary:
    with _readable(path), path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(HEADER_SIZE)
        _check_kind(path, head)
        if head.startswith(MAGIC):
            return _summary_of_raf(path, file, head, size, whole)
    return _summary_of_dng(path, whole)


def _summary_of_raf(path: Path, file: BinaryIO, head: bytes, size: int, whole: bool) -> RawSummary:
    header = parse_header(path, head, size)
    directory = parse_directory(path, _read_part(file, *header.directory))
    at, length = header.jpeg
    jpeg = _read_part(file, at, length if whole else min(length, _EXIF_BYTES))
    if not jpeg.startswith(_JPEG_MAGIC):
        jpeg = b""
    info, orientation = exif_of_jpeg(jpeg, header.model)
    return RawSummary(jpeg, orientation or 1, info, _not_xtrans(directory, header.model))


def _read_part(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def _summary_of_dng(path: Path, whole: bool) -> RawSummary:
    jpeg = _thumbnail(path) if whole else b""
    info, orientation = exif_of_dng(path)
    return RawSummary(jpeg, orientation or 1, info, "")


def _thumbnail(path: Path) -> bytes:
    """The preview of a DNG, with a profile if it is in Adobe RGB; b"" where it has none or one that is no JPEG."""
    import rawpy

    data = _read_bytes(path)
    try:
        with open_raw(path, data) as raw:
            try:
                thumb = raw.extract_thumb()
            except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
                return b""
    except UnsupportedRaw:
        parse_dng(path, data)  # knows better why, as a rule
        raise
    if thumb.format != rawpy.ThumbFormat.JPEG:
        return b""
    return in_adobe_rgb(thumb.data) if is_preview_adobe_rgb(data) else thumb.data


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Describe in a sentence why a file cannot be read. Raises UnsupportedRaw."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UnsupportedRaw(path, "is a folder: give a RAF or DNG file")
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device: reading it may never end
            raise UnsupportedRaw(path, "is not an ordinary file: give a RAF or DNG file")
        if found.st_size > _LARGEST_BYTES:
            raise UnsupportedRaw(path, f"has {found.st_size >> 20} MB, more than any raw file: give a RAF or DNG file")
        yield
    except FileNotFoundError:
        raise UnsupportedRaw(path, "there is no such file") from None
    except OSError as error:
        raise UnsupportedRaw(path, reading_failed(error)) from error
    except ValueError as error:  # a zero byte in the name
        raise UnsupportedRaw(path, f"cannot be read ({error})") from error


def _read_bytes(path: Path) -> bytes:
    with _readable(path):
        data = path.read_bytes()
    _check_kind(path, data)
    return data


def _check_kind(path: Path, head: bytes) -> None:
    """Raises UnsupportedRaw where a file that begins so is neither a RAF nor a TIFF."""
    if not head:
        raise UnsupportedRaw(path, "is an empty file: copy it from the card again")
    if head.startswith(MAGIC) or head[:4] in _TIFF_MAGICS:
        return
    kind = next((name for magic, name in _KINDS.items() if head.startswith(magic)), "neither a RAF nor a DNG file")
    raise UnsupportedRaw(path, f"is {kind}, whatever its name says: {_ONLY_XTRANS}")


def _raf_facts(path: Path, data: bytes) -> FileFacts:
    container = parse_raf(path, data)
    directory = container.directory
    why_not = _not_xtrans(directory, container.model)
    if why_not:
        raise UnsupportedRaw(path, why_not)
    info, orientation = exif_of_jpeg(container.jpeg, container.model)
    bias = directory.exposure_bias
    if bias is None and info.dynamic_range is not None:
        bias = bias_of_dynamic_range(info.dynamic_range)
    pattern = np.frombuffer(directory.pattern, np.uint8)[::-1].reshape(6, 6)  # the file has the last one first
    if not is_xtrans(pattern):
        raise UnsupportedRaw(path, "is damaged: it holds no X-Trans pattern; copy it from the card again")
    return FileFacts(
        info=replace(info, aspect=directory.aspect, digital_zoom=info.digital_zoom or directory.zoom),
        orientation=orientation,
        exposure_bias=bias,
        pattern=pattern,
        area=directory.area,
        black=np.array(container.blacks, np.float32).reshape(6, 6) if container.blacks else None,
        daylight=np.array(directory.daylight) if directory.daylight else None,
        lens=container.lens,
    )


def _rolled(pattern: NDArray[Number], corner: tuple[int, int]) -> NDArray[Number]:
    """What repeats every 6 px from the corner of the readout, begun at ``corner``."""
    return np.roll(pattern, (-corner[0], -corner[1]), (0, 1))


def _not_xtrans(directory: RafDirectory, model: str) -> str:
    """Describe why a RAF with such a directory is not of an X-Trans sensor; "" where it is."""
    if len(directory.pattern) == 36:
        return ""
    sensor = "a SuperCCD sensor" if directory.super_ccd else "a Bayer sensor, or its directory is damaged"
    return f"is from a camera ({model or 'unnamed'}) with {sensor}: {_ONLY_XTRANS}"


@contextmanager
def open_raw(path: Path, data: bytes) -> Iterator[Any]:
    """The bytes of a file as rawpy gives them, closed at the end; ``path`` is for the message.

    Raises UnsupportedRaw for whatever LibRaw cannot do with them, MemoryError where memory is short.
    """
    import rawpy

    try:
        with rawpy.imread(BytesIO(data)) as raw:
            yield raw
    except rawpy.LibRawError as error:
        if is_short_of_memory(error):
            raise MemoryError from error
        raise UnsupportedRaw(path, f"is damaged: LibRaw cannot decode it ({_text(error)}); copy it again") from error


def _text(error: Exception) -> str:
    first = error.args[0] if error.args else error
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _visible_area(path: Path, raw: Any, facts: FileFacts) -> Area:
    """The area of the camera's picture in the readout; LibRaw's where the file has none."""
    sizes, readout = raw.sizes, raw.raw_image.shape
    area = facts.area or (sizes.top_margin, sizes.left_margin, sizes.height, sizes.width)
    ends = area[0] + area[2], area[1] + area[3]
    if min(area[2:]) < 8 or len(readout) != 2 or ends[0] > readout[0] or ends[1] > readout[1]:
        raise UnsupportedRaw(path, "is damaged: the size of its picture makes no sense; copy it from the card again")
    return area


def _matrix(path: Path, raw: Any, facts: FileFacts) -> F64:
    """XYZ to camera RGB f64 [3, 3]: the file's own, else LibRaw's for the camera."""
    matrix = np.array(raw.rgb_xyz_matrix[:3], dtype=np.float64) if facts.xyz_to_cam is None else facts.xyz_to_cam
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-6:
        raise UnsupportedRaw(
            path, f"is from a camera ({facts.info.model}) whose colours LibRaw does not know: {_MAKE_DNG}"
        )
    return matrix


def _levels(path: Path, raw: Any, facts: FileFacts) -> tuple[F32, float]:
    """(black f32 [6, 6] at the corner of the readout, white)."""
    white = float(raw.white_level) if facts.white is None else facts.white
    black = facts.black
    if black is None:
        black = np.array(raw.black_level_per_channel, dtype=np.float32)[facts.pattern]
    if not 0 <= float(black.min()) <= float(black.max()) < white:
        raise UnsupportedRaw(path, "is damaged: its black and white levels make no sense; copy it from the card again")
    return black, white


def _white_balance(path: Path, raw: Any, facts: FileFacts, xyz_to_cam: F64) -> tuple[F64, F64, str]:
    """(the gains to use, those of daylight, which of the two are used)."""
    daylight = facts.daylight
    if daylight is None:
        daylight = gains_of_xyz(xyz_to_cam, xyz_of_xy(*DAYLIGHT_XY))
    as_shot = _gains(raw.camera_whitebalance) if facts.as_shot is None else facts.as_shot
    for gains, source in ((as_shot, "as shot"), (daylight, "daylight")):
        if np.isfinite(gains).all() and gains.min() > 0.1 and gains.max() < 20:
            return gains, daylight, source
    raise UnsupportedRaw(path, "has no white balance that makes sense: it is damaged, or its camera is unknown")


def _gains(values: Any) -> F64:
    """R, G, B gains with G = 1; not finite where the file has none."""
    gains = np.array(values[:3], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return gains / gains[1]
