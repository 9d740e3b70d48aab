"""The training loop on a handful of small pictures."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from xtdm_core.errors import BadOption, BadWeights
from xtdm_core.models import ModelSpec
from xtdm_core.models.checkpoints import load_checkpoint
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.train import trainer
from xtdm_core.train.config import TrainConfig
from xtdm_core.train.losses import demosaic_loss, encode


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainConfig:
    monkeypatch.setattr(trainer, "_SYNTHETIC_IMAGES", 4)
    rng = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for i in range(4):
        coarse = Image.fromarray(rng.integers(0, 256, (25, 25, 3)).astype(np.uint8))
        coarse.resize((200, 210), Image.Resampling.BICUBIC).save(tmp_path / "photos" / f"{i}.png")
    return TrainConfig(
        tmp_path / "photos",
        tmp_path / "run",
        model=ModelSpec("packed", {"width": 8, "blocks": 1}),
        steps=8,
        batch=2,
        patch=36,
        warmup_steps=2,
        held_out=2,
        validate_every=4,
        device="cpu",
    )


def weights(path: Path) -> dict[str, torch.Tensor]:
    return load_checkpoint(path).net.state_dict()


def test_a_run_learns_and_leaves_weights_log_and_state(config: TrainConfig) -> None:
    best = trainer.train(replace(config, steps=60, validate_every=20, learning_rate=5e-3))
    lines = [json.loads(line) for line in (config.out / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [20, 40, 60]
    assert lines[-1]["psnr_db"] > lines[0]["psnr_db"]
    checkpoint = load_checkpoint(best)
    assert checkpoint.spec == config.model
    assert checkpoint.halo is not None
    assert checkpoint.record["step"] in (20, 40, 60)
    assert checkpoint.record["config"]["learning_rate"] == 5e-3
    assert str(config.photos.parent) not in json.dumps(checkpoint.record)


def test_cancelled_and_resumed_equals_uninterrupted(config: TrainConfig, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == "training" and progress.done == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        trainer.train(config, stop)
    assert (config.out / "last.pt").exists()
    resumed = weights(trainer.train(config))
    whole = weights(trainer.train(replace(config, out=tmp_path / "whole")))
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_progress_tells_step_loss_and_psnr(config: TrainConfig) -> None:
    seen: list[Progress] = []
    trainer.train(config, seen.append)
    training = [progress for progress in seen if progress.stage == "training"]
    assert [progress.done for progress in training] == [*range(8), 8]
    assert set(training[-1].metrics) == {"loss", "psnr_db"}


def test_the_unet_trains_too(config: TrainConfig) -> None:
    spec = ModelSpec("unet", {"base_width": 2})
    best = trainer.train(replace(config, model=spec, patch=48, steps=2, validate_every=2))
    assert load_checkpoint(best).spec.architecture == "unet"


def test_what_cannot_work_is_a_sentence(config: TrainConfig) -> None:
    with pytest.raises(BadOption, match="multiple of 6"):
        trainer.train(replace(config, patch=40))
    with pytest.raises(BadOption, match="not a folder"):
        trainer.train(replace(config, photos=config.photos / "none"))
    trainer.train(config)
    with pytest.raises(BadWeights, match="another output folder"):
        trainer.train(replace(config, model=ModelSpec("packed", {"width": 4, "blocks": 1})))


def test_loss_is_zero_for_the_truth_and_bounded_around_black() -> None:
    truth = torch.rand(2, 3, 8, 8)
    assert float(demosaic_loss(truth, truth, 0.5, 0.1)) == 0
    assert torch.allclose(encode(-truth), -encode(truth))
    assert float(encode(torch.tensor(1e-8))) / 1e-8 < 20
