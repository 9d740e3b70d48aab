"""Many files through the command line: each is written once or its failure is told, and a stopped batch goes on."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.core.cli.test_cli import called, run
from xtdm_core.conversion import RawShot, Rendition, develop, read_shot
from xtdm_core.errors import SHORT_OF_MEMORY, TargetExists
from xtdm_core.export.contents import check_contents
from xtdm_core.simulation import BARREL, write_camera_raf

WORDS = ("--format", "tiff", "--demosaic", "bilinear")


@pytest.fixture
def folder(raf: Path, tmp_path: Path) -> Path:
    """Three photographs."""
    made = tmp_path / "in"
    made.mkdir()
    for name in ("a.RAF", "b.RAF", "c.RAF"):
        (made / name).write_bytes(raf.read_bytes())
    return made


def written(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_files_of_one_name_are_both_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.RAF").rename(folder / "B.dng.RAF")
    (folder / "c.RAF").rename(folder / "B.raf")
    for extra in ((), ("--overwrite",)):
        assert called(monkeypatch, "convert", str(folder), "-o", str(tmp_path / "out"), *WORDS, *extra) == 0
        assert written(tmp_path / "out") == ["B.dng.tif", "B.tif", "b-2.tif"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("an encoder's own"), "failed unexpectedly (ValueError: an encoder's own): please report it"),
        (MemoryError(), SHORT_OF_MEMORY),
        (RuntimeError("could not create a primitive"), SHORT_OF_MEMORY),
        (OSError(5, "Input/output error"), "the system refused: [Errno 5] Input/output error"),
    ],
)
def test_whatever_one_file_raises_the_rest_is_written(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    sentence: str,
) -> None:
    def failing(shot: RawShot, *rest: object) -> Rendition:
        if shot.source.name == "b.RAF":
            raise error
        return develop(shot, *rest)

    monkeypatch.setattr("xtdm_core.batch_run.develop", failing)
    assert called(monkeypatch, "convert", str(folder), "-o", str(tmp_path / "out"), *WORDS) == 1
    assert written(tmp_path / "out") == ["a.tif", "c.tif"]
    told = capsys.readouterr().err.splitlines()
    assert told == ["xtdm: 2 written, 1 failed:", f"xtdm: {folder / 'b.RAF'}: {sentence}"]


def test_names_that_are_too_long_do_not_stop_the_rest(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "b.RAF").rename(folder / f"{'b' * 250}.RAF")
    assert called(monkeypatch, "convert", str(folder), f"{'x' * 300}.RAF", "-o", str(tmp_path / "out"), *WORDS) == 1
    assert written(tmp_path / "out") == ["a.tif", f"{'b' * 250}.tif", "c.tif"]


def test_what_another_process_wrote_meanwhile_is_skipped(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def late(source: Path, target: Path, _: object) -> RawShot:
        raise TargetExists(target, "there is such a file already")

    monkeypatch.setattr("xtdm_core.batch_run.read_shot", late)
    assert called(monkeypatch, "convert", str(folder), "-o", str(tmp_path / "out"), *WORDS) == 0
    assert capsys.readouterr().err == "xtdm: 0 written, 3 skipped\n"


def test_a_stopped_batch_goes_on_with_what_is_missing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["convert", str(folder), "-o", str(tmp_path / "out"), *WORDS, "--overwrite"]
    done: list[str] = []
    stops = iter([True])

    def stopping(shot: RawShot, *rest: object) -> Rendition:
        if shot.source.name == "c.RAF" and next(stops, False):
            wait_for(tmp_path / "out" / "b.tif")
            raise KeyboardInterrupt
        done.append(shot.source.name)
        return develop(shot, *rest)

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "c.tif").write_text("of last year")
    monkeypatch.setattr("xtdm_core.batch_run.develop", stopping)
    assert called(monkeypatch, *words) == 130
    (tmp_path / "out" / "b.tif").write_text("damaged meanwhile")
    assert called(monkeypatch, *words, "--resume") == 0
    assert done == ["a.RAF", "b.RAF", "b.RAF", "c.RAF"]
    assert "a.tif  was written with these settings before" in capsys.readouterr().out
    assert called(monkeypatch, *words, "--resume", "--exposure", "1") == 0
    assert done[4:] == ["a.RAF", "b.RAF", "c.RAF"]
    single = ["convert", str(folder / "a.RAF"), "-o", str(tmp_path / "out"), *WORDS, "--exposure", "1", "--resume"]
    assert called(monkeypatch, *single) == 0
    assert len(done) == 7


def test_names_that_are_no_utf8_are_converted_and_told(folder: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"M\xfcnchen \xe2\x82.RAF")
    (folder / "b.RAF").rename(folder / name)
    env = {**os.environ, "PYTHONIOENCODING": "utf-8:strict", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-m", "xtdm_core", "convert", folder, "-o", tmp_path / "out", *WORDS]
    done = subprocess.run(command, capture_output=True, env=env, check=True)
    assert rb"M\xfcnchen \xe2\x82.tif  " in done.stdout
    assert written(tmp_path / "out") == sorted(["a.tif", "c.tif", name.replace("RAF", "tif")])
    env["PYTHONIOENCODING"] = "ascii:strict"
    done = subprocess.run([*command, "--overwrite", "--json"], capture_output=True, env=env, check=True)
    sources = {json.loads(line).get("source") for line in done.stdout.decode("utf-8").splitlines()}
    assert str(folder / name) in sources


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_termination_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    code = (
        "import time; from pathlib import Path; from xtdm_core import cli, conversion\n"
        "from xtdm_core.files import atomic_write\n"
        "def slow(target, metadata):\n"
        "    with atomic_write(target, False):\n"
        "        print('writing', flush=True); time.sleep(60)\n"
        "def render(*_): return slow, ()\n"
        "conversion._RENDERERS = dict.fromkeys(conversion._RENDERERS, render); cli.main()"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-c", code, "convert", folder, "-o", tmp_path / "out", *WORDS]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    assert len(written(tmp_path / "out")) == 1
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=30) == 128 + signal.SIGTERM
    child.stdout.close()
    assert written(tmp_path / "out") == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_nobody_waits_for_an_encoder_that_is_at_work(
    folder: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    """Its one call into C takes as long as all the rest: a picture that is there was waited for."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    words = ("--format", "avif", "--speed", "0", "--demosaic", "bilinear", "--json")
    command = [sys.executable, "-m", "xtdm_core", "convert", folder / "a.RAF", "-o", tmp_path / "out/", *words]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True)
    assert child.stdout is not None
    assert any('"writing"' in line for line in child.stdout)
    child.send_signal(number)
    assert child.wait(timeout=60) == status
    child.stdout.close()
    assert written(tmp_path / "out") == []


