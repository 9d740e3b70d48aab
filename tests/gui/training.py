"""An engine that trains nothing: the names of the folders decide what it does."""

import sys
from pathlib import Path

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
        print("Traceback: somewhere\nxtdm: the loss is no number any more", file=sys.stderr, flush=True)
        sys.exit(1)
    scores = {}
    for step in range(int(state.read_text()) if state.exists() else 0, steps + 1):
        if step and step % 10 == 0:
            scores = {"psnr_photos_db": 30 + step / 10, "psnr_raws_db": 29 + step / 10, "grid_photos": 5 / step}
            with (out / "log.jsonl").open("a") as log:
                log.write(json.dumps({"step": step, "loss": 1 / step, "linear_photos_db": 1.0, **scores}) + "\n")
            from PIL import Image
            Image.new("RGB", (400, 384), (step * 5 % 256, 90, 90)).save(out / "previews" / f"step_{step:07}.png")
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
    say(event="done", path=str(target), written=3, skipped=0, failed=0, left_out=1)

{"train": train, "dataset": dataset}[words[0]]()
"""


def fake_engine(folder: Path) -> list[str]:
    """Its command. A run called "slow" waits at step 25 for a file ``release``; "deaf" ones do not stop either.

    "crash", "early" and "error" end badly, "garbage" says what no engine would; so do data sets, "slow" or "error".
    """
    script = folder / "fake_engine.py"
    script.write_text(_FAKE)
    return [sys.executable, str(script)]
