"""Where a layer paints the embedded JPEG."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from xtdm_core.demosaicing.tile_schedule import CELL
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.develop.local_contrast import apply_local_contrast
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.resampling import resample
from xtdm_core.develop.tone import Look
from xtdm_core.frame import CaptureInfo
from xtdm_core.raw.lens_tables import parse_lens_tables
from xtdm_core.simulation import BARREL
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.simulation.lens import lens_fields
from xtdm_gui.pictures.engine import Preview, Rendering
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.pictures.projection import project
from xtdm_gui.viewer.tile_layer import BACKGROUND, TileLayer
from xtdm_gui.viewer.tile_painting import render_tile
from xtdm_gui.viewer.tile_source import TilePixels

GREEN = QColor(0, 200, 0)


@pytest.fixture
def layer(qtbot) -> Iterator[TileLayer]:
    layer = TileLayer()
    layer.only_preview = True
    yield layer
    layer.close()


def painted(image: QImage) -> np.ndarray:
    """Where the JPEG is: bool [H, W]; the rest is the background."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., 2::-1]
    green = (pixels == GREEN.getRgb()[:3]).all(axis=-1)
    assert (green | (pixels == BACKGROUND.getRgb()[:3]).all(axis=-1)).all()
    return green


@pytest.mark.parametrize(
    ("jpeg", "area"),
    [((300, 200), (0, 0, 400, 600)), ((200, 200), (0, 100, 400, 500)), ((1000, 500), (50, 0, 350, 600))],
)
@pytest.mark.parametrize("box", [Box(0, 0, 400, 600), Box(20, 130, 220, 330)])
def test_the_jpeg_is_painted_where_it_was_cut_from(
    layer: TileLayer, jpeg: tuple[int, int], area: tuple[int, int, int, int], box: Box
) -> None:
    image = QImage(*jpeg, QImage.Format.Format_RGB32)
    image.fill(GREEN)
    upright = OrientedSize(600, 400, 6)  # lies on its side
    layer.show_preview(Preview(Path("a.RAF"), (image,), image.size()), upright)
    expected = np.zeros((400, 600), bool)
    expected[area[0] : area[2], area[1] : area[3]] = True
    assert np.array_equal(painted(layer.compose(0, box)), expected[box.slices])


def test_a_box_beside_the_jpeg_shows_nothing_of_it(layer: TileLayer) -> None:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(GREEN)
    upright = OrientedSize(400, 600)
    layer.show_preview(Preview(Path("a.RAF"), (image,), image.size()), upright)
    assert not painted(layer.compose(0, Box(0, 0, 400, 90))).any()


@pytest.mark.parametrize(
    ("look", "area"),
    [
        (Look(), (0, 0, 200, 300)),  # what was framed in the camera, and so the whole JPEG
        (Look(crop=(0.0, 0.0, 1.0, 1.0)), (100, 150, 300, 450)),
        (Look(crop=(0.0, 0.0, 0.5, 1.0)), (100, 150, 300, 300)),
        (Look(crop=(0.0, 0.0, 0.5, 1.0), rotate=90), (150, 100, 300, 300)),
    ],
)
def test_the_jpeg_lies_where_the_look_shows_what_it_is_of(
    layer: TileLayer, look: Look, area: tuple[int, int, int, int]
) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(GREEN)
    frame = simulate_frame(np.full((400, 600, 3), 0.2, np.float32), SensorModel(info=CaptureInfo(digital_zoom=2.0)))
    projection = project(frame, look)
    layer.show_preview(Preview(Path("a.RAF"), (image,), image.size()), projection.upright)
    layer.set_projection(projection)
    width, height = projection.upright.size
    expected = np.zeros((height, width), bool)
    expected[area[0] : area[2], area[1] : area[3]] = True
    assert np.array_equal(painted(layer.compose(0, Box(0, 0, height, width))), expected)


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize(
    "look",
    [
        Look(),
        Look(crop=(0.2, 0.1, 0.7, 0.8), straighten=4.0, rotate=90, flip=True),
        Look(local_contrast=1.0, white_balance=(2.0, 1.0, 1.2)),
    ],
)
def test_tiles_are_the_exports_pixels(qtbot, level: int, look: Look) -> None:  # type: ignore[no-untyped-def]
    fields = lens_fields(BARREL, 400, 600, False)
    lens = parse_lens_tables({tag: tuple(map(int, field.values)) for tag, field in fields.items()})
    y, x = np.mgrid[:400, :600] / 60
    scene = np.repeat(0.2 * 2 ** np.sin(7 * x)[..., None], 3, axis=-1).astype(np.float32)
    frame = replace(simulate_frame(scene, SensorModel(orientation=6)), lens=lens)
    result = Rendering(400, 600)
    result.cam_rgb[:] = (0.3 + 0.06 * np.stack([np.sin(x), np.sin(y + 1), np.sin(x + y)], -1)).astype(np.float32)
    result.cells.mark(Box(0, 0, 400, 600))
    projection = project(frame, look)
    cam_rgb = resample(result.cam_rgb, projection.geometry)
    gain = apply_local_contrast(cam_rgb, frame, look.local_contrast, projection.geometry)
    assert look.local_contrast == 0 or np.ptp(gain) > 0.2
    exported = render_srgb8(
        cam_rgb,
        replace(frame, orientation=projection.geometry.orientation),
        look,
    ).astype(int)
    layer = TileLayer()
    layer.set_look(look)
    layer.set_projection(projection)
    width, height = projection.upright.halved(level).size
    box = Box(0, 0, height, width)
    layer.look_at(level, box)
    layer.show_result(result, frame)
    qtbot.waitUntil(lambda: layer.complete, timeout=20_000)
    image = layer.compose(level, box)
    layer.close()
    shown = np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4)[..., 2::-1].astype(int)
    step = 1 << level
    inner = np.s_[8 : height - 8, 8 : width - 8]
    assert np.abs(shown - exported[step - 1 :: step, step - 1 :: step][:height, :width])[inner].max() <= (1, 3)[level]


