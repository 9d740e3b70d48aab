"""The command line: ``xtdm …``. Heavy modules load on first use, so that help comes at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtdm_core import __version__
from xtdm_core.choices import NEURAL, Chroma, DemosaicMethod, Format
from xtdm_core.cli import datasets, evaluate, inspect, simulate, train
from xtdm_core.cli.options import DEVICE, INPUT_WB, JSON, OVERWRITE, PATH, WEIGHTS, Denoise
from xtdm_core.cli.output import print_json, print_problem, reporting
from xtdm_core.errors import BadOption, FileProblem, XtdmError, refusal
from xtdm_core.progress import Cancelled

if TYPE_CHECKING:
    from xtdm_core.batch import Job
    from xtdm_core.convert import ConvertOptions
    from xtdm_core.demosaic.network import Demosaicer
    from xtdm_core.progress import Report

_CANCELLED = 130


def main() -> None:
    """Runs the command line; every error a user can meet ends in one sentence and a non-zero status."""
    try:
        commands.main(prog_name="xtdm", standalone_mode=False)
    except XtdmError as error:
        click.echo(f"xtdm: {error}", err=True)
        sys.exit(1)
    except (OSError, MemoryError) as error:
        click.echo(f"xtdm: {refusal(error)}", err=True)
        sys.exit(1)
    except (Cancelled, KeyboardInterrupt, click.Abort):
        click.echo("xtdm: cancelled; nothing half-written is left", err=True)
        sys.exit(_CANCELLED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


@click.group(name="xtdm", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def commands() -> None:
    """RAW converter for Fujifilm X-Trans with a network that demosaics."""


@commands.command()
@click.argument("inputs", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", type=PATH, help="A folder, or a file name for a single input.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([*map(str, Format)]),
    help="HDR AVIF (10-bit HLG), sRGB TIFF (16-bit), or the bare linear camera RGB (32-bit float). "
    "Default: what the ending of the file name after -o says, else avif.",
)
@click.option(
    "--demosaic",
    "method",
    type=click.Choice([*map(str, DemosaicMethod)]),
    default=str(NEURAL),
    show_default=True,
    help="The network, or one of LibRaw's algorithms. LibRaw has no DHT for X-Trans: dht runs markesteijn3.",
)
@WEIGHTS
@INPUT_WB
@DEVICE
@click.option(
    "--tiles",
    type=click.Choice(["exact", "blended"]),
    default="exact",
    show_default=True,
    help="Exact tiles, or overlapping ones of 288 px blended over 48 px as older programs did.",
)
@click.option(
    "--denoise",
    type=Denoise(),
    metavar="auto|off|0…1.5",
    help="How much noise the network removes: auto is what the file shows, numbers are a factor on that. Default: the "
    "sidecar's, else auto; off for linear-tiff.",
)
@click.option(
    "--grain",
    type=click.FloatRange(0, 1),
    help="How much of the removed noise comes back as grey grain, 0 to 1. Default: the sidecar's, else 0.15.",
)
@click.option("--exposure", type=float, help="Exposure compensation in EV; wins over the sidecar's.")
@click.option(
    "--sidecar/--no-sidecar", default=True, show_default=True, help="Use the settings made in the window, if any."
)
@click.option("--chroma", type=click.Choice([*map(str, Chroma)]), default=str(Chroma.FULL), show_default=True)
@click.option("--quality", type=click.IntRange(1, 100), default=90, show_default=True, help="Of the AVIF.")
@OVERWRITE
@JSON
def convert(
    inputs: tuple[Path, ...],
    output: Path | None,
    format_name: str | None,
    method: str,
    weights: Path | None,
    input_wb: str | None,
    device: str,
    tiles: str,
    denoise: float | None,
    grain: float | None,
    exposure: float | None,
    sidecar: bool,
    chroma: str,
    quality: int,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Convert raw files, or folders of them, to HDR AVIF or TIFF.

    Without -o a picture lies beside its raw file; folders are searched to any depth and their tree is mirrored.
    """
    from xtdm_core.batch import choose_format, plan_jobs
    from xtdm_core.convert import ConvertOptions
    from xtdm_core.demosaic.network import Demosaicer
    from xtdm_core.develop.tone import Look

    written = choose_format(output, Format(format_name) if format_name else None)
    options = ConvertOptions(
        written,
        DemosaicMethod(method),
        tiles == "blended",
        Look(),
        Chroma(chroma),
        quality,
        overwrite,
        sidecar,
        exposure,
        denoise,
        grain,
    )
    _check_denoise(method, denoise, grain)
    jobs = plan_jobs(inputs, output, written)
    demosaicer = Demosaicer.load(weights, device, input_wb) if method == NEURAL else None
    for note in demosaicer.notes if demosaicer else ():
        click.echo(f"xtdm: {note}", err=True)
    if demosaicer and not demosaicer.takes_noise and (denoise or grain):
        raise BadOption("this network is not told the noise: leave --denoise and --grain out, or take fast or quality")
    with reporting(as_json) as report:
        skipped, failed = _convert_all(jobs, options, demosaicer, report, as_json)
    if not jobs:
        raise _nothing_in(inputs)
    if len(jobs) > 1 and not as_json:
        click.echo(_summary(len(jobs), skipped, len(failed)), err=True)
    if failed:
        for error in failed if not as_json else ():
            click.echo(f"xtdm: {error}", err=True)
        sys.exit(1)


