"""Trains a demosaicing network: one loop, read top-down."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from xtdm_core import __version__
from xtdm_core.color import srgb_decode
from xtdm_core.data.images import read_folder
from xtdm_core.data.patches import PatchSampler
from xtdm_core.data.synthetic import synthetic_images
from xtdm_core.demosaic import measure_halo
from xtdm_core.devices import pick_device
from xtdm_core.errors import BadOption, BadWeights
from xtdm_core.frame import F32, U8
from xtdm_core.metrics import psnr_srgb
from xtdm_core.models import build
from xtdm_core.models.checkpoints import save_checkpoint
from xtdm_core.progress import Cancelled, Progress, Report, silent
from xtdm_core.train.config import TrainConfig
from xtdm_core.train.losses import demosaic_loss
from xtdm_core.xtrans import mosaic

_SYNTHETIC_IMAGES = 600
_VALIDATION_SIDE = 192
_SAVE_EVERY_S = 120.0


def train(config: TrainConfig, report: Report = silent) -> Path:
    """Trains, or goes on where ``out/last.pt`` stands, and returns the path of the best weights.

    ``out`` receives ``last.pt`` (the whole state), ``best.safetensors`` (moving average of the weights, best on
    the photographs set aside) and ``log.jsonl``. A report that raises Cancelled ends the run with its state saved.
    Raises BadOption, BadImage, DeviceUnavailable, BadWeights.
    """
    _check(config)
    device = pick_device(config.device)
    torch.manual_seed(config.seed)
    training, held_out = _photographs(config, report)
    synthetic = synthetic_images(_SYNTHETIC_IMAGES, config.seed)
    groups = [(1 - config.synthetic, training), (config.synthetic, synthetic)]
    sampler = PatchSampler(groups, config.patch, config.augmentation, config.seed, device)
    seen, truth = _validation_set(held_out, device)

    net: nn.Module = build(config.model).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = deepcopy(net).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(net.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    run = _Run(config, net, average, optimizer, sampler)
    run.resume()

    saved_at = time.monotonic()
    try:
        while run.step < config.steps:
            report(Progress("training", run.step, config.steps, {"loss": run.loss, "psnr_db": run.psnr_db}))
            for group in optimizer.param_groups:
                group["lr"] = _learning_rate(config, run.step)
            run.train_step()
            if run.step % config.validate_every == 0 or run.step == config.steps:
                run.validate(seen, truth)
            if time.monotonic() - saved_at > _SAVE_EVERY_S:
                run.save()
                saved_at = time.monotonic()
    except (Cancelled, KeyboardInterrupt):
        run.save()
        raise
    run.save()
    report(Progress("training", run.step, config.steps, {"loss": run.loss, "psnr_db": run.psnr_db}))
    return run.best_path


class _Run:
    """The state of a training run: everything that is saved and resumed."""

    def __init__(
        self,
        config: TrainConfig,
        net: nn.Module,
        average: nn.Module,
        optimizer: torch.optim.Optimizer,
        sampler: PatchSampler,
    ) -> None:
        self.config, self.net, self.average = config, net, average
        self.optimizer, self.sampler = optimizer, sampler
        self.step, self.seconds = 0, 0.0
        self.loss, self.psnr_db, self.best_db = math.nan, math.nan, -math.inf
        self.best_path = config.out / "best.safetensors"

    def train_step(self) -> None:
        """One batch: forward, backward, optimizer, moving average."""
        started = time.monotonic()
        config = self.config
        seen, truth = self.sampler.batch(config.batch)
        with torch.autocast(seen.device.type, torch.bfloat16, enabled=_has_bfloat16(seen.device)):
            rgb = self.net(seen)
        inner = slice(config.margin, config.patch - config.margin)
        inner_rgb, inner_truth = rgb.float()[..., inner, inner], truth[..., inner, inner]
        loss = demosaic_loss(inner_rgb, inner_truth, config.chroma_weight, config.linear_weight)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), config.gradient_clip)
        self.optimizer.step()
        self.step += 1
        # A young average must not remember the random start.
        decay = min(config.ema, (1 + self.step) / (10 + self.step))
        _update_average(self.average, self.net, decay)
        if self.step % 20 == 0:
            self._note_loss(float(loss.detach()))
        self.seconds += time.monotonic() - started

    def _note_loss(self, loss: float) -> None:
        self.loss = loss if math.isnan(self.loss) else 0.95 * self.loss + 0.05 * loss

    def validate(self, seen: Tensor, truth: Tensor) -> None:
        """PSNR of the averaged weights on the photographs set aside; the best weights so far are kept."""
        with torch.inference_mode():
            margin = self.config.margin * 2
            inner = slice(margin, _VALIDATION_SIDE - margin)
            values = [
                psnr_srgb(_picture(self.average(one[None])[0], inner), _picture(other, inner))
                for one, other in zip(seen, truth, strict=True)
            ]
        self.psnr_db = float(np.mean(values))
        line = {"step": self.step, "loss": self.loss, "psnr_db": self.psnr_db, "seconds": self.seconds}
        with (self.config.out / "log.jsonl").open("a") as log:
            log.write(json.dumps({key: round(value, 6) for key, value in line.items()}) + "\n")
        if self.psnr_db > self.best_db:
            self.best_db = self.psnr_db
            halo = measure_halo(self.average)
            save_checkpoint(self.best_path, self.average, self.config.model, self.record(), halo)

    def record(self) -> dict[str, object]:
        """How the weights were made, for the checkpoint."""
        settings = {**asdict(self.config), "photos": self.config.photos.name}
        settings.pop("out")
        return {
            "program": f"XTDM {__version__}",
            "torch": torch.__version__,
            "step": self.step,
            "held_out_psnr_db": round(self.psnr_db, 3),
            "training_seconds": round(self.seconds),
            "config": settings,
        }

    def save(self) -> None:
        """Writes the whole state to ``last.pt``, at once or not at all."""
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.sampler.generator.get_state(),
            "numbers": [self.step, self.seconds, self.loss, self.psnr_db, self.best_db],
        }
        partial = self.config.out / "last.pt.part"
        torch.save(state, partial)
        partial.replace(self.config.out / "last.pt")

    def resume(self) -> None:
        """Takes up the state of ``last.pt`` where there is one. Raises BadWeights when it does not fit."""
        path = self.config.out / "last.pt"
        if not path.exists():
            return
        try:
            state = torch.load(path, map_location=self.sampler.generator.device, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.sampler.generator.set_state(state["generator"].cpu())
            self.step, self.seconds, self.loss, self.psnr_db, self.best_db = state["numbers"]
        except Exception as error:
            reason = "holds no training state that fits these settings: choose another output folder"
            raise BadWeights(path, reason) from error


def _check(config: TrainConfig) -> None:
    if config.patch % 6 or config.patch <= 4 * config.margin:
        raise BadOption(f"patch {config.patch}: give a multiple of 6 above {4 * config.margin}")
    if config.steps < 1 or config.batch < 1:
        raise BadOption("steps and batch must be at least 1")
    try:
        config.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadOption(f"{config.out} cannot be made: {error.strerror}") from error


def _photographs(config: TrainConfig, report: Report) -> tuple[list[U8], list[U8]]:
    """(training, held out): pictures big enough for a patch, every so-many-th set aside."""
    images = [image for image in read_folder(config.photos, report) if min(image.shape[:2]) >= _VALIDATION_SIDE]
    if len(images) < 2:
        raise BadOption(f"{config.photos} holds fewer than two pictures of {_VALIDATION_SIDE} px or more a side")
    held_out = images[:: config.held_out]
    return [image for i, image in enumerate(images) if i % config.held_out], held_out


def _validation_set(images: Sequence[U8], device: torch.device) -> tuple[Tensor, Tensor]:
    """(mosaics [N, 1, S, S], truths [N, 3, S, S]): the middles of the pictures, linear, without noise."""
    seen, truth = [], []
    for image in images:
        top, left = ((side - _VALIDATION_SIDE) // 2 for side in image.shape[:2])
        crop = image[top : top + _VALIDATION_SIDE, left : left + _VALIDATION_SIDE]
        linear = srgb_decode(crop.astype(np.float32) / 255)
        seen.append(torch.from_numpy(mosaic(linear))[None])
        truth.append(torch.from_numpy(linear).permute(2, 0, 1))
    return torch.stack(seen).to(device), torch.stack(truth).to(device)


def _picture(rgb: Tensor, inner: slice) -> F32:
    """[3, H, W] on any device to f32 [h, w, 3], without its margin."""
    return np.ascontiguousarray(rgb[:, inner, inner].permute(1, 2, 0).cpu().numpy())


def _learning_rate(config: TrainConfig, step: int) -> float:
    """Linear warm-up, then a cosine down to zero."""
    warm = min(1.0, (step + 1) / config.warmup_steps)
    return config.learning_rate * warm * (1 + math.cos(math.pi * step / config.steps)) / 2


@torch.no_grad()
def _update_average(average: nn.Module, net: nn.Module, decay: float) -> None:
    for mean, value in zip(average.parameters(), net.parameters(), strict=True):
        mean.lerp_(value, 1 - decay)
    for kept, now in zip(average.buffers(), net.buffers(), strict=True):
        kept.copy_(now)


def _has_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is the faster arithmetic: on CUDA, and on CPUs with AVX-512 BF16 (elsewhere it is slow)."""
    return device.type == "cuda" or (device.type == "cpu" and torch.cpu._is_avx512_bf16_supported())
