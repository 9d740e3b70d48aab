"""Many files on a cluster of dask.distributed: the same conversion of each, in processes that may die.

All machines see the files under the same paths.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from xtdm_core.batch import Job
from xtdm_core.batch_run import BatchRun, Failed, Outcome, failure
from xtdm_core.conversion import ConversionResult
from xtdm_core.devices import keep_freed_memory
from xtdm_core.errors import BadOption
from xtdm_core.files import sweep_orphans
from xtdm_core.journal import stamp
from xtdm_core.progress import Progress, Report, Stage, silent

_POLL_S = 0.2  # between two questions whether the work is to stop
_CONNECT_S = 20
_GRACE_S = 1.0  # for a worker to end by itself
_MISSING = "--workers needs dask.distributed, which is not installed: pip install 'xtdm[cluster]'"
_MADE = "written by a worker that ended before it could tell more"
_NO_SCHEDULER = "the scheduler is gone: start it again, and go on with --resume"
_LOST = "its worker ended again and again: it may take more memory than there is; convert it without --workers"


def run_on_cluster(batch: BatchRun, jobs: Sequence[Job], where: str, report: Report) -> Iterator[Outcome]:
    """Convert files on ``where``: a number of processes on this machine, or a scheduler's address, "tcp://host:8786".

    Outcomes come as they are ready. A file whose worker ended is given to another one, which makes it unless the
    journal knows it as written. Raises BadOption, BadWeights, and whatever ``report`` raises to cancel: nothing more is
    begun then.
    """
    batch.network()  # what is wrong with it ends the run before it begins
    with _swept({job.target.parent for job in jobs}), _client(where) as client:
        from distributed import wait

        submit = partial(client.submit, _convert, batch, pure=False)
        waiting = {submit(_absolute(job), stamp(job.target)): job for job in jobs}
        while waiting:
            report(Progress(Stage.CONVERTING, len(jobs) - len(waiting), len(jobs)))
            try:
                done = wait([*waiting], timeout=_POLL_S, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                continue
            except CancelledError:
                yield from (Failed(job.source, job.source, _NO_SCHEDULER) for job in waiting.values())
                return
            for future in done:
                yield _outcome(future, waiting.pop(future))


def _absolute(job: Job) -> Job:
    """The same file, whatever folder a worker was started in."""
    return replace(job, source=job.source.absolute(), target=job.target.absolute())


def _convert(batch: BatchRun, job: Job, before: str) -> Outcome:
    """Convert one file, on a worker; ``before`` is the stamp of what had the picture's name when the run began."""
    keep_freed_memory()
    if stamp(job.target) != before and (
        not batch.options.overwrite or batch.journal.has(job.target, job.source, batch.digest(job.source))
    ):
        return ConversionResult(job.source, job.target, job.target.stat().st_size, _MADE, ())
    return batch.run_job(job, silent)


def _outcome(future: Any, job: Job) -> Outcome:
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        outcome: Outcome = future.result()
    except KilledWorker:
        return Failed(job.source, job.source, _LOST)
    except (CancelledError, CommClosedError):
        return Failed(job.source, job.source, _NO_SCHEDULER)
    except Exception as error:  # whatever becomes of one file, the others go on
        return failure(job.source, error)
    return replace(outcome, source=job.source)


@contextmanager
def _swept(folders: Set[Path]) -> Iterator[None]:
    """Remove what killed processes left in folders, before the block and when its own workers have ended."""
    try:
        for folder in folders:
            sweep_orphans(folder)
        yield
    finally:
        for folder in folders:
            sweep_orphans(folder)


@contextmanager
def _client(where: str) -> Iterator[Any]:
    """A client of the cluster, which ends with the block; so does a cluster of this machine."""
    number = int(where) if where.isdecimal() else 0
    if number < 1 and not where.startswith(("tcp://", "tls://")):
        raise BadOption(f"--workers {where}: give a number of processes, or a scheduler's address, tcp://host:8786")
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise BadOption(_MISSING) from error
    if not number:
        try:
            client = Client(where, timeout=_CONNECT_S)
        except OSError as error:
            raise BadOption(f"--workers {where}: no scheduler answers there: start one with dask scheduler") from error
        with client:
            yield client
        return
    how: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with LocalCluster(n_workers=number, **how) as cluster, Client(cluster) as client:
        try:
            yield client
        finally:
            cluster.sync(_end_workers, cluster)


async def _end_workers(cluster: Any) -> None:
    """End the processes; those at work are killed, since nobody waits for their files any more."""
    ends = [nanny.close(timeout=_GRACE_S) for nanny in cluster.workers.values()]
    await asyncio.gather(*ends, return_exceptions=True)  # one that takes longer is told so; the cluster waits for it
