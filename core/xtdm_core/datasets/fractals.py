"""The two torture patterns that have detail at every scale: Julia sets and Perlin noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xtdm_core.frame import F32

_STEPS = 64
_ESCAPED = 16.0  # a generous radius makes the smooth escape time smooth
_OVERVIEW = 96


def julia_escape(rng: np.random.Generator, side: int, zoomed: bool) -> F32:
    """Smooth escape times f32 [side, side] of z -> z^2 + c, the inside of the set at 64.

    c lies just outside the boundary of the Mandelbrot set's main cardioid, where Julia sets are richest.
    zoomed  look 4 to 40 times closer at a place on the set's boundary
    """
    angle = rng.uniform(0, 2 * np.pi)
    c = complex((np.exp(1j * angle) / 2 - np.exp(2j * angle) / 4) * rng.uniform(1.0, 1.08))
    turn = complex(np.exp(1j * rng.uniform(0, 2 * np.pi)))
    zoom, pick = rng.uniform(np.log(4), np.log(40)), rng.random()
    plane = 1.5 * turn * _plane(side)
    if not zoomed:
        return _escape(plane, c)
    overview = 1.5 * turn * _plane(_OVERVIEW)
    return _escape(_place(overview, c, pick) + plane / np.exp(zoom), c)


def _plane(side: int) -> NDArray[np.complexfloating]:
    """Complex numbers over -1..1 in both directions, row by row."""
    at = (np.arange(side) + 0.5) / side * 2 - 1
    return (at[None, :] + 1j * at[:, None]).astype(np.complex64)


def _place(overview: NDArray[np.complexfloating], c: complex, pick: float) -> complex:
    """One of the hundred places where the escape time changes most: on the boundary, not in a plain area."""
    escape = _escape(overview, c)
    slope = sum(np.abs(edge) for edge in np.gradient(escape))
    best = np.argsort(slope, axis=None, kind="stable")[-100:]
    return complex(overview.ravel()[best[int(pick * len(best))]])


def _escape(z: NDArray[np.complexfloating], c: complex) -> F32:
    """Escape times with their fraction, n + 1 - log2(ln|z| / ln R) (Peitgen and Saupe 1988), f32 like ``z``."""
    times = np.full(z.size, _STEPS, np.float32)
    alive, values = np.arange(z.size), z.ravel().copy()
    shift = np.complex64(c)
    for step in range(_STEPS):
        values *= values
        values += shift
        square = values.real**2 + values.imag**2
        out = square > _ESCAPED**2
        if out.any():
            fraction = np.log2(np.log(square[out]) / np.float32(2 * np.log(_ESCAPED)))
            times[alive[out]] = np.maximum(step + 1 - fraction, 0)
            alive, values = alive[~out], values[~out]
    return times.reshape(z.shape)


def fbm(rng: np.random.Generator, side: int) -> F32:
    """Perlin noise summed over octaves (fractional Brownian motion), f32 [side, side], any range around 0.

    The coarsest lattice has 2 to 6 cells a side, the finest at most side / 8, which is two pixels a cell after
    fourfold averaging; each octave has 0.4 to 0.75 of the amplitude of the one before (Perlin 1985, 2002).
    """
    cells, amplitude, gain = int(rng.integers(2, 7)), 1.0, rng.uniform(0.4, 0.75)
    noise = np.zeros((side, side), np.float32)
    while cells <= side // 8:
        noise += np.float32(amplitude) * _perlin(rng, side, cells)
        cells, amplitude = cells * 2, amplitude * gain
    return noise


def _perlin(rng: np.random.Generator, side: int, cells: int) -> F32:
    """One octave of gradient noise. The sum over a cell's four corners of fade x fade x (gradient . distance)
    is separable in rows and columns, so it is two matrix products.
    """
    angles = rng.uniform(0, 2 * np.pi, (cells + 1, cells + 1))
    at = (np.arange(side) + 0.5) / side * cells
    distance = at[:, None] - np.arange(cells + 1)
    t = np.clip(1 - np.abs(distance), 0, 1)
    fade = (t**3 * (t * (t * 6 - 15) + 10)).astype(np.float32)
    slope = fade * distance.astype(np.float32)
    across, down = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    return fade @ across @ slope.T + slope @ down @ fade.T
