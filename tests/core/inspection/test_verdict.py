"""Who made the grid: made frames whose maker is known."""

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.frame import F32
from xtdm_core.inspection.fold import FlatFold, fold_flat
from xtdm_core.inspection.score import score_raw
from xtdm_core.inspection.verdict import Maker, judge, without_grid
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align, tile_pattern

SIDE = 576


def fold(amplitude: float, noise: float = 1.0, seed: int = 0) -> FlatFold:
    """Of a grey with noise and a grid, in codes."""
    rng = np.random.default_rng(seed)
    cell = np.random.default_rng(5).normal(size=(6, 6))
    cell = (cell - cell.mean()) / np.sqrt(((cell - cell.mean()) ** 2).sum() / 35)
    values = 100 + noise * rng.normal(size=(SIDE, SIDE)) + amplitude * tile_pattern(cell, SIDE, SIDE)
    return fold_flat(values.astype(np.float32))


@pytest.mark.parametrize(
    ("sensor", "demosaicing", "maker"),
    [
        (0.0, 0.0, Maker.NOBODY),
        (0.4, 0.0, Maker.SENSOR),
        (0.0, 0.4, Maker.DEMOSAICING),
        (0.3, 5.0, Maker.BOTH),
    ],
)
def test_each_maker_is_named(sensor: float, demosaicing: float, maker: Maker) -> None:
    found = judge(fold(sensor), fold(demosaicing, seed=1))
    assert found.maker is maker
    assert found.confidence > 0.95
    assert found.sensor_codes == pytest.approx(sensor, abs=0.05)
    assert found.demosaicing_codes == pytest.approx(demosaicing, abs=0.05)


@pytest.mark.parametrize("amplitude", [0.05, 0.5, 5.0])
def test_the_common_amplitude_is_the_planted_one(amplitude: float) -> None:
    assert fold(amplitude, noise=0.3).common_rms == pytest.approx(amplitude, rel=0.1)


def test_a_structure_that_differs_from_place_to_place_is_no_grid() -> None:
    rng = np.random.default_rng(0)
    cells = rng.normal(size=(12, 12, 6, 6))  # a pattern of its own in each window
    values = cells.repeat(8, 0).reshape(12, 8, 12, 6, 6).repeat(8, 2).reshape(96, 96, 6, 6)
    values = values.transpose(0, 2, 1, 3).reshape(SIDE, SIDE).astype(np.float32)
    found = fold_flat(values)
    assert found.rms > 0.8
    assert found.certainty < 5


def test_noise_that_hides_any_grid_is_told() -> None:
    assert judge(fold(0.0, noise=60.0), fold(0.0)).maker is Maker.UNKNOWN


def test_a_frame_too_small_for_a_comparison_is_told() -> None:
    small = fold_flat(np.full((48, 48), 9, np.float32))
    assert judge(small, small).maker is Maker.UNKNOWN


def test_uneven_greens_are_found_in_the_raw() -> None:
    frame = simulate_frame(0.5 * textured(SIDE, SIDE, 3), SensorModel(noise=(1e-4, 1e-3)))
    gains = np.ones((6, 6), np.float32)
    gains[tuple(np.argwhere(frame.cfa == 1)[::2].T)] = 1.02
    frame.mosaic[:] = np.rint((frame.mosaic - 1024.0) * tile_pattern(gains, SIDE, SIDE) + 1024).astype(np.uint16)
    raw = score_raw(align(frame).visible, frame).codes
    assert judge(raw, fold(0.0)).maker is Maker.SENSOR


def test_a_mosaic_without_grid_has_none() -> None:
    flat = simulate_frame(np.full((SIDE, SIDE, 3), 0.3, np.float32), SensorModel())
    mosaic = align(flat)
    grid = np.random.default_rng(1).normal(size=(6, 6, 3)).astype(np.float32)
    cam_rgb: F32 = np.tile(0.3 + 0.01 * (grid - grid.mean((0, 1))), (SIDE // 6, SIDE // 6, 1)).astype(np.float32)
    smooth = without_grid(cam_rgb, mosaic)
    inner = smooth.visible[6:-6, 6:-6] * tile_pattern(np.array(flat.wb, np.float32)[flat.cfa], SIDE, SIDE)[6:-6, 6:-6]
    assert inner == pytest.approx(0.3, abs=1e-5)
