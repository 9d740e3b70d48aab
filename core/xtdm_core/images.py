"""Ordinary pictures as training and measuring material: read, padded and reduced."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xtdm_core.develop.color import srgb_encode
from xtdm_core.errors import BadImage, BadOption
from xtdm_core.frame import F32, U8
from xtdm_core.progress import Progress, Report, Stage, silent

_FORMATS = ("AVIF", "PNG", "JPEG", "WEBP", "TIFF")  # other decoders may start other programs
_MOST_PIXELS = 120_000_000
SUFFIXES = (".avif", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")
_LIBRAW_SIDE = 600  # a little more than ``libraw.SMALLEST_SIDE``


def list_images(folder: Path) -> list[Path]:
    """The pictures directly in ``folder``, sorted by name. Raises BadOption when there are none."""
    if not folder.is_dir():
        raise BadOption(f"{folder} is not a folder: give a folder of pictures")
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise BadOption(f"{folder} holds no pictures ({', '.join(SUFFIXES)})")
    return paths


def read_srgb8(path: Path) -> U8:
    """An ordinary picture as sRGB u8 [H, W, 3], upright. Raises BadImage."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path, formats=_FORMATS) as image:
            check_size(path, *image.size)
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except FileNotFoundError as error:
        raise BadImage(path, "there is no such file") from error
    except (BadImage, MemoryError):
        raise
    except Exception as error:  # Pillow's decoders raise whatever they like on damaged files
        raise BadImage(path, f"cannot be read as a picture ({error}): give a JPEG, PNG, AVIF or TIFF") from error


def check_size(path: Path, width: int, height: int) -> None:
    """Refuse a picture that would take gigabytes of memory, however small its file. Raises BadImage."""
    if width * height > _MOST_PIXELS:
        reason = f"has {width * height / 1e6:.0f} megapixels, more than {_MOST_PIXELS / 1e6:.0f}: make it smaller first"
        raise BadImage(path, reason)


def read_folder(folder: Path, report: Report = silent) -> list[U8]:
    """All pictures of ``folder`` as sRGB u8 [H, W, 3], sorted by name."""
    paths = list_images(folder)
    images = []
    for i, path in enumerate(paths):
        report(Progress(Stage.READING_PHOTOS, i, len(paths)))
        images.append(read_srgb8(path))
    report(Progress(Stage.READING_PHOTOS, len(paths), len(paths)))
    return images


def read_codes(path: Path) -> F32:
    """A picture's values on the scale of 8-bit codes, f32 [H, W, 3]; 16-bit TIFFs keep their steps below one code.

    Floats in a TIFF are linear light with white at 1, and are encoded as sRGB. Raises BadImage.
    """
    deep = _deep_tiff(path) if path.suffix.lower() in (".tif", ".tiff") else None
    if deep is None:
        return read_srgb8(path).astype(np.float32)
    if deep.dtype == np.uint16:
        return deep.astype(np.float32) / np.float32(257)
    return srgb_encode(np.clip(deep.astype(np.float32), 0, 1)) * np.float32(255)


def pad_to(image: F32, smallest: tuple[int, int]) -> F32:
    """Mirrors f32 [H, W, 3] below and to the right to at least ``smallest`` (height, width)."""
    padding = [(0, max(0, wanted - side)) for wanted, side in zip(smallest, image.shape[:2], strict=True)]
    return np.pad(image, [*padding, (0, 0)], mode="reflect")


def pad_to_libraw_minimum(image: F32) -> F32:
    """``pad_to`` 600 px a side, which LibRaw's Markesteijn can do."""
    return pad_to(image, (_LIBRAW_SIDE, _LIBRAW_SIDE))


def area_average(image: F32, factor: int) -> F32:
    """The means of ``factor`` x ``factor`` blocks of f32 [H, W] or [H, W, C], in the same units.

    Rows and columns that fill no block are dropped at the bottom and at the right.
    """
    height, width = (side - side % factor for side in image.shape[:2])
    rows = image[:height:factor, :width].copy()
    for y in range(1, factor):
        rows += image[y:height:factor, :width]
    mean = rows[:, ::factor].copy()
    for x in range(1, factor):
        mean += rows[:, x::factor]
    mean *= np.float32(1 / factor**2)
    return mean


def _deep_tiff(path: Path) -> np.ndarray | None:
    """The samples [H, W, 3] of a TIFF with 16 bits or floats; None for what Pillow reads as well."""
    import tifffile

    try:
        with tifffile.TiffFile(path) as tiff:
            page = tiff.pages.first
            check_size(path, page.imagewidth, page.imagelength)
            samples = page.asarray()
    except FileNotFoundError as error:
        raise BadImage(path, "there is no such file") from error
    except (BadImage, MemoryError):
        raise
    except Exception as error:  # damaged files make tifffile and its codecs raise whatever they like
        raise BadImage(path, f"cannot be read as a TIFF ({error})") from error
    if samples.dtype != np.uint16 and samples.dtype.kind != "f":
        return None
    if samples.ndim == 2:
        samples = np.repeat(samples[..., None], 3, axis=2)
    if samples.ndim != 3 or samples.shape[2] not in (3, 4):
        raise BadImage(path, "is not a picture of red, green and blue: give one page of RGB")
    return samples[..., :3]
