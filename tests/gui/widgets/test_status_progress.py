"""What the status bar says of work that goes on."""

import pytest

from xtdm_core.progress import Progress, Stage
from xtdm_gui.widgets.status_progress import Pace, StatusProgress


def test_neither_loading_nor_the_first_tile_counts() -> None:
    pace = Pace()
    pace.reach(0, 0)
    pace.reach(0, 60)  # loaded
    pace.reach(0.01, 90)  # the first tile is there
    for tile in range(1, 4):
        pace.reach(0.01 + 0.05 * tile, 90 + tile)
        assert pace.seconds_left() is None
    pace.reach(0.22, 94)
    assert pace.seconds_left() == pytest.approx(0.78 * 3 / 0.16)


def test_small_tiles_at_the_beginning_do_not_count_for_long() -> None:
    pace = Pace()
    pace.reach(0, 0)
    for tile in range(1, 31):
        pace.reach(0.001 * tile, tile)
        assert pace.seconds_left() is None
    for tile in range(1, 8):
        pace.reach(0.03 + 0.025 * tile, 30 + tile)
    assert pace.seconds_left() == pytest.approx((1 - 0.205) / 0.025)


def test_what_comes_in_a_rush_tells_no_time() -> None:
    pace = Pace()
    for tile in range(9):
        pace.reach(0.1 * tile, 0.1 * tile)
    assert pace.seconds_left() is None


def test_what_begins_anew_is_timed_anew() -> None:
    pace = Pace()
    for tile in range(8):
        pace.reach(0.1 * tile, tile)
    assert pace.seconds_left() is not None
    pace.reach(0, 9)
    assert pace.seconds_left() is None


def test_each_of_two_stages_has_its_own_pace(qtbot, monkeypatch) -> None:
    progress = StatusProgress("Progress of the picture")
    qtbot.addWidget(progress)
    now = [0.0]
    monkeypatch.setattr("xtdm_gui.widgets.status_progress.time.monotonic", lambda: now[0])
    for tile in range(11):
        now[0] += 2
        progress.show_progress(Progress(Stage.DEMOSAICING, tile, 20, subject="Network fast"))
        progress.show_progress(Progress(Stage.DEMOSAICING, 0, 2, subject="LibRaw VNG"))  # pushes no time away
    assert progress.bar.format() == "demosaicing with Network fast, 20 s left"
    now[0] += 4
    progress.show_progress(Progress(Stage.DEMOSAICING, 0, 2, subject="LibRaw VNG"))
    assert progress.bar.format() == "demosaicing with LibRaw VNG"
    progress.end()
    progress.show_progress(Progress(Stage.DEMOSAICING, 11, 20, subject="Network fast"))
    assert "left" not in progress.bar.format()


def test_a_long_text_is_elided_to_one_line_and_told_whole_in_the_tooltip(qtbot) -> None:
    progress = StatusProgress("Progress of the picture")
    qtbot.addWidget(progress)
    words = "demosaicing with Network " + "a_run_with_a_very_long_name" * 4
    progress.show_fraction(0.5, words)
    shown = progress.bar.format()
    assert shown.endswith("…")
    assert progress.bar.fontMetrics().horizontalAdvance(shown) < progress.bar.width()
    assert words in progress.bar.toolTip()
    progress.show_fraction(0.5, "reading")
    assert progress.bar.format() == "reading"
