"""Ordinary pictures as training and measuring material."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xtdm_core.errors import BadImage, BadOption
from xtdm_core.frame import F32, U8
from xtdm_core.progress import Progress, Report, silent

_FORMATS = ("AVIF", "PNG", "JPEG", "WEBP", "TIFF")  # other decoders may start other programs
_MOST_PIXELS = 120_000_000
SUFFIXES = (".avif", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff")


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
    except BadImage:
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
        report(Progress("reading photographs", i, len(paths)))
        images.append(read_srgb8(path))
    report(Progress("reading photographs", len(paths), len(paths)))
    return images


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
