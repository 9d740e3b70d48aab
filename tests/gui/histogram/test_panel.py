"""The histogram panel as a user drives it: read, click, choose channels; numbers from frames with known truth."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QThread

from xtdm_core.develop.histogram import BINS, LOW_EV, PER_EV
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.histogram.panel import HistogramPanel
from xtdm_gui.pictures.picture import Picture

WB = np.float32([2.0, 1.0, 1.6])


def picture(bias: float | None = -0.72, clipped_share: float = 0.25) -> Picture:
    """All photosites at 2^-3.05 of the white level, but for a share of the rows, in which green clips."""
    truth = np.broadcast_to(np.float32(2**-3.05) * WB, (240, 240, 3)).copy()
    truth[: round(240 * clipped_share), :, 1] = 4
    frame = simulate_frame(truth, SensorModel(wb=tuple(map(float, WB)), exposure_bias=bias))
    return Picture(Path("made.RAF"), frame, align(frame))


@pytest.fixture
def panel(qtbot) -> Iterator[HistogramPanel]:
    panel = HistogramPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 420)
    panel.show()
    yield panel
    panel.close()
    assert not [t for t in panel.findChildren(QThread) if t.isRunning()]


def texts(panel: HistogramPanel, row: str) -> list[str]:
    return [cell.text() for cell in panel.cells[row]]


def show(qtbot, panel: HistogramPanel, shown: Picture) -> None:
    panel.set_picture(shown)
    qtbot.waitUntil(lambda: panel.cells["beyond"][0].text() != "–")


def middle(panel: HistogramPanel, ev: float) -> QPoint:
    return QPoint(round(panel.plot.x_of(ev)), panel.plot.height() // 2)


def test_clipping_and_dynamic_range_are_told(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    assert texts(panel, "raw") == ["0 %", "25.00 %", "0 %"]
    assert panel.title.text().startswith("DR100: diffuse white 0.72 EV below clipping, HLG ceiling 1.20 EV above")
    show(qtbot, panel, picture(-2.72))
    assert panel.title.text().startswith("DR400: diffuse white 2.72 EV below clipping, HLG ceiling 0.80 EV below")
    show(qtbot, panel, picture(None))
    assert "not stated, DR100 assumed" in panel.title.text()
    show(qtbot, panel, picture(-1.0))
    assert "Exposure bias −1.00 EV" in panel.title.text()


def test_the_look_moves_marks_and_losses(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture(-2.72, clipped_share=0))
    assert texts(panel, "beyond") == ["0 %", "0 %", "0 %"]
    for exposure in np.linspace(0, 4, 30):
        panel.set_look(Look(float(exposure)))  # as fast as a slider is dragged
    assert "diffuse white 6.72 EV below clipping" in panel.title.text()
    qtbot.waitUntil(lambda: texts(panel, "beyond") == ["100.00 %"] * 3)
    assert texts(panel, "ceiling") == ["0 %"] * 3
    panel.set_look(Look(4.0, roll_off=0))
    qtbot.waitUntil(lambda: texts(panel, "ceiling")[0] == "100.00 %")  # the light is reddish


def test_hovering_reads_and_leaving_clears(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    qtbot.mouseMove(panel.plot, middle(panel, -3.05))
    assert panel.titles["share"].text() == "−3.13 to −3.00 EV"
    assert texts(panel, "share") == ["100.00 %", "75.00 %", "100.00 %"]
    counts = [int("".join(c for c in text if c.isdigit())) for text in texts(panel, "count")]
    assert counts == [12800, 24000, 12800]
    qtbot.mouseMove(panel.plot, middle(panel, 0.3))
    assert panel.titles["share"].text() == "+0.25 to +0.38 EV"
    panel.plot.leaveEvent(None)
    assert panel.titles["share"].text() == "In this bin"
    assert texts(panel, "share") == texts(panel, "count") == [""] * 3


def test_a_click_names_the_bin_whose_photosites_are_meant(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    with qtbot.waitSignal(panel.range_clicked) as clicked:
        qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=middle(panel, -3.05))
    assert clicked.args == [((0, 1, 2), -3.125, -3.0)]


def test_the_same_bin_again_unmarks(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    told: list[object] = []
    panel.range_clicked.connect(told.append)
    for ev in (-3.05, -3.05, -3.05, 0.05):
        qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=middle(panel, ev))
    first, second = ((0, 1, 2), -3.125, -3.0), ((0, 1, 2), 0.0, 0.125)
    assert told == [first, None, first, second]
    panel.unmark()
    panel.unmark()
    assert told[4:] == [None]
    qtbot.mouseClick(panel.channels[0], Qt.MouseButton.LeftButton)
    assert told[5:] == []


def test_channels_switched_off_are_marked_no_longer(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=middle(panel, -3.05))
    told: list[object] = []
    panel.range_clicked.connect(told.append)
    for button in (*panel.channels, panel.channels[2]):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    limits = -3.125, -3.0
    assert told == [((1, 2), *limits), ((2,), *limits), None, ((2,), *limits)]


def test_of_one_channel_alone_a_click_means_that(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    for button in (panel.channels[0], panel.channels[2]):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.range_clicked) as clicked:
        qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton, pos=middle(panel, 0.05))
    assert clicked.args == [((1,), 0.0, 0.125)]


def test_the_keyboard_reads_and_clicks(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    qtbot.keyClick(panel.plot, Qt.Key.Key_End)
    assert panel.titles["share"].text() == "+0.38 EV and above"
    qtbot.keyClick(panel.plot, Qt.Key.Key_Left)
    with qtbot.waitSignal(panel.range_clicked) as clicked:
        qtbot.keyClick(panel.plot, Qt.Key.Key_Return)
    assert clicked.args == [((0, 1, 2), LOW_EV + (BINS - 2) / PER_EV, LOW_EV + (BINS - 1) / PER_EV)]


def height_of_red(panel: HistogramPanel, ev: float) -> float:
    """How high red alone is drawn, as a share of the graph."""
    panel.plot.show_channels((True, False, False))
    seen, area = panel.plot.grab().toImage(), panel.plot._area()
    colours = [seen.pixelColor(round(panel.plot.x_of(ev)), y) for y in range(seen.height())]
    top = next(y for y, colour in enumerate(colours) if colour.red() > colour.green() + 20)
    return (area.bottom() - top) / (area.height() - 2)


def test_linear_heights_are_counts_and_logarithmic_ones_their_logarithms(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())  # 12,800 photosites of red, 24,000 of green
    assert height_of_red(panel, -3.06) == pytest.approx(np.log1p(12800) / np.log1p(24000), abs=0.015)
    qtbot.mouseClick(panel.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.logarithmic.height() // 2))
    assert height_of_red(panel, -3.06) == pytest.approx(12800 / 24000, abs=0.015)


def test_channels_that_are_off_are_not_drawn(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    for button in panel.channels:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    seen = panel.plot.grab().toImage()
    colours = [seen.pixelColor(x, y) for x in range(seen.width()) for y in range(60, seen.height() - 20)]
    assert all(abs(c.red() - c.blue()) < 8 and abs(c.red() - c.green()) < 8 for c in colours)


def test_no_picture_is_told_and_clicks_are_not(qtbot, panel: HistogramPanel) -> None:
    show(qtbot, panel, picture())
    panel.set_picture(None)
    assert panel.title.text() == "No picture"
    assert texts(panel, "raw") == ["–"] * 3
    with qtbot.assertNotEmitted(panel.range_clicked):
        qtbot.mouseClick(panel.plot, Qt.MouseButton.LeftButton)


def test_only_the_latest_picture_is_shown(qtbot, panel: HistogramPanel) -> None:
    for share in (0.5, 0.75, 0.25):
        panel.set_picture(picture(clipped_share=share))
        panel.set_look(Look(0.1))
    qtbot.waitUntil(lambda: panel.cells["beyond"][0].text() != "–")
    assert texts(panel, "raw") == ["0 %", "25.00 %", "0 %"]


def test_the_panel_fits_into_320_pixels(panel: HistogramPanel) -> None:
    assert panel.minimumSizeHint().width() <= 320
