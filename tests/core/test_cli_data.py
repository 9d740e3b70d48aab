"""The dataset commands as a user meets them."""

import json
import sys
from pathlib import Path

import pytest

from xtdm_core.cli import main


def called(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of ``xtdm words`` in this process."""
    monkeypatch.setattr(sys, "argv", ["xtdm", *words])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_torture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["dataset", "torture", str(tmp_path), "--count", "3", "--size", "48"]
    assert called(monkeypatch, *words) == 0
    assert "3 written, 0 there already" in capsys.readouterr().out
    assert called(monkeypatch, *words, "--json") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[0]["event"] == "progress"
    done = {"event": "done", "path": str(tmp_path), "written": 0, "skipped": 3, "failed": 0, "left_out": 0}
    assert events[-1] == done
    assert called(monkeypatch, *words, "--seed", "9") == 1
    assert "choose another folder" in capsys.readouterr().err
