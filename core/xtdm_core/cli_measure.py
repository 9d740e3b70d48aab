"""The commands that measure: ``xtdm evaluate`` and ``xtdm bench``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtdm_core.cli_options import DEVICE, INPUT_WB, JSON, PATH, WEIGHTS
from xtdm_core.console import print_json, reporting
from xtdm_core.errors import BadOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xtdm_core.evaluate import Score
    from xtdm_core.evaluate_patterns import FlatScore, PatternScore
    from xtdm_core.progress import Report
    from xtdm_core.trial import Method


@click.command()
@click.argument("folder", type=PATH, required=False)
@click.option(
    "--weights",
    multiple=True,
    help="A checkpoint, or the name of a shipped network, instead of the default one; may be repeated.",
)
@click.option(
    "--noise",
    type=click.Tuple([click.FloatRange(0), click.FloatRange(0)]),
    help="Measure the pictures with noise too. A B: variance A x + B^2 in sensor units; the truth stays clean.",
)
@click.option("--patterns", is_flag=True, help="Measure made patterns and flat fields, with FOLDER or without.")
@click.option("--count", type=click.IntRange(1), default=16, show_default=True, help="Images of each kind of pattern.")
@INPUT_WB
@DEVICE
@JSON
def evaluate(
    folder: Path | None,
    weights: tuple[str, ...],
    noise: tuple[float, float] | None,
    patterns: bool,
    count: int,
    input_wb: str | None,
    device: str,
    as_json: bool,
) -> None:
    """Measure networks and LibRaw on pictures with known truth, through simulated RAF files.

    Of the pictures in FOLDER it prints the mean PSNR and SSIM in sRGB, the local 6x6 amplitude of the error in 8-bit
    codes, and its ratio to that of LibRaw's 3-pass.

    With --patterns it prints the PSNR of each kind of made pattern: the mean square error over all images of the kind,
    then the logarithm; beside it ("by image") the mean difference of the images' own PSNRs. What comes out exact would
    be infinitely good: errors below those of rounding to 8 bits count as those, so that 58.9 dB is the most. Flat
    fields: constant colours in, 6x6 amplitude out.
    """
    from xtdm_core.trial import DEFAULT, find_methods

    if folder is None and not patterns:
        raise BadOption("there is nothing to measure: give a folder of pictures, or --patterns")
    if noise and folder is None:
        raise BadOption("noise is put on pictures: give a folder of them")
    networks = find_methods(list(dict.fromkeys(weights)) or [DEFAULT], device, input_wb)
    _tell_notes(networks)
    with reporting(as_json) as report:
        if folder is not None:
            _evaluate_pictures(folder, networks, noise, as_json, report)
        if patterns:
            _evaluate_patterns(networks, count, as_json, report)


def _tell_notes(methods: Sequence[Method]) -> None:
    for method in methods:
        for note in method.demosaicer.notes if method.demosaicer else ():
            click.echo(f"xtdm: {note}", err=True)


def _evaluate_pictures(
    folder: Path, networks: Sequence[Method], noise: tuple[float, float] | None, as_json: bool, report: Report
) -> None:
    from xtdm_core.evaluate import CLEAN
    from xtdm_core.evaluate import evaluate as score
    from xtdm_core.trial import libraw_methods

    methods = [*networks, *libraw_methods()]
    for one in (CLEAN, noise) if noise else (CLEAN,):
        _print_scores(score(folder, methods, one, report), one, as_json)


def _print_scores(scores: Sequence[Score], noise: tuple[float, float], as_json: bool) -> None:
    from xtdm_core.evaluate import mean_scores
    from xtdm_core.trial import REFERENCE

    means = mean_scores(scores)
    images = len(scores) // len(means)
    kind = f", noise of variance {noise[0]:g} x + ({noise[1]:g})^2" if any(noise) else ""
    if as_json:
        for s in scores:
            line = {"event": "score", "image": s.image, "method": s.method, "noise": noise}
            print_json({**line, **asdict(s.marks)})
    else:
        click.echo(f"{images} pictures{kind}")
        click.echo(f"  {'':20}    PSNR    SSIM  6x6 codes  of {REFERENCE}'s")
    for method, marks in means.items():
        ratio = marks.grid_codes / means[REFERENCE].grid_codes if means[REFERENCE].grid_codes else None
        if as_json:
            line = {"event": "mean", "method": method, "noise": noise}
            print_json({**line, "images": images, **asdict(marks), "grid_ratio": ratio})
        else:
            of = "" if ratio is None else f"{ratio:13.2f} x"
            click.echo(f"  {method:20} {marks.psnr_db:6.2f}  {marks.ssim:.4f}  {marks.grid_codes:9.3f}  {of}")


def _evaluate_patterns(networks: Sequence[Method], count: int, as_json: bool, report: Report) -> None:
    from xtdm_core.evaluate_patterns import evaluate_flat, evaluate_patterns
    from xtdm_core.trial import REFERENCE, find_methods

    methods = [*find_methods([REFERENCE]), *networks]
    _print_patterns(evaluate_patterns(methods, count, report), as_json)
    _print_flat(evaluate_flat(methods, report), as_json)


def _print_patterns(scores: Sequence[PatternScore], as_json: bool) -> None:
    from xtdm_core.trial import REFERENCE

    methods = [*dict.fromkeys(s.method for s in scores)]
    if not as_json:
        columns = "".join(f"  {name:>12}  minus 3-pass  by image  better on" for name in methods if name != REFERENCE)
        click.echo(f"patterns, PSNR in dB\n  {'':28}{REFERENCE:>12}{columns}")
    for kind in dict.fromkeys(s.kind for s in scores):
        row = {s.method: s for s in scores if s.kind == kind}
        reference = row.pop(REFERENCE)
        images = len(reference.mean_squares)
        text = f"  {kind:28}{reference.psnr_db:12.2f}"
        if as_json:
            line = {"event": "pattern", "kind": kind, "images": images}
            means = {"psnr_db": reference.psnr_db, "mean_image_psnr_db": reference.mean_image_psnr_db}
            print_json({**line, "method": REFERENCE, **means})
        for method, s in row.items():
            difference, better = s.psnr_db - reference.psnr_db, s.better_on(reference)
            by_image = s.mean_image_psnr_db - reference.mean_image_psnr_db
            text += f"  {s.psnr_db:12.2f}  {difference:+12.2f}  {by_image:+8.2f}  {f'{better}/{images}':>9}"
            if as_json:
                means = {"psnr_db": s.psnr_db, "mean_image_psnr_db": s.mean_image_psnr_db}
                print_json({**line, "method": method, **means, "better_on": better})
        if not as_json:
            click.echo(text)


def _print_flat(scores: Sequence[FlatScore], as_json: bool) -> None:
    if as_json:
        for s in scores:
            values = {"colour": s.colour, "method": s.method, "grid_codes": s.grid_codes}
            print_json({"event": "flat", **values})
        return
    methods = dict.fromkeys(s.method for s in scores)
    click.echo("flat fields, 6x6 amplitude in 8-bit codes\n  " + " " * 28 + "".join(f"{name:>14}" for name in methods))
    for colour in dict.fromkeys(s.colour for s in scores):
        row = {s.method: s.grid_codes for s in scores if s.colour == colour}
        click.echo(f"  {colour:28}" + "".join(f"{row[name]:14.4f}" for name in methods))


@click.command()
@click.option("--sizes", default="16,24,26,40", show_default=True, help="Megapixels, with commas.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True)
@WEIGHTS
@DEVICE
@JSON
def bench(sizes: str, rounds: int, weights: Path | None, device: str, as_json: bool) -> None:
    """Time the network and LibRaw's 3-pass in turn on the same simulated files; peak memory of each."""
    from xtdm_core.bench import run_bench

    with reporting(as_json) as report:
        rows = run_bench(sizes, rounds, weights, device, report)
    for row in rows:
        if as_json:
            print_json({"event": "bench", **row.as_dict()})
        else:
            click.echo(row.as_text())
