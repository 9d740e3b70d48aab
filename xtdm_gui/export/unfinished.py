"""The files that a queue has still to write, kept in the user's data folder: they outlive a crash of the window.

Each window has a file of its own and holds its lock as long as it lives. A line is a JSON list: a number and the
request, or the number of a file that is done.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from platformdirs import user_data_path

from xtdm_core.locks import try_lock
from xtdm_core.worker import ConversionRequest
from xtdm_gui.export.task import ExportTask

_SUFFIX = ".jsonl"
_LOG = logging.getLogger(__name__)


class UnfinishedExports:
    """Notes what begins and what is done. A crash is rare: what cannot be noted is only logged."""

    def __init__(self) -> None:
        self._file: IO[str] | None = None
        self._numbers: dict[ExportTask, int] = {}
        self._count = 0

    def begin(self, tasks: Iterable[ExportTask]) -> None:
        """Note files that are to be written; they are on the disk when this returns."""
        lines = []
        for task in tasks:
            self._count += 1
            self._numbers[task] = self._count
            lines.append([self._count, task.order.to_json()])
        self._write(lines)
        if self._file is not None:
            with suppress(OSError):
                os.fsync(self._file.fileno())

    def end(self, task: ExportTask) -> None:
        """Note a file about which nothing is left to do."""
        self._write([[self._numbers.pop(task)]])
        if not self._numbers:
            self.close()

    def close(self) -> None:
        """Forget everything."""
        self._numbers.clear()
        if self._file is not None:
            _remove(self._file)
            self._file = None

    def _write(self, lines: Iterable[list[object]]) -> None:
        try:
            if self._file is None:
                self._file = _new_file()
            self._file.write("".join(f"{json.dumps(line)}\n" for line in lines))
            self._file.flush()
        except OSError as error:
            _LOG.info("what is still to be exported cannot be noted: %s", error)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a window that was killed had still to write; nobody else finds it before ``forget``."""

    requests: list[ConversionRequest]
    file: IO[str]

    def forget(self) -> None:
        """Remove it."""
        _remove(self.file)


def left_behind() -> list[LeftBehind]:
    """Find what windows that live no more had still to write.

    What they wrote without noting it is not made again: the engine's journal knows it.
    """
    found = []
    for path in sorted(_folder().glob(f"*{_SUFFIX}")):
        try:
            file = path.open("r+", encoding="utf-8")
        except OSError as error:
            _LOG.info("%s: cannot be read: %s", path, error)
            continue
        if try_lock(file.fileno()) is False:  # of a window that is open
            file.close()
        else:
            found.append(LeftBehind(_requests(file), file))
    return found


def _requests(file: IO[str]) -> list[ConversionRequest]:
    open_ones: dict[object, ConversionRequest] = {}
    for line in file:
        try:
            match json.loads(line):
                case [number, str(request)]:
                    open_ones[number] = replace(ConversionRequest.from_json(request), resume=True)
                case [number]:
                    open_ones.pop(number, None)
        except (ValueError, LookupError, TypeError) as error:  # cut off, or of another version
            _LOG.info("%s: a line makes no sense: %s", file.name, error)
    return list(open_ones.values())


def _new_file() -> IO[str]:
    _folder().mkdir(parents=True, exist_ok=True)
    file = (_folder() / f"{secrets.token_hex(8)}{_SUFFIX}").open("x", encoding="utf-8")
    try_lock(file.fileno())
    return file


def _remove(file: IO[str]) -> None:
    file.close()
    with suppress(OSError):
        Path(file.name).unlink()


def _folder() -> Path:
    return user_data_path("xtdm", appauthor=False) / "unfinished"
