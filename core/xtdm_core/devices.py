"""Where to compute: CUDA, Apple's MPS or the CPU."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING

from xtdm_core.errors import DeviceUnavailable

if TYPE_CHECKING:
    import torch

NAMES = ("auto", "cpu", "cuda", "mps")


# glibc's mallopt parameters, from malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8


def keep_freed_memory() -> None:
    """Lets glibc reuse big freed blocks instead of handing them back to the system.

    A network frees and takes megabytes at every layer; fresh pages are cleared by the system each time, which took
    up to ten times as long as the convolutions between. Kept blocks are of use only where all threads take from the
    same: with a heap per thread a window's memory grew by megabytes with every picture. So call it before the first
    thread starts. Other C libraries are left alone.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    if hasattr(libc, "gnu_get_libc_version"):
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
        libc.mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1)


def pick_device(name: str) -> torch.device:
    """The device called ``name``; "auto" takes CUDA, then MPS, then the CPU. Raises DeviceUnavailable."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, available in there.items() if available)
    if not there.get(name, False):
        raise DeviceUnavailable(f"this machine has no {name} device that PyTorch can use: choose --device cpu")
    return torch.device(name)


def describe_devices() -> list[str]:
    """The devices PyTorch can use here, the fastest first, in words."""
    import torch

    there = [f"cuda: {torch.cuda.get_device_name(i)}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        there.append("mps: Apple graphics")
    return [*there, f"cpu: {torch.get_num_threads()} threads"]


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is the faster arithmetic: on CUDA, and on CPUs with AVX-512 BF16 (elsewhere it is slow)."""
    import torch

    return device.type == "cuda" or (device.type == "cpu" and torch.cpu._is_avx512_bf16_supported())
