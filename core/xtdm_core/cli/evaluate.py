"""The commands that measure: ``xtdm evaluate``, ``xtdm ab`` and ``xtdm bench``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtdm_core.assets import DEFAULT_NETWORK
from xtdm_core.cli.options import DEVICE, INPUT_WB, JSON, OVERWRITE, PATH, WEIGHTS
from xtdm_core.cli.output import print_json, print_problem, reporting, say, tell_notes
from xtdm_core.errors import BadOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xtdm_core.demosaicing.methods import Method
    from xtdm_core.evaluation.ab import FileComparison
    from xtdm_core.evaluation.ground_truth import TruthScores
    from xtdm_core.evaluation.patterns import FlatScore, PatternScore
    from xtdm_core.evaluation.pictures import Score
    from xtdm_core.frame import Noise
    from xtdm_core.progress import Report


@click.command()
@click.argument("folder", type=PATH, required=False)
@click.option(
    "--weights",
    multiple=True,
    help="A checkpoint, or the name of a shipped network, instead of the default one; may be repeated.",
)
@click.option(
    "--noise",
    is_flag=True,
    help="Measure the pictures at four noise levels too, from about ISO 400 to 25600; the truth stays clean.",
)
@click.option(
    "--bm3d",
    is_flag=True,
    help="With --noise: LibRaw's 3-pass and the networks without denoising, followed by BM3D, too. Slow.",
)
@click.option("--patterns", is_flag=True, help="Measure made patterns and flat fields, with FOLDER or without.")
@click.option("--count", type=click.IntRange(1), default=16, show_default=True, help="Images of each kind of pattern.")
@INPUT_WB
@DEVICE
@JSON
def evaluate(
    folder: Path | None,
    weights: tuple[str, ...],
    noise: bool,
    bm3d: bool,
    patterns: bool,
    count: int,
    input_wb: str | None,
    device: str,
    as_json: bool,
) -> None:
    """Measure networks and LibRaw on pictures with known truth, through simulated RAF files.

    Of the pictures in FOLDER it prints the mean PSNR and SSIM in sRGB, the local 6x6 amplitude of the error in 8-bit
    codes, and its ratio to that of LibRaw's 3-pass.

    With --noise networks that take noise are told it as it is, and 0.7 and 1.4 times of it; with --patterns too, what
    is left of the noise on grey fields: its standard deviation by octave, the mean's error, the 6x6 amplitude, all in
    8-bit codes.

    With --patterns it prints the PSNR of each kind of made pattern: the mean square error over all images of the kind,
    then the logarithm; beside it ("by image") the mean difference of the images' own PSNRs. What comes out exact would
    be infinitely good: errors below those of rounding to 8 bits count as those, so that 58.9 dB is the most. Flat
    fields: constant colours in, 6x6 amplitude out.
    """
    from xtdm_core.demosaicing.methods import find_methods

    if folder is None and not patterns:
        raise BadOption("there is nothing to measure: give a folder of pictures, or --patterns")
    networks = find_methods(weights or [DEFAULT_NETWORK], device, input_wb)
    _print_notes(networks)
    with reporting(as_json) as report:
        if folder is not None:
            _evaluate_pictures(folder, networks, None, as_json, report)
        if folder is not None and noise:
            _evaluate_noisy(folder, networks, bm3d, as_json, report)
        if patterns:
            _evaluate_patterns(networks, count, as_json, report)
        if patterns and noise:
            _evaluate_flat_noise(networks, as_json, report)


def _once(methods: Sequence[Method]) -> list[Method]:
    """Without those that were named twice."""
    return list({method.name: method for method in methods}.values())


def _print_notes(methods: Sequence[Method]) -> None:
    for method in methods:
        if method.demosaicer:
            tell_notes(method.demosaicer)


def _evaluate_pictures(
    folder: Path, methods: Sequence[Method], noise: Noise | None, as_json: bool, report: Report
) -> None:
    from xtdm_core.demosaicing.methods import libraw_methods
    from xtdm_core.evaluation.pictures import evaluate as score

    _print_scores(score(folder, _once([*methods, *libraw_methods()]), noise, report), noise, as_json)


def _evaluate_noisy(folder: Path, networks: Sequence[Method], bm3d: bool, as_json: bool, report: Report) -> None:
    from xtdm_core.demosaicing.methods import with_wrong_noise
    from xtdm_core.evaluation.pictures import NOISES
    from xtdm_core.evaluation.sequential import sequential_methods

    methods = [*networks, *with_wrong_noise(networks), *(sequential_methods(networks) if bm3d else ())]
    for noise in NOISES:
        _evaluate_pictures(folder, methods, noise, as_json, report)


def _print_scores(scores: Sequence[Score], noise: Noise | None, as_json: bool) -> None:
    from xtdm_core.demosaicing.methods import REFERENCE
    from xtdm_core.evaluation.pictures import mean_scores

    means = mean_scores(scores)
    images = len(scores) // len(means)
    kind = f", noise of variance {noise.a:g} x + {noise.b:.2g}" if noise else ""
    told = noise and asdict(noise)
    if as_json:
        for s in scores:
            line = {"event": "score", "image": s.image, "method": s.method, "noise": told}
            print_json({**line, **asdict(s.marks)})
    else:
        click.echo(f"pictures: {images}{kind}")
        click.echo(f"  {'':20}    PSNR    SSIM  6x6 codes  of {REFERENCE}'s")
    for method, marks in means.items():
        ratio = marks.grid_codes / means[REFERENCE].grid_codes if means[REFERENCE].grid_codes else None
        if as_json:
            line = {"event": "mean", "method": method, "noise": told}
            print_json({**line, "images": images, **asdict(marks), "grid_ratio": ratio})
        else:
            of = "" if ratio is None else f"{ratio:13.2f} x"
            click.echo(f"  {method:20} {marks.psnr_db:6.2f}  {marks.ssim:.4f}  {marks.grid_codes:9.3f}  {of}")


def _evaluate_patterns(networks: Sequence[Method], count: int, as_json: bool, report: Report) -> None:
    from xtdm_core.demosaicing.methods import REFERENCE, find_methods
    from xtdm_core.evaluation.patterns import evaluate_flat, evaluate_patterns

    methods = _once([*find_methods([REFERENCE]), *networks])
    _print_patterns(evaluate_patterns(methods, count, report), as_json)
    _print_flat(evaluate_flat(methods, report), as_json)


def _evaluate_flat_noise(networks: Sequence[Method], as_json: bool, report: Report) -> None:
    from xtdm_core.demosaicing.methods import REFERENCE, find_methods
    from xtdm_core.evaluation.flat_noise import OCTAVES, evaluate_flat_noise
    from xtdm_core.evaluation.pictures import NOISES

    for noise in NOISES:
        scores = evaluate_flat_noise(_once([*find_methods([REFERENCE]), *networks]), noise, report)
        if as_json:
            for s in scores:
                print_json({"event": "flat-noise", "noise": asdict(noise), **asdict(s)})
            continue
        header = "".join(f"{octave:6}" for octave in OCTAVES)
        click.echo(f"grey fields, noise of variance {noise.a:g} x + {noise.b:.2g}: sigma by octave of px, in codes")
        click.echo(f"  {'':26}luma{header}   chroma{header}   mean    6x6")
        for s in scores:
            luma, chroma = ("".join(f"{value:6.2f}" for value in values) for values in (s.luma, s.chroma))
            click.echo(f"  {s.grey:5g} {s.method:24}{luma}         {chroma}  {s.mean_error:5.2f}  {s.grid:5.2f}")


def _print_patterns(scores: Sequence[PatternScore], as_json: bool) -> None:
    from xtdm_core.demosaicing.methods import REFERENCE

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
            say(text)


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
    from xtdm_core.evaluation.bench import run_bench

    with reporting(as_json) as report:
        rows = run_bench(sizes, rounds, weights, device, report)
    for row in rows:
        if as_json:
            print_json({"event": "bench", **row.as_dict()})
        else:
            say(row.as_text())


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.argument("inputs", metavar="[DIR|FILE]...", nargs=-1, type=PATH)
@click.option("-o", "--output", type=PATH, help="Folder for contact sheets (PNG) of where the two differ most.")
@INPUT_WB
@DEVICE
@OVERWRITE
@JSON
def ab(
    first: str,
    second: str,
    inputs: tuple[Path, ...],
    output: Path | None,
    input_wb: str | None,
    device: str,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Hold two ways to demosaic against each other, file by file.

    A and B are checkpoints, shipped networks such as fast, or LibRaw's algorithms such as markesteijn3. Ordinary
    pictures are turned into simulated RAF files, so that their truth is known: PSNR, SSIM and local 6x6 amplitude of
    both, and B - A. Of raw files only the difference is known: its rms, 99.9th percentile and maximum in 8-bit sRGB
    codes, and where it is. A folder stands for its raw files or, where it has none, for its pictures. Without files
    the sample photograph is used.
    """
    from xtdm_core.assets import asset
    from xtdm_core.demosaicing.methods import find_methods
    from xtdm_core.evaluation.ab import expand_inputs, sheet_paths, write_sheets
    from xtdm_core.files import refuse_existing

    paths = expand_inputs(inputs or (asset("sample.RAF"),))
    a, b = find_methods([first, second], device, input_wb)
    _print_notes((a, b))
    for page in sheet_paths(len(paths), a, b, output) if output else ():
        refuse_existing(page, overwrite)
    done = _compare_files(a, b, paths, as_json)
    _print_summary([one.marks for one in done if one.marks], as_json)
    _print_pages(write_sheets([one.entry for one in done], a, b, output, overwrite) if output else [], as_json)
    if len(done) < len(paths):
        sys.exit(1)


