"""Many files: which raw file becomes which picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xtdm_core.choices import SUFFIX, Format
from xtdm_core.errors import BadOption
from xtdm_core.raw.files import raw_files

# What a file name's ending stands for; the first is meant where nothing else is said.
_FORMATS = {
    ".avif": (Format.AVIF,),
    ".tif": (Format.TIFF, Format.LINEAR_TIFF),
    ".tiff": (Format.TIFF, Format.LINEAR_TIFF),
}
# Pictures that are not written: nobody means a folder of such a name.
_FOREIGN = frozenset(
    f".{ending}"
    for ending in (
        *("jpg", "jpeg", "jpe", "jfif", "jp2", "jxl", "png", "heic", "heif", "hif", "webp", "gif", "bmp"),
        *("exr", "hdr", "psd", "pdf", "raf", "dng"),
    )
)


@dataclass(frozen=True, slots=True)
class Job:
    """One file to convert; ``explicit`` when the user named it rather than its folder."""

    source: Path
    target: Path
    explicit: bool


def choose_format(output: Path | None, asked: Format | None) -> Format:
    """The format that is asked for, else the one that the ending of ``output`` stands for, else AVIF.

    Raises BadOption where they contradict each other, and for endings of pictures that are not written.
    """
    if output is None or output.is_dir():
        return asked or Format.AVIF
    ending = output.suffix.lower()
    if ending in _FOREIGN:
        raise BadOption(f"{output}: {ending} files are not written: end the name in .avif or .tif, or give a folder")
    meant = _FORMATS.get(ending, tuple(Format))
    if asked is not None and asked not in meant:
        raise BadOption(f"{output}: a file of the format {asked} does not end in {ending}: change one of the two")
    return asked or meant[0]


def plan_jobs(inputs: Sequence[Path], output: Path | None, format_name: Format) -> list[Job]:
    """Which files become which: folders recurse and mirror their tree below ``output``.

    Without ``output`` a picture lies beside its raw file. ``output`` is a file only for one input file.
    Raises BadOption.
    """
    suffix = SUFFIX[format_name]
    names_file = output is not None and output.suffix.lower() in _FORMATS and not output.is_dir()
    if names_file and (len(inputs) != 1 or inputs[0].is_dir()):
        raise BadOption(f"{output} names one file, but the input is more than one: give a folder with -o")
    jobs = []
    for given in inputs:
        if given.is_dir():
            for source in raw_files(given):
                parent = source.parent if output is None else output / source.relative_to(given).parent
                jobs.append(Job(source, parent / f"{source.stem}{suffix}", explicit=False))
        elif names_file and output is not None:
            jobs.append(Job(given, output, explicit=True))
        else:
            jobs.append(Job(given, (output or given.parent) / f"{given.stem}{suffix}", explicit=True))
    return jobs
