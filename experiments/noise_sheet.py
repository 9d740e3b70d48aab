"""What noise looks like after each way of removing it.

    python -m experiments.noise_sheet [PICTURE] [-o noise_sheet.jpg] [--at ROW,COLUMN]

A picture, or the drawn sample scene, is exposed on a simulated X-T4 at four ISO and developed by LibRaw's 3-pass, by
the same followed by BM3D, and by both networks; crops at 2:1, the truth on the left.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from xtdm_core.demosaicing.methods import REFERENCE, Method, find_methods
from xtdm_core.develop.color import srgb_encode
from xtdm_core.evaluation.contact_sheet import CAPTION, GAP, blank_sheet, write
from xtdm_core.evaluation.ground_truth import read_truth, round_trip_raf
from xtdm_core.evaluation.metrics import psnr_srgb
from xtdm_core.evaluation.sequential import sequential_methods
from xtdm_core.frame import F32, Noise
from xtdm_core.simulation.bodies import find_body
from xtdm_core.simulation.scene import render_scene

ISOS = (200, 1600, 6400, 25600)
_CROP, _ZOOM = 132, 2
_BODY = "X-T4"
# LibRaw takes nothing smaller, and BM3D seconds for every 100 px: what is demosaiced around a crop.
_PART = 288
_FOLIAGE = "40,440"  # of the sample scene


def methods() -> list[Method]:
    """The ways to compare."""
    plain, fast, quality = find_methods([REFERENCE, "fast", "quality"])
    return [plain, sequential_methods([])[0], fast, quality]


def develop(truth: F32, ways: list[Method], noise: Noise, seed: int) -> list[F32]:
    """The linear results f32 [H, W, 3] of all ways, of one noisy raw file."""
    height, width = truth.shape[:2]
    with TemporaryDirectory() as folder:
        raf = Path(folder) / "shot.RAF"
        frame = round_trip_raf(truth, raf, noise, seed)
        return [way.finish(way(raf, frame)[:height, :width], frame).clip(0, 1) for way in ways]


def draw_sheet(truth: F32, ways: list[Method]) -> Image.Image:
    """The middle of ``truth`` f32 [H, W, 3], a row for each ISO, labelled with the PSNR in sRGB."""
    cell = _CROP * _ZOOM
    sheet, pen = blank_sheet((len(ways) + 1) * (cell + GAP) + GAP, len(ISOS) * (cell + CAPTION) + GAP)
    top, left = ((side - _CROP) // 2 for side in truth.shape[:2])
    box = np.s_[top : top + _CROP, left : left + _CROP]
    for row, iso in enumerate(ISOS):
        y = row * (cell + CAPTION)
        results = develop(truth, ways, find_body(_BODY).noise.at(iso), seed=iso)
        labels = [f"{way.name}, {psnr_srgb(found, truth):.1f} dB" for way, found in zip(ways, results, strict=True)]
        for column, (label, picture) in enumerate(zip([f"ISO {iso}: truth", *labels], [truth, *results], strict=True)):
            x = GAP + column * (cell + GAP)
            write(pen, (x, y + 6), label)
            codes = np.rint(srgb_encode(picture[box]) * 255).astype(np.uint8)
            sheet.paste(Image.fromarray(codes).resize((cell, cell), Image.Resampling.NEAREST), (x, y + CAPTION))
    return sheet


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path, nargs="?")
    parser.add_argument("-o", "--output", type=Path, default=Path("noise_sheet.jpg"))
    parser.add_argument("--at", help=f"row,column of the upper left corner of the {_PART} px that are used")
    given = parser.parse_args()
    whole = read_truth(given.picture) if given.picture else render_scene()
    top, left = map(int, (given.at or ("0,0" if given.picture else _FOLIAGE)).split(","))
    draw_sheet(whole[top : top + _PART, left : left + _PART].clip(0, 1), methods()).save(given.output, quality=78)


if __name__ == "__main__":
    main()
