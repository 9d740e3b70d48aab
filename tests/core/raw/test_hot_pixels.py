"""Hot and dead photosites, among noise, edges and stars."""

from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.frame import Noise, RawFrame
from xtdm_core.raw.hot_pixels import find_defects, without_defects
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import phases

SIDE = 240
PLACES = [(20 + 30 * i + i, 31 + 25 * i) for i in range(7)]  # of all colours


def shot(rgb: np.ndarray, noise: tuple[float, float] = (3e-4, 5e-4), cfa: int = 0) -> RawFrame:
    frame = simulate_frame(rgb.astype(np.float32), SensorModel(cfa=phases()[cfa], wb=(1.9, 1, 1.6), noise=noise))
    return replace(frame, noise=Noise(noise[0], noise[1] ** 2))


def grey(level: float) -> np.ndarray:
    return np.full((SIDE, SIDE, 3), level)


def with_defects(frame: RawFrame, code: int) -> RawFrame:
    mosaic = frame.mosaic.copy()
    for place in PLACES:
        mosaic[place] = code
    return replace(frame, mosaic=mosaic)


@pytest.mark.parametrize("cfa", [0, 7, 16])
@pytest.mark.parametrize("code", [16383, 7000, 1024])
def test_defects_are_replaced_and_nothing_else(code: int, cfa: int) -> None:
    clean = shot(grey(0.2), cfa=cfa)
    mended, count = without_defects(with_defects(clean, code))
    assert count == len(PLACES)
    changed = list(zip(*np.nonzero(mended.mosaic != with_defects(clean, code).mosaic), strict=True))
    assert changed == sorted(PLACES)
    codes = clean.mosaic.astype(int)
    # As close to what the photosite would have read as noise allows.
    assert all(abs(int(mended.mosaic[place]) - codes[place]) < 600 for place in PLACES)


@pytest.mark.parametrize("noise", [(3e-5, 2e-4), (2.5e-3, 2e-3)])
@pytest.mark.parametrize("known", [True, False])
def test_noise_is_no_defect(noise: tuple[float, float], known: bool) -> None:
    ramp = np.broadcast_to(np.linspace(0.001, 1.5, 900)[:, None, None], (900, 600, 3))
    frame = shot(ramp, noise)
    frame = frame if known else replace(frame, noise=None)
    assert without_defects(frame) == (frame, 0)


def test_a_weak_defect_counts_where_noise_is_known_to_be_low() -> None:
    clean = shot(grey(0.02), (3e-5, 2e-4))
    weak = with_defects(clean, int(1024 + 0.05 * 15359))
    assert without_defects(weak)[1] == len(PLACES)
    assert without_defects(replace(weak, noise=Noise(2.5e-3, 4e-6)))[1] < len(PLACES)


def test_edges_and_lines_are_no_defects() -> None:
    y, x = np.indices((SIDE, SIDE))
    picture = grey(0.05)
    picture[y > 1.7 * x] = 0.7
    picture[np.abs(y - 0.6 * x - 40) < 0.8] = 0.9
    assert find_defects(shot(picture))[0].size == 0


@pytest.mark.parametrize("fwhm", [1.5, 2.2, 3.5])
def test_stars_are_kept(fwhm: float) -> None:
    """Stars of all brightnesses and colours from ten sigmas of the noise up, anywhere between photosites."""
    rng = np.random.default_rng(3)
    sky = np.full((660, 660, 3), 0.01)
    sigma = fwhm / np.sqrt(8 * np.log(2))
    centres = [(y, x) for y in range(20, 640, 20) for x in range(20, 640, 20)]
    for cy, cx in centres:
        y, x = np.mgrid[cy - 8 : cy + 9, cx - 8 : cx + 9]
        spread = np.exp(-((y - cy - rng.random()) ** 2 + (x - cx - rng.random()) ** 2) / (2 * sigma**2))
        colour = np.array([1.9, 1, 1.6]) * np.exp(rng.normal(0, 0.25, 3))
        sky[y, x] += spread[..., None] * colour * 10 ** rng.uniform(-1.3, 0.2)
    frame = shot(sky, (1e-4, 1e-3))
    assert find_defects(frame)[0].size == 0
    # Defects between them are found all the same.
    mosaic = frame.mosaic.copy()
    places = [(cy + 10, cx + 10) for cy, cx in centres[::9]]
    for place in places:
        mosaic[place] = 9000
    found = list(zip(*find_defects(replace(frame, mosaic=mosaic)), strict=True))
    assert len(set(found) & set(places)) > 0.95 * len(places)
    assert set(found) <= set(places)
