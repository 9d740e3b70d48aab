"""Training settings from TOML files and from ``key=value`` words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from xtdm_core.assets import asset, asset_names
from xtdm_core.errors import BadOption
from xtdm_core.train.config import TrainConfig

_PRESETS = "presets"


def preset_names() -> list[str]:
    """The presets that come with the program."""
    return [name.removesuffix(".toml") for name in asset_names(_PRESETS, ".toml")]


@cache
def presets() -> Mapping[str, TrainConfig]:
    """The presets that come with the program, by name; ``out`` is no folder yet."""
    return {name: load_config(Path(), name) for name in preset_names()}


def load_config(
    out: Path, preset: str | None = None, file: Path | None = None, overrides: Sequence[str] = ()
) -> TrainConfig:
    """The settings of a preset, then those of ``file``, then words like ``losses.ssim=0.1`` (TOML values).

    Paths in a file are relative to its folder. Raises BadOption for unknown names, wrong types and unreadable files.
    """
    values: dict[str, Any] = {}
    if preset is not None:
        if preset not in preset_names():
            raise BadOption(f"there is no preset {preset!r}: choose one of {', '.join(preset_names())}")
        path = asset(f"{_PRESETS}/{preset}.toml")
        _merge(values, _read(path))
    if file is not None:
        _merge(values, _read(file))
    for word in overrides:
        _merge(values, _override(word))
    values["out"] = str(out)
    config: TrainConfig = _fill(TrainConfig, values, "", file.parent if file else Path())
    return config


def as_plain(config: TrainConfig) -> dict[str, Any]:
    """The settings as JSON values, without ``out`` and with the last part of paths only."""
    return {name: _plain(value) for name, value in asdict(config).items() if name != "out"}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise BadOption(f"{path}: there is no such file: give a TOML file of training settings") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadOption(f"{path} is not a readable TOML file ({error})") from error


def _override(word: str) -> dict[str, Any]:
    """``a.b=value`` as nested dicts; what is no TOML value is taken for a bare string."""
    key, equals, text = word.partition("=")
    if not equals or not key.strip():
        raise BadOption(f"{word!r} is not a setting: write NAME=VALUE, for example losses.ssim=0.1")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    except RecursionError:
        raise BadOption(f"the training setting {key.strip()} has too many brackets in one another") from None
    nested: dict[str, Any] = {}
    *parents, last = key.strip().split(".")
    inner = nested
    for name in parents:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return nested


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, Mapping) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = dict(value) if isinstance(value, Mapping) else value


def _fill(kind: Any, values: Mapping[str, Any], prefix: str, folder: Path) -> Any:
    """A dataclass from nested dicts, with every value's type checked."""
    hints = get_type_hints(kind)
    unknown = next((name for name in values if name not in hints), None)
    if unknown is not None:
        raise BadOption(f"there is no training setting {prefix}{unknown}: known are {', '.join(hints)}")
    missing = [f.name for f in fields(kind) if f.name not in values and _required(f)]
    if missing:
        raise BadOption(f"the training settings lack {prefix}{missing[0]}")
    return kind(**{name: _value(hints[name], value, prefix + name, folder) for name, value in values.items()})


def _required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(hint: Any, value: Any, name: str, folder: Path) -> Any:
    choices = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    for choice in choices:
        if is_dataclass(choice) and isinstance(value, Mapping):
            return _fill(choice, value, f"{name}.", folder)
        if choice is Path and isinstance(value, (str, Path)):
            return folder / Path(value).expanduser()
        if choice is float and isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        if get_origin(choice) is tuple and isinstance(value, (list, tuple)) and len(value) == len(get_args(choice)):
            return tuple(_value(inner, one, name, folder) for inner, one in zip(get_args(choice), value, strict=True))
        if get_origin(choice) is not None and get_origin(choice) is not tuple and isinstance(value, Mapping):
            return dict(value)
        if choice in (int, str, bool) and type(value) is choice:
            return value
    raise BadOption(f"the training setting {name} cannot be {value!r}")
