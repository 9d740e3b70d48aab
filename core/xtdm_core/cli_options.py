"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

PATH = click.Path(path_type=Path)
DEVICE = click.option("--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]), default="auto", show_default=True)
WEIGHTS = click.option(
    "--weights", type=PATH, help="A checkpoint (.safetensors or .pt), or a shipped network: fast (default) or quality."
)
INPUT_WB = click.option(
    "--input-wb",
    type=click.Choice(["none", "as-shot"]),
    help="How a foreign checkpoint's mosaics were balanced in training, where the file does not say.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace files that exist.")
