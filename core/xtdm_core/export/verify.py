"""Finished pictures checked afresh: ``xtdm verify``."""

from __future__ import annotations

from pathlib import Path

from xtdm_core.errors import BadImage, is_short_of_memory, reading_failed
from xtdm_core.export.avif import read_avif
from xtdm_core.export.contents import Contents
from xtdm_core.export.dng import read_dng
from xtdm_core.export.jpeg import read_jpeg
from xtdm_core.export.metadata import PICTURE_DIGEST
from xtdm_core.export.tiff import is_dng, read_tiff
from xtdm_core.export.xmp import parse_xmp, value_of

_TIFF_MAGIC = b"II*\0"


def verify(path: Path) -> str:
    """Read a picture that XTDM wrote, decode all of it, and say in a few words what it holds.

    Raises BadImage where it is damaged, or of a kind that XTDM does not write.
    """
    try:
        found = _read(path)
        seen = sum((rows.stop - rows.start) * (cols.stop - cols.start) for rows, cols, _ in found.blocks(1))
        stated = value_of(parse_xmp(found.xmp), PICTURE_DIGEST) if found.xmp else ""
        intact = not stated or stated == found.digest()
    except BadImage:
        raise
    except Exception as error:  # decoders raise whatever they like
        if is_short_of_memory(error):
            raise MemoryError from error
        if isinstance(error, OSError) and error.errno:
            raise BadImage(path, reading_failed(error)) from error
        raise BadImage(path, f"is damaged ({error}): convert it again") from error
    if not intact:
        raise BadImage(path, "is damaged (its picture has changed since it was written): convert it again")
    if seen != found.height * found.width:
        raise BadImage(path, "is damaged (parts of its picture are missing): convert it again")
    return _describe(found)


def _read(path: Path) -> Contents:
    with path.open("rb") as file:
        head = file.read(12)
        if head.startswith(_TIFF_MAGIC):
            return read_dng(path) if is_dng(path) else read_tiff(path)
        data = head + file.read()
    if head.startswith(b"\xff\xd8"):
        return read_jpeg(data)
    if head[4:12] == b"ftypavif":
        return read_avif(data)
    raise BadImage(path, "is neither an AVIF, a JPEG, a TIFF nor a DNG as XTDM writes them")


def _describe(found: Contents) -> str:
    parts = [f"{found.kind}, {found.width}×{found.height}, {found.bits} bits, {found.colour}", *found.extras]
    parts += ["Exif"] if found.exif.shot else []
    parts += ["XMP"] if found.xmp else []
    return ", ".join(parts)
