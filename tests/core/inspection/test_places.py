"""What the demosaicing added is ranked, not the picture's own detail."""

import numpy as np
import pytest

from xtdm_core.frame import F32
from xtdm_core.inspection.grid import WINDOW, Place
from xtdm_core.inspection.places import added_places
from xtdm_core.inspection.score import score_picture
from xtdm_core.xtrans import tile_pattern

HEIGHT, WIDTH = 480, 576


def scene() -> F32:
    """Codes: cloth with stripes of 5, 6 and 6.2 px on the left, grass above, a smooth sky on the right; noise."""
    rng = np.random.default_rng(1)
    rows, cols = np.indices((HEIGHT, WIDTH))
    codes = 120 + 0.05 * cols + 0.02 * rows
    for i, period in enumerate((5.0, 6.0, 6.2)):
        part = np.s_[160:, 96 * i : 96 * (i + 1)]
        codes[part] += 25 * np.sin(2 * np.pi * (cols + 0.4 * rows)[part] / period)
    codes[:144, :288] += rng.normal(0, 20, (144, 288))
    return (codes[..., None] + rng.normal(0, 0.5, (HEIGHT, WIDTH, 3))).astype(np.float32)


def softened(codes: F32) -> F32:
    """Detail at 80 %, as another method keeps it."""
    mean = (np.roll(codes, 1, 1) + codes + np.roll(codes, -1, 1)) / 3
    return (0.8 * codes + 0.2 * mean).astype(np.float32)


def planted(codes: F32, x: int, y: int, amplitude: float) -> F32:
    cell = np.random.default_rng(3).normal(size=(6, 6))
    cell = amplitude * (cell - cell.mean()) / cell.std(ddof=1)
    result = codes.copy()
    half = WINDOW // 2
    result[y - half : y + half, x - half : x + half] += tile_pattern(cell, WINDOW, WINDOW)[..., None]
    return result.astype(np.float32)


def added(own: F32, other: F32) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    return added_places(own.__getitem__, other.__getitem__, len(own))


@pytest.mark.parametrize(("x", "y"), [(408, 264), (120, 264), (72, 72)], ids=["sky", "cloth", "grass"])
def test_a_planted_artifact_is_first_and_detail_is_not_listed_before_it(x: int, y: int) -> None:
    truth = scene()
    own, other = added(planted(truth, x, y, 8.0), softened(truth))
    assert (own[0].x, own[0].y) == (x, y)
    assert own[0].amplitude == pytest.approx(8, rel=0.25)
    assert all(place.amplitude < 5 for place in own[1:])
    assert all((place.x, place.y) != (x, y) for place in other)


def test_two_results_alike_have_no_places_whatever_the_picture_shows() -> None:
    truth = scene()
    assert added(truth, truth) == ((), ())


def test_without_a_second_result_the_artifact_in_the_smooth_part_is_first() -> None:
    place = score_picture(planted(scene(), 408, 264, 3.0)).places[0]
    assert (place.x, place.y) == (408, 264)


def test_less_than_a_window_is_refused() -> None:
    small = np.zeros((40, 90, 3), np.float32)
    with pytest.raises(ValueError, match="48"):
        added(small, small)
