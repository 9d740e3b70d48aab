"""The dataset commands as a user meets them."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

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


def test_raws(raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "set"
    words = ["dataset", "raws", str(raf.parent), str(target)]
    assert called(monkeypatch, *words) == 0
    assert capsys.readouterr().out == f"{target}  1 written, 0 there already\n"
    (tmp_path / "broken.RAF").write_bytes(b"FUJIFILMCCD-RAW 0201FF129502")
    assert called(monkeypatch, *words) == 1
    shown = capsys.readouterr()
    assert "0 written, 1 there already, 1 could not be used" in shown.out
    assert shown.err.startswith("xtdm: could not be used: broken.RAF: ")
    assert len(shown.err.splitlines()) == 1
    assert called(monkeypatch, *words, "--json") == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events[-2:]] == ["failed", "done"]
    assert called(monkeypatch, "dataset", "raws", str(tmp_path / "none"), str(target)) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (300, 280), (90, 120, 60)).save(tmp_path / "in" / "a.jpg")
    Image.new("RGB", (30, 20)).save(tmp_path / "in" / "icon.png")
    words = ["dataset", "photos", str(tmp_path / "in"), str(tmp_path / "out")]
    assert called(monkeypatch, *words) == 0  # what is too small is no failure
    shown = capsys.readouterr()
    assert "1 written, 0 there already, 1 left out" in shown.out
    assert "left out: icon.png: is too small (30 x 20 px)" in shown.err
    assert called(monkeypatch, *words[:-1], str(tmp_path / "native"), "--factor", "1", "--json") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out.splitlines()[-1])["written"] == 1
    assert "0.8 dB" in shown.err
    assert called(monkeypatch, *words, "--factor", "none") == 1
    assert "makes no sense" in capsys.readouterr().err


def test_sharpness(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "sharpness", str(raf.parent), "--top", "3") == 0
    best = tmp_path / "top3_sharp.json"
    assert capsys.readouterr().out == f"{best}  1 scored, 0 there already\n"
    assert json.loads(best.read_text()) == [raf.name]
    words = ["sharpness", str(raf.parent), "-o", str(tmp_path / "lists"), "--json"]
    assert called(monkeypatch, *words) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (done["path"], done["written"]) == (str(tmp_path / "lists" / "top100_sharp.json"), 1)
    assert called(monkeypatch, "sharpness", str(tmp_path / "none")) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
