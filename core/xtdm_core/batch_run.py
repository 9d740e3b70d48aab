"""Many files: while one is developed, the next is read, the one before is written, and the one before that is checked.

What fails is reported, and the rest continues.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xtdm_core.background_thread import BackgroundThread
from xtdm_core.batch import Job
from xtdm_core.conversion import ConversionResult, ConvertOptions, RawShot, Rendition, develop, read_shot
from xtdm_core.develop.sidecar import sidecar_of
from xtdm_core.devices import import_torch_for_good, keep_freed_memory, spare_cores
from xtdm_core.errors import FileProblem, OutOfMemory, TargetExists, XtdmError, failure_of, is_short_of_memory
from xtdm_core.files import discard_temporaries, sweep_orphans
from xtdm_core.journal import Journal, settings_digest
from xtdm_core.progress import Cancelled, Progress, Report, Stage

if TYPE_CHECKING:
    from xtdm_core.demosaicing.network import Demosaicer

Result = TypeVar("Result")

_WRITERS = 2
_POLL_S = 0.2  # between two questions whether the work is to stop


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
    memory   there was too little memory
    """

    source: Path
    path: Path
    reason: str
    details: str = ""
    memory: bool = False


Outcome = ConversionResult | Skipped | Failed


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """A checkpoint that is loaded when it is first called for, once in each process; fields as ``Demosaicer.load``."""

    weights: Path | None
    device: str = "auto"
    input_wb: str | None = None

    def __call__(self) -> Demosaicer:
        """Return the network. Raises BadWeights, DeviceUnavailable."""
        from xtdm_core.demosaicing.network import Demosaicer

        if not self.is_loaded():
            import_torch_for_good()
            _loaded[self] = Demosaicer.load(self.weights, self.device, self.input_wb)
        return _loaded[self]

    def is_loaded(self) -> bool:
        """Whether this process has it already."""
        return self in _loaded


_loaded: dict[NetworkChoice, Demosaicer] = {}


def no_network() -> None:
    """Return None, where LibRaw demosaics."""


