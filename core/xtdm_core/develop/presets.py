"""Presets: settings of a look in a file of their own, for any number of pictures.

JSON: ``{"format": "xtdm-preset", "version": 1, "look": {…}}``. A preset sets what it names and leaves the rest. White
balance, exposure, crop, angle, turns and the lens are a picture's own: a preset that is saved here does not name them.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xtdm_core.assets import asset, asset_names
from xtdm_core.develop.look_values import parse_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import BadPreset, reading_failed
from xtdm_core.files import atomic_write

SUFFIX = ".xtdm-preset.json"
_FORMAT, _VERSION = "xtdm-preset", 1
_OWN = ("exposure_ev", "white_balance", "crop", "straighten", "rotate", "flip")
_LENS = ("lens_distortion", "lens_aberration", "lens_vignetting")


def shipped_presets() -> dict[str, Path]:
    """The presets that come with the program, by name."""
    return {name.removesuffix(SUFFIX): asset(f"looks/{name}") for name in asset_names("looks", SUFFIX)}


def preset_path(name: str) -> Path:
    """The file of a shipped preset's name, or of a path."""
    return shipped_presets().get(name) or Path(name)


def read_preset(path: Path) -> dict[str, Any]:
    """Read what a preset sets: fields of the look and their values. Raises BadPreset.

    A look-up table that it names relative to itself lies beside it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(shipped_presets())
        raise BadPreset(path, f"there is no such preset: give a file, or one of {known}") from error
    except OSError as error:
        raise BadPreset(path, reading_failed(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadPreset(path, "is damaged, or no preset of XTDM") from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT or not isinstance(content.get("look"), dict):
        raise BadPreset(path, "is no preset of XTDM")
    if content.get("version") != _VERSION:
        raise BadPreset(path, "was written by a newer XTDM: use that")
    try:
        look = parse_look(content["look"])
    except ValueError as error:
        raise BadPreset(path, f"is damaged ({error})") from error
    named = {name: getattr(look, name) for name in asdict(look) if name in content["look"]}
    if named.get("lut"):
        named["lut"] = str(path.absolute().parent / named["lut"])
        named["lut_digest"] = look.lut_digest
    return named


def write_preset(path: Path, look: Look) -> None:
    """Save a look's tones, colours, noise and look-up table, whole or not at all. Raises WriteFailed."""
    settings = {name: value for name, value in asdict(look).items() if name not in (*_OWN, *_LENS)}
    content = {"format": _FORMAT, "version": _VERSION, "look": settings}
    with atomic_write(path, overwrite=True) as partial:
        partial.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
