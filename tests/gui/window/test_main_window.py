"""The whole window as a user drives it: what one part does reaches the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QCursor, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QTabBar, QWidget

from tests.core.conftest import textured
from tests.gui.answering import Answers, click
from tests.gui.viewing import noise_aware, seen
from tests.gui.windows import (
    Make,
    badges,
    choose_in_pane,
    folder_of_raws,
    making_windows,
    open_and_wait,
    press_in_tool_bar,
    step,
)
from xtdm_core.culling.rating import Flag
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.histogram import LOW_EV, PER_EV, photosites_between
from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.frame import CaptureInfo, RawFrame
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_gui.filmstrip.model import Badge
from xtdm_gui.filmstrip.thumbnails import Facts
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.settings import Preferences, load_preferences
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.widgets.error_bar import ErrorDialog
from xtdm_gui.window.about_dialog import AboutDialog
from xtdm_gui.window.keys_dialog import KeysDialog
from xtdm_gui.window.main_window import MainWindow
from xtdm_gui.window.settings_dialog import SettingsDialog

CTRL, ALT, LEFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of_raws(tmp_path)


@pytest.fixture(scope="module")
def frame() -> RawFrame:
    return simulate_frame(textured(1200, 1500), SensorModel())


@pytest.fixture
def make(qtbot, tmp_path: Path, settings: QSettings, frame: RawFrame, monkeypatch) -> Iterator[Make]:
    yield from making_windows(qtbot, tmp_path, settings, frame, monkeypatch)


@pytest.fixture
def window(make: Make) -> MainWindow:
    return make()


def test_a_folder_shows_its_first_picture_in_every_part(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    assert window.windowTitle() == "a.RAF – photos – XTDM"
    assert window.parts.viewer.picture is not None
    assert window.parts.develop.controls.isEnabled()
    qtbot.waitUntil(lambda: "clipping" in window.parts.histogram.title.text())
    assert window.parts.export.go.text() == "Export one file"
    qtbot.waitUntil(lambda: not window.parts.viewing.isVisible())


def test_the_status_bar_tells_of_the_shot_until_the_mouse_is_over_it(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    for canvas in window.parts.viewer.comparison.canvases:  # a test before may have left the mouse there
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert window.parts.readout.words().endswith("1500 × 1200")
    window.parts.viewer.readout_changed.emit("x 1, y 2")
    assert window.parts.readout.words() == "x 1, y 2"
    window.parts.viewer.readout_changed.emit("x 1, y 2 " + "and more " * 100)
    assert window.parts.readout.text().endswith("…")
    assert window.parts.readout.toolTip() == window.parts.readout.words()


def test_in_the_grid_the_status_bar_tells_of_the_current_file(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    model = window.parts.filmstrip.view.model()
    qtbot.waitUntil(lambda: not window.parts.filmstrip.is_busy())
    qtbot.keyClick(window, Qt.Key.Key_G)
    step(qtbot, window)
    assert window.parts.readout.words() == ""  # nothing is known of empty files
    model.set_facts(folder / "b.RAF", Facts(info=CaptureInfo(model="X-T5", iso=3200)))
    assert window.parts.readout.words() == "X-T5   ·   ISO 3200"
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: window.parts.readout.words().endswith("1500 × 1200"))


def test_what_stands_alone_is_the_networks(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    comparison = window.parts.viewer.comparison
    qtbot.keyClick(window, Qt.Key.Key_A)
    assert comparison.shown == 0
    qtbot.keyClick(window, Qt.Key.Key_4, ALT)  # to export
    assert comparison.panes() == [1]


def test_the_readout_follows_the_mouse(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    canvas = window.parts.viewer.comparison.canvases[0]
    qtbot.mouseMove(canvas, canvas.rect().center())
    qtbot.waitUntil(lambda: "EV below clipping" in window.parts.readout.words())


def test_a_mouse_that_rests_where_the_picture_comes_need_not_move(qtbot, window: MainWindow, folder: Path) -> None:
    canvas = window.parts.viewer.comparison.canvases[0]
    QCursor.setPos(canvas.mapToGlobal(canvas.rect().center()))
    QApplication.processEvents()
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))  # as a dialog above the picture makes Qt tell
    open_and_wait(qtbot, window, folder)
    assert "EV below clipping" in window.parts.readout.words()
    QCursor.setPos(window.mapToGlobal(QPoint(5, 5)))
    QApplication.processEvents()
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    with qtbot.waitSignal(window.settled):
        step(qtbot, window)
    assert window.parts.readout.words().endswith("1500 × 1200")


def test_stepping_on_goes_to_the_next_file(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    with qtbot.waitSignal(window.settled):
        step(qtbot, window)
    assert window.windowTitle().startswith("b.RAF")
    assert window.parts.viewer.picture.path == folder / "b.RAF"


def test_arrows_go_to_other_files_while_all_of_the_picture_is_seen_and_pan_else(
    qtbot, window: MainWindow, folder: Path
) -> None:
    open_and_wait(qtbot, window, folder)
    canvas, view = window.parts.viewer.comparison.canvases[0], window.parts.viewer.view
    assert window.focusWidget() is canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert window.parts.filmstrip.current() == folder / "b.RAF"
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert window.parts.filmstrip.current() == folder / "a.RAF"
    window.parts.viewer.zoom_to(8)
    before = view.seen()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert view.seen().left > before.left
    qtbot.keyClick(window, Qt.Key.Key_Right)
    window.parts.viewer.view.fit()
    box = window.parts.develop.exposure.box
    qtbot.keyClick(box, Qt.Key.Key_Right)  # moves in what is typed
    assert window.parts.filmstrip.current() == folder / "a.RAF"


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences that are painted in a picture's place."""
    from xtdm_gui.viewer import painting

    painted: list[str] = []
    paint = painting.paint_message
    monkeypatch.setattr(painting, "paint_message", lambda *of: (painted.append(of[2]), paint(*of))[1])
    return painted


