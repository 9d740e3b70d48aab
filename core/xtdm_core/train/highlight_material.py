"""Over-exposed mosaics with known truth, to learn the colours of clipped highlights from."""

from __future__ import annotations

import numpy as np

from xtdm_core.develop.color import camera_matrix, srgb_decode
from xtdm_core.frame import F32, F64, U8, AlignedMosaic
from xtdm_core.xtrans import mosaic

# XYZ to camera RGB as Adobe publishes it: X-T1, X-T2, X-T4, X-T5.
_MATRICES: tuple[F64, ...] = tuple(
    np.array(rows) / 1e4
    for rows in (
        [[8458, -2451, -855], [-4597, 12447, 2407], [-1475, 2482, 6526]],
        [[11434, -4948, -1210], [-3746, 12042, 1903], [-666, 1479, 5235]],
        [[13426, -6334, -1177], [-4244, 12136, 2371], [-580, 1303, 5980]],
        [[11809, -5358, -1141], [-4248, 12164, 2343], [-514, 1097, 5848]],
    )
)
_DIFFUSE_WHITE = 2**-0.72  # of green's clip level, in DR100 files
_COMPOSITES, _EXPANDED, _LAMPLIGHT = 0.5, 0.5, 0.15
_WHITE, _CUT = 240, 253  # 8-bit codes


def expose(lin_srgb: F32, ev: float, rng: np.random.Generator) -> tuple[F32, AlignedMosaic]:
    """Expose a scene with a random camera, balance and noise: (unclipped truth f32 [H, W], what the sensor reads).

    lin_srgb  f32 [H, W, 3] with diffuse white at 1; sides are cut to multiples of 6
    """
    height, width = (side - side % 6 for side in lin_srgb.shape[:2])
    to_camera = np.linalg.inv(camera_matrix(_MATRICES[rng.integers(len(_MATRICES))], "srgb"))
    red, blue = (1.2, 2.9), (1.2, 2.8)
    if rng.random() < _LAMPLIGHT:
        red, blue = (1.0, 1.3), (2.0, 3.5)
    wb = np.array([rng.uniform(*red), 1, rng.uniform(*blue)])
    cam_rgb = np.maximum(lin_srgb[:height, :width] @ to_camera.T, 1e-5) * (_DIFFUSE_WHITE * 2**ev) / wb
    truth = mosaic(cam_rgb.astype(np.float32))
    photons, read = 10 ** rng.uniform(-4.7, -2.8), 5e-4
    noisy = truth + np.sqrt(photons * truth + read**2) * rng.standard_normal(truth.shape)
    return truth, AlignedMosaic(np.minimum(noisy, 1).astype(np.float32), 0, 0, height, width, wb)


def photographed(images: list[U8], i: int, rng: np.random.Generator) -> tuple[F32, float, F32]:
    """A photograph, or a composite of it and something bright: (linear sRGB, an exposure in EV, where it is true).

    The last is f32 [H, W], 0 where the photograph itself is cut off in some channels only: its colour is false there.
    """
    codes = images[i]
    scene = _expanded(srgb_decode(codes.astype(np.float32) / 255), rng)
    true = ~((codes.max(axis=-1) >= _CUT) & (codes.min(axis=-1) < _WHITE))
    if rng.random() >= _COMPOSITES:
        return scene, rng.uniform(0.2, 3.2), true.astype(np.float32)
    share = _blobs(rng, *scene.shape[:2])[..., None]
    other = images[rng.integers(len(images))]
    if rng.random() < 0.5 and other.shape == codes.shape:
        behind = _expanded(srgb_decode(other.astype(np.float32) / 255), rng) * 2 ** rng.uniform(0, 3)
        true &= ~((other.max(axis=-1) >= _CUT) & (other.min(axis=-1) < _WHITE))
    else:
        behind = _sky(rng, *scene.shape[:2])
    mixed = scene * rng.uniform(0.1, 0.7) * (1 - share) + behind * share
    return mixed.astype(np.float32), rng.uniform(-0.3, 1.8), true.astype(np.float32)


