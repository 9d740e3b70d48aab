"""The tables of a RAF, and what a lens does to light: one undoes the other."""

import math
from pathlib import Path

import numpy as np
import pytest

from tests.core.simulation.raf_parts import raw_fields
from xtdm_core.simulation import BARREL, PINCUSHION, LensProfile, write_camera_raf
from xtdm_core.simulation.lens import CHROMATIC_ABERRATION, DISTORTION, VIGNETTING
from xtdm_core.simulation.optics import through_lens

HEIGHT, WIDTH = 200, 300
LENSES = pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
BODIES = pytest.mark.parametrize("model", ["X-T2", "X-T4"])
Table = tuple[np.ndarray, ...]


def tables(path: Path) -> tuple[Table, Table, Table]:
    """(knots, d), (knots, c_R, c_B) and (knots, v) of a file, checked for shape."""
    fields = raw_fields(path)
    distortion, aberration, light = (fields[tag] for tag in (DISTORTION, CHROMATIC_ABERRATION, VIGNETTING))
    count = (len(distortion) - 1) // 2
    assert (len(distortion), len(aberration), len(light)) in [(23, 31, 23), (19, 29, 19)]
    radius = distortion[0] * count
    assert radius == aberration[0] * count == light[0] * count == math.floor(math.hypot(HEIGHT, WIDTH) / 2)
    shorter = (len(aberration) - 1) // 3
    colours = aberration[1 : 1 + 3 * shorter].reshape(3, shorter)
    return tuple(distortion[1:].reshape(2, count)), tuple(colours), tuple(light[1:].reshape(2, count))


def shot(path: Path, model: str, lens: LensProfile | None) -> Path:
    write_camera_raf(path / "a.RAF", np.full((HEIGHT, WIDTH, 3), 0.2, np.float32), model, iso=400, lens=lens)
    return path / "a.RAF"


@BODIES
@LENSES
def test_tables_hold_the_lens(tmp_path: Path, model: str, lens: LensProfile) -> None:
    def value(coefficients: tuple[float, ...], r: np.ndarray) -> np.ndarray:
        return sum(k * r ** (2 * i + 2) for i, k in enumerate(coefficients))

    (knots, d), (shorter, red, blue), (same, v) = tables(shot(tmp_path, model, lens))
    assert np.array_equal(knots, same)
    assert np.allclose(knots, np.arange(11) / 10 if model == "X-T2" else np.sqrt(np.arange(1, 10) / 8), atol=4e-4)
    assert np.array_equal(shorter, knots[1:] if model == "X-T2" else knots)
    assert np.allclose(d, value(lens.distortion, knots), atol=5.1e-4)
    assert np.allclose(red, value(lens.red, shorter), atol=8e-6)
    assert np.allclose(blue, value(lens.blue, shorter), atol=8e-6)
    assert np.allclose(v, 100 + value(lens.vignetting, knots), atol=5.1e-3)


@BODIES
def test_a_lens_without_errors_has_tables_that_say_so(tmp_path: Path, model: str) -> None:
    (_, d), (_, red, blue), (_, v) = tables(shot(tmp_path, model, LensProfile()))
    assert not d.any()
    assert not red.any()
    assert not blue.any()
    assert (v == 100).all()


def test_a_lens_without_contacts_has_none(tmp_path: Path) -> None:
    assert not {DISTORTION, CHROMATIC_ABERRATION, VIGNETTING} & set(raw_fields(shot(tmp_path, "X-T4", None)))


def blob(image: np.ndarray, y: float, x: float) -> tuple[float, float]:
    """The centre of gravity within 7 px of a place."""
    top, left = round(y) - 7, round(x) - 7
    box = image[top : top + 15, left : left + 15].astype(float) - image.min()
    rows, cols = np.mgrid[top : top + 15, left : left + 15]
    return float((box * rows).sum() / box.sum()), float((box * cols).sum() / box.sum())


@BODIES
@LENSES
def test_dots_lie_where_the_tables_say(tmp_path: Path, model: str, lens: LensProfile) -> None:
    (knots, d), (shorter, red, blue), _ = tables(shot(tmp_path, model, lens))
    aberrations = (red, np.zeros_like(red), blue)
    height, width = 360, 540
    y, x = np.mgrid[:height, :width]
    half, middle = math.hypot(height, width) / 2, ((height - 1) / 2, (width - 1) / 2)
    for dy, dx in ((24.0, 36.0), (-108.0, 120.0), (126.5, -198.5)):
        at = middle[0] + dy, middle[1] + dx
        scene = np.exp(-((y - at[0]) ** 2 + (x - at[1]) ** 2) / 8)[..., None].repeat(3, 2).astype(np.float32)
        seen = through_lens(scene, lens)
        corrected = math.hypot(dy, dx) / half
        # The radius on the sensor at which 1 + d / 100 leads back to the corrected radius.
        some = np.linspace(0, 1.06, 20_000)
        factor = 1 + np.interp(some**2, np.r_[0, knots**2], np.r_[0, d]) / 100
        source = np.interp(corrected, some / factor, some)
        for channel, aberration in enumerate(aberrations):
            c = np.interp(source**2, np.r_[0, shorter**2], np.r_[0, aberration])
            ratio = source * (1 + c) / corrected
            found = blob(seen[..., channel], middle[0] + dy * ratio, middle[1] + dx * ratio)
            assert found == pytest.approx((middle[0] + dy * ratio, middle[1] + dx * ratio), abs=0.1)


def test_a_flat_field_falls_off_as_its_table_says() -> None:
    seen = through_lens(np.ones((300, 450, 3), np.float32), PINCUSHION)
    radius = math.hypot(299 / 2, 449 / 2) / (math.hypot(300, 450) / 2)
    expected = 1 + sum(k * radius ** (2 * i + 2) for i, k in enumerate(PINCUSHION.vignetting)) / 100
    assert seen[0, 0] == pytest.approx(expected, abs=1e-4)
    assert seen[150, 225] == pytest.approx(1, abs=1e-4)


def test_no_lens_changes_nothing_and_aberration_parts_the_colours() -> None:
    scene = np.random.default_rng(0).random((90, 120, 3), np.float32)
    assert np.array_equal(through_lens(scene, LensProfile()), scene)
    grey = scene[..., :1].repeat(3, 2)
    seen = through_lens(grey, LensProfile(red=(0.01,)))
    assert np.array_equal(seen[..., 1:], grey[..., 1:])
    assert not np.allclose(seen[..., 0], grey[..., 0], atol=0.1)


def test_the_light_stays_between_its_extremes() -> None:
    scene = np.zeros((120, 180, 3), np.float32)
    scene[:, 90:] = 8
    seen = through_lens(scene, BARREL)
    assert seen.min() >= 0
    assert seen.max() <= 8.001
