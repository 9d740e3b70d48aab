"""Tell what became of the files of a batch, line by line or as JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from xtdm_core.cli.output import print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xtdm_core.batch_run import Failed, Outcome, Skipped
    from xtdm_core.conversion import ConversionResult


def tell_end(count: int, skipped: int, failed: list[Failed], as_json: bool) -> None:
    """The summary, and what failed; ends the program where something did."""
    if count > 1 and not as_json:
        click.echo(_summary(count, skipped, len(failed)), err=True)
    for one in failed if not as_json else ():
        say(f"xtdm: {one.path}: {one.reason}", err=True)
    if failed:
        sys.exit(1)


def tell_all(outcomes: Iterator[Outcome], failed: list[Failed], as_json: bool) -> int:
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
