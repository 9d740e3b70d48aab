"""Local contrast: what stands out does so farther, edges have no halos, and nothing depends on the tile."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.develop.geometry import make_geometry
from xtdm_core.develop.local_contrast import detail_map, local_gain, whole_gain
from xtdm_core.develop.tone import Look
from xtdm_core.frame import RawFrame
from xtdm_core.raw.lens_tables import parse_lens_tables
from xtdm_core.simulation import BARREL
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.simulation.lens import lens_fields

HEIGHT, WIDTH = 600, 900


def grey(light: np.ndarray, **model: object) -> RawFrame:
    """A frame of a grey scene [HEIGHT, WIDTH]."""
    return simulate_frame(np.repeat(light[..., None], 3, axis=-1).astype(np.float32), SensorModel(**model))


def waves(ev: float, period: float) -> np.ndarray:
    """Grey with waves of so many EV up and down."""
    return 0.1 * 2 ** (ev * np.sin(2 * np.pi * np.mgrid[:HEIGHT, :WIDTH][1] / period))


def test_a_flat_picture_stays_and_so_does_a_slow_slope() -> None:
    assert np.abs(detail_map(grey(np.full((HEIGHT, WIDTH), 0.2)))).max() < 1e-3
    slope = 0.02 * 2 ** (4 * np.mgrid[:HEIGHT, :WIDTH][1] / WIDTH)
    assert np.abs(detail_map(grey(slope))[10:-10, 10:-10]).max() < 0.02


def test_waves_stand_out_farther_or_less() -> None:
    frame = grey(waves(0.2, 36))
    geometry = make_geometry(frame, Look())
    light = waves(0.2, 36)
    for strength, low, high in ((1.0, 0.3, 0.4), (0.5, 0.25, 0.3), (-1.0, 0.0, 0.1), (0.0, 0.2, 0.2)):
        ev = np.log2(light * whole_gain(frame, strength, geometry)[..., 0])[100:500, 100:800]
        assert low - 1e-3 < np.ptp(ev) / 2 < high + 1e-3


@pytest.mark.parametrize("step_ev", [2.0, 4.0])
def test_edges_have_no_halos(step_ev: float) -> None:
    light = np.where(np.mgrid[:HEIGHT, :WIDTH][1] < WIDTH // 2, 0.02, 0.02 * 2**step_ev)
    gain = np.log2(whole_gain(frame := grey(light), 1.0, make_geometry(frame, Look())))
    assert np.abs(gain).max() < 0.15


def test_exposure_does_not_change_it() -> None:
    dark, bright = detail_map(grey(waves(0.3, 60))), detail_map(grey(2 * waves(0.3, 60)))
    assert np.abs(dark - bright).max() < 0.01


def test_noise_of_single_photosites_is_not_made_stronger() -> None:
    noisy = grey(np.full((HEIGHT, WIDTH), 0.05), noise=(3e-3, 1e-5))
    gain = whole_gain(noisy, 1.0, make_geometry(noisy, Look()))
    assert np.log2(gain).std() < 0.05


@pytest.mark.parametrize("look", [Look(), Look(straighten=3.0, crop=(0.1, 0.2, 0.7, 0.6))])
def test_tiles_are_parts_of_the_whole(look: Look) -> None:
    fields = lens_fields(BARREL, HEIGHT, WIDTH, False)
    lens = parse_lens_tables({tag: tuple(map(int, field.values)) for tag, field in fields.items()})
    frame = replace(grey(waves(0.4, 70)), lens=lens)
    geometry = make_geometry(frame, look)
    whole = whole_gain(frame, 0.8, geometry)[..., 0]
    detail = detail_map(frame)
    for top, left in ((0, 0), (192, 384), (192, 0)):
        rows, columns = range(top, min(top + 192, geometry.height)), range(left, min(left + 192, geometry.width))
        part = local_gain(detail, 0.8, geometry, rows, columns)
        assert np.abs(part - whole[top : rows.stop, left : columns.stop]).max() < 1e-3
    half = local_gain(detail, 0.8, geometry, range(geometry.height // 2), range(geometry.width // 2), 1)
    means = whole[: 2 * half.shape[0], : 2 * half.shape[1]].reshape(half.shape[0], 2, half.shape[1], 2).mean((1, 3))
    assert np.abs(half - means).max() < 0.02
