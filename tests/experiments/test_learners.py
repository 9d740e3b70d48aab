"""The learners of the experiments on the 6x6 grid."""

import numpy as np
import pytest
import torch

from experiments import grid_causes, grid_material
from experiments.material import Material, sample
from xtdm_core.frame import F32


def gradients(seed: int) -> list[F32]:
    """Pictures of grey that rises evenly in some direction, which a linear estimator can know exactly."""
    rng = np.random.default_rng(seed)
    rows, cols = np.mgrid[:60, :60] / 60
    grey = [0.2 + rng.uniform(-0.1, 0.1) * rows + rng.uniform(-0.1, 0.1) * cols for _ in range(8)]
    return [np.repeat(one[..., None], 3, axis=2).astype(np.float32) for one in grey]


def test_the_estimator_is_exact_on_what_it_can_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_material, "PATCHES", 100)
    estimator = grid_material.learned(Material(gradients(1), balanced=True), 0)
    for picture in gradients(2):
        rgb = estimator(torch.from_numpy(sample(picture))[None, None])[0].permute(1, 2, 0).numpy()
        np.testing.assert_allclose(rgb[3:-3, 3:-3], picture[3:-3, 3:-3], atol=1e-4)


def test_the_shallow_network_is_kept_as_a_whole_unet_that_computes_the_same() -> None:
    torch.manual_seed(0)
    shallow = grid_causes.build("as it was")
    for norm in (module for module in shallow.modules() if isinstance(module, torch.nn.BatchNorm2d)):
        torch.nn.init.uniform_(norm.running_mean)
        torch.nn.init.uniform_(norm.weight)
    mosaic = torch.rand(1, 1, 96, 96)
    with torch.inference_mode():
        torch.testing.assert_close(grid_causes.as_unet(shallow)(mosaic), shallow.eval()(mosaic))
