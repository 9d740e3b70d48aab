"""Crop, straightening, turns: what is kept, and which way it lies."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from xtdm_core.develop.geometry import from_sensor, is_mirrored, make_geometry, to_sensor, turned
from xtdm_core.develop.resampling import resample
from xtdm_core.develop.tone import Look, orient
from xtdm_core.frame import CaptureInfo, RawFrame
from xtdm_core.simulation.camera import SensorModel, simulate_frame

HEIGHT, WIDTH = 200, 300
ORIENTATIONS = pytest.mark.parametrize("orientation", range(1, 9))


def frame(orientation: int = 1, info: CaptureInfo | None = None) -> RawFrame:
    made = simulate_frame(np.full((HEIGHT, WIDTH, 3), 0.2, np.float32), SensorModel(orientation=orientation))
    return made if info is None else replace(made, info=info)


def test_as_shot_is_the_whole_picture() -> None:
    assert make_geometry(frame(), Look()).is_whole


def test_a_crop_is_the_pixels_it_says() -> None:
    image = np.random.default_rng(0).random((HEIGHT, WIDTH, 3), np.float32)
    cut = resample(image, make_geometry(frame(), Look(crop=(0.1, 0.25, 0.5, 0.5))))
    assert np.array_equal(cut, image[50:150, 30:180])


def test_what_was_framed_in_the_camera_is_the_crop_until_another_is_chosen() -> None:
    square = frame(info=CaptureInfo(aspect=(1, 1)))
    framed = make_geometry(square, Look())
    assert (framed.top, framed.left, framed.height, framed.width) == (0, 50, 200, 200)
    assert make_geometry(square, Look(crop=(0.0, 0.0, 1.0, 1.0))).is_whole
    zoomed = make_geometry(frame(info=CaptureInfo(digital_zoom=2.0)), Look())
    assert (zoomed.top, zoomed.left, zoomed.height, zoomed.width) == (50, 75, 100, 150)


@pytest.mark.parametrize("angle", [-45.0, -3.0, 0.5, 10.0, 45.0])
@pytest.mark.parametrize("crop", [None, (0.0, 0.0, 1.0, 1.0), (0.6, 0.5, 0.4, 0.5)])
def test_no_corner_of_a_straightened_picture_is_empty(
    angle: float, crop: tuple[float, float, float, float] | None
) -> None:
    turned_one = make_geometry(frame(), Look(straighten=angle, crop=crop))
    asked = (crop or (0.0, 0.0, 1.0, 1.0))[2:]
    assert turned_one.width / turned_one.height == pytest.approx(asked[0] * WIDTH / asked[1] / HEIGHT, rel=0.05)
    for y in (0, turned_one.height - 1):
        for x in (0, turned_one.width - 1):
            row, column = turned_one.to_source(y, x)
            assert -1 < row < HEIGHT
            assert -1 < column < WIDTH


def test_the_largest_rectangle_is_kept() -> None:
    kept = make_geometry(frame(), Look(straighten=10.0))
    larger = replace(kept, height=kept.height + 6, width=kept.width + 9, top=kept.top - 3, left=kept.left - 4)
    rows = [larger.to_source(y, x)[0] for y in (0, larger.height - 1) for x in (0, larger.width - 1)]
    columns = [larger.to_source(y, x)[1] for y in (0, larger.height - 1) for x in (0, larger.width - 1)]
    assert min(*rows, *columns) < 0 or max(rows) > HEIGHT - 1 or max(columns) > WIDTH - 1


def test_straightening_turns_clockwise() -> None:
    image = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    image[95:105, 200:210] = 1  # to the right of the middle
    picture = resample(image, make_geometry(frame(), Look(straighten=10.0)))
    rows, _, _ = np.nonzero(picture > 0.5)
    assert rows.mean() > picture.shape[0] / 2 + 5  # goes down


@ORIENTATIONS
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", [False, True])
def test_turns_follow_what_the_camera_noted(orientation: int, rotate: int, flip: bool) -> None:
    image = np.arange(6).reshape(2, 3)
    meant = np.rot90(orient(image, orientation), -rotate // 90)
    meant = meant[:, ::-1] if flip else meant
    assert np.array_equal(orient(image, turned(orientation, rotate, flip)), meant)


@ORIENTATIONS
def test_a_crop_of_what_is_shown_is_one_of_the_sensor(orientation: int) -> None:
    shown = (0.1, 0.2, 0.3, 0.5)
    mask = np.zeros((10, 10), bool)
    mask[2:7, 1:4] = True
    left, top, width, height = (round(10 * share) for share in to_sensor(shown, orientation))
    sensor = np.zeros((10, 10), bool)
    sensor[top : top + height, left : left + width] = True
    assert np.array_equal(orient(sensor, orientation), mask)
    assert from_sensor(to_sensor(shown, orientation), orientation) == pytest.approx(shown)


@ORIENTATIONS
def test_mirrors_are_known(orientation: int) -> None:
    corners = orient(np.array([[1, 2], [4, 3]]), orientation)
    clockwise = [corners[0, 0], corners[0, 1], corners[1, 1], corners[1, 0]]
    steps = {(after - before) % 4 for before, after in pairwise(clockwise)}
    assert is_mirrored(orientation) == (steps == {3})
