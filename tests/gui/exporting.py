"""A converter that converts nothing; the names of the files decide what it does."""

import sys
from pathlib import Path

from xtdm_core import files

FAKE = """
import json, os, pathlib, sys, time
for line in sys.stdin:
    order = json.loads(line)
    source = pathlib.Path(order["source"])
    with open(source.parent / "orders.txt", "a") as file:
        file.write(line)
    target = pathlib.Path(order["folder"], order["name"] + ".avif")
    partial = target.with_name(f"PREFIX-{source.stem}.xtdm-part")
    say = lambda **words: print(json.dumps(words), flush=True)
    say(event="progress", stage="demosaicing", done=1, total=2)
    if "slow" in source.name:
        partial.touch()
        while not (source.parent / "release").exists():
            time.sleep(0.005)
        partial.unlink()
    if "crash" in source.name and not (source.parent / "mended").exists():
        print("it hurt", file=sys.stderr, flush=True)
        os._exit(7)
    if "broken" in source.name:
        say(event="failed", reason="is damaged", details="Traceback: somewhere")
    elif "there" in source.name:
        say(event="skipped", path=str(target))
    else:
        target.touch()
        say(event="written", path=str(target), what="a fake", notes=["it is only a fake"])
"""


def fake_converter(folder: Path) -> list[str]:
    """Its command. "slow" files wait for a file ``release``, "crash" ones need ``mended``, "broken" ones fail."""
    script = folder / "fake.py"
    script.write_text(FAKE.replace("PREFIX", f"{files._PREFIX}{files._this_boot()}"))
    return [sys.executable, str(script)]
