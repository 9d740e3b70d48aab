"""What the experiments measured: a line of JSON for each network, so that tables and plots can join several runs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

Figures = Mapping[str, float]
Found = dict[str, list[dict[str, float]]]


def note(path: Path, name: str, seed: int, figures: Figures) -> None:
    """Appends a network's figures to the file, and prints them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rounded = {key: round(value, 4) for key, value in figures.items()}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, "seed": seed, **rounded}, ensure_ascii=False) + "\n")
    told = "  ".join(f"{key} {value:.3f}" for key, value in rounded.items())
    print(f"seed {seed}  {name:45} {told}", flush=True)


def read(path: Path) -> Found:
    """The figures of each seed by the name of the network, in the order of the file."""
    found: Found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        found.setdefault(values.pop("name"), []).append(values)
    return found


def table(found: Found, columns: Mapping[str, str], decimals: int = 2) -> str:
    """Markdown: the mean over the seeds, with the least and the greatest. ``columns`` has headings by key."""
    lines = [f"| | {' | '.join(columns.values())} |", "|---" * (len(columns) + 1) + "|"]
    for name, seeds in found.items():
        cells = (spread([seed[key] for seed in seeds], decimals) for key in columns)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def spread(values: Iterable[float], decimals: int) -> str:
    """The mean, and where there are several (the least to the greatest)."""
    known = list(values)
    mean = f"{sum(known) / len(known):.{decimals}f}"
    return mean if len(known) == 1 else f"{mean} ({min(known):.{decimals}f} to {max(known):.{decimals}f})"


def parser(description: str | None, default: str) -> argparse.ArgumentParser:
    """The options that all experiments have; ``default`` is the name of the file of results."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("photos", type=Path, help="folder of photographs to learn from")
    made.add_argument("tests", type=Path, help="folder of photographs to be judged by")
    made.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    made.add_argument("--results", type=Path, default=Path(__file__).parent / "results" / default, help="JSON Lines")
    return made
