"""What was written is known to the next run, and a journal that cannot be used stops nobody."""

import os
import sqlite3
from pathlib import Path

import pytest

from xtdm_core.journal import Journal, settings_digest


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    source, target = tmp_path / os.fsdecode(b"odd\xfe.RAF"), tmp_path / "a.avif"
    source.write_text("raw")
    target.write_text("picture")
    return source, target


def test_a_picture_counts_while_nothing_has_changed(tmp_path: Path, files: tuple[Path, Path]) -> None:
    source, target = files
    Journal(tmp_path / "new" / "j").add(target, source, "s")
    journal = Journal(tmp_path / "new" / "j")
    assert journal.has(target, source, "s")
    assert not journal.has(target, source, "other settings")
    assert not journal.has(source, target, "s")
    target.write_text("half")
    assert not journal.has(target, source, "s")
    target.write_text("picture")
    os.utime(source, (0, 0))
    assert not journal.has(target, source, "s")


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_journal_that_cannot_be_used_is_told(
    tmp_path: Path, files: tuple[Path, Path], caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    path = tmp_path / "j"
    if content:
        path.write_bytes(content)
    else:
        path.mkdir()
    journal = Journal(path)
    journal.add(files[1], files[0], "s")
    assert not journal.has(files[1], files[0], "s")
    assert not journal.is_of_another(files[1], files[0], False)
    assert "cannot be used" in caplog.text


def test_the_oldest_are_forgotten(tmp_path: Path, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xtdm_core.journal.MOST", 3)
    for i in range(6):
        Journal(tmp_path / "j").add(tmp_path / str(i), files[0], "s")
    with sqlite3.connect(tmp_path / "j") as database:
        kept = database.execute("select target from written order by rowid").fetchall()
    database.close()
    assert [Path(os.fsdecode(name)).name for (name,) in kept] == ["3", "4", "5"]


def test_settings_and_files_make_the_digest(tmp_path: Path) -> None:
    weights = tmp_path / "w"
    weights.write_text("1")
    digests = [settings_digest({"quality": 90, "path": tmp_path}, weights), settings_digest({"quality": 91}, weights)]
    weights.write_text("22")
    digests += [settings_digest({"quality": 90, "path": tmp_path}, weights), settings_digest({"quality": 91}, None)]
    assert len(set(digests)) == 4
    assert settings_digest({"a": 1, "b": 2}) == settings_digest({"b": 2, "a": 1})
