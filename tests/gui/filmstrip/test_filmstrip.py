"""The filmstrip as a user drives it: folders, keys, clicks, and files that come and go."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt, QThread, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from xtdm_core.raw import reader as raf_module
from xtdm_gui.filmstrip import folder_listing
from xtdm_gui.filmstrip.filmstrip import Filmstrip
from xtdm_gui.filmstrip.model import Badge, Role, SortKey
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.theme import Theme, theme_palette
from xtdm_gui.widgets.error_bar import ErrorDialog

SHIFT, CONTROL, NONE = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def own(qtbot) -> QAction:
    """What others can do with files."""
    return QAction("Own")


@pytest.fixture
def strip(qtbot, tmp_path: Path, settings: QSettings, own: QAction) -> Iterator[Filmstrip]:
    strip = Filmstrip(ThumbnailCache(tmp_path / "cache"), settings, file_actions=[own])
    qtbot.addWidget(strip)
    strip.resize(560, 560)
    strip.show()
    yield strip
    strip.close()
    assert not [thread for thread in strip.findChildren(QThread) if thread.isRunning()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Empty files: their names are all that most tests need."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in (1, 2, 10, 20, 100):
        (folder / f"DSCF{number}.RAF").touch()
    (folder / "ignored.jpg").touch()
    (folder / "folder.RAF").mkdir()
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the raw files that are opened."""
    names: list[str] = []
    for function in ("read_summary", "read_exif_summary"):
        original: Callable[[Path], raf_module.RawSummary] = getattr(raf_module, function)

        def spy(path: Path, original: Callable[[Path], raf_module.RawSummary] = original) -> raf_module.RawSummary:
            names.append(path.name)
            return original(path)

        monkeypatch.setattr(raf_module, function, spy)
    return names


def opened(qtbot, strip: Filmstrip, path: Path) -> None:
    with qtbot.waitSignal(strip.folder_opened):
        (strip.open_folder if path.is_dir() else strip.open_file)(path)


def names(strip: Filmstrip) -> list[str]:
    return [path.stem for path in strip.files()]


def role(strip: Filmstrip, name: str, asked: int) -> object:
    model = strip.view.model()
    return model.index(names(strip).index(name), 0).data(asked)


