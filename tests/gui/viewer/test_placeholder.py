"""The embedded JPEG follows the look until the result is there."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage

from tests.gui.viewing import PREVIEW_COLOUR, PacedEngine, middle, open_and_wait, viewing
from xtdm_core.choices import ToneCurve
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import Look
from xtdm_core.frame import U8
from xtdm_gui.pictures.engine import PREVIEW_SIDE, Preview
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.viewer.placeholder import Placeholder, gains_of, with_gains
from xtdm_gui.viewer.viewer import Viewer

CAMERAS = PREVIEW_COLOUR.getRgb()[:3]


@pytest.fixture
def engine() -> PacedEngine:
    return PacedEngine()


@pytest.fixture
def viewer(qtbot, engine: PacedEngine) -> Iterator[Viewer]:
    with viewing(qtbot, engine) as viewer:
        yield viewer


def image_of(rgb: U8) -> QImage:
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


CURVES = pytest.mark.parametrize("curve", ToneCurve)


def pixels(image: QImage) -> np.ndarray:
    codes = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return codes[..., 2::-1].astype(int)


def size_of(placeholder: Placeholder, width: int) -> QSize:
    image = placeholder.image(width)
    assert image is not None
    return image.size()


@CURVES
def test_without_gains_every_code_stays(curve: ToneCurve) -> None:
    codes = np.arange(768, dtype=np.uint8).reshape(16, 16, 3)
    assert np.array_equal(pixels(with_gains(image_of(codes), (1.0, 1.0, 1.0), curve)), codes)


@CURVES
@pytest.mark.parametrize("ev", [-1.5, -0.5, 0.5, 1.5])
def test_greys_below_the_roll_off_become_as_bright_as_in_the_result(
    engine: PacedEngine, ev: float, curve: ToneCurve
) -> None:
    greys = np.float32(0.2) * np.linspace(0.02, 1, 200, dtype=np.float32)[None, :, None].repeat(3, 2)
    look = Look(exposure_ev=ev, tone_curve=curve)
    jpeg = render_srgb8(greys, engine.frame, Look(tone_curve=curve))
    wanted = render_srgb8(greys, engine.frame, look).astype(int)
    got = pixels(with_gains(image_of(jpeg), gains_of(look, engine.frame.wb), curve))
    # Compared where the JPEG is not coarse, and where neither is rolled off: code 202 is the knee.
    clear = (jpeg > 20) & (jpeg < 200) & (wanted < 200)
    assert clear.sum() > 100
    assert np.abs(got - wanted)[clear].max() <= 4


@CURVES
def test_white_stays_white_and_nothing_brighter_is_darker(curve: ToneCurve) -> None:
    codes = np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, 2)
    brighter = pixels(with_gains(image_of(codes), (4.0, 4.0, 4.0), curve))
    assert brighter[0, 255].tolist() == [255] * 3
    assert (np.diff(brighter, axis=1) >= 0).all()
    assert (brighter >= codes).all()


def test_a_changed_white_balance_tints_as_its_gains_do(engine: PacedEngine) -> None:
    red, green, blue = (float(gain) for gain in engine.frame.wb)
    gains = gains_of(Look(white_balance=(2 * red, green, blue / 2)), engine.frame.wb)
    assert gains == pytest.approx((2, 1, 0.5))


def test_the_jpeg_follows_the_look_until_tiles_come(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    viewer.show_path(Path("slow.RAF"))
    qtbot.waitUntil(lambda: viewer.picture is not None)
    assert middle(viewer) == CAMERAS
    look = Look(exposure_ev=1.0)
    viewer.set_look(look)
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(PREVIEW_COLOUR)
    wanted = with_gains(image, gains_of(look, engine.frame.wb), ToneCurve.STANDARD).pixelColor(0, 0).getRgb()[:3]
    assert wanted != CAMERAS
    qtbot.waitUntil(lambda: middle(viewer) == wanted)
    viewer.set_look(Look())
    assert middle(viewer) == CAMERAS


def test_before_the_raw_file_is_read_the_jpeg_is_the_cameras(qtbot, viewer: Viewer, engine: PacedEngine) -> None:
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.set_look(Look(exposure_ev=1.0))  # of the picture before
    engine.decode_go.clear()
    viewer.show_path(Path("slow.RAF"))
    qtbot.waitUntil(lambda: middle(viewer) == CAMERAS)
    assert not viewer.layers[1]._placeholder._making
    engine.decode_go.set()
    qtbot.waitUntil(lambda: middle(viewer) not in (CAMERAS, (48, 48, 48)))


def test_the_cameras_own_picture_knows_no_look(qtbot, viewer: Viewer) -> None:
    viewer.set_pane(1, RenderingSource.preview())
    open_and_wait(qtbot, viewer, Path("a.RAF"))
    viewer.set_look(Look(exposure_ev=1.0))
    assert middle(viewer) == CAMERAS


def test_only_an_image_of_a_windows_size_is_worked_on(qtbot) -> None:
    sizes = QSize(6240, 4160), QSize(3120, 2080), QSize(1560, 1040), QSize(780, 520)
    images = tuple(QImage(size, QImage.Format.Format_RGB32) for size in sizes)
    for image in images:
        image.fill(PREVIEW_COLOUR)
    parent = QObject()
    placeholder = Placeholder(parent)
    placeholder.set_preview(Preview(Path("a.RAF"), images, sizes[0]))
    placeholder.set_as_shot(np.array([2.0, 1.0, 1.5]))
    assert size_of(placeholder, 6240) == sizes[0]
    placeholder.set_look(Look(exposure_ev=1.0))
    for width, size in ((6240, sizes[2]), (700, sizes[3])):
        with qtbot.waitSignal(placeholder.changed):
            placeholder.image(width)
        assert size_of(placeholder, width) == size
        assert size.width() <= PREVIEW_SIDE
    placeholder.close()