def test_a_first_file_that_is_broken_stays_current_and_is_told_once(
    qtbot, window: MainWindow, folder: Path, words: list[str]
) -> None:
    (folder / "a.RAF").rename(folder / "_broken.RAF")
    window.show_preset("before-after")
    open_and_wait(qtbot, window, folder)
    assert window.parts.filmstrip.current() == folder / "_broken.RAF"
    assert window.parts.filmstrip.selected() == [folder / "_broken.RAF"]
    words.clear()
    window.parts.viewer.comparison.grab()  # both panes
    assert words == [f"{folder / '_broken.RAF'}: is damaged"]
    assert not window.parts.errors.isVisible()
    with qtbot.waitSignal(window.settled):
        step(qtbot, window)
    words.clear()
    window.parts.viewer.comparison.grab()
    assert words == []


def test_a_method_that_fails_is_told_with_its_details_until_the_next_file(
    qtbot, window: MainWindow, folder: Path
) -> None:
    window.parts.viewer.set_pane(1, RenderingSource.libraw("vng"))
    open_and_wait(qtbot, window, folder)
    assert window.parts.errors.isVisible()
    assert window.parts.errors.sentence.text() == "LibRaw crashed"
    qtbot.mouseClick(window.parts.errors.copy, LEFT)
    assert "PyTorch: " in QApplication.clipboard().text()
    window.parts.viewer.set_pane(1, RenderingSource.network())
    with qtbot.waitSignal(window.settled):
        step(qtbot, window)
    assert not window.parts.errors.isVisible()


@pytest.mark.parametrize(("name", "words"), [("empty", "no RAF or DNG files"), ("gone/x.RAF", "gone")])
def test_a_place_without_pictures_is_told(qtbot, window: MainWindow, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    open_and_wait(qtbot, window, tmp_path / name)
    assert words in window.parts.errors.sentence.text()
    assert window.parts.viewer.picture is None


def test_the_dialogs_open_folders_and_files(qtbot, window: MainWindow, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    with qtbot.waitSignal(window.settled):
        qtbot.keyClick(window, Qt.Key.Key_O, CTRL)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(folder / "b.RAF"), ""))
    with qtbot.waitSignal(window.settled):
        qtbot.keyClick(window, Qt.Key.Key_O, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.parts.filmstrip.current() == folder / "b.RAF"


@pytest.mark.parametrize("what", ["", "b.RAF"])
@pytest.mark.parametrize("part", ["viewer", "histogram", "export", "filmstrip"])
def test_what_is_dropped_anywhere_opens(qtbot, window: MainWindow, folder: Path, part: str, what: str) -> None:
    window.show_preset("export" if part == "export" else "browse")
    widget = window.parts.viewer.comparison.canvases[0] if part == "viewer" else getattr(window.parts, part)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder / what))])
    # Qt asks the widget below the cursor, then those around it, as these events do.
    while not widget.acceptDrops():
        widget = widget.parentWidget()
    actions, none = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    events: list[QDropEvent] = [
        kind(QPoint(5, 5), actions, data, LEFT, none) for kind in (QDragEnterEvent, QDragMoveEvent)
    ]
    events.append(QDropEvent(QPointF(5, 5), actions, data, LEFT, none))
    with qtbot.waitSignal(window.settled):
        for event in events:
            event.setDropAction(Qt.DropAction.MoveAction)  # as a file manager proposes
            QApplication.sendEvent(widget, event)
            assert event.isAccepted()
            assert event.dropAction() == Qt.DropAction.CopyAction  # a mover would delete the originals
    assert window.parts.filmstrip.current() == folder / (what or "a.RAF")


