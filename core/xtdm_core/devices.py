"""Where to compute: CUDA, Apple's MPS or the CPU."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import platform
import sys
import time
from functools import cache
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING

from xtdm_core.choices import Device
from xtdm_core.errors import DeviceUnavailable, WriteFailed
from xtdm_core.files import atomic_write

if TYPE_CHECKING:
    import torch

# glibc's mallopt parameters, from malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_TORCH_BYTES = 576 << 20  # of addresses: 500 MiB are taken while torch loads, some by its first threads


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def keep_freed_memory() -> None:
    """Make glibc reuse big freed blocks instead of handing them back to the system.

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


def check_room_for_torch() -> None:
    """Call before torch is imported. Raises MemoryError where there is no room for it.

    Without room its libraries end the program, or wait for ever, in the middle of being loaded.
    """
    if "torch" in sys.modules:
        return
    try:
        mmap(-1, _TORCH_BYTES).close()
    except OSError as error:
        raise MemoryError from error


def import_torch_for_good() -> None:
    """Import torch, and look for garbage neither meanwhile nor in its modules later: that saves 0.4 s of 1.4.

    For programs that end soon: what is there already is never collected, either. Raises MemoryError.
    """
    if "torch" in sys.modules:
        return
    check_room_for_torch()
    gc.disable()
    try:
        import torch  # noqa: F401
    finally:
        gc.enable()
    gc.freeze()


def spare_cores(count: int) -> None:
    """Let torch compute on all cores but ``count``, one at least, from the next layer on; none where it is not loaded.

    Its threads wait for each other at every layer: one that shares its core with other work holds up all.
    """
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(max(_threads_of_torch() - count, 1))


@cache
def _threads_of_torch() -> int:
    """As many as torch takes when nobody says otherwise."""
    import torch

    return torch.get_num_threads()


def pick_device(name: str) -> torch.device:
    """The device called ``name``; "auto" takes CUDA, then MPS, then the CPU. Raises DeviceUnavailable, MemoryError."""
    check_room_for_torch()
    import torch

    there: dict[str, bool] = {
        Device.CUDA: torch.cuda.is_available(),
        Device.MPS: torch.backends.mps.is_available(),
        Device.CPU: True,
    }
    if name == Device.AUTO:
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


def bfloat16_is_faster(device: torch.device, training: bool = False) -> bool:
    """Whether networks are faster in bfloat16 than in float32: on CUDA always, on CPUs by measurement.

    A processor's AVX-512 BF16 says nothing about speed: some take half the time with it, others 1.7 times as long. So
    both are timed once, which takes a moment, and the answer is kept in the user's cache folder. CPUs without it are
    known to be slow.

    training  measure the way back too
    """
    import torch

    if device.type != "cpu":
        return device.type == "cuda"
    if not torch.cpu._is_avx512_bf16_supported():
        return False
    key = f"{_processor()}, torch {torch.__version__}, {torch.get_num_threads()} threads" + ", training" * training
    known = _read_measured()
    if key not in known:
        known[key] = _seconds(torch.bfloat16, training) < _seconds(torch.float32, training)
        _write_measured(known)
    return known[key]


def _seconds(dtype: torch.dtype, training: bool) -> float:
    """The shortest of a few runs of three convolutions as the shipped networks have them."""
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):  # the caller's random numbers stay as they are
        layers = nn.Sequential(*(nn.Conv2d(48, 48, 3, padding=1, bias=False) for _ in range(3)))
    layers = layers.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    tile = torch.ones(1, 48, 192, 192).contiguous(memory_format=torch.channels_last)
    times = []
    for _ in range(6):
        started = time.perf_counter()
        with torch.set_grad_enabled(training), torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
            result = layers(tile)
        if training:
            result.float().mean().backward()
        times.append(time.perf_counter() - started)
    return min(times)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def _measured() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("xtdm", appauthor=False) / "bfloat16.json"


def _read_measured() -> dict[str, bool]:
    try:
        known = json.loads(_measured().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write_measured(known: dict[str, bool]) -> None:
    try:
        with atomic_write(_measured(), overwrite=True) as partial:
            partial.write_text(json.dumps(known, indent=1), encoding="utf-8")
    except WriteFailed:
        pass  # measured again the next time
