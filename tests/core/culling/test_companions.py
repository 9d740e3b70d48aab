"""What goes with a raw file, and what stays."""

from pathlib import Path

import pytest

from xtdm_core.culling.companions import companions, move_with_companions
from xtdm_core.errors import WriteFailed


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(name)


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_a_raw_file_takes_its_sidecars_along(tmp_path: Path) -> None:
    make(tmp_path, "a.RAF", "a.RAF.xtdm.json", "a.RAF.xmp", "a.xmp", "a.avif", "ab.xmp", "b.RAF")
    move_with_companions(tmp_path / "a.RAF", tmp_path / "rejected")
    assert listed(tmp_path) == ["a.avif", "ab.xmp", "b.RAF"]
    assert listed(tmp_path / "rejected") == ["a.RAF", "a.RAF.xmp", "a.RAF.xtdm.json", "a.xmp"]


def test_what_describes_the_jpeg_of_a_pair_stays_with_it(tmp_path: Path) -> None:
    make(tmp_path, "a.RAF", "a.JPG", "a.xmp", "a.RAF.xmp")
    assert [path.name for path in companions(tmp_path / "a.RAF")] == ["a.RAF.xmp"]


def test_nothing_is_replaced(tmp_path: Path) -> None:
    make(tmp_path, "a.RAF", "a.xmp")
    (tmp_path / "rejected").mkdir()
    make(tmp_path / "rejected", "a.xmp")
    with pytest.raises(WriteFailed, match="already exists"):
        move_with_companions(tmp_path / "a.RAF", tmp_path / "rejected")
    assert listed(tmp_path) == ["a.RAF", "a.xmp"]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="cannot be moved"):
        move_with_companions(tmp_path / "a.RAF", tmp_path / "rejected")