def click(qtbot, strip: Filmstrip, name: str, modifier: Qt.KeyboardModifier = NONE) -> None:
    at = strip.view.visualRect(strip.view.model().index(names(strip).index(name), 0)).center()
    qtbot.mouseClick(strip.view.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def test_a_folder_opens_in_natural_order_with_its_first_file_current(qtbot, strip: Filmstrip, folder: Path) -> None:
    heard: list[object] = []
    strip.current_changed.connect(heard.append)
    opened(qtbot, strip, folder)
    assert names(strip) == ["DSCF1", "DSCF2", "DSCF10", "DSCF20", "DSCF100"]
    assert strip.current() == folder / "DSCF1.RAF"
    assert strip.selected() == [folder / "DSCF1.RAF"]
    assert heard == [folder / "DSCF1.RAF"]
    assert strip.bar.note.text() == "5 files"


def test_a_file_opens_with_its_folder_whatever_its_suffix(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder / "DSCF20.RAF")
    assert strip.current() == folder / "DSCF20.RAF"
    opened(qtbot, strip, folder / "ignored.jpg")
    assert strip.current() == folder / "ignored.jpg"
    assert len(strip.files()) == 6
    strip.rescan()
    qtbot.waitUntil(lambda: not strip.is_busy())
    assert strip.current() == folder / "ignored.jpg"


def test_five_thousand_files_are_listed_by_one_scan_and_only_those_in_sight_are_read(
    qtbot, strip: Filmstrip, tmp_path: Path, monkeypatch, reads: list[str]
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(5000):
        (folder / f"DSCF{number:04}.RAF").touch()
    scans: list[Path] = []
    scan = os.scandir
    monkeypatch.setattr(folder_listing.os, "scandir", lambda path: (scans.append(path), scan(path))[1])
    looked_at: list[str] = []
    stat = Path.stat
    spy = lambda path, **words: (looked_at.append(path.name), stat(path, **words))[1]  # noqa: E731
    monkeypatch.setattr(Path, "stat", spy)
    strip.open_folder(folder)
    qtbot.waitUntil(lambda: len(strip.files()) == 5000)
    qtbot.waitUntil(lambda: not strip.is_busy())
    seen = len(strip.view.visible_rows())
    assert 6 <= seen <= 20
    assert scans == [folder]
    expected = [f"DSCF{number:04}.RAF" for number in range(2 * seen)]  # and one page further
    assert sorted(reads) == expected
    assert sorted({name for name in looked_at if name.endswith(".RAF")}) == expected
    reads.clear()
    strip.view.verticalScrollBar().setValue(strip.view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: "DSCF4999.RAF" in reads)
    qtbot.waitUntil(lambda: not strip.is_busy())
    assert len(reads) <= 3 * seen


def test_what_is_in_sight_is_read_first(qtbot, strip: Filmstrip, tmp_path: Path, reads: list[str]) -> None:
    for number in range(300):
        (tmp_path / f"{number:03}.RAF").touch()
    opened(qtbot, strip, tmp_path / "150.RAF")
    qtbot.waitUntil(lambda: not strip.is_busy() and bool(reads))
    rows = strip.view.visible_rows()
    in_sight = {f"{row:03}.RAF" for row in rows}
    assert "150.RAF" in in_sight
    # At most as many as there are workers have begun before the view had scrolled to its file.
    early = strip._thumbnails._workers
    assert set(reads[: len(rows) + early]) >= in_sight


def test_thumbnails_appear_and_come_from_the_cache_the_second_time(
    qtbot, strip: Filmstrip, raf: Path, reads: list[str], tmp_path: Path
) -> None:
    opened(qtbot, strip, raf)
    qtbot.waitUntil(lambda: role(strip, "made", Role.THUMBNAIL) is not None)
    assert reads == ["made.RAF"]
    again = Filmstrip(ThumbnailCache(tmp_path / "cache"))
    qtbot.addWidget(again)
    again.show()
    opened(qtbot, again, raf)
    qtbot.waitUntil(lambda: role(again, "made", Role.THUMBNAIL) is not None)
    again.close()
    assert reads == ["made.RAF"]


def test_a_broken_file_says_why(qtbot, strip: Filmstrip, raf: Path) -> None:
    raf.write_bytes(raf.read_bytes()[:4000])
    opened(qtbot, strip, raf)
    qtbot.waitUntil(lambda: bool(role(strip, "made", Role.ERROR)))
    assert str(role(strip, "made", Role.ERROR)).startswith("is incomplete")
    assert "is incomplete" in str(role(strip, "made", Qt.ItemDataRole.ToolTipRole))
    before = strip.view.viewport().grab().toImage()
    strip.view.model()._facts.clear()
    assert strip.view.viewport().grab().toImage() != before  # the words were drawn


def test_a_file_that_was_still_being_copied_becomes_whole(qtbot, strip: Filmstrip, raf: Path) -> None:
    data = raf.read_bytes()
    raf.write_bytes(data[:4000])
    opened(qtbot, strip, raf)
    qtbot.waitUntil(lambda: bool(role(strip, "made", Role.ERROR)))
    with raf.open("ab") as file:  # grows in place: the folder itself does not change
        file.write(data[4000:])
    qtbot.waitUntil(lambda: role(strip, "made", Role.ERROR) == "" and role(strip, "made", Role.THUMBNAIL) is not None)


def test_new_files_appear_and_removed_ones_vanish_and_the_selection_stays(
    qtbot, strip: Filmstrip, folder: Path
) -> None:
    opened(qtbot, strip, folder)
    click(qtbot, strip, "DSCF2")
    click(qtbot, strip, "DSCF20", CONTROL)
    heard: list[object] = []
    strip.current_changed.connect(heard.append)
    (folder / "DSCF3.RAF").touch()
    qtbot.waitUntil(lambda: len(strip.files()) == 6)
    assert names(strip)[2] == "DSCF3"
    assert [path.stem for path in strip.selected()] == ["DSCF2", "DSCF20"]
    assert strip.current() == folder / "DSCF20.RAF"
    assert heard == []
    (folder / "DSCF20.RAF").unlink()
    qtbot.waitUntil(lambda: len(strip.files()) == 5)
    assert strip.current() == folder / "DSCF100.RAF"  # its neighbour
    assert [path.stem for path in strip.selected()] == ["DSCF2"]
    assert heard == [folder / "DSCF100.RAF"]


def drawn(strip: Filmstrip) -> int:
    """Tells apart the contents of the first file's thumbnails."""
    return strip.view.model().index(0, 0).data(Role.THUMBNAIL).cacheKey()


def test_a_sidecar_written_beside_the_files_disturbs_nothing(qtbot, strip: Filmstrip, raf: Path) -> None:
    opened(qtbot, strip, raf)
    qtbot.waitUntil(lambda: role(strip, "made", Role.THUMBNAIL) is not None)
    before = drawn(strip)
    resets: list[int] = []
    strip.view.model().modelReset.connect(lambda: resets.append(1))
    with qtbot.waitSignal(strip._watch.changed):
        (raf.parent / "made.RAF.xtdm.json").write_text("{}")
    qtbot.waitUntil(lambda: strip._jobs._thread is None and not strip.is_busy())
    assert resets == []
    assert drawn(strip) == before


def test_another_picture_under_the_same_name_is_shown(qtbot, strip: Filmstrip, raf: Path, tmp_path_factory) -> None:
    opened(qtbot, strip, raf)
    qtbot.waitUntil(lambda: role(strip, "made", Role.THUMBNAIL) is not None)
    before = drawn(strip)
    other = tmp_path_factory.mktemp("other") / "made.RAF"
    other.write_bytes(raf.read_bytes())
    os.utime(other, ns=(1, 1))
    other.replace(raf)
    qtbot.waitUntil(lambda: drawn(strip) != before)


def test_an_emptied_folder_says_so_and_fills_again(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    for path in folder.glob("*.RAF"):
        if path.is_file():
            path.unlink()
    qtbot.waitUntil(lambda: "no RAF or DNG files" in strip.words.text())
    assert strip.words.isVisible()
    assert strip.current() is None
    (folder / "new.RAF").touch()
    qtbot.waitUntil(lambda: strip.current() == folder / "new.RAF")
    assert strip.view.isVisible()


def test_a_folder_that_goes_away_is_told(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    with qtbot.waitSignal(strip.failed) as told:
        shutil.rmtree(folder)
    assert "cannot be opened" in told.args[0]
    assert strip.files() == []
    assert strip.recent_folders() == []


def test_a_folder_that_gets_another_name_is_told(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    with qtbot.waitSignal(strip.failed) as told:
        folder.rename(folder.with_name("renamed"))
    assert "cannot be opened" in told.args[0]
    assert strip.files() == []
    assert strip.recent_folders() == []


def test_what_cannot_be_opened_is_told(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    for path in (folder / "gone.RAF", folder / "none" / "a.RAF", folder / "a\0.RAF"):
        with qtbot.waitSignal(strip.failed) as told:
            strip.open_file(path)
        assert "cannot be opened" in told.args[0]
        assert strip.current() is None
        assert strip.words.isVisible()


def test_keys_step_and_shift_selects(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    changes: list[int] = []
    strip.selection_changed.connect(lambda: changes.append(len(strip.selected())))
    qtbot.keyClick(strip.view, Qt.Key.Key_Right)
    assert strip.current() == folder / "DSCF2.RAF"
    qtbot.keyClick(strip.view, Qt.Key.Key_Right, SHIFT)
    assert [path.stem for path in strip.selected()] == ["DSCF2", "DSCF10"]
    assert strip.bar.note.text() == "5 files, 2 selected"
    qtbot.keyClick(strip.view, Qt.Key.Key_A, CONTROL)
    assert len(strip.selected()) == 5
    assert changes == [1, 2, 5]
    strip.step(1)
    assert strip.selected() == [strip.current()] == [folder / "DSCF20.RAF"]
    strip.step(1)
    strip.step(1)  # stays at the last one
    assert strip.current() == folder / "DSCF100.RAF"
    qtbot.keyClick(strip, Qt.Key.Key_Left, CONTROL)
    assert strip.current() == folder / "DSCF20.RAF"
    qtbot.keyClick(strip.view, Qt.Key.Key_D)  # letters are the window's
    assert strip.current() == folder / "DSCF20.RAF"


def test_current_selected_and_other_cells_look_clearly_different(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    strip.view.setPalette(theme_palette(Theme.DARK))
    qtbot.keyClick(strip.view, Qt.Key.Key_Right)
    qtbot.keyClick(strip.view, Qt.Key.Key_Right, SHIFT)
    image = strip.view.viewport().grab().toImage()

    def greys(row: int) -> tuple[int, int]:
        """At the border of a cell, and between it and the thumbnail."""
        cell = strip.view.visualRect(strip.view.model().index(row, 0))
        ratio, y = image.devicePixelRatio(), cell.center().y()
        return tuple(image.pixelColor(round((cell.left() + x) * ratio), round(y * ratio)).value() for x in (1, 4))

    other, selected, current = (greys(row) for row in range(3))
    assert selected[1] == current[1] > other[1] + 90
    assert current[0] > selected[0] + 60


def test_clicks_select_several(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    click(qtbot, strip, "DSCF2")
    click(qtbot, strip, "DSCF20", SHIFT)
    click(qtbot, strip, "DSCF10", CONTROL)
    assert [path.stem for path in strip.selected()] == ["DSCF2", "DSCF20"]


def menu_of(qtbot, strip: Filmstrip, name: str) -> QMenu:
    """What a right click on a file brings."""
    view = strip.view.viewport()
    at = strip.view.visualRect(strip.view.model().index(names(strip).index(name), 0)).center()
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, NONE, at)
    by_mouse = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(view, QContextMenuEvent(by_mouse, at, view.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose_in(qtbot, menu: QMenu, words: str) -> None:
    (action,) = [action for action in menu.actions() if action.text().replace("&", "") == words]
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def test_a_right_click_offers_what_is_done_with_files(
    qtbot, strip: Filmstrip, own: QAction, folder: Path, monkeypatch
) -> None:
    done: list[str] = []
    own.triggered.connect(lambda: done.append("own"))
    opened(qtbot, strip, folder)
    choose_in(qtbot, menu_of(qtbot, strip, "DSCF10"), "Own")
    assert done == ["own"]
    assert strip.selected() == [strip.current()] == [folder / "DSCF10.RAF"]
    click(qtbot, strip, "DSCF2", CONTROL)
    choose_in(qtbot, menu_of(qtbot, strip, "DSCF10"), "Copy the path")  # one of the selected: all stay so
    assert QApplication.clipboard().text() == f"{folder / 'DSCF2.RAF'}\n{folder / 'DSCF10.RAF'}"
    urls: list[QUrl] = []
    monkeypatch.setattr("xtdm_gui.filmstrip.filmstrip.QDesktopServices.openUrl", urls.append)
    choose_in(qtbot, menu_of(qtbot, strip, "DSCF1"), "Open the containing folder")
    assert strip.selected() == [folder / "DSCF1.RAF"]
    assert urls == [QUrl.fromLocalFile(str(folder))]


def test_the_menu_of_a_broken_file_tells_what_is_wrong_with_it(qtbot, strip: Filmstrip, raf: Path) -> None:
    raf.with_name("broken.RAF").write_bytes(raf.read_bytes()[:4000])
    opened(qtbot, strip, raf)
    qtbot.waitUntil(lambda: bool(role(strip, "broken", Role.ERROR)))
    choose_in(qtbot, menu_of(qtbot, strip, "broken"), "What is wrong…")
    dialog = strip.findChild(ErrorDialog)
    assert dialog.isVisible()
    assert dialog.text.toPlainText().startswith(f"{raf.with_name('broken.RAF')}: is incomplete")
    dialog.reject()
    menu = menu_of(qtbot, strip, "made")
    assert not menu.actions()[-1].isEnabled()
    menu.close()


def test_the_menu_comes_by_key_and_not_beside_the_files(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    view, reasons = strip.view.viewport(), QContextMenuEvent.Reason
    corner = view.rect().bottomRight()
    QApplication.sendEvent(view, QContextMenuEvent(reasons.Mouse, corner, view.mapToGlobal(corner)))
    assert QApplication.activePopupWidget() is None
    QApplication.sendEvent(strip.view, QContextMenuEvent(reasons.Keyboard, corner, view.mapToGlobal(corner)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    cell = strip.view.visualRect(strip.view.currentIndex())
    assert cell.contains(view.mapFromGlobal(menu.pos()))
    menu.close()


def test_one_file_is_counted_as_one(qtbot, strip: Filmstrip, raf: Path) -> None:
    opened(qtbot, strip, raf.parent)
    assert strip.bar.note.text() == "one file"


def test_the_filter_hides_and_shows_and_keeps_the_current_file(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    click(qtbot, strip, "DSCF10")
    qtbot.keyClick(strip, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(strip.bar.filter.hasFocus)
    qtbot.keyClicks(strip.bar.filter, "f10")
    qtbot.waitUntil(lambda: names(strip) == ["DSCF10", "DSCF100"])
    assert strip.current() == folder / "DSCF10.RAF"
    assert strip.bar.note.text() == "2 of 5 files"
    qtbot.keyClicks(strip.bar.filter, "x")
    qtbot.waitUntil(lambda: "matches" in strip.words.text() and strip.words.isVisible())
    assert strip.current() is None
    strip.bar.filter.clear()
    qtbot.waitUntil(lambda: len(strip.files()) == 5)
    assert strip.current() == folder / "DSCF10.RAF"
    assert strip.selected() == [folder / "DSCF10.RAF"]


def test_the_filter_lets_go_of_the_keyboard(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    for key, left in ((Qt.Key.Key_Return, "f10"), (Qt.Key.Key_Escape, "")):
        qtbot.keyClick(strip, Qt.Key.Key_F, CONTROL)
        qtbot.waitUntil(strip.bar.filter.hasFocus)
        qtbot.keyClicks(strip.bar.filter, "f10")
        qtbot.keyClick(strip.bar.filter, key)
        if key == Qt.Key.Key_Escape:
            assert strip.bar.filter.hasFocus()  # the first empties it
            qtbot.keyClick(strip.bar.filter, key)
        assert strip.view.hasFocus()
        assert strip.bar.filter.text() == left
    qtbot.waitUntil(lambda: len(strip.files()) == 5)


def test_a_file_that_is_opened_comes_into_sight(qtbot, strip: Filmstrip, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.RAF").touch()
    strip.set_orientation(Qt.Orientation.Horizontal)
    opened(qtbot, strip, tmp_path / "200.RAF")
    assert 200 in strip.view.visible_rows()
    strip.view.horizontalScrollBar().setValue(0)
    qtbot.keyClicks(strip.bar.filter, "1")
    qtbot.waitUntil(lambda: len(strip.files()) < 300)
    opened(qtbot, strip, tmp_path / "202.RAF")
    assert strip.current() == tmp_path / "202.RAF"
    assert strip.bar.filter.text() == ""
    assert 202 in strip.view.visible_rows()


def test_a_file_that_the_filter_hid_is_current_again_without_it(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    click(qtbot, strip, "DSCF10")
    click(qtbot, strip, "DSCF20", CONTROL)
    told: list[Path | None] = []
    strip.current_changed.connect(told.append)
    qtbot.keyClicks(strip.bar.filter, "100\r")
    assert told == [folder / "DSCF100.RAF"]
    qtbot.keyClicks(strip.bar.filter, "0\r")
    assert strip.current() is None
    strip.bar.filter.clear()
    qtbot.waitUntil(lambda: len(strip.files()) == 5)
    assert told == [folder / "DSCF100.RAF", None, folder / "DSCF20.RAF"]
    assert [path.stem for path in strip.selected()] == ["DSCF10", "DSCF20"]


def test_a_file_that_was_chosen_within_the_filter_stays(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    qtbot.keyClicks(strip.bar.filter, "0\r")
    assert names(strip) == ["DSCF10", "DSCF20", "DSCF100"]
    click(qtbot, strip, "DSCF100")
    strip.bar.filter.clear()
    qtbot.waitUntil(lambda: len(strip.files()) == 5)
    assert strip.current() == folder / "DSCF100.RAF"


def test_while_a_filter_is_typed_the_current_file_changes_once_and_only_if_it_is_hidden(
    qtbot, strip: Filmstrip, folder: Path
) -> None:
    opened(qtbot, strip, folder)
    click(qtbot, strip, "DSCF10")
    told: list[Path | None] = []
    strip.current_changed.connect(told.append)
    qtbot.keyClicks(strip.bar.filter, "10")
    qtbot.waitUntil(lambda: len(strip.files()) == 2)
    assert told == []
    strip.bar.filter.clear()
    qtbot.keyClicks(strip.bar.filter, "2")
    assert told == []
    qtbot.waitUntil(lambda: names(strip) == ["DSCF2", "DSCF20"])
    assert told == [strip.current()]


def test_another_folder_is_not_hidden_by_the_filter_of_the_last(
    qtbot, strip: Filmstrip, folder: Path, tmp_path: Path
) -> None:
    opened(qtbot, strip, folder)
    qtbot.keyClicks(strip.bar.filter, "100\r")
    qtbot.waitUntil(lambda: len(strip.files()) == 1)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.RAF").touch()
    told: list[Path | None] = []
    strip.current_changed.connect(told.append)
    opened(qtbot, strip, tmp_path / "other")
    assert names(strip) == ["a"]
    assert strip.bar.filter.text() == ""
    assert told == [tmp_path / "other" / "a.RAF"]


def choose(box, data: object) -> None:
    box.setCurrentIndex(box.findData(data))


def test_badges_filter_and_follow_the_file(qtbot, strip: Filmstrip, folder: Path) -> None:
    (folder / "DSCF20.RAF.xtdm.json").write_text("{}")
    opened(qtbot, strip, folder)
    assert role(strip, "DSCF20", Role.BADGES) == {Badge.EDITED: ""}
    strip.set_badge(folder / "DSCF2.RAF", Badge.EXPORTED, True)
    choose(strip.bar.badge, Badge.EXPORTED)
    assert names(strip) == ["DSCF2"]
    strip.set_badge(folder / "DSCF10.RAF", Badge.EXPORTED, True)
    qtbot.waitUntil(lambda: names(strip) == ["DSCF2", "DSCF10"])
    strip.bar.badge.setCurrentText("Not exported")
    assert names(strip) == ["DSCF1", "DSCF20", "DSCF100"]
    strip.set_badge(folder / "DSCF1.RAF", Badge.EXPORTED, True)
    qtbot.waitUntil(lambda: names(strip) == ["DSCF20", "DSCF100"])
    choose(strip.bar.badge, Badge.UNREADABLE)  # all files are empty, those out of sight too
    qtbot.waitUntil(lambda: len(strip.files()) == 5)


def test_order_by_time_reads_all_files_in_the_background(qtbot, strip: Filmstrip, raf: Path, reads: list[str]) -> None:
    data = raf.read_bytes()
    for number in range(60):
        clock = f"03:04:{59 - number:02}".encode()
        raf.with_name(f"{number:02}.RAF").write_bytes(data.replace(b"03:04:05", clock))
    raf.unlink()
    opened(qtbot, strip, raf.parent)
    assert strip.current() == raf.with_name("00.RAF")
    choose(strip.bar.order, SortKey.TIME)
    qtbot.waitUntil(lambda: names(strip)[0] == "59")
    assert names(strip) == [f"{number:02}" for number in reversed(range(60))]
    assert strip.current() == raf.with_name("00.RAF")
    assert len(set(reads)) == 60
    qtbot.mouseClick(strip.bar.direction, Qt.MouseButton.LeftButton)
    assert names(strip)[0] == "00"


def test_the_order_outlives_the_window(qtbot, strip: Filmstrip, folder: Path, tmp_path: Path, settings) -> None:
    opened(qtbot, strip, folder)
    for _ in range(3):
        qtbot.mouseClick(strip.bar.direction, Qt.MouseButton.LeftButton)
    again = Filmstrip(ThumbnailCache(tmp_path / "cache"), settings)
    qtbot.addWidget(again)
    opened(qtbot, again, folder)
    assert names(again) == names(strip) == ["DSCF100", "DSCF20", "DSCF10", "DSCF2", "DSCF1"]
    choose(again.bar.order, SortKey.SHARPNESS)
    qtbot.mouseClick(again.bar.direction, Qt.MouseButton.LeftButton)
    again.close()
    third = Filmstrip(ThumbnailCache(tmp_path / "cache"), settings)
    qtbot.addWidget(third)
    assert third.bar.order.currentData() is SortKey.SHARPNESS
    assert not third.bar.direction.isChecked()
    third.close()


@pytest.mark.parametrize("stored", ["", "size", "[]"])
def test_an_order_that_is_none_does_no_harm(qtbot, tmp_path: Path, settings: QSettings, stored: str) -> None:
    settings.setValue("filmstrip/order", stored)
    strip = Filmstrip(ThumbnailCache(tmp_path / "cache"), settings)
    qtbot.addWidget(strip)
    assert strip.bar.order.currentData() is SortKey.NAME
    strip.close()


def test_order_by_sharpness_takes_the_folders_scores(qtbot, strip: Filmstrip, folder: Path, reads: list[str]) -> None:
    scores = {"DSCF10.RAF": 0.0035, "DSCF1.RAF": 1e-3, "below/DSCF2.RAF": 9, "DSCF20.RAF": "broken"}
    items = {name: {"stamp": "1 2", "files": {}, "score": score} for name, score in scores.items()}
    (folder / "sharpness_scores.json").write_text(json.dumps({"format": 1, "kind": "sharpness", "items": items}))
    opened(qtbot, strip, folder)
    choose(strip.bar.order, SortKey.SHARPNESS)
    assert names(strip)[:2] == ["DSCF10", "DSCF1"]  # the sharpest first
    strip.bar.direction.click()
    assert names(strip)[:2] == ["DSCF1", "DSCF10"]
    strip.bar.direction.click()
    choose(strip.bar.order, SortKey.NAME)
    assert names(strip)[:2] == ["DSCF1", "DSCF2"]


@pytest.mark.parametrize(
    "stored", ["", "[1]", "{", '{"items": [1]}', '{"items": {"DSCF1.RAF": {"score": NaN}, "DSCF2.RAF": 1}}']
)
def test_broken_scores_do_no_harm(qtbot, strip: Filmstrip, folder: Path, stored: str) -> None:
    (folder / "sharpness_scores.json").write_text(stored)
    opened(qtbot, strip, folder)
    choose(strip.bar.order, SortKey.SHARPNESS)
    assert len(strip.files()) == 5


def test_order_by_sharpness_judges_the_previews(qtbot, strip: Filmstrip, tmp_path: Path) -> None:
    from io import BytesIO

    from PIL import Image, ImageFilter

    from tests.core.conftest import textured
    from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf

    noise = Image.effect_noise((480, 320), 60).convert("RGB")
    for name, radius in (("a", 2), ("b", 0), ("c", 4)):
        preview = BytesIO()
        noise.filter(ImageFilter.GaussianBlur(radius)).save(preview, format="JPEG")
        write_raf(tmp_path / f"{name}.RAF", simulate_frame(textured(66, 72), SensorModel()), preview.getvalue())
    opened(qtbot, strip, tmp_path)
    choose(strip.bar.order, SortKey.SHARPNESS)
    qtbot.waitUntil(lambda: names(strip) == ["b", "a", "c"])
    assert "Sharpness" in str(role(strip, "b", Qt.ItemDataRole.ToolTipRole))


def test_recent_folders_outlive_the_window_and_forget_what_is_gone(
    qtbot, strip: Filmstrip, folder: Path, tmp_path: Path, settings: QSettings
) -> None:
    (tmp_path / "other & more").mkdir()
    for path in (folder, tmp_path / "other & more", folder):
        opened(qtbot, strip, path)
    assert strip.recent_folders() == [folder, tmp_path / "other & more"]
    again = Filmstrip(ThumbnailCache(tmp_path / "cache"), settings)
    qtbot.addWidget(again)
    assert again.recent_folders() == strip.recent_folders()
    again.recent_menu.aboutToShow.emit()
    with qtbot.waitSignal(again.folder_opened):
        again.recent_menu.actions()[1].trigger()
    assert again.recent_folders()[0] == tmp_path / "other & more"
    shutil.rmtree(folder)
    with qtbot.waitSignal(again.failed):
        again.open_folder(folder)
    assert again.recent_folders() == [tmp_path / "other & more"]
    again.close()


def test_the_tree_shows_the_folder_and_opens_another(qtbot, strip: Filmstrip, folder: Path) -> None:
    opened(qtbot, strip, folder)
    (folder.parent / "sibling").mkdir()
    (folder.parent / "sibling" / "s.RAF").touch()
    qtbot.keyClick(strip, Qt.Key.Key_T, CONTROL)
    assert strip.tree.isVisible()
    qtbot.waitUntil(lambda: strip.tree.currentIndex().data() == "photos")
    index = strip.tree.model().index(str(folder.parent / "sibling"))
    qtbot.waitUntil(lambda: not strip.tree._to_be_read and not strip.tree._marking.isActive())
    strip.tree.scrollTo(index)
    at = strip.tree.visualRect(index).center()
    with qtbot.waitSignal(strip.folder_opened):
        qtbot.mouseClick(strip.tree.viewport(), Qt.MouseButton.LeftButton, NONE, at)
    assert names(strip) == ["s"]
    qtbot.keyClick(strip, Qt.Key.Key_T, CONTROL)
    assert not strip.tree.isVisible()


def test_the_tree_begins_with_the_folder_near_its_top_and_unfolded(qtbot, strip: Filmstrip, folder: Path) -> None:
    for number in range(40):
        (folder.parent / f"beside {number:02d}").mkdir()
    inside = [folder / f"day {number}" for number in range(3)]
    for path in inside:
        path.mkdir()
    opened(qtbot, strip, folder)
    tree = strip.tree
    qtbot.keyClick(strip, Qt.Key.Key_T, CONTROL)
    qtbot.waitUntil(lambda: not tree._to_be_read and not tree._marking.isActive())
    current = tree.visualRect(tree.currentIndex())
    assert tree.currentIndex().data() == "photos"
    assert 0 <= current.top() <= 2 * current.height()
    places = [tree.visualRect(tree.model().index(str(path))) for path in inside]
    assert all(not place.isEmpty() and tree.viewport().rect().contains(place.center()) for place in places)
    with qtbot.waitSignal(strip.folder_opened):
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, NONE, places[2].center())
    assert tree.visualRect(tree.currentIndex()) == places[2]  # what is clicked does not move


def test_a_horizontal_strip_is_one_row_that_the_wheel_scrolls(qtbot, strip: Filmstrip, folder: Path) -> None:
    from PySide6.QtGui import QWheelEvent

    strip.set_orientation(Qt.Orientation.Horizontal)
    opened(qtbot, strip, folder)
    tops = {strip.view.visualRect(strip.view.model().index(row, 0)).top() for row in range(5)}
    assert len(tops) == 1
    assert strip.view.visible_rows() == range(4)
    at = QPointF(20, 20)
    down = QPoint(0, -240)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(at, strip.view.viewport().mapToGlobal(at), QPoint(), down, none, NONE, phase, False)
    QApplication.sendEvent(strip.view.viewport(), turned)
    assert strip.view.horizontalScrollBar().value() > 0
    qtbot.keyClick(strip.view, Qt.Key.Key_End)
    assert 4 in strip.view.visible_rows()


def test_the_place_stays_when_files_appear_above_it(qtbot, strip: Filmstrip, tmp_path: Path) -> None:
    for number in range(100, 400):
        (tmp_path / f"{number}.RAF").touch()
    opened(qtbot, strip, tmp_path)
    strip.view.verticalScrollBar().setValue(strip.view.verticalScrollBar().maximum() // 2)
    first = names(strip)[strip.view.visible_rows().start]
    for number in range(10, 13):
        (tmp_path / f"{number}.RAF").touch()
    qtbot.waitUntil(lambda: len(strip.files()) == 303)
    assert names(strip)[strip.view.visible_rows().start] == first
    assert strip.current() == tmp_path / "100.RAF"


def test_closing_in_the_middle_of_it_all(qtbot, tmp_path: Path, raf: Path) -> None:
    for number in range(50):
        os.link(raf, raf.with_name(f"{number}.RAF"))
    strip = Filmstrip(ThumbnailCache(tmp_path / "cache"))
    qtbot.addWidget(strip)
    strip.show()
    opened(qtbot, strip, raf.parent)
    choose(strip.bar.order, SortKey.SHARPNESS)
    strip.bar.tree_action.setChecked(True)
    assert strip.is_busy()
    strip.close()
    assert not [thread for thread in strip.findChildren(QThread) if thread.isRunning()]
    assert not strip.is_busy()
