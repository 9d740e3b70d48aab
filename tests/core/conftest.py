"""Made raw files that several tests share."""

import struct
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.frame import CaptureInfo
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf

INFO = CaptureInfo("FUJIFILM", "X-T1", "XF35mmF1.4 R", 1 / 250, 5.6, 400, 35.0, "2026:01:02 03:04:05")


def textured(height: int = 606, width: int = 612, seed: int = 0) -> np.ndarray:
    """Camera RGB f32 [H, W, 3]: smooth colours with detail on top, between 0 and 1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 40
    base = np.stack([np.sin(x + 1), np.sin(y), np.sin(x + y)], -1) * 0.2 + 0.5
    return np.clip(base + rng.normal(0, 0.05, (height, width, 1)), 0.01, 0.99).astype(np.float32)


def libraw_repeats(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether two runs of LibRaw agree as far as they ever do: its threads race at its tiles' borders."""
    return first.shape == second.shape and float(np.mean(first != second)) < 0.02


@pytest.fixture
def raf(tmp_path: Path) -> Path:
    """An ordinary simulated RAF."""
    path = tmp_path / "made.RAF"
    write_raf(path, simulate_frame(textured(), SensorModel(info=INFO)))
    return path


def replace_tag(data: bytes, tag: int, new_tag: int) -> bytes:
    """A RAF in which one directory record has another tag number."""
    at, size = struct.unpack_from(">2I", data, 92)
    directory = data[at : at + size]
    position = directory.index(struct.pack(">H", tag), 4)
    return data[: at + position] + struct.pack(">H", new_tag) + data[at + position + 2 :]
