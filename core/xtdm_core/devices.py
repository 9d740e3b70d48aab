"""Where to compute: CUDA, Apple's MPS or the CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xtdm_core.errors import DeviceUnavailable

if TYPE_CHECKING:
    import torch

NAMES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str) -> torch.device:
    """The device called ``name``; "auto" takes CUDA, then MPS, then the CPU. Raises DeviceUnavailable."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, available in there.items() if available)
    if not there.get(name, False):
        raise DeviceUnavailable(f"this machine has no {name} device that PyTorch can use: choose --device cpu")
    return torch.device(name)
