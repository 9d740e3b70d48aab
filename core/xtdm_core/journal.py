"""What was written, from which raw file, with which settings, in the user's data folder.

An entry is on the disk before the next file begins: it outlives Ctrl-C, a kill and a loss of power.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from xtdm_core import __version__

MOST = 200_000  # pictures; the oldest are forgotten beyond
_WAIT_S = 20.0  # for another process that writes
_TABLE = """
create table if not exists written
(target blob primary key, picture text, source blob, raw text, settings text)
"""
_log = logging.getLogger(__name__)


class Journal:
    """Keeps for each picture what it was, and the raw file and settings that it was made of.

    A journal that cannot be used is told in the log, and nothing counts as written: the work itself goes on.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Take ``path`` for the file, else that of the user."""
        self._path = path or user_data_path("xtdm", appauthor=False) / "written.sqlite"

    def add(self, target: Path, source: Path, settings: str) -> None:
        """Note a picture that was written just now; ``settings`` is a digest of ``settings_digest``."""
        row = (_key(target), stamp(target), _key(source), stamp(source), settings)
        forget = "delete from written where rowid <= (select max(rowid) from written) - ?"
        self._run(("insert or replace into written values (?, ?, ?, ?, ?)", row), (forget, (MOST,)))

    def has(self, target: Path, source: Path, settings: str) -> bool:
        """Whether ``target`` was made of ``source`` with these settings, and neither has changed since."""
        row = self._row(target)
        return row is not None and (row[1], row[2]) == (stamp(source), settings)

    def is_of_another(self, target: Path, source: Path, same_path: bool) -> bool:
        """Whether ``target`` is there, and unchanged since it was made of another raw file than ``source``.

        same_path  a file that lies where that one lay is the same, although it has changed
        """
        row = self._row(target)
        return row is not None and row[1] != stamp(source) and not (same_path and row[0] == _key(source))

    def _row(self, target: Path) -> tuple[bytes, str, str] | None:
        """(raw file, its stamp, settings) of a picture that is as it was written."""
        now = stamp(target)
        question = "select source, raw, settings from written where target = ? and picture = ?"
        return self._run((question, (_key(target), now))) if now else None

    def _run(self, *statements: tuple[str, tuple[object, ...]]) -> Any:
        """The first row of the last statement's answer; None where there is none or no journal."""
        row = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as database, database:
                database.execute(_TABLE)
                for statement, values in statements:
                    row = database.execute(statement, values).fetchone()
        except (sqlite3.Error, OSError) as error:
            _log.warning("%s: the journal of what was written cannot be used (%s)", self._path, error)
        return row


def stamp(path: Path) -> str:
    """What tells a file from another or from itself after a change: size and second; "" where there is none.

    Copies on other file systems keep no finer time.
    """
    try:
        facts = path.stat()
    except OSError:
        return ""
    return f"{facts.st_size} {int(facts.st_mtime)}"


def settings_digest(settings: Mapping[str, object], *files: Path | None) -> str:
    """A digest of everything that a picture depends on beside its raw file: settings, and files such as checkpoints."""
    told = [__version__, settings, *(stamp(file) if file else "" for file in files)]
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def _key(path: Path) -> bytes:
    return os.fsencode(path.absolute())
