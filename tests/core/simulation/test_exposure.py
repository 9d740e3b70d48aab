"""What the sensor gives: exact light, noise by the law, saturation, defects, flare."""

import numpy as np
import pytest

from xtdm_core.simulation import Shot, camera_rgb, expose, find_body
from xtdm_core.simulation.exposure import Exposure, picture_cfa
from xtdm_core.xtrans import mosaic, tile_pattern


def flat(value: float, side: int = 96) -> np.ndarray:
    return np.full((side, side, 3), value, np.float32)


def units(exposure: Exposure) -> np.ndarray:
    """The picture in sensor units."""
    readout = exposure.shot.body.readout
    return (exposure.picture.astype(float) - readout.black) / (readout.white - readout.black)


def colours(exposure: Exposure) -> np.ndarray:
    return tile_pattern(exposure.cfa, exposure.height, exposure.width)


@pytest.mark.parametrize("model", ["X-T4", "X-T2", "X-Pro1", "X30"])
@pytest.mark.parametrize("dynamic_range", [100, 400])
def test_without_errors_it_is_exact(model: str, dynamic_range: int) -> None:
    scene = np.random.default_rng(0).uniform(0, 1, (60, 72, 3)).astype(np.float32)
    shot = Shot(find_body(model), iso=800, dynamic_range=dynamic_range, noisy=False, exposure_ev=-0.5)
    exposure = expose(scene, shot)
    gains = tile_pattern(np.array(shot.gains)[picture_cfa(shot)], 60, 72)
    expected = mosaic(camera_rgb(scene, shot), picture_cfa(shot)) / gains
    step = 1 / (shot.body.readout.white - shot.body.readout.black)
    inside = expected < shot.body.saturation_units.min() - 0.01
    assert inside.mean() > 0.9
    assert np.abs(units(exposure) - expected)[inside].max() <= 0.501 * step


def test_white_is_neutral_and_lies_where_the_bias_says() -> None:
    for dynamic_range, bias in ((100, -0.72), (200, -1.72), (400, -2.72)):
        seen = camera_rgb(flat(1.0), Shot(iso=640, dynamic_range=dynamic_range))
        assert np.allclose(seen, 2**bias, rtol=1e-5)
    assert np.allclose(camera_rgb(flat(1.0), Shot(exposure_ev=1.5)), 2 ** (1.5 - 0.72), rtol=1e-5)


@pytest.mark.parametrize(
    ("model", "iso", "a", "sigma"), [("X-T4", 6400, 130e-5, 11e-4), ("X-Pro2", 200, 3.5e-5, 2.6e-4)]
)
@pytest.mark.parametrize("light", [0.01, 0.4])
def test_noise_has_the_variance_of_the_body(model: str, iso: int, a: float, sigma: float, light: float) -> None:
    exposure = expose(flat(light, 480), Shot(find_body(model), iso=iso, seed=5))
    values, colour = units(exposure), colours(exposure)
    for channel in range(3):
        seen = values[colour == channel]
        x = light * 2**-0.72 / exposure.shot.gains[channel]
        rounding = (1 / 15361) ** 2 / 12
        assert seen.mean() == pytest.approx(x, abs=5 * np.sqrt((a * x + sigma**2) / seen.size))
        assert seen.var() == pytest.approx(a * x + sigma**2 + rounding, rel=0.03)


def test_dynamic_range_takes_the_noise_of_half_and_quarter_iso() -> None:
    for dynamic_range, iso in ((100, 400), (200, 800), (400, 1600)):
        exposure = expose(flat(0.1), Shot(iso=iso, dynamic_range=dynamic_range))
        assert exposure.noise.a == pytest.approx(7.7e-5)


@pytest.mark.parametrize("model", ["X-Pro2", "X-T3", "X-T1"])
@pytest.mark.parametrize("iso", [200, 6400])
def test_each_colour_saturates_at_its_level(model: str, iso: int) -> None:
    body = find_body(model)
    exposure = expose(flat(12.0, 360), Shot(body, iso=iso))
    colour = colours(exposure)
    for channel, level in enumerate(body.saturation):
        seen = exposure.picture[colour == channel].astype(float)
        assert seen.mean() == pytest.approx(level, abs=1)
        assert np.abs(seen - level).max() <= 50.5
        assert 14 < seen.std() < 20


