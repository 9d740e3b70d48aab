"""Geometry and memory of the viewer, without a window."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from xtdm_core.demosaic.tiles import Box
from xtdm_core.develop.tone import orient
from xtdm_gui.pictures.cache import LruCache, default_budget
from xtdm_gui.pictures.orientation import Upright
from xtdm_gui.viewer.viewport import LARGEST, View


@pytest.mark.parametrize("orientation", range(1, 9))
def test_upright_boxes_and_points_go_where_the_pixels_go(orientation: int) -> None:
    sensor = np.arange(5 * 8).reshape(5, 8)
    turned = orient(sensor, orientation)
    upright = Upright(5, 8, orientation)
    assert upright.size == turned.shape[::-1]
    box = Box(1, 2, 4, 7)
    there = upright.box(box)
    assert np.array_equal(turned[there.slices], orient(sensor[box.slices], orientation))
    assert upright.sensor_box(there) == box
    for y in range(5):
        for x in range(8):
            across, down = upright.point(x + 0.5, y + 0.5)
            assert turned[int(down), int(across)] == sensor[y, x]
            assert upright.sensor_point(across, down) == (x + 0.5, y + 0.5)
            mapped = upright.transform().map(QPointF(x + 0.5, y + 0.5))
            assert (mapped.x(), mapped.y()) == (across, down)


def test_halving_counts_a_last_half_pixel() -> None:
    assert Upright(5, 8, 6).halved(1) == Upright(3, 4, 6)
    assert Upright(5, 8, 6).halved(2).size == (2, 2)


@pytest.fixture
def view() -> View:
    view = View()
    view.set_pane(400, 300)
    view.set_picture(6000, 4000)
    return view


def test_a_picture_fits_and_is_never_magnified_for_it(view: View) -> None:
    assert view.fits
    assert view.zoom == pytest.approx(400 / 6000)
    assert view.level == 3
    view.set_picture(100, 90)
    assert view.zoom == 1
    assert view.corner == QPointF(150, 105)


@pytest.mark.parametrize(("zoom", "level"), [(4, 0), (1, 0), (0.6, 0), (0.5, 1), (0.26, 1), (0.25, 2), (0.1, 3)])
def test_halvings_leave_a_pixel_for_each_of_the_screens(view: View, zoom: float, level: int) -> None:
    view.zoom_to(zoom)
    assert view.level == level


def test_zooming_keeps_the_point_under_the_cursor(view: View) -> None:
    view.centre_on(3000, 2000, 1)
    cursor = QPointF(123, 217)
    before = view.to_picture(cursor)
    view.zoom_to(5, cursor)
    after = view.to_picture(cursor)
    assert abs(before.x() - after.x()) + abs(before.y() - after.y()) <= 2
    view.zoom_to(1e6)
    assert view.zoom == LARGEST


def test_stepping_halts_at_whole_ratios_down_to_the_whole_picture(view: View) -> None:
    halts = []
    for _ in range(8):
        view.step(1)
        halts.append(view.zoom)
    assert halts == [1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 1, 2]
    view.zoom_to(7.81)
    view.step(1)
    assert view.zoom == 8
    view.zoom_to(7.81)
    view.step(-1)
    assert view.zoom == 6
    view.step(-99)
    assert view.fits
    assert view.zoom == pytest.approx(400 / 6000)
    view.zoom_to(0.03)  # asked for by number
    view.step(-1)
    assert view.zoom == 0.03
    view.step(1)
    assert view.fits


def test_stepping_keeps_the_point_under_the_cursor(view: View) -> None:
    view.centre_on(3000, 2000, 1)
    cursor = QPointF(123, 217)
    before = view.to_picture(cursor)
    view.step(3, cursor)
    after = view.to_picture(cursor)
    assert view.zoom == 4
    assert abs(before.x() - after.x()) + abs(before.y() - after.y()) <= 2


@pytest.mark.parametrize(("zoom", "reduction"), [(4, 1), (1, 1), (0.6, 0.6), (0.5, 1), (0.26, 0.52), (0.1, 0.8)])
def test_what_is_left_after_the_halvings_is_less_than_one(view: View, zoom: float, reduction: float) -> None:
    view.zoom_to(zoom)
    assert view.reduction == pytest.approx(reduction)


def test_what_is_seen_covers_the_pane(view: View) -> None:
    view.centre_on(3000, 2000, 2)
    assert view.seen() == Box(1925, 2900, 2075, 3100)
    rect = view.rect(view.seen())
    assert (rect.x(), rect.y(), rect.width(), rect.height()) == (0, 0, 400, 300)
    view.centre_on(0, 0, 2)
    assert view.seen() == Box(0, 0, 150, 200)


def test_another_size_keeps_the_relative_place(view: View) -> None:
    view.centre_on(1500, 3000, 1)
    view.set_picture(3000, 2000)
    assert view.to_picture(QPointF(200, 150)) == QPointF(750, 1500)


def test_what_was_not_asked_for_the_longest_is_forgotten_first() -> None:
    kept: LruCache[str] = LruCache(10)
    kept.put("a", "A", 4)
    kept.put("b", "B", 4)
    assert kept.get("a") == "A"
    kept.put("c", "C", 4)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")
    assert kept.nbytes == 8
    kept.put("d", "D", 50)
    assert (kept.get("c"), kept.get("d")) == (None, "D")
    kept.forget("d")
    assert kept.nbytes == 0


def test_so_many_stay_whatever_they_take() -> None:
    kept: LruCache[int] = LruCache(0, least=2)
    for number in range(4):
        kept.put(number, number, 100)
    assert [kept.get(number) for number in range(4)] == [None, None, 2, 3]


def test_the_default_budget_is_a_part_of_the_memory() -> None:
    assert (64 << 20) < default_budget() < (1 << 44)
