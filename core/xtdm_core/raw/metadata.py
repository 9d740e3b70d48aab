"""Exif and XMP as a raw file and the sidecars of other programs hold them; nothing here is ever written.

Lightroom, Camera Raw and Capture One keep ``NAME.xmp`` beside ``NAME.RAF``, darktable and digiKam ``NAME.RAF.xmp``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from xtdm_core.errors import UnsupportedRaw, reading_failed
from xtdm_core.jpeg_segments import APP1, EXIF_NAME, XMP_NAME, find_payload
from xtdm_core.raw.raf_container import HEADER_SIZE, MAGIC, parse_header

_JPEG_HEAD = 1 << 18  # Exif and XMP are segments of at most 64 KiB each near the JPEG's beginning
LARGEST_SIDECAR = 1 << 22  # bytes; more than masks and history need


@dataclass(frozen=True, slots=True)
class SourceMetadata:
    """What stands beside the pixels of a raw file.

    exif      a TIFF structure: that of a RAF's JPEG, or the whole of a DNG; b"" where there is none
    xmp       of a RAF's JPEG; b"" where there is none, and for a DNG, which holds it as a tag
    sidecars  (path, XMP) of those beside the file, the one written last at the end
    notes     sidecars that could not be read, in sentences for the user
    sha256    of the raw file, in hexadecimal digits
    """

    exif: bytes
    xmp: bytes
    sidecars: tuple[tuple[Path, bytes], ...]
    notes: tuple[str, ...]
    sha256: str


def read_source_metadata(path: Path) -> SourceMetadata:
    """Read what a raw file and the XMP sidecars beside it say. Raises UnsupportedRaw."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            head = file.read(HEADER_SIZE)
            if head.startswith(MAGIC):
                at, length = parse_header(path, head, path.stat().st_size).jpeg
                file.seek(at)
                jpeg = file.read(min(length, _JPEG_HEAD))
                exif, xmp = find_payload(jpeg, APP1, EXIF_NAME), find_payload(jpeg, APP1, XMP_NAME)
            else:
                exif, xmp = head + file.read(), b""
    except OSError as error:
        raise UnsupportedRaw(path, reading_failed(error)) from error
    sidecars, notes = _read_sidecars(path)
    return SourceMetadata(exif, xmp, sidecars, notes, digest)


def find_xmp_sidecars(path: Path) -> list[Path]:
    """List the XMP sidecars beside a raw file, the one written last at the end."""
    names = [f"{stem}{suffix}" for stem in (path.stem, path.name) for suffix in (".xmp", ".XMP")]
    found: dict[tuple[int, int], Path] = {}
    for sidecar in map(path.with_name, names):
        try:
            status = sidecar.stat()
        except OSError:
            continue  # not there, or the raw file's name leaves no room for the ending
        if S_ISREG(status.st_mode):
            found.setdefault((status.st_dev, status.st_ino), sidecar)  # some disks do not tell .xmp from .XMP
    return sorted(found.values(), key=lambda sidecar: sidecar.stat().st_mtime_ns)


def _read_sidecars(path: Path) -> tuple[tuple[tuple[Path, bytes], ...], tuple[str, ...]]:
    contents, notes = [], []
    for sidecar in find_xmp_sidecars(path):
        try:
            if sidecar.stat().st_size > LARGEST_SIDECAR:
                notes.append(f"{sidecar} was not read: it is larger than 4 MB, which no XMP sidecar is")
            else:
                contents.append((sidecar, sidecar.read_bytes()))
        except OSError as error:
            notes.append(f"{sidecar} was not read: it {reading_failed(error)}")
    return tuple(contents), tuple(notes)
