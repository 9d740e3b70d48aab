"""Aspect and tele-converter: rectangles in the middle, told by tags."""

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.core.simulation.raf_parts import records
from xtdm_core.errors import BadOption
from xtdm_core.simulation import Shot, write_camera_raf
from xtdm_core.simulation.framing import framed_box, zoom_box


@pytest.mark.parametrize(
    ("aspect", "zoom", "box"),
    [
        ("3:2", 1.0, (0, 0, 4160, 6240)),
        ("1:1", 1.0, (0, 1040, 4160, 4160)),
        ("16:9", 1.0, (325, 0, 3510, 6240)),
        ("3:2", 2.0, (1040, 1560, 2080, 3120)),
        ("1:1", 2.0, (1040, 2080, 2080, 2080)),
    ],
)
def test_what_is_shown_is_the_middle(aspect: str, zoom: float, box: tuple[int, int, int, int]) -> None:
    assert framed_box(4160, 6240, Shot(aspect=aspect, zoom=zoom)) == box


def test_the_tags_of_the_tele_converter(tmp_path: Path) -> None:
    exposure = write_camera_raf(tmp_path / "a.RAF", np.full((120, 180, 3), 0.2, np.float32), zoom=1.4)
    assert exposure.picture.shape == (120, 180)
    read = records(tmp_path / "a.RAF")
    assert struct.unpack(">I", read[0x117]) == (1,)
    assert struct.unpack(">2H", read[0x118]) + struct.unpack(">2H", read[0x119]) == zoom_box(120, 180, 1.4)
    write_camera_raf(tmp_path / "a.RAF", np.full((120, 180, 3), 0.2, np.float32))
    read = records(tmp_path / "a.RAF")
    assert struct.unpack(">I", read[0x117]) == (0,)
    assert struct.unpack(">2H", read[0x118]) + struct.unpack(">2H", read[0x119]) == (0, 0, 120, 180)


def test_no_camera_zooms_out() -> None:
    with pytest.raises(BadOption, match=r"no tele-converter of 0\.5x: give a zoom from 1 to 4"):
        Shot(zoom=0.5)
