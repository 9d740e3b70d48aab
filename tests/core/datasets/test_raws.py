"""Raw files as a dataset: true values, un-balanced, unclipped; broken files listed; another machine by ssh."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import libraw_repeats, textured
from xtdm_core.datasets.manifest import MANIFEST
from xtdm_core.datasets.patterns import torture_image
from xtdm_core.datasets.raws import build_raws, raw_truth
from xtdm_core.datasets.readers import read_raws_folder
from xtdm_core.datasets.remote import Remote, open_source
from xtdm_core.datasets.sources import Folder, assign_stems
from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.errors import BadImage, BadOption, RemoteUnavailable
from xtdm_core.images import area_average
from xtdm_core.progress import Cancelled, Progress, Stage
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf

GAINS = np.float32(SensorModel().wb)


def made(path: Path, cam_rgb: np.ndarray, **sensor: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_raf(path, simulate_frame(cam_rgb, SensorModel(**sensor)))
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two photographs of the same name, one that is broken, and what is none."""
    folder = tmp_path / "archive"
    good = made(folder / "a.RAF", textured(600, 606))
    made(folder / "trip 'one'" / "a.RAF", textured(602, 600, seed=1))
    (folder / "trip 'one'" / "half.raf").write_bytes(good.read_bytes()[:200_000])
    (folder / "._a.RAF").write_bytes(b"a Mac's")
    (folder / "@eaDir").mkdir()
    (folder / "@eaDir" / "a.RAF").touch()
    (folder / "notes.txt").touch()
    return folder


@pytest.mark.parametrize("balance", ["as-shot", "none"])
def test_values_are_the_sensors_own(tmp_path: Path, balance: str) -> None:
    truth = np.float32([1.95, 0.5, 0.2])  # red at the white level
    path = made(tmp_path / "a.RAF", np.broadcast_to(truth, (602, 607, 3)))
    cam_rgb, meta = raw_truth(path, balance)
    assert cam_rgb.shape == (150, 151, 3)
    assert cam_rgb.dtype == np.float32
    assert np.abs(cam_rgb[6:-6, 6:-6] - truth / GAINS).max() < 2e-4
    assert meta["original_size"] == [607, 602]
    assert meta["size"] == [151, 150]
    assert (meta["black_level"], meta["white_level"]) == ([1024, 1024], 16383)
    assert (meta["dynamic_range"], meta["exposure_bias_ev"]) == ("DR100", -0.72)
    assert meta["camera_gains"]["R"] == pytest.approx(1.95, abs=1e-3)
    assert meta["value_range"] == [float(cam_rgb.min()), float(cam_rgb.max())]
    assert "un-balanced" in meta["balance_convention"]


def test_balance_is_for_the_demosaicing_only(tmp_path: Path) -> None:
    truth = torture_image(3, 5, 600)  # circles
    path = made(tmp_path / "a.RAF", truth)
    wanted = area_average(truth / GAINS, 4)[3:-3, 3:-3]
    error = {b: float(np.square(raw_truth(path, b)[0][3:-3, 3:-3] - wanted).mean()) for b in ("as-shot", "none")}
    assert error["as-shot"] < error["none"] / 5
    frame = read_raw(path)
    plain = area_average(demosaic_libraw(path, frame, "markesteijn3"), 4) / frame.wb
    assert np.abs(raw_truth(path)[0] - plain).mean() < 1e-4


def test_noise_below_black_is_kept(tmp_path: Path) -> None:
    path = made(tmp_path / "a.RAF", np.zeros((600, 600, 3), np.float32), noise=(0.0, 4e-3))
    cam_rgb, _ = raw_truth(path)
    assert cam_rgb.min() < -1e-3
    assert np.abs(cam_rgb.mean((0, 1))).max() < 5e-5  # clipped at black it would be 16e-4


