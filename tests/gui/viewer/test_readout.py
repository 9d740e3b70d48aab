"""The words under the cursor where photosites saturate below the white level."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor

from xtdm_core.frame import CaptureInfo
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.viewer.readout import codes_text, picture_words, readout


@pytest.mark.parametrize(("level", "words"), [(0.96, "at clipping"), (0.97, "at clipping"), (0.48, "1.00 EV below")])
def test_clipping_is_told_from_the_saturation_of_the_channel_on(level: float, words: str) -> None:
    frame = simulate_frame(np.full((60, 66, 3), level, np.float32), SensorModel(wb=(1, 1, 1), cfa=np.ones((6, 6), int)))
    green = replace(frame, cfa=SensorModel().cfa, saturation=np.array([1.0, 0.96, 1.0]))
    y, x = (int(at) for at in np.argwhere(green.cfa == 1)[0])
    shown = OrientedSize(*green.mosaic.shape, green.orientation).pixel(x, y)
    assert words in readout(Picture(Path("a.RAF"), green, align(green)), [], x, y, shown)[1]


@pytest.mark.parametrize(
    ("aspect", "orientation", "size"), [((3, 2), 1, "60 × 40"), ((1, 1), 6, "60 × 60"), (None, 6, "90 × 60")]
)
def test_the_size_is_that_of_the_picture_that_was_framed(
    aspect: tuple[int, int] | None, orientation: int, size: str
) -> None:
    frame = simulate_frame(np.full((90, 60, 3), 0.5, np.float32), SensorModel(orientation=orientation))
    frame = replace(frame, info=CaptureInfo(model="X-T4", aspect=aspect))
    assert picture_words(frame) == f"X-T4   ·   {size}"


def test_codes_are_told_with_their_share_of_the_range() -> None:
    assert codes_text(QColor(0, 128, 255)) == "seen: 0 128 255 (0 50 100 %)"
