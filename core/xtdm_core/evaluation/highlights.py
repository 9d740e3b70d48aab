"""Measure reconstructed highlights against their unclipped truth: ``python -m xtdm_core.evaluation.highlights``.

Drawn scenes, and photographs where a folder of them is given, are exposed until they clip, in several balances; every
3x3 block in which something clips is compared with the truth, at the exposure that shows it as it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from xtdm_core.develop.color import apply_matrix, camera_matrix, oklab, srgb_decode, srgb_encode
from xtdm_core.develop.highlights import mosaic_blocks, reconstruct_highlights
from xtdm_core.develop.tone import NEUTRAL, tone_map_srgb
from xtdm_core.evaluation.color_difference import ciede2000, cielab
from xtdm_core.evaluation.highlight_scenes import SCENES, draw
from xtdm_core.frame import F32, F64, AlignedMosaic
from xtdm_core.images import list_images, read_srgb8
from xtdm_core.simulation.camera import XT1_XYZ_TO_CAM, SensorModel, simulate_frame
from xtdm_core.xtrans import CANONICAL, align, clipped_photosites, mosaic, tile_pattern

GAINS = ((1.95, 1.0, 1.65), (2.7, 1.0, 1.4), (1.3, 1.0, 2.6), (2.3, 1.0, 1.31))
_DIFFUSE_WHITE = 2**-0.72  # of green's clip level, in DR100 files
_NOISE = (3e-5, 2e-4)
_VISIBLE_CODES = 10
_FEWEST = 0.002  # share of blocks with something clipped in it, below which a shot says nothing
_WIDTH = 720


@dataclass(frozen=True, slots=True)
class HighlightErrors:
    """How far clipped blocks are from the truth, as sRGB shows them.

    delta_e      mean CIEDE2000
    chroma       mean distance in Oklab's a and b, times 100
    cast         the length of the mean difference in a and b, times 100: a tint that is the same everywhere
    off_percent  how many are more than 10 of 255 codes off in some channel
    """

    delta_e: float
    chroma: float
    cast: float
    off_percent: float


@dataclass(frozen=True, slots=True)
class HighlightShot:
    """An over-exposed scene: the clipped mosaic, and the true white-balanced means of its blocks f32 [h, w, 3]."""

    mosaic: AlignedMosaic
    truth: F32
    ev: float

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """The blocks in which something clips: bool [h, w]."""
        return np.asarray(mosaic_blocks(self.mosaic, clipped_photosites(self.mosaic)).clipped.any(axis=-1))


def expose(
    lin_srgb: F32, gains: tuple[float, float, float], ev: float, noise: tuple[float, float] = _NOISE
) -> HighlightShot:
    """Expose linear sRGB f32 [H, W, 3] (diffuse white at 1) by ``ev`` too much, with an X-T1's colours, at DR100."""
    height, width = (side - side % 6 for side in lin_srgb.shape[:2])
    to_camera = np.linalg.inv(camera_matrix(XT1_XYZ_TO_CAM, "srgb"))
    cam_rgb = np.maximum(apply_matrix(to_camera, lin_srgb[:height, :width]), 1e-5) * np.float32(_DIFFUSE_WHITE * 2**ev)
    shot = align(simulate_frame(cam_rgb, SensorModel(cfa=CANONICAL, wb=gains, noise=noise)))
    values = mosaic(cam_rgb) / tile_pattern(np.array(gains, np.float32)[CANONICAL], height, width)
    return HighlightShot(shot, block_means(shot.with_values(values)), ev)


def block_means(shot: AlignedMosaic) -> F32:
    """White-balanced means of the 3x3 blocks: f32 [h, w, 3]."""
    return mosaic_blocks(shot, np.zeros(shot.values.shape, bool)).means


def measure(found: F32, shot: HighlightShot) -> HighlightErrors:
    """Compare the blocks f32 [h, w, 3] that a method found with the truth, where something clips."""
    shown, true = (show(blocks[shot.clipped][None], shot.ev)[0] for blocks in (found, shot.truth))
    apart = (oklab(shown) - oklab(true))[:, 1:]
    codes = np.abs(srgb_encode(shown) - srgb_encode(true)).max(axis=1) * 255
    return HighlightErrors(
        float(ciede2000(cielab(true), cielab(shown)).mean()),
        100 * float(np.hypot(apart[:, 0], apart[:, 1]).mean()),
        100 * float(np.hypot(*apart.mean(axis=0))),
        100 * float((codes > _VISIBLE_CODES).mean()),
    )


def show(cam_rgb: F32, ev: float) -> F32:
    """Develop camera RGB f32 [h, w, 3] that was exposed by ``ev`` too much: display-linear sRGB."""
    matrix = camera_matrix(XT1_XYZ_TO_CAM, "rec2020") / _DIFFUSE_WHITE
    return tone_map_srgb(apply_matrix(matrix, cam_rgb), replace(NEUTRAL, exposure_ev=-ev))


def scene_shots(width: int = _WIDTH) -> Iterator[tuple[str, HighlightShot]]:
    """Expose the drawn scenes as they are and by 1 EV more, with all GAINS."""
    for name in SCENES:
        scene = draw(name, width)
        for gains in GAINS:
            for ev in (0.0, 1.0):
                yield name, expose(scene, gains, ev)


def photo_shots(folder: Path) -> Iterator[tuple[str, HighlightShot]]:
    """Over-expose photographs by 0.5 to 3 EV with random balances and noise, the same ones every time."""
    rng = np.random.default_rng(0)
    for path in list_images(folder):
        picture = srgb_decode(read_srgb8(path).astype(np.float32) / 255)
        for ev in (0.5, 1.0, 2.0, 3.0):
            gains = float(rng.uniform(1.3, 2.7)), 1.0, float(rng.uniform(1.3, 2.7))
            yield f"+{ev:g} EV", expose(picture, gains, ev, (float(10 ** rng.uniform(-4.6, -3)), 5e-4))


def mean_and_worst(errors: list[HighlightErrors]) -> tuple[F64, F64]:
    """The mean of each figure, and its mean over the worst tenth: both f64 [4]."""
    table = np.sort(np.array([astuple(one) for one in errors]), axis=0)
    return table.mean(axis=0), table[-max(len(table) // 10, 1) :].mean(axis=0)


@click.command()
@click.argument("photos", type=click.Path(path_type=Path), required=False)
@click.option("--width", type=click.IntRange(96), default=_WIDTH, show_default=True, help="Of the drawn scenes, in px.")
def main(photos: Path | None, width: int) -> None:
    """Print mean errors over clipped blocks, scene by scene, and of a folder of PHOTOS."""
    groups: dict[str, list[HighlightErrors]] = {}
    shots = [*scene_shots(width), *(photo_shots(photos) if photos else ())]
    for name, shot in shots:
        if shot.clipped.mean() >= _FEWEST:
            groups.setdefault(name, []).append(measure(block_means(reconstruct_highlights(shot.mosaic)), shot))
    _print(groups)


def _print(groups: Mapping[str, list[HighlightErrors]]) -> None:
    names = [field.name for field in fields(HighlightErrors)]
    click.echo(f"{'':12}" + "".join(f"{name:>13}" for name in names) + "   and over the worst tenth")
    for group, errors in groups.items():
        means, worst = mean_and_worst(errors)
        click.echo(f"{group:12}" + "".join(f"{v:13.2f}" for v in means) + "   " + "".join(f"{v:8.2f}" for v in worst))


if __name__ == "__main__":
    main()