def _compare_files(a: Method, b: Method, paths: Sequence[Path], as_json: bool) -> list[FileComparison]:
    """Compare and print file by file; returns those that could be read."""
    from xtdm_core.errors import FileProblem
    from xtdm_core.evaluation.ab import run_ab

    done: list[FileComparison] = []
    with reporting(as_json) as report:
        if not as_json:
            _print_heading(a, b)
        for result in run_ab(a, b, paths, report):
            if isinstance(result, FileProblem):
                print_problem(result, as_json)
            else:
                _print_comparison(result, as_json)
                done.append(result)
    return done


def _print_pages(pages: Sequence[Path], as_json: bool) -> None:
    for page in pages:
        if as_json:
            print_json({"event": "written", "path": str(page)})
        else:
            say(f"{page}  {page.stat().st_size / 1e6:.2f} MB  contact sheet")


def _print_heading(a: Method, b: Method) -> None:
    say(f"A = {a.name}, B = {b.name}; differences and 6x6 amplitudes in 8-bit sRGB codes, PSNR in dB")
    marks = "".join(f"  |{'A':>7}{'B':>7}{'B - A':>8}" for _ in range(3))
    click.echo(f"{'':20}{'differ':>7}{'':25}" + "".join(f"  |{label:>7}{'':15}" for label in ("PSNR", "SSIM", "6x6")))
    click.echo(f"{'':20}{'rms':>7}{'99.9 %':>7}{'max':>7} {'row,column':>10}{marks}")


