"""How exported files are called."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xtdm_core.worker import DATE

FIELDS = ("{stem}", DATE, "{counter}")
_FORBIDDEN = '/\\<>:"|?*'


def trouble_with(template: str) -> str:
    """A sentence that says what is wrong with a template; "" where nothing is."""
    if not template.strip():
        return QCoreApplication.translate("export_names", "Give a name, for example {stem}.")
    unknown = [part for part in re.findall(r"\{[^}]*\}?|\}", template) if part not in FIELDS]
    if unknown:
        return QCoreApplication.translate("export_names", "There is no {0}: choose from {1}.").format(
            unknown[0], ", ".join(FIELDS)
        )
    bad = sorted({letter for letter in template if letter in _FORBIDDEN or ord(letter) < 32})
    if bad:
        return QCoreApplication.translate("export_names", "A file's name cannot hold {0}").format(" ".join(bad))
    return ""


def name_of(template: str, source: Path, counter: int) -> str:
    """The picture's name without suffix; the engine fills in ``{date}``, for which it must read the file."""
    return template.replace("{counter}", f"{counter:04}").replace("{stem}", source.stem)


class Names:
    """Gives no two files of a queue the same name: raw files of different folders are often called the same."""

    def __init__(self) -> None:
        self._taken: dict[tuple[Path, str], Path] = {}

    def claim(self, source: Path, folder: Path, name: str, suffix: str) -> str:
        """``name``, numbered where another source has it already."""
        number, free = 1, name
        while self._taken.setdefault((folder, f"{free}{suffix}".casefold()), source) != source:
            number += 1
            free = f"{name}-{number}"
        return free
