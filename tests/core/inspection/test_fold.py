"""The fold of flat areas: grids of known amplitude are found, pictures and noise are not taken for grids."""

import numpy as np
import pytest

from xtdm_core.inspection.fold import fold_flat
from xtdm_core.inspection.grid import worst_places
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.xtrans import CANONICAL, phases


def pattern(groups: np.ndarray | None = None, seed: int = 3) -> np.ndarray:
    """f32 [6, 6] with mean 0 in each group and a sample variance of 1, the degrees of freedom pooled."""
    made = np.random.default_rng(seed).normal(size=(6, 6))
    groups = np.zeros((6, 6), int) if groups is None else groups
    for group in np.unique(groups):
        made[groups == group] -= made[groups == group].mean()
    return (made / np.sqrt((made**2).sum() / (36 - len(np.unique(groups))))).astype(np.float32)


def tiled(cell: np.ndarray, side: int = 480) -> np.ndarray:
    return np.tile(cell, (side // 6, side // 6)).astype(np.float32)


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def smooth(side: int = 480) -> np.ndarray:
    """Slopes and curves as a sky or a wall has them, 100 codes of them."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    return 0.1 * x + 25 * np.sin(x / 90) + 20 * np.cos(y / 70 + x / 200)


@pytest.mark.parametrize("amplitude", [0.05, 0.5, 3.0])
def test_known_amplitude_is_found_on_a_smooth_picture(amplitude: float) -> None:
    fold = fold_flat(smooth() + amplitude * tiled(pattern()))
    assert fold.rms == pytest.approx(amplitude, rel=0.01)
    assert fold.heat[..., 0] == pytest.approx(amplitude * pattern(), abs=0.02 * amplitude)


@pytest.mark.parametrize("sigma", [1.0, 4.0])
def test_known_amplitude_is_found_under_noise(sigma: float) -> None:
    fold = fold_flat(smooth() + tiled(pattern()) + sigma * noise(480, 480))
    assert fold.rms == pytest.approx(1, rel=0.03)


def test_without_a_grid_there_is_none() -> None:
    assert fold_flat(smooth()).rms < 1e-3
    assert fold_flat(np.full((96, 96), 7, np.float32)).rms == 0
    fold = fold_flat(noise(960, 960, 3))
    assert fold.rms < 0.02
    assert fold.f == pytest.approx(1, abs=0.03)
    assert worst_places(fold.window_rms, fold.window_f) == []


def test_what_is_flat_in_the_whole_is_flat_in_a_part_of_it() -> None:
    picture = smooth() + noise(480, 480)
    picture[:, 240:] += 9 * noise(480, 240, seed=1)
    picture[192:240, 144:192] += 3 * tiled(pattern(), 48)
    whole = fold_flat(picture)
    middle = np.zeros((24, 24), bool)
    middle[8:16, 8:16] = True
    part = fold_flat(picture[144:288, 96:240], usable=middle, limit=whole.limit)
    assert part.limit == whole.limit
    assert part.rms == pytest.approx(float(whole.window_rms[4, 3]), rel=1e-3)
    assert part.rms == pytest.approx(3, rel=0.1)
    textured = fold_flat(picture[144:288, 288:432], usable=middle, limit=whole.limit)
    assert textured.limit > whole.limit  # nothing there is as flat: the flattest half counts
    assert textured.flat_blocks >= 32


def test_lines_and_edges_are_not_taken_for_a_grid() -> None:
    picture = noise(480, 480)
    picture[100:102] += 80
    picture[:, 200:] += 60
    picture[300:305, :] -= 50
    fold = fold_flat(picture)
    assert fold.rms < 0.1
    assert fold.flat_blocks > 2000


def test_a_sign_that_varies_from_place_to_place_does_not_hide_the_grid() -> None:
    signs = np.where(np.indices((10, 10)).sum(0) % 2, 1, -1).repeat(48, 0).repeat(48, 1)
    fold = fold_flat(smooth() + tiled(pattern()) * signs + 0.5 * noise(480, 480))
    assert fold.rms == pytest.approx(1, rel=0.05)
    assert np.abs(fold.heat).max() < 0.3


def test_the_textured_half_is_left_out() -> None:
    picture = smooth() + tiled(pattern())
    picture[:, 240:] += 30 * noise(480, 240)
    fold = fold_flat(picture)
    assert fold.rms == pytest.approx(1, rel=0.02)
    assert np.isnan(fold.window_rms[:, 6:]).all()


@pytest.mark.parametrize("number", range(18))
def test_a_raw_compares_equal_colours_only(number: int) -> None:
    cfa = phases()[number]
    levels = np.array([100, 300, 200], np.float32)[cfa]
    cell = pattern(cfa)
    fold = fold_flat(tiled(levels) + smooth() + 0.5 * tiled(cell), cfa)
    assert fold.rms == pytest.approx(0.5, rel=0.01)
    assert fold.heat[..., 0] == pytest.approx(0.5 * cell, abs=0.01)
    green_only = np.where(cfa == 1, pattern(), 0)
    green_only[cfa == 1] -= green_only[cfa == 1].mean()
    red, green, blue = fold_flat(tiled(levels) + tiled(green_only), cfa).rms_per_part
    assert green == pytest.approx(green_only[cfa == 1].std(ddof=1), rel=1e-3)
    assert max(red, blue) < 1e-3


def test_channels_have_figures_of_their_own() -> None:
    picture = np.stack([smooth() + tiled(pattern()), smooth(), smooth() + 2 * tiled(pattern())], axis=-1)
    fold = fold_flat(picture)
    assert fold.rms_per_part == pytest.approx((1, 0, 2), abs=0.01)
    assert fold.rms == pytest.approx((5 / 3) ** 0.5, rel=0.01)


def test_the_worst_place_is_where_the_grid_was_planted() -> None:
    picture = 0.2 * smooth() + 0.3 * noise(480, 480)
    picture[96:192, 288:384] += 2 * tiled(pattern(), 96)
    picture[384:480, 0:96] -= tiled(pattern(), 96)
    fold = fold_flat(picture)
    first, second = worst_places(fold.window_rms, fold.window_f)
    assert 96 < first.y < 192
    assert 288 < first.x < 384
    assert first.amplitude == pytest.approx(2, rel=0.05)
    assert second.y > 384
    assert second.x < 96
    assert second.amplitude == pytest.approx(1, rel=0.05)


def test_blocks_that_may_not_count_do_not() -> None:
    picture = smooth()
    picture[:240] += 5 * tiled(pattern())[:240]
    usable = np.zeros((80, 80), bool)
    usable[40:] = True
    assert fold_flat(picture, usable=usable).rms < 1e-3
    nothing = fold_flat(picture, usable=np.zeros((80, 80), bool))
    assert np.isnan(nothing.rms)
    assert np.isnan(nothing.f)
    assert worst_places(nothing.window_rms, nothing.window_f) == []


def test_a_picture_that_is_no_multiple_of_the_window_is_folded_as_far_as_it_goes() -> None:
    picture = (smooth(480) + tiled(pattern()))[:101, :203]
    fold = fold_flat(picture, CANONICAL * 0)
    assert fold.window_rms.shape == (2, 4)
    assert fold.rms == pytest.approx(1, rel=0.02)


def test_too_small_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="48"):
        fold_flat(np.zeros((47, 400), np.float32))


def test_the_report_can_cancel() -> None:
    def cancel(progress: Progress) -> None:
        if progress.stage == "folding":
            raise Cancelled

    with pytest.raises(Cancelled):
        fold_flat(smooth(), report=cancel)
