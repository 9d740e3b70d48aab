"""The log: a file that rotates, and the details of an error that a user can copy."""

from __future__ import annotations

import logging
import platform
import sys
from collections import deque
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from logging.handlers import RotatingFileHandler
from pathlib import Path

from platformdirs import user_log_path

_BYTES, _FILES = 1_000_000, 3
_KEPT = 100  # records whose details can be copied
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PACKAGES = {
    "Qt (PySide6)": "PySide6-Essentials",
    "pyqtgraph": "pyqtgraph",
    "PyTorch": "torch",
    "rawpy": "rawpy",
    "NumPy": "numpy",
    "imagecodecs": "imagecodecs",
}


class _Recent(logging.Handler):
    """Keeps the last records as text."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT))
        self.records: deque[tuple[str, str]] = deque(maxlen=_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append((record.getMessage(), self.format(record)))


_RECENT = _Recent()


def log_path() -> Path:
    """Where the log is."""
    return user_log_path("xtdm", appauthor=False) / "xtdm-gui.log"


def start_log() -> None:
    """Writes what the program logs to the file, and keeps the latest for ``details``."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    if _RECENT not in root.handlers:
        root.addHandler(_RECENT)
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True)
    except OSError:
        return  # a window without a log is better than none
    file.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(file)


def versions() -> dict[str, str]:
    """XTDM and what it stands on, without loading any of it."""
    found = {"XTDM": _version("xtdm"), "Python": platform.python_version()}
    found.update({name: _version(package) for name, package in _PACKAGES.items()})
    found["System"] = f"{platform.platform()} {platform.machine()}"
    return found


def details(errors: Mapping[str, str]) -> str:
    """What a report of errors needs: their sentences, their tracebacks from the log, and versions.

    errors  each sentence, and the words by which the log knows it
    """
    blocks = []
    for sentence, known_as in errors.items():
        blocks.append(sentence)
        logged = next((text for message, text in reversed(_RECENT.records) if known_as in message), "")
        blocks += [logged] if logged else []
    blocks.append("\n".join(f"{name}: {value}" for name, value in versions().items()))
    return "\n\n".join(blocks)


def log_uncaught() -> None:
    """Log errors of the window's own code, which would go nowhere."""
    tell = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        logging.getLogger("xtdm_gui").critical("%s: %s", kind.__name__, error, exc_info=error)
        tell(kind, error, trace)  # type: ignore[arg-type]

    sys.excepthook = hook


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"
