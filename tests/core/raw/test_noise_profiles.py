"""The table of sensors' noise."""

import math

import pytest

from xtdm_core.raw.noise_profiles import NoiseProfile, noise_profile


@pytest.mark.parametrize("model", ["X-T4", "X-T2", "X-Pro1", "X-H2", "X30"])
def test_the_tables_points_are_met(model: str) -> None:
    profile = noise_profile(model)
    for iso, a, sigma in profile.points:
        noise = profile.at(iso)
        assert noise.a == pytest.approx(a)
        assert math.sqrt(noise.b) == pytest.approx(sigma)


def test_photon_noise_follows_iso_and_read_noise_has_a_step() -> None:
    profile = noise_profile("X-T4")
    assert profile.at(566).a == pytest.approx(7.7e-5 * 2**0.5, rel=0.01)
    electrons = [math.sqrt(profile.at(iso).b) / profile.at(iso).a for iso in (499, 500)]
    assert 0.6 < electrons[1] / electrons[0] < 0.75


def test_beyond_what_a_sensor_can_do_nothing_changes() -> None:
    profile = noise_profile("X-T5")
    assert profile.at(51200) == profile.at(10000)
    assert profile.at(1e-9) == profile.at(80)


@pytest.mark.parametrize(("name", "same"), [("X-E1", "X-Pro1"), ("x-pro2", "X-Pro2"), ("X-T30 III", "X-T4")])
def test_siblings_share_a_profile(name: str, same: str) -> None:
    assert noise_profile(name) is noise_profile(same)


def test_an_unknown_camera_has_that_of_its_generation() -> None:
    assert noise_profile("X-T9", 26_000_000) is noise_profile("X-T4")
    assert noise_profile("X-T9", 40_000_000) is noise_profile("X-T5")


@pytest.mark.parametrize("model", ["X-Pro1", "X-T10", "X-T2", "X-T3", "X100V", "X-H2S", "X-H2"])
def test_figures_are_those_of_a_sensor(model: str) -> None:
    profile: NoiseProfile = noise_profile(model)
    isos = [iso for iso, _, _ in profile.points]
    assert isos == sorted(isos)
    assert isos[-1] <= profile.top_iso
    for iso, a, _ in profile.points[1:]:
        assert 1.4e-7 < a / iso < 3.6e-7  # the photon noise grows with ISO, as fast as the photosites are small
