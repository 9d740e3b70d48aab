"""What is in a folder of raw files, by reading its directory once."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from xtdm_core.culling.rating import has_sidecar
from xtdm_core.datasets.sharpness import SCORES
from xtdm_core.develop.sidecar import SUFFIX
from xtdm_core.errors import FileProblem
from xtdm_core.raw.files import is_of_interest, is_own_dng, is_raw

_DIGITS = re.compile(r"(\d+)")


@lru_cache(maxsize=20_000)
def natural_key(name: str) -> tuple[tuple[str, int], ...]:
    """Sorts numbers by value, in any script's digits, and letters without regard to case and accents."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    parts = _DIGITS.split(folded)
    numbers = [*(int(part) for part in parts[1::2]), -1]
    return tuple(zip(parts[::2], numbers, strict=True))


@dataclass(frozen=True, slots=True)
class FolderListing:
    """Names in a folder.

    names   raw files, sorted by ``natural_key``
    edited  those of them that have a sidecar with settings
    rated   those of them that have an XMP sidecar
    scores  sharpness by name where ``xtdm sharpness`` has judged the folder, else None
    """

    folder: Path
    names: list[str]
    edited: set[str]
    rated: set[str]
    scores: Mapping[str, float] | None


def list_folder(folder: Path, also: str = "") -> FolderListing:
    """The raw files of a folder, and ``also`` whatever its suffix, where it is there. Raises FileProblem.

    No file is looked at but DNGs, which may be this program's own, and links, for what they lead to.
    """
    names, others = [], set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == also or (is_raw(Path(entry.name)) and is_of_interest(entry.name)):
                    if _is_file(entry) and (entry.name == also or not is_own_dng(Path(entry.path))):
                        names.append(entry.name)
                else:
                    others.add(entry.name)
    except OSError as error:
        raise FileProblem(folder, f"cannot be opened: {error.strerror}") from error
    except ValueError as error:  # a zero byte in the name
        raise FileProblem(folder, f"cannot be opened: {error}") from error
    edited = {name for name in names if name + SUFFIX in others}
    names.sort(key=natural_key)  # here in the background: the keys are kept
    packets = {name.lower() for name in others if name.lower().endswith(".xmp")}
    rated = {name for name in names if has_sidecar(name, packets)} if packets else set()
    return FolderListing(folder, names, edited, rated, _scores(folder) if SCORES in others else None)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link into a closed folder; reading it tells
        return True


def _scores(folder: Path) -> dict[str, float] | None:
    """Scores of the files that lie in the folder itself, as ``xtdm sharpness`` keeps them; None where it is broken."""
    try:
        stored = json.loads((folder / SCORES).read_text("utf-8", errors="surrogateescape"))
        items: dict[str, Any] = dict(stored["items"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    scores = {name: item.get("score") for name, item in items.items() if isinstance(item, dict)}
    return {name: float(score) for name, score in scores.items() if isinstance(score, (int, float)) and isfinite(score)}
