"""The commands that make training material: ``xtdm dataset …`` and ``xtdm sharpness``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtdm_core.choices import MosaicBalance
from xtdm_core.cli.options import JSON, PATH
from xtdm_core.cli.output import print_json, reporting, say

if TYPE_CHECKING:
    from xtdm_core.datasets.manifest import Outcome


@click.group()
def dataset() -> None:
    """Make training material: from raw files, from patterns, from photographs.

    Each command continues where it was stopped: what is done and unchanged is skipped. The folder's manifest.json
    tells what was made of what.
    """


@dataset.command()
@click.argument("source", metavar="SRC")
@click.argument("target", metavar="DST", type=PATH)
@click.option(
    "--white-balance",
    type=click.Choice([*map(str, MosaicBalance)]),
    default=str(MosaicBalance.AS_SHOT),
    show_default=True,
    help="How LibRaw is fed. None is the older v4 convention and costs quality. Both store un-balanced values.",
)
@JSON
def raws(source: str, target: Path, white_balance: str, as_json: bool) -> None:
    """Develop the RAF files in SRC with LibRaw's best demosaicing and store them reduced four times in DST.

    SRC is a folder, searched to any depth, or user@host:folder on another machine, from where files are fetched with
    ssh one at a time (set up a key first: no password is asked for). Each photograph becomes a NumPy array
    (.npy: linear camera RGB, 0 black, 1 white, not clipped, not white-balanced) and a _meta.json that tells its origin.
    Files that cannot be read are listed at the end.
    """
    from xtdm_core.datasets.raws import build_raws

    with reporting(as_json) as report:
        outcome = build_raws(source, target, white_balance, report)
    _print_outcome(outcome, target, as_json)


@dataset.command()
@click.argument("target", metavar="DST", type=PATH)
@click.option("--count", type=click.IntRange(1), default=5000, show_default=True)
@click.option("--size", type=int, default=192, show_default=True, help="Side in px, a multiple of 6.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same patterns.")
@JSON
def torture(target: Path, count: int, size: int, seed: int, as_json: bool) -> None:
    """Draw patterns that are hard to demosaic into DST: 13 kinds in turn, in strong random colours.

    Stripes, fine lines, checkers, circles, edges, zone plates, text, gradients, stars, weaves, dots, Julia sets and
    Perlin noise. Each is one .npz file with what the sensor sees ("cfa") and the truth ("rgb"), linear.
    """
    from xtdm_core.datasets.torture import build_torture

    with reporting(as_json) as report:
        outcome = build_torture(target, count, size, seed, report)
    _print_outcome(outcome, target, as_json)


@dataset.command()
@click.argument("source", metavar="SRC", type=PATH)
@click.argument("target", metavar="DST", type=PATH)
@click.option(
    "--factor",
    default="auto",
    show_default=True,
    help="How many times smaller: auto takes, for each picture, the least of 2, 3, 4 that leaves no trace.",
)
@JSON
def photos(source: Path, target: Path, factor: str, as_json: bool) -> None:
    """Reduce the photographs in SRC (JPEG, PNG, AVIF, TIFF, to any depth) for training, as PNG files in DST.

    Every camera's own demosaicing leaves a fine regular trace in its pictures, which a network would learn to imitate.
    Reducing them at least twofold, in linear light, removes it; how much of it there was before and after is
    measured for each picture and noted in DST/manifest.json.
    Pictures below 120 px a side after that are left out and listed.
    """
    from xtdm_core.datasets.photos import build_photos

    with reporting(as_json) as report:
        outcome = build_photos(source, target, factor, report)
    _print_outcome(outcome, target, as_json)


@click.command()
@click.argument("source", metavar="SRC", type=PATH)
@click.option("--top", type=click.IntRange(1), default=100, show_default=True, help="How many of the sharpest to list.")
@click.option("-o", "--output", type=PATH, help="Folder for the two lists; SRC itself if not given.")
@JSON
def sharpness(source: Path, top: int, output: Path | None, as_json: bool) -> None:
    """Find the sharpest of the RAF files in SRC, to any depth.

    Writes sharpness_scores.json, all files with their scores, and topN_sharp.json, the paths of the N sharpest.
    The score is the variance of the fine detail in the raw green, relative to brightness. Noise and exposure hardly
    change it, but the subject does: compare like with like. Files scored before that have not changed are skipped.
    """
    from xtdm_core.datasets.sharpness import score_folder

    with reporting(as_json) as report:
        outcome, best = score_folder(source, output or source, top, report)
    _print_outcome(outcome, best, as_json, "scored")


def _print_outcome(outcome: Outcome, target: Path, as_json: bool, verb: str = "written") -> None:
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
                say(f"xtdm: {words}: {source}: {reason}", err=True)
        counted = [f"{outcome.written} {verb}", f"{outcome.skipped} there already"]
        counted += [f"{len(sources)} {words}" for _, words, sources in lists if sources]
        say(f"{target}  {', '.join(counted)}")
    if outcome.failed:
        sys.exit(1)