def _check_denoise(method: str, denoise: float | None, grain: float | None) -> None:
    if method != "neural" and (denoise or grain):
        raise BadOption(f"only the network removes noise: leave --denoise and --grain out, or --demosaic {method}")


def _nothing_in(inputs: tuple[Path, ...]) -> XtdmError:
    return XtdmError(f"no RAF or DNG files in {', '.join(map(str, inputs))}")


def _convert_all(
    jobs: list[Job], options: ConvertOptions, demosaicer: Demosaicer | None, report: Report, as_json: bool
) -> tuple[int, list[XtdmError]]:
    """Converts what can be converted; returns how many files were skipped, and the errors of those that failed."""
    from xtdm_core.convert import convert as convert_one
    from xtdm_core.progress import Progress, Stage

    failed: list[XtdmError] = []
    skipped = 0
    for i, job in enumerate(jobs):
        report(Progress(Stage.CONVERTING, i, len(jobs), subject=job.source.name))
        if not job.explicit and not options.overwrite and job.target.exists():
            _tell_skipped(job, as_json)
            skipped += 1
            continue
        try:
            result = convert_one(job.source, job.target, options, demosaicer, report)
        except FileProblem as error:
            failed.append(error)
            if as_json:
                print_json({"event": "failed", "source": str(job.source), "reason": error.reason})
            continue
        if as_json:
            line = {"event": "written", "source": str(result.source), "path": str(result.path)}
            print_json({**line, "bytes": result.size_bytes, "what": result.description, "notes": result.notes})
        else:
            click.echo(f"{result.path}  {result.size_bytes / 1e6:.2f} MB  {result.description}")
            for note in result.notes:
                click.echo(f"  note: {note}")
    return skipped, failed


def _summary(count: int, skipped: int, failed: int) -> str:
    """How files ended; the sentences of those that failed follow."""
    counts = {"written": count - skipped - failed, "skipped": skipped, "failed": failed}
    words = ", ".join(f"{number} {state}" for state, number in counts.items() if number or state == "written")
    return f"xtdm: {words}{':' if failed else ''}"


def _tell_skipped(job: Job, as_json: bool) -> None:
    if as_json:
        print_json({"event": "skipped", "source": str(job.source), "path": str(job.target)})
    else:
        click.echo(f"{job.target}  is there already: skipped (--overwrite replaces it)")


@commands.command(hidden=True)
def worker() -> None:
    """Convert what lines of JSON on stdin ask for: the window's child process."""
    from xtdm_core.worker import work

    with reporting(as_json=True) as report:
        work(iter(sys.stdin.readline, ""), report, print_json)


@commands.command()
@click.argument("inputs", nargs=-1, required=True, type=PATH)
@JSON
def info(inputs: tuple[Path, ...], as_json: bool) -> None:
    """Show what raw files say: camera, CFA phase, levels, white balance, dynamic range, headroom.

    Folders are searched to any depth.
    """
    from xtdm_core.inspection.file_info import as_text, describe
    from xtdm_core.raw.files import raw_files

    files = [file for given in inputs for file in (raw_files(given) if given.is_dir() else (given,))]
    if not files:
        raise _nothing_in(inputs)
    described = 0
    for file in files:
        try:
            facts = describe(file)
        except FileProblem as problem:
            print_problem(problem, as_json)
            continue
        if as_json:
            print_json(facts)
        else:
            if described:
                click.echo()
            click.echo(as_text(facts))
        described += 1
    if described < len(files):
        sys.exit(1)


@commands.command()
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, help="A folder, or the name of the PNG.")
@WEIGHTS
@INPUT_WB
@DEVICE
@OVERWRITE
def compare(
    file: Path, output: Path | None, weights: Path | None, input_wb: str | None, device: str, overwrite: bool
) -> None:
    """Draw where the network and LibRaw's 3-pass Markesteijn differ most, side by side and labelled.

    Without -o the picture, photo_compare.png, lies beside its raw file.
    """
    from xtdm_core.demosaic.network import Demosaicer
    from xtdm_core.evaluation.compare import compare as draw
    from xtdm_core.evaluation.compare import picture_path

    target = picture_path(file, output)
    with reporting(as_json=False) as report:
        draw(file, target, Demosaicer.load(weights, device, input_wb), overwrite, report)
    click.echo(f"{target}  {target.stat().st_size / 1e6:.2f} MB  crops of LibRaw and the network, side by side")


for _command in (
    inspect.inspect,
    evaluate.ab,
    evaluate.bench,
    evaluate.evaluate,
    datasets.dataset,
    datasets.sharpness,
    simulate.simulate,
    train.train,
):
    commands.add_command(_command)
