"""Options that several commands share."""

from __future__ import annotations

import os
from math import isfinite
from pathlib import Path
from typing import Any, Final

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


class Lens(click.ParamType[dict[str, float]]):
    """``on``, ``off``, or how much of which error is corrected: fields of the look."""

    name = "lens"
    _FIELDS: Final = {"distortion": "lens_distortion", "ca": "lens_aberration", "vignetting": "lens_vignetting"}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, float]:
        from xtdm_core.develop.tone import LENS_RANGE

        if value in ("on", "off"):
            return dict.fromkeys(self._FIELDS.values(), float(value == "on"))
        strengths = {}
        for part in value.split(","):
            name, _, number = part.partition("=")
            if name not in self._FIELDS:
                self.fail(f"{part!r} is none of on, off, distortion=…, ca=… and vignetting=…", param, ctx)
            strengths[self._FIELDS[name]] = Number(*LENS_RANGE).convert(number, param, ctx)
        return strengths


class Crop(click.ParamType["tuple[float, float, float, float]"]):
    """``off``, or left, top, width and height as shares."""

    name = "crop"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float, float, float]:
        if value == "off":
            return 0.0, 0.0, 1.0, 1.0
        parts = value.split(",")
        if len(parts) != 4:
            self.fail("give off, or four numbers: left,top,width,height", param, ctx)
        left, top, width, height = (Number(0, 1).convert(part, param, ctx) for part in parts)
        if min(width, height) < 1e-3 or max(left + width, top + height) > 1 + 1e-6:
            self.fail(f"{value} does not lie in the picture, whose sides are 1", param, ctx)
        return left, top, width, height


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
STARS = click.option(
    "--stars",
    type=click.IntRange(0, 5),
    metavar="N",
    help="Only files with N stars or more, and none that were rejected.",
)
