"""Files appear whole or not at all."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xtdm_core.errors import WriteFailed
from xtdm_core.files import _is_on_own_disk, atomic_write, scratch_path, sweep_orphans
from xtdm_core.locks import try_lock
from xtdm_core.progress import Cancelled


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_finished_file_has_its_name(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "new" / "a.txt", overwrite=False) as partial:
        partial.write_text("whole")
    assert (tmp_path / "new" / "a.txt").read_text() == "whole"
    assert names(tmp_path / "new") == ["a.txt"]


@pytest.mark.parametrize("error", [RuntimeError, Cancelled, KeyboardInterrupt])
def test_an_interrupted_file_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), atomic_write(tmp_path / "a.txt", overwrite=False) as partial:
        partial.write_text("ha")
        raise error
    assert names(tmp_path) == []


def test_an_existing_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(WriteFailed, match="already"), atomic_write(tmp_path / "a.txt", overwrite=False):
        pass
    with atomic_write(tmp_path / "a.txt", overwrite=True) as partial:
        partial.write_text("new")
    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="already"), atomic_write(tmp_path / "a.txt", overwrite=False) as partial:
        partial.write_text("late")
        (tmp_path / "a.txt").write_text("first")
    assert (tmp_path / "a.txt").read_text() == "first"
    assert names(tmp_path) == ["a.txt"]


def test_clear_words_for_impossible_targets(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for target, word in ((tmp_path, "folder"), (tmp_path / "file" / "a.txt", "not a folder")):
        with pytest.raises(WriteFailed, match=word), atomic_write(target, overwrite=False) as partial:
            partial.write_text("")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    full = Path("/dev/full")
    with pytest.raises(WriteFailed, match="disk is full"), atomic_write(tmp_path / "a", overwrite=False):
        full.write_bytes(b"x")
    assert names(tmp_path) == []


def test_orphans_of_killed_processes_are_swept_and_the_living_spared(tmp_path: Path) -> None:
    code = f"""
import sys, time
from pathlib import Path
from xtdm_core.files import atomic_write
with atomic_write(Path({str(tmp_path / "a.txt")!r}), False) as partial:
    partial.write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    assert sweep_orphans(tmp_path) == 0
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert len(names(tmp_path)) == 1
    assert sweep_orphans(tmp_path) == 1
    assert names(tmp_path) == []


def test_killed_at_random_moments_never_leaves_a_partial_target(tmp_path: Path) -> None:
    code = f"""
import itertools
from pathlib import Path
from xtdm_core.files import atomic_write
print("ready", flush=True)
for i in itertools.count():
    with atomic_write(Path({str(tmp_path)!r}) / "a.bin", True) as partial:
        partial.write_bytes(bytes([i % 256]) * 3_000_000)
"""
    rng = __import__("random").Random(1)
    for _ in range(8):
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.02 + 0.05 * rng.random())
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if (tmp_path / "a.bin").exists():
            data = (tmp_path / "a.bin").read_bytes()
            assert data == data[:1] * 3_000_000


@pytest.mark.parametrize("name", ["a" * 251 + ".txt", "写真" * 41 + "真.txt"])
def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path, name: str) -> None:
    with atomic_write(tmp_path / name, overwrite=False) as partial:
        partial.write_text("whole")
    assert names(tmp_path) == [name]
    with pytest.raises(WriteFailed, match="too long"), atomic_write(tmp_path / f"{name}{name}", overwrite=False):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a folder lies on")
def test_on_an_own_disk_leftovers_of_before_a_restart_go_at_once_and_held_ones_stay(tmp_path: Path) -> None:
    left, held = (tmp_path / f".xtdm-00000000-{i}.xtdm-part" for i in range(2))
    left.touch()
    with held.open("xb") as file:
        assert try_lock(file.fileno()) is True
        assert sweep_orphans(tmp_path) == 1
        assert names(tmp_path) == [held.name]


@pytest.mark.parametrize(
    ("mounts", "own"),
    [
        ("1 0 8:1 / / rw - ext4 /dev/sda1 rw", True),
        ("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / {parent} rw shared:3 - nfs4 nas:/photos rw", False),
        ("1 0 0:9 / / rw - nfs4 nas:/ rw\n2 1 8:1 /x {folder} rw - xfs /dev/sdb rw", True),
        ("1 0 8:1 / / rw - fuse.sshfs nas: rw", False),
    ],
)
def test_shares_are_told_from_disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, own: bool) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    told = mounts.format(parent=tmp_path, folder=str(folder).replace(" ", r"\040"))
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: told)
    assert _is_on_own_disk(folder) is own


def test_what_another_machine_writes_to_a_share_is_an_orphan_only_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xtdm_core.files._is_on_own_disk", lambda _: False)
    far = [tmp_path / f".xtdm-00000000-{i}.xtdm-part" for i in range(3)]
    for path in (*far, tmp_path / ".earlier.avif.77.xtdm-part", tmp_path / "mine.xtdm-part"):
        path.touch()
    assert sweep_orphans(tmp_path) == 0
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    with far[1].open("rb+") as held:
        assert try_lock(held.fileno()) is True
        assert sweep_orphans(tmp_path) == 3
    assert names(tmp_path) == [far[1].name, "mine.xtdm-part"]


def test_a_lock_lasts_while_its_file_is_open_whoever_else_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    with path.open("rb+") as holder:
        assert try_lock(holder.fileno()) is True
        path.write_text("content can be written all the same")
        with path.open("rb+") as other:
            assert try_lock(other.fileno()) is False
        with path.open("rb+") as other:
            assert try_lock(other.fileno()) is False
    with path.open("rb+") as other:
        assert try_lock(other.fileno()) is True


def test_temporaries_have_names_of_their_own_and_links_in_the_way_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, target = tmp_path / "victim", tmp_path / "a"
    victim.write_text("precious")
    with atomic_write(target, overwrite=True) as first, atomic_write(target, overwrite=True) as second:
        assert first != second
    number = second.name.split("-")[2].partition(".")[0]
    monkeypatch.setattr("secrets.token_hex", lambda _: number)
    second.symlink_to(victim)
    with pytest.raises(WriteFailed), atomic_write(tmp_path / "b", overwrite=False) as planted:
        planted.write_text("through the link")
    assert victim.read_text() == "precious"


def test_scratch_files_vanish_and_those_of_killed_processes_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    orphan = tmp_path / ".xtdm-00000000-1.xtdm-part"
    orphan.touch()
    os.utime(orphan, (0, 0))
    with scratch_path() as path:
        path.write_text("fetched")
        assert names(tmp_path) == [path.name]
    assert names(tmp_path) == []
