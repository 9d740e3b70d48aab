"""The training loop on a handful of small pictures."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from xtdm_core.errors import BadOption, BadWeights, TrainingStopped, WriteFailed
from xtdm_core.models import ModelSpec, build_network
from xtdm_core.models.checkpoints import load_checkpoint
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.train import trainer
from xtdm_core.train.config import Augmentation, FineTuning, TrainConfig
from xtdm_core.train.patches import PatchSampler
from xtdm_core.train.run_log import Verdict, read_verdict

ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}


def weights(path: Path) -> dict[str, torch.Tensor]:
    return load_checkpoint(path).net.state_dict()


def lines(config: TrainConfig) -> list[dict[str, float]]:
    return [json.loads(line) for line in (config.out / "log.jsonl").read_text().splitlines()]


def test_a_run_learns_and_leaves_weights_log_previews_and_state(config: TrainConfig) -> None:
    best = trainer.train(replace(config, steps=60, validate_every=20, learning_rate=5e-3))
    assert [line["step"] for line in lines(config)] == [20, 40, 60]
    assert lines(config)[-1]["psnr_photos_db"] > lines(config)[0]["psnr_photos_db"]
    assert {"linear_photos_db", "grid_photos", "loss", "seconds"} < set(lines(config)[0])
    checkpoint = load_checkpoint(best)
    assert checkpoint.spec == config.model
    assert checkpoint.halo is not None
    assert checkpoint.record["step"] in (20, 40, 60)
    assert checkpoint.record["config"]["learning_rate"] == 5e-3
    assert str(config.photos.parent) not in json.dumps(checkpoint.record)
    previews = sorted((config.out / "previews").iterdir())
    assert [path.name for path in previews] == ["step_0000020.png", "step_0000040.png", "step_0000060.png"]
    with Image.open(previews[0]) as image:
        assert np.asarray(image).std() > 10
        assert json.loads(image.text["Crops"]) == [["photos", "0.png"], ["photos", "2.png"]]


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


def test_a_run_goes_on_from_before_its_rate_fell_when_it_is_to_end_later(config: TrainConfig, tmp_path: Path) -> None:
    trainer.train(config)
    trainer.train(replace(config, steps=12))
    assert [line["step"] for line in lines(config)] == [4, 8, 12]
    whole = replace(config, out=tmp_path / "whole", steps=12)
    trainer.train(whole)
    first, second = (torch.load(out / "last.pt", weights_only=True) for out in (config.out, whole.out))
    assert all(torch.equal(first["net"][name], second["net"][name]) for name in first["net"])


def test_a_fall_branches_off_from_a_copied_state(config: TrainConfig, tmp_path: Path) -> None:
    trainer.train(replace(config, steps=8, decay=0.0))
    branch = replace(config, out=tmp_path / "branch", steps=10)
    branch.out.mkdir()
    shutil.copy(config.out / "last.pt", branch.out)
    trainer.train(branch)
    whole = replace(config, out=tmp_path / "whole", steps=10)
    trainer.train(whole)
    first, second = (torch.load(out / "last.pt", weights_only=True) for out in (branch.out, whole.out))
    assert all(torch.equal(first["net"][name], second["net"][name]) for name in first["net"])


def test_a_network_that_takes_noise_is_judged_with_and_without_it(config: TrainConfig) -> None:
    config = replace(config, model=ModelSpec("packed", {"width": 8, "blocks": 1, "noise": True}))
    trainer.train(config)
    clean_and_noisy = [(line["psnr_photos_db"] + line["noisy_photos_db"]) / 2 for line in lines(config)]
    assert read_verdict(config.out) == Verdict("photos", None, pytest.approx(max(clean_and_noisy)))


@pytest.mark.parametrize("noise", [False, True])
def test_much_noise_is_only_for_networks_that_are_told_it(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch, noise: bool
) -> None:
    seen: list[Augmentation] = []

    class Sampler(PatchSampler):
        def __init__(self, sources: object, patch: int, augmentation: Augmentation, *rest: object) -> None:
            seen.append(augmentation)
            super().__init__(sources, patch, augmentation, *rest)

    monkeypatch.setattr(trainer, "PatchSampler", Sampler)
    trainer.train(replace(config, model=ModelSpec("packed", {"width": 8, "blocks": 1, "noise": noise}), steps=1))
    assert (seen[0] == config.augmentation) == noise
    assert (seen[0].noise_a[1] <= 4e-4) != noise


@pytest.mark.parametrize("optimizer", ["muon", "adamw"])
def test_both_optimizers_resume_exactly(config: TrainConfig, tmp_path: Path, optimizer: str) -> None:
    config = replace(config, optimizer=optimizer)

    def stop(progress: Progress) -> None:
        if progress.stage == "training" and progress.done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        trainer.train(config, stop)
    resumed = weights(trainer.train(config))
    whole = weights(trainer.train(replace(config, out=tmp_path / "whole")))
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_patterns_drawn_before_a_stop_are_the_same_after_it(config: TrainConfig, tmp_path: Path) -> None:
    config = replace(config, shares=replace(config.shares, torture=1.0))
    stages: list[str] = []

    def stop(progress: Progress) -> None:
        if progress.stage == "training" and progress.done == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        trainer.train(config, stop)
    resumed = weights(trainer.train(config, lambda progress: stages.append(progress.stage)))
    assert "drawing torture patterns" not in stages
    whole = weights(trainer.train(replace(config, out=tmp_path / "whole")))
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_a_killed_run_goes_on_and_ends_with_the_same_weights(config: TrainConfig, tmp_path: Path) -> None:
    config = replace(config, steps=60, validate_every=20)
    command = [sys.executable, "-c", _SCRIPT, str(config.out), str(config.photos)]
    child = subprocess.Popen(command, env=ENV)
    deadline = time.monotonic() + 100
    while saved_step(config) == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    child.kill()
    child.wait()
    at = torch.load(config.out / "last.pt", weights_only=True)["numbers"][0]
    assert 0 < at < 60
    # Lines of steps that will be done again are taken back.
    with (config.out / "log.jsonl").open("a") as log:
        log.write('{"step": 59, "loss": 9}\n\0\0}\n["step"]\n{"step": 2')
    orphan = config.out / "previews" / ".xtdm-00000000-1.xtdm-part"  # killed while it saved
    orphan.touch()
    os.utime(orphan, (0, 0))
    assert subprocess.run(command, env=ENV, check=False).returncode == 0
    assert not list(config.out.rglob("*.xtdm-part"))
    whole = subprocess.run([*command[:3], str(tmp_path / "whole"), command[4]], env=ENV, check=False)
    assert whole.returncode == 0
    assert [line["step"] for line in lines(config)] == [20, 40, 60]
    first, second = (torch.load(out / "last.pt", weights_only=True) for out in (config.out, tmp_path / "whole"))
    for part in ("net", "average"):
        assert all(torch.equal(first[part][name], second[part][name]) for name in first[part])


def saved_step(config: TrainConfig) -> int:
    path = config.out / "last.pt"
    return int(torch.load(path, weights_only=True)["numbers"][0]) if path.exists() else 0


@pytest.mark.parametrize("name", ["best.safetensors", "log.jsonl"])
def test_files_of_the_user_are_not_replaced(config: TrainConfig, name: str) -> None:
    config.out.mkdir()
    (config.out / name).write_text("mine")
    with pytest.raises(BadOption, match="not belong to a run that can be continued"):
        trainer.train(config)
    assert (config.out / name).read_text() == "mine"


def test_the_first_state_is_saved_before_the_first_step(config: TrainConfig, tmp_path: Path) -> None:
    class KilledError(BaseException):
        pass

    def kill(progress: Progress) -> None:
        if progress.stage == "training":
            raise KilledError

    with pytest.raises(KilledError):
        trainer.train(config, kill)
    assert torch.load(config.out / "last.pt", weights_only=True)["numbers"][0] == 0
    resumed = weights(trainer.train(config))
    whole = weights(trainer.train(replace(config, out=tmp_path / "whole")))
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


def test_a_state_that_does_not_fit_on_the_disk_is_a_sentence(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    save = torch.save
    monkeypatch.setattr(torch, "save", lambda state, _: save(state, FullDisk()))
    with pytest.raises(WriteFailed, match="disk is full"):
        trainer.train(config)
    assert [path.name for path in config.out.iterdir()] == ["previews"]


# Saves at every step, so that a kill soon after the first finds the run in its middle.
_SCRIPT = """
import sys
from pathlib import Path
from xtdm_core.models import ModelSpec
from xtdm_core.train import trainer
from xtdm_core.train.config import Shares, TrainConfig
trainer._SAVE_EVERY_S = 0
trainer.train(TrainConfig(Path(sys.argv[1]), photos=Path(sys.argv[2]), model=ModelSpec("packed", {"width": 8, "blocks":
    1}), shares=Shares(1, 0, 0, 0), steps=60, batch=2, patch=36, held_out=2, validate_every=20,
    device="cpu"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_while_material_is_read_is_heeded_at_once(config: TrainConfig) -> None:
    stages: list[str] = []

    def ring(progress: Progress) -> None:
        stages.append(progress.stage)
        os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Cancelled):
        trainer.train(config, ring)
    assert stages == ["reading photographs"]
    assert not (config.out / "last.pt").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_its_state(config: TrainConfig, number: signal.Signals) -> None:
    def ring(progress: Progress) -> None:
        if progress.stage == "training" and progress.done == 3:
            os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    with pytest.raises(Cancelled):
        trainer.train(config, ring)
    assert signal.getsignal(number) is before
    assert torch.load(config.out / "last.pt", weights_only=True)["numbers"][0] == 3


def test_progress_tells_step_loss_and_scores(config: TrainConfig) -> None:
    seen: list[Progress] = []
    trainer.train(config, seen.append)
    training = [progress for progress in seen if progress.stage == "training"]
    assert [progress.done for progress in training] == [*range(8), 8]
    assert set(training[-1].metrics) == {"loss", "psnr_photos_db", "linear_photos_db", "grid_photos"}


def test_the_unet_trains_too_on_unbalanced_values(config: TrainConfig) -> None:
    spec = ModelSpec("unet", {"base_width": 2}, "none")
    best = trainer.train(replace(config, model=spec, patch=48, steps=2, validate_every=2))
    assert load_checkpoint(best).spec == spec


def test_fine_tuning_starts_where_the_checkpoint_ends(config: TrainConfig, tmp_path: Path) -> None:
    first = trainer.train(replace(config, steps=40, validate_every=20, learning_rate=5e-3))
    tuning = FineTuning(start=str(first), original=config.photos)
    second = replace(config, out=tmp_path / "second", fine_tuning=tuning, learning_rate=1e-6)
    trainer.train(second)
    log = lines(second)
    assert log[0]["step"] == 0
    assert log[0]["psnr_original_db"] == pytest.approx(lines(config)[-1]["psnr_photos_db"], abs=1e-3)
    assert log[-1]["psnr_original_db"] == pytest.approx(log[0]["psnr_original_db"], abs=0.01)


def test_the_log_tells_whether_tuning_was_worth_it(config: TrainConfig, tmp_path: Path) -> None:
    first = trainer.train(replace(config, learning_rate=5e-3))
    assert read_verdict(config.out) == Verdict("photos", None, max(line["psnr_photos_db"] for line in lines(config)))
    second = replace(config, out=tmp_path / "second", fine_tuning=FineTuning(start=str(first)), learning_rate=1e-6)
    trainer.train(second)
    start, *trained = (line["psnr_photos_db"] for line in lines(second))
    assert read_verdict(second.out) == Verdict("photos", start, max(trained))


def test_any_checkpoint_can_be_gone_on_from(config: TrainConfig, tmp_path: Path) -> None:
    foreign = tmp_path / "old.pt"
    torch.save({"model": build_network(ModelSpec("unet", {"base_width": 2})).state_dict()}, foreign)
    tuning = FineTuning(start=str(foreign))
    best = trainer.train(replace(config, model=None, patch=48, steps=2, validate_every=2, fine_tuning=tuning))
    assert load_checkpoint(best).spec == ModelSpec("unet", {"base_width": 2, "cfa_residual": False}, "none")


def test_forgetting_stops_the_run_and_says_so(config: TrainConfig, tmp_path: Path) -> None:
    first = trainer.train(replace(config, steps=60, validate_every=20, learning_rate=5e-3))
    tuning = FineTuning(start=str(first), original=config.photos)
    wild = replace(config, out=tmp_path / "wild", fine_tuning=tuning, learning_rate=1.0, steps=100, ema=0.5)
    with pytest.raises(TrainingStopped, match=r"lost [\d.]+ dB since the start"):
        trainer.train(wild)
    best = weights(wild.out / "best.safetensors")
    start = weights(first)
    assert all(torch.equal(best[name], start[name]) for name in start)


def test_a_loss_that_is_no_number_stops_the_run(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rgb: torch.Tensor, *_: object) -> torch.Tensor:
        return rgb.flatten(1).mean(1) * float("nan")

    monkeypatch.setattr(trainer, "demosaic_losses", broken)
    with pytest.raises(TrainingStopped, match="learning rate"):
        trainer.train(config)


def test_two_processes_learn_as_one_with_twice_the_batch(config: TrainConfig, tmp_path: Path) -> None:
    script = _SCRIPT.replace("steps=60, batch=2", "steps=20, batch=int(sys.argv[3])").replace("every=20", "every=10")
    # The leader is slow to write: the other must not return before it.
    script = script.replace("trainer.train(", "best = trainer.train(")
    script += "assert best.is_file()\n"
    script = "import time\n" + script.replace("_S = 0\n", "_S = 0\ntrainer.save_previews = lambda *_: time.sleep(1)\n")
    (tmp_path / "run.py").write_text(script)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--master-port=29543"]
    for out, launch, batch in (("two", torchrun, "2"), ("one", [sys.executable], "4")):
        command = [*launch, str(tmp_path / "run.py"), str(tmp_path / out), str(config.photos), batch]
        done = subprocess.run(command, env=ENV, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    two, one = (replace(config, out=tmp_path / out) for out in ("two", "one"))
    for a, b in zip(lines(two), lines(one), strict=True):
        assert a["loss"] == pytest.approx(b["loss"], rel=1e-3)
        assert a["psnr_photos_db"] == pytest.approx(b["psnr_photos_db"], abs=0.01)
    assert load_checkpoint(tmp_path / "two" / "best.safetensors").record["processes"] == 2


def test_what_cannot_work_is_a_sentence(config: TrainConfig) -> None:
    with pytest.raises(BadOption, match="multiple of 6"):
        trainer.train(replace(config, patch=40))
    with pytest.raises(BadOption, match="multiple of 48"):
        trainer.train(replace(config, model=ModelSpec("unet", {"base_width": 2})))
    with pytest.raises(BadOption, match="not a folder"):
        trainer.train(replace(config, photos=config.photos / "none"))
    with pytest.raises(BadOption, match="choose muon or adamw"):
        trainer.train(replace(config, optimizer="sgd"))
    with pytest.raises(BadOption, match="shares"):
        trainer.train(replace(config, decay=1.0))
    with pytest.raises(BadOption, match="nothing to train on"):
        trainer.train(replace(config, photos=None))
    with pytest.raises(BadOption, match="as large as a patch of 240"):
        trainer.train(replace(config, patch=240))
    with pytest.raises(BadWeights, match="no such file"):
        trainer.train(replace(config, fine_tuning=FineTuning(start="nowhere.safetensors")))
    trainer.train(config)
    with pytest.raises(BadWeights, match="another output folder"):
        trainer.train(replace(config, model=ModelSpec("packed", {"width": 4, "blocks": 1})))


@pytest.mark.parametrize(
    "changed",
    [
        {"learning_rate": -1e-3},
        {"learning_rate": float("nan")},
        {"gradient_clip": 0.0},
        {"weight_decay": -0.1},
        {"weight_decay": float("inf")},
        {"seed": -1},
        {"seed": 1 << 64},
    ],
)
def test_rates_and_seeds_that_make_no_sense_are_sentences(config: TrainConfig, changed: dict[str, float]) -> None:
    with pytest.raises(BadOption, match=r"must be above 0|whole number"):
        trainer.train(replace(config, **changed))


def statistics(state: dict[str, torch.Tensor]) -> list[torch.Tensor]:
    return [value for name, value in state.items() if "running" in name]


def test_fine_tuning_keeps_the_statistics_of_batch_normalisation(config: TrainConfig, tmp_path: Path) -> None:
    spec = ModelSpec("unet", {"base_width": 2}, "none")
    unet = replace(config, model=spec, patch=48, steps=2, validate_every=2)
    first = trainer.train(unet)
    assert not all(torch.equal(value, torch.zeros_like(value)) for value in statistics(weights(first))[::2])
    second = trainer.train(replace(unet, out=tmp_path / "second", fine_tuning=FineTuning(start=str(first))))
    before, after = weights(first), weights(second)
    assert len(statistics(after)) == 36
    assert all(torch.equal(*pair) for pair in zip(statistics(before), statistics(after), strict=True))
    assert not torch.equal(before["out_conv.weight"], after["out_conv.weight"])
