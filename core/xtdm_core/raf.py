"""Raw files to ``RawFrame``: RAF, and DNG made from it. X-Trans only; everything else is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import F32, F64, U8, CaptureInfo, RawFrame
from xtdm_core.raf_container import MAGIC, RafContainer, parse_raf
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


def capture_info(path: Path) -> CaptureInfo:
    """What the camera says of the shot, without decoding the raw data. Raises UnsupportedRaw."""
    data = _read_bytes(path)
    return (_raf_facts(path, data) if data.startswith(MAGIC) else _dng_facts(path, data)).info


def embedded_preview(path: Path) -> bytes:
    """The JPEG inside a raw file, without decoding the raw data. Raises UnsupportedRaw."""
    data = _read_bytes(path)
    preview = parse_raf(path, data).jpeg if data.startswith(MAGIC) else _thumbnail(path)
    if not preview.startswith(_JPEG_MAGIC):
        raise UnsupportedRaw(path, "has no JPEG preview inside")
    return preview


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


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnsupportedRaw(path, "is a folder: give a RAF or DNG file")
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnsupportedRaw(path, "there is no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UnsupportedRaw(path, f"cannot be read ({reason})") from error
    if not data:
        raise UnsupportedRaw(path, "is an empty file: copy it from the card again")
    if data.startswith(MAGIC) or data[:4] in _TIFF_MAGICS:
        return data
    kind = next((name for magic, name in _KINDS.items() if data.startswith(magic)), "neither a RAF nor a DNG file")
    raise UnsupportedRaw(path, f"is {kind}, whatever its name says: {_ONLY_XTRANS}")


def _raf_facts(path: Path, data: bytes) -> _Facts:
    container = parse_raf(path, data)
    if len(container.pattern) != 36:
        sensor = "a SuperCCD sensor" if container.super_ccd else "a Bayer sensor, or its directory is damaged"
        raise UnsupportedRaw(path, f"is of a camera ({container.model or 'unnamed'}) with {sensor}: {_ONLY_XTRANS}")
    info, orientation = _exif_of_jpeg(container)
    return _Facts(info, orientation, container.exposure_bias, blacks=container.blacks)


def _exif_of_jpeg(container: RafContainer) -> tuple[CaptureInfo, int | None]:
    from PIL import ExifTags, Image

    try:
        with Image.open(BytesIO(container.jpeg)) as image:
            exif = image.getexif()
            own = exif.get_ifd(ExifTags.IFD.Exif)
            tags = {ExifTags.TAGS.get(tag, ""): value for tag, value in [*exif.items(), *own.items()]}
    except Exception:  # a broken preview does not spoil the raw data; Pillow raises whatever it likes
        tags = {}
    return _capture_info({"Make": "FUJIFILM", "Model": container.model, **tags}), _orientation(tags)


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
    baseline = _number(tags.get("BaselineExposure"))
    exif = tags.get("ExifTag") or {}
    return _Facts(
        info=_capture_info({**tags, **exif}),
        orientation=_orientation(tags),
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
        raise UnsupportedRaw(path, f"cannot be read ({error.strerror})") from error
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


def _capture_info(tags: Mapping[str, Any]) -> CaptureInfo:
    iso = tags.get("ISOSpeedRatings")
    iso = iso[0] if isinstance(iso, (tuple, list)) and iso else iso
    number = _number(iso)
    return CaptureInfo(
        make=_string(tags.get("Make")),
        model=_string(tags.get("Model")),
        lens=_string(tags.get("LensModel")),
        exposure_s=_number(tags.get("ExposureTime")),
        f_number=_number(tags.get("FNumber")),
        iso=int(number) if number else None,
        focal_mm=_number(tags.get("FocalLength")),
        taken_at=_string(tags.get("DateTimeOriginal") or tags.get("DateTime")),
    )


def _string(value: object) -> str:
    return "" if value is None else str(value).strip("\0 ")


def _number(value: object) -> float | None:
    """A finite number from what Exif readers hand over: numbers, rationals, (numerator, denominator)."""
    if isinstance(value, tuple) and len(value) == 2 and value[1]:
        value = value[0] / value[1]
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if np.isfinite(number) else None


def _orientation(tags: Mapping[str, Any]) -> int | None:
    value = _number(tags.get("Orientation"))
    return int(value) if value is not None and value in range(1, 9) else None