def test_presets_arrange_panels_and_panes(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    front: dict[str, QWidget] = {
        "browse": window.parts.develop,
        "inspector": window.parts.inspector,
        "export": window.parts.export,
    }
    for key, (name, mode) in enumerate(
        (
            ("browse", Mode.SINGLE),
            ("before-after", Mode.SIDE_BY_SIDE),
            ("inspector", Mode.SIDE_BY_SIDE),
            ("export", Mode.SINGLE),
        )
    ):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + key), ALT)
        assert window.parts.viewer.mode == mode
        assert window.menu_actions.presets[name].isChecked()
        panel = front.get(name, window.parts.develop)
        qtbot.waitUntil(lambda panel=panel: not panel.visibleRegion().isEmpty())
        assert window.parts.histogram.isVisible() == (name in ("browse", "before-after"))


def around_the_picture(window: MainWindow) -> list[QWidget]:
    """The panels and bars that are seen."""
    bars = [window.menuBar(), window.statusBar(), window.menu_actions.tool_bar]
    return [part for part in (*bars, *window.arrangement.docks.values()) if not part.visibleRegion().isEmpty()]


@pytest.mark.parametrize("leave", [Qt.Key.Key_Escape, Qt.Key.Key_F11])
def test_full_screen_leaves_only_the_picture(qtbot, window: MainWindow, folder: Path, leave: Qt.Key) -> None:
    open_and_wait(qtbot, window, folder)
    qtbot.keyClick(window, Qt.Key.Key_4, ALT)  # to export, without the histogram
    qtbot.waitUntil(lambda: not window.parts.export.visibleRegion().isEmpty())
    before = around_the_picture(window)
    window.parts.filmstrip.view.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert around_the_picture(window) == []
    canvas = window.parts.viewer.comparison.canvases[0]
    assert window.focusWidget() is canvas
    qtbot.keyClick(window, Qt.Key.Key_Y)  # keys of the menus work
    assert window.parts.viewer.mode == Mode.SIDE_BY_SIDE
    step(qtbot, window)
    assert window.parts.filmstrip.current() == folder / "b.RAF"
    qtbot.keyClick(canvas, leave)
    assert not window.isFullScreen()
    qtbot.waitUntil(lambda: around_the_picture(window) == before)


def test_panels_are_hidden_by_a_key_and_by_full_screen_only_for_its_time(qtbot, window: MainWindow) -> None:
    before = around_the_picture(window)
    qtbot.keyClick(window, Qt.Key.Key_H)
    bars = around_the_picture(window)
    assert bars == [window.menuBar(), window.statusBar(), window.menu_actions.tool_bar]
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: around_the_picture(window) == bars)
    qtbot.keyClick(window, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: around_the_picture(window) == before)


