"""Options that several commands share."""

from __future__ import annotations

import os
from math import isfinite
from pathlib import Path
from typing import Any

import click

from xtdm_core.choices import Device, MosaicBalance
from xtdm_core.errors import NO_ACCESS, BadOption
from xtdm_core.files import is_folder


class _AnyPath(click.Path):
    """Refuses folders that may not be read in the words of all other errors; of files their readers tell."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        if is_folder(path) and not os.access(path, os.R_OK | os.X_OK):
            raise BadOption(f"{path}: {NO_ACCESS}")
        return path


class Number(click.FloatRange):
    """A number of a range that is one: neither infinite nor NaN, which every comparison lets pass."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number


class Denoise(click.ParamType[float]):
    """``auto``, ``off``, or a factor on the noise."""

    name = "denoise"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from xtdm_core.develop.tone import DENOISE_RANGE

        known = {"auto": 1.0, "off": 0.0}
        return known[value] if value in known else Number(*DENOISE_RANGE).convert(value, param, ctx)


PATH = _AnyPath(readable=False, path_type=Path)
DEVICE = click.option("--device", type=click.Choice([*map(str, Device)]), default=str(Device.AUTO), show_default=True)
WEIGHTS = click.option(
    "--weights",
    type=PATH,
    help="A checkpoint (.safetensors or .pt), or a shipped network: fast (default) or quality.",
)
INPUT_WB = click.option(
    "--input-wb",
    type=click.Choice([*map(str, MosaicBalance)]),
    help="How a foreign checkpoint's mosaics were balanced in training, where the file does not say.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object per line.")
OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace files that exist.")