def _print_comparison(one: FileComparison, as_json: bool) -> None:
    d = one.difference
    if as_json:
        a, b = map(asdict, one.marks) if one.marks else (None, None)
        print_json({"event": "compared", "source": str(one.source), "difference": asdict(d), "a": a, "b": b})
        return
    known = _marks_text(*one.marks) if one.marks else ""
    place = f"{d.row},{d.column}"
    say(f"{one.source.name:20}{d.rms_codes:7.2f}{d.p999_codes:7.1f}{d.max_codes:7.1f} {place:>10}{known}")


def _marks_text(a: TruthScores, b: TruthScores) -> str:
    """Each mark of A and of B, and B - A."""
    columns = (("psnr_db", ".2f"), ("ssim", ".4f"), ("grid_codes", ".3f"))
    values = [(getattr(a, name), getattr(b, name), places) for name, places in columns]
    return "".join(f"  |{x:7{places}}{y:7{places}}{y - x:+8{places}}" for x, y, places in values)


def _print_summary(both: Sequence[tuple[TruthScores, TruthScores]], as_json: bool) -> None:
    """Means, and on how many pictures B and A are better, where the truth is known."""
    if not both:
        return
    from xtdm_core.evaluation.ab import better
    from xtdm_core.evaluation.pictures import mean_truth_scores

    a, b = (mean_truth_scores([pair[i] for pair in both]) for i in (0, 1))
    signs = [better(*pair) for pair in both]
    wins = {name: [[s[name] for s in signs].count(sign) for sign in (-1, 1)] for name in signs[0]}
    if as_json:
        better_on = {name: {"a": won[0], "b": won[1]} for name, won in wins.items()}
        print_json({"event": "mean", "images": len(both), "a": asdict(a), "b": asdict(b), "better_on": better_on})
        return
    click.echo(f"{f'mean of {len(both)}':52}{_marks_text(a, b)}")
    click.echo(f"{'better on':52}" + "".join(f"  |{won[0]:7}{won[1]:7}{'':8}" for won in wins.values()))
