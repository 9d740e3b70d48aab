"""Names of methods, and shots whose truth is known."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.core.conftest import textured
from xtdm_core.artifacts import WINDOW
from xtdm_core.assets import asset
from xtdm_core.errors import BadOption, BadWeights
from xtdm_core.models.unet import UNet
from xtdm_core.trial import BORDER, find_methods, inside, libraw_methods, marks, shoot
from xtdm_core.xtrans import align, mosaic


def test_names_files_and_aliases_are_found(tmp_path: Path) -> None:
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        shutil.copy(asset("weights/fast.safetensors"), tmp_path / run / "best.safetensors")
    files = [tmp_path / run / "best.safetensors" for run in ("one", "two")]
    methods = find_methods(["fast", "dht", *files], "cpu")
    assert [method.name for method in methods] == ["fast", "markesteijn3", "one/best", "two/best"]
    assert [method.demosaicer is None for method in methods] == [False, True, False, False]
    assert find_methods([files[0]], "cpu")[0].name == "best"
    assert "markesteijn3" in {method.name for method in libraw_methods()}


def test_only_foreign_files_are_told_their_balance(tmp_path: Path) -> None:
    torch.save(UNet(4).state_dict(), tmp_path / "old.pt")
    own, foreign = find_methods(["fast", tmp_path / "old.pt"], "cpu", "none")
    assert own.demosaicer is not None
    assert own.demosaicer.spec.input_wb == "as-shot"
    assert own.demosaicer.notes == ()
    assert foreign.demosaicer is not None
    assert foreign.demosaicer.spec.input_wb == "none"


def test_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"'speedy'.*fast.*markesteijn3"):
        find_methods(["speedy"])
    with pytest.raises(BadWeights, match="no such file"):
        find_methods([tmp_path / "gone.pt"])


def test_a_shot_is_the_picture_within_quantisation(tmp_path: Path) -> None:
    truth = textured(100, 130)
    frame = shoot(truth, tmp_path / "a.RAF")
    assert frame.mosaic.shape == (600, 600)
    seen = align(frame)
    corner = seen.values[seen.top : seen.top + 100, seen.left : seen.left + 130]
    expected = mosaic(truth / np.float32([1.95, 1, 1.65]), frame.cfa)
    assert np.abs(corner - expected).max() <= 0.51 / (16383 - 1024)


def test_noise_has_the_variance_asked_for(tmp_path: Path) -> None:
    grey = np.full((600, 600, 3), 0.5, np.float32)
    clean, noisy, again = (
        align(shoot(grey, tmp_path / "a.RAF", noise, seed=3)).values
        for noise in ((0, 0), (1.6e-4, 4e-4), (1.6e-4, 4e-4))
    )
    assert np.array_equal(noisy, again)
    variance = float(np.mean((noisy - clean) ** 2 / (1.6e-4 * clean + 1.6e-7)))
    assert variance == pytest.approx(1, abs=0.02)


def test_marks_of_the_truth_itself() -> None:
    truth = textured(80, 90)
    own = marks(truth, truth)
    assert (own.psnr_db, own.ssim, own.grid_codes) == (120, 1, 0)


def test_scored_is_what_lies_inside_the_border() -> None:
    assert BORDER * 2 + WINDOW == 72
    picture = textured(100, 100)
    assert np.array_equal(inside(picture, 72, 80), picture[12:60, 12:68])
