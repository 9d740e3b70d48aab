"""Many files on processes of dask.distributed, which may die."""

import builtins
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cli.test_cli import called
from xtdm_core.batch import Job
from xtdm_core.batch_run import BatchRun, Failed, Outcome, no_network
from xtdm_core.choices import DemosaicMethod, Format
from xtdm_core.conversion import ConversionResult, ConvertOptions
from xtdm_core.export.verify import verify
from xtdm_core.files import atomic_write
from xtdm_core.journal import Journal
from xtdm_core.progress import Cancelled, Progress, Report, silent

FILES = 6


class SlowRun(BatchRun):
    """A batch whose files take a second each, and tell which process makes them."""

    def run_job(self, job: Job, report: Report) -> Outcome:
        with (job.source.parent / "begun").open("a") as told:
            told.write(f"{os.getpid()} {job.source.name}\n")
        time.sleep(1)
        return super().run_job(job, report)


class HangingRun(BatchRun):
    """A batch that never gets to the end of a file."""

    def run_job(self, job: Job, report: Report) -> Outcome:
        with atomic_write(job.target, overwrite=False):
            time.sleep(120)
        raise AssertionError


@pytest.fixture
def jobs(raf: Path, tmp_path: Path) -> list[Job]:
    found = []
    for i in range(FILES):
        source = tmp_path / f"{i}.RAF"
        source.write_bytes(raf.read_bytes())
        found.append(Job(source, tmp_path / "out" / f"{i}.tif", explicit=False))
    return found


