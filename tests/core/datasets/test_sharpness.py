"""Sharpness of raw files: what the score follows, and what it does not."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.datasets.fractals import fbm
from xtdm_core.datasets.sharpness import SCORES, raw_sharpness, score_folder
from xtdm_core.errors import BadOption
from xtdm_core.images import area_average
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import phases


def scene(side: int = 360) -> np.ndarray:
    """Grey detail at every scale, down to two pixels: f32 [S, S, 3] around 0.4."""
    grey = 0.4 + 0.15 * area_average(fbm(np.random.default_rng(3), 4 * side), 4)
    return np.clip(grey, 0.02, 1)[..., None].repeat(3, -1).astype(np.float32)


def blurred(image: np.ndarray, times: int) -> np.ndarray:
    for _ in range(times):
        image = (np.roll(image, 1, 0) + image * 2 + np.roll(image, -1, 0)) / 4
        image = (np.roll(image, 1, 1) + image * 2 + np.roll(image, -1, 1)) / 4
    return image


def score(cam_rgb: np.ndarray, **sensor: object) -> float:
    return raw_sharpness(simulate_frame(cam_rgb, SensorModel(**sensor)))


def test_blur_lowers_the_score_step_by_step() -> None:
    scores = [score(blurred(scene(), times)) for times in (0, 2, 6, 18, 54)]
    assert all(sharper > 1.3 * softer for sharper, softer in pairwise(scores))


def test_exposure_phase_and_noise_do_not_decide() -> None:
    sharp = score(scene())
    assert score(scene() / 8) == pytest.approx(sharp, rel=0.01)
    for cfa in phases()[::5]:
        assert score(scene(), cfa=cfa) == pytest.approx(sharp, rel=0.1)
    # Noise of 1 % would double a plain variance of the Laplacian.
    noisy = simulate_frame(scene(), SensorModel(noise=(0.0, 0.004)))
    assert raw_sharpness(noisy) == pytest.approx(sharp, rel=0.1)
    grey = np.full((300, 300, 3), 0.4, np.float32)
    assert score(grey) == 0
    assert score(grey, noise=(0.0, 0.004)) < sharp / 10
    assert score(np.zeros((60, 60, 3), np.float32)) == 0


def test_fine_detail_counts_in_every_direction() -> None:
    y, x = np.indices((300, 300))
    for angle in (0, 30, 45, 90, 135):
        along = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
        stripes = (0.4 + 0.2 * np.cos(2 * np.pi * along / 5))[..., None].repeat(3, -1).astype(np.float32)
        assert score(stripes) > 300 * score(scene())


def test_the_score_is_the_variance_of_the_laplacian() -> None:
    """Where three pixels are alike in both directions, the two halves are the same picture."""
    coarse = area_average(scene(300), 3)
    frame = simulate_frame(coarse.repeat(3, 0).repeat(3, 1), SensorModel(cfa=phases()[0]))
    green = coarse[..., 1].astype(np.float64)
    laplacian = sum(np.roll(green, shift, axis) for shift in (-1, 1) for axis in (0, 1)) - 4 * green
    expected = laplacian[1:-1, 1:-1].var() / np.square(green).mean()
    assert raw_sharpness(frame) == pytest.approx(expected, rel=1e-3)
    clipped = replace(frame, mosaic=np.full_like(frame.mosaic, 16383))
    assert raw_sharpness(clipped) == 0


def test_the_sharpest_are_listed_and_a_second_run_goes_on(tmp_path: Path) -> None:
    source, output = tmp_path / "archive", tmp_path / "lists"
    for name, times in (("b/soft.RAF", 9), ("sharp.RAF", 0), ("a/medium.raf", 2)):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        write_raf(source / name, simulate_frame(blurred(scene(96), times), SensorModel()))
    (source / "broken.RAF").write_bytes(b"FUJIFILM")
    outcome, best = score_folder(source, output, 2)
    assert (outcome.written, [name for name, _ in outcome.failed]) == (3, ["broken.RAF"])
    assert best == output / "top2_sharp.json"
    assert json.loads(best.read_text()) == ["sharp.RAF", "a/medium.raf"]
    scores = json.loads((output / SCORES).read_text())["items"]
    assert list(scores) == ["sharp.RAF", "a/medium.raf", "b/soft.RAF"]
    assert scores["sharp.RAF"]["score"] > scores["b/soft.RAF"]["score"] > 0
    (source / "sharp.RAF").unlink()
    (source / "broken.RAF").write_bytes((source / "b" / "soft.RAF").read_bytes())
    outcome, best = score_folder(source, output, 10)
    assert (outcome.written, outcome.skipped, outcome.failed) == (1, 2, ())
    assert json.loads(best.read_text()) == ["a/medium.raf", "b/soft.RAF", "broken.RAF"]
    bad = ((tmp_path / "none", 1, "not a folder"), (output, 1, "no such files"), (source, 0, "1 or more"))
    for folder, top, words in bad:
        with pytest.raises(BadOption, match=words):
            score_folder(folder, tmp_path / "other", top)
