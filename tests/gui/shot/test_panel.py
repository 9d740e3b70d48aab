"""What the camera says of a shot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.conftest import INFO
from xtdm_core.culling.rating import Flag, Label
from xtdm_gui.pictures.ratings import Ratings, flagged, labelled, starred
from xtdm_gui.shot.panel import ShotPanel


@pytest.fixture
def ratings(qtbot) -> Iterator[Ratings]:
    ratings = Ratings()
    yield ratings
    ratings.close()


@pytest.fixture
def panel(qtbot, ratings: Ratings) -> Iterator[ShotPanel]:
    panel = ShotPanel(ratings)
    qtbot.addWidget(panel)
    yield panel
    panel.close()


def test_the_camera_tells_of_its_shot(qtbot, panel: ShotPanel, ratings: Ratings, raf: Path) -> None:
    panel.show_path(raf)
    assert panel.texts()["file"] == "made.RAF"
    qtbot.waitUntil(lambda: panel.texts()["camera"] == f"{INFO.make} {INFO.model}")
    texts = panel.texts()
    assert texts["taken"] == "2026-01-02 03:04:05"
    assert (texts["lens"], texts["iso"]) == (INFO.lens, f"{INFO.iso}")
    assert f"f/{INFO.f_number:g}" in texts["exposure"]
    assert texts["rating"] == "☆☆☆☆☆"
    ratings.change([raf], starred(3))
    ratings.change([raf], flagged(Flag.PICKED))
    ratings.change([raf], labelled(Label.RED))
    assert panel.texts()["rating"] == "★★★☆☆  picked  Red"
    panel.show_path(None)
    assert set(panel.texts().values()) == {"–"}


def test_a_file_that_cannot_be_read_tells_its_name_only(qtbot, panel: ShotPanel, tmp_path: Path) -> None:
    panel.show_path(tmp_path / "none.RAF")
    qtbot.waitUntil(lambda: panel._jobs._thread is None)
    assert panel.texts()["file"] == "none.RAF"
    assert panel.texts()["camera"] == "–"
