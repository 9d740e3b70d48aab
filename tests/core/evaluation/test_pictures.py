"""The network against LibRaw where the truth is known."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.conftest import textured
from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.demosaicing.methods import find_methods
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.develop.color import srgb_encode
from xtdm_core.errors import BadImage
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.evaluation.pictures import evaluate, mean_scores
from xtdm_core.frame import Noise
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
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
    results = (Demosaicer.load(device="cpu")(align(frame)), demosaic_libraw(raf, frame, "markesteijn3"))
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


def test_edges_along_the_pixel_grid_are_off_by_less_than_four_codes(tmp_path: Path) -> None:
    # Markesteijn is exact on these, because it interpolates along them; no network of this size is.
    network, _ = scores(two_colours("vertical", "yellow", "blue"), tmp_path / "a.RAF")
    assert network > 20 * np.log10(255 / 4)


@pytest.mark.parametrize("colour", COLOURS)
def test_flat_colours_are_exact(tmp_path: Path, colour: str) -> None:
    truth = np.broadcast_to(np.float32(COLOURS[colour]), (600, 606, 3))
    network, classic = scores(truth, tmp_path / "a.RAF")
    assert network >= classic - 1


def pictures(folder: Path) -> Path:
    for seed, name in enumerate("ba"):
        picture = (srgb_encode(textured(150, 170, seed)) * 255).round().astype(np.uint8)
        Image.fromarray(picture).save(folder / f"{name}.png")
    return folder


def test_scores_come_by_picture_and_method(tmp_path: Path) -> None:
    scores = evaluate(pictures(tmp_path), find_methods(["vng", "bilinear"]))
    assert [(s.image, s.method) for s in scores] == [(i, m) for i in ("a.png", "b.png") for m in ("vng", "bilinear")]
    means = mean_scores(scores)
    assert means["vng"].psnr_db == pytest.approx((scores[0].marks.psnr_db + scores[2].marks.psnr_db) / 2)
    assert means["vng"].ssim > means["bilinear"].ssim


def test_noise_is_the_same_every_time_and_not_the_same_in_two_pictures(tmp_path: Path) -> None:
    methods = find_methods(["bilinear"])
    noise = Noise(1.6e-4, 1.6e-7)
    (tmp_path / "in").mkdir()
    folder = pictures(tmp_path / "in")
    shutil.copy(folder / "a.png", folder / "c.png")
    first = evaluate(folder, methods, noise)
    assert evaluate(folder, methods, noise) == first
    clean = evaluate(folder, methods)
    assert all(seen.marks.psnr_db < without.marks.psnr_db for seen, without in zip(first, clean, strict=True))
    assert first[0].marks != first[2].marks
    assert clean[0].marks == clean[2].marks


def test_a_picture_too_small_to_score_is_a_sentence(tmp_path: Path) -> None:
    Image.new("RGB", (71, 100)).save(tmp_path / "a.png")
    with pytest.raises(BadImage, match="72 px"):
        evaluate(tmp_path, find_methods(["vng"]))


@pytest.mark.photos
@pytest.mark.skipif("XTDM_PHOTOS" not in os.environ, reason="XTDM_PHOTOS names no folder of photographs")
def test_photographs_no_training_has_seen() -> None:
    methods = find_methods(["fast", "markesteijn3"], "cpu")
    means = mean_scores(evaluate(Path(os.environ["XTDM_PHOTOS"]) / "val", methods))
    print(means)
    assert means["fast"].psnr_db >= 37.5
    assert means["fast"].grid_codes <= 1.3 * means["markesteijn3"].grid_codes
