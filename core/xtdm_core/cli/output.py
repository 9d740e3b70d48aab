"""What the command line prints: progress bars or JSON lines, tables and warnings."""

from __future__ import annotations

import json
import logging
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType
from typing import TYPE_CHECKING

import click

from xtdm_core.errors import FileProblem, printable
from xtdm_core.progress import Progress, Report

if TYPE_CHECKING:
    from xtdm_core.demosaicing.network import Demosaicer

_JSON_INTERVAL_S = 0.5


@contextmanager
def reporting(as_json: bool) -> Iterator[Report]:
    """A report that draws a bar with the time left on stderr, or prints JSON lines on stdout.

    The bar is left out where stderr is not a terminal. Warnings of the engine's log go to stderr.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("xtdm: %(message)s"))
    log = logging.getLogger("xtdm_core")
    log.addHandler(handler)
    try:
        if as_json:
            yield _json_report()
        else:
            with _bar() as report:
                yield report
    finally:
        log.removeHandler(handler)


def tell_notes(demosaicer: Demosaicer) -> None:
    """Print what had to be assumed of a network, and what speaks against it, on stderr."""
    for note in demosaicer.notes:
        say(f"xtdm: {note}", err=True)


def say(text: str, *, err: bool = False) -> None:
    """Print lines with names of files or texts of Exif in them: what would steer a terminal is escaped."""
    click.echo("\n".join(printable(line) for line in text.split("\n")), err=err)


def print_any_name() -> None:
    """Print names that the terminal cannot show, or that are no UTF-8, with escapes for those letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def end_on_termination() -> None:
    """Make a termination, and the end of a terminal session, end the program as Ctrl-C does: nothing is left behind."""

    def end(number: int, _frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)  # the cleaning up is not to be interrupted
        raise SystemExit(128 + number)

    numbers = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    for number in numbers:
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(number, end)


def print_json(line: Mapping[str, object]) -> None:
    """Print one JSON object on a line of its own.

    In ASCII: names that are not UTF-8 are escaped as the halves of pairs that Python takes them for.
    """
    click.echo(json.dumps(line))


def print_problem(problem: FileProblem, as_json: bool) -> None:
    """A file that is left out: a JSON object, or a sentence on stderr."""
    if as_json:
        print_json({"event": "failed", "source": str(problem.path), "reason": problem.reason})
    else:
        click.echo(f"xtdm: {problem}", err=True)


def _json_report() -> Report:
    """Prints every change of stage, the end of each, and at most two lines a second between."""
    last_stage, last_time = ("", ""), 0.0

    def report(progress: Progress) -> None:
        nonlocal last_stage, last_time
        now = time.monotonic()
        stage = progress.stage, progress.subject
        if stage != last_stage or progress.done == progress.total or now - last_time > _JSON_INTERVAL_S:
            last_stage, last_time = stage, now
            metrics = {name: value for name, value in progress.metrics.items() if value == value}  # no NaN in JSON
            line = {"event": "progress", "stage": progress.stage, "done": progress.done, "total": progress.total}
            print_json({**line, **({"subject": progress.subject} if progress.subject else {}), **metrics})

    return report


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[metrics]}"),
    )
    console = Console(stderr=True)
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1, metrics="")
        stage = ""

        def report(progress: Progress) -> None:
            nonlocal stage
            words = f"{progress.stage} {progress.subject}".rstrip()
            if words != stage:
                stage = words
                bar.reset(task, description=escape(printable(stage)))
            metrics = "  ".join(f"{name} {value:.4g}" for name, value in progress.metrics.items())
            bar.update(task, completed=progress.done, total=progress.total, metrics=metrics)

        yield report
