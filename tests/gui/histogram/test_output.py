"""The histogram of what is seen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.histogram.output import OutputHistogram, count_codes
from xtdm_gui.pictures.picture import Picture


def grey(level: float, height: int = 60, width: int = 66) -> np.ndarray:
    return np.full((height, width, 3), level, np.float32)


@pytest.fixture
def picture() -> Picture:
    frame = simulate_frame(grey(0.2), SensorModel())
    return Picture(Path("a.RAF"), frame, align(frame))


@pytest.fixture
def panel(qtbot) -> Iterator[OutputHistogram]:
    panel = OutputHistogram()
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    panel.close()


def test_codes_are_those_of_the_picture(picture: Picture) -> None:
    counts = count_codes(grey(0.1), picture.frame, Look(), [])
    code = render_srgb8(grey(0.1), picture.frame, Look())[0, 0]
    assert [int(np.argmax(channel)) for channel in counts] == code.tolist()
    assert counts.sum(axis=1).tolist() == [60 * 66] * 3


def test_of_a_large_picture_as_many_pixels_are_counted_as_are_needed(picture: Picture) -> None:
    counts = count_codes(grey(0.1, 1200, 1500), picture.frame, Look(), [])
    assert 150_000 < counts[0].sum() <= 300_000


def test_local_contrast_is_counted(picture: Picture) -> None:
    light = np.full((600, 900, 3), 0.05, np.float32)
    light[:, ::60] = light[:, 30::60] = 0.1
    frame, details = simulate_frame(light, SensorModel()), []
    plain, strong = (count_codes(light, frame, Look(local_contrast=s), details) for s in (0.0, 1.0))
    assert np.count_nonzero(strong[1]) > np.count_nonzero(plain[1])
    assert len(details) == 1
    again = count_codes(light, frame, Look(local_contrast=1.0), details)
    assert np.array_equal(again, strong)


def test_it_follows_results_and_looks(qtbot, panel: OutputHistogram, picture: Picture) -> None:
    assert panel.words.text() == "No picture"
    panel.set_picture(picture)
    panel.set_results([("Network", None)])
    assert panel.words.text() == "Waiting for a result"
    panel.set_results([("LibRaw", grey(0.1)), ("Network", grey(9.0))])
    qtbot.waitUntil(lambda: panel.words.text().endswith("R 100.0 %  G 100.0 %  B 100.0 %"))
    for exposure in (-3.0, -5.0, -12.0):
        panel.set_look(Look(exposure_ev=exposure))
    qtbot.waitUntil(lambda: panel.words.text().endswith("R 0.0 %  G 0.0 %  B 0.0 %"))
    panel.set_picture(None)
    assert panel.words.text() == "No picture"
