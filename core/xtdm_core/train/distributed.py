"""Processes that train together, as ``torchrun`` starts them; a single process is a group of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from xtdm_core.devices import pick_device
from xtdm_core.errors import BadOption


@dataclass(frozen=True, slots=True)
class Group:
    """This process's place: ``rank`` of ``size``, on ``device``."""

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this process writes files and reports."""
        return self.rank == 0

    def part(self, count: int) -> slice:
        """This process's patches of ``count`` for each process."""
        return slice(self.rank * count, (self.rank + 1) * count)

    def wrapped(self, net: nn.Module) -> nn.Module:
        """The network whose gradients are means over the group."""
        if self.size == 1:
            return net
        from torch.nn.parallel import DistributedDataParallel

        return DistributedDataParallel(net, gradient_as_bucket_view=True)

    def gather(self, values: Tensor) -> Tensor:
        """The values of all processes, in the order of their ranks."""
        if self.size == 1:
            return values
        parts = [torch.empty_like(values) for _ in range(self.size)]
        torch.distributed.all_gather(parts, values.contiguous())
        return torch.cat(parts)

    def any(self, flag: bool) -> bool:
        """Whether the flag is set in any process."""
        return flag if self.size == 1 else bool(self.gather(torch.tensor([flag], device=self.device).long()).any())

    def wait(self) -> None:
        """Returns when all processes have come here."""
        if self.size > 1:
            torch.distributed.barrier()


@contextmanager
def joined(device: str) -> Iterator[Group]:
    """The group that the environment tells of (RANK, WORLD_SIZE, LOCAL_RANK). Raises DeviceUnavailable, BadOption."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    place = pick_device(device)
    if size == 1:
        yield Group(0, 1, place)
        return
    if place.type == "mps":
        raise BadOption("several processes cannot share Apple's GPU: choose --device cpu, or start one process")
    if place.type == "cuda":
        place = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(place)
    torch.distributed.init_process_group("nccl" if place.type == "cuda" else "gloo")
    try:
        yield Group(int(os.environ["RANK"]), size, place)
    finally:
        torch.distributed.destroy_process_group()
