"""A table on a picture: the colours of the transform it was made of, greys neutral, HDR without a step."""

from pathlib import Path

import numpy as np
import pytest

from tests.core.develop.test_lut import cube
from xtdm_core.choices import LutInput, ToneCurve
from xtdm_core.develop.color import apply_matrix, rec2020_to_srgb, srgb_encode, srgb_to_p3
from xtdm_core.develop.hdr_rendition import hlg_signal, render_hdr_p3
from xtdm_core.develop.log_curves import _to_f_gamut_c
from xtdm_core.develop.tone import NEUTRAL, Look, tone_map_srgb

BOTH = pytest.mark.parametrize("curve", [ToneCurve.NEUTRAL, ToneCurve.STANDARD])


def f_log2_light(code: np.ndarray) -> np.ndarray:
    """F-Log2's inverse, as its data sheet has it."""
    return np.where(
        code >= 0.100686685370811,
        (10 ** ((code - 0.384316) / 0.245281) - 0.064829) / 5.555556,
        (code - 0.092864) / 8.799461,
    )


WARM = np.array([1.02, 1.0, 0.95])


def film(code: np.ndarray, tint: np.ndarray = WARM) -> np.ndarray:
    """F-Log2 C to a display's code: a curve on BT.709 light, warmer."""
    light = f_log2_light(code) @ np.linalg.inv(_to_f_gamut_c().astype(float)).T @ rec2020_to_srgb().T
    shown = np.maximum(light, 0) ** 1.1
    shown = shown / (shown + 0.5) * tint
    return np.clip(shown, 0, 1) ** (1 / 2.4)


@pytest.fixture
def film_lut(tmp_path: Path) -> str:
    path = tmp_path / "film.cube"
    path.write_text(cube(65, film))
    return str(path)


def scene(*colours: tuple[float, float, float]) -> np.ndarray:
    return np.float32(colours)[None]


@BOTH
def test_a_film_simulation_gives_its_colours(film_lut: str, curve: ToneCurve) -> None:
    some = np.random.default_rng(0).uniform(0.5, 1, (1, 300, 3)) * np.geomspace(0.02, 1, 300)[:, None]
    colours = some.astype(np.float32)  # within BT.709: at its border a table is as coarse as its grid
    look = Look(tone_curve=curve, lut=film_lut, lut_input=LutInput.F_LOG2C)
    light = np.maximum(colours[0] @ rec2020_to_srgb().T, 0) ** 1.1
    wanted = np.clip(light / (light + 0.5) * WARM, 0, 1)
    got = tone_map_srgb(colours, look)[0]
    assert np.abs(srgb_encode(got) - srgb_encode(wanted)).max() < 0.01
    exposed = tone_map_srgb(colours / 2, Look(1.0, tone_curve=curve, lut=film_lut, lut_input=LutInput.F_LOG2C))
    assert np.allclose(exposed[0], got, atol=1e-5)


def test_greys_are_neutral_where_the_table_is(tmp_path: Path) -> None:
    path = tmp_path / "neutral.cube"
    path.write_text(cube(17, lambda code: film(code, np.ones(3))))
    greys = np.repeat(np.geomspace(0.001, 50, 300, dtype=np.float32)[None, :, None], 3, axis=2)
    look = Look(lut=str(path), lut_input=LutInput.F_LOG2C)
    shown = tone_map_srgb(greys, look)[0]
    assert np.ptp(srgb_encode(shown), axis=-1).max() < 2e-3
    assert (np.diff(shown[:, 1]) > -1e-4).all()


def warmer(code: np.ndarray) -> np.ndarray:
    return np.clip(code * np.array([1.0, 0.95, 0.8]) ** (1 / 2.2), 0, 1)


@BOTH
@pytest.mark.parametrize("kind", ["display", "log"])
def test_hdr_is_sdr_in_the_middle_and_goes_on_without_a_step(
    tmp_path: Path, film_lut: str, curve: ToneCurve, kind: str
) -> None:
    path = tmp_path / "warm.cube"
    path.write_text(cube(17, warmer))
    lut = {"lut": str(path)} if kind == "display" else {"lut": film_lut, "lut_input": LutInput.F_LOG2C}
    look = Look(tone_curve=curve, **lut)  # type: ignore[arg-type]
    ramp = np.geomspace(0.002, 6, 4000, dtype=np.float32)
    for tint in ((1, 1, 1), (1, 0.7, 0.5), (0.6, 0.8, 1)):
        light = (ramp[:, None] * np.float32(tint))[None]
        hdr = render_hdr_p3(light, look)[0]
        sdr = apply_matrix(srgb_to_p3(), tone_map_srgb(light, look))[0]
        plain = tone_map_srgb(light, Look(tone_curve=curve))[0]
        below = plain.max(axis=-1) < 0.6
        assert np.abs(hdr - sdr)[below].max() < 0.01
        assert np.abs(np.diff(hdr + 1 / 64, axis=0) / (hdr[1:] + 1 / 64)).max() < 0.02
        assert (np.diff(hdr.sum(axis=-1)) > -2e-3).all()
        signal = hlg_signal(light, look)[0]
        assert np.abs(np.diff(signal, axis=0)).max() < 0.01
    assert hdr.max() > 1.5


def test_the_strength_blends_codes(film_lut: str) -> None:
    light = scene((0.3, 0.2, 0.1), (0.9, 0.8, 0.7))
    codes = [
        srgb_encode(tone_map_srgb(light, Look(lut=film_lut, lut_input=LutInput.F_LOG2C, lut_strength=strength)))
        for strength in (0.0, 0.5, 1.0)
    ]
    assert np.allclose(codes[0], srgb_encode(tone_map_srgb(light, Look())), atol=1e-5)
    assert np.allclose(codes[1], (codes[0] + codes[2]) / 2, atol=1e-5)


def test_hlg_is_scene_referred_without_a_table_only(film_lut: str) -> None:
    light = scene((0.18, 0.18, 0.18))
    assert np.array_equal(hlg_signal(light, Look()), hlg_signal(light, NEUTRAL))
    graded = hlg_signal(light, Look(lut=film_lut, lut_input=LutInput.F_LOG2C))
    assert not np.allclose(graded, hlg_signal(light, Look()), atol=0.01)
