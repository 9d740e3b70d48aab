"""Several files beside each other: the JPEG at once, developed later, zoomed and moved together."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QThread

from tests.gui.viewing import HEIGHT, PREVIEW_COLOUR, WIDTH, PacedEngine, seen, turn_wheel
from xtdm_core.culling.rating import Flag, Rating
from xtdm_core.develop.tone import Look
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.viewer.survey import Survey
from xtdm_gui.viewer.survey_pane import SurveyPane
from xtdm_gui.viewer.viewport import Viewport

FILES = [Path("a.RAF"), Path("b.RAF"), Path("c.RAF")]


@pytest.fixture
def engine() -> PacedEngine:
    return PacedEngine()


@pytest.fixture
def looks() -> dict[Path, Look]:
    return {}


@pytest.fixture
def ratings() -> dict[Path, Rating]:
    return {}


@pytest.fixture
def survey(qtbot, engine: PacedEngine, looks: dict[Path, Look], ratings: dict[Path, Rating]) -> Iterator[Survey]:
    network, view = CurrentNetwork(), Viewport()
    view.set_picture(WIDTH, HEIGHT)
    view.set_pane(900, 600)
    view.fit()
    survey = Survey(
        engine, network, view, lambda path: ratings.get(path, Rating()), lambda path: looks.get(path, Look())
    )
    qtbot.addWidget(survey)
    survey.resize(900, 600)
    survey.show()
    qtbot.waitExposed(survey)
    yield survey
    engine.go.release(10_000)
    survey.close()
    assert not [thread for thread in survey.findChildren(QThread) if thread.isRunning()]


def middle(pane: SurveyPane) -> tuple[int, int, int]:
    return seen(pane.canvas, pane.canvas.width() // 2 + 5, pane.canvas.height() // 2)


def complete(survey: Survey) -> bool:
    return all(pane.layer.complete for pane in survey.panes if pane.path is not None)


@pytest.mark.parametrize(("count", "rows", "columns"), [(2, 1, 2), (3, 1, 3), (4, 2, 2)])
def test_each_file_has_a_pane_of_the_same_size(qtbot, survey: Survey, count: int, rows: int, columns: int) -> None:
    files = [Path(f"{number}.RAF") for number in range(count)]
    survey.show_files(files, files[0])
    qtbot.waitUntil(lambda: complete(survey))
    places = [pane.geometry() for pane in survey.panes]
    assert len({place.x() for place in places}) == columns
    assert len({place.y() for place in places}) == rows
    assert max(place.width() for place in places) - min(place.width() for place in places) <= 1


def test_the_jpeg_is_seen_until_the_picture_is_developed(qtbot, survey: Survey, engine: PacedEngine) -> None:
    engine.decode_go.clear()
    survey.show_files(FILES[:2], FILES[0])
    colour = PREVIEW_COLOUR.red(), PREVIEW_COLOUR.green(), PREVIEW_COLOUR.blue()
    qtbot.waitUntil(lambda: [middle(pane) for pane in survey.panes] == [colour] * 2)
    engine.decode_go.set()
    qtbot.waitUntil(lambda: complete(survey))
    assert colour not in [middle(pane) for pane in survey.panes]


def test_zoom_and_place_are_the_same_in_all_panes_and_in_the_single_view(qtbot, survey: Survey) -> None:
    survey.show_files(FILES, FILES[0])
    qtbot.waitUntil(lambda: complete(survey))
    canvas = survey.panes[1].canvas
    turn_wheel(canvas, 6, (50, 80))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(canvas, QPoint(60, 90))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 90))
    assert survey.panes[1].view.zoom > 1
    assert len({(pane.view.zoom, pane.view.corner.toTuple()) for pane in survey.panes}) == 1
    assert survey._view.zoom == survey.panes[1].view.zoom
    survey._view.zoom_to(2.0, QPointF(10, 10))  # by a key
    assert {pane.view.zoom for pane in survey.panes} == {2.0}
    qtbot.waitUntil(lambda: complete(survey))


def test_clicks_and_arrows_choose_which_is_rated(qtbot, survey: Survey) -> None:
    asked: list[Path] = []
    survey.activated.connect(asked.append)
    survey.activated.connect(survey.set_active)
    survey.show_files(FILES, FILES[0])
    assert survey.focusWidget() is survey.panes[0].canvas
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(survey.focusWidget(), key)
    qtbot.mouseClick(survey.panes[0].canvas, Qt.MouseButton.LeftButton)
    assert asked == [FILES[1], FILES[2], FILES[1], FILES[0]]
    frame = [seen(pane.canvas, 1, pane.canvas.height() // 2) for pane in survey.panes]
    assert frame[0] != frame[1] == frame[2]


def test_a_rejected_file_is_dimmed(qtbot, survey: Survey, ratings: dict[Path, Rating]) -> None:
    survey.show_files(FILES[:2], FILES[0])
    qtbot.waitUntil(lambda: complete(survey))
    before = middle(survey.panes[1])
    ratings[FILES[1]] = Rating(flag=Flag.REJECTED)
    survey.repaint_canvases()
    assert sum(middle(survey.panes[1])) < sum(before) / 2 + 60
    assert middle(survey.panes[0]) == before


def test_each_file_has_its_own_look_and_follows_it(qtbot, survey: Survey, looks: dict[Path, Look]) -> None:
    looks[FILES[0]] = Look(exposure_ev=2.0)
    survey.show_files(FILES[:2], FILES[0])
    qtbot.waitUntil(lambda: complete(survey))
    assert sum(middle(survey.panes[0])) > sum(middle(survey.panes[1]))
    looks[FILES[1]] = looks[FILES[0]]
    survey.refresh()
    qtbot.waitUntil(lambda: middle(survey.panes[0]) == middle(survey.panes[1]))


def test_a_broken_file_says_so_in_its_place(qtbot, survey: Survey) -> None:
    survey.show_files([Path("a.RAF"), Path("broken.RAF")], FILES[0])
    qtbot.waitUntil(lambda: "damaged" in survey.panes[1]._failure)
    qtbot.waitUntil(lambda: survey.panes[0].layer.complete)


def test_what_is_not_compared_any_more_is_not_kept(qtbot, survey: Survey, engine: PacedEngine) -> None:
    survey.show_files([Path("a.RAF"), Path("b_slow.RAF")], FILES[0])
    qtbot.waitUntil(lambda: survey.panes[0].layer.complete and len(engine.said("compute")) == 2)
    survey.show_files([], None)
    qtbot.waitUntil(lambda: [name[:6] for name in engine.said("cancelled")] == ["b_slow"])
    assert survey.files() == []
    assert not any(pane.isVisible() for pane in survey.panes)
    for pane in survey.panes:
        kept = pane.pictures._decoded, pane.pictures._results
        assert [cache.nbytes for cache in kept] == [0, 0]
        assert pane.layer._result is None
