"""The pattern's properties, and alignment as exact geometry."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.frame import Noise, RawFrame
from xtdm_core.xtrans import (
    CANONICAL,
    G,
    align,
    clipped_photosites,
    is_xtrans,
    mirror_index,
    mosaic,
    phase_offset,
    phases,
    tile_pattern,
)


def made_frame(cfa: np.ndarray, height: int = 61, width: int = 47) -> RawFrame:
    """A frame whose mosaic tells each position apart."""
    values = np.arange(height * width, dtype=np.uint16).reshape(height, width) + 100
    unit = np.ones(3)
    return RawFrame(values, cfa, np.full((6, 6), 100, np.float32), 16383.0, unit, unit, "as shot", np.eye(3))


def test_pattern_has_20_green_8_red_8_blue() -> None:
    assert np.bincount(CANONICAL.ravel()).tolist() == [8, 20, 8]


def test_there_are_18_distinct_phases() -> None:
    assert len({phase.tobytes() for phase in phases()}) == 18


@pytest.mark.parametrize("shift", [(3, 0), (0, 3)])
def test_shift_by_3_exchanges_red_and_blue(shift: tuple[int, int]) -> None:
    assert np.array_equal(np.roll(CANONICAL, shift, (0, 1)), 2 - CANONICAL)


def test_every_block_has_green_in_its_corners_and_centre() -> None:
    blocks = CANONICAL.reshape(2, 3, 2, 3).transpose(0, 2, 1, 3).reshape(4, 9)
    assert (blocks[:, ::2] == G).all()
    assert (blocks[:, 1::2] != G).all()


def test_all_flips_and_rotations_stay_xtrans() -> None:
    for turned in (np.rot90(CANONICAL, k) for k in range(4)):
        assert is_xtrans(turned)
        assert is_xtrans(turned[:, ::-1])


@pytest.mark.parametrize("junk", [np.zeros((6, 6), int), np.array([[0, 1], [1, 2]]), CANONICAL.T[::-1] * 9])
def test_junk_is_no_xtrans(junk: np.ndarray) -> None:
    assert not is_xtrans(junk)
    with pytest.raises(ValueError, match="not an X-Trans"):
        phase_offset(junk)


@pytest.mark.parametrize("number", range(18))
def test_align_and_unalign_is_exact_in_every_phase(number: int) -> None:
    frame = made_frame(phases()[number])
    aligned = align(frame)
    assert aligned.values.shape[0] % 6 == aligned.values.shape[1] % 6 == 0
    rows = slice(aligned.top, aligned.top + aligned.height)
    cols = slice(aligned.left, aligned.left + aligned.width)
    back = aligned.values[rows, cols] * (16383 - 100) + 100
    assert np.array_equal(np.round(back).astype(np.uint16), frame.mosaic)
    assert np.array_equal(tile_pattern(CANONICAL, *aligned.values.shape)[rows, cols][:6, :6], frame.cfa)


@pytest.mark.parametrize("number", range(18))
def test_padding_keeps_every_colour_in_place(number: int) -> None:
    cfa = phases()[number]
    unit = np.ones(3)
    colours = tile_pattern(cfa, 50, 41).astype(np.uint16)
    frame = RawFrame(colours, cfa, np.zeros((6, 6), np.float32), 1.0, unit, unit, "as shot", np.eye(3))
    aligned = align(frame)
    assert np.array_equal(aligned.values, tile_pattern(CANONICAL, *aligned.values.shape))


def test_black_level_of_each_position_is_subtracted() -> None:
    black = np.arange(36, dtype=np.float32).reshape(6, 6)
    unit = np.ones(3)
    values = (tile_pattern(black, 24, 24) + 500).astype(np.uint16)
    frame = RawFrame(values, CANONICAL, black, 1000.0, unit, unit, "as shot", np.eye(3))
    expected = 500 / (1000 - tile_pattern(black, 24, 24))
    assert np.allclose(align(frame).values, expected, rtol=1e-6)


@pytest.mark.parametrize("offset", range(6))
@pytest.mark.parametrize("length", [8, 9, 13, 50])
def test_mirror_index_keeps_the_phase_however_far(length: int, offset: int) -> None:
    wanted = np.arange(-70, 120)
    index = mirror_index(length, offset, -70, 120)
    assert index.min() >= 0
    assert index.max() < length
    assert np.array_equal(index[70 : 70 + length], np.arange(length))
    assert np.array_equal(CANONICAL[(index + offset) % 6], CANONICAL[(wanted + offset) % 6])


def test_mirror_index_refuses_a_sliver() -> None:
    with pytest.raises(ValueError, match="8 rows"):
        mirror_index(7, 0, -1, 8)


def test_mosaic_takes_the_colour_of_the_pattern() -> None:
    rgb = np.random.default_rng(0).random((20, 31, 3), dtype=np.float32)
    seen = mosaic(rgb, phases()[5])
    for y, x in ((0, 0), (7, 3), (19, 30)):
        assert seen[y, x] == rgb[y, x, phases()[5][y % 6, x % 6]]


def test_align_passes_saturation_and_noise_on() -> None:
    frame = replace(made_frame(CANONICAL), saturation=np.array([0.99, 0.98, 1.0]), noise=Noise(1e-4, 1e-7))
    aligned = align(frame)
    assert aligned.saturation.tolist() == [0.99, 0.98, 1.0]
    assert aligned.noise == Noise(1e-4, 1e-7)


@pytest.mark.parametrize("number", [0, 9, 17])
def test_photosites_are_clipped_from_the_saturation_of_their_own_channel_on(number: int) -> None:
    levels = np.array([0.9, 0.95, 0.85])
    colours = tile_pattern(phases()[number], 61, 47)
    codes = np.rint((levels[colours] + np.where(np.arange(47) % 2, 0.001, -0.001)) * 10_000).astype(np.uint16)
    frame = replace(made_frame(phases()[number]), mosaic=codes, black=np.zeros((6, 6), np.float32), white=10_000.0)
    aligned = align(replace(frame, saturation=levels))
    visible = clipped_photosites(aligned)[aligned.top : aligned.top + 61, aligned.left : aligned.left + 47]
    assert np.array_equal(visible, np.broadcast_to(np.arange(47) % 2 == 1, (61, 47)))
