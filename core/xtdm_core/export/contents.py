"""What a finished picture holds, and the check that it holds what was meant before it replaces anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from xtdm_core.errors import WriteFailed, is_short_of_memory
from xtdm_core.export.exif import Exif

Block = tuple[slice, slice, np.ndarray]

_PIECES = 32  # of a TIFF or DNG that are decoded and compared
# Lossy pictures are compared by the means of blocks this size, of which even quality 1 keeps pure noise within 2 %.
_BLOCK = 32
_LOSSY_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Contents:
    """A picture file as it is read back.

    kind    "AVIF", "TIFF", "DNG", "JPEG"
    bits    per sample
    colour  how its numbers are to be understood
    xmp     the packet, b"" without one
    extras  what else belongs to it, such as "gain map"
    blocks  called with n, decodes every n-th piece of the picture: its rows, its columns, its pixels; raises whatever
            the decoder raises
    digest  SHA-256 of the compressed picture without its metadata, in hexadecimal digits: JPEG, AV1 and lossless JPEG
            decode to something even where bits have changed
    """

    kind: str
    height: int
    width: int
    bits: int
    colour: str
    exif: Exif = field(default_factory=Exif)
    xmp: bytes = b""
    extras: tuple[str, ...] = ()
    pieces: int = 1
    blocks: Callable[[int], Iterator[Block]] = field(default=lambda _: iter(()), compare=False)
    digest: Callable[[], str] = field(default=lambda: "", compare=False)


def check_contents(
    target: Path, read: Callable[[], Contents], meant: Contents, image: np.ndarray, *, lossy: bool = False
) -> None:
    """Read back a file that is to become ``target`` and compare it with what was meant.

    image  the pixels [H, W, C] that went in; pieces all over the picture are compared with it
    lossy  compare means of blocks, not single pixels
    Raises WriteFailed: the caller leaves the old file alone and removes the new one.
    """
    try:
        problem = _first_difference(read(), meant, image, lossy)
    except Exception as error:  # decoders raise whatever they like
        if is_short_of_memory(error) or getattr(error, "errno", None):
            raise  # not the file's fault
        problem = f"it is damaged ({error})"
    if problem:
        raise WriteFailed(
            target, f"was not written: read back, {problem}; try again, and check disk and memory if it happens twice"
        )


def _first_difference(found: Contents, meant: Contents, image: np.ndarray, lossy: bool) -> str:
    """What of a file is not as it was meant; "" where everything is."""
    for name in ("kind", "height", "width", "bits", "colour", "extras"):
        if getattr(found, name) != getattr(meant, name):
            return f"its {name} is {getattr(found, name)} and not {getattr(meant, name)}"
    for directory in ("main", "shot", "gps", "interop"):
        if not getattr(meant.exif, directory).items() <= getattr(found.exif, directory).items():
            return "its Exif is not complete"
    if found.xmp != meant.xmp:
        return "its XMP is not complete"
    for rows, cols, pixels in found.blocks(max(found.pieces // _PIECES, 1)):
        part = image[rows, cols]
        if pixels.shape != part.shape or pixels.dtype != part.dtype:
            return f"its pixels are {pixels.dtype} {pixels.shape}"
        same = (
            _alike(pixels, part, meant.bits)
            if lossy
            else np.array_equal(pixels, part, equal_nan=part.dtype.kind == "f")
        )
        if not same:
            return f"its pixels differ in rows {rows.start} to {rows.stop}"
    return ""


def _alike(pixels: np.ndarray, meant: np.ndarray, bits: int) -> bool:
    off = np.abs(_block_means(pixels) - _block_means(meant)).mean()
    return bool(off <= _LOSSY_TOLERANCE * ((1 << bits) - 1))


def _block_means(pixels: np.ndarray) -> np.ndarray:
    """f64 [H / 32, W / 32, C], the last blocks of an uneven picture being smaller."""
    height, width = pixels.shape[:2]
    columns = np.arange(0, width, _BLOCK)
    widths = np.diff(columns, append=width)[:, None]
    means = []
    for top in range(0, height, _BLOCK):  # NumPy would make a wider copy of the whole picture
        rows = pixels[top : top + _BLOCK]
        sums = np.add.reduceat(rows.sum(axis=0, dtype=np.uint32), columns, axis=0, dtype=np.uint32)
        means.append(sums / (widths * len(rows)))
    return np.stack(means)
