"""Which raw file becomes which picture."""

import os
from pathlib import Path

import pytest

from xtdm_core.batch import TargetNames, plan_jobs
from xtdm_core.errors import BadOption, FileProblem
from xtdm_core.journal import Journal


def test_folders_recurse_and_mirror_their_tree(tmp_path: Path) -> None:
    for name in ("a.RAF", "deep/er/b.raf", "deep/c.dng", "deep/d.jpg"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    jobs = plan_jobs([tmp_path / "in"], tmp_path / "out", "avif")
    targets = {str(job.target.relative_to(tmp_path / "out")) for job in jobs}
    assert targets == {"a.avif", "deep/er/b.avif", "deep/c.avif"}
    assert not any(job.explicit for job in jobs)


def test_without_output_pictures_lie_beside_their_files(tmp_path: Path) -> None:
    (job,) = plan_jobs([tmp_path / "a.RAF"], None, "linear-tiff")
    assert (job.target, job.explicit) == (tmp_path / "a_linear.tif", True)


def test_a_file_name_is_for_one_input_only(tmp_path: Path) -> None:
    (job,) = plan_jobs([tmp_path / "a.RAF"], tmp_path / "mine.avif", "avif")
    assert job.target == tmp_path / "mine.avif"
    with pytest.raises(BadOption, match="folder"):
        plan_jobs([tmp_path / "a.RAF", tmp_path / "b.RAF"], tmp_path / "mine.avif", "avif")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal" / "written.sqlite")


def touched(path: Path, seconds: int, content: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (seconds, seconds))
    return path


def test_no_two_files_get_one_name(tmp_path: Path) -> None:
    names = ("a/y.RAF", "a/Y.dng", "b/y.raf", "b/y-2.RAF", "b/u\u0308.RAF", "b/\u00fc.DNG")
    for name in names:
        touched(tmp_path / name, 1)
    inputs = [tmp_path / "a", tmp_path / "b", tmp_path / "b" / "y.raf"]
    jobs = plan_jobs([*inputs, *inputs], tmp_path / "out", "tiff")
    expected = ["Y.tif", "y-2.tif", "u\u0308.tif", "y-2-2.tif", "y-3.tif", "\u00fc-2.tif"]
    assert [job.target.name for job in jobs] == expected


def test_a_picture_of_another_card_keeps_its_name_from_run_to_run(tmp_path: Path, journal: Journal) -> None:
    one, two = (touched(tmp_path / card / "x.RAF", when) for card, when in (("card1", 10), ("card2", 20)))
    out = tmp_path / "out"

    def plan(*inputs: Path, replace: bool = False) -> list[str]:
        return [j.target.name for j in plan_jobs(inputs, out, "avif", TargetNames(journal), replace)]

    assert plan(two.parent) == ["x.avif"]
    journal.add(touched(out / "x.avif", 30), two, "")
    for replace in (False, True):
        assert plan(one.parent, replace=replace) == ["x-2.avif"]
    journal.add(touched(out / "x-2.avif", 30, "longer"), one, "")
    assert plan(one.parent, two.parent) == ["x-2.avif", "x.avif"]
    touched(one, 99)
    assert plan(one, replace=True) == ["x-2.avif"]
    assert plan(one) == ["x-3.avif"]
    touched(out / "x.avif", 31)  # somebody else's by now: what becomes of it is not for names to decide
    assert plan(one) == ["x.avif"]


def test_folders_that_cannot_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched(tmp_path / "a.RAF", 1)
    monkeypatch.setattr("os.scandir", lambda path: (_ for _ in ()).throw(PermissionError(13, "no", str(path))))
    problems: list[FileProblem] = []
    assert plan_jobs([tmp_path], None, "avif", on_problem=problems.append) == []
    assert [problem.path for problem in problems] == [tmp_path]
