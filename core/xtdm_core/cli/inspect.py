"""``xtdm inspect``. Heavy modules load on first use, as in ``cli``."""

from __future__ import annotations

from pathlib import Path

import click

from xtdm_core.cli.options import DEVICE, INPUT_WB, JSON, OVERWRITE, PATH, WEIGHTS
from xtdm_core.cli.output import print_json, reporting, say, tell_notes


@click.command()
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, help="A PNG to draw: folded cells, spectrum, worst places magnified.")
@WEIGHTS
@INPUT_WB
@DEVICE
@OVERWRITE
@JSON
def inspect(
    file: Path,
    output: Path | None,
    weights: Path | None,
    input_wb: str | None,
    device: str,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Measure the 6x6 grid of a raw file: of the network, of LibRaw's 3-pass Markesteijn, and of the raw itself.

    FILE may be an ordinary picture too: then its own grid is measured, counted from its corner.
    """
    from xtdm_core.files import refuse_existing
    from xtdm_core.inspection.report import as_objects, as_text, inspect_picture_file, inspect_raw_file
    from xtdm_core.raw.files import is_raw

    if output is not None:
        refuse_existing(output, overwrite)
    demosaicer = None
    if is_raw(file):
        from xtdm_core.demosaicing.network import Demosaicer

        demosaicer = Demosaicer.load(weights, device, input_wb)
        tell_notes(demosaicer)
    with reporting(as_json) as report:
        found = inspect_raw_file(file, demosaicer, report) if demosaicer else inspect_picture_file(file, report)
    if as_json:
        for line in as_objects(found):
            print_json(line)
    else:
        say("\n".join(as_text(found)))
    if output is not None:
        from xtdm_core.inspection.sheet import write_sheet

        write_sheet(found, output, overwrite)
        size_mb = output.stat().st_size / 1e6
        if as_json:
            print_json({"event": "written", "path": str(output)})
        else:
            say(f"{output}  {size_mb:.2f} MB  the inspector's sheet")
