"""Reads what ``xtdm dataset raws`` and ``xtdm dataset torture`` wrote. NumPy only: no decoder is loaded."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from xtdm_core.errors import BadImage, BadOption
from xtdm_core.frame import F32, F64
from xtdm_core.progress import Progress, Report, Stage, silent

META_SUFFIX = "_meta.json"
Read = TypeVar("Read")
# What NumPy, zipfile and json raise on files that are incomplete or altered.
_DAMAGE = (OSError, ValueError, LookupError, TypeError, EOFError, RecursionError, zipfile.BadZipFile, zlib.error)
_LARGEST_SAMPLE = 1 << 28  # bytes of a torture pattern; zipped zeros can be a thousand times their file's size


@dataclass(frozen=True, slots=True)
class RawTruth:
    """The reduced picture of one raw file.

    cam_rgb  f32 [H, W, 3], linear camera RGB in sensor units, not white-balanced, not clipped
    wb       f64 [3], the camera's gains, G = 1: ``cam_rgb * wb`` is neutral
    source   the raw file's name in the folder it came from
    """

    cam_rgb: F32
    wb: F64
    source: str


@dataclass(frozen=True, slots=True)
class TortureSample:
    """One torture pattern: linear RGB f32 [S, S, 3] in 0..1, white balance 1, and its kind (0 to 12)."""

    rgb: F32
    kind: int


def read_raws_folder(folder: Path, report: Report = silent) -> list[RawTruth]:
    """All pictures that ``dataset raws`` wrote below ``folder``, sorted by name.

    Raises BadOption where there are none, BadImage for a damaged file.
    """
    return _read_all(folder, "*.npy", "xtdm dataset raws", _read_raw_truth, Stage.READING_RAWS, report)


def read_torture_folder(folder: Path, report: Report = silent) -> list[TortureSample]:
    """All samples that ``dataset torture`` wrote into ``folder``, sorted by number.

    Raises BadOption where there are none, BadImage for a damaged file.
    """
    return _read_all(folder, "*.npz", "xtdm dataset torture", _read_torture_sample, Stage.READING_PATTERNS, report)


def _read_all(
    folder: Path, names: str, command: str, read: Callable[[Path], Read], stage: Stage, report: Report
) -> list[Read]:
    if not folder.is_dir():
        raise BadOption(f"{folder} is not a folder: give one that {command} has made")
    paths = sorted(path for path in folder.rglob(names) if not path.name.startswith("."))
    if not paths:
        raise BadOption(f"{folder} holds no {names} files: give a folder that {command} has made")
    samples = []
    for i, path in enumerate(paths):
        report(Progress(stage, i, len(paths)))
        try:
            samples.append(read(path))
        except _DAMAGE as error:
            raise BadImage(path, f"is damaged, or not made by {command} ({error}): make it again") from error
    report(Progress(stage, len(paths), len(paths)))
    return samples


def _read_raw_truth(path: Path) -> RawTruth:
    # As a map first: a header may claim more than the file holds, or than there is memory.
    cam_rgb = np.load(path, mmap_mode="r", allow_pickle=False)
    meta = json.loads(path.with_name(path.stem + META_SUFFIX).read_text(encoding="utf-8", errors="surrogateescape"))
    if cam_rgb.ndim != 3 or cam_rgb.shape[2] != 3 or cam_rgb.dtype != np.float32:
        raise ValueError(f"it holds {cam_rgb.dtype} {list(cam_rgb.shape)}, not float32 [H, W, 3]")
    wb = np.array([meta["camera_gains"][channel] for channel in "RGB"], dtype=np.float64)
    return RawTruth(np.array(cam_rgb), wb, str(meta["source"]))


def _read_torture_sample(path: Path) -> TortureSample:
    # NumPy leaves a file that it opened itself open when it is damaged.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as sample:
        if sum(entry.file_size for entry in sample.zip.infolist()) > _LARGEST_SAMPLE:
            raise ValueError("its arrays are larger than any pattern")
        rgb, kind = sample["rgb"], int(sample["kind"])
    if rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"its rgb is {list(rgb.shape)}, not [S, S, 3]")
    return TortureSample(rgb.astype(np.float32), kind)
