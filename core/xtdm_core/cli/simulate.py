"""The command that makes raw files with known truth: ``xtdm simulate``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from xtdm_core.cli.options import OVERWRITE, PATH, Number
from xtdm_core.errors import BadOption

if TYPE_CHECKING:
    from xtdm_core.simulation import Exposure, Shot

_OF_BOTH = {"image", "output", "dynamic_range", "orientation", "seed", "overwrite"}
_OF_THE_IDEAL = {"phase", "bits", "noise"}


@click.command()
@click.argument("image", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="The RAF to write, or the DNG with --dng.")
@click.option("--dynamic-range", "--dr", type=click.Choice(["100", "200", "400"]), default="100", show_default=True)
@click.option("--orientation", type=click.IntRange(1, 8), default=1, show_default=True, help="Exif orientation.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the noise.")
@click.option("--phase", type=click.IntRange(0, 17), default=8, show_default=True, help="One of the 18 CFA phases.")
@click.option("--bits", type=click.Choice(["12", "14"]), default="14", show_default=True)
@click.option("--noise", type=(Number(0), Number(0)), default=(0.0, 0.0), help="A B: variance A x + B^2, sensor units.")
@click.option(
    "--camera",
    metavar="MODEL",
    help="Such as X-T4; the options below need it; phase, bits and noise are its own.",
)
@click.option("--iso", type=click.IntRange(1), help="The body's base if not given.")
@click.option(
    "--exposure", metavar="EV", type=click.FloatRange(-16, 16), default=0.0, help="Over-exposure of the scene."
)
@click.option("--lens-errors", type=click.Choice(["barrel", "pincushion"]), help="With aberration and vignetting.")
@click.option("--hot-pixels", type=click.IntRange(0), default=0, help="How many.")
@click.option("--dead-pixels", type=click.IntRange(0), default=0, help="How many.")
@click.option("--flare", type=click.FloatRange(0), default=0.0, help="Brightness of a veil, where diffuse white is 1.")
@click.option(
    "--aspect",
    type=click.Choice(["3:2", "4:3", "16:9", "5:4", "1:1"]),
    help="As set in the camera; the picture's own shape if not given.",
)
@click.option("--zoom", type=click.FloatRange(1, 4), default=1.0, help="The digital tele-converter's factor.")
@click.option("--color-space", type=click.Choice(["srgb", "adobe"]), default="srgb", help="Of the preview.")
@click.option("--full-preview", is_flag=True, help="A preview of the picture's size, not of 1920 px.")
@click.option("--full-size", is_flag=True, help="Mirror the picture until it fills the whole sensor.")
@click.option("--dng", type=click.Choice(["adobe", "strips", "cropped"]), help="Write a DNG as such a converter would.")
@OVERWRITE
@click.pass_context
def simulate(context: click.Context, /, camera: str | None, **options: Any) -> None:
    """Make a raw file from an ordinary picture whose RGB is then the known truth.

    Without --camera it is the RAF of an ideal camera, under the name of an X-T1: no noise but --noise, saturation at
    the nominal level. With --camera it is what that body would have written: its size, levels, noise by ISO and
    dynamic range, saturation, lens tables, tags and preview.
    """
    _refuse_strangers(context, camera, options)
    if camera:
        _simulate_camera(camera, options)
    else:
        _simulate_ideal(options)


def _refuse_strangers(context: click.Context, camera: str | None, options: dict[str, Any]) -> None:
    """Raises BadOption for an option of the ideal camera with --camera, or of a real one without."""
    strangers = _OF_THE_IDEAL if camera else options.keys() - _OF_THE_IDEAL - _OF_BOTH
    why = "is the camera's own: leave out either it or --camera" if camera else "needs --camera: name one"
    for name in options:
        if name in strangers and context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise BadOption(f"--{name.replace('_', '-')} {why}")


def _simulate_ideal(options: dict[str, Any]) -> None:
    from xtdm_core.simulation.write import simulate_image

    output: Path = options["output"]
    simulate_image(
        options["image"],
        output,
        options["phase"],
        int(options["bits"]),
        int(options["dynamic_range"]),
        options["noise"],
        options["orientation"],
        options["seed"],
        options["overwrite"],
    )
    click.echo(f"{output}  {output.stat().st_size / 1e6:.2f} MB  simulated RAF")


def _simulate_camera(camera: str, options: dict[str, Any]) -> None:
    from xtdm_core.simulation import LAYOUTS
    from xtdm_core.simulation.write import simulate_shot

    output: Path = options["output"]
    layout = LAYOUTS[options["dng"]] if options["dng"] else None
    shot = _shot(camera, options)
    exposure = simulate_shot(options["image"], output, shot, options["full_size"], layout, options["overwrite"])
    click.echo(f"{output}  {output.stat().st_size / 1e6:.2f} MB  {_described(exposure)}")


def _shot(camera: str, options: dict[str, Any]) -> Shot:
    from xtdm_core.simulation import Record, Shot, find_body
    from xtdm_core.simulation.lens import FLAWLESS, PROFILES

    body, dynamic_range = find_body(camera), int(options["dynamic_range"])
    return Shot(
        body=body,
        iso=options["iso"] or body.base_iso * dynamic_range // 100,
        dynamic_range=dynamic_range,
        exposure_ev=options["exposure"],
        lens=PROFILES.get(options["lens_errors"], FLAWLESS),
        hot_pixels=options["hot_pixels"],
        dead_pixels=options["dead_pixels"],
        flare=options["flare"],
        aspect=options["aspect"],
        zoom=options["zoom"],
        adobe_rgb=options["color_space"] == "adobe",
        full_preview=options["full_preview"],
        orientation=options["orientation"],
        seed=options["seed"],
        record=Record(rating=0),
    )


def _described(exposure: Exposure) -> str:
    """What is true of the file, in a line."""
    shot, noise = exposure.shot, exposure.noise
    levels = "/".join(f"{level:.0f}" for level in shot.body.saturation)
    return (
        f"simulated {shot.body.model}: ISO {shot.iso} read out at {shot.hardware_iso:.0f}, "
        f"exposure bias {shot.exposure_bias:+.2f} EV, noise {noise.a:.3g} x + ({math.sqrt(noise.b):.3g})^2, "
        f"saturation {levels}"
    )
