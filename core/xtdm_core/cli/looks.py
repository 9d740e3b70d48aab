"""The options of ``xtdm convert`` that change the look, whatever a sidecar says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from xtdm_core.choices import LutInput, ToneCurve
from xtdm_core.cli.options import PATH, Crop, Denoise, Lens, Number

_ADJUSTMENTS = {
    "contrast": "Contrast around 18 % grey",
    "local_contrast": "Contrast of parts against their surroundings",
    "highlights": "Brighter or darker highlights",
    "shadows": "Brighter or darker shadows",
    "black": "Lifted or deeper blacks",
    "saturation": "The saturation of all colours",
    "vibrance": "The saturation of pale colours",
}
_OPTIONS = (
    click.option(
        "--denoise",
        type=Denoise(),
        metavar="auto|off|0…1.5",
        help="How much noise the network removes: auto is what the file shows, numbers are a factor on that. "
        "Default: the sidecar's, else auto; off for linear-tiff.",
    ),
    click.option(
        "--grain",
        type=Number(0, 1),
        help="How much of the removed noise comes back as grey grain, 0 to 1. Default: the sidecar's, else 0.15.",
    ),
    click.option("--exposure", type=Number(-20, 20), help="Exposure compensation in EV; wins over the sidecar's."),
    click.option(
        "--look",
        "tone_curve",
        type=click.Choice([*map(str, ToneCurve)]),
        help="The SDR rendition: standard begins where a camera's JPEG does, neutral is what a display shows of the "
        "HLG picture. Default: the sidecar's, else standard.",
    ),
    *(
        click.option(
            f"--{name.replace('_', '-')}",
            type=Number(-1, 1),
            help=f"{words}, -1 to 1. Default: the sidecar's, else 0.",
        )
        for name, words in _ADJUSTMENTS.items()
    ),
    click.option(
        "--preset",
        metavar="NAME|FILE",
        help="Settings from a preset: monochrome, soft, vivid, or a file that the window saved. It wins over the "
        "sidecar, options win over it.",
    ),
    click.option(
        "--lut",
        type=PATH,
        help="A look-up table, .cube or HaldCLUT, such as Fujifilm's film simulations for F-Log2 C.",
    ),
    click.option(
        "--lut-input",
        type=click.Choice([*map(str, LutInput)]),
        help="What the table takes. Default: the sidecar's, else srgb.",
    ),
    click.option("--lut-strength", type=Number(0, 1), help="How much of the table. Default: the sidecar's, else 1."),
    click.option(
        "--lens",
        type=Lens(),
        metavar="on|off|distortion=…,ca=…,vignetting=…",
        help="How much of the lens' errors is corrected by the file's own tables, from 0 (none) to 2; 1 is all. "
        "Default: the sidecar's, else on; off for linear-tiff.",
    ),
    click.option(
        "--crop",
        type=Crop(),
        metavar="off|LEFT,TOP,WIDTH,HEIGHT",
        help="What of the picture is kept, as shares of its sides from 0 to 1, as it is shown; off is all of it. "
        "Default: the sidecar's, else what was framed in the camera.",
    ),
    click.option(
        "--straighten",
        type=Number(-45, 45),
        metavar="DEGREES",
        help="Turn the picture clockwise; its frame is made smaller until no corner is empty.",
    ),
    click.option("--rotate", type=click.Choice(["0", "90", "180", "270"]), help="Turn the upright picture clockwise."),
    click.option("--flip/--no-flip", default=None, help="Mirror the picture from left to right."),
)
# Options by the look's field that they set.
_FIELDS = {"exposure": "exposure_ev"} | {
    name: name for name in ("denoise", "grain", "tone_curve", *_ADJUSTMENTS, "lut_input", "lut_strength", "flip")
}


def look_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command, in their order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def asked_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for by options: fields of the look. Raises BadPreset, BadLut."""
    from xtdm_core.develop.look_values import parse_look
    from xtdm_core.develop.lut import load_lut
    from xtdm_core.develop.presets import preset_path, read_preset

    asked = read_preset(preset_path(given["preset"])) if given["preset"] else {}
    named = {field: given[option] for option, field in _FIELDS.items() if given[option] is not None}
    if given["lut"] is not None:
        named |= {"lut": str(given["lut"].absolute()), "lut_digest": ""}  # chosen just now, whatever it is
    look = parse_look(named)
    asked |= {field: getattr(look, field) for field in named}
    if asked.get("lut"):
        load_lut(asked["lut"])  # told before the first file is converted
    if given["rotate"] is not None:
        asked["rotate"] = int(given["rotate"])
    return {**asked, **(given["lens"] or {})}
