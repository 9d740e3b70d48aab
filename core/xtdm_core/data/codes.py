"""Finished pictures as the numbers in their files, for measuring."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from xtdm_core.color import srgb_encode
from xtdm_core.data.images import check_size, read_srgb8
from xtdm_core.errors import BadImage
from xtdm_core.frame import F32


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
    except BadImage:
        raise
    except Exception as error:  # damaged files make tifffile and its codecs raise whatever they like
        raise BadImage(path, f"cannot be read as a TIFF ({error})") from error
    if samples.dtype != np.uint16 and samples.dtype.kind != "f":
        return None
    if samples.ndim == 2:
        samples = np.repeat(samples[..., None], 3, axis=2)
    if samples.ndim != 3 or samples.shape[2] not in (3, 4):
        raise BadImage(path, "is no picture of red, green and blue: give one page of RGB")
    return samples[..., :3]
