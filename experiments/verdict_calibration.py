"""How far can the inspector's verdict be trusted?

    python -m experiments.verdict_calibration [--trials 40] [--weights fast]

Frames drawn at random, with noise, are demosaiced and judged: clean ones, ones with a grid made by the sensor (greens
that differ, crosstalk, the flare of oblique light), and results with a grid of known amplitude planted in them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable

import numpy as np

from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.frame import F32, RawFrame
from xtdm_core.inspection.fold import FlatFold, fold_flat
from xtdm_core.inspection.score import neither_black_nor_white, score_raw, visible_codes
from xtdm_core.inspection.verdict import GridVerdict, judge, without_grid
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.simulation.flare import leak_pattern, veil
from xtdm_core.xtrans import align, tile_pattern

HEIGHT, WIDTH = 1008, 1200
Spoil = Callable[[RawFrame, np.random.Generator], F32]


def picture(rng: np.random.Generator) -> F32:
    """Clouds of colour, linear f32 [H, W, 3]: each octave half as strong as the one twice as wide, edges in between."""
    total = np.zeros((HEIGHT, WIDTH, 3))
    for octave in range(2, 9):
        cells = rng.normal(size=(HEIGHT // 2**octave + 3, WIDTH // 2**octave + 3, 3))
        total += _enlarged(cells, 2**octave) * 2.0 ** (octave - 9) * rng.uniform(0.3, 1.0)
    rows, cols = np.mgrid[:HEIGHT, :WIDTH]
    for _ in range(6):
        angle, at = rng.uniform(0, np.pi), rng.uniform(0.2, 0.8) * WIDTH
        total[cols * np.cos(angle) + rows * np.sin(angle) > at] += rng.normal(0, 0.15, 3)
    return np.clip(0.25 * np.exp(total), 0.003, 0.9).astype(np.float32)


def _enlarged(cells: np.ndarray, factor: int) -> np.ndarray:
    """Bilinear, cut to the picture."""
    at_y, at_x = np.arange(HEIGHT) / factor, np.arange(WIDTH) / factor
    y, x = at_y.astype(int), at_x.astype(int)
    v, u = (at_y - y)[:, None, None], (at_x - x)[None, :, None]
    upper = cells[y][:, x] * (1 - u) + cells[y][:, x + 1] * u
    return upper * (1 - v) + (cells[y + 1][:, x] * (1 - u) + cells[y + 1][:, x + 1] * u) * v


def clean(frame: RawFrame, rng: np.random.Generator) -> F32:  # noqa: ARG001 (as the others)
    """Nothing: a factor of 1."""
    return np.ones(frame.mosaic.shape, np.float32)


def greens(frame: RawFrame, rng: np.random.Generator) -> F32:
    """Half of the greens 1 % brighter, a random half in each frame."""
    gains = np.ones((6, 6), np.float32)
    at = np.argwhere(frame.cfa == 1)
    gains[tuple(rng.permutation(at)[: len(at) // 2].T)] = 1.01
    return tile_pattern(gains, *frame.mosaic.shape)


def crosstalk(frame: RawFrame, rng: np.random.Generator) -> F32:
    """Each photosite takes up to 1 % more or less, by its left neighbour's colour."""
    gains = 1 + rng.uniform(-0.01, 0.01, 3)[np.roll(frame.cfa, 1, axis=1)]
    return tile_pattern(gains.astype(np.float32), *frame.mosaic.shape)


def flare(frame: RawFrame, rng: np.random.Generator) -> F32:
    """Oblique light over a part of the frame."""
    pattern = tile_pattern(leak_pattern(frame.cfa).astype(np.float32), *frame.mosaic.shape)
    return 1 + np.float32(rng.uniform(0.1, 0.2)) * veil(*frame.mosaic.shape) * pattern


SPOILS: dict[str, Spoil] = {"clean": clean, "greens 1 %": greens, "crosstalk": crosstalk, "flare": flare}


def shoot(spoil: Spoil, rng: np.random.Generator) -> RawFrame:
    """A frame at about ISO 200 to 3200 with what ``spoil`` makes of its photosites."""
    a = 10 ** rng.uniform(-4.3, -3.2)
    frame = simulate_frame(picture(rng), SensorModel(noise=(a, 2 * a**0.55 / 50), seed=int(rng.integers(1 << 30))))
    light = (frame.mosaic - frame.black[0, 0]) * spoil(frame, rng)
    frame.mosaic[:] = np.rint(light + frame.black[0, 0]).clip(0, frame.white)
    return frame


def examine(frame: RawFrame, demosaicer: Demosaicer, planted: F32 | None = None) -> GridVerdict:
    """The inspector's verdict; ``planted`` f32 [6, 6] is added to the codes that the demosaicing alone gives."""
    mosaic = align(frame)
    cam_rgb = demosaicer(mosaic)
    alone = visible_codes(demosaicer(without_grid(cam_rgb, mosaic)), frame)
    if planted is not None:
        alone = alone + tile_pattern(planted, *alone.shape[:2])[..., None]
    return judge(score_raw(mosaic.visible, frame).codes, _fold(alone))


def _fold(codes: F32) -> FlatFold:
    return fold_flat(codes, usable=neither_black_nor_white(codes))


def verdicts(trials: int, demosaicer: Demosaicer) -> str:
    """Markdown: which verdicts each kind of frame got."""
    lines = ["| frame | trials | verdicts | sensor's part, codes |", "|---|---|---|---|"]
    for kind, spoil in SPOILS.items():
        found = [examine(shoot(spoil, np.random.default_rng((1, i))), demosaicer) for i in range(trials)]
        counts = ", ".join(f"{maker} {n}" for maker, n in Counter(v.maker for v in found).most_common())
        amounts = np.median([v.sensor_codes for v in found])
        lines.append(f"| {kind} | {trials} | {counts} | {amounts:.2f} |")
    return "\n".join(lines)


def amplitudes(trials: int, demosaicer: Demosaicer) -> str:
    """Markdown: planted amplitudes and what was measured."""
    lines = ["| planted, codes | measured: mean | least | greatest |", "|---|---|---|---|"]
    for amplitude in (0.05, 0.1, 0.5, 1.0, 5.0):
        measured = []
        for i in range(trials):
            rng = np.random.default_rng((2, i))
            cell = rng.normal(size=(6, 6))
            cell -= cell.mean()
            cell *= amplitude / np.sqrt((cell**2).sum() / 35)
            measured.append(examine(shoot(clean, rng), demosaicer, cell.astype(np.float32)).demosaicing_codes)
        lines.append(f"| {amplitude} | {np.mean(measured):.3f} | {min(measured):.3f} | {max(measured):.3f} |")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--weights", default="fast")
    asked = parser.parse_args()
    demosaicer = Demosaicer.load(asked.weights, "cpu")
    print(verdicts(asked.trials, demosaicer), flush=True)
    print(amplitudes(max(3, asked.trials // 8), demosaicer))


if __name__ == "__main__":
    main()
