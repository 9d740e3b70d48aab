"""Clipped highlights on scenes whose unclipped truth is known."""

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view

from xtdm_core.develop.color import oklab
from xtdm_core.develop.highlights import CLIP, headroom, reconstruct_highlights
from xtdm_core.frame import AlignedMosaic
from xtdm_core.models.packed import PackedNet
from xtdm_core.xtrans import CANONICAL, mosaic, tile_pattern

SIDE = 360
LIGHTS = {"orange": (1, 0.45, 0.12), "red": (1, 0.08, 0.05), "blue": (0.05, 0.12, 1), "green": (0.1, 1, 0.2)}


def glow(width: float) -> np.ndarray:
    y, x = np.indices((SIDE, SIDE)) - SIDE / 2
    return np.exp(-((np.hypot(y, x) / SIDE / width) ** 2))[..., None].astype(np.float32)


def sky() -> np.ndarray:
    """A blue sky that becomes white around the sun."""
    t = glow(0.18)
    return np.float32([0.315, 0.54, 0.9]) * (1 - t) + 6 * t


def light(name: str) -> np.ndarray:
    return np.float32(LIGHTS[name]) * 30 * glow(0.15) + np.float32(0.02)


def shot(truth: np.ndarray, wb: tuple[float, float, float]) -> AlignedMosaic:
    clipped = np.minimum(truth / np.float32(wb), 1)
    return AlignedMosaic(mosaic(clipped), 0, 0, SIDE, SIDE, np.array(wb, np.float64))


def interpolated(shot_: AlignedMosaic) -> np.ndarray:
    """The bare linear interpolation, so that no network colours the measurement."""
    gains = tile_pattern(np.float32(shot_.wb)[CANONICAL], SIDE, SIDE)
    with torch.inference_mode():
        rgb = PackedNet(16, 0)(torch.from_numpy(shot_.values * gains)[None, None])[0]
    return rgb.permute(1, 2, 0).numpy()


def zones(truth: np.ndarray, wb: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """(where one or two channels clip, where all do), less the 4 px in which the interpolation mixes zones."""
    count = (truth / np.float32(wb) >= CLIP).sum(axis=-1)
    windows = sliding_window_view(np.pad(count, 4, mode="edge"), (9, 9))
    least, most = windows.min(axis=(2, 3)), windows.max(axis=(2, 3))
    return (least >= 1) & (most <= 2), least == 3


def chroma_and_hue(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Oklab chroma and hue in degrees, at the exposure that brings the largest channel to 1."""
    lab = oklab(rgb / rgb.max(axis=-1, keepdims=True))
    return np.hypot(lab[..., 1], lab[..., 2]), np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))


WB = [(1.95, 1.0, 1.65), (2.7, 1.0, 1.4)]
SCENES = {"sky": sky(), **{name: light(name) for name in LIGHTS}}


@pytest.mark.parametrize("wb", WB)
@pytest.mark.parametrize("name", SCENES)
def test_hue_where_one_or_two_channels_clip(name: str, wb: tuple[float, float, float]) -> None:
    truth = SCENES[name]
    partly, _ = zones(truth, wb)
    chroma, hue = chroma_and_hue(interpolated(reconstruct_highlights(shot(truth, wb))))
    true_chroma, true_hue = chroma_and_hue(truth)
    judged = partly & (np.minimum(chroma, true_chroma) > 0.03)  # the hue of grey means nothing
    assert judged.sum() > 500
    error = np.abs((hue - true_hue + 180) % 360 - 180)[judged]
    print(f"{name}: largest hue error {error.max():.1f} degrees")
    assert error.max() < 5


@pytest.mark.parametrize("wb", WB)
@pytest.mark.parametrize("name", ["sky", "orange", "green"])
def test_neutral_and_bright_where_all_channels_clip(name: str, wb: tuple[float, float, float]) -> None:
    _, fully = zones(SCENES[name], wb)
    assert fully.sum() > 300
    rgb = interpolated(reconstruct_highlights(shot(SCENES[name], wb)))
    assert chroma_and_hue(rgb)[0][fully].max() < 0.02
    assert rgb[fully].min() >= max(wb) * CLIP


def test_without_reconstruction_the_sky_is_magenta() -> None:
    truth, wb = SCENES["sky"], WB[0]
    _, fully = zones(truth, wb)
    assert chroma_and_hue(interpolated(shot(truth, wb)))[0][fully].min() > 0.08


def test_unclipped_photosites_stay_bit_for_bit() -> None:
    before = shot(SCENES["sky"], WB[0])
    after = reconstruct_highlights(before)
    untouched = before.values < CLIP
    assert np.array_equal(after.values[untouched], before.values[untouched])
    assert (after.values[~untouched] >= 1).all()
    assert after.values.max() > 1.5


def test_an_unclipped_mosaic_passes_as_it_is() -> None:
    before = shot(SCENES["sky"] * np.float32(0.01), WB[0])
    assert reconstruct_highlights(before) is before


def test_everything_clipped_becomes_neutral() -> None:
    rgb = interpolated(reconstruct_highlights(shot(np.full((SIDE, SIDE, 3), 50, np.float32), WB[0])))
    inner = rgb[20:-20, 20:-20]
    assert np.ptp(inner, axis=-1).max() < 1e-5


def test_headroom_counts_per_channel() -> None:
    truth = np.full((SIDE, SIDE, 3), 0.25, np.float32) * np.float32([1.95, 1, 1.65])
    truth[:90, :, 1] = 3  # a quarter of the picture clips in green
    report = headroom(shot(truth, WB[0]))
    assert report.clipped_percent == pytest.approx((0, 25, 0), abs=0.01)
    assert report.headroom_ev == pytest.approx((2, 0, 2), abs=0.01)
