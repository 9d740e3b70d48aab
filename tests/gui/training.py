"""An engine that trains nothing: the names of the folders decide what it does."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.train import form
from xtdm_gui.train.panel import TrainPanel

LEFT = Qt.MouseButton.LeftButton

_FAKE = r"""
import json, os, pathlib, signal, sys, time

say = lambda **words: print(json.dumps(words), flush=True)
words = sys.argv[1:]
after = lambda option: words[words.index(option) + 1]

def train():
    out, steps = pathlib.Path(after("--output")), int(after("--steps"))
    name = out.name
    (out / "words.json").write_text(json.dumps(words))
    (out / "previews").mkdir(exist_ok=True)
    state, stopped = out / "last.pt", []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append("deaf" not in name))
    say(event="progress", stage="reading photographs", done=1, total=4)
    if "error" in name:
        print("Traceback: somewhere\nxtdm: the loss is no longer a number", file=sys.stderr, flush=True)
        sys.exit(1)
    scores = {}
    for step in range(int(state.read_text()) if state.exists() else 0, steps + 1):
        if step % 10 == 0 and (step or "tuned" in name):
            gain = -bool(step) if "worse" in name else step / 10
            scores = {"psnr_photos_db": 30 + gain, "psnr_raws_db": 29 + step / 10, "grid_photos": 5 / (step or 1)}
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps({"step": step, "loss": 1 / (step or 1), "linear_photos_db": 1.0, **scores}) + "\n")
            from PIL import Image
            from PIL.PngImagePlugin import PngInfo
            crops = PngInfo()
            crops.add_text("Crops", json.dumps([["raws", "a long name of a DSCF0001.RAF"], ["torture", "stripes"]]))
            picture = Image.new("RGB", (400, 384), (step * 5 % 256, 90, 90))
            picture.save(out / "previews" / f"step_{step:07}.png", pnginfo=crops)
            (out / "best.safetensors").touch()
        say(event="progress", stage="training", done=step, total=steps, loss=1 / (step + 1), **scores)
        if "garbage" in name:
            sys.stdout.buffer.write(b'{"event": "progr\n5\n\xff\xfe no words\n[1, 2]\n{"event": "progress"}\n')
            say(event="progress", stage="training", done=3, total=0, loss="much", psnr_photos_db=None)
        if "crash" in name and step == 15:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "early" in name and step == 15:
            sys.exit(0)
        while ("slow" in name or "deaf" in name) and step == 25 and not (out / "release").exists() and not any(stopped):
            time.sleep(0.005)
        if any(stopped):
            state.write_text(str(step))
            print("xtdm: cancelled; nothing half-written is left", file=sys.stderr, flush=True)
            sys.exit(130)
    state.write_text(str(steps))
    say(event="written", path=str(out / "best.safetensors"))

def dataset():
    target = pathlib.Path(words[-1])
    target.mkdir(parents=True, exist_ok=True)
    (target / "words.json").write_text(json.dumps(words))
    say(event="progress", stage="photographs", done=1, total=4)
    while "slow" in target.name:
        time.sleep(0.005)
    if "error" in target.name:
        print("xtdm: holds no pictures", file=sys.stderr, flush=True)
        sys.exit(1)
    say(event="left_out", source="small.png", reason="is too small")
    broken = "partly" in target.name
    if broken:
        say(event="failed", source="broken.png", reason="is damaged")
    say(event="done", path=str(target), written=3, skipped=0, failed=int(broken), left_out=1)
    sys.exit(int(broken))

{"train": train, "dataset": dataset}[words[0]]()
"""


def fake_engine(folder: Path) -> list[str]:
    """Its command. A run called "slow" waits at step 25 for a file ``release``; "deaf" ones do not stop either.

    "tuned" ones are measured before their first step, and get better unless they are "worse".
    "crash", "early" and "error" end badly, "garbage" says what no engine would; so do data sets, "slow" or
    "error"; of "partly" built ones a source is broken, which is status 1.
    """
    script = folder / "fake_engine.py"
    script.write_text(_FAKE)
    return [sys.executable, str(script)]


def move_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs and data sets go that are given no other place."""
    for module in (form, sys.modules[TrainPanel.__module__], sys.modules["xtdm_gui.train.dataset_dialog"]):
        monkeypatch.setattr(module, "data_home", lambda: home)
    return home


def open_panel(qtbot, tmp_path: Path, network: CurrentNetwork | None = None) -> Iterator[TrainPanel]:
    """A panel with a fake engine, for a fixture; nothing of it may be left in the end."""
    before = set(map(id, QApplication.topLevelWidgets()))
    panel = TrainPanel(network or CurrentNetwork(), command=fake_engine(tmp_path))
    qtbot.addWidget(panel)
    panel.resize(360, 800)
    panel.show()
    yield panel
    panel.close()
    assert not panel.busy()
    assert not processes(panel)
    left = [w for w in QApplication.topLevelWidgets() if id(w) not in before and w.isVisible()]
    assert left == []


def processes(panel: TrainPanel) -> list[QProcess]:
    return [p for p in panel.findChildren(QProcess) if p.state() != QProcess.ProcessState.NotRunning]


def prepare(panel: TrainPanel, folder: Path, name: str, steps: int = 40) -> Path:
    photos = folder / "photos"
    photos.mkdir(exist_ok=True)
    panel.form.photos.edit.setText(str(photos))
    panel.form.steps.setValue(steps)
    panel.form.out.edit.setText(str(folder / name))
    return folder / name


def begin(qtbot, panel: TrainPanel, folder: Path, name: str, steps: int = 40) -> Path:
    out = prepare(panel, folder, name, steps)
    qtbot.mouseClick(panel.go, LEFT)
    return out


def until_ended(qtbot, panel: TrainPanel) -> None:
    qtbot.waitUntil(lambda: not panel.busy(), timeout=20_000)


def until_step(qtbot, panel: TrainPanel, step: int) -> None:
    qtbot.waitUntil(lambda: panel.bar.text().startswith(f"step {step} "), timeout=20_000)


def choose(combo: QComboBox, key: str) -> None:
    """As with the keyboard: up or down until it is there."""
    while combo.currentData() != key:
        down = combo.findData(key) > combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
