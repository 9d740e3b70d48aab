"""The list of a folder's files: order, filter, badges; it reads nothing itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester

from xtdm_core.frame import CaptureInfo
from xtdm_gui.filmstrip.folder_listing import natural_key
from xtdm_gui.filmstrip.model import Badge, FileModel, Role, SortKey, Without
from xtdm_gui.filmstrip.thumbnails import Facts, Need

FOLDER = Path("/photos")


@pytest.fixture
def model(qtbot) -> Iterator[FileModel]:
    owner = QObject()
    model = FileModel(lambda _path: None, owner)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield model
    del tester


def names(model: FileModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_names_sort_by_the_value_of_their_numbers() -> None:
    files = ["DSCF10.RAF", "dscf9.RAF", "DSCF1000.RAF", "a.RAF", "DSCF٨.RAF", "Éa.RAF", "eb.RAF", "DSCF9_2.RAF"]
    ordered = ["a.RAF", "DSCF٨.RAF", "dscf9.RAF", "DSCF9_2.RAF", "DSCF10.RAF", "DSCF1000.RAF", "Éa.RAF", "eb.RAF"]
    assert sorted(files, key=natural_key) == ordered


def test_five_thousand_names_are_neither_read_nor_looked_up(model: FileModel, monkeypatch) -> None:
    touched: list[object] = []
    for method in ("stat", "open", "exists", "is_file", "resolve"):
        monkeypatch.setattr(Path, method, lambda *args, **_: touched.append(args))
    model.set_files(FOLDER, (f"DSCF{n}.RAF" for n in reversed(range(5000))), None)
    model.set_order(SortKey.TIME, True)
    model.set_filter("dscf 4", None)
    model.set_filter("", None)
    model.set_order(SortKey.NAME, False)
    assert [model.index(n).data(Role.PATH) for n in (0, 4999)] == [FOLDER / "DSCF0.RAF", FOLDER / "DSCF4999.RAF"]
    assert touched == []


def test_order_by_time_and_sharpness_in_both_directions(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF", "2.RAF", "3.RAF", "4.RAF"], None)
    model.set_facts(FOLDER / "1.RAF", Facts(info=CaptureInfo(taken_at="2026:01:02 00:00:00"), sharpness=5.0))
    model.set_facts(FOLDER / "2.RAF", Facts(info=CaptureInfo(taken_at="2026:01:01 00:00:00"), sharpness=50.0))
    model.set_facts(FOLDER / "4.RAF", Facts(info=CaptureInfo(taken_at="2026:01:03 00:00:00"), sharpness=0.5))
    orders = {
        (SortKey.NAME, False): "1234",
        (SortKey.NAME, True): "4321",
        (SortKey.TIME, False): "2143",  # 3 is unknown, and last in both directions
        (SortKey.TIME, True): "4123",
        (SortKey.SHARPNESS, False): "4123",
        (SortKey.SHARPNESS, True): "2143",
    }
    for (key, descending), order in orders.items():
        model.set_order(key, descending)
        assert "".join(name[0] for name in names(model)) == order


def test_scores_of_the_folder_are_taken_instead_of_our_own(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF", "2.RAF", "3.RAF"], {"1.RAF": 0.1, "3.RAF": 0.01})
    model.set_facts(FOLDER / "2.RAF", Facts(sharpness=9e9))
    model.set_order(SortKey.SHARPNESS, True)
    assert names(model) == ["1.RAF", "3.RAF", "2.RAF"]
    assert model.missing(Need.SHARPNESS) == []
    assert "Sharpness: 0.01" in model.index(1).data(Qt.ItemDataRole.ToolTipRole)


def test_what_is_missing_is_told_in_the_order_of_the_view(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF", "2.RAF", "3.RAF"], None)
    model.set_facts(FOLDER / "2.RAF", Facts())
    model.set_order(SortKey.NAME, True)
    model.set_filter("1", None)
    assert [path.name for path in model.missing(Need.EXIF)] == ["1.RAF", "3.RAF"]
    assert [path.name for path in model.missing(Need.SHARPNESS)] == ["1.RAF", "2.RAF", "3.RAF"]
    model.set_facts(FOLDER / "1.RAF", Facts(error="is damaged"))  # will never have a score
    assert [path.name for path in model.missing(Need.SHARPNESS)] == ["2.RAF", "3.RAF"]


def test_a_score_outlives_a_look_that_did_not_ask_for_it_but_not_the_file(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF"], None)
    model.set_facts(FOLDER / "1.RAF", Facts(sharpness=7.0, stamp=(10, 1)))
    model.set_facts(FOLDER / "1.RAF", Facts(stamp=(10, 1)))
    assert model.missing(Need.SHARPNESS) == []
    model.set_facts(FOLDER / "1.RAF", Facts(stamp=(10, 2)))
    assert len(model.missing(Need.SHARPNESS)) == 1


def test_filter_by_words_and_by_badge(model: FileModel) -> None:
    model.set_files(FOLDER, ["beach_1.RAF", "Beach_2.RAF", "hill_1.RAF"], None)
    model.set_filter("BEACH 2", None)
    assert names(model) == ["Beach_2.RAF"]
    assert model.total == 3
    assert model.row(FOLDER / "hill_1.RAF") == -1
    model.set_badge(FOLDER / "hill_1.RAF", Badge.EXPORTED, True)
    model.set_facts(FOLDER / "beach_1.RAF", Facts(error="is incomplete"))
    model.set_filter("", Badge.EXPORTED)
    assert names(model) == ["hill_1.RAF"]
    model.set_filter("", Without(Badge.EXPORTED))
    assert names(model) == ["beach_1.RAF", "Beach_2.RAF"]
    model.set_filter("", Badge.UNREADABLE)
    assert names(model) == ["beach_1.RAF"]


def test_badges_tell_why(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF", "2.RAF"], None)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.extend((first.row(), last.row())))
    model.set_badge(FOLDER / "2.RAF", Badge.EXPORT_FAILED, True, "the disk is full")
    model.set_badge(FOLDER / "2.RAF", Badge.EDITED, True)
    model.set_badge(Path("/elsewhere/2.RAF"), Badge.EXPORTED, True)
    assert changed == [1, 1, 1, 1]
    index = model.index(1)
    assert index.data(Role.BADGES) == {Badge.EXPORT_FAILED: "the disk is full", Badge.EDITED: ""}
    assert "Export failed: the disk is full" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "2.RAF, export failed, edited"
    model.set_badge(FOLDER / "2.RAF", Badge.EXPORT_FAILED, False)
    assert index.data(Role.BADGES) == {Badge.EDITED: ""}


def test_facts_become_badges_and_an_error(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF", "2.RAF"], None)
    model.set_facts(
        FOLDER / "1.RAF", Facts(not_xtrans="has a Bayer sensor", info=CaptureInfo(taken_at="2026:01:02 03:04:05"))
    )
    model.set_facts(FOLDER / "2.RAF", Facts(error="is incomplete"))
    assert model.index(0).data(Role.BADGES) == {Badge.NOT_XTRANS: "has a Bayer sensor"}
    assert "Taken: 2026-01-02 03:04:05" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(1).data(Role.ERROR) == "is incomplete"
    assert "is incomplete" in model.index(1).data(Qt.ItemDataRole.ToolTipRole)


def test_another_state_of_the_folder_keeps_what_is_known_and_another_folder_only_badges(model: FileModel) -> None:
    model.set_files(FOLDER, ["1.RAF", "2.RAF"], None)
    model.set_facts(FOLDER / "2.RAF", Facts(error="is incomplete"))
    model.set_badge(FOLDER / "2.RAF", Badge.EDITED, True)
    model.set_files(FOLDER, ["2.RAF", "3.RAF"], None)
    assert model.index(0).data(Role.ERROR) == "is incomplete"
    model.set_files(Path("/other"), ["2.RAF"], None)
    assert model.index(0).data(Role.BADGES) == {}
    model.set_files(FOLDER, ["2.RAF"], None)
    assert model.index(0).data(Role.BADGES) == {Badge.EDITED: ""}
