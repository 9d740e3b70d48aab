"""The networks that weigh candidates for clipped channels: material, training, file."""

from pathlib import Path

import numpy as np
import pytest
import torch

from xtdm_core.datasets.shapes import synthetic_images
from xtdm_core.develop.highlight_colour import Gate, load_gates
from xtdm_core.train import highlights
from xtdm_core.train.highlight_material import expose, lamps, photographed


def test_the_material_clips_what_the_truth_keeps() -> None:
    rng = np.random.default_rng(0)
    scene = lamps(rng, 120)
    truth, shot = expose(scene, 2.0, rng)
    assert shot.values.max() == 1
    assert truth.max() > 1.5
    unclipped = shot.values < 0.9
    assert np.abs(shot.values - truth)[unclipped].mean() < 0.02


def test_false_colours_of_photographs_are_not_believed() -> None:
    """Where one channel of a JPEG is cut off its hue is wrong; where all are it is white."""
    codes = np.full((60, 60, 3), 120, np.uint8)
    codes[:20] = (255, 200, 120)
    codes[20:40] = 255
    believed = [photographed([codes], 0, np.random.default_rng(seed))[2] for seed in range(8)]
    assert all((true[:20] == 0).all() and (true[20:] == 1).all() for true in believed)


def test_the_twin_without_torch_computes_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    features, candidates = torch.randn(500, 19), torch.rand(500, 2, 5)
    net = highlights._Net(features, 2, 5)
    gates = net.gate(), net.gate()
    highlights.save_gates(gates, tmp_path / "a.safetensors")
    expected = net(features, candidates).detach().numpy()
    for gate in load_gates(tmp_path / "a.safetensors"):
        assert np.allclose(gate(features.numpy(), candidates.numpy()), expected, atol=1e-5)


def test_training_beats_the_plain_mean_of_the_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    images = synthetic_images(6, seed=1)
    monkeypatch.setattr(highlights, "_BATCH", 512)
    rows = highlights._rows(images, None, seed=0)
    one, two = highlights.train(images, 60)
    assert isinstance(two, Gate)
    features, candidates, channels, levels, truth = (column.numpy() for column in rows)
    true = np.take_along_axis(truth - levels, channels, axis=1)[:, 0]
    learnt = np.abs(one(features, candidates)[:, 0] - true).mean()
    assert learnt < 0.7 * np.abs(candidates[:, 0].mean(axis=-1) - true).mean()
