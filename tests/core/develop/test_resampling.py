"""One interpolation: what the lens did is undone, sharpness stays, tiles equal the whole."""

import math
from dataclasses import replace

import numpy as np
import pytest

from xtdm_core.develop.geometry import Geometry, make_geometry
from xtdm_core.develop.lens import LensCorrection, lens_correction
from xtdm_core.develop.resampling import draft_area, resample, sample_area, source_area
from xtdm_core.develop.tone import Look
from xtdm_core.frame import RawFrame
from xtdm_core.raw.lens_tables import parse_lens_tables
from xtdm_core.simulation import BARREL, PINCUSHION, LensProfile
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.simulation.lens import lens_fields
from xtdm_core.simulation.optics import through_lens

HEIGHT, WIDTH = 360, 540
LENSES = pytest.mark.parametrize("lens", [BARREL, PINCUSHION], ids=["barrel", "pincushion"])
EVEN_KNOTS = pytest.mark.parametrize("equidistant", [True, False], ids=["even", "uniform in r²"])


def correction(lens: LensProfile, equidistant: bool = False, size: tuple[int, int] = (HEIGHT, WIDTH)) -> LensCorrection:
    fields = lens_fields(lens, *size, equidistant)
    tables = parse_lens_tables({tag: tuple(map(int, field.values)) for tag, field in fields.items()})
    assert tables is not None
    made = lens_correction(tables, *size)
    assert made is not None
    return made


def geometry(lens: LensCorrection | None = None, angle: float = 0.0) -> Geometry:
    return Geometry(HEIGHT, WIDTH, 0, 0, HEIGHT, WIDTH, angle, lens)


def dots(places: list[tuple[float, float]]) -> np.ndarray:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    scene = sum(np.exp(-((y - row) ** 2 + (x - column) ** 2) / 8) for row, column in places)
    return np.repeat(np.float32(scene)[..., None], 3, axis=2)


def blob(image: np.ndarray, y: float, x: float) -> tuple[float, float]:
    """The centre of gravity within 7 px of a place."""
    top, left = round(y) - 7, round(x) - 7
    box = image[top : top + 15, left : left + 15].astype(float)
    rows, columns = np.mgrid[top : top + 15, left : left + 15]
    return float((box * rows).sum() / box.sum()), float((box * columns).sum() / box.sum())


@LENSES
@EVEN_KNOTS
def test_dots_come_back_to_their_places_in_all_colours(lens: LensProfile, equidistant: bool) -> None:
    middle = (HEIGHT - 1) / 2, (WIDTH - 1) / 2
    offsets = [(24.0, 36.0), (-108.0, 120.0), (126.5, -198.5), (-140.0, 0.0), (0.0, 220.0)]
    corrected = correction(lens, equidistant)
    seen = through_lens(dots([(middle[0] + dy, middle[1] + dx) for dy, dx in offsets]), replace(lens, vignetting=()))
    picture = resample(seen, geometry(corrected))
    scale = float(corrected.ratio[1, 0])
    for dy, dx in offsets:
        meant = middle[0] + dy / scale, middle[1] + dx / scale
        found = np.array([blob(picture[..., channel], *meant) for channel in range(3)])
        assert np.hypot(*(found[1] - meant)) < 0.1
        assert np.hypot(*(found - found[1]).T).max() < 0.05


@LENSES
def test_a_flat_field_becomes_flat(lens: LensProfile) -> None:
    picture = resample(through_lens(np.full((HEIGHT, WIDTH, 3), 0.4, np.float32), lens), geometry(correction(lens)))
    assert np.abs(np.log2(picture / 0.4)).max() < 0.02  # the header's whole pixels are a lot here


def test_what_needs_no_interpolation_is_the_sensors_pixels() -> None:
    image = np.random.default_rng(0).random((HEIGHT, WIDTH, 3), np.float32)
    assert resample(image, geometry()) is image
    cut = Geometry(HEIGHT, WIDTH, 11, 20, 100, 77)
    assert np.array_equal(resample(image, cut), image[11:111, 20:97])
    light = correction(replace(PINCUSHION, distortion=(), red=(), blue=()))
    brightened = resample(image, replace(cut, lens=light))
    assert not light.moves
    gain = brightened / image[11:111, 20:97]
    assert np.allclose(gain, gain[..., :1], rtol=1e-6)
    radius = math.hypot(11 - 179.5, 20 - 269.5) / (math.hypot(HEIGHT, WIDTH) / 2)
    light_there = 1 - 0.313 * radius**2 - 0.074 * radius**4 - 0.101 * radius**6
    assert gain[0, 0, 0] == pytest.approx(1 / light_there, rel=5e-3)


@pytest.mark.parametrize(
    ("frequency", "decibels"), [(0.05, 60), (0.15, 48), (0.25, 42), (0.35, 37)], ids=lambda value: str(value)
)
@pytest.mark.parametrize("direction", [0.0, 30.0, 90.0])
def test_sinusoids_come_back(frequency: float, decibels: float, direction: float) -> None:
    turned = geometry(angle=math.radians(3))
    k, across = 2 * math.pi * frequency, math.radians(direction)

    def wave(y: np.ndarray, x: np.ndarray) -> np.ndarray:
        return 0.5 + 0.5 * np.sin(k * (x * math.cos(across) + y * math.sin(across)) + 0.3)

    image = np.repeat(wave(*np.mgrid[:HEIGHT, :WIDTH])[..., None], 3, axis=2).astype(np.float32)
    rows, columns, _ = turned.source_points(np.arange(HEIGHT, dtype=float), np.arange(WIDTH, dtype=float))
    inner = np.s_[40:-40, 40:-40]
    error = resample(image, turned)[..., 1][inner] - wave(rows[0], columns[0])[inner]
    assert -10 * np.log10(np.mean(error**2)) > decibels


