"""The tile plans as pure geometry."""

import numpy as np
import pytest

from xtdm_core.demosaic.tiles import Box, blend_weights, blended_tiles, exact_tiles

VISIBLE = Box(5, 2, 505, 702)


@pytest.mark.parametrize(("side", "halo", "stride"), [(96, 24, 6), (100, 10, 48), (5000, 42, 6)])
def test_exact_tiles_write_every_pixel_once(side: int, halo: int, stride: int) -> None:
    written = np.zeros((500, 700), int)
    for tile in exact_tiles(VISIBLE, side, halo, stride):
        written[tile.write.within(VISIBLE)] += 1
    assert (written == 1).all()


@pytest.mark.parametrize(("side", "halo", "stride"), [(96, 24, 6), (100, 10, 48)])
def test_exact_tiles_see_the_halo_and_fit_the_stride(side: int, halo: int, stride: int) -> None:
    for tile in exact_tiles(VISIBLE, side, halo, stride):
        read, write = tile.read, tile.write
        assert read.top % stride == read.left % stride == read.bottom % stride == read.right % stride == 0
        assert min(write.top - read.top, write.left - read.left) >= halo
        assert min(read.bottom - write.bottom, read.right - write.right) >= halo


def test_blended_tiles_follow_the_288_48_plan() -> None:
    tiles = blended_tiles(VISIBLE)
    assert {(t.read.bottom - t.read.top, t.read.right - t.read.left) for t in tiles} == {(288, 288)}
    assert sorted({t.read.top for t in tiles}) == [-48, 192, 432]


def test_blend_weights_add_up_to_one_inside() -> None:
    total = np.zeros((500, 700))
    for tile in blended_tiles(VISIBLE):
        total[tile.write.within(VISIBLE)] += blend_weights(tile)
    assert total.min() > 0
    assert np.allclose(total[:430, :630], 1, atol=1e-6)


def test_boxes_move_and_are_clipped() -> None:
    box = Box(2, 3, 10, 20)
    assert (box.height, box.width) == (8, 17)
    assert box.moved(-4, 5) == Box(-2, 8, 6, 25)
    assert box.moved(-4, 5).clipped(100, 12) == Box(0, 8, 6, 12)
    nothing = box.clipped(2, 100)
    assert (nothing.height, nothing.width) == (0, 17)
    assert np.arange(400).reshape(20, 20)[box.slices].shape == (8, 17)
