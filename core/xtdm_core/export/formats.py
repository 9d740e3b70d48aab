"""Which format a file name stands for."""

from __future__ import annotations

from pathlib import Path

from xtdm_core.choices import Format
from xtdm_core.errors import BadOption
from xtdm_core.files import is_folder

# What a file name's ending stands for; the first is meant where nothing else is said.
FORMATS = {
    ".avif": (Format.AVIF, Format.SDR_AVIF),
    ".jpg": (Format.JPEG,),
    ".jpeg": (Format.JPEG,),
    ".tif": (Format.TIFF, Format.LINEAR_TIFF),
    ".tiff": (Format.TIFF, Format.LINEAR_TIFF),
    ".dng": (Format.DNG,),
}
# Pictures that are not written: nobody means a folder of such a name.
_FOREIGN = frozenset(
    f".{ending}"
    for ending in (
        *("jpe", "jfif", "jp2", "jxl", "png", "heic", "heif", "hif", "webp", "gif", "bmp"),
        *("exr", "hdr", "psd", "pdf", "raf"),
    )
)


def choose_format(output: Path | None, asked: Format | None) -> Format:
    """The format that is asked for, else the one that the ending of ``output`` stands for, else AVIF.

    Raises BadOption where they contradict each other, and for endings of pictures that are not written.
    """
    if output is None or is_folder(output):
        return asked or Format.AVIF
    ending = output.suffix.lower()
    if ending in _FOREIGN:
        raise BadOption(
            f"{output}: {ending} files are not written: end the name in .avif, .jpg, .tif or .dng, or give a folder"
        )
    meant = FORMATS.get(ending, tuple(Format))
    if asked is not None and asked not in meant:
        raise BadOption(f"{output}: a file of the format {asked} does not end in {ending}: change one of the two")
    return asked or meant[0]
