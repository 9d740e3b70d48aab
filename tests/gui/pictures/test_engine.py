"""The viewer's engine: networks rest while a slider moves."""

import time
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.progress import Cancelled, Progress, silent
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.pictures import engine as module
from xtdm_gui.pictures.engine import Decoded, PictureEngine, Rendering
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.renderings import RenderingSource

SOURCE = RenderingSource.network()


@pytest.fixture
def decoded() -> Decoded:
    frame = simulate_frame(textured(400, 400), SensorModel())
    return Decoded(Picture(Path("a.RAF"), frame, align(frame)))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> PictureEngine:
    """One whose network is grey."""
    monkeypatch.setattr(module, "_lower_priority", lambda: None)
    engine = PictureEngine()
    monkeypatch.setattr(
        engine, "_network", lambda _: lambda _mosaic, _report, part, **_: np.ones((part.height, part.width, 3))
    )
    return engine


def looked_at() -> Box:
    return Box(0, 0, 400, 400)


def test_a_network_rests_between_boxes_and_goes_on(engine: PictureEngine, decoded: Decoded) -> None:
    result, times = Rendering(400, 400), list[float]()
    began = time.monotonic()
    engine.rest()
    engine.compute(decoded, SOURCE, result, looked_at, silent, lambda _box: times.append(time.monotonic() - began))
    assert times[0] > 0.9 * module._REST_S
    assert result.cells.complete
    assert result.cam_rgb.min() == 1


def test_a_network_that_rests_can_be_cancelled(engine: PictureEngine, decoded: Decoded) -> None:
    asked: list[Progress] = []

    def cancelling(progress: Progress) -> None:
        asked.append(progress)
        if len(asked) > 4:
            raise Cancelled

    engine.rest()
    with pytest.raises(Cancelled):
        engine.compute(decoded, SOURCE, Rendering(400, 400), looked_at, cancelling, lambda _: pytest.fail("computed"))
