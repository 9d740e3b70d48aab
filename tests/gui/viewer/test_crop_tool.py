"""The crop dragged in the picture, upright and lying on its side."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from xtdm_gui.display_check import missing_libraries

if missing_libraries():
    pytest.skip(missing_libraries(), allow_module_level=True)

from PySide6.QtCore import QPoint, QPointF, Qt

from tests.core.conftest import textured
from tests.gui.viewing import PacedEngine, open_and_wait, seen, viewing
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_gui.viewer.crop_tool import CropTool
from xtdm_gui.viewer.viewer import Viewer

LEFT = Qt.MouseButton.LeftButton
HEIGHT, WIDTH = 600, 900


@pytest.fixture(params=[1, 6])
def viewer(qtbot, request: pytest.FixtureRequest) -> Iterator[Viewer]:
    engine = PacedEngine(simulate_frame(textured(HEIGHT, WIDTH), SensorModel(orientation=request.param)))
    with viewing(qtbot, engine) as viewer:
        viewer.crop.dragged.connect(viewer.set_look)
        open_and_wait(qtbot, viewer, Path("a.RAF"))
        yield viewer
    engine.close()


def place(viewer: Viewer, x: float, y: float) -> QPoint:
    """Where a share of the whole picture, as the sensor lies, is on the canvas."""
    point = viewer.crop._to_pane(QPointF(x * WIDTH, y * HEIGHT))
    return QPoint(round(point.x()), round(point.y()))


def drag(qtbot, viewer: Viewer, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas = viewer.comparison.canvases[0]
    qtbot.mousePress(canvas, LEFT, pos=place(viewer, *start))
    for share in (0.3, 0.6, 1.0):
        there = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
        qtbot.mouseMove(canvas, place(viewer, *there))
    qtbot.mouseRelease(canvas, LEFT, pos=place(viewer, *end))


def crop_of(viewer: Viewer) -> tuple[float, float, float, float]:
    assert viewer.crop._look.crop is not None
    return viewer.crop._look.crop


def test_a_corner_a_side_and_the_inside_are_dragged(qtbot, viewer: Viewer) -> None:
    viewer.crop.set_on(True)
    drag(qtbot, viewer, (1, 1), (0.8, 0.7))
    assert crop_of(viewer) == pytest.approx((0, 0, 0.8, 0.7), abs=0.005)
    drag(qtbot, viewer, (0, 0.35), (0.3, 0.35))
    assert crop_of(viewer) == pytest.approx((0.3, 0, 0.5, 0.7), abs=0.005)
    drag(qtbot, viewer, (0.5, 0.3), (0.6, 0.45))
    assert crop_of(viewer) == pytest.approx((0.4, 0.15, 0.5, 0.7), abs=0.006)
    drag(qtbot, viewer, (0.5, 0.3), (3, 0.3))
    assert crop_of(viewer) == pytest.approx((0.5, 0.15, 0.5, 0.7), abs=0.006)  # not beyond the border


def test_the_ratio_is_kept_where_that_is_asked(qtbot, viewer: Viewer) -> None:
    viewer.crop.set_on(True)
    viewer.crop.set_keeps_ratio(True)
    drag(qtbot, viewer, (1, 1), (0.5, 0.9))
    assert crop_of(viewer) == pytest.approx((0, 0, 0.5, 0.5), abs=0.01)


def test_a_turned_rectangle_keeps_its_opposite_corner(qtbot, viewer: Viewer) -> None:
    viewer.set_look(Look(crop=(0.25, 0.25, 0.5, 0.5), straighten=10.0))
    viewer.crop.set_on(True)
    before = viewer.crop._rectangle()
    corner = before.place(1, 1)
    drag(qtbot, viewer, (corner.x() / WIDTH, corner.y() / HEIGHT), (0.62, 0.6))
    after = viewer.crop._rectangle()
    assert after.place(-1, -1).toTuple() == pytest.approx(before.place(-1, -1).toTuple(), abs=3)
    assert after.place(1, 1).toTuple() == pytest.approx((0.62 * WIDTH, 0.6 * HEIGHT), abs=3)
    assert viewer.crop._look.straighten == 10.0


def test_the_whole_picture_is_seen_while_cropping_and_the_crop_afterwards(qtbot, viewer: Viewer) -> None:
    viewer.set_look(Look(crop=(0.0, 0.0, 0.5, 1.0), straighten=2.0))
    assert viewer.shown.upright.width < WIDTH / 2 + 1
    viewer.crop.set_on(True)
    assert (viewer.shown.upright.height, viewer.shown.upright.width) == (HEIGHT, WIDTH)
    canvas = viewer.comparison.canvases[0]
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    kept, cut = (place(viewer, x, 0.45) for x in (0.21, 0.8))
    assert sum(seen(canvas, cut.x(), cut.y())) < sum(seen(canvas, kept.x(), kept.y())) / 2
    viewer.crop.set_on(False)
    assert viewer.shown.upright.width < WIDTH / 2 + 1
    assert canvas.tool is None


def test_beside_the_rectangle_the_mouse_pans_as_ever(qtbot, viewer: Viewer) -> None:
    told: list[Look] = []
    viewer.crop.dragged.connect(told.append)
    viewer.set_look(Look(crop=(0.0, 0.0, 0.4, 0.4)))
    viewer.crop.set_on(True)
    viewer.zoom_to(4)
    viewer.go_to(round(0.8 * WIDTH), round(0.8 * HEIGHT), 4)
    middle = viewer.view.to_picture(QPointF(400, 300))
    canvas = viewer.comparison.canvases[0]
    qtbot.mousePress(canvas, LEFT, pos=QPoint(400, 300))
    qtbot.mouseMove(canvas, QPoint(380, 290))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(380, 290))
    assert not told
    assert not np.allclose(viewer.view.to_picture(QPointF(400, 300)).toTuple(), middle.toTuple())
    assert isinstance(viewer.crop, CropTool)
