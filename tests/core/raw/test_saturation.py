"""Saturation levels found in histograms: exact where the clip is sharp, below the pile where it is not."""

import numpy as np
import pytest

from xtdm_core.raw.saturation import find_saturation
from xtdm_core.xtrans import CANONICAL, mosaic, phases, tile_pattern

BLACK, WHITE = 1024, 16383
SIDE = 300
NOWHERE = (99999, 99999, 99999)  # the converter's limit clips before


def shot(
    levels: tuple[int, int, int],
    share: float = 0.1,
    *,
    cfa: np.ndarray = CANONICAL,
    spread: float = 0,
    noise: float = 3e-5,
    slope: float = 0.6,
    hot: int = 0,
) -> np.ndarray:
    """A mosaic u16: a ramp with noise, of which ``share`` is blown at ``levels`` R, G, B, and hot photosites."""
    rng = np.random.default_rng(0)
    ramp = np.broadcast_to(np.linspace(0.1, 0.1 + slope, SIDE, dtype=np.float32), (SIDE, SIDE)).copy()
    ramp[: round(share * SIDE)] = 1.4
    values = mosaic(np.repeat(ramp[..., None], 3, -1), cfa)
    values += rng.normal(0, 1, values.shape).astype(np.float32) * np.sqrt(noise * values)
    limits = tile_pattern(np.array(levels, float)[cfa], SIDE, SIDE) + rng.normal(0, spread, values.shape)
    codes = np.minimum(values * (WHITE - BLACK) + BLACK, limits)
    codes.ravel()[rng.integers(0, codes.size, hot)] = 2 * WHITE
    return np.clip(np.rint(codes), 0, WHITE).astype(np.uint16)


def found(codes: np.ndarray, model: str = "X-T99", cfa: np.ndarray = CANONICAL) -> np.ndarray:
    """The levels in the file's codes."""
    levels = find_saturation(codes, cfa, np.full((6, 6), BLACK, np.float32), float(WHITE), model)
    return levels * (WHITE - BLACK) + BLACK


@pytest.mark.parametrize("number", [0, 5, 16])
@pytest.mark.parametrize("levels", [(16140, 16140, 16140), (16105, 16270, 16082), (16040, 16383, 16300)])
def test_a_sharp_clip_is_found_to_the_code(number: int, levels: tuple[int, int, int]) -> None:
    cfa = phases()[number]
    assert found(shot(levels, cfa=cfa), cfa=cfa) == pytest.approx(levels, abs=0.01)


def test_the_nominal_white_level_is_found_too() -> None:
    assert found(shot(NOWHERE)) == pytest.approx([WHITE] * 3)


@pytest.mark.parametrize("spread", [15, 25, 50])
@pytest.mark.parametrize("slope", [0.6, 1.2])
def test_of_a_spread_clip_nearly_all_photosites_are_caught(spread: float, slope: float) -> None:
    levels = (16105, 16270, 16082)
    codes = shot(levels, spread=spread, slope=slope, share=0.2)
    lowest = found(codes)
    assert (lowest < np.array(levels)).all()
    assert (lowest > np.array(levels) - 4 * spread).all()
    blown = codes[: SIDE // 5]
    assert (blown >= tile_pattern(lowest[CANONICAL], *blown.shape)).mean() > 0.97


@pytest.mark.parametrize("levels", [(16383, 16383, 16383), (16370, 16350, 16383)])
@pytest.mark.parametrize("slope", [0.6, 1.2])
def test_of_a_spread_that_the_white_level_cuts_off_the_lower_side_is_seen(
    levels: tuple[int, int, int], slope: float
) -> None:
    codes = shot(levels, spread=17, slope=slope, share=0.2)
    lowest = found(codes)
    assert (lowest > np.array(levels) - 75).all()
    blown = codes[: SIDE // 5]
    assert (blown >= tile_pattern(lowest[CANONICAL], *blown.shape)).mean() > 0.995


def test_hot_photosites_do_not_lift_the_level() -> None:
    assert found(shot((16130, 16130, 16130), 0.02, hot=150)) == pytest.approx([16130] * 3, abs=0.01)


def test_few_clipped_photosites_are_a_pile() -> None:
    codes = shot((16130, 16130, 16130), 0)
    codes[12:24, 12:24] = 16130  # 32 red and blue ones each
    assert found(codes) == pytest.approx([16130] * 3, abs=0.01)


@pytest.mark.parametrize(
    ("model", "levels"),
    [("X-Pro2", (16105, 16270, 16082)), ("X-T3", (16170, 16275, 16170)), ("X-T99", (16075.8,) * 3)],
)
def test_where_nothing_clips_published_levels_stand(model: str, levels: tuple[float, ...]) -> None:
    assert found(shot(NOWHERE, 0), model) == pytest.approx(levels, abs=0.1)


def test_a_small_pile_stands_out_from_bright_tones() -> None:
    rng = np.random.default_rng(2)
    codes = shot((16277, 16277, 16277), 0, slope=0.5)
    greens = np.argwhere(tile_pattern(CANONICAL, SIDE, SIDE) == 1)
    places = rng.permutation(greens)[:650]
    codes[tuple(places[:300].T)] = np.rint(16277 + 17 * rng.standard_normal(300)).astype(np.uint16)
    codes[tuple(places[300:].T)] = rng.integers(15000, 16270, 350)  # what is nearly as bright, around a gloss
    green = found(codes, "X-T1")[1]
    assert 16277 - 100 < green < 16277 - 30


def test_a_channel_without_clipping_is_not_put_above_one_with() -> None:
    codes = shot((16120, 16120, 16120))
    red = tile_pattern(CANONICAL, SIDE, SIDE) == 0
    codes[red] = np.minimum(codes[red], 12000)
    assert found(codes, "X-T1") == pytest.approx([16120] * 3, abs=0.1)


def test_a_ramp_that_runs_into_white_is_no_pile() -> None:
    codes = shot(NOWHERE, 0, slope=0.885)  # ends at 0.985
    assert found(codes) == pytest.approx([16075.8] * 3, abs=0.1)


def test_12_bits() -> None:
    codes = np.full((120, 120), 700, np.uint16)
    codes[:60] = 4060
    levels = find_saturation(codes, CANONICAL, np.full((6, 6), 255, np.float32), 4094.0, "X-Pro1")
    assert levels == pytest.approx([(4060 - 255) / (4094 - 255)] * 3)


def test_the_photosites_of_the_level_are_clipped_in_the_arithmetic_of_the_engine() -> None:
    black = 1018 + np.arange(36, dtype=np.float32).reshape(6, 6) / 3
    codes = np.full((120, 120), 5000, np.uint16)
    codes[:60] = 16201
    levels = find_saturation(codes, CANONICAL, black, float(WHITE), "X-T1")
    tiled = tile_pattern(black, 120, 120)
    values = (codes.astype(np.float32) - tiled) / (np.float32(WHITE) - tiled)
    clipped = values >= tile_pattern(levels.astype(np.float32)[CANONICAL], 120, 120)
    assert clipped[:60].all()
    assert not clipped[60:].any()
