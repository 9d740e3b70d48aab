"""``xtdm worker``: converts file after file as lines on stdin ask, and keeps the network loaded between them.

The window runs it as a child that it may kill at any moment. An ``Order`` comes in as one JSON object a line. Out go,
one a line, {"event": "progress", "stage", "done", "total"} and one last word for each order: {"event": "written",
"path", "what", "notes"}, {"event": "skipped", "path"} or {"event": "failed", "reason", "details"}. It ends with stdin.
"""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtdm_core.choices import NEURAL, SUFFIX, Chroma, Conflict, DemosaicMethod, Format
from xtdm_core.convert import ConvertOptions, convert
from xtdm_core.develop.tone import Look
from xtdm_core.errors import XtdmError, refusal
from xtdm_core.raw.reader import glance_at_exif

if TYPE_CHECKING:
    from collections.abc import Callable

    from xtdm_core.demosaic.network import Demosaicer
    from xtdm_core.progress import Report

DATE = "{date}"
_NICENESS = 10


@dataclass(frozen=True, slots=True)
class Order:
    """One file to convert.

    folder    where the picture goes
    name      its name without suffix; ``{date}`` in it becomes the day of the shot, as 2026-01-31
    conflict  what to do where such a file is there already; ``options.overwrite`` does not count
    weights   a checkpoint, None for the default network
    """

    source: Path
    folder: Path
    name: str
    conflict: Conflict
    options: ConvertOptions
    weights: Path | None = None
    device: str = "auto"

    def to_json(self) -> str:
        """One line, without its end."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, line: str) -> Order:
        """The order that ``to_json`` made a line of."""
        values: dict[str, Any] = json.loads(line)
        options = values["options"]
        look: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in options["look"].items()}
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
                    "look": Look(**look),
                }
            ),
            weights=Path(values["weights"]) if values["weights"] else None,
            device=values["device"],
        )


def target_of(order: Order) -> tuple[Path, bool]:
    """The file that an order is about, and whether it is to be written rather than skipped. Raises UnsupportedRaw."""
    name = order.name.replace(DATE, _day(order.source)) if DATE in order.name else order.name
    suffix = SUFFIX[order.options.format]
    target = order.folder / f"{name}{suffix}"
    if order.conflict == Conflict.OVERWRITE or not target.exists():
        return target, True
    if order.conflict == Conflict.SKIP:
        return target, False
    number = 2
    while (target := order.folder / f"{name}-{number}{suffix}").exists():
        number += 1
    return target, True


def _day(source: Path) -> str:
    """The day of the shot; that of the file's last change where the camera's clock is not told."""
    taken = glance_at_exif(source).taken_at[:10].replace(":", "-")
    return taken or datetime.fromtimestamp(source.stat().st_mtime).strftime("%Y-%m-%d")


def work(lines: Iterable[str], report: Report, say: Callable[[dict[str, object]], None]) -> None:
    """Carries out orders until ``lines`` end; an order that fails is told and the next one begins."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)  # the window is to stay quick
    network: dict[tuple[Path | None, str], Demosaicer] = {}
    for line in lines:
        order = Order.from_json(line)
        try:
            say(_carry_out(order, network, report))
        except XtdmError as error:
            # The asker knows which file it is about.
            say(_failure(str(error).removeprefix(f"{order.source}: ")))
        except (OSError, MemoryError) as error:
            say(_failure(refusal(error).removeprefix(f"{order.source}: ")))


def _failure(reason: str) -> dict[str, object]:
    return {"event": "failed", "reason": reason, "details": traceback.format_exc()}


def _carry_out(order: Order, network: dict[tuple[Path | None, str], Demosaicer], report: Report) -> dict[str, object]:
    target, wanted = target_of(order)
    if not wanted:
        return {"event": "skipped", "path": str(target)}
    options = replace(order.options, overwrite=order.conflict == Conflict.OVERWRITE)
    result = convert(order.source, target, options, _network(order, network, report), report)
    return {"event": "written", "path": str(result.path), "what": result.description, "notes": result.notes}


def _network(order: Order, network: dict[tuple[Path | None, str], Demosaicer], report: Report) -> Demosaicer | None:
    """The order's network; the last one stays loaded, older ones go."""
    from xtdm_core.demosaic.network import Demosaicer
    from xtdm_core.progress import Progress, Stage

    if order.options.demosaic != NEURAL:
        return None
    key = (order.weights, order.device)
    if key not in network:
        report(Progress(Stage.LOADING_NETWORK, 0, 1))
        network.clear()
        network[key] = Demosaicer.load(order.weights, order.device)
    return network[key]
