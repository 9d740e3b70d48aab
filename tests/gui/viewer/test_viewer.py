"""The viewer as a photographer drives it, with an engine whose pace the test decides."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from tests.gui.viewing import (
    HEIGHT,
    PREVIEW_COLOUR,
    WIDTH,
    PacedEngine,
    blind,
    colour_of,
    middle,
    noise_aware,
    open_and_wait,
    seen,
    turn_wheel,
    turned,
    viewing,
)
from xtdm_core.demosaicing.network import Denoising
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import Look
from xtdm_core.xtrans import CANONICAL, tile_pattern
from xtdm_gui.pictures.engine import Preview
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.viewer.overlays import CFA_FROM
from xtdm_gui.viewer.viewer import Viewer

LIBRAW, NETWORK = RenderingSource.libraw("markesteijn3"), RenderingSource.network()
# As its pane names it for pictures without settings of their own.
FAST = NETWORK.denoised(Denoising(Look().denoise, Look().grain)).label()


@pytest.fixture
def engine() -> PacedEngine:
    return PacedEngine()


@pytest.fixture
def viewer(qtbot, engine: PacedEngine) -> Iterator[Viewer]:
    with viewing(qtbot, engine) as viewer:
        yield viewer


def rendered(engine: PacedEngine, source: RenderingSource, look: Look | None = None) -> tuple[int, ...]:
    pixel = render_srgb8(colour_of(source)[None, None], engine.frame, look or Look())[0, 0]
    return tuple(map(int, pixel))


# What is shown, and when.


def test_the_preview_is_there_before_the_raw_file_is_read(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    engine.decode_go.clear()
    viewer.show_path(Path("a.RAF"))
    qtbot.waitUntil(lambda: middle(viewer) == PREVIEW_COLOUR.getRgb()[:3])
    assert viewer.picture is None
    with qtbot.waitSignal(viewer.settled):
        engine.decode_go.set()
    assert middle(viewer) == rendered(engine, NETWORK)


def test_what_is_looked_at_is_computed_before_the_rest(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(900, 700, 4)
    engine.boxes.clear()
    viewer.show_path(Path("b_slow.RAF"))
    qtbot.waitUntil(lambda: ("compute", f"b_slow.RAF {FAST}") in engine.events)
    engine.go.release(100)
    qtbot.waitUntil(lambda: ("computed", f"b_slow.RAF {FAST}") in engine.events)
    looked_at = viewer.view.seen()
    touching = [box.top < looked_at.bottom and box.bottom > looked_at.top for box in engine.boxes]
    touching = [
        t and box.left < looked_at.right and box.right > looked_at.left
        for t, box in zip(touching, engine.boxes, strict=True)
    ]
    first = engine.boxes[0]
    assert first.top <= 700 <= first.bottom
    assert first.left <= 900 <= first.right
    assert touching == sorted(touching, reverse=True)
    assert 1 <= sum(touching) < len(touching)


def test_each_box_is_shown_as_it_comes_and_the_strip_says_how_much(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.show_path(Path("slow.RAF"))
    strip = viewer.comparison.strips[1]
    qtbot.waitUntil(lambda: strip.state.text() == "0 % there, the rest is the embedded JPEG")
    qtbot.waitUntil(lambda: viewer.picture is not None)
    viewer.go_to(WIDTH // 2, HEIGHT // 2, 1)  # zooming goes to the cursor, wherever a test before has left it
    assert middle(viewer) == PREVIEW_COLOUR.getRgb()[:3]
    engine.go.release(2)  # the first may have been chosen before the view was laid out
    qtbot.waitUntil(lambda: middle(viewer) == rendered(engine, NETWORK))
    canvas = viewer.comparison.canvases[0]
    assert seen(canvas, 5, 5) == PREVIEW_COLOUR.getRgb()[:3]
    qtbot.waitUntil(lambda: strip.state.text() in [f"{n} % there, the rest is the embedded JPEG" for n in range(1, 10)])
    with qtbot.waitSignal(viewer.settled):
        engine.go.release(100)
    qtbot.waitUntil(lambda: strip.state.text() == "")
    assert seen(canvas, 5, 5) == rendered(engine, NETWORK)


def test_going_on_cancels_and_coming_back_continues(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.show_path(Path("slow.RAF"))
    engine.go.release(2)
    qtbot.waitUntil(lambda: len(engine.boxes) == 2)
    open_and_wait(qtbot, viewer, Path("b.RAF"))
    assert engine.said("cancelled") == [f"slow.RAF {FAST}"]
    engine.go.release(100)
    known = list(engine.boxes)
    open_and_wait(qtbot, viewer, Path("slow.RAF"))
    assert not set(map(str, engine.boxes[len(known) :])) & set(map(str, known[:2]))
    assert engine.said("decode") == ["slow.RAF", "b.RAF"]


def test_what_was_computed_is_kept_and_shared_by_both_panes(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    open_and_wait(qtbot, viewer, Path("b.RAF"))
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.set_pane(0, NETWORK)
    with qtbot.waitSignal(viewer.settled):
        viewer.set_mode("side-by-side")
    assert engine.said("compute") == [f"a.RAF {FAST}", f"b.RAF {FAST}"]
    assert middle(viewer, 0) == middle(viewer, 1) == rendered(engine, NETWORK)


def test_a_small_budget_forgets_but_works(qtbot, engine: PacedEngine) -> None:
    with viewing(qtbot, engine) as viewer:
        viewer.pictures.set_budget(0)
        viewer.set_mode("side-by-side")
        for name in ("a.RAF", "b.RAF", "a.RAF"):
            open_and_wait(qtbot, viewer, Path(name))
        assert engine.said("decode") == ["a.RAF", "b.RAF", "a.RAF"]
        assert len(engine.said("compute")) == 6
        assert all(cam_rgb is not None for _, cam_rgb in viewer.results())


def test_neighbours_are_read_in_advance_when_there_is_nothing_to_do(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.show_path(Path("slow.RAF"))
    viewer.pictures.prefetch([Path("b.RAF"), Path("broken.RAF"), Path("c.RAF")])
    qtbot.waitUntil(lambda: viewer.picture is not None)
    engine.go.release(2)
    qtbot.waitUntil(lambda: len(engine.boxes) == 2)
    assert engine.said("decode") == ["slow.RAF"]
    engine.go.release(100)
    qtbot.waitUntil(lambda: engine.said("decode") == ["slow.RAF", "b.RAF", "broken.RAF", "c.RAF"])
    qtbot.waitUntil(lambda: not viewer.pictures._decoding)
    open_and_wait(qtbot, viewer, Path("c.RAF"))
    assert engine.said("decode").count("c.RAF") == 1
    assert viewer.failure == ""


def test_a_neighbour_is_seen_at_once_while_the_network_still_works(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.show_path(Path("slow.RAF"))
    viewer.pictures.prefetch([Path("b_slow.RAF"), Path("bare.RAF"), Path("c.RAF")])
    qtbot.waitUntil(lambda: engine.said("preview") == ["slow.RAF", "b_slow.RAF", "bare.RAF", "c.RAF"])
    qtbot.waitUntil(lambda: viewer.pictures._previewing is None)
    assert engine.said("decode") == ["slow.RAF"]
    engine.decode_go.clear()
    viewer.show_path(Path("b_slow.RAF"))
    assert middle(viewer) == PREVIEW_COLOUR.getRgb()[:3]
    assert engine.said("preview").count("b_slow.RAF") == 1
    engine.decode_go.set()


def test_a_broken_file_is_told_in_its_place_and_the_next_one_works(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    sentences: list[str] = []
    viewer.failed.connect(sentences.append)
    open_and_wait(qtbot, viewer, Path("bare_broken.RAF"))
    assert sentences == ["bare_broken.RAF: is damaged"]
    assert viewer.failure == "bare_broken.RAF: is damaged"
    assert viewer.comparison.strips[1].state.text() == "cannot be shown"
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    assert viewer.failure == ""
    assert middle(viewer) == rendered(engine, NETWORK)


def test_a_source_that_fails_leaves_the_other_pane_alone(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.set_mode("side-by-side")
    viewer.set_pane(0, RenderingSource.libraw("vng"))
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    left, right = viewer.comparison.strips
    assert (left.state.text(), right.state.text()) == ("cannot be shown", "")
    assert middle(viewer, 1) == rendered(engine, NETWORK)
    assert viewer.results()[0] == ("LibRaw VNG", None)
    with qtbot.waitSignal(viewer.settled):
        viewer.set_pane(0, LIBRAW)
    assert middle(viewer, 0) == rendered(engine, LIBRAW)


def test_the_network_loads_while_the_first_raw_file_is_read(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    engine.decode_go.clear()
    viewer.show_path(Path("a.RAF"))
    qtbot.waitUntil(lambda: engine.said("warm") == [FAST])
    engine.decode_go.set()
    qtbot.waitUntil(lambda: viewer.picture is not None)
    viewer.show_path(Path("b.RAF"))
    qtbot.waitUntil(lambda: viewer.picture is not None)
    assert engine.said("warm") == [FAST]


def test_close_up_the_whole_jpeg_is_seen_until_the_result_is_there(
    qtbot, viewer: Viewer, engine: PacedEngine, monkeypatch
) -> None:
    monkeypatch.setattr("xtdm_gui.viewer.layered_picture.PREVIEW_SIDE", 1000)
    open_and_wait(qtbot, viewer, Path("a.RAF"))

    def has_whole() -> bool:
        preview = viewer.layers[1]._placeholder._preview
        return preview is not None and preview.whole

    viewer.zoom_to(1)
    qtbot.wait(50)
    assert not has_whole()  # the result is there: nobody sees the JPEG
    viewer.show_path(Path("b_slow.RAF"))
    qtbot.waitUntil(has_whole)
    viewer.view.fit()
    viewer.show_path(Path("c_slow.RAF"))
    qtbot.waitUntil(lambda: viewer.picture is not None)
    assert not has_whole()
    engine.go.release(1000)


def test_the_readout_tells_what_is_seen(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    told: list[str] = []
    viewer.readout_changed.connect(told.append)
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    canvas = viewer.comparison.canvases[0]
    qtbot.mouseMove(canvas, canvas.rect().center() + QPoint(7, 5))
    r, g, b = middle(viewer)
    qtbot.waitUntil(lambda: bool(told) and f"seen: {r} {g} {b} (" in told[-1])


def test_a_file_without_a_preview_waits_for_its_raw_data(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    engine.decode_go.clear()
    viewer.show_path(Path("bare.RAF"))
    qtbot.waitUntil(lambda: middle(viewer) == (48, 48, 48))  # not the picture before
    assert viewer.comparison.strips[1].state.text() == "0 % there"
    with qtbot.waitSignal(viewer.settled):
        engine.decode_go.set()
    assert middle(viewer) == rendered(engine, NETWORK)


def test_showing_nothing_is_possible(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    with qtbot.waitSignal(viewer.picture_changed) as changed:
        viewer.show_path(None)
    assert changed.args == [None]
    assert middle(viewer) == (48, 48, 48)
    assert viewer.results() == [(FAST, None)]


def test_results_tell_names_and_whole_pictures(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.set_mode("side-by-side")
    viewer.show_path(Path("slow.RAF"))
    engine.go.release(1)
    qtbot.waitUntil(lambda: len(engine.boxes) == 1)
    assert [name for name, _ in viewer.results()] == ["LibRaw 3-pass Markesteijn", FAST]
    assert [cam_rgb for _, cam_rgb in viewer.results()] == [None, None]
    engine.go.release(500)
    qtbot.waitUntil(lambda: all(cam_rgb is not None for _, cam_rgb in viewer.results()))
    (_, libraw), (_, network) = viewer.results()
    assert libraw is not None
    assert network is not None
    assert np.array_equal(libraw[7, 9], colour_of(LIBRAW))
    assert network.shape == (HEIGHT, WIDTH, 3)


def test_another_look_is_rendered_without_computing_again(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    look = Look(exposure_ev=1.0)
    with qtbot.waitSignal(viewer.settled):
        viewer.set_look(look)
    assert middle(viewer) == rendered(engine, NETWORK, look) != rendered(engine, NETWORK)
    assert len(engine.said("compute")) == 1


def test_other_noise_settings_are_computed_for_the_network_alone(
    qtbot, viewer: Viewer, engine: PacedEngine, tmp_path: Path
) -> None:
    viewer.set_mode("side-by-side")
    viewer.set_pane(1, RenderingSource.network(noise_aware(tmp_path / "own.safetensors")))
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    libraw, network = viewer.comparison.strips
    assert (libraw.button.text(), network.button.text()) == (
        "LibRaw 3-pass Markesteijn ▾",
        "Network own, denoise 1.0 ▾",
    )
    qtbot.waitUntil(lambda: len(engine.said("computed")) == 2)
    with qtbot.waitSignal(viewer.settled):
        viewer.set_denoising(Denoising(0.55, 0.2))
    assert network.button.text() == "Network own, denoise 0.55 ▾"
    assert [name for name, _ in viewer.results()] == ["LibRaw 3-pass Markesteijn", "Network own, denoise 0.55"]
    for denoising in (Denoising(0.0, 0.2), Denoising(0.0, 0.9), Denoising(0.55, 0.2), Denoising(0.55, 0.3)):
        with qtbot.waitSignal(viewer.settled, timeout=500, raising=False):
            viewer.set_denoising(denoising)
        words = "denoise 0.55" if denoising.strength else "denoise off"
        assert network.button.text() == f"Network own, {words} ▾"
    qtbot.waitUntil(lambda: not viewer.pictures.busy)
    assert engine.said("compute").count("a.RAF LibRaw 3-pass Markesteijn") == 1
    assert engine.said("compute").count("a.RAF Network own, denoise off") == 1  # without denoising no grain
    assert engine.said("compute").count("a.RAF Network own, denoise 0.55") == 2  # two grains; the first is still known
    network.menu.aboutToShow.emit()
    assert [entry.text() for entry in network.menu.actions() if entry.isChecked()] == ["Network own"]


def test_a_network_that_takes_no_noise_is_not_computed_again(
    qtbot, viewer: Viewer, engine: PacedEngine, tmp_path: Path
) -> None:
    viewer.set_pane(1, RenderingSource.network(blind(tmp_path / "own.safetensors")))
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.set_denoising(Denoising(0.3, 0.9))
    assert viewer.comparison.strips[1].button.text() == "Network own ▾"
    assert not viewer.pictures.busy
    assert engine.said("compute") == ["a.RAF Network own"]


def test_the_picture_stays_until_the_one_with_other_noise_settings_is_there(
    qtbot, viewer: Viewer, engine: PacedEngine, tmp_path: Path
) -> None:
    viewer.set_pane(1, RenderingSource.network(noise_aware(tmp_path / "own.safetensors")))
    engine.go.release(200)
    open_and_wait(qtbot, viewer, Path("slow.RAF"))
    qtbot.waitUntil(lambda: not viewer.pictures.busy)
    while engine.go.acquire(blocking=False):
        pass
    viewer.set_denoising(Denoising(0.2))
    state = viewer.comparison.strips[1].state
    qtbot.waitUntil(lambda: len(engine.said("compute")) == 2)
    assert middle(viewer, 0) == rendered(engine, NETWORK)
    assert state.text() == "0 % there, the rest is as before"
    assert not viewer.layers[1].complete
    engine.go.release(200)
    qtbot.waitUntil(lambda: viewer.layers[1].complete and state.text() == "")


def test_noise_settings_of_a_look_render_nothing_anew(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.set_look(Look(denoise=0.3, grain=0.8))
    assert viewer.layers[1].complete
    viewer.set_look(Look(0.5, denoise=0.3, grain=0.8))
    assert not viewer.layers[1].complete


def test_a_screen_larger_than_the_store_of_tiles_is_filled_and_comes_to_rest(
    qtbot, viewer: Viewer, engine: PacedEngine, monkeypatch
) -> None:
    monkeypatch.setattr("xtdm_gui.viewer.tile_layer._MOST_TILES", 1)
    layer = viewer.layers[1]
    rounds: list[int] = []
    for renderer in layer._renderers:
        renderer.succeeded.connect(lambda _: rounds.append(1))
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(700, 600, 1)
    for x in (300, 700, 1100):
        viewer.go_to(x, 600, 1)
        qtbot.waitUntil(lambda: layer.complete)
    done = len(rounds)
    qtbot.wait(100)
    assert len(rounds) <= done + len(layer._renderers)


# Names and sources.


def test_the_strips_tell_what_really_runs(viewer: Viewer) -> None:
    left, right = viewer.comparison.strips
    assert right.button.text() == f"{FAST} ▾"
    viewer.set_pane(0, RenderingSource.libraw("dht"))
    assert left.button.text() == "LibRaw 3-pass Markesteijn (asked for as DHT) ▾"
    viewer.set_pane(0, RenderingSource.libraw("markesteijn1"))
    assert left.button.text() == "LibRaw 1-pass Markesteijn ▾"
    viewer.set_pane(0, RenderingSource.network(Path("/home/me/my own.safetensors")))
    assert left.button.text() == "Network my own ▾"
    viewer.set_pane(0, RenderingSource.preview())
    assert left.button.text() == "Embedded JPEG ▾"


def test_a_source_is_chosen_from_the_menu(qtbot, viewer: Viewer, engine: PacedEngine, monkeypatch) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    strip = viewer.comparison.strips[1]
    strip.menu.aboutToShow.emit()
    entries = {action.text(): action for action in strip.menu.actions()}
    assert entries["Network fast"].isChecked()
    assert "LibRaw 3-pass Markesteijn (asked for as DHT)" in entries
    with qtbot.waitSignal(viewer.settled):
        entries["LibRaw 3-pass Markesteijn"].trigger()
    assert middle(viewer) == rendered(engine, LIBRAW)
    with qtbot.waitSignal(viewer.settled):
        entries["Embedded JPEG"].trigger()
    assert middle(viewer) == PREVIEW_COLOUR.getRgb()[:3]
    assert engine.said("preview") == ["a.RAF", "a.RAF"]  # the second time with all its pixels
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getOpenFileName", lambda *_: ("/home/me/other.safetensors", ""))
    with qtbot.waitSignal(viewer.settled):
        entries["Other checkpoint…"].trigger()
    assert strip.button.text() == "Network other ▾"
    strip.menu.aboutToShow.emit()
    assert "Network other" in [action.text() for action in strip.menu.actions()]


def test_an_alias_is_not_computed_twice(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.set_pane(0, LIBRAW)
    viewer.set_pane(1, RenderingSource.libraw("dht"))
    viewer.set_mode("side-by-side")
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    assert len(engine.said("compute")) == 1
    assert middle(viewer, 0) == middle(viewer, 1)


# The view.


def test_zoom_by_keys(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    canvas = viewer.comparison.canvases[0]
    fitting = min(canvas.width() / WIDTH, canvas.height() / HEIGHT)
    assert viewer.zoom == pytest.approx(fitting)
    control = Qt.KeyboardModifier.ControlModifier
    keys = ((Qt.Key.Key_2, 2), (Qt.Key.Key_4, 4), (Qt.Key.Key_8, 8), (Qt.Key.Key_6, 16), (Qt.Key.Key_1, 1))
    for key, zoom in keys:
        qtbot.keyClick(viewer, key, control)
        assert viewer.zoom == zoom
        assert viewer.comparison.strips[1].zoom.text() == f"{zoom}:1"
    qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert viewer.zoom == 2
    qtbot.keyClick(viewer, Qt.Key.Key_Minus)
    assert viewer.zoom == 1
    qtbot.keyClick(viewer, Qt.Key.Key_F)
    assert viewer.zoom == pytest.approx(fitting)
    assert viewer.comparison.strips[1].zoom.text() == f"{100 * fitting:.0f} %"
    qtbot.keyClick(viewer, Qt.Key.Key_Z)
    assert viewer.zoom == 1


def test_the_wheel_zooms_at_the_cursor_in_both_panes(qtbot, viewer: Viewer) -> None:
    viewer.set_mode("side-by-side")
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(700, 500, 2)
    places: list[tuple[int, int]] = []
    viewer.position_changed.connect(lambda x, y: places.append((x, y)))
    left, right = viewer.comparison.canvases
    qtbot.mouseMove(left, QPoint(100, 80))
    turn_wheel(right, 5, (100, 80))
    assert viewer.zoom == 12
    qtbot.mouseMove(left, QPoint(99, 80))
    qtbot.mouseMove(left, QPoint(100, 80))
    assert len(places) >= 3
    assert np.abs(np.subtract(places[-1], places[0])).max() <= 1


def test_the_wheel_halts_at_whole_ratios_and_at_the_whole_picture(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    canvas, fitting = viewer.comparison.canvases[0], viewer.zoom
    assert 0.5 < fitting < 1
    halts = []
    for _ in range(12):
        turn_wheel(canvas, 1, (300, 200))
        halts.append(viewer.zoom)
    assert halts == [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 32, 32]
    turn_wheel(canvas, -3, (300, 200))
    assert viewer.zoom == 12
    turn_wheel(canvas, -20, (300, 200))
    assert viewer.view.fits
    assert viewer.zoom == fitting
    viewer.resize(800, 600)  # it goes on fitting
    qtbot.waitUntil(lambda: viewer.zoom < fitting)


def test_a_trackpad_does_not_jump_through_the_halts(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.zoom_to(1)
    canvas, phases = viewer.comparison.canvases[0], Qt.ScrollPhase
    turn_wheel(canvas, 0.1, (300, 200), phases.ScrollBegin)
    for _ in range(8):
        turn_wheel(canvas, 0.1, (300, 200), phases.ScrollUpdate)
    assert viewer.zoom == 1
    for _ in range(11):
        turn_wheel(canvas, 0.1, (300, 200), phases.ScrollUpdate)
    assert viewer.zoom == 3
    for _ in range(30):  # the fingers are gone, the picture does not go on
        turn_wheel(canvas, 0.1, (300, 200), phases.ScrollMomentum)
    assert viewer.zoom == 3
    turn_wheel(canvas, -0.9, (300, 200), phases.ScrollBegin)  # what was left of before does not count
    assert viewer.zoom == 3
    turn_wheel(canvas, -0.1, (300, 200), phases.ScrollUpdate)
    assert viewer.zoom == 2


def test_dragging_pans_and_the_picture_stays_in_the_pane(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.zoom_to(2)
    canvas = viewer.comparison.canvases[0]
    before = viewer.view.seen()
    drag(qtbot, canvas, QPoint(400, 300), QPoint(340, 320))
    after = viewer.view.seen()
    assert (after.left - before.left, after.top - before.top) == (30, -10)
    for _ in range(12):
        drag(qtbot, canvas, QPoint(50, 50), QPoint(600, 600))
    assert (viewer.view.seen().top, viewer.view.seen().left) == (0, 0)


def drag(qtbot, widget, start: QPoint, stop: QPoint) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(widget, stop)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=stop)


def test_a_double_click_goes_to_1_to_1_there_and_back(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    canvas = viewer.comparison.canvases[0]
    place = QPoint(300, 200)
    spot = viewer.shown.sensor_pixel(canvas.physical(place.toPointF()))
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert viewer.zoom == 1
    there = viewer.shown.sensor_pixel(canvas.physical(place.toPointF()))
    assert spot is not None
    assert there is not None
    assert np.abs(np.subtract(spot, there)).max() <= 2
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert viewer.view.fits


def test_arrows_pan_the_focused_picture(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(700, 600, 4)
    before = viewer.view.seen()
    qtbot.keyClick(viewer.comparison.canvases[0], Qt.Key.Key_Right)
    assert viewer.view.seen().left - before.left == pytest.approx(1000 / 8 / 4, abs=1)


def test_keys_begin_with_the_picture_whatever_is_shown(qtbot, viewer: Viewer) -> None:
    viewer.activateWindow()
    qtbot.waitUntil(viewer.comparison.canvases[0].hasFocus)
    viewer.set_mode("side-by-side")
    viewer.set_mode("single")
    viewer.comparison.swap()
    assert viewer.comparison.canvases[0].hasFocus()


def test_zoom_and_place_stay_from_picture_to_picture(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(1000, 300, 4)
    before = viewer.view.seen()
    open_and_wait(qtbot, viewer, Path("b.RAF"))
    assert (viewer.zoom, viewer.view.seen()) == (4, before)


def test_a_picture_made_smaller_is_averaged(qtbot, viewer: Viewer, engine: PacedEngine, monkeypatch) -> None:
    stripes = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    stripes[:, ::4] = 0.2  # sampling alone would show all of a stripe, or nothing
    monkeypatch.setattr("tests.gui.viewing.colour_of", lambda _: 0.0)
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    (_, cam_rgb) = viewer.results()[0]
    assert cam_rgb is not None
    cam_rgb[:] = stripes
    viewer.resize(300, 250)
    viewer.layers[1].drop_result()
    viewer.pictures.grown.emit(viewer.source(1), Box(0, 0, 0, 0))
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    assert viewer.zoom < 0.25
    image = viewer.comparison.canvases[0].grab().toImage()
    codes = [image.pixelColor(x, 100).green() for x in range(60, 240)]
    expected = render_srgb8(np.full((1, 1, 3), 0.05, np.float32), engine.frame, Look())[0, 0, 1]
    assert max(codes) - min(codes) <= 2
    assert abs(int(np.median(codes)) - int(expected)) <= 1


def codes_along(canvas) -> list[int]:
    image = canvas.grab().toImage()
    middle = image.width() // 2
    return [image.pixelColor(x, image.height() // 2).green() for x in range(middle - 200, middle + 200)]


def fill_with(viewer: Viewer, cam_rgb: np.ndarray) -> None:
    (_, held) = viewer.results()[0]
    assert held is not None
    held[:] = cam_rgb
    viewer.layers[1].drop_result()
    viewer.pictures.grown.emit(viewer.source(1), Box(0, 0, 0, 0))


@pytest.mark.parametrize("zoom", [0.51, 0.56, 0.26])
def test_fine_stripes_do_not_beat_with_the_screens_pixels(qtbot, viewer: Viewer, zoom: float) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    period = 2 if zoom > 0.5 else 4
    stripes = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    stripes[:, np.arange(WIDTH) % period < period // 2] = 0.2
    fill_with(viewer, stripes)
    viewer.go_to(WIDTH // 2, HEIGHT // 2, 1)
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    whole = np.ptp(codes_along(viewer.comparison.canvases[0]))
    viewer.go_to(WIDTH // 2, HEIGHT // 2, zoom)
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    assert np.ptp(codes_along(viewer.comparison.canvases[0])[50:350]) < 0.2 * whole  # sampled, it was all of it


def test_fine_stripes_of_the_jpeg_do_not_beat_either(qtbot, viewer: Viewer, engine: PacedEngine, monkeypatch) -> None:
    row = np.where(np.arange(WIDTH) % 2 == 0, 0xFF000000, 0xFFFFFFFF).astype(np.uint32)
    pixels = np.ascontiguousarray(np.broadcast_to(row, (HEIGHT, WIDTH)))
    image = QImage(pixels.data, WIDTH, HEIGHT, 4 * WIDTH, QImage.Format.Format_RGB32).copy()
    monkeypatch.setattr(engine, "preview", lambda path, _side=None: Preview(path, (image,), image.size()))
    viewer.set_pane(1, RenderingSource.preview())
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(WIDTH // 2, HEIGHT // 2, 0.51)
    assert np.ptp(codes_along(viewer.comparison.canvases[0])[50:350]) < 25


def test_a_picture_made_smaller_is_the_same_wherever_it_is_moved(qtbot, viewer: Viewer) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    fill_with(viewer, np.random.default_rng(0).uniform(0, 0.3, (HEIGHT, WIDTH, 3)).astype(np.float32))
    viewer.resize(500, 400)
    viewer.go_to(WIDTH // 2, HEIGHT // 2, 0.73)
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    canvas = viewer.comparison.canvases[0]
    before = canvas.grab().toImage()
    drag(qtbot, canvas, QPoint(100, 100), QPoint(137, 111))
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    after = canvas.grab().toImage()
    assert before.copy(50, 50, 300, 200) == after.copy(87, 61, 300, 200)


# Modes.


def test_modes_by_key(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    a, b = rendered(engine, LIBRAW), rendered(engine, NETWORK)
    left, right = viewer.comparison.canvases
    with qtbot.waitSignal(viewer.settled):
        qtbot.keyClick(viewer, Qt.Key.Key_Y)
    assert viewer.mode == "side-by-side"
    assert abs(left.width() - right.width()) <= 1
    assert (middle(viewer, 0), middle(viewer, 1)) == (a, b)
    qtbot.keyClick(viewer, Qt.Key.Key_E)
    assert viewer.mode == "single"
    assert not right.isVisible()
    assert middle(viewer) == b
    with qtbot.waitSignal(viewer.settled):
        qtbot.keyClick(viewer, Qt.Key.Key_A)
    assert middle(viewer) == a
    assert viewer.comparison.strips[0].isVisible()
    assert not viewer.comparison.strips[1].isVisible()


def test_the_line_of_the_split_is_dragged(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.set_mode("split")
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.go_to(700, 600, 2)
    qtbot.waitUntil(lambda: viewer.layers[0].complete and viewer.layers[1].complete)
    a, b = rendered(engine, LIBRAW), rendered(engine, NETWORK)
    canvas = viewer.comparison.canvases[0]
    assert [seen(canvas, x, 100) for x in (10, 490, 510, 990)] == [a, a, b, b]
    before = viewer.view.seen()
    drag(qtbot, canvas, QPoint(502, 300), QPoint(200, 300))
    assert viewer.view.seen() == before
    assert [seen(canvas, x, 100) for x in (10, 190, 210, 990)] == [a, a, b, b]
    drag(qtbot, canvas, QPoint(300, 300), QPoint(320, 300))
    assert viewer.view.seen() != before  # beside the line it pans


def test_blink_alternates_by_time_and_key_and_names_what_is_seen(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.set_mode("blink")
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    a, b = rendered(engine, LIBRAW), rendered(engine, NETWORK)
    qtbot.waitUntil(lambda: middle(viewer) == a)
    assert [strip.button.font().bold() for strip in viewer.comparison.strips] == [True, False]
    qtbot.waitUntil(lambda: middle(viewer) == b)
    viewer.comparison._blinker.stop()
    qtbot.keyClick(viewer, Qt.Key.Key_A)
    assert middle(viewer) == a


def test_the_difference_is_exact_and_amplified_in_steps(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.set_mode("difference")
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    apart = np.abs(np.subtract(rendered(engine, LIBRAW), rendered(engine, NETWORK)))
    strip = viewer.comparison.strips[1]
    assert strip.state.text() == "|A − B| × 8, of the display's codes"
    assert middle(viewer) == tuple(np.minimum(8 * apart, 255))
    for _ in range(9):
        qtbot.keyClick(viewer, Qt.Key.Key_BracketLeft)
    assert strip.state.text().startswith("|A − B| × 1,")
    assert middle(viewer) == tuple(apart)
    for _ in range(9):
        qtbot.keyClick(viewer, Qt.Key.Key_BracketRight)
    assert strip.state.text().startswith("|A − B| × 32,")
    assert middle(viewer) == tuple(np.minimum(32 * apart, 255))


def test_a_difference_is_shown_only_where_both_are_there(
    qtbot, viewer: Viewer, engine: PacedEngine, monkeypatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("xtdm_gui.viewer.painting.paint_message", lambda _p, _a, words, _r: told.append(words))
    viewer.set_mode("difference")
    middle(viewer)
    assert told == []  # there is no picture to wait for
    viewer.show_path(Path("slow.RAF"))
    qtbot.waitUntil(lambda: len(engine.said("compute")) == 2)
    qtbot.waitUntil(lambda: viewer.picture is not None)
    viewer.zoom_to(1)
    told.clear()
    assert middle(viewer) == (48, 48, 48)
    assert set(told) == {"The difference appears when both panes are there"}
    engine.go.release(500)
    qtbot.waitUntil(lambda: middle(viewer) != (48, 48, 48))
    told.clear()
    middle(viewer)
    assert told == []


def test_what_a_strip_has_no_room_for_is_elided_and_told_in_its_tooltip(
    qtbot, viewer: Viewer, engine: PacedEngine
) -> None:
    viewer.set_mode("difference")
    viewer.resize(600, 400)
    viewer.show_path(Path("slow.RAF"))
    state = viewer.comparison.strips[1].state
    qtbot.waitUntil(lambda: "the rest is the embedded JPEG" in state.toolTip())
    assert state.text().endswith("…")
    assert state.fontMetrics().horizontalAdvance(state.text()) <= state.width()


# Overlays and readout.


def test_filter_colours_and_grid_appear_from_8_to_1(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    canvas = viewer.comparison.canvases[0]
    qtbot.keyClick(viewer, Qt.Key.Key_M)
    viewer.go_to(606, 606, 4)
    qtbot.waitUntil(lambda: viewer.layers[1].complete)
    assert len(colours(canvas)) == 1
    viewer.go_to(606, 606, 16)
    assert viewer.zoom >= CFA_FROM
    corner = viewer.view.corner
    for y in range(600, 606):
        for x in range(600, 606):
            dot = seen(canvas, round(corner.x()) + 16 * x + 8, round(corner.y()) + 16 * y + 8)
            assert int(np.argmax(dot)) == engine.frame.cfa[y % 6, x % 6]
    mosaic = viewer.picture.mosaic
    line = 606 - mosaic.left  # where the canonical pattern begins
    on = seen(canvas, round(corner.x()) + 16 * line, round(corner.y()) + 16 * 601 + 2)
    off = seen(canvas, round(corner.x()) + 16 * (line + 1), round(corner.y()) + 16 * 601 + 2)
    assert min(on) > max(off)
    qtbot.keyClick(viewer, Qt.Key.Key_M)
    assert len(colours(canvas)) == 1


def colours(canvas) -> set[int]:
    image = canvas.grab().toImage()
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


@pytest.mark.parametrize("zoom", [16.0, 0.58, 0.25])
def test_clipped_photosites_are_marked_near_and_far(qtbot, zoom: float) -> None:
    engine = PacedEngine()
    engine.frame.mosaic[600, 700] = 65535
    with viewing(qtbot, engine) as viewer:
        open_and_wait(qtbot, viewer, Path("a.RAF"))
        viewer.go_to(700, 600, zoom)
        qtbot.waitUntil(lambda: viewer.layers[1].complete)
        canvas = viewer.comparison.canvases[0]
        plain = colours_near(canvas, viewer, 700, 600)
        qtbot.keyClick(viewer, Qt.Key.Key_O)
        qtbot.waitUntil(lambda: colours_near(canvas, viewer, 700, 600) != plain)
        (mark,) = colours_near(canvas, viewer, 700, 600) - plain
        rgb = (mark >> 16 & 255, mark >> 8 & 255, mark & 255)
        assert int(np.argmax(rgb)) == engine.frame.cfa[0, 700 % 6]


def colours_near(canvas, viewer: Viewer, x: int, y: int) -> set[int]:
    image = canvas.grab().toImage()
    corner, zoom = viewer.view.corner, viewer.zoom
    across, down = round(corner.x() + (x + 0.5) * zoom), round(corner.y() + (y + 0.5) * zoom)
    return {image.pixel(across + dx, down + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}


def test_marked_pixels_blink_and_stay_until_the_next_picture(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[HEIGHT // 2 - 50 : HEIGHT // 2 + 50, WIDTH // 2 - 50 : WIDTH // 2 + 50] = True
    magenta, plain = (255, 0, 255), rendered(engine, NETWORK)
    viewer.flash(mask)
    for colour in (magenta, plain, magenta, plain, magenta):
        qtbot.waitUntil(lambda colour=colour: middle(viewer) == colour)
    qtbot.waitUntil(lambda: not viewer.overlays._timer.isActive())
    assert middle(viewer) == magenta
    open_and_wait(qtbot, viewer, Path("b.RAF"))
    assert middle(viewer) == plain


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_readout_is_exact_however_the_camera_was_held(qtbot, orientation: int) -> None:
    engine = PacedEngine()
    engine.frame = turned(engine.frame, orientation)
    x, y = 803, 401
    frame = engine.frame
    with viewing(qtbot, engine) as viewer:
        open_and_wait(qtbot, viewer, Path("a.RAF"))
        told: list[str] = []
        spots: list[tuple[int, int]] = []
        viewer.readout_changed.connect(told.append)
        viewer.position_changed.connect(lambda x, y: spots.append((x, y)))
        viewer.go_to(x, y, 8)
        canvas = viewer.comparison.canvases[0]
        across, down = upright_pixel(orientation, x, y)
        corner = viewer.view.corner
        qtbot.mouseMove(canvas, QPoint(round(corner.x() + 8 * across) + 3, round(corner.y() + 8 * down) + 5))
        assert spots[-1] == (x, y)
        black = float(frame.black[y % 6, x % 6])
        value = (float(frame.mosaic[y, x]) - black) / (frame.white - black)
        colour = "RGB"[frame.cfa[y % 6, x % 6]]
        site = f"{colour} {frame.mosaic[y, x]} = {value:.4f} ({-np.log2(value):.2f} EV below clipping)"
        balanced = colour_of(NETWORK) / frame.wb
        values = f"R {balanced[0]:.4f}  G {balanced[1]:.4f}  B {balanced[2]:.4f}"
        below = f"({-np.log2(balanced.max()):.2f} EV below clipping)"
        qtbot.waitUntil(lambda: "seen: " in told[-1])
        where, _, *measured = told[-1].split("   ·   ")
        assert [where, *measured] == [f"x {across}, y {down}", site, f"{FAST}: {values} {below}"]
        qtbot.mouseMove(canvas, QPoint(0, 0))
        with qtbot.waitSignal(viewer.clicked) as clicked:
            qtbot.mouseClick(
                canvas,
                Qt.MouseButton.LeftButton,
                pos=QPoint(round(corner.x() + 8 * across) + 3, round(corner.y() + 8 * down) + 5),
            )
        assert clicked.args == [x, y]


def test_the_readout_goes_on_when_a_result_comes(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    told: list[str] = []
    viewer.readout_changed.connect(told.append)
    viewer.show_path(Path("slow.RAF"))
    qtbot.waitUntil(lambda: viewer.picture is not None)
    qtbot.mouseMove(viewer.comparison.canvases[0], QPoint(400, 300))
    assert "EV below clipping" in told[-1]
    assert "Network" not in told[-1]
    engine.go.release(500)
    qtbot.waitUntil(lambda: f"{FAST}: R" in told[-1])


def upright_pixel(orientation: int, x: int, y: int) -> tuple[int, int]:
    places = {1: (x, y), 3: (WIDTH - 1 - x, HEIGHT - 1 - y), 6: (HEIGHT - 1 - y, x), 8: (y, WIDTH - 1 - x)}
    return places[orientation]


def test_the_pattern_of_the_engine_lies_where_the_grid_is_drawn(engine: PacedEngine) -> None:
    from xtdm_core.xtrans import align

    mosaic = align(engine.frame)
    cfa = tile_pattern(engine.frame.cfa, 12, 12)
    assert np.array_equal(cfa[6 - mosaic.top : 12 - mosaic.top, 6 - mosaic.left : 12 - mosaic.left], CANONICAL)


def test_nothing_is_computed_of_an_empty_view(viewer: Viewer) -> None:
    assert viewer.results() == [(FAST, None)]
    viewer.pictures.look_at(Box(0, 0, 0, 0))
    assert not viewer.pictures.busy
