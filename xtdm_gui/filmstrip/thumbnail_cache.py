"""Thumbnails, and what goes with them, on disk: small files that may be lost or broken at any time without harm."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from xtdm_core.frame import CaptureInfo

_LOG = logging.getLogger(__name__)
_MAGIC = b"XTDM thumbnail 2\n"
_SUFFIX = ".thumb"
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class CachedThumbnail:
    """What is known of one state of a raw file.

    jpeg        the thumbnail, upright; b"" while only the rest is known
    info        what the camera says of the shot
    not_xtrans  why the file cannot be converted, "" where it can
    sharpness   None while nobody has asked for it
    """

    jpeg: bytes = b""
    info: CaptureInfo = field(default_factory=CaptureInfo)
    not_xtrans: str = ""
    sharpness: float | None = None


def cache_key(path: Path, size: int, mtime_ns: int) -> str:
    """A name for one state of a file."""
    return hashlib.sha256(os.fsencode(path) + f"\0{size}\0{mtime_ns}".encode()).hexdigest()[:40]


class ThumbnailCache:
    """Files below ``folder``, the least lately used deleted beyond ``limit_bytes``; used from many threads.

    Nothing is raised where the folder cannot be used: then there is no cache.
    """

    def __init__(self, folder: Path, limit_bytes: int = 256 << 20) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._total: int | None = None  # bytes on disk, counted at the first ``put``

    def get(self, key: str) -> CachedThumbnail | None:
        """None where there is nothing, or nothing whole."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                data = file.read()
                written = os.fstat(file.fileno()).st_mtime
            if time.time() - written > _DAY_S:
                os.utime(path)  # the oldest are deleted first
        except OSError:
            return None
        return _unpacked(data)

    def put(self, key: str, entry: CachedThumbnail) -> None:
        """Writes the entry in one step, and deletes old ones where there are too many."""
        data = _packed(entry)
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                file.write(data)
            Path(file.name).replace(path)
        except OSError as error:
            _LOG.info("no thumbnail is kept: %s", error)
            return
        with self._lock:
            if self._total is None:
                self._total = sum(size for _, size, _ in self._files())
            else:
                self._total += len(data)
            if self._total > self._limit:
                self._total = self._delete_oldest()

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key[2:]}{_SUFFIX}"

    def _files(self) -> list[tuple[float, int, Path]]:
        """(time of last use, bytes, path) of all files, the oldest first; leftovers of a crash among them."""
        found = []
        for path in self._folder.glob("??/*"):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        return sorted(found)

    def _delete_oldest(self) -> int:
        """Deletes down to four fifths of the limit; what is left in bytes."""
        files = self._files()
        left = sum(size for _, size, _ in files)
        for _, size, path in files:
            if left <= self._limit * 4 // 5:
                break
            path.unlink(missing_ok=True)
            left -= size
        return left


def _packed(entry: CachedThumbnail) -> bytes:
    facts = {
        "info": asdict(entry.info),
        "not_xtrans": entry.not_xtrans,
        "sharpness": entry.sharpness,
        "jpeg_bytes": len(entry.jpeg),
    }
    return _MAGIC + json.dumps(facts).encode() + b"\n" + entry.jpeg


def _unpacked(data: bytes) -> CachedThumbnail | None:
    if not data.startswith(_MAGIC):
        return None
    line, _, jpeg = data[len(_MAGIC) :].partition(b"\n")
    try:
        facts = json.loads(line)
        score = facts["sharpness"]
        entry = CachedThumbnail(
            jpeg, _capture_info(facts["info"]), str(facts["not_xtrans"]), None if score is None else float(score)
        )
        whole = facts["jpeg_bytes"] == len(jpeg)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return entry if whole else None


def _capture_info(stored: dict[str, Any]) -> CaptureInfo:
    """Raises TypeError for fields of another version."""
    aspect = stored.pop("aspect")
    return CaptureInfo(**stored, aspect=tuple(aspect) if aspect else None)
