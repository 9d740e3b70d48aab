"""A handful of small pictures, and settings to train on them in a second."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xtdm_core.models import ModelSpec
from xtdm_core.train import material
from xtdm_core.train.config import Shares, TrainConfig


def write_photos(folder: Path, count: int = 4, seed: int = 0) -> Path:
    rng = np.random.default_rng(seed)
    folder.mkdir()
    for i in range(count):
        coarse = Image.fromarray(rng.integers(0, 256, (25, 25, 3)).astype(np.uint8))
        coarse.resize((200, 210), Image.Resampling.BICUBIC).save(folder / f"{i}.png")
    return folder


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainConfig:
    monkeypatch.setattr(material, "_SHAPES", 4)
    monkeypatch.setattr(material, "_TORTURE", 4)
    return TrainConfig(
        tmp_path / "run",
        photos=write_photos(tmp_path / "photos"),
        model=ModelSpec("packed", {"width": 8, "blocks": 1}),
        shares=Shares(photos=1, raws=1, torture=0, shapes=0.1),
        steps=8,
        batch=2,
        patch=36,
        warmup_steps=2,
        held_out=2,
        validate_every=4,
        device="cpu",
    )
