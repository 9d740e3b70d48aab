"""How the window finds the engine's command."""

import subprocess
import sys
from pathlib import Path

import pytest

from xtdm_core import __version__
from xtdm_gui.child_process import engine_command


def test_the_engine_runs_in_the_same_python() -> None:
    done = subprocess.run(engine_command("--version"), capture_output=True, text=True, check=True)
    assert __version__ in done.stdout


@pytest.mark.parametrize(("window", "engine"), [("xtdm-gui", "xtdm"), ("xtdm-gui.exe", "xtdm.exe")])
def test_a_frozen_window_takes_the_program_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, window: str, engine: str
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / window))
    assert engine_command("worker") == [str(tmp_path / engine), "worker"]
