"""TIFF: 16-bit sRGB with its profile, and 32-bit float camera RGB for measuring."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.devices import usable_cores
from xtdm_core.export.contents import Block, Contents, check_contents
from xtdm_core.export.exif import IFD, LONG, Entry, Exif, parse_exif, read_directory
from xtdm_core.export.metadata import Metadata
from xtdm_core.export.xmp import to_packet
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U16

_BYTE, _XMP_TAG, _PROFILE_TAG, _ORIENTATION, _DNG_VERSION = 1, 700, 34675, 274, 50706
_RESOLUTION = (282, 283, 296)
_PRINTED_DPI = 300  # where the camera says nothing; tifffile would say 1
LINEAR = (
    "Camera RGB, linear, 32-bit float: as-shot white balance applied (G = 1), sensor units (0 black level, "
    "1 white level), unclipped, visible area in the sensor's orientation, no highlight reconstruction"
)
_LINEAR_COLOUR, _PROFILE_COLOUR = "linear camera RGB", "sRGB profile"


def write_srgb_tiff(target: Path, srgb: U16, metadata: Metadata, overwrite: bool) -> None:
    """Write sRGB-encoded u16 [H, W, 3], full range, upright, with the sRGB profile. Raises WriteFailed."""
    from imagecodecs import cms_profile

    how: dict[str, Any] = {"iccprofile": cms_profile("srgb"), "maxworkers": usable_cores()}
    # Of photographs' differences higher levels make no smaller files, in half as much time again.
    how |= {"compression": "zlib", "compressionargs": {"level": 1}, "predictor": True}
    _write(target, srgb, metadata, overwrite, _PROFILE_COLOUR, how)


def write_linear_tiff(
    target: Path, cam_rgb: F32, how_to_read: str, orientation: int, metadata: Metadata, overwrite: bool
) -> None:
    """Write camera RGB f32 [H, W, 3] bit for bit, in the sensor's orientation, which its tag tells.

    how_to_read  stands in the description behind what it is: the gains and the matrix
    Raises WriteFailed.
    """
    how = {"description": f"{LINEAR}; {how_to_read}"}
    _write(target, cam_rgb, metadata, overwrite, _LINEAR_COLOUR, how, orientation)


def attach_metadata(path: Path, exif: Exif, packet: bytes) -> None:
    """Add Exif and XMP to a little-endian TIFF: its first directory is rewritten at the end of the file.

    The file's own tags win, but for the resolution. tifffile can write neither Exif's pointers nor values as raw bytes.
    """
    with path.open("rb+") as file:
        with mmap(file.fileno(), 0, access=ACCESS_READ) as tiff:
            own = read_directory(tiff, struct.unpack_from("<I", tiff, 4)[0], "<")
        # Old readers know pointers to further directories as plain numbers only.
        own = {tag: Entry(LONG, *entry[1:]) if entry.kind == IFD else entry for tag, entry in own.items()}
        kept = {tag: entry for tag, entry in exif.main.items() if tag not in own or tag in _RESOLUTION}
        packets = {_XMP_TAG: Entry(_BYTE, len(packet), packet)} if packet else {}
        whole = Exif({**own, **kept, **packets}, exif.shot, exif.gps, exif.interop)
        end = file.seek(0, 2)
        at = end + end % 2  # directories begin on word boundaries
        file.write(bytes(at - end) + whole.directories(at))
        file.seek(4)
        file.write(struct.pack("<I", at))


def read_tiff(path: Path) -> Contents:
    """Read back what a TIFF holds. Raises ValueError, or what tifffile raises, where it is damaged."""
    import tifffile

    exif, packet = read_tags(path)
    with tifffile.TiffFile(path) as tiff:
        page: Any = tiff.pages.first
        has_profile = _PROFILE_TAG in page.tags
        colour = (
            _PROFILE_COLOUR if has_profile else _LINEAR_COLOUR if page.description.startswith(LINEAR) else "no profile"
        )
        height, width = page.shape[:2]
        pieces, bits = len(page.dataoffsets), page.dtype.itemsize * 8
    return Contents(
        "TIFF",
        height,
        width,
        bits,
        colour,
        exif,
        packet,
        (),
        pieces,
        lambda step: decode_blocks(path, 0, step),
        lambda: picture_digest(path, 0),
    )


def is_dng(path: Path) -> bool:
    """Whether a TIFF says that it is a DNG."""
    return _DNG_VERSION in read_tags(path)[0].main


def read_tags(path: Path) -> tuple[Exif, bytes]:
    """Return the Exif and the XMP of a TIFF or DNG."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as tiff:
        exif = parse_exif(tiff)
    return exif, exif.main[_XMP_TAG].data if _XMP_TAG in exif.main else b""


def decode_blocks(path: Path, sub_directory: int, step: int) -> Iterator[Block]:
    """Decode every ``step``-th strip or tile of the first directory, or of one of those below it (1, 2 …)."""
    import tifffile

    with tifffile.TiffFile(path) as tiff:
        page = _page(tiff, sub_directory)
        height, width = page.shape[:2]
        for index in range(0, len(page.dataoffsets), step):
            tiff.filehandle.seek(page.dataoffsets[index])
            data = tiff.filehandle.read(page.databytecounts[index])
            decoded, (_, _, top, left, _), (_, rows, columns, _) = page.decode(data, index, jpegtables=page.jpegtables)
            if decoded is None:
                raise ValueError("a piece of its picture is missing")
            rows, columns = min(rows, height - top), min(columns, width - left)  # tiles reach beyond the edges
            yield slice(top, top + rows), slice(left, left + columns), np.asarray(decoded)[0, :rows, :columns]


def picture_digest(path: Path, sub_directory: int) -> str:
    """Return the SHA-256 of all strips or tiles of a directory, numbered as in ``decode_blocks``."""
    import tifffile

    digest = hashlib.sha256()
    with tifffile.TiffFile(path) as tiff:
        page = _page(tiff, sub_directory)
        for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True):
            tiff.filehandle.seek(offset)
            digest.update(tiff.filehandle.read(count))
    return digest.hexdigest()


def _page(tiff: Any, sub_directory: int) -> Any:
    first = tiff.pages.first
    return first.pages[sub_directory - 1] if sub_directory else first


def _write(
    target: Path,
    image: np.ndarray,
    metadata: Metadata,
    overwrite: bool,
    colour: str,
    how: dict[str, Any],
    orientation: int = 1,
) -> None:
    import tifffile

    height, width = image.shape[:2]
    exif = metadata.exif_of(height, width, is_srgb=colour == _PROFILE_COLOUR)
    own = [(_ORIENTATION, "H", 1, orientation, True)]
    with atomic_write(target, overwrite) as partial:
        dpi = {"resolution": (_PRINTED_DPI, _PRINTED_DPI), "resolutionunit": "INCH"}
        how = {"photometric": "rgb", "metadata": None, "software": False, "extratags": own, **dpi, **how}
        tifffile.imwrite(partial, image, byteorder="<", **how)
        properties = metadata.xmp_of("image/tiff", picture_digest(partial, 0))
        packet = to_packet(properties) if properties else b""
        attach_metadata(partial, exif, packet)
        meant = Contents("TIFF", height, width, image.dtype.itemsize * 8, colour, _for_tiff(exif), packet)
        check_contents(target, lambda: read_tiff(partial), meant, image)


def _for_tiff(exif: Exif) -> Exif:
    """Exif as it is found again in a TIFF, whose own description and orientation win."""
    return Exif(
        {tag: entry for tag, entry in exif.main.items() if tag not in (270, _ORIENTATION)},
        exif.shot,
        exif.gps,
        exif.interop,
    )
