"""Made patterns: each image is scored on its own area, exact results are capped, flat fields are flat."""

import numpy as np
import pytest
import torch

from xtdm_core.datasets.patterns import KINDS
from xtdm_core.demosaic.methods import Method, find_methods
from xtdm_core.demosaic.network import Demosaicer
from xtdm_core.evaluation.ground_truth import BORDER
from xtdm_core.evaluation.patterns import (
    FLAT,
    FLOOR,
    SIDE,
    PatternScore,
    cut_sheet,
    evaluate_flat,
    evaluate_patterns,
    make_sheet,
    pattern_kinds,
)
from xtdm_core.models import ModelSpec


class Copying(torch.nn.Module):
    """Every colour is the mosaic: exact on grey, a 6x6 grid of its own on anything coloured."""

    stride = 6

    def forward(self, mosaic: torch.Tensor) -> torch.Tensor:
        return mosaic.expand(-1, 3, -1, -1)


COPYING = Method("copying", Demosaicer(Copying(), ModelSpec("x"), 0, torch.device("cpu")))


@pytest.mark.parametrize("count", [1, 7, 9, 10, 16])
def test_a_sheet_gives_back_every_image_less_its_border(count: int) -> None:
    rng = np.random.default_rng(0)
    images = [rng.random((SIDE, SIDE, 3), dtype=np.float32) for _ in range(count)]
    sheet = make_sheet(images)
    assert min(sheet.shape[:2]) >= 600
    for seen, image in zip(cut_sheet(sheet, images), images, strict=True):
        assert np.array_equal(seen, image[BORDER:-BORDER, BORDER:-BORDER])


def test_patterns_are_the_same_every_time_and_differ_from_each_other() -> None:
    kinds = pattern_kinds()
    assert len(KINDS) == 13
    assert len(kinds) == 16
    for kind, paint in kinds.items():
        first, again, other = paint(0), paint(0), paint(1)
        assert first.shape == (SIDE, SIDE, 3), kind
        assert first.dtype == np.float32, kind
        assert 0 <= first.min() <= first.max() <= 1, kind
        assert np.array_equal(first, again), kind
        assert not np.array_equal(first, other), kind


def test_exact_results_are_capped_and_errors_are_pooled() -> None:
    score = PatternScore("x", "y", (0.0, 1e-3))
    assert score.psnr_db == pytest.approx(33.0103, abs=1e-4)
    assert score.mean_image_psnr_db == pytest.approx((30 + 58.9226) / 2, abs=1e-4)
    assert PatternScore("x", "y", (0.0, 0.0)).psnr_db == pytest.approx(58.9226, abs=1e-4)
    # Both are invisible on the first image, and the other method is better on the second.
    assert score.better_on(PatternScore("x", "z", (FLOOR / 2, 1e-4))) == 0
    assert PatternScore("x", "z", (FLOOR / 2, 1e-4)).better_on(score) == 1


def test_each_kind_is_scored_for_each_method(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = np.full((SIDE, SIDE, 3), 0.25, np.float32)
    kinds = {"edges grey": lambda number: grey, "grey": lambda number: grey * number / 2}
    monkeypatch.setattr("xtdm_core.evaluation.patterns.pattern_kinds", lambda: kinds)
    scores = evaluate_patterns([COPYING, *find_methods(["markesteijn3"])], 2)
    pooled = "edges, all of these"
    expected = [(kind, name) for kind in ("edges grey", "grey", pooled) for name in ("copying", "markesteijn3")]
    assert [(s.kind, s.method) for s in scores] == expected
    assert all(len(s.mean_squares) == 2 for s in scores)
    assert all(s.psnr_db == pytest.approx(58.9226, abs=1e-4) for s in scores)


def test_flat_fields_show_a_methods_own_grid() -> None:
    methods = [COPYING, *find_methods(["fast", "markesteijn3"], "cpu")]
    codes = {(s.colour, s.method): s.grid_codes for s in evaluate_flat(methods)}
    assert len(codes) == 3 * len(FLAT)
    for colour in FLAT:
        assert codes[colour, "fast"] <= 0.1
        assert codes[colour, "markesteijn3"] <= 0.1
    assert codes["red", "copying"] > 10
    assert codes["white", "copying"] < 0.1
