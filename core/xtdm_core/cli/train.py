"""The command that trains: ``xtdm train``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xtdm_core.cli.options import JSON, PATH, Number
from xtdm_core.cli.output import print_json, reporting, say


@click.command()
@click.argument("photos", type=PATH, required=False)
@click.option("-o", "--output", type=PATH, required=True, help="Folder for weights, state, log and previews.")
@click.option("--raws", type=PATH, help="A folder that xtdm dataset raws has made.")
@click.option("--torture", type=PATH, help="A folder that xtdm dataset torture has made; without one they are drawn.")
@click.option("--from", "start", help="Fine-tune these weights: a checkpoint, or a shipped network such as fast.")
@click.option(
    "--original",
    type=PATH,
    help="With --from: photographs to rehearse, so that the network does not forget what it knew.",
)
@click.option(
    "--preset",
    help="Settings that come with the program: fast, quality, finetune or v4. Default: fast; with --from, finetune.",
)
@click.option("--config", "file", type=PATH, help="A TOML file of settings; see resources/presets.")
@click.option("--set", "overrides", multiple=True, metavar="NAME=VALUE", help="One setting, e.g. losses.ssim=0.1.")
@click.option("--steps", type=click.IntRange(1))
@click.option("--batch", type=click.IntRange(1), help="Patches a step.")
@click.option("--patch", type=click.IntRange(30), help="Side in px, multiple of 6.")
@click.option("--learning-rate", type=Number(0, min_open=True))
@click.option("--seed", type=int)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]))
@JSON
def train(
    output: Path, preset: str | None, file: Path | None, overrides: tuple[str, ...], as_json: bool, **asked: Any
) -> None:
    """Train a network on photographs, on your own raw files, or both; continue where OUTPUT holds an unfinished run.

    PHOTOS is a folder of pictures that are free of the traces of their own demosaicing: see xtdm dataset photos.
    Options win over --set, that over --config, and that over --preset. Under torchrun several processes share the
    work. Ctrl-C stops after the step that runs; the same command continues.
    """
    from dataclasses import replace

    from xtdm_core.train.presets import load_config
    from xtdm_core.train.run_log import read_verdict
    from xtdm_core.train.trainer import train as run

    if preset is None and file is None:
        preset = "fast" if asked["start"] is None else "finetune"
    config = load_config(output, preset, file, overrides)
    tuning = {name: asked.pop(name) for name in ("start", "original")}
    config = replace(
        config,
        fine_tuning=replace(config.fine_tuning, **_given(tuning)),
        **_given(asked),
    )
    with reporting(as_json) as report:
        best = run(config, report)
    if as_json:
        print_json({"event": "written", "path": str(best)})
    else:
        say(f"{best}  {best.stat().st_size / 1e6:.2f} MB  the best weights on the pictures set aside")
        click.echo(read_verdict(output))


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}
