"""The tables of a RAF: published samples, the three shapes, and damage."""

from pathlib import Path

import numpy as np
import pytest

from tests.core.simulation.raf_parts import raw_fields
from xtdm_core.raw.lens_tables import ABERRATION, DISTORTION, VIGNETTING, parse_lens_tables
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation import BARREL, write_camera_raf

# Published dumps: an X-T4 with a zoom, an X-E2S with the XF18-55 at 31.5 mm, an X100T with its wide converter.
XT4_KNOTS = [502, 710, 870, 1004, 1123, 1230, 1328, 1420, 1506]
XT4_D = [35789, 64000, 92105, 121578, 152315, 183578, 216947, 251473, 286000]
XT4_RED, XT4_BLUE = [4, 2, -2, -6, -8, -12, -14, -18, -18], [-58, -54, -50, -46, -40, -32, -24, -16, -16]
XT4_V = [192752, 183960, 176751, 171126, 158275, 138976, 119700, 101213, 87673]
XE2S_D = [0, 102, 205, 307, 408, 517, 660, 879, 1184, 1598, 2158]
XE2S_RED = [103, 188, 238, 235, 183, 102, 7, -102, -227, -366]
XE2S_BLUE = [-38, -66, -71, -42, 30, 140, 235, 376, 540, 793]
X100T_D = [0, -185, -428, -786, -1313, -1992, -2742, -3546, -4337, -5061, -5664]
Entries = dict[int, tuple[int, ...]]


def pairs(numbers: list[int], unit: int) -> list[int]:
    return [part for number in numbers for part in (number, unit)]


def xt4() -> Entries:
    header, knots = [3749, 9], pairs(XT4_KNOTS, 1420)
    aberration = [*header, *knots, *pairs(XT4_RED, 65536), *pairs(XT4_BLUE, 65536), *header]
    return {
        DISTORTION: (*header, *knots, *pairs(XT4_D, 65536)),
        ABERRATION: tuple(aberration),
        VIGNETTING: (*header, *knots, *pairs(XT4_V, 2048)),
    }


def second_generation(distortion: list[int]) -> Entries:
    header, knots = [2942, 11], pairs(list(range(11)), 10)
    aberration = [*header, *knots[2:], *pairs(XE2S_RED, 1_000_000), *pairs(XE2S_BLUE, 1_000_000)]
    return {DISTORTION: (*header, *knots, *pairs(distortion, 1000)), ABERRATION: tuple(aberration)}


def test_the_published_table_of_an_xt4() -> None:
    lens = parse_lens_tables(xt4())
    assert lens is not None
    assert lens.distortion is not None
    assert lens.red is not None
    assert lens.blue is not None
    assert lens.vignetting is not None
    assert lens.distortion.radius == lens.red.radius == lens.vignetting.radius == 3749
    knots = np.array(lens.distortion.knots)
    assert (knots[0], lens.distortion.values[0], lens.red.values[0], lens.vignetting.values[0]) == (0, 0, 0, 100)
    assert np.allclose(knots[1:], np.sqrt(np.arange(1, 10) / 8), atol=4e-4)
    assert lens.distortion.values[1] == pytest.approx(0.546, abs=5e-4)
    assert lens.distortion.values[-1] == pytest.approx(4.364, abs=5e-4)
    assert lens.red.values[1] == 4 / 65536
    assert lens.blue.values[1] == -58 / 65536
    assert (lens.vignetting.values[1], lens.vignetting.values[-1]) == pytest.approx((94.1, 42.8), abs=0.05)


def test_the_published_tables_with_even_knots() -> None:
    lens = parse_lens_tables(second_generation(XE2S_D))
    assert lens is not None
    assert lens.distortion is not None
    assert lens.red is not None
    assert lens.blue is not None
    assert lens.vignetting is None
    assert lens.distortion.radius == lens.red.radius == 2942
    assert lens.distortion.knots == lens.red.knots == tuple(np.arange(11) / 10)
    assert lens.distortion.values[-1] == 2.158
    assert (lens.red.values[0], lens.red.values[1], lens.blue.values[-1]) == pytest.approx((0, 1.03e-4, 7.93e-4))
    barrel = parse_lens_tables(second_generation(X100T_D))
    assert barrel is not None
    assert barrel.distortion is not None
    assert barrel.distortion.values[-1] == -5.664


def damaged(change: str) -> Entries:
    entries = {tag: list(numbers) for tag, numbers in xt4().items()}
    table = entries[DISTORTION]
    if change == "short":
        del table[-2:]
    elif change == "half a number":
        del table[-1:]
    elif change == "nothing":
        table.clear()
    elif change == "zero denominator":
        table[7] = 0
    elif change == "falling knots":
        table[4] = 10
    elif change == "knots too far":
        table[2:20:2] = [5 * knot for knot in table[2:20:2]]
    elif change == "impossible":
        table[-2] = 65536 * 90
    return {tag: tuple(numbers) for tag, numbers in entries.items()}


@pytest.mark.parametrize(
    "change", ["short", "half a number", "nothing", "zero denominator", "falling knots", "knots too far", "impossible"]
)
def test_a_damaged_table_turns_its_correction_off(change: str) -> None:
    lens = parse_lens_tables(damaged(change))
    assert lens is not None
    assert lens.distortion is None
    assert lens.red is not None
    assert lens.vignetting is not None


def test_a_file_without_tables_has_none() -> None:
    assert parse_lens_tables({0xF00A: (1024,) * 36}) is None


@pytest.mark.parametrize("model", ["X-T2", "X-T4"])
def test_tables_are_read_from_the_file(tmp_path: Path, model: str) -> None:
    path = tmp_path / "a.RAF"
    write_camera_raf(path, np.full((600, 606, 3), 0.2, np.float32), model, iso=400, lens=BARREL)
    lens, fields = read_raw(path).lens, raw_fields(path)
    assert lens is not None
    assert lens.distortion is not None
    count = (len(fields[DISTORTION]) - 1) // 2
    assert np.allclose(lens.distortion.values[-count:], fields[DISTORTION][-count:])
    assert lens.distortion.radius == 426
    write_camera_raf(path, np.full((600, 606, 3), 0.2, np.float32), model, iso=400, lens=None)
    assert read_raw(path).lens is None
