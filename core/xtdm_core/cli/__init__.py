"""The command line: ``xtdm …``. Heavy modules load on first use, so that help comes at once."""

from __future__ import annotations

import sys
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xtdm_core import __version__
from xtdm_core.choices import NEURAL, QUALITY, Chroma, DemosaicMethod, Format, MetadataPolicy
from xtdm_core.cli import datasets, doctor, evaluate, inspect, simulate, train
from xtdm_core.cli.looks import asked_of, look_options
from xtdm_core.cli.options import DEVICE, INPUT_WB, JSON, OVERWRITE, PATH, WEIGHTS
from xtdm_core.cli.output import end_on_termination, print_any_name, print_json, print_problem, reporting, say
from xtdm_core.errors import (
    SHORT_OF_MEMORY,
    BadOption,
    FileProblem,
    XtdmError,
    describe_os_error,
    is_short_of_memory,
)
from xtdm_core.progress import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xtdm_core.batch_run import Failed, NetworkChoice, Outcome, Skipped
    from xtdm_core.conversion import ConversionResult, ConvertOptions
    from xtdm_core.demosaicing.network import Demosaicer

_CANCELLED = 130


def main() -> None:
    """Runs the command line; every error a user can meet ends in one sentence and a non-zero status."""
    print_any_name()
    end_on_termination()
    warnings.filterwarnings("ignore", module="PIL")  # of odd Exif, which is kept as it is
    try:
        commands.main(prog_name="xtdm", standalone_mode=False)
    except XtdmError as error:
        click.echo(f"xtdm: {error}", err=True)
        sys.exit(1)
    except (Cancelled, KeyboardInterrupt, click.Abort):
        click.echo("xtdm: cancelled; nothing half-written is left", err=True)
        sys.exit(_CANCELLED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        if not isinstance(error, OSError) and not is_short_of_memory(error):
            raise
        click.echo(f"xtdm: {describe_os_error(error)}", err=True)
        sys.exit(1)


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
    help="HDR AVIF (10-bit HLG), SDR AVIF (10-bit sRGB), Ultra HDR JPEG, sRGB TIFF (16-bit), linear DNG for other raw "
    "developers, or the bare linear camera RGB (32-bit float). "
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
@look_options
@click.option(
    "--sidecar/--no-sidecar", default=True, show_default=True, help="Use the settings made in the window, if any."
)
@click.option(
    "--hot-pixels/--no-hot-pixels",
    default=True,
    show_default=True,
    help="Replace hot and dead photosites, or keep them.",
)
@click.option("--chroma", type=click.Choice([*map(str, Chroma)]), default=str(Chroma.FULL), show_default=True)
@click.option(
    "--quality",
    type=click.IntRange(1, 100),
    help=f"Default: {QUALITY[Format.AVIF]} for AVIF, {QUALITY[Format.JPEG]} for JPEG.",
)
@click.option("--speed", type=click.IntRange(0, 10), default=8, show_default=True, help="Of the AVIF's encoder.")
@click.option("--gain-map/--no-gain-map", default=True, show_default=True, help="An Ultra HDR JPEG, or an SDR one.")
@click.option("--max-size", type=click.IntRange(1), metavar="PX", help="The most pixels of the longer side.")
@click.option(
    "--metadata",
    type=click.Choice([*map(str, MetadataPolicy)]),
    default=str(MetadataPolicy.ALL),
    show_default=True,
    help="Keep Exif and XMP of the raw file and of NAME.xmp and NAME.RAF.xmp; without the place; or write none.",
)
@OVERWRITE
@click.option(
    "--resume",
    is_flag=True,
    help="Continue an interrupted batch: leave out what was already written with the same settings, even with "
    "--overwrite.",
)
@click.option(
    "--workers",
    metavar="N|tcp://HOST:PORT",
    help="Convert in so many processes, or on a cluster of dask.distributed whose machines see the files under the "
    "same paths (needs the extra cluster).",
)
@JSON
def convert(
    inputs: tuple[Path, ...],
    output: Path | None,
    format_name: str | None,
    weights: Path | None,
    input_wb: str | None,
    device: str,
    resume: bool,
    workers: str | None,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Convert raw files, or folders of them, to AVIF, JPEG, TIFF or DNG.

    Without -o a picture lies beside its raw file; folders are searched to any depth and their tree is mirrored.
    Where two raw files would give one name, the second picture is numbered.
    """
    from xtdm_core.batch import TargetNames, plan_jobs
    from xtdm_core.batch_run import BatchRun, Failed, NetworkChoice, no_network
    from xtdm_core.cluster import run_on_cluster
    from xtdm_core.demosaicing.network import checkpoint_path
    from xtdm_core.export.formats import choose_format
    from xtdm_core.journal import Journal

    options = _convert_options(choose_format(output, Format(format_name) if format_name else None), **wishes)
    journal, closed = Journal(), list[FileProblem]()
    with reporting(as_json) as report:
        jobs = plan_jobs(inputs, output, options.format, TargetNames(journal), options.overwrite, closed.append)
    by_network = options.demosaic == NEURAL
    denoises = bool(wishes["denoise"] or wishes["grain"])
    choice = NetworkChoice(_from_any_folder(weights), device, input_wb)
    network = partial(_load, choice, denoises) if by_network else no_network
    batch = BatchRun(options, network, checkpoint_path(weights) if by_network else None, journal, resume)
    failed = [Failed(problem.path, problem.path, problem.reason) for problem in closed]
    with reporting(as_json) as report:
        outcomes = run_on_cluster(batch, jobs, workers, report) if workers else batch.run(jobs, report)
        skipped = _tell_all(outcomes, failed, as_json)
    if not jobs and not failed:
        raise _nothing_in(inputs)
    _tell_end(len(jobs) + len(closed), skipped, failed, as_json)


def _convert_options(
    written: Format,
    method: str,
    tiles: str,
    sidecar: bool,
    hot_pixels: bool,
    chroma: str,
    quality: int | None,
    speed: int,
    gain_map: bool,
    max_size: int | None,
    metadata: str,
    overwrite: bool,
    **looks: Any,
) -> ConvertOptions:
    """Make the options of what the command line was given. Raises BadOption, BadPreset, BadLut."""
    from xtdm_core.conversion import ConvertOptions

    if method != NEURAL and (looks["denoise"] or looks["grain"]):
        raise BadOption(f"only the network removes noise: leave --denoise and --grain out, or --demosaic {method}")
    return ConvertOptions(
        written,
        DemosaicMethod(method),
        blended=tiles == "blended",
        chroma=Chroma(chroma),
        quality=quality,
        overwrite=overwrite,
        sidecar=sidecar,
        asked=asked_of(looks),
        crop=looks["crop"],
        straighten=looks["straighten"],
        hot_pixels=hot_pixels,
        metadata=MetadataPolicy(metadata),
        max_size=max_size,
        speed=speed,
        gain_map=gain_map,
    )


def _from_any_folder(weights: Path | None) -> Path | None:
    """The same checkpoint for workers that were started elsewhere; shipped networks go by their names."""
    from xtdm_core.assets import shipped_networks

    return weights if weights is None or str(weights) in shipped_networks() else weights.absolute()


def _load(choice: NetworkChoice, denoises: bool) -> Demosaicer:
    """Load the network; tell the first time what was assumed of it. Raises BadOption where it cannot remove noise."""
    known = choice.is_loaded()
    demosaicer = choice()
    for note in demosaicer.notes if not known else ():
        click.echo(f"xtdm: {note}", err=True)
    if denoises and not demosaicer.takes_noise:
        raise BadOption("this network takes no noise level: leave out --denoise and --grain, or use --weights fast")
    return demosaicer


def _tell_end(count: int, skipped: int, failed: list[Failed], as_json: bool) -> None:
    """The summary, and what failed; ends the program where something did."""
    if count > 1 and not as_json:
        click.echo(_summary(count, skipped, len(failed)), err=True)
    for one in failed if not as_json else ():
        say(f"xtdm: {one.path}: {one.reason}", err=True)
    if failed:
        sys.exit(1)


def _nothing_in(inputs: tuple[Path, ...]) -> XtdmError:
    return XtdmError(f"no RAF or DNG files in {', '.join(map(str, inputs))}")


def _tell_all(outcomes: Iterator[Outcome], failed: list[Failed], as_json: bool) -> int:
    """Tells what becomes of files; returns how many were skipped, and adds to ``failed``."""
    from xtdm_core.batch_run import Failed, Skipped

    skipped = 0
    for one in failed if as_json else ():
        _tell_failed(one)
    for outcome in outcomes:
        if isinstance(outcome, Failed):
            failed.append(outcome)
            if as_json:
                _tell_failed(outcome)
        elif isinstance(outcome, Skipped):
            _print_skipped(outcome, as_json)
            skipped += 1
        else:
            _tell_written(outcome, as_json)
    return skipped


def _tell_failed(one: Failed) -> None:
    print_json({"event": "failed", "source": str(one.source), "reason": one.reason})


def _tell_written(result: ConversionResult, as_json: bool) -> None:
    if as_json:
        line = {"event": "written", "source": str(result.source), "path": str(result.path)}
        print_json({**line, "bytes": result.size_bytes, "what": result.description, "notes": result.notes})
        return
    say(f"{result.path}  {result.size_bytes / 1e6:.2f} MB  {result.description}")
    for note in result.notes:
        say(f"  note: {note}")


def _summary(count: int, skipped: int, failed: int) -> str:
    """How files ended; the sentences of those that failed follow."""
    counts = {"written": count - skipped - failed, "skipped": skipped, "failed": failed}
    words = ", ".join(f"{number} {state}" for state, number in counts.items() if number or state == "written")
    return f"xtdm: {words}{':' if failed else ''}"


def _print_skipped(skipped: Skipped, as_json: bool) -> None:
    if as_json:
        print_json({"event": "skipped", "source": str(skipped.source), "path": str(skipped.path)})
    elif skipped.resumed:
        say(f"{skipped.path}  was written with these settings before: left as it is")
    else:
        say(f"{skipped.path}  already exists: skipped (--overwrite replaces it)")


@commands.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@JSON
def verify(files: tuple[Path, ...], as_json: bool) -> None:
    """Check that finished pictures are whole: container, colours, Exif, XMP, and every pixel decodes."""
    from xtdm_core.export.verify import verify as verify_one

    damaged = False
    for file in files:
        try:
            what = verify_one(file)
        except (FileProblem, MemoryError) as error:
            print_problem(_about(file, error), as_json)
            damaged = True
            continue
        if as_json:
            print_json({"event": "whole", "path": str(file), "what": what})
        else:
            click.echo(f"{file}  whole: {what}")
    if damaged:
        sys.exit(1)


def _about(file: Path, error: FileProblem | MemoryError) -> FileProblem:
    return error if isinstance(error, FileProblem) else FileProblem(file, SHORT_OF_MEMORY)


@commands.command(hidden=True)
def worker() -> None:
    """Convert what lines of JSON on stdin ask for: the window's child process."""
    from xtdm_core.worker import serve

    with reporting(as_json=True) as report:
        serve(iter(sys.stdin.readline, ""), report, print_json)


@commands.command()
@click.argument("inputs", nargs=-1, required=True, type=PATH)
@JSON
def info(inputs: tuple[Path, ...], as_json: bool) -> None:
    """Show what raw files say: camera, CFA phase, levels, white balance, dynamic range, headroom.

    Folders are searched to any depth.
    """
    from xtdm_core.files import is_folder
    from xtdm_core.inspection.file_info import as_text, describe
    from xtdm_core.raw.files import raw_files

    closed: list[FileProblem] = []
    files = [file for given in inputs for file in (raw_files(given, closed.append) if is_folder(given) else (given,))]
    if not files and not closed:
        raise _nothing_in(inputs)
    for problem in closed:
        print_problem(problem, as_json)
    described = 0
    for file in files:
        try:
            facts = describe(file)
        except (FileProblem, MemoryError) as error:
            print_problem(_about(file, error), as_json)
            continue
        if as_json:
            print_json(facts)
        else:
            if described:
                click.echo()
            say(as_text(facts))
        described += 1
    if closed or described < len(files):
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
    from xtdm_core.demosaicing.network import Demosaicer
    from xtdm_core.evaluation.compare import compare as draw
    from xtdm_core.evaluation.compare import picture_path

    target = picture_path(file, output)
    with reporting(as_json=False) as report:
        draw(file, target, Demosaicer.load(weights, device, input_wb), overwrite, report)
    say(f"{target}  {target.stat().st_size / 1e6:.2f} MB  crops of LibRaw and the network, side by side")


for _command in (
    inspect.inspect,
    doctor.doctor,
    evaluate.ab,
    evaluate.bench,
    evaluate.evaluate,
    datasets.dataset,
    datasets.sharpness,
    simulate.simulate,
    train.train,
):
    commands.add_command(_command)
