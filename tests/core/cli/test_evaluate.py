"""``xtdm evaluate`` and ``xtdm ab`` as a user meets them."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xtdm_core.assets import asset
from xtdm_core.cli import main
from xtdm_core.demosaic.network import Demosaicer
from xtdm_core.develop.color import srgb_encode
from xtdm_core.evaluation import pictures
from xtdm_core.evaluation.patterns import pattern_kinds
from xtdm_core.frame import Noise


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    picture = (srgb_encode(pattern_kinds()["edges slanted"](1)) * 255).round().astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "in" / "a.png")
    return tmp_path / "in"


def called(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of ``xtdm words`` in this process."""
    monkeypatch.setattr(sys, "argv", ["xtdm", *words])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def events(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line["event"] == name]


def test_evaluate_scores_network_and_libraw(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pictures, "NOISES", (Noise(1.6e-4, 1.6e-7), Noise(1e-3, 1e-6)))
    assert called(monkeypatch, "evaluate", str(folder), "--noise", "--json") == 0
    means = events(capsys, "mean")
    libraw = ["markesteijn3", "markesteijn1", "vng", "bilinear"]
    told = [] if not Demosaicer.load().takes_noise else ["fast, told x 0.7", "fast, told x 1.4"]
    assert [m["method"] for m in means] == ["fast", *libraw, *(2 * ["fast", *told, *libraw])]
    levels = [None] * 5 + [1.6e-4] * (5 + len(told)) + [1e-3] * (5 + len(told))
    assert [m["noise"] and m["noise"]["a"] for m in means] == levels
    clean, noisy = means[0], means[5]
    assert clean["psnr_db"] > noisy["psnr_db"] > 20
    assert means[1]["grid_ratio"] == 1
    twice = ["--weights", "fast", "--weights", str(asset("weights/fast.safetensors"))]
    assert called(monkeypatch, "evaluate", str(folder), *twice) == 0
    assert capsys.readouterr().out.count(f"fast                  {clean['psnr_db']:.2f}") == 1


def test_evaluate_patterns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from xtdm_core.evaluation import patterns

    edges = {kind: paint for kind, paint in patterns.pattern_kinds().items() if kind.startswith("edges")}
    monkeypatch.setattr(patterns, "pattern_kinds", lambda: edges)
    assert called(monkeypatch, "evaluate", "--patterns", "--count", "2", "--json") == 0
    rows = events(capsys, "pattern")
    assert len(rows) == 2 * 4
    assert {row["method"] for row in rows} == {"markesteijn3", "fast"}
    assert called(monkeypatch, "evaluate", "--patterns", "--count", "2") == 0
    table = capsys.readouterr().out
    slanted = next(line for line in table.splitlines() if "edges slanted" in line)
    values = {row["method"]: row["psnr_db"] for row in rows if row["kind"] == "edges slanted"}
    assert f"{values['fast'] - values['markesteijn3']:+.2f}" in slanted
    assert "magenta" in table


@pytest.mark.parametrize("words", [(), ("--noise",), ("--weights", "speedy", "--patterns")])
def test_senseless_evaluations_are_sentences(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "evaluate", *words) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_ab_with_known_truth(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["ab", "markesteijn3", "bilinear", str(folder), "-o", str(tmp_path / "out")]
    assert called(monkeypatch, *words, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    one, mean, written = (next(e for e in lines if e["event"] == name) for name in ("compared", "mean", "written"))
    assert one["a"] == mean["a"]
    assert one["a"]["psnr_db"] > one["b"]["psnr_db"]
    assert mean["better_on"]["psnr_db"] == {"a": 1, "b": 0}
    assert Path(written["path"]).stat().st_size > 1000
    assert called(monkeypatch, *words) == 1
    assert "already" in capsys.readouterr().err
    assert called(monkeypatch, *words, "--overwrite") == 0
    assert f"{one['a']['psnr_db']:.2f}" in capsys.readouterr().out


def test_ab_takes_the_sample_where_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "ab", "vng", "bilinear") == 0
    out = capsys.readouterr().out
    assert "sample.RAF" in out
    assert "mean of" not in out


def test_ab_tells_bad_files_and_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.jpg").write_bytes(b"no picture")
    assert called(monkeypatch, "ab", "vng", "bilinear", str(folder)) == 1
    captured = capsys.readouterr()
    assert "a.png" in captured.out
    assert "bad.jpg" in captured.err
