"""The settings of a raw file, kept beside it as ``NAME.RAF.xtdm.json``; the raw file itself is never touched.

Where its folder cannot be written, or the name would be too long, the sidecar lies in the user's data folder instead,
under a name made from the raw file's path. Both are JSON: ``{"format": "xtdm-sidecar", "version": 1, "look": {…}}``.
Keys that this version does not know are kept.
"""

from __future__ import annotations

import errno
import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xtdm_core.develop.look_values import parse_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import BadSidecar, WriteFailed, reading_failed
from xtdm_core.files import atomic_write, is_file

SUFFIX = ".xtdm.json"
VERSION = 1
_FORMAT = "xtdm-sidecar"
# Where a sidecar cannot lie beside its raw file.
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG)
_MOVE = "move it away to make new settings"


def sidecar_of(raw: Path) -> Path | None:
    """The sidecar that holds the settings of ``raw``, the newer one where both places have one; None without any."""
    # Equally old: the data folder is written only where the other place could not be.
    there = {path: path.stat().st_mtime_ns for path in (_in_data_folder(raw), _beside(raw)) if is_file(path)}
    return max(there, key=lambda path: there[path]) if there else None


def read_look(raw: Path) -> Look | None:
    """The stored look of a raw file; None where there is none. Raises BadSidecar."""
    path = sidecar_of(raw)
    if path is None:
        return None
    stored = _read(path).get("look")
    return None if stored is None else _parse_look(path, stored)


def write_look(raw: Path, look: Look) -> Path | None:
    """Stores the look of a raw file whole or not at all; returns where, None where nothing needs to be stored.

    "As shot" removes a sidecar that says nothing else. One that cannot be read is left as it is and BadSidecar raised.
    Raises WriteFailed where neither folder can be written.
    """
    path = sidecar_of(raw)
    content = _read(path) if path else {}
    known = content.get("look")
    if known is not None and path is not None:
        _parse_look(path, known)
    content = {**content, "format": _FORMAT, "version": VERSION, "look": _merge(known, look)}
    needless = look == Look() and not _says_more(content)
    try:
        if needless:
            _remove(_beside(raw))
        else:
            _write(_beside(raw), content)
    except WriteFailed as error:
        if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _READ_ONLY:
            raise
        _write(_in_data_folder(raw), {**content, "raw": str(raw.absolute())})
        return _in_data_folder(raw)
    _remove(_in_data_folder(raw))
    return None if needless else _beside(raw)


def _beside(raw: Path) -> Path:
    return raw.with_name(raw.name + SUFFIX)


def _in_data_folder(raw: Path) -> Path:
    from platformdirs import user_data_path

    key = hashlib.sha256(str(raw.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return user_data_path("xtdm", appauthor=False) / "sidecars" / f"{key}{SUFFIX}"


def _read(path: Path) -> dict[str, Any]:
    """The whole content of a sidecar. Raises BadSidecar."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSidecar(path, reading_failed(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadSidecar(path, f"is damaged: {_MOVE}") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise BadSidecar(path, f"is not from XTDM, whatever its name says: {_MOVE}")
    version = content.get("version")
    if not isinstance(version, int) or version < 1:
        raise BadSidecar(path, f"is damaged: {_MOVE}")
    if version > VERSION:
        raise BadSidecar(path, f"was written by a newer XTDM (version {version} of the format): use that, or {_MOVE}")
    return content


def _parse_look(path: Path, stored: object) -> Look:
    try:
        return parse_look(stored)
    except ValueError as error:
        raise BadSidecar(path, f"is damaged ({error}): {_MOVE}") from error


def _merge(known: dict[str, Any] | None, look: Look) -> dict[str, Any]:
    """The look as JSON, beside the keys of ``known`` that this version does not know."""
    return {**(known or {}), **asdict(look)}


def _says_more(content: dict[str, Any]) -> bool:
    """Whether there are keys that this version does not know."""
    own = {"format", "version", "look", "raw"}
    return bool(content.keys() - own or content["look"].keys() - asdict(Look()).keys())


def _write(path: Path, content: dict[str, Any]) -> None:
    with atomic_write(path, overwrite=True) as partial:
        partial.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return  # there is none
        raise WriteFailed(path, f"cannot be removed ({error.strerror})") from error
