"""The network against LibRaw where the truth is known."""

import os
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.classic import demosaic_classic
from xtdm_core.demosaic import Demosaicer
from xtdm_core.evaluate import evaluate, mean_scores
from xtdm_core.metrics import psnr_srgb
from xtdm_core.raf import read_raw
from xtdm_core.simulate import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import align

COLOURS = {
    "red": (0.8, 0.02, 0.02),
    "green": (0.03, 0.6, 0.05),
    "blue": (0.03, 0.05, 0.7),
    "magenta": (0.7, 0.04, 0.6),
    "yellow": (0.8, 0.7, 0.03),
}
ROWS, COLS = np.mgrid[:600, :606]
SHAPES = {
    "slanted": ((COLS + 0.37 * ROWS) // 50 % 2 == 0),
    "rings": (np.hypot(ROWS - 300, COLS - 303) // 40 % 2 == 0),
    "vertical": (COLS // 50 % 2 == 0),
}


def scores(truth: np.ndarray, raf: Path) -> tuple[float, float]:
    """PSNR in dB of (the default network, LibRaw's 3-pass) on one scene of camera RGB."""
    write_raf(raf, simulate_frame(truth, SensorModel()))
    frame = read_raw(raf)
    inner = (slice(12, -12), slice(12, -12))
    results = (Demosaicer.load(device="cpu")(align(frame)), demosaic_classic(raf, frame, "markesteijn3"))
    network, classic = (psnr_srgb(cam_rgb[inner], truth[inner]) for cam_rgb in results)
    print(f"network {network:.2f} dB, 3-pass {classic:.2f} dB")
    return network, classic


def two_colours(shape: str, first: str, second: str) -> np.ndarray:
    return np.where(SHAPES[shape][..., None], np.float32(COLOURS[first]), np.float32(COLOURS[second]))


@pytest.mark.parametrize("pair", [("red", "green"), ("red", "blue"), ("green", "magenta"), ("yellow", "blue")])
@pytest.mark.parametrize("shape", ["slanted", "rings"])
def test_saturated_edges_are_no_worse_than_markesteijn(tmp_path: Path, shape: str, pair: tuple[str, str]) -> None:
    network, classic = scores(two_colours(shape, *pair), tmp_path / "a.RAF")
    assert network >= classic - 1


def test_edges_along_the_pixel_grid_are_off_by_less_than_two_codes(tmp_path: Path) -> None:
    # Markesteijn is exact on these, because it interpolates along them; no network of this size is.
    network, _ = scores(two_colours("vertical", "yellow", "blue"), tmp_path / "a.RAF")
    assert network > 20 * np.log10(255 / 2)


@pytest.mark.parametrize("colour", COLOURS)
def test_flat_colours_are_exact(tmp_path: Path, colour: str) -> None:
    truth = np.broadcast_to(np.float32(COLOURS[colour]), (600, 606, 3))
    network, classic = scores(truth, tmp_path / "a.RAF")
    assert network >= classic - 1


@pytest.mark.photos
@pytest.mark.skipif("XTDM_PHOTOS" not in os.environ, reason="XTDM_PHOTOS names no folder of photographs")
def test_photographs_no_training_has_seen() -> None:
    means = mean_scores(evaluate(Path(os.environ["XTDM_PHOTOS"]) / "val", Demosaicer.load(device="cpu")))
    psnr_db, grid_codes = means["neural"]
    print(f"{psnr_db:.2f} dB, 6x6 {grid_codes:.3f} codes")
    assert psnr_db >= 37.5
    assert grid_codes <= 1.3 * means["markesteijn3"][1]