def mtf50(edge: np.ndarray, angle: float) -> float:
    """The frequency, in cycles a pixel, at which a slanted edge's contrast has halved (ISO 12233)."""
    height, width = edge.shape
    y, x = np.mgrid[:height, :width]
    across = (x - (width - 1) / 2) * math.cos(angle) + (y - (height - 1) / 2) * math.sin(angle)
    bins = np.round(across * 4).astype(int)
    some = np.abs(bins) < 120
    sums, counts = (np.bincount(bins[some] + 120, weights) for weights in (edge[some], None))
    spread = np.diff(sums[1:-1] / counts[1:-1]) * np.hanning(len(sums) - 3)
    response = np.abs(np.fft.rfft(spread, 4096))
    frequencies = np.fft.rfftfreq(4096, 0.25)
    return float(frequencies[np.argmax(response / response[0] < 0.5)])


def test_a_slanted_edge_stays_sharp() -> None:
    """Of a lens as sharp as pixels can show: contrast halves at 0.3 cycles a pixel."""
    turned, slant = geometry(angle=math.radians(1.3)), math.radians(5)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    across = (x - (WIDTH - 1) / 2) * math.cos(slant) + (y - (HEIGHT - 1) / 2) * math.sin(slant)
    sigma = math.sqrt(math.log(2) / 2) / (math.pi * 0.3)
    steps = np.linspace(-60, 60, 12001)
    rising = np.cumsum(np.exp(-(steps**2) / (2 * sigma**2)))
    edge = np.interp(across, steps, 0.1 + 0.8 * rising / rising[-1]).astype(np.float32)
    picture = resample(np.repeat(edge[..., None], 3, axis=2), turned)
    inner = np.s_[120:-120, 150:-150]
    before, after = mtf50(edge[inner], slant), mtf50(picture[..., 1][inner], slant + turned.angle)
    assert before == pytest.approx(0.3, abs=0.01)
    assert 0.97 < after / before < 1.03  # nor sharper than it was


def test_highlights_do_not_ring() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 0.2, np.float32)
    image[100:250, 200:400] = 9.0
    own = replace(correction(BARREL), gain=np.ones(2048))
    picture = resample(image, geometry(own, math.radians(2)))
    assert picture.max() <= 9.0
    assert picture.min() >= 0.2 - 0.02


@pytest.mark.parametrize("level", [0, 1, 2])
def test_areas_equal_the_whole(level: int) -> None:
    lens = geometry(correction(PINCUSHION), math.radians(-4))
    step = 1 << level
    image = np.random.default_rng(0).random((HEIGHT // step, WIDTH // step, 3), np.float32)
    image = image + np.float32(0.4)
    height, width = HEIGHT // step, WIDTH // step
    whole = sample_area(image, lens, range(height), range(width), level)
    rows, columns = range(48, min(height, 130)), range(40, min(width, 97))
    top, left, bottom, right = source_area(lens, rows, columns, level)
    part = sample_area(image[top:bottom, left:right], lens, rows, columns, level, (top, left))
    assert np.allclose(part, whole[48 : rows.stop, 40 : columns.stop], atol=2e-3)


def frame(**changes: object) -> RawFrame:
    made = simulate_frame(np.full((HEIGHT, WIDTH, 3), 0.2, np.float32), SensorModel())
    return replace(made, **changes)  # type: ignore[arg-type]


def test_one_map_is_lens_crop_and_angle_in_sequence() -> None:
    fields = lens_fields(BARREL, HEIGHT, WIDTH, False)
    tables = parse_lens_tables({tag: tuple(map(int, field.values)) for tag, field in fields.items()})
    one = make_geometry(frame(lens=tables), Look(crop=(0.2, 0.1, 0.5, 0.6), straighten=7.0))
    lens_only = make_geometry(frame(lens=tables), Look(crop=(0.0, 0.0, 1.0, 1.0)))
    cut_only = make_geometry(frame(), Look(crop=(0.2, 0.1, 0.5, 0.6), straighten=7.0))
    for y, x in ((0.0, 0.0), (37.0, 210.5), (one.height - 1.0, 4.0)):
        assert one.to_source(y, x) == pytest.approx(lens_only.to_source(*cut_only.to_source(y, x)), abs=0.01)
        assert one.from_source(*one.to_source(y, x)) == pytest.approx((y, x), abs=0.01)


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("angle", [0.0, 0.03])
def test_a_draft_lies_where_the_picture_does(level: int, angle: float) -> None:
    turned = geometry(correction(BARREL), angle)
    y, x = np.mgrid[: HEIGHT >> level, : WIDTH >> level] * (1 << level) / 40
    source = np.stack([0.3 + 0.2 * np.sin(x) * np.cos(y)] * 3, -1).astype(np.float32)
    rows, columns = range(20 >> level, 200 >> level), range(100 >> level, 300 >> level)
    top, left, bottom, right = source_area(turned, rows, columns, level)
    part = source[top:bottom, left:right]
    draft = draft_area(part, turned, rows, columns, level, (top, left))
    exact = sample_area(part, turned, rows, columns, level, (top, left))
    assert draft.shape == exact.shape
    assert np.abs(draft - exact).max() < 0.012  # a step of one pixel makes 0.02 at level 2
    assert np.abs(draft - exact).mean() < 0.002