def test_a_folder_with_a_broken_file(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "set"
    outcome = build_raws(str(archive), target)
    assert (outcome.written, outcome.skipped) == (2, 0)
    assert [name for name, _ in outcome.failed] == ["trip 'one'/half.raf"]
    files = {str(path.relative_to(target)) for path in target.rglob("*.*")}
    expected = {MANIFEST, "a.npy", "a_meta.json", "trip 'one'/a.npy", "trip 'one'/a_meta.json"}
    assert files == expected
    first, second = read_raws_folder(target)
    assert (first.source, second.source) == ("a.RAF", "trip 'one'/a.RAF")
    assert first.cam_rgb.shape == (150, 151, 3)
    assert first.wb == pytest.approx(GAINS, abs=1e-3)
    manifest = json.loads((target / MANIFEST).read_text())
    assert manifest["settings"]["white_balance"] == "as-shot"
    assert "half.raf" in next(iter(manifest["failed"]))


def test_only_what_changed_is_made_again(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "set"
    build_raws(str(archive), target)
    made(archive / "trip 'one'" / "a.RAF", textured(600, 600, seed=5))
    (archive / "trip 'one'" / "half.raf").unlink()
    outcome = build_raws(str(archive), target)
    assert (outcome.written, outcome.skipped, outcome.failed) == (1, 1, ())
    assert read_raws_folder(target)[1].cam_rgb.shape == (150, 150, 3)
    with pytest.raises(BadOption, match="white balance as-shot, not none"):
        build_raws(str(archive), target, "none")
    (tmp_path / "moved").mkdir()
    made(tmp_path / "moved" / "a.RAF", textured(600, 600))
    with pytest.raises(BadOption, match="made from"):
        build_raws(str(tmp_path / "moved"), target)
    with pytest.raises(BadOption, match="auto"):
        build_raws(str(archive), target, "auto")


def test_bad_folders_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="not a folder"):
        build_raws(str(tmp_path / "none"), tmp_path / "set")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadOption, match=r"no such files \(.raf\)"):
        build_raws(str(tmp_path / "empty"), tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_targets_never_collide() -> None:
    names = ["a.RAF", "a.raf", "A.RAF", "b/a.RAF", "b_a.raf"]
    assert assign_stems(names, {}, flat=False) == dict(zip(names, ["a", "a_2", "A_3", "b/a", "b_a"], strict=True))
    assert assign_stems(names, {}, flat=True) == dict(zip(names, ["a", "a_2", "A_3", "b_a", "b_a_2"], strict=True))
    assert assign_stems(["a.RAF", "a.raf"], {"a.raf": "a"}, flat=False) == {"a.raf": "a", "a.RAF": "a_2"}


def test_damaged_arrays_are_named(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((4, 4, 3), np.float32))
    with pytest.raises(BadImage, match="make it again"):
        read_raws_folder(tmp_path)
    (tmp_path / "a_meta.json").write_text('{"source": "a", "camera_gains": {"R": 2, "G": 1, "B": 1.5}}')
    assert read_raws_folder(tmp_path)[0].wb.tolist() == [2, 1, 1.5]
    np.save(tmp_path / "a.npy", np.zeros((4, 4), np.float32))
    with pytest.raises(BadImage, match="float32"):
        read_raws_folder(tmp_path)


def test_arrays_that_claim_more_than_the_file_holds_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "a_meta.json").write_text('{"source": "a", "camera_gains": {"R": 2, "G": 1, "B": 1.5}}')
    with (tmp_path / "a.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (2**20, 2**20, 3)})
    with pytest.raises(BadImage, match="make it again"):
        read_raws_folder(tmp_path)


FAKE_SSH = """#!{python}
import os, subprocess, sys
words = sys.argv[1:]
open({log!r}, "a").write(words[-2] + chr(10))
assert words[:2] == ["-o", "BatchMode=yes"] and words[-3] == "--", words
if words[-2] == "me@closed":
    print("me@closed: Permission denied (publickey).", file=sys.stderr)
    sys.exit(255)
if words[-2] == "me@breaks" and "cat" in words[-1]:
    print("Connection reset by peer", file=sys.stderr)
    sys.exit(255)
if words[-2] == "me@chatty" and "find" in words[-1]:
    print("Welcome to the NAS", flush=True)
sys.exit(subprocess.run(words[-1], shell=True, cwd={home!r}).returncode)
"""


@pytest.fixture
def ssh_log(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ``ssh`` that runs the line in a shell of this machine, with the archive's parent as home."""
    program, log = tmp_path / "bin" / "ssh", tmp_path / "ssh.log"
    program.parent.mkdir()
    program.write_text(FAKE_SSH.format(python=sys.executable, log=str(log), home=str(archive.parent)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return log


@pytest.mark.parametrize("source", ["me@nas:archive", "me@nas:~/archive", "me@chatty:archive"])
def test_another_machine_gives_the_same(archive: Path, tmp_path: Path, ssh_log: Path, source: str) -> None:
    (archive / "trip 'one'" / "$(touch pwned); x.RAF").write_bytes((archive / "a.RAF").read_bytes())
    outcome = build_raws(source, tmp_path / "far")
    assert (outcome.written, [name for name, _ in outcome.failed]) == (3, ["trip 'one'/half.raf"])
    build_raws(str(archive), tmp_path / "near")
    for far, near in zip(read_raws_folder(tmp_path / "far"), read_raws_folder(tmp_path / "near"), strict=True):
        assert far.source == near.source
        assert libraw_repeats(far.cam_rgb, near.cam_rgb)
    calls = len(ssh_log.read_text().splitlines())
    assert calls == 1 + 4
    assert build_raws(source, tmp_path / "far").skipped == 3
    assert len(ssh_log.read_text().splitlines()) == calls + 2  # the list, and another try at the broken one
    assert not list(tmp_path.rglob("pwned"))


def test_what_ssh_cannot_do_is_a_sentence(
    archive: Path, tmp_path: Path, ssh_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "set"
    with pytest.raises(RemoteUnavailable, match=r"Permission denied \(publickey\).*by hand"):
        build_raws("me@closed:archive", target)
    with pytest.raises(BadOption, match="no such folder"):
        build_raws("me@nas:nowhere", target)
    (archive.parent / "empty").mkdir()
    with pytest.raises(BadOption, match="no such files"):
        build_raws("me@nas:empty", target)
    with pytest.raises(RemoteUnavailable, match="Connection reset"):
        build_raws("me@breaks:archive", target)
    assert json.loads((target / MANIFEST).read_text())["failed"] == {}
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RemoteUnavailable, match="not installed"):
        build_raws("me@nas:archive", target)


def test_cancelling_while_fetching_leaves_nothing(
    archive: Path, tmp_path: Path, ssh_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))

    def stop(progress: Progress) -> None:
        if (progress.stage, progress.subject) == (Stage.FETCHING, "a.RAF") and progress.done:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_raws("me@nas:archive", tmp_path / "set", report=stop)
    assert [path.name for path in (tmp_path / "set").iterdir()] == [MANIFEST]
    assert not list((tmp_path / "tmp").iterdir())


def test_a_file_that_changes_while_it_is_fetched_is_listed(archive: Path, tmp_path: Path, ssh_log: Path) -> None:
    source = open_source("me@nas:archive")
    file = source.files((".raf",))[0]
    (archive / "a.RAF").write_bytes(b"short")
    with pytest.raises(Exception, match="5 bytes instead of"), source.local(file, lambda _: None):
        pass


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me@nas:/volume1/photos", Remote("me@nas", "/volume1/photos")),
        ("nas:photos", Remote("nas", "photos")),
        ("me@nas:", Remote("me@nas", ".")),
        ("me@nas:~", Remote("me@nas", ".")),
        ("me@nas:~/raf", Remote("me@nas", "raf")),
        ("C:/photos", Folder(Path("C:/photos"))),
        ("./a:b", Folder(Path("./a:b"))),
        ("-oProxyCommand=x:y", Folder(Path("-oProxyCommand=x:y"))),
        ("photos", Folder(Path("photos"))),
    ],
)
def test_remote_names(text: str, expected: object) -> None:
    assert open_source(text) == expected
