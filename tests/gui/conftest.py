"""The made raw file of the engine's tests, for the window's; a log of the test's own."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.conftest import raf
from xtdm_gui import log_file

__all__ = ["raf"]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "log" / "xtdm-gui.log"
    monkeypatch.setattr(log_file, "log_path", lambda: path)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log_file.start_log()
    yield path
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