@pytest.mark.parametrize("level", [0, 1])
def test_a_picture_that_is_moved_is_a_draft_first_and_then_the_exports_pixels(  # type: ignore[no-untyped-def]
    qtbot, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = simulate_frame(np.full((400, 600, 3), 0.2, np.float32), SensorModel())
    y, x = np.mgrid[:400, :600] / 60
    result = Rendering(400, 600)
    result.cam_rgb[:] = (0.3 + 0.06 * np.stack([np.sin(x), np.sin(y + 1), np.sin(x + y)], -1)).astype(np.float32)
    result.cells.mark(Box(0, 0, 400, 600))
    made: list[bool] = []
    monkeypatch.setattr(
        "xtdm_gui.viewer.tile_layer.render_tile", lambda *given: (made.append(given[-1]), render_tile(*given))[1]
    )
    layers = [TileLayer(), TileLayer()]
    images = []
    for layer, looks in zip(
        layers, ([Look(straighten=2.0), Look(straighten=3.0)], [Look(straighten=3.0)]), strict=True
    ):
        made.clear()
        for look in looks:
            projection = project(frame, look)
            layer.set_look(look)
            layer.set_projection(projection)
            width, height = projection.upright.halved(level).size
            layer.look_at(level, Box(0, 0, height, width))
            layer.show_result(result, frame)
            qtbot.waitUntil(lambda layer=layer: layer.complete, timeout=20_000)  # type: ignore[misc]
        tiles = len(layer._keys(level, Box(0, 0, height, width)))
        assert made == [False] * tiles + ([True] * tiles + [False] * tiles if len(looks) == 2 else [])
        images.append(layer.compose(level, Box(0, 0, height, width)))
        layer.close()
    assert images[0] == images[1]


def test_halved_pixels_of_what_is_there_are_kept_for_another_geometry() -> None:
    result = Rendering(CELL * 4, CELL * 4)
    result.cam_rgb[:] = np.random.default_rng(1).random(result.cam_rgb.shape, np.float32)
    result.cells.mark(Box(0, 0, CELL * 2, CELL * 2))
    frame = simulate_frame(np.full((CELL * 4, CELL * 4, 3), 0.2, np.float32), SensorModel())
    pixels = TilePixels()
    one = pixels.rgb(result, (1, 0, 0), project(frame, Look()), draft=False)
    expected = result.cam_rgb[: CELL * 2, : CELL * 2].reshape(CELL, 2, CELL, 2, 3).mean(axis=(1, 3))
    assert np.abs(one - expected).max() < 1e-6
    pixels.rgb(result, (1, 1, 1), project(frame, Look()), draft=False)  # not there yet
    result.cam_rgb[:] = 0.5
    moved = pixels.elsewhere().rgb(result, (1, 0, 0), project(frame, Look(straighten=0.001)), draft=True)
    inner = np.s_[8 : CELL // 2, 8 : CELL // 2]
    assert np.abs(moved - expected)[inner].max() < 0.1
    assert np.array_equal(pixels.rgb(result, (1, 1, 1), project(frame, Look()), draft=False).ravel()[:9], [0.5] * 9)


def test_until_drafts_are_there_the_picture_stays_as_it_lay(qtbot) -> None:  # type: ignore[no-untyped-def]
    frame = simulate_frame(np.full((400, 600, 3), 0.2, np.float32), SensorModel())
    result = Rendering(400, 600)
    result.cam_rgb[:] = 0.3
    result.cells.mark(Box(0, 0, 400, 600))
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(GREEN)
    layer, box = TileLayer(), Box(0, 0, 400, 600)
    layer.show_preview(Preview(Path("a.RAF"), (image,), image.size()), OrientedSize(400, 600))
    layer.set_projection(project(frame, Look()))
    layer.look_at(0, box)
    layer.show_result(result, frame)
    qtbot.waitUntil(lambda: layer.complete, timeout=20_000)
    developed = layer.compose(0, box)
    layer.set_projection(project(frame, Look(lens_distortion=0.5, straighten=0.001)))
    assert layer.compose(0, box).scaled(9, 9) == developed.scaled(9, 9)  # not the JPEG
    qtbot.waitUntil(lambda: layer.complete, timeout=20_000)
    layer.close()
