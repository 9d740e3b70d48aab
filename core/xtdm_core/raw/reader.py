"""Raw files to ``RawFrame``: RAF, and DNG made from it. X-Trans only; everything else is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from xtdm_core.errors import UnsupportedRaw, reading_failed
from xtdm_core.frame import F32, F64, U8, CaptureInfo, RawFrame
from xtdm_core.raw.exif import capture_info, exif_of_dng, exif_of_jpeg, number, orientation_in
from xtdm_core.raw.raf_container import (
    HEADER_SIZE,
    MAGIC,
    RafContainer,
    RafDirectory,
    parse_directory,
    parse_header,
    parse_raf,
)
from xtdm_core.xtrans import is_xtrans

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
_LARGEST_BIAS_EV = 16.0  # far beyond any camera's; more is damage
_EXIF_BYTES = 1 << 17  # a JPEG's Exif is a segment of at most 64 KiB near its beginning


def read_raw(path: Path) -> RawFrame:
    """Reads a RAF, or a DNG of an X-Trans camera; see ``RawFrame`` for shapes and units.

    The CFA pattern is read at the visible origin, black levels per position where the file has them. The exposure
    bias of a DNG is minus its BaselineExposure: the one says how far white lies above the exposure, the other how
    much to brighten. Raises UnsupportedRaw.
    """
    data = _read_bytes(path)
    facts = _raf_facts(path, data) if data.startswith(MAGIC) else _dng_facts(path, data)
    with opened(path) as raw:
        cfa = _pattern(path, raw, facts)
        wb, wb_source = _white_balance(path, raw)
        sizes = raw.sizes
        mosaic = raw.raw_image_visible.copy()
        black, white = _levels(path, raw, facts, cfa)
        frame = RawFrame(
            mosaic=mosaic,
            cfa=cfa,
            black=black,
            white=white,
            wb=wb,
            daylight_wb=_gains(raw.daylight_whitebalance),
            wb_source=wb_source,
            xyz_to_cam=np.array(raw.rgb_xyz_matrix[:3], dtype=np.float64),
            orientation=facts.orientation or _FLIP_TO_ORIENTATION.get(sizes.flip, 1),
            exposure_bias=facts.exposure_bias,
            info=facts.info,
            raw_size=(sizes.raw_height, sizes.raw_width),
            margins=(sizes.top_margin, sizes.left_margin),
        )
    if min(frame.mosaic.shape) < 8 or frame.mosaic.shape != (sizes.height, sizes.width):
        raise UnsupportedRaw(path, "is damaged: the size of its picture makes no sense; copy it from the card again")
    if not np.isfinite(frame.xyz_to_cam).all() or abs(np.linalg.det(frame.xyz_to_cam)) < 1e-6:
        raise UnsupportedRaw(path, f"is of a camera ({facts.info.model}) whose colours LibRaw does not know")
    if abs(frame.exposure_bias or 0) > _LARGEST_BIAS_EV:
        raise UnsupportedRaw(path, "is damaged: its exposure bias makes no sense; copy it from the card again")
    return frame


@dataclass(frozen=True, slots=True)
class Glance:
    """What a raw file tells without its raw data.

    jpeg         the embedded preview as the sensor saw it
    orientation  how it is to be turned, Exif 1 … 8
    taken_at     Exif form, "" where the file does not say
    not_xtrans   why the file cannot be converted; "" where it can be, and for every DNG
    """

    jpeg: bytes
    orientation: int
    taken_at: str
    not_xtrans: str


def embedded_preview(path: Path) -> bytes:
    """The JPEG inside a raw file, without reading a RAF's raw data. Raises UnsupportedRaw."""
    return glance(path).jpeg


def glance(path: Path) -> Glance:
    """The embedded preview and what goes with it; of a RAF nothing else is read. Raises UnsupportedRaw."""
    return _glance(path, whole=True)


def glance_at_exif(path: Path) -> Glance:
    """``glance`` with no more of the JPEG than its Exif needs, and none of a DNG's. Raises UnsupportedRaw."""
    return _glance(path, whole=False)


def _glance(path: Path, whole: bool) -> Glance:
    with _readable(path), path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(HEADER_SIZE)
        _check_kind(path, head)
        if head.startswith(MAGIC):
            return _glance_at_raf(path, file, head, size, whole)
    return _glance_at_dng(path, whole)


