"""``xtdm doctor``. Heavy modules load on first use, as in ``cli``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtdm_core.cli.options import DEVICE, INPUT_WB, JSON, PATH
from xtdm_core.cli.output import print_json, reporting, say, tell_notes

if TYPE_CHECKING:
    from xtdm_core.evaluation.doctor import Diagnosis


@click.command()
@click.argument("checkpoint", type=PATH)
@INPUT_WB
@DEVICE
@JSON
def doctor(checkpoint: Path, input_wb: str | None, device: str, as_json: bool) -> None:
    """Tell whether a checkpoint is fit to demosaic with, and if not, why.

    CHECKPOINT is a file, or a shipped network such as fast. It is examined on scenes made by formula: beside LibRaw's
    3-pass, on plain colours, under several lights and exposures, in all 18 phases, at the seams of tiles, with noise
    and on saturated edges. The exit status is 0 also for a checkpoint that is unfit.
    """
    from xtdm_core.demosaicing.network import Demosaicer
    from xtdm_core.evaluation.doctor import diagnose

    demosaicer = Demosaicer.load(checkpoint, device, input_wb)
    tell_notes(demosaicer)
    with reporting(as_json) as report:
        found = diagnose(demosaicer, report)
    if as_json:
        _print_objects(found)
    else:
        say(f"{checkpoint}: {found.verdict}")
        say("\n".join(_lines(found)))


def _lines(found: Diagnosis) -> list[str]:
    """A line per finding, the worst first, and the advice."""
    from xtdm_core.evaluation.doctor import Verdict

    ranked = sorted(found.findings, key=lambda finding: -list(Verdict).index(finding.verdict))
    lines = [
        f"  {finding.verdict:22} {finding.check.name:16} {finding.figure:8.2f} {finding.check.unit}: {finding.sentence}"
        for finding in ranked
    ]
    return [*lines, f"  advice: {found.advice}"] if found.advice else lines


def _print_objects(found: Diagnosis) -> None:
    for finding in found.findings:
        check = finding.check
        line = {"event": "finding", "check": check.name, "figure": round(finding.figure, 4), "unit": check.unit}
        print_json({**line, "good": check.good, "verdict": finding.verdict, "sentence": finding.sentence})
    print_json({"event": "diagnosis", "verdict": found.verdict, "advice": found.advice})
