"""Loss terms: zero for the truth, each sees what it is for, and nothing else."""

from dataclasses import fields, replace

import pytest
import torch

from xtdm_core.train.config import LossWeights
from xtdm_core.train.losses import demosaic_losses, encode

NONE = LossWeights(encoded=0, linear=0, chroma=0)
TERMS = [field.name for field in fields(LossWeights) if field.name != "perceptual"]


def loss(term: str, rgb: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    return demosaic_losses(rgb, truth, replace(NONE, **{term: 1.0}))


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("perceptual", [True, False])
def test_zero_for_the_truth_and_one_value_a_patch(term: str, perceptual: bool) -> None:
    truth = torch.rand(3, 3, 24, 24)
    losses = demosaic_losses(truth, truth, replace(NONE, perceptual=perceptual, **{term: 1.0}))
    assert torch.allclose(losses, torch.zeros(3), atol=1e-6)


@pytest.mark.parametrize("term", [term for term in TERMS if term != "fold"])
def test_an_error_costs_in_its_own_patch_alone_and_has_a_gradient(term: str) -> None:
    truth = torch.rand(2, 3, 24, 24)
    noise = torch.zeros_like(truth)
    noise[0] = torch.randn(3, 24, 24) * 0.1
    rgb = (truth + noise).requires_grad_()
    losses = loss(term, rgb, truth)
    there, elsewhere = losses.detach()
    assert float(there) > 1e-3
    assert float(elsewhere) == pytest.approx(0, abs=1e-6)
    losses.sum().backward()
    assert rgb.grad is not None
    assert float(rgb.grad[0].abs().sum()) > 0


def test_a_grey_error_is_no_chroma_error() -> None:
    truth = torch.full((1, 3, 24, 24), 0.25)
    grey = truth + torch.randn(1, 1, 24, 24) * 0.05
    assert float(loss("chroma", grey, truth)) == pytest.approx(0, abs=1e-6)
    assert float(loss("encoded", grey, truth)) > 0.01


def test_a_constant_error_has_no_gradient_and_no_high_frequencies() -> None:
    truth = torch.full((1, 3, 24, 24), 0.25)
    tinted = truth + torch.tensor([0.1, 0.0, 0.0])[:, None, None]
    for term in ("gradient", "chroma_highpass", "fold"):
        assert float(loss(term, tinted, truth)) == pytest.approx(0, abs=1e-6)
    assert float(loss("chroma", tinted, truth)) > 0.01


def test_a_grid_on_flat_patches_is_seen_by_the_fold() -> None:
    truth = torch.full((2, 3, 24, 24), 0.25)
    truth[1] += torch.rand(24, 24)  # not flat: its own texture may repeat as it likes
    grid = torch.zeros(6, 6)
    grid[1, 4] = 0.1
    folded = loss("fold", truth + grid.repeat(4, 4), truth)
    assert float(folded[0]) > 1e-3
    assert float(folded[1]) == 0
    jitter = torch.zeros(24, 24)
    jitter[1, 4], jitter[13, 16] = 0.1, -0.1  # the same phase, opposite signs: no grid
    assert float(loss("fold", truth + jitter, truth)[0]) < float(folded[0]) / 20


def test_the_encoding_is_odd_and_bounded_around_black() -> None:
    truth = torch.rand(2, 3, 8, 8)
    assert torch.allclose(encode(-truth), -encode(truth))
    assert float(encode(torch.tensor(1e-8))) / 1e-8 < 20
