"""A grown network computes what the small one did, and has room to learn more."""

import pytest
import torch

from xtdm_core.errors import BadOption
from xtdm_core.models import ModelSpec, build_network
from xtdm_core.models.growth import grow


def trained(width: int, blocks: int) -> torch.nn.Module:
    net = build_network(ModelSpec("packed", {"width": width, "blocks": blocks}))
    for weight in net.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return net.eval()


@pytest.mark.parametrize(("width", "blocks"), [(8, 2), (8, 5), (12, 2), (20, 7)])
def test_the_same_results_at_first(width: int, blocks: int) -> None:
    small = trained(8, 2)
    large = grow(small, ModelSpec("packed", {"width": width, "blocks": blocks})).eval()
    mosaic = torch.rand(1, 1, 60, 60)
    with torch.inference_mode():
        assert torch.allclose(large(mosaic), small(mosaic), atol=1e-5)


def test_every_weight_can_learn() -> None:
    large = grow(trained(8, 1), ModelSpec("packed", {"width": 12, "blocks": 2}))
    optimizer = torch.optim.SGD(large.parameters(), 0.1)
    for _ in range(3):  # an outer layer that starts at zero moves first
        optimizer.zero_grad()
        large(torch.rand(1, 1, 60, 60)).square().mean().backward()
        optimizer.step()
    for name, weight in large.named_parameters():
        assert weight.grad is not None
        assert bool((weight.grad.flatten(1).abs().sum(1) > 0).all()), name


def test_views_are_no_obstacle() -> None:
    assert grow(trained(8, 2), ModelSpec("packed", {"width": 8, "blocks": 2, "views": 8})) is not None


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (ModelSpec("packed", {"width": 8, "blocks": 1}), "larger than the settings"),
        (ModelSpec("packed", {"width": 4, "blocks": 2}), "larger than the settings"),
        (ModelSpec("unet", {"base_width": 2}), "another network"),
    ],
)
def test_what_does_not_fit_is_told(spec: ModelSpec, words: str) -> None:
    with pytest.raises(BadOption, match=words):
        grow(trained(8, 2), spec)
