"""What the user chose, typed, and kept between two starts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from xtdm_core.assets import shipped_networks
from xtdm_core.choices import NEURAL, QUALITY, Chroma, Conflict, Device, Format, MetadataPolicy
from xtdm_core.demosaicing.libraw import ALGORITHMS
from xtdm_core.demosaicing.network import TILE_SIDE
from xtdm_core.files import is_file, is_folder
from xtdm_gui.language import Language
from xtdm_gui.theme import Theme

LARGEST_SIDE = 99_999
TILE_SIDES = (384, 768, TILE_SIDE)
MEMORY_MB = (256, 65536)
CACHE_MB = (50, 20000)


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """How pictures are written.

    max_size  the most pixels of the longer side, 0 for all there are
    weights   a checkpoint for the network, "" for the default one
    folder    "" for beside the raw file
    template  the name without suffix, with the fields of ``names``
    """

    format: str = str(Format.AVIF)
    chroma: str = str(Chroma.FULL)
    quality: int = QUALITY[Format.AVIF]
    demosaic: str = str(NEURAL)
    weights: str = ""
    folder: str = ""
    template: str = "{stem}"
    conflict: str = str(Conflict.NUMBER)
    max_size: int = 0
    metadata: str = str(MetadataPolicy.ALL)


SYSTEMS_PROFILE = "system"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything in the settings dialog, and what the export panel said last.

    memory_mb           for decoded pictures in the viewer
    tile_side           the most the network does at a time, in pixels
    thumbnail_cache_mb  on the disk
    monitor_profile     an ICC file, "" for none, ``SYSTEMS_PROFILE`` for what the system says
    """

    device: str = str(Device.AUTO)
    memory_mb: int = 2048
    tile_side: int = TILE_SIDE
    thumbnail_cache_mb: int = 500
    theme: str = str(Theme.DARK)
    language: str = str(Language.SYSTEM)
    monitor_profile: str = SYSTEMS_PROFILE
    export: ExportChoice = field(default_factory=ExportChoice)


_CHOICES: dict[str, tuple[object, ...]] = {
    "device": tuple(Device),
    "theme": tuple(Theme),
    "language": tuple(Language),
    "tile_side": TILE_SIDES,
    "format": tuple(Format),
    "chroma": tuple(Chroma),
    "metadata": tuple(MetadataPolicy),
    "conflict": tuple(Conflict),
    "demosaic": (NEURAL, *ALGORITHMS),
}
_RANGES = {"memory_mb": MEMORY_MB, "thumbnail_cache_mb": CACHE_MB, "quality": (1, 100), "max_size": (0, LARGEST_SIDE)}


def open_settings() -> QSettings:
    """The user's settings file."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "XTDM", "xtdm-gui")


def load_preferences(settings: QSettings) -> Preferences:
    """What was saved; defaults for what was not, or makes no sense any more."""
    try:
        saved = json.loads(str(settings.value("preferences", "{}")))
    except (ValueError, RecursionError):
        saved = {}
    if not isinstance(saved, dict):
        saved = {}
    export = saved.pop("export", {})
    choice = ExportChoice(**_sensible(export, ExportChoice))
    choice = replace(choice, weights=str(existing_network(choice.weights) or ""))
    return Preferences(**_sensible(saved, Preferences), export=choice)


def save_preferences(settings: QSettings, preferences: Preferences) -> None:
    """Keeps them for the next start."""
    settings.setValue("preferences", json.dumps(asdict(preferences)))


def last_folder(settings: QSettings) -> Path | None:
    """The folder that was open last, None where it is gone."""
    folder = str(settings.value("folder", ""))
    return Path(folder) if folder and is_folder(Path(folder)) else None


def existing_network(name: str) -> Path | None:
    """A checkpoint that was chosen some time ago; a shipped one is found where the program lies now. None: gone."""
    if not name or is_file(Path(name)):
        return Path(name) if name else None
    return next((path for path in shipped_networks().values() if path.name == Path(name).name), None)


def _sensible(saved: object, kind: type[Preferences] | type[ExportChoice]) -> dict[str, Any]:
    """The entries of ``saved`` that are fields of ``kind`` and have a possible value."""
    if not isinstance(saved, dict):
        return {}
    wanted = {one.name: type(one.default) for one in fields(kind) if one.name != "export"}
    return {
        name: value
        for name, value in saved.items()
        if name in wanted and type(value) is wanted[name] and _is_possible(name, value)
    }


def _is_possible(name: str, value: Any) -> bool:
    if name in _RANGES:
        low, high = _RANGES[name]
        return bool(low <= value <= high)
    return value in _CHOICES.get(name, (value,))
