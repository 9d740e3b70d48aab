"""What was exported is remembered, as long as raw file and picture stay what they were."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from xtdm_gui.export import history
from xtdm_gui.export.history import ExportRecord, exported_in


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(history, "user_data_path", lambda *_, **__: tmp_path / "data")
    return tmp_path / "data"


def exported(folder: Path, names: list[str]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    parent = QObject()
    record = ExportRecord(parent)
    raws = [folder / f"{name}.RAF" for name in names]
    for raw in raws:
        raw.write_bytes(b"raw")
        raw.with_suffix(".avif").touch()
        record.add(raw, raw.with_suffix(".avif"))
    record.close()
    return raws


def test_every_export_is_found_in_its_own_folder(qapp, tmp_path: Path) -> None:
    one = exported(tmp_path / "one", ["a", "b", os.fsdecode(b"\xff")])
    other = exported(tmp_path / "other", ["a"])
    assert sorted(exported_in(tmp_path / "one")) == sorted(one)
    assert exported_in(tmp_path / "other") == other
    assert exported_in(tmp_path) == []


def test_what_changed_since_does_not_count(qapp, tmp_path: Path) -> None:
    same, replaced, gone, without = exported(tmp_path, ["same", "replaced", "gone", "without"])
    replaced.write_bytes(b"another")
    gone.unlink()
    without.with_suffix(".avif").unlink()
    assert exported_in(tmp_path) == [same]
    exported(tmp_path, ["replaced"])
    assert sorted(exported_in(tmp_path)) == [replaced, same]


def test_the_oldest_are_forgotten(qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 3)
    exported(tmp_path, ["a", "b"])
    raws = exported(tmp_path, ["c", "d", "a"])
    assert sorted(exported_in(tmp_path)) == sorted(raws)


def test_a_damaged_record_does_no_harm(qapp, tmp_path: Path, data: Path) -> None:
    data.mkdir()
    (data / "exported.sqlite").write_bytes(b"no database" * 100)
    exported(tmp_path, ["a"])
    assert exported_in(tmp_path) == []


def test_a_folder_is_looked_into_in_the_background(qtbot, tmp_path: Path) -> None:
    raws = exported(tmp_path, ["a"])
    parent = QObject()
    record = ExportRecord(parent)
    with qtbot.waitSignal(record.found) as found:
        record.look_into(tmp_path)
    record.close()
    assert found.args == [raws]