@dataclass(frozen=True, slots=True)
class BatchRun:
    """What many conversions share.

    network  gives what demosaics, None where LibRaw does
    weights  its checkpoint, None where LibRaw demosaics
    resume   leave out what the journal knows as made of the same file with the same settings
    """

    options: ConvertOptions
    network: Callable[[], Demosaicer | None]
    weights: Path | None
    journal: Journal
    resume: bool = False

    def run(self, jobs: Sequence[Job], report: Report) -> Iterator[Outcome]:
        """Convert files; leftovers of killed processes in their folders are removed first.

        Four files are in memory at a time. Those for which it was too small are tried again one by one at the end.
        Raises BadWeights, DeviceUnavailable, and whatever ``report`` raises to cancel.
        """
        for folder in {job.target.parent for job in jobs}:
            sweep_orphans(folder)
        keep_freed_memory()
        again = []
        try:
            for job, outcome in self._overlapped(jobs, report):
                if isinstance(outcome, Failed) and outcome.memory and len(jobs) > 1:
                    again.append(job)
                else:
                    yield outcome
        except BaseException:
            discard_temporaries()  # nobody waits for the threads that write
            raise
        finally:
            spare_cores(0)
        for job in again:
            yield self.run_job(job, report)

    def run_job(self, job: Job, report: Report) -> Outcome:
        """Convert one file. Raises BadWeights, DeviceUnavailable, and whatever ``report`` raises to cancel."""
        report(Progress(Stage.READING, 0, 1))
        picture = self._develop(job, self._read(job), report)
        report(Progress(Stage.WRITING, 0, 1))
        return self._write(job, picture)

    def _overlapped(self, jobs: Sequence[Job], report: Report) -> Iterator[tuple[Job, Outcome]]:
        """Files and what became of them, in order: one is developed while its neighbours are read and written.

        Of two that are written one is read back and checked, which takes less time than to encode the next.
        """
        reader, writers = BackgroundThread("reading"), [BackgroundThread("writing") for _ in range(_WRITERS)]
        ahead = [reader.start(self._read, job) for job in jobs[:1]]
        writing: deque[tuple[Job, Future[Outcome]]] = deque()
        for i, job in enumerate(jobs):
            report(Progress(Stage.CONVERTING, i, len(jobs), subject=job.source.name))
            if i == 0:
                self.network()  # while the first file is read; without it the run ends before it begins
            shot = _result(ahead.pop(), Stage.READING, report)
            ahead += [reader.start(self._read, following) for following in jobs[i + 1 : i + 2]]
            picture = self._develop(job, shot, _beside(writing, report))
            del shot
            while writing and (len(writing) == _WRITERS or writing[0][1].done()):
                earlier, future = writing.popleft()
                yield earlier, _result(future, Stage.WRITING, report)
            writing.append((job, writers[i % _WRITERS].start(self._write, job, picture)))
            del picture
        for earlier, future in writing:
            yield earlier, _result(future, Stage.WRITING, report)

    def _read(self, job: Job) -> _Shot | Skipped | Failed:
        def read() -> _Shot | Skipped:
            settings = self.digest(job.source)
            if self.resume and self.journal.has(job.target, job.source, settings):
                return Skipped(job.source, job.target, resumed=True)
            if self._may_skip(job) and job.target.exists():
                return Skipped(job.source, job.target, resumed=False)
            return _Shot(settings, read_shot(job.source, job.target, self.options))

        return self._tried(job, read)

    def _develop(self, job: Job, shot: _Shot | Skipped | Failed, report: Report) -> _Picture | Skipped | Failed:
        if not isinstance(shot, _Shot):
            return shot
        network = self.network()
        return self._tried(job, lambda: _Picture(shot.settings, develop(shot.content, network, report)))

    def _write(self, job: Job, picture: _Picture | Skipped | Failed) -> Outcome:
        if not isinstance(picture, _Picture):
            return picture

        def write() -> ConversionResult:
            result = picture.content.write(job.target)
            self.journal.add(job.target, job.source, picture.settings)
            return result

        return self._tried(job, write)

    def _tried(self, job: Job, work: Callable[[], Result]) -> Result | Skipped | Failed:
        try:
            return work()
        except Cancelled:
            raise
        except Exception as error:  # one file's trouble, of whatever kind, is not that of the next
            if isinstance(error, TargetExists) and self._may_skip(job):  # another process was quicker
                return Skipped(job.source, job.target, resumed=False)
            return failure(job.source, error)

    def _may_skip(self, job: Job) -> bool:
        return not job.explicit and not self.options.overwrite

    def digest(self, source: Path) -> str:
        """A digest of all that the picture of a raw file depends on beside it."""
        settings = asdict(self.options)
        for of_no_effect in ("overwrite", "tile_side"):
            settings.pop(of_no_effect)
        lut = self.options.asked.get("lut") or self.options.look.lut
        sidecar = sidecar_of(source) if self.options.sidecar else None
        return settings_digest(settings, self.weights, sidecar, Path(lut) if lut else None)


@dataclass(frozen=True, slots=True)
class _Shot:
    """A file that is read; ``settings`` is the digest of what its picture is made with."""

    settings: str
    content: RawShot


@dataclass(frozen=True, slots=True)
class _Picture:
    """A file that is developed."""

    settings: str
    content: Rendition


def _beside(writing: Collection[tuple[Job, Future[Outcome]]], report: Report) -> Report:
    """A report that leaves a core, from the next tile on, to an encoder that is at work."""

    def share(progress: Progress) -> None:
        spare_cores(0 if all(future.done() for _, future in writing) else 1)
        report(progress)

    return share


def _result(future: Future[Result], stage: Stage, report: Report) -> Result:
    """What a thread gives; while that lasts, ``report`` is asked whether to stop."""
    report(Progress(stage, 0, 1))
    while not wait([future], _POLL_S).done:
        report(Progress(stage, 0, 1))
    return future.result()


def failure(source: Path, error: Exception) -> Failed:
    """The report of an error that is being handled; a refusal is no fault of the program and needs no details."""
    path = error.path if isinstance(error, FileProblem) else source
    memory = isinstance(error, OutOfMemory) or is_short_of_memory(error)
    details = "" if isinstance(error, XtdmError) else traceback.format_exc()
    return Failed(source, path, failure_of(error).removeprefix(f"{source}: "), details, memory)
