"""Which raw files were exported, kept in the user's data folder for the badges of the next start."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QObject, Signal, Slot

from xtdm_core.files import is_file
from xtdm_gui.background import LatestTask

MOST = 100_000  # raw files; the oldest exports are forgotten beyond
_TABLE = """
create table if not exists exported
(raw blob primary key, folder blob, modified_ns integer, size integer, output blob)
"""
_LOG = logging.getLogger(__name__)
Export = tuple[Path, Path]  # a raw file and the picture of it


class ExportHistory(QObject):
    """Reads and writes in the background. Badges are worth no error: failures are only logged.

    found(list of Path)  the files of a folder that were exported, and are still what they were, as is the picture
    """

    found = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[Export] = []
        self._writing: list[Export] = []
        self._reader, self._writer = LatestTask(self), LatestTask(self)
        self._reader.succeeded.connect(self.found)
        self._writer.succeeded.connect(self._on_written)

    def look_into(self, folder: Path) -> None:
        """Looks for exported files in a folder; ``found`` tells them."""
        self._reader.start(lambda _: exported_in(folder))

    def add(self, raw: Path, output: Path) -> None:
        """Remembers that a file was exported just now."""
        self._waiting.append((raw, output))
        if not self._writing:
            self._launch()

    def close(self) -> None:
        """Waits until everything is written."""
        self._reader.close()
        self._writer.close()
        # Work that was launched may have been cancelled before it began: writing twice does no harm.
        rest = [*self._writing, *self._waiting]
        self._writing, self._waiting = [], []
        if rest:
            _remember(rest)

    def _launch(self) -> None:
        self._writing, self._waiting = self._waiting, []
        exports = self._writing
        self._writer.start(lambda _: _remember(exports))

    @Slot()
    def _on_written(self) -> None:
        self._writing = []
        if self._waiting:
            self._launch()


def exported_in(folder: Path) -> list[Path]:
    """The raw files of a folder that were exported and have not changed since, and whose picture is still there."""
    question = "select raw, modified_ns, size, output from exported where folder = ?"
    try:
        with closing(_open()) as record:
            rows = record.execute(question, (os.fsencode(folder),)).fetchall()
    except (sqlite3.Error, OSError) as error:
        _LOG.info("the record of exports cannot be read: %s", error)
        return []
    named = [(_path(raw), stamp, _path(output)) for raw, *stamp, output in rows]
    return [raw for raw, stamp, output in named if _stamp(raw) == stamp and is_file(output)]


def _remember(exports: Sequence[Export]) -> None:
    rows = []
    for raw, output in exports:
        stamp = _stamp(raw)
        if stamp is not None:
            rows.append((os.fsencode(raw), os.fsencode(raw.parent), *stamp, os.fsencode(output)))
    try:
        with closing(_open()) as record, record:
            record.executemany("insert or replace into exported values (?, ?, ?, ?, ?)", rows)
            record.execute("delete from exported where rowid <= (select max(rowid) from exported) - ?", (MOST,))
    except (sqlite3.Error, OSError) as error:
        _LOG.info("the record of exports cannot be written: %s", error)


def _open() -> sqlite3.Connection:
    folder = user_data_path("xtdm", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    record = sqlite3.connect(folder / "exported.sqlite")
    record.execute(_TABLE)
    record.execute("create index if not exists folders on exported (folder)")
    return record


def _path(name: bytes) -> Path:
    return Path(os.fsdecode(name))


def _stamp(raw: Path) -> list[int] | None:
    """What tells a file from another under its name; None where it is gone."""
    try:
        stat = raw.stat()
    except OSError:
        return None
    return [stat.st_mtime_ns, stat.st_size]
