"""Many files: which raw file becomes which picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from xtdm_core.choices import SUFFIX, Format
from xtdm_core.errors import BadOption, FileProblem
from xtdm_core.files import is_folder
from xtdm_core.journal import Journal
from xtdm_core.raw.files import raw_files

# What a file name's ending stands for; the first is meant where nothing else is said.
_FORMATS = {
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


@dataclass(frozen=True, slots=True)
class Job:
    """One file to convert; ``explicit`` when the user named it rather than its folder."""

    source: Path
    target: Path
    explicit: bool


class TargetNames:
    """Gives every raw file a picture of its own: files of two cards or folders are often called the same.

    Names that differ only in case or in how letters are composed count as one, as they do on many disks.
    """

    def __init__(self, journal: Journal | None = None) -> None:
        """Ask ``journal`` for what earlier runs have written."""
        self._taken: dict[str, Path] = {}
        self._journal = journal

    def claim(
        self, source: Path, folder: Path, name: str, suffix: str, replace: bool = False, new: bool = False
    ) -> Path:
        """``folder/name`` with ``suffix``, numbered (``name-2``) where that is the picture of another raw file.

        replace  what was made of the same raw file before that changed is its own picture, too
        new      numbered as well where there is any file of the name
        """
        for target in numbered(folder, name, suffix):
            if not self._is_of_another(target, source, replace) and not (new and target.exists()):
                break
        self._taken[_folded(target)] = source
        return target

    def _is_of_another(self, target: Path, source: Path, replace: bool) -> bool:
        if self._taken.get(_folded(target), source) != source:
            return True
        return self._journal is not None and self._journal.is_of_another(target, source, replace)


def numbered(folder: Path, name: str, suffix: str) -> Iterator[Path]:
    """``name``, ``name-2``, ``name-3`` and so on, without end."""
    yield folder / f"{name}{suffix}"
    for number in count(2):
        yield folder / f"{name}-{number}{suffix}"


def _folded(target: Path) -> str:
    return unicodedata.normalize("NFC", str(target.absolute()).casefold())


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
    meant = _FORMATS.get(ending, tuple(Format))
    if asked is not None and asked not in meant:
        raise BadOption(f"{output}: a file of the format {asked} does not end in {ending}: change one of the two")
    return asked or meant[0]


def plan_jobs(
    inputs: Sequence[Path],
    output: Path | None,
    format_name: Format,
    names: TargetNames | None = None,
    replace: bool = False,
    on_problem: Callable[[FileProblem], None] | None = None,
) -> list[Job]:
    """Which files become which: folders recurse and mirror their tree below ``output``.

    names       gives the pictures their names, no two the same
    replace     existing pictures are to be replaced
    on_problem  is called for folders that cannot be read; without it they are told in the log
    Without ``output`` a picture lies beside its raw file. ``output`` is a file only for one input file.
    Raises BadOption.
    """
    names = names or TargetNames()
    suffix = SUFFIX[format_name]
    names_file = output is not None and output.suffix.lower() in _FORMATS and not is_folder(output)
    if names_file and (len(inputs) != 1 or is_folder(inputs[0])):
        raise BadOption(f"{output} names one file, but the input is more than one: give a folder with -o")
    jobs = []
    for given in inputs:
        if is_folder(given):
            for source in raw_files(given, on_problem) if on_problem else raw_files(given):
                parent = source.parent if output is None else output / source.relative_to(given).parent
                jobs.append(Job(source, names.claim(source, parent, source.stem, suffix, replace), explicit=False))
        elif names_file and output is not None:
            jobs.append(Job(given, output, explicit=True))
        else:
            jobs.append(
                Job(given, names.claim(given, output or given.parent, given.stem, suffix, replace), explicit=True)
            )
    first: dict[tuple[Path, Path], Job] = {}
    for job in jobs:
        first.setdefault((job.source, job.target), job)
    return list(first.values())
