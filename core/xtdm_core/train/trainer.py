"""Trains a demosaicing network: one loop, read top-down."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import IO

import torch
from torch import Tensor, nn

from xtdm_core import __version__
from xtdm_core.demosaicing.balance import balance_warnings
from xtdm_core.demosaicing.network import measure_halo
from xtdm_core.devices import bfloat16_is_faster, keep_freed_memory
from xtdm_core.errors import BadOption, BadWeights, TrainingStopped
from xtdm_core.files import atomic_write, sweep_orphans, writing_failed
from xtdm_core.models import ModelSpec, build_network
from xtdm_core.models.checkpoints import find_weights, load_checkpoint, save_checkpoint
from xtdm_core.models.growth import grow
from xtdm_core.progress import Cancelled, Progress, Report, Stage, silent
from xtdm_core.train.config import Augmentation, TrainConfig
from xtdm_core.train.distributed import Group, process_group
from xtdm_core.train.losses import demosaic_losses
from xtdm_core.train.material import load_material
from xtdm_core.train.optimizers import Optimizers, decay_start, learning_share
from xtdm_core.train.patches import PatchSampler
from xtdm_core.train.presets import as_plain
from xtdm_core.train.run_log import BEST, LOG, PREVIEWS, STATE, read_log
from xtdm_core.train.run_log import judged as judged_by
from xtdm_core.train.signals import stop_requested
from xtdm_core.train.validation import Sample, save_previews, validate, validation_samples

_LOG = logging.getLogger(__name__)
_CONSTANT = "constant.pt"  # the state before the learning rate begins to fall
_SAVE_EVERY_S = 120.0
_BLIND_NOISY, _BLIND_NOISE_A = 0.4, 4e-4


def train(config: TrainConfig, report: Report = silent) -> Path:
    """Train, or continue from ``out/last.pt``; returns the path of the best weights.

    ``out`` receives ``last.pt`` (the whole state), ``best.safetensors`` (moving average of the weights, best on
    the pictures set aside), ``log.jsonl`` (a line for each validation), ``previews``, and ``torture.npz`` (the
    patterns, where they are drawn). Ctrl-C, a termination and a report that raises Cancelled end the run with its
    state saved, by raising Cancelled. Under ``torchrun`` the processes share the work. Raises BadOption, BadImage,
    DeviceUnavailable, BadWeights, WriteFailed, and TrainingStopped when the loss is no longer a number or fine-tuning
    makes the network forget.
    """
    _check(config)
    _prepare_folder(config)
    with process_group(config.device) as group, stop_requested() as asked:
        report = report if group.leads else silent
        run = _Run(config, group, _until(asked, report))
        saved_at = time.monotonic()
        try:
            if run.step == 0:
                run.save()  # what comes from now on belongs to a run that can go on
            if run.step == 0 and config.fine_tuning.start is not None:
                run.validate()
            while run.step < config.steps:
                report(Progress(Stage.TRAINING, run.step, config.steps, run.figures()))
                if group.any(asked()):
                    raise Cancelled
                if run.step == decay_start(config):
                    run.save(_CONSTANT)
                run.train_step()
                if run.validation_due():
                    run.validate()
                if time.monotonic() - saved_at > _SAVE_EVERY_S:
                    run.save()
                    saved_at = time.monotonic()
        except (Cancelled, KeyboardInterrupt):
            run.save()
            raise
        run.save()
        report(Progress(Stage.TRAINING, run.step, config.steps, run.figures()))
        group.wait()  # the others return a path that the leader has written
        return run.best_path


def _until(asked: Callable[[], bool], report: Report) -> Report:
    """A report that raises Cancelled once a stop was asked for: drawing and reading material takes minutes."""

    def report_or_stop(progress: Progress) -> None:
        if asked():
            raise Cancelled
        report(progress)

    return report_or_stop


class _Run:
    """The state of a training run: everything that is saved and resumed."""

    def __init__(self, config: TrainConfig, group: Group, report: Report) -> None:
        if group.device.type == "cpu":
            keep_freed_memory()
        torch.manual_seed(config.seed)
        net, self.spec = _first_weights(config)
        self.config, self.group, self.report = config, group, report
        self.balanced = self.spec.is_balanced
        material = load_material(config, report)
        self.takes_noise = bool(getattr(net, "takes_noise", False))
        augmentation = config.augmentation if self.takes_noise else _low_iso(config.augmentation)
        self.sampler = PatchSampler(
            material.training, config.patch, augmentation, self.balanced, config.seed, group.device
        )
        net = net.to(group.device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = deepcopy(net).eval().requires_grad_(False)
        self.net = _learning(net, keep_statistics=config.fine_tuning.start is not None)
        self.shared = group.wrapped(self.net)
        self.optimizers = Optimizers(net, config)
        self.bfloat16 = bfloat16_is_faster(group.device, training=True)
        self.samples: list[Sample] = validation_samples(material.held_out, int(net.stride), self.balanced, group.device)
        # Checkpoints are judged by the first source.
        self.judge = material.held_out[0].name
        self.step, self.seconds, self.loss = 0, 0.0, math.nan
        self.best_db, self.start_db = -math.inf, -math.inf
        self.scores: dict[str, float] = {}
        self.best_path = config.out / BEST
        self._resume()

    def figures(self) -> dict[str, float]:
        """What progress tells: the smoothed loss, and the last validation."""
        return {"loss": self.loss, **self.scores}

    def train_step(self) -> None:
        """One batch: forward, backward, optimizer, moving average."""
        started = time.monotonic()
        config, group = self.config, self.group
        batch = self.sampler.batch(config.batch * group.size, group.part(config.batch))
        seen = (batch.seen, batch.noise) if self.takes_noise else (batch.seen,)
        with torch.autocast(group.device.type, torch.bfloat16, enabled=self.bfloat16):
            rgb = self.shared(*seen)
        inner = slice(config.margin, config.patch - config.margin)
        losses = demosaic_losses(rgb.float()[..., inner, inner], batch.truth[..., inner, inner], config.losses)
        losses.mean().backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), config.gradient_clip)
        self.optimizers.step(learning_share(config, self.step))
        self.step += 1
        # A young average must not remember the random start; trained weights are worth remembering.
        young = config.fine_tuning.start is None
        _update_average(self.average, self.net, min(config.ema, (1 + self.step) / (10 + self.step) if young else 1.0))
        self._smooth_loss(losses.detach())
        self.seconds += time.monotonic() - started

    def _smooth_loss(self, losses: Tensor) -> None:
        if self.step % 20 == 0 or self.validation_due():
            loss = float(self.group.gather(losses).mean())
            self._check_finite(loss)
            self.loss = loss if math.isnan(self.loss) else 0.95 * self.loss + 0.05 * loss

    def validation_due(self) -> bool:
        """Whether this step is followed by a validation."""
        return self.step % self.config.validate_every == 0 or self.step == self.config.steps

    def _check_finite(self, value: float) -> None:
        if not math.isfinite(value):
            raise TrainingStopped(f"the loss is no longer a number at step {self.step}: lower the learning rate")

    def validate(self) -> None:
        """Measures the averaged weights on what was set aside; the best so far are kept, and forgetting is noticed."""
        self.scores = validate(self.average, self.samples, self.balanced)
        judged = judged_by(self.scores, self.judge)
        self._check_finite(judged)
        if self.step == 0:
            self.start_db = judged
        if not self.group.leads:
            return
        line = {"step": self.step, "loss": self.loss, **self.scores, "seconds": self.seconds}
        finite = {name: round(value, 6) for name, value in line.items() if math.isfinite(value)}
        with (self.config.out / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(finite) + "\n")
        previews = self.config.out / PREVIEWS
        save_previews(previews / f"step_{self.step:07}.png", self.average, self.samples, self.balanced)
        if judged > self.best_db:
            self.best_db = judged
            halo = measure_halo(self.average)
            save_checkpoint(self.best_path, self.average, self.spec, self.record(), halo)
        self._guard(judged)

    def _guard(self, judged: float) -> None:
        fall = self.start_db - judged
        if fall > self.config.fine_tuning.guard_db:
            self.save()
            raise TrainingStopped(
                f"stopped at step {self.step}: on the {self.judge} set aside the network has lost {fall:.2f} dB since "
                f"the start; {self.best_path} holds the best weights. Lower the learning rate, or rehearse more"
            )

    def record(self) -> dict[str, object]:
        """How the weights were made, for the checkpoint; of the start its name alone."""
        tuning = self.config.fine_tuning
        named = replace(tuning, start=Path(tuning.start).name if tuning.start else None)
        return {
            "program": f"XTDM {__version__}",
            "torch": torch.__version__,
            "step": self.step,
            "scores": {name: round(value, 3) for name, value in self.scores.items()},
            "training_seconds": round(self.seconds),
            "processes": self.group.size,
            "config": as_plain(replace(self.config, model=self.spec, fine_tuning=named)),
        }

    def save(self, name: str = STATE) -> None:
        """Writes the whole state to a file in ``out``, at once or not at all."""
        if not self.group.leads:
            return
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizers": self.optimizers.state_dict(),
            "generator": self.sampler.generator.get_state(),
            "numbers": [self.step, self.seconds, self.loss, self.best_db, self.start_db],
            "scores": self.scores,
            "decay_start": decay_start(self.config),
        }
        with atomic_write(self.config.out / name, overwrite=True) as partial, partial.open("wb") as file:
            _store(state, file)

    def _resume(self) -> None:
        """Takes up the state of ``last.pt`` where there is one. Raises BadWeights when it does not fit.

        A run whose learning rate has begun to fall, and which is now to end elsewhere, goes back to ``constant.pt``.
        """
        path = self.config.out / STATE
        if not path.exists():
            return
        self._load(path)
        constant, best_db = path.with_name(_CONSTANT), self.best_db
        if self.step > self._fell_from != decay_start(self.config) and constant.exists():
            self._load(constant)
            self.best_db = best_db
        self._forget_later_lines()

    def _load(self, path: Path) -> None:
        try:
            state = torch.load(path, map_location=self.group.device, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.optimizers.load_state_dict(state["optimizers"])
            self.sampler.generator.set_state(state["generator"].cpu())
            self.step, self.seconds, self.loss, self.best_db, self.start_db = state["numbers"]
            self.scores, self._fell_from = state["scores"], state["decay_start"]
        except Exception as error:
            reason = "holds no training state that fits these settings: choose another output folder"
            raise BadWeights(path, reason) from error

    def _forget_later_lines(self) -> None:
        """A run that was killed may have logged steps that it will do again."""
        log = self.config.out / LOG
        if self.group.leads and log.exists():
            # The validation before the first step is done again, too.
            kept = [line for line, figures in read_log(log) if figures["step"] <= self.step > 0]
            with atomic_write(log, overwrite=True) as partial:
                partial.write_text("".join(line + "\n" for line in kept), encoding="utf-8")


def _check(config: TrainConfig) -> None:
    if config.patch % 6 or config.margin % 6 or config.patch <= 4 * config.margin:
        raise BadOption(f"patch {config.patch}: give a multiple of 6 above {4 * config.margin}")
    if config.steps < 1 or config.batch < 1 or config.validate_every < 1 or config.held_out < 2:
        raise BadOption("steps, batch and validate_every must be at least 1, held_out at least 2")
    if not 0 <= config.decay < 1 or not 0 <= config.fine_tuning.rehearsal < 1:
        raise BadOption("decay and rehearsal are shares: give numbers from 0 to below 1")
    if config.optimizer not in ("muon", "adamw"):
        raise BadOption(f"there is no optimizer {config.optimizer!r}: choose muon or adamw")
    rates = config.learning_rate, config.gradient_clip, config.weight_decay
    if not all(map(math.isfinite, rates)) or min(rates[:2]) <= 0 or rates[2] < 0:
        raise BadOption("learning_rate and gradient_clip must be above 0, weight_decay 0 or more")
    if not 0 <= config.seed < 1 << 63:
        raise BadOption(f"seed {config.seed}: give a whole number from 0 on, below 2^63")


def _prepare_folder(config: TrainConfig) -> None:
    try:
        (config.out / PREVIEWS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise writing_failed(config.out, error) from error
    for folder in (config.out, config.out / PREVIEWS):
        sweep_orphans(folder)
    if not (config.out / STATE).exists():
        own = [config.out / name for name in (BEST, LOG, _CONSTANT)]
        for path in (*own, *(config.out / PREVIEWS).iterdir()):
            if path.exists():
                raise BadOption(
                    f"{path} does not belong to a run that can be continued: move it away or choose another folder"
                )


def _store(state: dict[str, object], file: IO[bytes]) -> None:
    try:
        torch.save(state, file)
    except RuntimeError as error:
        if isinstance(error.__context__, OSError):  # such as a full disk, which torch tells in its own words
            raise error.__context__ from error
        raise


def _first_weights(config: TrainConfig) -> tuple[nn.Module, ModelSpec]:
    """Random weights, or those of the checkpoint to start from, grown where the settings ask for more."""
    start, spec = config.fine_tuning.start, config.model
    if start is None:
        spec = spec or ModelSpec("packed")
        net = build_network(spec)
    else:
        path = find_weights(start)
        checkpoint = load_checkpoint(path, spec.input_wb if spec else None)
        for note in (*checkpoint.notes, *balance_warnings(checkpoint, path.name)):
            _LOG.warning("%s", note)
        spec = spec or checkpoint.spec
        net = grow(checkpoint.net, spec)
    if config.patch % int(net.stride):  # type: ignore[arg-type]
        raise BadOption(f"patch {config.patch}: this network wants a multiple of {net.stride}")
    return net, spec


def _learning(net: nn.Module, keep_statistics: bool) -> nn.Module:
    """The network in training mode; BatchNorm that is to keep its statistics stays as it is in use.

    Fine-tuned with the statistics of each batch a network is another one in use than in training: decibels and the
    6x6 grid pay for it (docs/experiments.md).
    """
    net.train()
    for module in net.modules():
        if keep_statistics and isinstance(module, nn.BatchNorm2d):
            module.eval()
    return net


def _low_iso(augmentation: Augmentation) -> Augmentation:
    """At most the noise of low ISO: a network that does not take the noise learns from much of it to blur."""
    low, high = augmentation.noise_a
    noise_a = (min(low, _BLIND_NOISE_A), min(high, _BLIND_NOISE_A))
    return replace(augmentation, noisy=min(augmentation.noisy, _BLIND_NOISY), noise_a=noise_a)


@torch.no_grad()
def _update_average(average: nn.Module, net: nn.Module, decay: float) -> None:
    torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1 - decay)
    for kept, now in zip(average.buffers(), net.buffers(), strict=True):
        kept.copy_(now)
