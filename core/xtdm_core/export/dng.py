"""Linear DNG: demosaiced camera RGB for other raw developers (Adobe DNG specification 1.7, LinearRaw).

Written as what Adobe's SDK, LibRaw, darktable and RawTherapee all read right: 16 bits, black at 0, white at 65535, in
tiles of lossless JPEG, with a thumbnail in the first directory and picture and preview below it.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.devices import usable_cores
from xtdm_core.export.contents import Contents, check_contents
from xtdm_core.export.exif import ASCII, DOUBLE, LONG, RATIONAL, SHORT, SRATIONAL, Exif, text
from xtdm_core.export.metadata import SOFTWARE, Metadata
from xtdm_core.export.tiff import attach_metadata, decode_blocks, picture_digest, read_tags
from xtdm_core.export.xmp import to_packet
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U8, U16, CaptureInfo, Noise, RawFrame

LINEAR_RAW = 34892
_BYTE, _WHITE, _TILE, _THUMBNAIL, _D65 = 1, 65535, 256, 256, 21
_PICTURE, _PREVIEW = 1, 2  # places below the first directory
_ROWS = 256  # worked on at once
_COLOUR = "linear raw camera RGB"
Tag = tuple[int, int, int, Any, bool]


def write_dng(
    target: Path,
    cam_rgb: F32,
    preview: U8,
    frame: RawFrame,
    metadata: Metadata,
    *,
    exposure_bias: float,
    noise: Noise | None,
    overwrite: bool,
) -> float:
    """Write camera RGB f32 [H, W, 3] as ``demosaic`` gives it (white-balanced with ``frame.wb``), upright.

    preview  the developed picture, sRGB u8 [H, W, 3]
    exposure_bias  EV between the sensor's white level and diffuse white
    noise    of a pixel before white balance; None where that is not known
    The white balance is undone, and the brightest value becomes the white level where it lies above 1. Returns how far
    the picture has to be brightened to be as bright as XTDM's own, in EV; the file says so as BaselineExposure, which
    Adobe's programs heed and darktable 4 and RawTherapee 5.9 do not. Raises WriteFailed.
    """
    codes, scale = _encode(cam_rgb, frame)
    height, width = codes.shape[:2]
    baseline = -exposure_bias - float(np.log2(scale))
    exif = _with_camera(metadata.exif_of(height, width, is_srgb=False), frame.info)
    with atomic_write(target, overwrite) as partial:
        _write_directories(partial, codes, preview, _shared_tags(frame, baseline), _noise_tags(noise, scale))
        properties = metadata.xmp_of("image/x-adobe-dng", picture_digest(partial, _PICTURE))
        packet = to_packet(properties) if properties else b""
        _unchain(partial)
        attach_metadata(partial, exif, packet)
        meant = Contents("DNG", height, width, 16, _COLOUR, exif, packet, extras=("preview",))
        check_contents(target, lambda: read_dng(partial), meant, codes)
    return baseline


def read_dng(path: Path) -> Contents:
    """Read back what a linear DNG holds. Raises ValueError, or what the libraries raise, where it is damaged."""
    import tifffile
    from PIL import Image

    exif, packet = read_tags(path)
    with tifffile.TiffFile(path) as tiff:
        first: Any = tiff.pages.first
        picture, preview = first.pages[_PICTURE - 1], first.pages[_PREVIEW - 1]
        if picture.photometric != LINEAR_RAW or 50706 not in first.tags:
            raise ValueError("it is not a linear DNG")
        tiff.filehandle.seek(preview.dataoffsets[0])
        with Image.open(BytesIO(tiff.filehandle.read(preview.databytecounts[0]))) as image:
            image.load()
            extras = ("preview",) if image.size == (picture.shape[1], picture.shape[0]) else ()
        height, width = picture.shape[:2]
        pieces, bits = len(picture.dataoffsets), picture.dtype.itemsize * 8
    return Contents(
        "DNG",
        height,
        width,
        bits,
        _COLOUR,
        exif,
        packet,
        extras,
        pieces,
        lambda step: decode_blocks(path, _PICTURE, step),
        lambda: picture_digest(path, _PICTURE),
    )


def _encode(cam_rgb: F32, frame: RawFrame) -> tuple[U16, float]:
    """(codes u16 [H, W, 3], what sensor units are multiplied by before 1 becomes 65535)."""
    gains = frame.wb.astype(np.float32)
    brightest = max(float(np.max(cam_rgb[..., channel])) / float(gains[channel]) for channel in range(3))
    scale = 1 / max(brightest, 1.0)
    factors = np.float32(_WHITE * scale) / gains
    codes = np.empty(cam_rgb.shape, np.uint16)
    for top in range(0, len(codes), _ROWS):
        values = np.rint(cam_rgb[top : top + _ROWS] * factors)
        codes[top : top + _ROWS] = np.clip(values, 0, _WHITE, out=values)
    return codes, scale


def _with_camera(exif: Exif, info: CaptureInfo) -> Exif:
    """Exif that names camera and program even where no metadata are wanted.

    Developers choose colours by the camera; folders are searched for raw files that are not this program's own.
    """
    names = {271: info.make, 272: info.model, 305: SOFTWARE}
    return replace(exif, main={**{tag: text(name) for tag, name in names.items() if name}, **exif.main})


def _write_directories(path: Path, codes: U16, preview: U8, shared: list[Tag], noise: list[Tag]) -> None:
    import tifffile
    from PIL import Image

    height, width = codes.shape[:2]
    small = Image.fromarray(preview)
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    jpeg = BytesIO()
    Image.fromarray(preview).save(jpeg, "JPEG", quality=85)
    common: dict[str, Any] = {"metadata": None, "software": False}
    with tifffile.TiffWriter(path, byteorder="<") as tiff:
        tiff.write(np.asarray(small), photometric="rgb", subfiletype=1, subifds=2, extratags=shared, **common)
        tiff.write(
            codes,
            photometric=LINEAR_RAW,
            planarconfig="contig",
            subfiletype=0,
            # LibRaw 0.22 misreads a picture that is narrower than its tiles.
            tile=(_TILE, min(_TILE, max(width // 16 * 16, 16))),
            compression="jpeg",
            maxworkers=usable_cores(),
            compressionargs={"lossless": True, "bitspersample": 16},
            extratags=[*_level_tags(height, width), *noise],
            **common,
        )
        tiff.write(
            iter([jpeg.getvalue()]),
            shape=preview.shape,
            dtype=np.uint8,
            photometric="ycbcr",
            subfiletype=1,
            compression="jpeg",
            subsampling=(2, 2),
            rowsperstrip=height,
            extratags=[(50970, LONG, 1, 2, True)],  # PreviewColorSpace: sRGB
            **common,
        )


def _unchain(path: Path) -> None:
    """Ends each directory below the first: tifffile also links them to each other, which ExifTool refuses to edit."""
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        first: Any = tiff.pages.first
        ends = [page.offset + 2 + 12 * len(page.tags) for page in first.pages]
    with path.open("rb+") as file:
        for end in ends:
            file.seek(end)
            file.write(bytes(4))


def _shared_tags(frame: RawFrame, baseline: float) -> list[Tag]:
    """Tags of the first directory, which hold for the whole file."""
    neutral = frame.wb.min() / frame.wb
    return [
        (274, SHORT, 1, 1, True),  # Orientation
        (50706, _BYTE, 4, bytes([1, 4, 0, 0]), True),  # DNGVersion
        (50707, _BYTE, 4, bytes([1, 2, 0, 0]), True),  # DNGBackwardVersion
        (50708, ASCII, 0, _adobe_name(frame.info), True),  # UniqueCameraModel
        (50721, SRATIONAL, 9, _rationals(frame.xyz_to_cam.ravel(), 10_000), True),  # ColorMatrix1
        (50778, SHORT, 1, _D65, True),  # CalibrationIlluminant1: without it darktable's colours are wrong
        (50728, RATIONAL, 3, _rationals(neutral, 1_000_000), True),  # AsShotNeutral
        (50730, SRATIONAL, 1, _rationals([baseline], 100_000), True),  # BaselineExposure
        (50741, SHORT, 1, 1, True),  # MakerNoteSafety: Fujifilm's note may lie anywhere
        (51110, LONG, 1, 1, True),  # DefaultBlackRender: none is to be subtracted
    ]


def _adobe_name(info: CaptureInfo) -> str:
    """The camera in Adobe's spelling, by which its profiles are found."""
    maker = "Fujifilm" if info.make.upper().startswith("FUJI") else info.make
    return f"{maker} {info.model}".strip().encode("ascii", "replace").decode("ascii") or "Unknown"


def _level_tags(height: int, width: int) -> list[Tag]:
    return [
        (50714, SHORT, 3, (0, 0, 0), True),  # BlackLevel
        (50717, LONG, 3, (_WHITE,) * 3, True),  # WhiteLevel
        (50718, RATIONAL, 2, (1, 1, 1, 1), True),  # DefaultScale
        (50719, LONG, 2, (0, 0), True),  # DefaultCropOrigin
        (50720, LONG, 2, (width, height), True),  # DefaultCropSize
        (50829, LONG, 4, (0, 0, height, width), True),  # ActiveArea
    ]


def _noise_tags(noise: Noise | None, scale: float) -> list[Tag]:
    """NoiseProfile for values from 0 to 1: variance a x + b at x becomes a s y + b s² at y = s x."""
    return [] if noise is None else [(51041, DOUBLE, 2, (noise.a * scale, noise.b * scale**2), True)]


def _rationals(values: Any, denominator: int) -> tuple[int, ...]:
    fractions = [Fraction(float(value)).limit_denominator(denominator) for value in values]
    return tuple(number for fraction in fractions for number in (fraction.numerator, fraction.denominator))
