"""Thumbnails of files without a JPEG: the picture's own colours, upright and small."""

from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import write_dng
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import Look
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.inspection.raw_thumbnail import raw_thumbnail
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import phases


@pytest.mark.parametrize("number", [2, 13])
def test_a_thumbnail_has_the_pictures_colours(tmp_path: Path, number: int) -> None:
    halves = np.empty((600, 900, 3), np.float32)
    halves[:, :450], halves[:, 450:] = (0.5, 0.2, 0.1), (0.1, 0.3, 0.6)
    frame = simulate_frame(halves, SensorModel(cfa=phases()[number], orientation=6))
    write_raf(tmp_path / "a.RAF", frame)
    small = raw_thumbnail(tmp_path / "a.RAF", 75)
    assert small.shape == (75, 50, 3)
    expected = render_srgb8(halves[:1], frame, Look())  # turned: the left half is above
    for half, at in ((small[4:33, 3:47], 0), (small[42:71, 3:47], -1)):
        assert np.abs(half.astype(int) - expected[at, 0]).max() <= 2


def test_a_dng_without_preview_has_one(tmp_path: Path) -> None:
    write_dng(tmp_path / "a.dng", phases()[8])
    assert raw_thumbnail(tmp_path / "a.dng", 320).shape == (10, 11, 3)  # the periods of the pattern that are whole


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedRaw, match="no such file"):
        raw_thumbnail(tmp_path / "a.dng", 320)