def test_each_file_is_made_once_although_a_worker_is_killed(
    jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    from xtdm_core.cluster import run_on_cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    options = ConvertOptions(Format.TIFF, DemosaicMethod.BILINEAR)
    batch = SlowRun(options, no_network, None, Journal(tmp_path / "journal.sqlite"))
    begun = tmp_path / "begun"

    def kill_one() -> None:
        while not begun.exists() or len(begun.read_text().splitlines()) < 3:
            time.sleep(0.02)
        os.kill(int(begun.read_text().splitlines()[2].split()[0]), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    told: list[Progress] = []
    outcomes = list(run_on_cluster(batch, jobs, "2", told.append))
    killer.join()
    assert len(begun.read_text().splitlines()) > FILES  # something was begun twice
    assert sorted(one.source.name for one in outcomes) == [f"{i}.RAF" for i in range(FILES)]
    assert {type(one) for one in outcomes} == {ConversionResult}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{i}.tif" for i in range(FILES)]
    assert all(verify(job.target) for job in jobs)
    assert (told[0].done, told[0].total) == (0, FILES)


@pytest.fixture
def scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler's address and process; two workers that were started in a folder of their own know it."""
    pytest.importorskip("distributed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    known, elsewhere = tmp_path / "scheduler.json", tmp_path / "elsewhere"
    elsewhere.mkdir()
    of_scheduler = ["scheduler", "--host", "tcp://127.0.0.1", "--port", "0", "--no-dashboard"]
    of_worker = ["worker", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    children = []
    with (tmp_path / "log").open("wb") as log:
        for words in (of_scheduler, of_worker, of_worker):
            command = [sys.executable, "-m", "dask", *words, "--scheduler-file", str(known)]
            children.append(subprocess.Popen(command, cwd=elsewhere, stdout=log, stderr=log))
    wait_for(known)
    yield json.loads(known.read_text())["address"], children[0]
    for child in children:
        child.kill()
        child.wait()


def wait_for(path: Path, lines: int = 1) -> list[str]:
    """The lines of a file when there are so many."""
    until = time.monotonic() + 120
    while not path.exists() or len(path.read_text().splitlines()) < lines:
        assert time.monotonic() < until
        time.sleep(0.02)
    return path.read_text().splitlines()


def relative(jobs: list[Job], folder: Path) -> list[Job]:
    return [Job(job.source.relative_to(folder), job.target.relative_to(folder), job.explicit) for job in jobs]


def test_workers_that_were_started_elsewhere_find_the_files_and_one_may_die(
    jobs: list[Job],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheduler: tuple[str, subprocess.Popen[bytes]],
) -> None:
    from xtdm_core.cluster import run_on_cluster

    monkeypatch.chdir(tmp_path)
    options = ConvertOptions(Format.TIFF, DemosaicMethod.BILINEAR)
    batch = SlowRun(options, no_network, None, Journal(tmp_path / "journal.sqlite"))

    def kill_one() -> None:
        os.kill(int(wait_for(tmp_path / "begun", 3)[2].split()[0]), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    asked = relative(jobs, tmp_path)
    outcomes = list(run_on_cluster(batch, asked, scheduler[0], silent))
    killer.join()
    assert {type(one) for one in outcomes} == {ConversionResult}
    assert sorted(one.source for one in outcomes) == [job.source for job in asked]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{i}.tif" for i in range(FILES)]


def test_a_scheduler_that_goes_is_told_for_each_file_that_is_missing(
    jobs: list[Job], tmp_path: Path, scheduler: tuple[str, subprocess.Popen[bytes]]
) -> None:
    from xtdm_core.cluster import run_on_cluster

    options = ConvertOptions(Format.TIFF, DemosaicMethod.BILINEAR)
    batch = SlowRun(options, no_network, None, Journal(tmp_path / "journal.sqlite"))
    outcomes = []
    for outcome in run_on_cluster(batch, jobs, scheduler[0], silent):
        outcomes.append(outcome)
        scheduler[1].kill()
    assert sorted(one.source for one in outcomes) == [job.source for job in jobs]
    lost = [one for one in outcomes if isinstance(one, Failed)]
    assert len(lost) >= FILES - 2
    assert {one.reason for one in lost} == {"the scheduler is gone: start it again, and go on with --resume"}


def test_nothing_half_written_is_left_when_the_work_is_stopped(
    jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    from xtdm_core.cluster import run_on_cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    out = tmp_path / "out"
    out.mkdir()
    until = time.monotonic() + 120

    def stop_soon(_: Progress) -> None:
        assert time.monotonic() < until
        if len([*out.iterdir()]) == 2:
            raise Cancelled

    options = ConvertOptions(Format.TIFF, DemosaicMethod.BILINEAR)
    batch = HangingRun(options, no_network, None, Journal(tmp_path / "journal.sqlite"))
    with pytest.raises(Cancelled):
        list(run_on_cluster(batch, jobs, "2", stop_soon))
    assert [*out.iterdir()] == []
    assert time.monotonic() < until  # nobody waited for a file


def test_a_worker_does_not_make_what_one_before_it_has_finished(jobs: list[Job], tmp_path: Path) -> None:
    from xtdm_core.cluster import _convert

    for overwrite in (False, True):
        options = ConvertOptions(Format.TIFF, DemosaicMethod.BILINEAR, overwrite=overwrite)
        batch = BatchRun(options, no_network, None, Journal(tmp_path / f"{overwrite}.sqlite"))
        first, again = (_convert(batch, jobs[overwrite], "") for _ in range(2))
        assert isinstance(first, ConversionResult)
        assert isinstance(again, ConversionResult)
        assert (again.path, again.size_bytes) == (first.path, first.size_bytes)
        assert "a worker that ended" in again.description


@pytest.mark.parametrize("words", ["0", "-1", "three", "http://host"])
def test_places_that_are_none_are_refused(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    command = ("convert", str(raf), "-o", str(tmp_path), "--format", "tiff", "--demosaic", "bilinear")
    assert called(monkeypatch, *command, f"--workers={words}") == 1
    assert "give a number of processes, or a scheduler's address" in capsys.readouterr().err


def test_without_the_extra_one_sentence_says_what_to_install(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "distributed":
            raise ModuleNotFoundError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("builtins.__import__", without)
    command = ("convert", str(raf), "-o", str(tmp_path), "--format", "tiff", "--demosaic", "bilinear")
    assert called(monkeypatch, *command, "--workers", "2") == 1
    assert "pip install 'xtdm[cluster]'" in capsys.readouterr().err
