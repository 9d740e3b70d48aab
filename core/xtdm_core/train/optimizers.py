"""What turns gradients into steps, and how large the steps are along a run."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from xtdm_core.train.config import TrainConfig

# Beside Muon's rate, that of what Muon does not train.
_ADAM_SHARE = 0.4


class Optimizers:
    """Muon for 3x3 kernels, AdamW for all other weights; or AdamW for all.

    Muon (Jordan et al. 2024) makes the momentum of a matrix nearly orthogonal before it is taken as the step. A kernel
    [out, in, 3, 3] is the matrix [out, 9 in]; its update is scaled to the size of AdamW's (Liu et al. 2025, "Muon is
    scalable for LLM training").
    """

    def __init__(self, net: nn.Module, config: TrainConfig) -> None:
        parameters = list(net.parameters())
        self._kernels = [p for p in parameters if config.optimizer == "muon" and p.shape[2:] == (3, 3)]
        # torch's Muon takes matrices: these share their memory with the kernels.
        self._matrices = [nn.Parameter(_matrix(kernel.data)) for kernel in self._kernels]
        known = {id(kernel) for kernel in self._kernels}
        rest = [p for p in parameters if id(p) not in known]
        self._parts: list[torch.optim.Optimizer] = []
        rate, decay = config.learning_rate, config.weight_decay
        if self._matrices:
            self._parts.append(
                torch.optim.Muon(self._matrices, rate, decay, momentum=0.95, adjust_lr_fn="match_rms_adamw")
            )
            rate *= _ADAM_SHARE
        if rest:
            self._parts.append(torch.optim.AdamW(rest, rate, weight_decay=decay))
        self._rates = [part.param_groups[0]["lr"] for part in self._parts]
        self._parameters = parameters

    def step(self, share: float) -> None:
        """Takes a step with ``share`` of the learning rates and forgets the gradients."""
        for kernel, matrix in zip(self._kernels, self._matrices, strict=True):
            matrix.grad = None if kernel.grad is None else _matrix(kernel.grad)
        for part, rate in zip(self._parts, self._rates, strict=True):
            part.param_groups[0]["lr"] = share * rate
            part.step()
        for parameter in self._parameters:
            parameter.grad = None

    def state_dict(self) -> list[dict[str, Any]]:
        """What ``load_state_dict`` takes."""
        return [part.state_dict() for part in self._parts]

    def load_state_dict(self, state: list[dict[str, Any]]) -> None:
        """Takes up a state. Raises ValueError where it is of other optimizers."""
        for part, own in zip(self._parts, state, strict=True):
            part.load_state_dict(own)


def learning_share(config: TrainConfig, step: int) -> float:
    """The share of the learning rate at ``step``: a linear warm-up, then 1, then 1 - sqrt(t) over the last part.

    Until it falls nothing depends on where the run ends, so it can be extended (Hägele et al. 2024, "Scaling laws and
    compute-optimal training beyond fixed training durations").
    """
    warm = min(1.0, (step + 1) / max(1, config.warmup_steps))
    start = decay_start(config)
    if step < start:
        return warm
    return warm * (1 - ((step - start) / (config.steps - start)) ** 0.5)


def decay_start(config: TrainConfig) -> int:
    """The step at which the learning rate begins to fall."""
    return round(config.steps * (1 - config.decay))


def _matrix(kernel: Tensor) -> Tensor:
    """A kernel [out, in, 3, 3] as [out, 9 in], sharing its memory in whatever format that lies."""
    if kernel.is_contiguous(memory_format=torch.channels_last):
        kernel = kernel.permute(0, 2, 3, 1)
    return kernel.view(kernel.shape[0], -1)