@pytest.mark.skipif(sys.platform != "linux", reason="limits of addresses are Linux's")
def test_one_file_that_needs_more_memory_does_not_fail_the_others(folder: Path, tmp_path: Path) -> None:
    write_camera_raf(folder / "b.RAF", np.full((600, 600, 3), 0.2, np.float32), "X-T4", lens=BARREL)
    code = (
        "import resource; from xtdm_core import cli\n"
        "resource.setrlimit(resource.RLIMIT_AS, (600 << 20,) * 2)  # torch, for the lens, takes 500 MiB alone\n"
        "cli.main()"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, "convert", folder, "-o", tmp_path / "out", *WORDS]
    done = subprocess.run(command, capture_output=True, env=env, text=True)
    assert done.returncode == 1
    assert done.stderr == f"xtdm: 2 written, 1 failed:\nxtdm: {folder / 'b.RAF'}: {SHORT_OF_MEMORY}\n"
    assert written(tmp_path / "out") == ["a.tif", "c.tif"]


def test_kills_at_any_moment_leave_what_a_second_run_completes(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["convert", str(folder), "-o", str(out), *WORDS]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    child = subprocess.Popen([sys.executable, "-m", "xtdm_core", *command], env=env, stdout=subprocess.DEVNULL)
    while not out.exists() or not any(out.iterdir()):
        assert child.poll() is None
        time.sleep(0.002)
    child.kill()
    child.wait()
    assert run(*command, "--resume").returncode == 0
    assert written(out) == ["a.tif", "b.tif", "c.tif"]


def test_files_that_memory_was_too_small_for_beside_others_are_made_alone_at_the_end(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    short = iter([MemoryError()])

    def greedy(shot: RawShot, *rest: object) -> Rendition:
        if shot.source.name == "a.RAF":
            for error in short:
                raise error
        return develop(shot, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("xtdm_core.batch_run.develop", greedy)
    assert called(monkeypatch, "convert", str(folder), "-o", str(tmp_path / "out"), *WORDS) == 0
    assert [Path(line.split("  ")[0]).name for line in capsys.readouterr().out.splitlines()] == [
        "b.tif",
        "c.tif",
        "a.tif",
    ]


def test_reading_and_writing_go_on_beside_developing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()

    def reading(source: Path, *rest: object) -> RawShot:
        if source.name == "c.RAF":
            read.set()
        return read_shot(source, *rest)  # type: ignore[arg-type]

    def developing(shot: RawShot, *rest: object) -> Rendition:
        if shot.source.name == "b.RAF":  # a is written and c is read meanwhile
            wait_for(tmp_path / "out" / "a.tif")
            assert read.wait(60)
        return develop(shot, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("xtdm_core.batch_run.read_shot", reading)
    monkeypatch.setattr("xtdm_core.batch_run.develop", developing)
    assert called(monkeypatch, "convert", str(folder), "-o", str(tmp_path / "out"), *WORDS) == 0
    assert written(tmp_path / "out") == ["a.tif", "b.tif", "c.tif"]


def test_a_file_is_checked_while_the_next_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checking(target: Path, *rest: object, **how: object) -> None:
        if target.name == "a.tif":
            wait_for(tmp_path / "out" / "b.tif")
        check_contents(target, *rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr("xtdm_core.export.tiff.check_contents", checking)
    assert called(monkeypatch, "convert", str(folder), "-o", str(tmp_path / "out"), *WORDS) == 0
    assert written(tmp_path / "out") == ["a.tif", "b.tif", "c.tif"]
