"""The inspector as a user drives it: follow a position, read figures, click the worst place."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6 import QtCore
from PySide6.QtCore import QPoint, QPointF, Qt

from xtdm_core.errors import XtdmError
from xtdm_core.inspection.score import score_picture, score_raw, visible_codes
from xtdm_core.inspection.verdict import GridVerdict, Maker
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align, tile_pattern
from xtdm_gui.inspector.analysis import Scores, look_around
from xtdm_gui.inspector.frame_scores import Result
from xtdm_gui.inspector.verdict_label import verdict_text
from xtdm_gui.pictures.picture import Picture

SIDE = 480


def picture_of(cam_rgb: np.ndarray, orientation: int = 1) -> Picture:
    frame = simulate_frame(cam_rgb, SensorModel(orientation=orientation, noise=(1e-5, 1e-4)))
    return Picture(Path("made.RAF"), frame, align(frame))


def grey(side: int = SIDE) -> np.ndarray:
    return np.full((side, side, 3), 0.2, np.float32)


def with_grid(top: int, left: int) -> np.ndarray:
    """Noisy grey with a grid of 3 % on 96x96 px."""
    result = grey() + np.random.default_rng(0).normal(0, 2e-4, (SIDE, SIDE, 3)).astype(np.float32)
    cell = np.random.default_rng(3).normal(0, 0.03, (6, 6))
    box = slice(top, top + 96), slice(left, left + 96)
    result[box] *= 1 + tile_pattern(cell, 96, 96)[..., None].astype(np.float32)
    return result


@pytest.fixture
def inspector(qtbot) -> Iterator[object]:
    from xtdm_gui.inspector.panel import InspectorPanel

    inspector = InspectorPanel()
    qtbot.addWidget(inspector)
    inspector.resize(360, 1000)
    inspector.numbers.setChecked(True)
    inspector.show()
    yield inspector
    inspector.close()
    assert not [t for t in inspector.findChildren(QtCore.QThread) if t.isRunning()]


def settled(inspector) -> bool:
    idle = not inspector._looking and not inspector.scores.busy and not inspector._timer.isActive()
    return idle and inspector._here is not None


def figure(inspector, row: int, column: int) -> str:
    return str(inspector.table.figures[row][column].text())


def test_without_a_picture_it_says_so(inspector) -> None:
    assert inspector.title.words() == "No picture"
    assert inspector.places.count() == 0
    inspector.set_position(5, 5)
    assert not inspector._timer.isActive()


def test_a_result_that_is_not_there_yet_is_told(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey()), Result("Network", None)])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    first, second = inspector.magnifiers
    assert first.words == ""
    assert second.words == "Not demosaiced yet"
    assert figure(inspector, 0, 0) == "0.00 codes"
    assert figure(inspector, 1, 0) == figure(inspector, 1, 1) == "–"
    inspector.set_results([Result("LibRaw", grey()), Result("Network", with_grid(96, 96))])
    qtbot.waitUntil(lambda: settled(inspector) and not second.words, timeout=20_000)
    assert figure(inspector, 1, 1) != "–"


def test_the_planted_grid_is_listed_and_a_click_goes_there(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey()), Result("Network", with_grid(288, 96))])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert inspector.places.count() == 1
    item = inspector.places.item(0)
    assert "codes" in item.text()
    assert item.text().startswith("B ")  # the pane of the network
    before = figure(inspector, 1, 0)
    with qtbot.waitSignal(inspector.go_to) as gone:
        at = inspector.places.visualItemRect(item).center()
        qtbot.mouseClick(inspector.places.viewport(), Qt.MouseButton.LeftButton, pos=at)
    x, y = gone.args
    assert 96 < x < 192
    assert 288 < y < 384
    qtbot.waitUntil(lambda: inspector.title.words().startswith(f"x {x}, y {y}"))
    assert float(before.split()[0]) < 0.05
    assert float(figure(inspector, 1, 0).split()[0]) > 1
    assert figure(inspector, 0, 0) == "0.00 codes"


def test_the_verdict_names_who_made_the_grid_and_how_sure_that_is(qtbot, inspector) -> None:
    cell = np.random.default_rng(3).normal(0, 0.01, (6, 6, 1)).astype(np.float32)
    grid = (grey() + np.random.default_rng(0).normal(0, 2e-4, (SIDE, SIDE, 3))) * (1 + np.tile(cell, (80, 80, 1)))
    asked = []

    def again(picture: Picture, mosaic, report) -> np.ndarray:
        asked.append(picture.path)
        return grid.astype(np.float32)

    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey(), lambda *_: grey()), Result("Network", grid, again)])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    clean, made = (label.words() for label in inspector.verdicts)
    assert clean.startswith("A: no grid: one of 0.05 codes or more would show")
    assert made.startswith("B: a grid, made by the demosaicing: ")
    assert clean.endswith("% sure)")
    verdict = inspector.scores.verdict(1)
    assert made == f"B: {verdict.sentence} ({verdict.confidence_percent:.1f} % sure)"
    assert asked == [Path("made.RAF")]
    inspector.set_picture(None)
    assert not any(label.words() for label in inspector.verdicts)


@pytest.mark.parametrize("maker", list(Maker))
def test_the_window_says_what_the_command_line_says(maker: Maker) -> None:
    verdict = GridVerdict(maker, 0.98765, 0.31, 0.42, 0.05)
    assert verdict_text(verdict) == f"{verdict.sentence} ({verdict.confidence_percent:.1f} % sure)"


def test_a_verdict_that_fails_is_told_and_the_rest_is_there(qtbot, inspector) -> None:
    def fails(*_: object) -> np.ndarray:
        raise XtdmError("the weights are gone: choose others")

    inspector.set_picture(picture_of(grey()))
    with qtbot.waitSignal(inspector.scores.failed, timeout=20_000) as failed:
        inspector.set_results([Result("Network", grey(), fails)])
    assert failed.args == ["the weights are gone: choose others"]
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert figure(inspector, 0, 1) == "0.00 codes"
    assert not inspector.verdicts[0].words()


def test_the_numbers_are_one_click_away(qtbot, inspector) -> None:
    assert inspector.table.isVisible()
    qtbot.mouseClick(inspector.numbers, Qt.MouseButton.LeftButton)
    assert not inspector.table.isVisible()
    assert not inspector.spectrum.isVisible()
    assert inspector.places.isVisible()


def test_beside_another_result_a_place_is_what_that_has_not(qtbot, inspector) -> None:
    both = with_grid(96, 96)
    more = both.copy()
    more[288:384, 288:384] = with_grid(288, 288)[288:384, 288:384]
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", both), Result("Network", more)])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert {item.text()[0] for item in map(inspector.places.item, range(inspector.places.count()))} == {"B"}
    x, y = inspector.places.place_of(inspector.places.item(0))
    assert 288 < x < 384
    assert 288 < y < 384


def with_grids(amplitudes: dict[tuple[int, int], float]) -> np.ndarray:
    """Noise beside texture, with grids of known amplitudes, in codes, each in 48x48 px around a place (x, y)."""
    height, width = 486, 634
    rng = np.random.default_rng(1)
    codes = 90 + rng.normal(0, 0.4, (height, width, 3))
    codes[:, 300:] += rng.normal(0, 6, (height, width - 300, 1))
    cell = rng.normal(size=(6, 6, 1))
    cell = (cell - cell.mean()) / cell.std(ddof=1)
    for (x, y), amplitude in amplitudes.items():
        box = slice(y - 24, y + 24), slice(x - 24, x + 24)
        codes[box] = 90 + rng.normal(0, 0.4, (48, 48, 3)) + amplitude * np.tile(cell, (8, 8, 1))
    codes[192:216, 144:192] = 90 + rng.normal(0, 6, (24, 48, 3))
    return np.asarray((codes / 255) ** 2.2, np.float32)


def test_here_is_what_the_list_says_at_each_of_its_places() -> None:
    planted = {(24, 24): 2.0, (216, 168): 5.0, (120, 456): 3.0}
    cam_rgb = with_grids(planted)
    picture = picture_of(cam_rgb)
    score = score_picture(visible_codes(cam_rgb, picture.frame))
    raw = score_raw(picture.mosaic.visible, picture.frame)
    assert {(place.x, place.y) for place in score.places} >= set(planted)
    for place in score.places:
        here = look_around(picture, [cam_rgb], place.x, place.y, Scores((score,), raw))
        fold = here.panes[0].fold
        assert fold is not None
        assert fold.rms == pytest.approx(place.amplitude, rel=1e-3)
    for place in raw.places:
        here = look_around(picture, [cam_rgb], place.x, place.y, Scores((score,), raw))
        assert here.raw_codes is not None
        assert here.raw_codes.rms == pytest.approx(place.amplitude, rel=1e-3)
    first, second = (next(p.amplitude for p in score.places if (p.x, p.y) == at) for at in ((24, 24), (216, 168)))
    assert second / first == pytest.approx(2.5, rel=0.05)


def test_here_agrees_with_the_place_that_was_clicked(qtbot, inspector) -> None:
    result = with_grids({(168, 120): 5.0})
    inspector.set_picture(picture_of(result))
    inspector.set_results([Result("Network", result)])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    item = inspector.places.item(0)
    # A mouse that rests on the picture is told of another place when the picture moves below it.
    inspector.go_to.connect(lambda *_: inspector.set_position(400, 400))
    inspector.places.setCurrentItem(item)
    qtbot.keyClick(inspector.places, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: settled(inspector) and inspector.title.words().startswith("x 168, y 120"))
    assert f"   {figure(inspector, 0, 0)}   x 168, y 120" in item.text()


@pytest.mark.parametrize(("orientation", "place"), [(1, "x 168, y 120"), (6, "x 365, y 168"), (3, "x 465, y 365")])
def test_places_are_named_as_the_upright_picture_has_them(qtbot, inspector, orientation: int, place: str) -> None:
    result = with_grids({(168, 120): 5.0})
    inspector.set_picture(picture_of(result, orientation))
    inspector.set_results([Result("Network", result)])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert inspector.places.item(0).text().endswith(place)
    with qtbot.waitSignal(inspector.go_to) as gone:
        inspector.places.setCurrentRow(0)
        qtbot.keyClick(inspector.places, Qt.Key.Key_Return)
    assert gone.args == [168, 120]  # the sensor's
    qtbot.waitUntil(lambda: inspector.title.words().startswith(place))


def test_enter_goes_to_a_place_as_well(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("Network", with_grid(0, 0))])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    inspector.places.setCurrentRow(0)
    with qtbot.waitSignal(inspector.go_to):
        qtbot.keyClick(inspector.places, Qt.Key.Key_Return)


def test_a_frame_without_a_grid_lists_nothing_and_says_why(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey())])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    only = inspector.places.item(0)
    assert only.text().startswith("None")
    assert only.toolTip() == only.text()
    inspector.resize(260, 800)
    line = inspector.places.fontMetrics().height()
    qtbot.waitUntil(lambda: inspector.places.visualItemRect(only).height() >= 2 * line)  # all of it is seen
    emitted = []
    inspector.go_to.connect(lambda *at: emitted.append(at))
    at = inspector.places.visualItemRect(only).center()
    qtbot.mouseClick(inspector.places.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert emitted == []
    assert not inspector.magnifiers[1].isVisible()


def test_names_are_seen_whole_beside_each_other(qtbot, inspector) -> None:
    long = "Network runs/a_name_that_is_longer_than_any_line_of_the_panel"
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw 3-pass Markesteijn", grey()), Result(long, grey())])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    for label in (inspector.pane_names[0], inspector.table.names[0]):
        assert label.text().split() == ["A", "LibRaw", "3-pass", "Markesteijn"]
        assert label.height() >= label.heightForWidth(label.width())
    for label in (inspector.pane_names[1], inspector.table.names[1]):
        assert "…" in label.text()
        assert max(map(label.fontMetrics().horizontalAdvance, label.text().split())) <= label.width()
        assert label.toolTip().endswith(long)
    first, second = inspector.magnifiers
    assert first.mapTo(inspector, QPoint()).y() == second.mapTo(inspector, QPoint()).y()


def test_the_figures_are_not_to_be_read_as_errors(inspector) -> None:
    caution = inspector.table.caution
    assert "Without a truth" in caution.text()
    assert caution.height() >= caution.heightForWidth(caution.width())
    assert "not errors" in caution.toolTip()


def test_the_whole_frames_fold_is_shown_on_demand(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("Network", with_grid(288, 96))])
    inspector.set_position(400, 50)
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    here = np.abs(inspector.folds.maps[0].heat).max()
    assert inspector.folds.title.text() == "Folded here, with noise"
    box = inspector.folds.whole_frame
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(10, box.height() // 2))
    assert box.isChecked()
    assert inspector.folds.title.text() == "Folded frame, with noise"
    assert np.abs(inspector.folds.maps[0].heat).max() > 5 * here
    assert "codes" in inspector.folds.scales[0].words()
    assert "%" in inspector.folds.scales[2].words()
    heat_map = inspector.folds.maps[0]
    words = heat_map.words_at(QPointF(heat_map.width() / 2, heat_map.height() / 2))
    assert words.endswith("codes")


def test_many_moves_make_few_looks_and_the_last_counts(qtbot, inspector, monkeypatch) -> None:
    from xtdm_gui.inspector import panel as module

    looks = []

    def counted(*arguments):
        looks.append(arguments[2:4])
        return look_around(*arguments)

    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey())])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    monkeypatch.setattr(module, "look_around", counted)
    for x in range(100):
        inspector.set_position(100 + x, 77)
        qtbot.wait(2)
    qtbot.waitUntil(lambda: settled(inspector) and inspector._here.x == 199)
    assert 1 <= len(looks) <= 12
    assert looks[-1] == (199, 77)


def test_a_position_outside_is_brought_inside(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_position(9999, -4)
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert inspector.title.words().startswith(f"x {SIDE - 1}, y 0")


def test_another_picture_forgets_everything(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("Network", with_grid(96, 96))])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    inspector.set_picture(picture_of(grey(120)))
    assert figure(inspector, 0, 1) == "–"
    assert inspector.magnifiers[0].words
    inspector.set_picture(None)
    assert inspector.title.words() == "No picture"
    assert inspector.folds.maps[2].heat is None


def test_hidden_it_computes_nothing(qtbot, inspector) -> None:
    inspector.hide()
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey())])
    qtbot.wait(150)
    assert inspector._here is None
    assert not inspector.scores.busy
    inspector.show()
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert figure(inspector, 0, 1) == "0.00 codes"


def test_a_result_keeps_its_score_and_a_frame_too_small_has_none(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    result = with_grid(96, 96)
    inspector.set_results([Result("Network", result)])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    score = inspector.scores.score(0)
    inspector.set_results([Result("LibRaw", None), Result("Network", result)])
    assert inspector.scores.score(1) is score
    inspector.set_picture(picture_of(grey(42)))
    inspector.set_results([Result("Network", grey(42))])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    assert inspector.magnifiers[0].words == ""
    assert figure(inspector, 0, 0) == figure(inspector, 0, 1) == "–"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_patch_is_upright_and_its_marks_stay_on_their_photosites(orientation: int) -> None:
    cam_rgb = grey()
    cam_rgb[200, 300] = 0.9
    here = look_around(picture_of(cam_rgb, orientation), [cam_rgb], 300, 200, Scores((None,), None))
    pane = here.panes[0]
    assert pane is not None
    bright = pane.patch[..., 1] > 200
    assert bright.sum() == 1
    assert (bright == here.marked).all()
    assert here.cfa[here.marked].item() == here.colour
    # Whole periods to each side: the lines drawn every 6 px are the grid's.
    assert here.cfa.shape == (30, 30)
    assert (here.cfa[:24] == here.cfa[6:]).all()


def test_the_magnifier_draws_photosites_at_12_to_1_or_more_with_lines_and_marks(qtbot, inspector) -> None:
    inspector.set_picture(picture_of(grey()))
    inspector.set_results([Result("LibRaw", grey()), Result("Network", grey())])
    qtbot.waitUntil(lambda: settled(inspector), timeout=20_000)
    magnifier = inspector.magnifiers[0]
    seen = magnifier.grab().toImage()
    assert magnifier.width() >= 12 * 12
    step = magnifier.width() / 12
    photosite = seen.pixelColor(int(4.5 * step), int(4.7 * step))
    line = seen.pixelColor(int(6 * step), int(4.7 * step))
    assert line.lightness() > photosite.lightness() + 20
    colours = {seen.pixelColor(int(x * step) + 3, int(y * step) + 3).name() for x in range(12) for y in range(12)}
    assert {"#dc463c", "#46aa55", "#4b6ee1"} <= colours