def lamps(rng: np.random.Generator, side: int) -> F32:
    """Glowing lamps of any colour before a smooth background: linear sRGB f32 [side, side, 3]."""
    y, x = np.indices((side, side)) / side
    tint = np.exp(rng.normal(0, 0.35, 3))
    image = 10 ** rng.uniform(-2, -0.3) * np.exp(_waves(rng, side))[..., None] * tint
    for _ in range(rng.integers(1, 5)):
        colour = rng.random(3) ** rng.uniform(0.3, 3) + 0.02
        colour = colour / colour.max()
        far = np.hypot(y - rng.random(), x - rng.random()) / rng.uniform(0.03, 0.3)
        shapes = (1 / (1 + far ** rng.uniform(1.3, 4)), np.exp(-far), (far < 1) * (1 + 0.3 * _waves(rng, side)))
        glow = 10 ** rng.uniform(-0.3, 1.4) * shapes[rng.integers(3)][..., None]
        core = np.exp(-far * rng.uniform(1, 4))[..., None] * (rng.random() < 0.3)
        image = image + glow * (colour * (1 - core) + core)
    return np.maximum(image, 1e-4).astype(np.float32)


def _expanded(lin_srgb: F32, rng: np.random.Generator) -> F32:
    """Half of the time with highlights as bright as before a camera's tone curve."""
    if rng.random() >= _EXPANDED:
        return lin_srgb
    peak = lin_srgb.max(axis=-1, keepdims=True)
    return np.asarray(lin_srgb / (1 - np.float32(rng.uniform(0.75, 0.95)) * peak**2))


def _blobs(rng: np.random.Generator, height: int, width: int) -> F32:
    """A mask f32 [H, W] of random shapes from leaves to windows, with sharp or soft edges."""
    from PIL import Image

    total = np.zeros((height, width), np.float32)
    largest = rng.uniform(4, 160)
    for octave in range(4):
        pitch = max(largest / 2**octave, 1.5)
        grid = rng.random((int(height / pitch) + 4, int(width / pitch) + 4), dtype=np.float32)
        size = int(grid.shape[1] * pitch) + 1, int(grid.shape[0] * pitch) + 1
        smooth = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC)
        total += np.asarray(smooth)[:height, :width] / 2**octave
    edge = np.quantile(total, rng.uniform(0.2, 0.8))
    softness = rng.choice([0.01, 0.03, 0.3]) * float(total.std())
    return np.asarray(np.clip((total - edge) / softness + 0.5, 0, 1))


def _sky(rng: np.random.Generator, height: int, width: int) -> F32:
    """A bright gradient from blue, orange or grey to white, with clouds or without."""
    y, x = np.indices((height, width)) / max(height, width)
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.cos(angle) * x + np.sin(angle) * y
    ramp = (ramp - ramp.min()) / np.ptp(ramp)
    ramp = np.clip(ramp * rng.uniform(0.5, 3) + rng.uniform(-1, 0.5), 0, 1)[..., None]
    kind = rng.random()
    if kind < 0.4:
        colour = (np.array([0.16, 0.35, 0.8]) * rng.uniform(0.7, 3)) ** rng.uniform(0.3, 1)
    elif kind < 0.65:
        colour = np.array([1, 0.5, 0.2]) ** rng.uniform(0.2, 1) * rng.uniform(0.5, 2)
    else:
        colour = np.full(3, rng.uniform(0.3, 1.2))
    white = np.exp(rng.normal(0, 0.06, 3)) * rng.uniform(1.2, 6)
    image = colour + (white - colour) * ramp
    if rng.random() < 0.5:
        cover = _blobs(rng, height, width)[..., None] * rng.uniform(0, 1)
        image = image * (1 - cover) + cover * np.array([1, 0.99, 0.97]) * rng.uniform(0.6, 4)
    return image.astype(np.float32)


def _waves(rng: np.random.Generator, side: int) -> F64:
    y, x = np.indices((side, side)) / side
    waves = [np.sin(2 * np.pi * (rng.normal() * x + rng.normal() * y) + rng.uniform(0, 2 * np.pi)) for _ in range(3)]
    return np.asarray(np.mean(waves, axis=0))