def test_a_nominal_level_is_the_top_of_the_pile() -> None:
    exposure = expose(flat(12.0, 360), Shot(find_body("X-T5"), iso=200))
    assert exposure.picture.max() == 16383
    assert 0.4 < (exposure.picture == 16383).mean() < 0.6
    assert exposure.picture.min() >= 16333


def test_twelve_bits_saturate_in_their_own_units() -> None:
    exposure = expose(flat(12.0, 360), Shot(find_body("X-Pro1"), iso=200))
    assert exposure.picture.max() <= 4095
    greens = exposure.picture[colours(exposure) == 1]
    assert greens.mean() == pytest.approx(4089.5, abs=1)


def test_noise_is_clipped_after_it_is_added() -> None:
    # Half of what lies at the saturation level is cut off: the mean bends down and the spread falls.
    body = find_body("X-T3")
    light = float(body.saturation_units[1] / 2**-0.72)
    exposure = expose(flat(light, 480), Shot(body, iso=6400))
    seen = units(exposure)[colours(exposure) == 1]
    sigma = np.sqrt(123e-5)
    assert seen.mean() == pytest.approx(body.saturation_units[1] - sigma / np.sqrt(2 * np.pi), abs=2e-4)
    assert seen.std() == pytest.approx(sigma * np.sqrt(0.5 - 1 / (2 * np.pi)), rel=0.02)


def test_margins_are_masked_and_hold_the_read_noise() -> None:
    exposure = expose(flat(0.5), Shot(iso=12800))
    assert exposure.readout.shape == (96 + 4182 - 4160, 96 + 6384 - 6240)
    dark = exposure.readout[:, -130:].astype(float)
    assert dark.mean() == pytest.approx(1022, abs=1)
    assert dark.std() == pytest.approx(19e-4 * (16383 - 1022), rel=0.03)


def test_defects_are_where_they_are_said_to_be() -> None:
    shot = Shot(noisy=False, hot_pixels=40, dead_pixels=15)
    exposure = expose(flat(0.2, 240), shot)
    clean = expose(flat(0.2, 240), Shot(noisy=False)).picture.astype(int)
    change = exposure.picture.astype(int) - clean
    hot, dead = exposure.defects.hot, exposure.defects.dead
    assert (change > 0).sum() == 40
    assert (change < 0).sum() == 15
    assert (change[tuple(hot.T)] > 200).all()
    assert (exposure.picture[tuple(dead.T)] == 1022).all()


def test_seeds() -> None:
    def pictures(**seeds: int) -> tuple[np.ndarray, np.ndarray]:
        noisy = expose(flat(0.3), Shot(hot_pixels=3, **seeds))
        return noisy.picture, noisy.defects.hot

    (first, hot), (same, _) = pictures(seed=1), pictures(seed=1)
    assert np.array_equal(first, same)
    other, still = pictures(seed=2)
    assert not np.array_equal(first, other)
    assert np.array_equal(hot, still)
    assert not np.array_equal(hot, pictures(sensor_seed=1)[1])


def test_defects_leave_the_other_photosites_alone() -> None:
    plain = expose(flat(12.0), Shot())
    defective = expose(flat(12.0), Shot(dead_pixels=7))
    assert (plain.picture != defective.picture).sum() == 7


def test_flare_has_the_period_of_the_pattern_and_keeps_flat_colours() -> None:
    settings = {"noisy": False, "body": find_body("X-T2"), "iso": 400}
    lit, plain = (units(expose(flat(0.2, 240), Shot(flare=flare, **settings))) for flare in (0.5, 0))
    glow = (lit - plain)[66:90, 66:90]
    cells = glow.reshape(4, 6, 4, 6).mean(axis=(0, 2))
    cfa = picture_cfa(Shot(**settings))
    gains = np.array(Shot(**settings).gains)
    for channel in range(3):
        cell = cells[cfa == channel] * gains[channel]
        assert cell.mean() == pytest.approx(0.5 * 2**-0.72, rel=0.1)
        assert np.ptp(cell) > 0.05 * cell.mean()
