"""Where Qt cannot be imported, window tests skip by name, or fail where they are required."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_window_tests(folder: Path, required: str) -> subprocess.CompletedProcess[str]:
    (folder / "PySide6").mkdir()
    reason = "libEGL.so.1: cannot open shared object file"
    (folder / "PySide6" / "__init__.py").write_text(f"raise ImportError({reason!r})")
    env = {**os.environ, "PYTHONPATH": str(folder), "XTDM_REQUIRE_QT": required}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/gui/window/test_main_window.py"]
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, check=False)


def test_window_tests_skip_and_name_the_packages(tmp_path: Path) -> None:
    done = run_window_tests(tmp_path, required="")
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "1 skipped" in done.stdout
    assert "libegl1" in done.stdout


def test_required_window_tests_fail(tmp_path: Path) -> None:
    done = run_window_tests(tmp_path, required="1")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "libegl1" in done.stderr
