"""Draws what the experiments measured.

    python -m experiments.plots experiments/results docs

Takes the files of results of ``grid_material``, ``grid_causes``, ``softness`` and ``forgetting``, and writes a small
PNG for each: means over the seeds, with lines from the least to the greatest.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from PIL import Image

from experiments.results import Found, read

mpl.use("Agg")
from matplotlib import pyplot as plt

_GREY, _STRONG = "#8a8f98", "#c2410c"
_DPI = 100
_COLOURS = 64  # of the file's palette: enough for flat colours and grey edges of letters


def bars(found: Found, key: str, strong: Sequence[str], title: str, label: str) -> Any:
    """A figure with a bar for each network; those that ``strong`` names stand out."""
    figure, axes = plt.subplots(figsize=(8, 0.36 * len(found) + 1.2), layout="constrained")
    for row, (name, seeds) in enumerate(found.items()):
        values = [seed[key] for seed in seeds]
        mean = sum(values) / len(values)
        axes.barh(row, mean, color=_STRONG if name in strong else _GREY)
        axes.plot([min(values), max(values)], [row, row], color="black", linewidth=1.5)
        axes.text(max(values), row, f" {mean:.2f}", va="center")
    axes.set_yticks(range(len(found)), list(found))
    axes.invert_yaxis()
    axes.set_xlabel(label)
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def plane(found: Found, keys: tuple[str, str], labels: tuple[str, str], title: str) -> Any:
    """A figure with a point for each network: the one figure across, the other up."""
    figure, axes = plt.subplots(figsize=(8, 4.6), layout="constrained")
    for number, (name, seeds) in enumerate(found.items(), start=1):
        across, up = ([seed[key] for seed in seeds] for key in keys)
        x, y = sum(across) / len(across), sum(up) / len(up)
        axes.plot([min(across), max(across)], [y, y], color=_GREY, linewidth=1)
        axes.plot([x, x], [min(up), max(up)], color=_GREY, linewidth=1)
        axes.plot(x, y, "o", color=_STRONG, label=f"{number}  {name}")
        axes.annotate(str(number), (x, y), xytext=(4, 4), textcoords="offset points")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, handlelength=0, markerscale=0)
    return figure


def write(figure: Any, path: Path) -> None:
    """A PNG with few colours."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=_DPI)
    plt.close(figure)
    Image.open(file).convert("RGB").quantize(_COLOURS).save(path, optimize=True)


def draw(results: Path, out: Path) -> None:
    """All four."""
    grid = "6×6 grid of the error on mosaics as the sensor gives them, 8-bit codes"
    material, causes = (read(results / f"{name}.jsonl") for name in ("grid_material", "grid_causes"))
    suspects = ("everything in", "mosaics unbalanced")
    write(
        bars(material, "grid_codes unbalanced", suspects, "What the training material does (linear estimator)", grid),
        out / "grid-material.png",
    )
    write(
        bars(causes, "grid_codes unbalanced", suspects, "What the fine-tuning of small U-Nets does", grid),
        out / "grid-causes.png",
    )
    labels = "MTF50 of a slanted edge, cycles/px: sharper →", "PSNR of photographs, dB: truer →"
    write(
        plane(read(results / "softness.jsonl"), ("mtf50", "psnr_db"), labels, "What sharpens?"),
        out / "softness.png",
    )
    labels = "photographs, dB against before", "patterns, dB against before"
    write(
        plane(read(results / "forgetting.jsonl"), ("photographs_db", "patterns_db"), labels, "Learned and forgotten"),
        out / "forgetting.png",
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    draw(asked.results, asked.out)


if __name__ == "__main__":
    main()
