"""``xtdm worker``: converts file after file as lines on stdin ask, and keeps the network loaded between them.

The window runs it as a child that it may kill at any moment. A ``ConversionRequest`` comes in as one JSON object a
line. Out go, one a line, {"event": "progress", "stage", "done", "total"} and one last word for each request: {"event":
"written", "path", "what", "notes"}, {"event": "skipped", "path"} or {"event": "failed", "reason", "details"}. It ends
with stdin.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtdm_core.batch import Job, TargetNames, numbered
from xtdm_core.batch_run import BatchRun, Failed, Skipped, failure, no_network
from xtdm_core.choices import NEURAL, SUFFIX, Chroma, Conflict, DemosaicMethod, Device, Format, MetadataPolicy
from xtdm_core.conversion import ConversionResult, ConvertOptions
from xtdm_core.demosaicing.network import checkpoint_path
from xtdm_core.develop.look_values import parse_look
from xtdm_core.errors import BadOption
from xtdm_core.journal import Journal
from xtdm_core.progress import Cancelled
from xtdm_core.raw.reader import read_exif_summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from xtdm_core.demosaicing.network import Demosaicer
    from xtdm_core.progress import Report

DATE = "{date}"
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class ConversionRequest:
    """One file to convert.

    folder    where the picture goes
    name      its name without suffix; ``{date}`` in it becomes the day of the shot, as 2026-01-31
    conflict  what to do where such a file is there already; ``options.overwrite`` does not count
    weights   a checkpoint, None for the default network
    resume    it was begun before: a picture that is made already with the same settings is not made again
    """

    source: Path
    folder: Path
    name: str
    conflict: Conflict
    options: ConvertOptions
    weights: Path | None = None
    device: str = Device.AUTO
    resume: bool = False

    def to_json(self) -> str:
        """One line, without its end."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, line: str) -> ConversionRequest:
        """The order that ``to_json`` made a line of."""
        values: dict[str, Any] = json.loads(line)
        options = values["options"]
        return cls(
            source=Path(values["source"]),
            folder=Path(values["folder"]),
            name=values["name"],
            conflict=Conflict(values["conflict"]),
            options=ConvertOptions(
                **{
                    **options,
                    "format": Format(options["format"]),
                    "demosaic": DemosaicMethod(options["demosaic"]),
                    "chroma": Chroma(options["chroma"]),
                    "metadata": MetadataPolicy(options["metadata"]),
                    "look": parse_look(options["look"]),
                    "crop": tuple(options["crop"]) if options["crop"] else None,
                }
            ),
            weights=Path(values["weights"]) if values["weights"] else None,
            device=values["device"],
            resume=values["resume"],
        )


def job_of(order: ConversionRequest, names: TargetNames) -> Job:
    """The file that an order is about, under a name that no other raw file's picture has.

    Raises UnsupportedRaw where the day of the shot cannot be read, BadOption for a name that leads elsewhere.
    """
    replace_it, new = order.conflict == Conflict.OVERWRITE, order.conflict == Conflict.NUMBER
    target = names.claim(order.source, order.folder, _name(order), SUFFIX[order.options.format], replace_it, new)
    return Job(order.source, target, explicit=new)


def _name(order: ConversionRequest) -> str:
    name = order.name.replace(DATE, day_of_shot(order.source)) if DATE in order.name else order.name
    if not name or Path(name).name != name:
        raise BadOption(f"{name!r} is not a file name: choose another")
    return name


def day_of_shot(source: Path) -> str:
    """Find the day of the shot, as 2026-01-31; that of the file's last change where the camera tells none.

    Raises UnsupportedRaw.
    """
    taken_at = read_exif_summary(source).info.taken_at
    if taken_at:
        return taken_at[:10].replace(":", "-")
    return datetime.fromtimestamp(source.stat().st_mtime).strftime("%Y-%m-%d")


def serve(lines: Iterable[str], report: Report, say: Callable[[dict[str, object]], None]) -> None:
    """Convert what ``lines`` ask for until they end; what fails is reported and the next one begins."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # the window is to stay quick
    network: dict[tuple[Path | None, str], Demosaicer] = {}
    journal = Journal()
    names = TargetNames(journal)
    for line in lines:
        order = ConversionRequest.from_json(line)
        try:
            say(_words(_convert(order, names, journal, network, report)))
        except Cancelled:
            raise
        except Exception as error:  # one file's trouble, of whatever kind, is not that of the next
            say(_words(failure(order.source, error)))


def _words(outcome: ConversionResult | Skipped | Failed) -> dict[str, object]:
    if isinstance(outcome, Failed):
        # The asker knows the raw file. Another one's path comes last: in a narrow list the reason is to be read.
        about = "" if outcome.path == outcome.source else f" ({outcome.path})"
        return {"event": "failed", "reason": f"{outcome.reason}{about}", "details": outcome.details}
    if isinstance(outcome, Skipped):
        return {
            "event": "written" if outcome.resumed else "skipped",
            "path": str(outcome.path),
            "what": "",
            "notes": (),
        }
    return {"event": "written", "path": str(outcome.path), "what": outcome.description, "notes": outcome.notes}


def _convert(
    order: ConversionRequest,
    names: TargetNames,
    journal: Journal,
    network: dict[tuple[Path | None, str], Demosaicer],
    report: Report,
) -> ConversionResult | Skipped | Failed:
    options = replace(order.options, overwrite=order.conflict == Conflict.OVERWRITE)
    weights = checkpoint_path(order.weights) if options.demosaic == NEURAL else None
    batch = BatchRun(options, no_network, weights, journal, order.resume)
    written = _written_before(order, batch) if order.resume else None
    if written is not None:
        return Skipped(order.source, written, resumed=True)
    job = job_of(order, names)
    if not job.explicit and not options.overwrite and job.target.exists():
        return Skipped(order.source, job.target, resumed=False)
    loaded = _network(order, network, report)
    return replace(batch, network=lambda: loaded).run_job(job, report)


def _written_before(order: ConversionRequest, batch: BatchRun) -> Path | None:
    """The picture that an interrupted run made of the same file with the same settings."""
    settings = batch.digest(order.source)
    for target in numbered(order.folder, _name(order), SUFFIX[order.options.format]):
        if not target.exists():
            break
        if batch.journal.has(target, order.source, settings):
            return target
    return None


def _network(
    order: ConversionRequest, network: dict[tuple[Path | None, str], Demosaicer], report: Report
) -> Demosaicer | None:
    """The order's network; the last one stays loaded, older ones go."""
    from xtdm_core.demosaicing.network import Demosaicer
    from xtdm_core.progress import Progress, Stage

    if order.options.demosaic != NEURAL:
        return None
    key = (order.weights, order.device)
    if key not in network:
        report(Progress(Stage.LOADING_NETWORK, 0, 1))
        network.clear()
        network[key] = Demosaicer.load(order.weights, order.device)
    return network[key]
