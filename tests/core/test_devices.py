"""Which arithmetic is the faster one: measured once, and kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from xtdm_core import devices

CPU = torch.device("cpu")


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[torch.dtype, bool]]:
    """What was timed; bfloat16 is the slower one at first. The answer is kept in tmp_path/cache."""
    asked: list[tuple[torch.dtype, bool]] = []

    def seconds(dtype: torch.dtype, training: bool) -> float:
        asked.append((dtype, training))
        return {torch.bfloat16: 1.7, torch.float32: 1.0}[dtype]

    monkeypatch.setattr(devices, "_seconds", seconds)
    monkeypatch.setattr(devices, "_measured", lambda: tmp_path / "cache" / "bfloat16.json")
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True)
    return asked


def test_the_slower_arithmetic_is_not_taken_whatever_the_flag_says(timed: list[tuple[torch.dtype, bool]]) -> None:
    assert not devices.bfloat16_is_faster(CPU)
    assert [dtype for dtype, _ in timed] == [torch.bfloat16, torch.float32]


def test_it_is_measured_once(timed: list[tuple[torch.dtype, bool]], monkeypatch: pytest.MonkeyPatch) -> None:
    first = devices.bfloat16_is_faster(CPU)
    count = len(timed)
    assert devices.bfloat16_is_faster(CPU) == first
    assert len(timed) == count
    monkeypatch.setattr(devices, "_processor", lambda: "another")
    devices.bfloat16_is_faster(CPU)
    assert len(timed) == 2 * count


def test_training_is_measured_apart(timed: list[tuple[torch.dtype, bool]]) -> None:
    devices.bfloat16_is_faster(CPU)
    devices.bfloat16_is_faster(CPU, training=True)
    assert [training for _, training in timed] == [False, False, True, True]


def test_a_damaged_answer_is_measured_anew(timed: list[tuple[torch.dtype, bool]], tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "bfloat16.json").write_text("{")
    assert not devices.bfloat16_is_faster(CPU)
    assert timed


def test_without_the_flag_nothing_is_timed(
    timed: list[tuple[torch.dtype, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    assert not devices.bfloat16_is_faster(CPU)
    assert not timed


LIMITED = """
import resource, sys
import numpy as np
from xtdm_core import devices
from xtdm_core.develop import resampling
pages = int(open("/proc/self/statm").read().split()[0])
room = pages * resource.getpagesize() + (400 << 20)
resource.setrlimit(resource.RLIMIT_AS, (room, room))
for use in (
    lambda: devices.import_torch_for_good(),
    lambda: devices.pick_device("cpu"),
    lambda: resampling._between(np.zeros((1, 2, 2))),
):
    try:
        use()
    except MemoryError:
        print("told", "torch" in sys.modules)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of addresses are Linux's")
def test_torch_is_not_begun_where_it_has_no_room() -> None:
    """Its libraries would end the process, or wait for ever."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, "-c", LIMITED], env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("told False\n" * 3, 0)


def test_timing_leaves_random_numbers_alone() -> None:
    torch.manual_seed(3)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    devices._seconds(torch.float32, training=False)
    assert torch.equal(torch.rand(4), wanted)
