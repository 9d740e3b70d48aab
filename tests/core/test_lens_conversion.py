"""A simulated RAF with a known lens, through the whole conversion: straight lines, colours that meet, even light."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from xtdm_core.conversion import ConvertOptions, convert
from xtdm_core.simulation import BARREL, PINCUSHION, LensProfile, write_camera_raf

HEIGHT, WIDTH, STEP = 600, 900, 60
LENS = {"lens_distortion": 1.0, "lens_aberration": 1.0, "lens_vignetting": 1.0}


def scene() -> np.ndarray:
    """Soft bright dots on grey, on a regular grid."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    rows, columns = (np.abs((axis % STEP) - STEP / 2) for axis in (y, x))
    dots = np.exp(-(rows**2 + columns**2) / (2 * 2.5**2))
    return np.repeat((0.15 + 0.35 * dots)[..., None], 3, axis=2).astype(np.float32)


def centres(plane: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The centres of gravity of what is brighter than its surroundings around places [n, 2]."""
    found = []
    for row, column in np.rint(near).astype(int):
        box = plane[row - 8 : row + 9, column - 8 : column + 9].astype(float)
        light = np.maximum(box - np.median(box) * 1.1, 0)
        rows, columns = np.mgrid[row - 8 : row + 9, column - 8 : column + 9]
        found.append(((light * rows).sum() / light.sum(), (light * columns).sum() / light.sum()))
    return np.array(found)


def grid(scale: float) -> np.ndarray:
    """Where dots are in a picture enlarged so much about its middle: [rows, columns, 2], those with room around."""
    rows, columns = (
        (np.arange(STEP / 2, side, STEP) - (side - 1) / 2) * scale + (side - 1) / 2 for side in (HEIGHT, WIDTH)
    )
    rows, columns = (axis[(axis > 20) & (axis < side - 21)] for axis, side in ((rows, HEIGHT), (columns, WIDTH)))
    return np.stack(np.meshgrid(rows, columns, indexing="ij"), -1)


def brightness_at(plane: np.ndarray, places: np.ndarray) -> float:
    rows, columns = np.rint(places.reshape(-1, 2)).astype(int).T
    return float(plane[rows, columns].mean())


@pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
def test_a_simulated_lens_is_undone(tmp_path: Path, lens: LensProfile) -> None:
    write_camera_raf(tmp_path / "a.RAF", scene(), "X-T4", iso=160, lens=lens, noisy=False)
    options = ConvertOptions("linear-tiff", "markesteijn3", asked=LENS)
    convert(tmp_path / "a.RAF", tmp_path / "a.tif", options, None)
    picture = imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes())
    green = picture[..., 1]
    places = grid(max(np.linspace(0.9, 1.1, 81), key=lambda scale: brightness_at(green, grid(scale)[3:-3, 4:-4])))
    flat = places.reshape(-1, 2)
    found = np.stack([centres(picture[..., channel], flat) for channel in range(3)])
    in_green = found[1].reshape(places.shape)
    for axis, lines in ((0, in_green), (1, in_green.swapaxes(0, 1))):
        for line in lines:
            along, across = line[:, 1 - axis], line[:, axis]
            assert np.abs(across - np.polyval(np.polyfit(along, across, 1), along)).max() < 0.3
    assert np.hypot(*(found - found[1]).T).max() < 0.1
    corner, centre = np.median(picture[:12, :12], axis=(0, 1)), np.median(picture[270:330, 420:480], axis=(0, 1))
    assert np.abs(np.log2(corner / centre)).max() < 0.05
