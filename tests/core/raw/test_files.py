"""Raw files below a folder: all of them, each once, and no junk."""

import os
from pathlib import Path

import pytest

from xtdm_core.errors import FileProblem
from xtdm_core.raw.files import raw_files


def made(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def found(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in raw_files(root)]


def test_junk_of_systems_and_network_drives_is_left_out(tmp_path: Path) -> None:
    junk = ("._b.RAF", ".Spotlight-V100/x.RAF", ".dtrash/files/b.raf", "2024/@EADIR/b.RAF/b.DNG", "$RECYCLE.BIN/b.RAF")
    made(tmp_path, "b.RAF", "2024/c.dng", "2024/notes.txt", *junk)
    assert found(tmp_path) == ["2024/c.dng", "b.RAF"]


def test_linked_folders_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    root, far = tmp_path / "root", tmp_path / "far"
    made(root, "z/a.RAF")
    made(far, "b.RAF")
    for link, goal in (("a_link", root / "z"), ("loop", root), ("one", far), ("two", far)):
        (root / link).symlink_to(goal)
    assert found(root) == ["one/b.RAF", "z/a.RAF"]


def test_pipes_are_left_out_and_broken_links_are_for_their_reader_to_tell(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.RAF")
    (tmp_path / "gone.RAF").symlink_to("nowhere")
    assert found(tmp_path) == ["gone.RAF"]


def test_folders_that_cannot_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, "closed/a.RAF", "open/b.RAF")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if path == tmp_path / "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refusing)
    problems: list[FileProblem] = []
    assert raw_files(tmp_path, problems.append) == [tmp_path / "open" / "b.RAF"]
    assert [problem.path for problem in problems] == [tmp_path / "closed"]


def test_linear_dngs_of_this_program_are_no_raw_files(tmp_path: Path) -> None:
    for name in ("a.RAF", "a_linear.dng", "b.dng", "B_LINEAR.DNG"):
        (tmp_path / name).touch()
    assert [path.name for path in raw_files(tmp_path)] == ["a.RAF", "b.dng"]


@pytest.mark.parametrize("damaged", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff\x31\x01"])
def test_dngs_that_do_not_tell_their_program_are_raw_files(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "a.dng").write_bytes(damaged)
    assert found(tmp_path) == ["a.dng"]
