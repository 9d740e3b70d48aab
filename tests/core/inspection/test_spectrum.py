"""The spectrum's peaks: waves of known frequency and amplitude."""

import numpy as np
import pytest

from xtdm_core.inspection.spectrum import SIDE, amplitude_spectrum, grid_peaks, profile


def wave(kx: int, ky: int, amplitude: float, side: int = 2 * SIDE) -> np.ndarray:
    y, x = np.mgrid[:side, :side]
    return (amplitude * np.cos(2 * np.pi * (kx * x + ky * y) / 6 + 0.4)).astype(np.float32)


def noise(side: int = 2 * SIDE) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(side, side, 3)).astype(np.float32)


@pytest.mark.parametrize(("kx", "ky"), [(1, 0), (0, 1), (2, 3), (-2, 1), (1, 2)])
def test_a_wave_stands_where_it_belongs(kx: int, ky: int) -> None:
    picture = wave(kx, ky, 0.5)[..., None] + noise()
    first, second, *_ = grid_peaks(amplitude_spectrum(picture))
    assert (first.kx, first.ky) == (kx, ky)
    assert first.amplitude == pytest.approx(0.25, rel=0.1)
    assert first.ratio > 10
    assert second.ratio < 1.6


def test_every_pair_of_frequencies_is_there_once() -> None:
    places = [(peak.kx % 6, peak.ky % 6) for peak in grid_peaks(amplitude_spectrum(noise()))]
    mirrored = {(-kx % 6, -ky % 6) for kx, ky in places}
    assert len(places) == len(set(places))
    assert len(set(places) | mirrored) == 35


def test_noise_and_a_picture_with_ridges_have_no_peaks() -> None:
    edges = np.zeros((384, 384, 3), np.float32)
    edges[:, 131:] += 80
    edges[77:] += 50
    for picture in (noise(), edges + noise()):
        assert grid_peaks(amplitude_spectrum(picture))[0].ratio < 1.6


def test_a_sign_that_varies_does_not_hide_the_wave() -> None:
    picture = wave(1, 2, 1.0)
    picture[:SIDE] *= -1
    assert grid_peaks(amplitude_spectrum(picture))[0].amplitude == pytest.approx(0.5, rel=0.01)


def test_a_picture_without_anything_has_no_peaks() -> None:
    assert grid_peaks(amplitude_spectrum(np.full((192, 192), 9, np.float32)))[0].ratio < 0.01


def test_the_spectrum_is_numpys_whole_one() -> None:
    block = noise(96)[:96, :96, 0]
    line = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(96) / 96)
    window = np.outer(line, line)
    whole = np.abs(np.fft.fft2((block - block.mean()) * window)) / window.sum()
    assert amplitude_spectrum(block, 96) == pytest.approx(whole, abs=1e-5)


def test_the_profile_peaks_on_the_grids_lines_only() -> None:
    curve = profile(amplitude_spectrum(wave(1, 2, 1.0)[..., None] + noise()))
    assert curve.shape == (SIDE // 2 + 1,)
    assert curve[0] == 0
    assert set(np.flatnonzero(curve > 5)) <= {31, 32, 33, 63, 64, 65}
    assert min(curve[32], curve[64]) > 10
    assert np.median(curve) < 2


def test_blocks_must_fit_and_hold_whole_periods() -> None:
    with pytest.raises(ValueError, match="multiple of 6"):
        amplitude_spectrum(noise(), 100)
    with pytest.raises(ValueError, match="192 px"):
        amplitude_spectrum(noise(96))
