"""The commands that make training material: ``xtdm dataset …`` and ``xtdm sharpness``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtdm_core.console import print_json, reporting

if TYPE_CHECKING:
    from xtdm_core.data.manifest import Outcome

_PATH = click.Path(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


@click.group()
def dataset() -> None:
    """Make training material: from raw files, from patterns, from photographs.

    Each command goes on where it was stopped: what is done and unchanged is skipped. The folder's manifest.json
    tells what was made of what.
    """


@dataset.command()
@click.argument("target", metavar="DST", type=_PATH)
@click.option("--count", type=click.IntRange(1), default=5000, show_default=True)
@click.option("--size", type=int, default=192, show_default=True, help="Side in px, a multiple of 6.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same patterns.")
@_JSON
def torture(target: Path, count: int, size: int, seed: int, as_json: bool) -> None:
    """Draw patterns that are hard to demosaic into DST: 13 kinds in turn, in strong random colours.

    Stripes, fine lines, checkers, circles, edges, zone plates, text, gradients, stars, weaves, dots, Julia sets and
    Perlin noise. Each is one .npz file with what the sensor sees ("cfa") and the truth ("rgb"), linear.
    """
    from xtdm_core.data.torture import build_torture

    with reporting(as_json) as report:
        outcome = build_torture(target, count, size, seed, report)
    _tell(outcome, target, as_json)


def _tell(outcome: Outcome, target: Path, as_json: bool) -> None:
    """Prints how a run ended, with the sources that gave nothing; leaves with status 1 where some are broken."""
    lists = (("failed", "could not be used", outcome.failed), ("left_out", "left out", outcome.left_out))
    if as_json:
        for event, _, sources in lists:
            for source, reason in sources:
                print_json({"event": event, "source": source, "reason": reason})
        counts = {event: len(sources) for event, _, sources in lists}
        done = {"event": "done", "path": str(target), "written": outcome.written, "skipped": outcome.skipped}
        print_json({**done, **counts})
    else:
        for _, words, sources in lists:
            for source, reason in sources:
                click.echo(f"xtdm: {words}: {source}: {reason}", err=True)
        counted = [f"{outcome.written} written", f"{outcome.skipped} there already"]
        counted += [f"{len(sources)} {words}" for _, words, sources in lists if sources]
        click.echo(f"{target}  {', '.join(counted)}")
    if outcome.failed:
        sys.exit(1)
