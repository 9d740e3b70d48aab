"""Culling as a user does it: keys, filters, orders, and what becomes of what was rejected."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFile, Qt

from tests.core.conftest import INFO, textured
from tests.gui.answering import Answers, click
from xtdm_core.culling.rating import Flag, Label, Rating, read_rating, write_rating
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_gui.filmstrip.filmstrip import Filmstrip
from xtdm_gui.filmstrip.model import Role, SortKey
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in "abcd":
        (folder / f"{name}.RAF").touch()
    write_rating(folder / "b.RAF", Rating(2, label=Label.GREEN))
    return folder


@pytest.fixture
def strip(qtbot, tmp_path: Path, folder: Path) -> Iterator[Filmstrip]:
    strip = Filmstrip(ThumbnailCache(tmp_path / "cache"))
    qtbot.addWidget(strip)
    strip.addActions(strip.culling.actions())  # the window has them in a menu
    strip.resize(700, 500)
    strip.show()
    qtbot.waitExposed(strip)
    with qtbot.waitSignal(strip.folder_opened):
        strip.open_folder(folder)
    qtbot.waitUntil(lambda: strip.ratings.rating(folder / "b.RAF").stars == 2)
    yield strip
    strip.close()


def names(strip: Filmstrip) -> str:
    return "".join(path.stem for path in strip.files())


def rating(strip: Filmstrip, name: str) -> Rating:
    return strip.view.model().index(names(strip).index(name), 0).data(Role.RATING)


def choose(strip: Filmstrip, text: str) -> None:
    (action,) = [action for action in strip.bar.rated.menu().actions() if action.text() == text]
    action.trigger()


def sort(strip: Filmstrip, key: SortKey) -> None:
    strip.bar.order.setCurrentIndex(strip.bar.order.findData(key))


def test_keys_rate_what_is_selected(qtbot, strip: Filmstrip, folder: Path) -> None:
    for key in (Qt.Key.Key_3, Qt.Key.Key_P, Qt.Key.Key_7):
        qtbot.keyClick(strip, key)
    assert rating(strip, "a") == Rating(3, Flag.PICKED, Label.YELLOW)
    strip.view.selectAll()
    qtbot.keyClick(strip, Qt.Key.Key_X)
    qtbot.keyClick(strip, Qt.Key.Key_U)
    qtbot.keyClick(strip, Qt.Key.Key_1)
    assert [rating(strip, name).stars for name in "abcd"] == [1, 1, 1, 1]
    qtbot.waitUntil(lambda: not strip.ratings.is_busy())
    assert read_rating(folder / "b.RAF") == Rating(1, label=Label.GREEN)


def test_ratings_filter_and_sort(qtbot, strip: Filmstrip) -> None:
    strip.step(2)
    qtbot.keyClick(strip, Qt.Key.Key_5)
    choose(strip, "★ and more")
    assert names(strip) == "bc"
    sort(strip, SortKey.RATING)
    assert names(strip) == "cb"  # the best first
    choose(strip, "Green")
    assert names(strip) == "b"
    assert strip.bar.note.text() == "1 of 4 files"
    choose(strip, "Any label")
    choose(strip, "Any stars")
    qtbot.keyClick(strip, Qt.Key.Key_X)
    choose(strip, "Not rejected")
    assert len(names(strip)) == 3
    choose(strip, "Rejected")
    assert len(names(strip)) == 1
    strip.bar.clear_filter()
    assert len(names(strip)) == 4


def test_words_and_orders_ask_the_camera(qtbot, strip: Filmstrip, folder: Path) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel(info=INFO))
    write_raf(folder / "e.RAF", frame)
    qtbot.waitUntil(lambda: names(strip) == "abcde")
    strip.bar.filter.setText(f"{INFO.model} iso{INFO.iso}")
    qtbot.waitUntil(lambda: names(strip) == "e", timeout=10_000)
    strip.bar.clear_filter()
    sort(strip, SortKey.ISO)
    qtbot.waitUntil(lambda: names(strip)[0] == "e", timeout=10_000)  # the others tell nothing, and come last


def test_rejected_files_go_into_a_folder_with_their_sidecars(qtbot, strip: Filmstrip, folder: Path) -> None:
    strip.step(1)
    qtbot.keyClick(strip, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: not strip.ratings.is_busy())
    answers = Answers(strip, click("Cancel"), click("Into the folder “rejected”"))
    qtbot.keyClick(strip, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert names(strip) == "abcd"
    strip.culling.actions()[-1].trigger()
    assert answers.asked == ["One rejected file, with sidecars: move where?"] * 2
    qtbot.waitUntil(lambda: names(strip) == "acd")
    assert sorted(path.name for path in (folder / "rejected").iterdir()) == ["b.RAF", "b.xmp"]


def test_rejected_files_go_into_the_bin(qtbot, strip: Filmstrip, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binned: list[str] = []

    def bin_but_d(path: str) -> bool:
        if path.endswith("d.RAF"):
            return False
        Path(path).unlink()
        binned.append(Path(path).name)
        return True

    monkeypatch.setattr(QFile, "moveToTrash", bin_but_d)
    strip.view.selectAll()
    qtbot.keyClick(strip, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: not strip.ratings.is_busy())
    answers = Answers(strip, click("Into the system's bin"))
    with qtbot.waitSignal(strip.culling.failed) as told:
        qtbot.keyClick(strip, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert told.args[0].startswith(f"{folder / 'd.RAF'}: the system's bin does not take it")
    assert sorted(binned) == ["a.RAF", "a.xmp", "b.RAF", "b.xmp", "c.RAF", "c.xmp"]
    qtbot.waitUntil(lambda: names(strip) == "d")
    assert len(answers.asked) == 1


def test_nothing_is_moved_where_nothing_is_rejected(qtbot, strip: Filmstrip) -> None:
    answers = Answers(strip, click("OK"))
    qtbot.keyClick(strip, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    assert answers.asked == ["No file of this folder is rejected. X rejects the selected ones."]