def test_a_preset_leaves_the_full_screen_and_so_does_the_desktop(qtbot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.keyClick(window, Qt.Key.Key_3, ALT)
    assert not window.isFullScreen()
    qtbot.waitUntil(lambda: not window.parts.inspector.visibleRegion().isEmpty())
    before = around_the_picture(window)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    window.showNormal()
    qtbot.waitUntil(lambda: around_the_picture(window) == before)
    assert not window.menu_actions.full_screen.isChecked()


def test_clipping_is_switched_in_the_tool_bar(qtbot, window: MainWindow) -> None:
    (action,) = [action for action in window.menu_actions.tool_bar.actions() if action.iconText() == "Clipping"]
    qtbot.mouseClick(window.menu_actions.tool_bar.widgetForAction(action), LEFT)
    assert window.parts.viewer.overlays._clipping
    qtbot.keyClick(window, Qt.Key.Key_O)
    assert not window.parts.viewer.overlays._clipping
    assert not action.isChecked()


def test_modes_by_the_tool_bar(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    viewer, (left, right) = window.parts.viewer, window.parts.viewer.comparison.canvases
    single = middle(left)
    with qtbot.waitSignal(viewer.settled):
        press_in_tool_bar(qtbot, window, Mode.SIDE_BY_SIDE)
    assert right.isVisible()
    assert middle(right) == single
    other = middle(left)
    assert other != single
    press_in_tool_bar(qtbot, window, Mode.SPLIT)
    assert not right.isVisible()
    beside = left.width() // 2 - 20, left.width() // 2 + 20
    qtbot.waitUntil(lambda: [seen(left, x, left.height() // 3) for x in beside] == [other, single])
    press_in_tool_bar(qtbot, window, Mode.BLINK)
    for colour in (other, single, other):
        qtbot.waitUntil(lambda colour=colour: middle(left) == colour)
    press_in_tool_bar(qtbot, window, Mode.DIFFERENCE)
    apart = tuple(min(255, 8 * abs(a - b)) for a, b in zip(single, other, strict=True))
    qtbot.waitUntil(lambda: middle(left) == apart)
    assert viewer.comparison.strips[1].state.text().startswith("|A − B| × 8")
    press_in_tool_bar(qtbot, window, Mode.SINGLE)
    assert [strip.isVisible() for strip in viewer.comparison.strips].count(True) == 1
    assert middle(left) in (single, other)


def middle(canvas: QWidget) -> tuple[int, int, int]:
    return seen(canvas, canvas.width() // 2 + 5, canvas.height() // 2)


def test_the_menu_of_a_file_copies_its_settings_and_pastes_them(qtbot, window: MainWindow, folder: Path) -> None:
    write_look(folder / "d_slow.RAF", Look(1.25))
    open_and_wait(qtbot, window, folder)
    menu = menu_of(qtbot, window, "d_slow.RAF")
    qtbot.waitUntil(lambda: window.parts.viewer.picture is not None)
    choose_in(qtbot, menu, "Copy settings")
    choose_in(qtbot, menu_of(qtbot, window, "b.RAF"), "Paste settings")
    window.parts.develop.close()
    assert read_look(folder / "b.RAF") == Look(1.25)
    assert read_look(folder / "a.RAF") is None


def test_the_menu_of_a_file_exports_it(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    choose_in(qtbot, menu_of(qtbot, window, "b.RAF"), "Export the selection")
    qtbot.waitUntil(lambda: Badge.EXPORTED in badges(window, "b.RAF"), timeout=20_000)
    assert Badge.EXPORTED not in badges(window, "a.RAF")


def test_the_menu_of_a_file_shows_the_details_of_what_is_wrong(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder / "c_broken.RAF")
    choose_in(qtbot, menu_of(qtbot, window, "c_broken.RAF"), "What is wrong…")
    dialog = window.findChild(ErrorDialog)
    assert dialog.text.toPlainText().startswith(f"{folder / 'c_broken.RAF'}: is damaged")
    assert "PyTorch: " in dialog.text.toPlainText()
    dialog.reject()


def menu_of(qtbot, window: MainWindow, name: str) -> QMenu:
    """What a right click on a file brings."""
    strip = window.parts.filmstrip.view
    row = [path.name for path in window.parts.filmstrip.files()].index(name)
    view, at = strip.viewport(), strip.visualRect(strip.model().index(row, 0)).center()
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=at)
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose_in(qtbot, menu: QMenu, words: str) -> None:
    (action,) = [action for action in menu.actions() if action.text().replace("&", "") == words]
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def menu_actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from menu_actions(inner)
        elif not action.isSeparator():
            yield action


def test_every_action_is_in_a_menu_and_has_a_shortcut_of_its_own(window: MainWindow) -> None:
    menus = [action.menu() for action in window.menuBar().actions()]
    in_menus = [a for m in menus for a in menu_actions(m) if m is not None]
    recent = window.parts.filmstrip.recent_menu.actions()
    without = [a.text() for a in in_menus if not a.shortcuts() and a not in recent]
    assert without == []
    keys = [key.toString() for action in in_menus for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    elsewhere = {
        a.text()
        for widget in window.findChildren(QWidget)
        for a in widget.actions()
        if a.shortcuts() and a not in in_menus
    }
    assert elsewhere == set()


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QScrollBar

    def belongs_to_qt(widget: QWidget) -> bool:
        parent = widget.parentWidget()
        return (
            widget.objectName().startswith("qt_")
            or isinstance(widget, QScrollBar)
            or isinstance(parent, (QAbstractSpinBox, QComboBox, QLineEdit))
            or type(parent).__name__ in ("QTabBar", "QDockWidget", "QToolBar", "QMainWindow", "QMenuBar")
        )

    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
    controls = [w for w in window.findChildren(QWidget) if isinstance(w, kinds) and not belongs_to_qt(w)]
    assert len(controls) > 40
    unnamed = [w for w in controls if not (w.accessibleName() or getattr(w, "text", str)())]
    silent = [w for w in controls if not w.toolTip()]
    assert [(w, w.parentWidget()) for w in unnamed] == []
    assert [(w, getattr(w, "text", str)(), w.parentWidget()) for w in silent if w.isEnabled()] == []


def test_developing_changes_picture_sidecar_and_badge(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    assert Badge.EDITED not in badges(window, "a.RAF")
    with qtbot.waitSignal(window.settled):
        window.parts.develop.exposure.box.setValue(1.5)
    assert Badge.EDITED in badges(window, "a.RAF")
    step(qtbot, window)
    qtbot.waitUntil(lambda: read_look(folder / "a.RAF") == Look(1.5))
    assert window.parts.develop.look_of(folder / "a.RAF") == Look(1.5)


def test_the_crop_is_drawn_in_the_picture_and_is_one_step_of_undo(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    viewer, develop = window.parts.viewer, window.parts.develop
    qtbot.keyClick(window, Qt.Key.Key_R)
    assert viewer.crop.on
    canvas = viewer.comparison.canvases[0]
    outline = viewer.crop._rectangle()
    ratio = canvas.devicePixelRatioF()
    start, end = (viewer.crop._to_pane(outline.place(*at)) / ratio for at in ((1, 1), (0.5, 0.5)))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start.toPoint())
    for share in (0.5, 1.0):
        qtbot.mouseMove(canvas, (start + (end - start) * share).toPoint())
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end.toPoint())
    assert develop.look().crop == pytest.approx((0, 0, 0.75, 0.75), abs=0.01)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert not viewer.crop.on
    assert not develop.geometry_controls.crop_action.isChecked()
    assert viewer.view.seen().width <= 0.76 * 1500
    develop.undo_action.trigger()
    assert develop.look() == Look()


def test_picking_a_neutral_place_in_the_picture(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    canvas = window.parts.viewer.comparison.canvases[0]
    qtbot.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    assert window.parts.develop.look() == Look()
    qtbot.mouseClick(window.parts.develop.picker, LEFT)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    qtbot.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    assert window.parts.develop.look().white_balance is not None
    assert not window.parts.develop.picker.isChecked()
    assert canvas.cursor().shape() != Qt.CursorShape.CrossCursor


def test_a_click_into_the_histogram_marks_its_pixels_until_escape(
    qtbot, window: MainWindow, folder: Path, frame: RawFrame, monkeypatch
) -> None:
    open_and_wait(qtbot, window, folder)
    qtbot.waitUntil(lambda: "clipping" in window.parts.histogram.title.text())
    marked: list[int] = []
    monkeypatch.setattr(
        window.parts.viewer.overlays, "mark", lambda mask: marked.append(0 if mask is None else mask.sum())
    )
    number, plot = round((-2 - LOW_EV) * PER_EV), window.parts.histogram.plot
    plot.clicked.emit(number)
    qtbot.waitUntil(lambda: len(marked) == 1)
    low, high = LOW_EV + number / PER_EV, LOW_EV + (number + 1) / PER_EV
    sites = [int(photosites_between(frame, colour, low, high).sum()) for colour in range(3)]
    assert min(sites) > 0
    assert marked == [sum(sites)]
    qtbot.mouseClick(window.parts.histogram.channels[1], LEFT)
    qtbot.waitUntil(lambda: marked[1:] == [sites[0] + sites[2]])
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert marked[2:] == [0]


def test_the_inspectors_places_are_shown(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    window.show_preset("inspector")
    window.parts.inspector.go_to.emit(600, 500)
    assert window.parts.viewer.zoom == 8
    assert window.parts.viewer.overlays._outlined == Box(476, 576, 524, 624)
    canvas = window.parts.viewer.comparison.canvases[0]
    qtbot.mouseMove(canvas, canvas.rect().center())
    qtbot.waitUntil(lambda: window.parts.readout.words().startswith(("x 599", "x 600", "x 601")))


def test_what_the_inspector_marked_goes_with_it(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    window.show_preset("inspector")
    window.parts.inspector.go_to.emit(600, 500)
    assert window.parts.viewer.overlays._outlined is not None
    qtbot.keyClick(window, Qt.Key.Key_1, ALT)
    qtbot.waitUntil(lambda: window.parts.viewer.overlays._outlined is None)


def test_the_inspector_rests_behind_another_tab(qtbot, window: MainWindow, folder: Path) -> None:
    inspector = window.parts.inspector
    open_and_wait(qtbot, window, folder)
    qtbot.wait(300)
    assert inspector.scores.raw is None
    assert not inspector.scores.busy
    window.show_preset("inspector")
    qtbot.waitUntil(lambda: inspector.scores.raw is not None, timeout=20_000)


def test_the_inspector_says_of_each_pane_who_made_its_grid(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    window.show_preset("inspector")
    inspector = window.parts.inspector
    qtbot.waitUntil(lambda: all(label.words().endswith("sure)") for label in inspector.verdicts), timeout=60_000)


def test_what_is_to_be_known_of_a_network_is_told(qtbot, window: MainWindow) -> None:
    window.parts.engine.tell("old.pt gets its mosaics with the wrong white balance")
    qtbot.waitUntil(lambda: window.parts.errors.isVisibleTo(window))
    assert window.parts.errors.sentence.text() == "old.pt gets its mosaics with the wrong white balance"


def test_exporting_the_selection_gives_badges(qtbot, window: MainWindow, folder: Path, log: Path) -> None:
    open_and_wait(qtbot, window, folder)
    window.parts.filmstrip.view.setFocus()
    qtbot.keyClick(window.parts.filmstrip.view, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert len(window.parts.filmstrip.selected()) == 4
    (folder / "release").touch()
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: window.parts.exporting.isVisible())
    qtbot.waitUntil(lambda: not window.parts.export.busy(), timeout=20_000)
    assert not window.parts.exporting.isVisible()
    assert Badge.EXPORTED in badges(window, "a.RAF")
    assert Badge.EXPORT_FAILED in badges(window, "c_broken.RAF")
    assert "c_broken.RAF was not exported: is damaged" in window.parts.errors.sentence.text()
    qtbot.mouseClick(window.parts.errors.copy, LEFT)
    assert "Traceback: somewhere" in QApplication.clipboard().text()


def test_an_export_that_failed_does_not_call_the_raw_file_broken(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    before = badges(window, "a.RAF")
    window.parts.export.failed.emit(folder / "a.RAF", "you may not write there: choose another folder")
    assert badges(window, "a.RAF") == before | {Badge.EXPORT_FAILED}
    window.parts.export.exported.emit(folder / "a.RAF")
    assert badges(window, "a.RAF") == before | {Badge.EXPORTED}


def test_closing_while_an_export_runs_asks(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    window.parts.export.set_selection([folder / "d_slow.RAF"])
    window.export_selection()
    qtbot.waitUntil(lambda: any(folder.glob(".*.xtdm-part")), timeout=20_000)
    answers = Answers(window, click("Keep running"), click("Stop and quit"))
    window.close()
    assert window.isVisible()
    assert window.parts.export.busy()
    window.close()
    assert not window.isVisible()
    assert len(answers.asked) == 2
    assert "still being exported" in answers.asked[0]
    assert not list(folder.glob(".*.xtdm-part"))


def test_the_export_can_be_cancelled_in_the_status_bar(qtbot, window: MainWindow, folder: Path) -> None:
    window.parts.export.set_selection([folder / "d_slow.RAF", folder / "a.RAF"])
    window.export_selection()
    qtbot.waitUntil(lambda: window.parts.exporting.isVisible())
    qtbot.mouseClick(window.parts.exporting.button, LEFT)
    assert not window.parts.export.busy()
    assert not window.parts.exporting.isVisible()


def test_another_network_is_shown_and_exported(qtbot, window: MainWindow, folder: Path, tmp_path: Path) -> None:
    open_and_wait(qtbot, window, folder)
    window.parts.network.choose(tmp_path / "own.pt")
    assert window.parts.viewer.source(1).label() == "Network own"
    assert window.parts.export.choice().weights == str(tmp_path / "own.pt")


def test_each_picture_is_denoised_as_its_settings_say(qtbot, window: MainWindow, folder: Path, tmp_path: Path) -> None:
    write_look(folder / "b.RAF", Look(denoise=0.0))
    window.parts.network.choose(noise_aware(tmp_path / "own.safetensors"))
    name = window.parts.viewer.comparison.strips[1].button
    open_and_wait(qtbot, window, folder / "a.RAF")
    assert name.text() == "Network own, denoise 1.0 ▾"
    sliders = window.parts.develop.noise
    sliders.denoise.box.setValue(0.5)
    qtbot.waitUntil(lambda: name.text() == "Network own, denoise 0.5 ▾")
    step(qtbot, window)
    qtbot.waitUntil(lambda: name.text() == "Network own, denoise off ▾")
    assert sliders.denoise.box.text() == "off"
    engine_said = window._engine.said("compute")
    assert not [words for words in engine_said if words.startswith("b.RAF") and not words.endswith("denoise off")]
    assert window.parts.develop.look_of(folder / "a.RAF") == Look(denoise=0.5)  # what is exported


def test_the_network_chosen_for_its_pane_is_exported_and_libraws_is_only_seen(window: MainWindow) -> None:
    choose_in_pane(window, 1, "Network quality")
    assert window.parts.develop.engine.models.currentText() == "quality (built in)"
    assert window.parts.export.form.method.currentText() == "Network quality"
    for pane, words in ((1, "LibRaw VNG"), (1, "Embedded JPEG"), (0, "Network fast")):
        choose_in_pane(window, pane, words)
        assert window.parts.viewer.source(pane).label() == words
        assert window.parts.develop.engine.models.currentText() == "quality (built in)"
        assert window.parts.export.form.method.currentText() == "Network quality"
    choose_in_pane(window, 1, "Network fast")
    assert window.parts.develop.engine.models.currentText() == "fast (built in)"
    assert window.parts.export.choice().weights == ""


def test_settings_are_applied_and_kept(qtbot, window: MainWindow, settings: QSettings, monkeypatch) -> None:
    changed = Preferences(device="cpu", memory_mb=512, theme="darker")
    monkeypatch.setattr(SettingsDialog, "exec", lambda _: True)
    monkeypatch.setattr(SettingsDialog, "preferences", lambda _: changed)
    app = QApplication.instance()
    before, name, sheet = app.palette(), app.style().name(), app.styleSheet()
    try:
        qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
        assert app.palette().window().color().lightness() < 40
    finally:
        app.setStyleSheet(sheet)
        app.setStyle(name)
        app.setPalette(before)
    assert load_preferences(settings) == changed
    assert window.parts.develop.engine.device() == "cpu"
    assert window.parts.viewer.pictures._engine._device == "cpu"


def test_the_window_comes_back_as_it_was(qtbot, make: Make, folder: Path) -> None:
    first = make()
    open_and_wait(qtbot, first, folder)
    first.show_preset("inspector")
    first.arrangement.docks["filmstrip"].hide()
    first.resize(798, 690)
    first.close()
    second = make()
    assert (second.width(), second.height()) == (798, 690)
    assert not second.arrangement.docks["filmstrip"].isVisible()
    assert not second.parts.histogram.isVisible()
    with qtbot.waitSignal(second.settled):
        second.open_last()
    assert second.parts.filmstrip.current() == folder / "a.RAF"


def test_the_filmstrip_can_stand_at_the_side(qtbot, window: MainWindow) -> None:
    dock = window.arrangement.docks["filmstrip"]
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    assert window.parts.filmstrip._splitter.orientation() == Qt.Orientation.Vertical
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    assert window.parts.filmstrip._splitter.orientation() == Qt.Orientation.Horizontal


def test_help_lists_the_keys_and_tells_the_versions(qtbot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    keys = window.findChild(KeysDialog)
    listed = {
        group.child(i).text(1)
        for group in map(keys.list.topLevelItem, range(7))
        if group
        for i in range(group.childCount())
    }
    assert {"Ctrl+O", "Ctrl+E", "Alt+2", "F11", "Wheel"} <= listed
    assert not keys.list.horizontalScrollBar().isVisible()
    assert keys.list.columnWidth(0) >= keys.list.sizeHintForColumn(0)
    keys.close()
    qtbot.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    about = window.findChild(AboutDialog)
    assert "XTDM: " in about.text()
    about.close()
    qtbot.waitUntil(lambda: window.findChild(AboutDialog) is None)


def test_the_grid_takes_the_whole_window_and_gives_it_back(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    before = around_the_picture(window)
    strip, viewer = window.parts.filmstrip, window.parts.viewer
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert strip.isVisible()
    assert not viewer.isVisible()
    assert around_the_picture(window) == [window.menuBar(), window.statusBar(), window.menu_actions.tool_bar]
    engine_saw = len(window._engine.events)
    step(qtbot, window)
    assert strip.current() == folder / "b.RAF"
    assert len(window._engine.events) == engine_saw  # files that are looked through are not read
    qtbot.keyClick(strip.view, Qt.Key.Key_4)
    assert strip.ratings.rating(folder / "b.RAF").stars == 4
    with qtbot.waitSignal(window.settled):
        qtbot.keyClick(strip.view, Qt.Key.Key_Return)
    assert viewer.isVisible()
    assert viewer.pictures.path == folder / "b.RAF"
    qtbot.waitUntil(lambda: around_the_picture(window) == before)
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert around_the_picture(window) == []
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: around_the_picture(window) == before)


@pytest.mark.parametrize("way", ["preset", "mode", "escape", "close"])
def test_ways_out_of_the_grid(qtbot, make: Make, folder: Path, way: str) -> None:
    window = make()
    open_and_wait(qtbot, window, folder)
    qtbot.keyClick(window, Qt.Key.Key_G)
    if way == "close":
        window.close()
        window = make()
    elif way == "preset":
        qtbot.keyClick(window, Qt.Key.Key_2, ALT)
    elif way == "mode":
        qtbot.keyClick(window, Qt.Key.Key_Y)
    else:
        qtbot.keyClick(window.parts.filmstrip.view, Qt.Key.Key_Escape)
    assert window.parts.viewer.isVisible()
    qtbot.waitUntil(lambda: not window.arrangement.docks["filmstrip"].visibleRegion().isEmpty())
    assert window.parts.filmstrip.parentWidget() is window.arrangement.docks["filmstrip"]


def test_who_knew_the_old_keys_is_told_once_of_the_new_ones(qtbot, make: Make, folder: Path) -> None:
    first = make()
    open_and_wait(qtbot, first, folder)
    qtbot.keyClick(first, Qt.Key.Key_2)
    assert not first.parts.errors.isVisible()  # a new window: nobody knows other keys
    first.close()
    second = make()
    open_and_wait(qtbot, second, folder)
    qtbot.keyClick(second, Qt.Key.Key_3)
    assert "now rate the photo" in second.parts.errors.sentence.text()
    assert not second.parts.errors.copy.isVisible()
    second.parts.errors.clear()
    qtbot.keyClick(second, Qt.Key.Key_2)
    assert not second.parts.errors.isVisible()
    second.close()
    third = make()
    open_and_wait(qtbot, third, folder)
    qtbot.keyClick(third, Qt.Key.Key_3)
    assert not third.parts.errors.isVisible()


def test_a_larger_window_is_for_develop_not_for_the_histogram(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    develop, histogram = window.arrangement.docks["develop"], window.arrangement.docks["histogram"]
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: window.height() == 700)
    before = develop.height(), histogram.height()
    window.resize(1100, 1400)
    qtbot.waitUntil(lambda: develop.height() > before[0] + 500)
    assert histogram.height() < before[1] + 150


def test_no_panel_is_cut_at_its_sides(qtbot, window: MainWindow) -> None:
    window.resizeDocks([window.arrangement.docks["develop"]], [10], Qt.Orientation.Horizontal)
    for name in ("browse", "inspector", "export"):
        window.show_preset(name)
        panel = {"browse": window.parts.develop, "inspector": window.parts.inspector, "export": window.parts.export}[
            name
        ]
        assert panel.isVisible()
        qtbot.waitUntil(lambda panel=panel: panel.width() <= panel.parentWidget().width())


def select(window: MainWindow, folder: Path, *names: str) -> None:
    view = window.parts.filmstrip.view
    view.go_to(window.parts.filmstrip.files().index(folder / names[0]))
    for name in names[1:]:
        index = view.model().index(window.parts.filmstrip.files().index(folder / name), 0)
        view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


def no_tabs_of_docks(window: MainWindow) -> bool:
    """Whether Qt has left no tab bar over what is seen in the docks' place."""
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window]
    return all(bar.visibleRegion().isEmpty() for bar in bars)


def test_selected_files_are_compared_rated_and_left(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    before = around_the_picture(window)
    survey, strip = window.parts.survey, window.parts.filmstrip
    select(window, folder, "a.RAF", "b.RAF")
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert survey.files() == [folder / "a.RAF", folder / "b.RAF"]
    assert survey.isVisible()
    assert strip.isVisible()
    qtbot.waitUntil(lambda: no_tabs_of_docks(window))
    assert not window.parts.develop.isVisible()
    qtbot.keyClick(survey.panes[0].canvas, Qt.Key.Key_Right)
    assert strip.current() == folder / "b.RAF"
    qtbot.keyClick(survey.panes[1].canvas, Qt.Key.Key_X)
    flags = [strip.ratings.rating(folder / name).flag for name in ("a.RAF", "b.RAF")]
    assert flags == [Flag.NONE, Flag.REJECTED]
    assert strip.selected() == survey.files()
    qtbot.keyClick(survey.panes[1].canvas, Qt.Key.Key_Z)
    assert {pane.view.zoom for pane in survey.panes} == {1.0}
    with qtbot.waitSignal(window.settled):
        qtbot.keyClick(survey.panes[1].canvas, Qt.Key.Key_Escape)
    assert window.parts.viewer.isVisible()
    assert window.parts.viewer.pictures.path == folder / "b.RAF"
    qtbot.waitUntil(lambda: around_the_picture(window) == before)
    qtbot.keyClick(window, Qt.Key.Key_3)  # all that is selected, as ever
    assert [strip.ratings.rating(path).stars for path in strip.selected()] == [3, 3]


def test_from_the_grid_the_comparison_leads_back_to_it(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    before = around_the_picture(window)
    qtbot.keyClick(window, Qt.Key.Key_G)
    select(window, folder, "a.RAF", "b.RAF", "d_slow.RAF")
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert len(window.parts.survey.files()) == 3
    qtbot.waitUntil(lambda: no_tabs_of_docks(window))
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert window.menu_actions.grid.isChecked()
    assert window.parts.filmstrip.view.isVisible()
    assert not window.parts.survey.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.parts.viewer.isVisible()
    qtbot.waitUntil(lambda: around_the_picture(window) == before)


def test_the_comparison_follows_the_selection(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    select(window, folder, "a.RAF", "b.RAF")
    qtbot.keyClick(window, Qt.Key.Key_C)
    select(window, folder, "a.RAF", "b.RAF", "d_slow.RAF")
    assert not window.parts.survey.isVisible()  # one alone is no comparison
    qtbot.keyClick(window, Qt.Key.Key_C)
    view = window.parts.filmstrip.view
    view.selectionModel().select(view.model().index(0, 0), QItemSelectionModel.SelectionFlag.Deselect)
    assert [path.name for path in window.parts.survey.files()] == ["b.RAF", "d_slow.RAF"]
    assert window.parts.filmstrip.current() == folder / "b.RAF"


def test_one_file_is_not_compared_and_of_many_the_first_four(qtbot, window: MainWindow, folder: Path) -> None:
    for name in ("e.RAF", "f.RAF"):
        (folder / name).touch()
    open_and_wait(qtbot, window, folder)
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert window.parts.viewer.isVisible()
    assert not window.menu_actions.survey.isChecked()
    assert "two to four" in window.parts.errors.sentence.text()
    window.parts.filmstrip.view.selectAll()
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert len(window.parts.survey.files()) == 4
    assert "first four" in window.parts.errors.sentence.text()


def test_a_rating_is_undone_by_key_also_from_the_next_file(qtbot, window: MainWindow, folder: Path) -> None:
    open_and_wait(qtbot, window, folder)
    ratings = window.parts.filmstrip.ratings
    qtbot.keyClick(window, Qt.Key.Key_4)
    with qtbot.waitSignal(window.settled):
        step(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert ratings.rating(folder / "a.RAF").stars == 0
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert ratings.rating(folder / "a.RAF").stars == 4
    assert window.parts.develop.undo_action.text() == "Undo Rating"
