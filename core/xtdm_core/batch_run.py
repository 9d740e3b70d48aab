"""Many files, one after the other: what fails is reported, and the rest continues."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xtdm_core.batch import Job
from xtdm_core.conversion import ConversionResult, ConvertOptions, convert
from xtdm_core.develop.sidecar import sidecar_of
from xtdm_core.errors import FileProblem, TargetExists, failure_of
from xtdm_core.files import sweep_orphans
from xtdm_core.journal import Journal, settings_digest
from xtdm_core.progress import Cancelled, Progress, Report, Stage

if TYPE_CHECKING:
    from xtdm_core.demosaicing.network import Demosaicer


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file whose picture is there already.

    resumed  it was made with the same settings by a run that was interrupted
    """

    source: Path
    path: Path
    resumed: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A file or folder that could not be used.

    path     what the reason is about: ``source``, or what was to be written
    reason   a sentence for the user, without the path
    details  the traceback, for reports
    """

    source: Path
    path: Path
    reason: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class BatchRun:
    """What many conversions share.

    weights  the checkpoint, None where no network demosaics
    resume   leave out what the journal knows as made of the same file with the same settings
    """

    options: ConvertOptions
    demosaicer: Demosaicer | None
    weights: Path | None
    journal: Journal
    resume: bool = False

    def run(self, jobs: Sequence[Job], report: Report) -> Iterator[ConversionResult | Skipped | Failed]:
        """Convert files in order; leftovers of killed processes in their folders are removed first."""
        for folder in {job.target.parent for job in jobs}:
            sweep_orphans(folder)
        for i, job in enumerate(jobs):
            report(Progress(Stage.CONVERTING, i, len(jobs), subject=job.source.name))
            yield self.run_job(job, report)

    def run_job(self, job: Job, report: Report) -> ConversionResult | Skipped | Failed:
        """Convert one file. Raises only what ``report`` raises to cancel."""
        try:
            return self._convert(job, report)
        except Cancelled:
            raise
        except Exception as error:  # one file's trouble, of whatever kind, is not that of the next
            return failure(job.source, error)

    def _convert(self, job: Job, report: Report) -> ConversionResult | Skipped:
        settings = self.digest(job.source)
        if self.resume and self.journal.has(job.target, job.source, settings):
            return Skipped(job.source, job.target, resumed=True)
        may_skip = not job.explicit and not self.options.overwrite
        try:
            if may_skip and job.target.exists():
                return Skipped(job.source, job.target, resumed=False)
            result = convert(job.source, job.target, self.options, self.demosaicer, report)
        except TargetExists:
            if may_skip:  # another process was quicker
                return Skipped(job.source, job.target, resumed=False)
            raise
        self.journal.add(job.target, job.source, settings)
        return result

    def digest(self, source: Path) -> str:
        """A digest of all that the picture of a raw file depends on beside it."""
        settings = asdict(self.options)
        for of_no_effect in ("overwrite", "tile_side"):
            settings.pop(of_no_effect)
        lut = self.options.asked.get("lut") or self.options.look.lut
        sidecar = sidecar_of(source) if self.options.sidecar else None
        return settings_digest(settings, self.weights, sidecar, Path(lut) if lut else None)


def failure(source: Path, error: Exception) -> Failed:
    """The report of an error that is being handled."""
    path = error.path if isinstance(error, FileProblem) else source
    return Failed(source, path, failure_of(error).removeprefix(f"{source}: "), traceback.format_exc())