def _glance_at_raf(path: Path, file: BinaryIO, head: bytes, size: int, whole: bool) -> Glance:
    header = parse_header(path, head, size)
    directory = parse_directory(path, _read_part(file, *header.directory))
    at, length = header.jpeg
    jpeg = _read_part(file, at, length if whole else min(length, _EXIF_BYTES))
    if not jpeg.startswith(_JPEG_MAGIC):
        raise UnsupportedRaw(path, "has no JPEG preview inside")
    info, orientation = exif_of_jpeg(jpeg, header.model)
    return Glance(jpeg, orientation or 1, info.taken_at, _not_xtrans(directory, header.model))


def _read_part(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)


def _glance_at_dng(path: Path, whole: bool) -> Glance:
    jpeg = _thumbnail(path) if whole else b""
    if whole and not jpeg.startswith(_JPEG_MAGIC):
        raise UnsupportedRaw(path, "has no JPEG preview inside")
    info, orientation = exif_of_dng(path)
    return Glance(jpeg, orientation or 1, info.taken_at, "")


def _thumbnail(path: Path) -> bytes:
    """The preview of a DNG, b"" where it has none or one that is no JPEG."""
    import rawpy

    with opened(path) as raw:
        try:
            thumb = raw.extract_thumb()
        except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
            return b""
    return thumb.data if thumb.format == rawpy.ThumbFormat.JPEG else b""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is read from the file itself because LibRaw does not tell, or not reliably.

    pattern  u8 [6, 6] at the visible origin, None where LibRaw's is to be trusted
    blacks   36 levels in rows of 6 from the corner of the readout, or none
    """

    info: CaptureInfo
    orientation: int | None
    exposure_bias: float | None
    pattern: U8 | None = None
    blacks: tuple[int, ...] = ()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tells in a sentence why a file cannot be read. Raises UnsupportedRaw."""
    try:
        if path.is_dir():
            raise UnsupportedRaw(path, "is a folder: give a RAF or DNG file")
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


def _raf_facts(path: Path, data: bytes) -> _Facts:
    container = parse_raf(path, data)
    why_not = _not_xtrans(container, container.model)
    if why_not:
        raise UnsupportedRaw(path, why_not)
    info, orientation = exif_of_jpeg(container.jpeg, container.model)
    return _Facts(info, orientation, container.exposure_bias, blacks=container.blacks)


def _not_xtrans(directory: RafContainer | RafDirectory, model: str) -> str:
    """Says why a RAF with such a directory is not of an X-Trans sensor; "" where it is."""
    if len(directory.pattern) == 36:
        return ""
    sensor = "a SuperCCD sensor" if directory.super_ccd else "a Bayer sensor, or its directory is damaged"
    return f"is of a camera ({model or 'unnamed'}) with {sensor}: {_ONLY_XTRANS}"


def _dng_facts(path: Path, data: bytes) -> _Facts:
    try:
        return _parse_dng(path, data)
    except UnsupportedRaw:
        raise
    except Exception as error:  # damaged tags have any type and number of values; tifffile raises whatever it likes
        raise UnsupportedRaw(path, "is a damaged or foreign TIFF file, not a DNG that can be read") from error


def _parse_dng(path: Path, data: bytes) -> _Facts:
    import tifffile

    with tifffile.TiffFile(BytesIO(data)) as tiff:
        first = tiff.pages.first
        pages = [first, *(first.pages or [])]
        tags = {tag.name: tag.value for tag in first.tags}
        mosaics = [page for page in pages if page.tags.valueof(262) == 32803]
        linear = any(page.tags.valueof(262) == 34892 for page in pages)
        cfa_tags = {tag.code: tag.value for tag in mosaics[0].tags} if mosaics else {}
        complete = all(_strips_inside(page, len(data)) for page in mosaics)
    if "DNGVersion" not in tags:
        raise UnsupportedRaw(path, f"is a TIFF picture, or a raw file of another maker: {_ONLY_XTRANS}")
    if not cfa_tags:
        what = "a linear DNG, demosaiced already" if linear else "a DNG without a mosaic"
        raise UnsupportedRaw(path, f"is {what}: {_ONLY_XTRANS}")
    pattern = _dng_pattern(path, cfa_tags, str(tags.get("Make", "")))
    if not complete:
        raise UnsupportedRaw(path, "is cut short: parts of its picture lie beyond its end; copy it again")
    baseline = number(tags.get("BaselineExposure"))
    exif = tags.get("ExifTag") or {}
    return _Facts(
        info=capture_info({**tags, **exif}),
        orientation=orientation_in(tags),
        exposure_bias=None if baseline is None else -baseline,
        pattern=pattern,
        blacks=_dng_blacks(cfa_tags),
    )


def _strips_inside(page: Any, size: int) -> bool:
    return all(at + count <= size for at, count in zip(page.dataoffsets, page.databytecounts, strict=True))


