"""The table of cameras."""

from pathlib import Path

import numpy as np
import pytest
import rawpy

from xtdm_core.errors import BadOption
from xtdm_core.simulation import BODIES, find_body, write_camera_raf
from xtdm_core.xtrans import is_xtrans

SCENE = np.full((66, 72, 3), 0.2, np.float32)


@pytest.mark.parametrize("model", [name for name in BODIES if name != "X-E5"])
def test_colours_and_levels_are_those_of_libraw(tmp_path: Path, model: str) -> None:
    write_camera_raf(tmp_path / "a.RAF", SCENE, model, iso=400)
    body = BODIES[model]
    with rawpy.imread(str(tmp_path / "a.RAF")) as raw:
        assert np.allclose(raw.rgb_xyz_matrix[:3], body.matrix, atol=1e-6)
        assert raw.white_level == body.readout.white
        assert set(raw.black_level_per_channel) == {body.readout.black}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_figures_are_possible(body) -> None:
    readout = body.readout
    top, left, height, width = readout.crop
    assert top + height <= readout.size[0]
    assert left + width <= readout.size[1]
    assert is_xtrans(readout.cfa)
    assert 0.98 < body.saturation_units.min() <= body.saturation_units.max() <= 1
    red, green, blue = body.daylight_gains()
    assert (1.3 < red < 2.8, green, 1.3 < blue < 2.7) == (True, 1.0, True)
    assert body.base_iso < body.noise.top_iso


def test_the_phases_of_published_files() -> None:
    def row(model: str, y: int) -> str:
        return "".join("RGB"[c] for c in find_body(model).readout.cfa[y])

    assert row("X-T4", 0) == row("X-T2", 1) == row("X-T1", 1) == row("X-Pro1", 0) == "GGRGGB"
    assert row("X-T4", 2) == "BRGRBG"
    assert row("X30", 1) == "BGGRGG"


def test_names_in_any_case_and_unknown_ones() -> None:
    assert find_body("x-pro3").model == "X-Pro3"
    with pytest.raises(BadOption, match=r"no simulated camera 'X-A1': give one of X-Pro1"):
        find_body("X-A1")