def _dng_pattern(path: Path, tags: Mapping[int, Any], make: str) -> U8:
    """CFAPattern at the corner of ActiveArea (DNG 1.7, tags 33421, 33422), checked to be X-Trans."""
    rows, cols = tags.get(33421, (0, 0))
    values = tags.get(33422, b"")
    pattern = np.frombuffer(values if isinstance(values, bytes) else bytes(list(values)), dtype=np.uint8)
    if (rows, cols) == (2, 2):
        raise UnsupportedRaw(path, f"is of a camera ({make or 'unnamed'}) with a Bayer sensor: {_ONLY_XTRANS}")
    if (rows, cols) != (6, 6) or pattern.size != 36 or not is_xtrans(pattern.reshape(6, 6)):
        raise UnsupportedRaw(path, f"has a colour filter pattern that is not X-Trans: {_ONLY_XTRANS}")
    if "FUJI" not in make.upper():
        # LibRaw reads the pattern of such files wrongly.
        raise UnsupportedRaw(path, f"is a 6x6 DNG of another maker ({make or 'unnamed'}): {_ONLY_XTRANS}")
    return pattern.reshape(6, 6)


def _dng_blacks(tags: Mapping[int, Any]) -> tuple[int, ...]:
    """BlackLevel (tag 50714) where it repeats like the CFA (tag 50713)."""
    levels = tags.get(50714)
    if tags.get(50713) != (6, 6) or levels is None:
        return ()
    values = np.asarray(levels, dtype=np.float64).ravel()
    if values.size == 72:  # rationals, flattened
        values = values[::2] / values[1::2]
    return tuple(int(round(value)) for value in values) if values.size == 36 else ()


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The file as rawpy gives it, closed at the end. Raises UnsupportedRaw for whatever LibRaw cannot do with it."""
    import rawpy

    try:
        # A file object and not its name: LibRaw takes names in UTF-8 only.
        with path.open("rb") as file, rawpy.imread(file) as raw:
            yield raw
    except OSError as error:
        raise UnsupportedRaw(path, reading_failed(error)) from error
    except rawpy.LibRawError as error:
        raise UnsupportedRaw(path, f"is damaged: LibRaw cannot decode it ({_text(error)}); copy it again") from error


def _text(error: Exception) -> str:
    first = error.args[0] if error.args else error
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)


def _pattern(path: Path, raw: Any, facts: _Facts) -> U8:
    """The CFA at the visible origin.

    ``raw_pattern`` and ``raw_colors`` read out of bounds where a margin exceeds 6 px (rawpy 0.28): ``raw_color`` is
    asked position by position.
    """
    top, left = raw.sizes.top_margin, raw.sizes.left_margin
    cfa = np.array([[raw.raw_color(top + y, left + x) for x in range(6)] for y in range(6)])
    if facts.pattern is not None and not np.array_equal(cfa, facts.pattern):
        raise UnsupportedRaw(path, "has a cropped area off the 6 px grid, where its colours cannot be told apart")
    if not is_xtrans(cfa):
        raise UnsupportedRaw(path, "is damaged: LibRaw finds no X-Trans pattern in it; copy it from the card again")
    return cfa.astype(np.uint8)


def _levels(path: Path, raw: Any, facts: _Facts, cfa: U8) -> tuple[F32, float]:
    """(black f32 [6, 6] at the visible origin, white)."""
    white = float(raw.white_level)
    if facts.blacks:
        levels = np.array(facts.blacks, dtype=np.float32).reshape(6, 6)
        black = np.roll(levels, (-raw.sizes.top_margin, -raw.sizes.left_margin), (0, 1))
    else:
        black = np.array(raw.black_level_per_channel, dtype=np.float32)[cfa]
    if not 0 <= float(black.min()) <= float(black.max()) < white:
        raise UnsupportedRaw(path, "is damaged: its black and white levels make no sense; copy it from the card again")
    return black, white


def _white_balance(path: Path, raw: Any) -> tuple[F64, str]:
    for values, source in ((raw.camera_whitebalance, "as shot"), (raw.daylight_whitebalance, "daylight")):
        gains = _gains(values)
        if np.isfinite(gains).all() and gains.min() > 0.1 and gains.max() < 20:
            return gains, source
    raise UnsupportedRaw(path, "has no white balance that makes sense: it is damaged, or its camera is unknown")


def _gains(values: Any) -> F64:
    """R, G, B gains with G = 1; not finite where the file has none."""
    gains = np.array(values[:3], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return gains / gains[1]
