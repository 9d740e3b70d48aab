"""The viewer with the real engine on a made raw file: the pixels on the screen are those of the engine."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from tests.core.conftest import libraw_repeats
from tests.gui.viewing import noise_aware, open_and_wait, viewing
from xtdm_core.choices import NEURAL
from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.demosaicing.network import Demosaicer, Denoising
from xtdm_core.demosaicing.pipeline import demosaic_frame, prepare
from xtdm_core.develop.highlights import reconstruct_highlights
from xtdm_core.develop.render import render_srgb8
from xtdm_core.develop.tone import Look, orient
from xtdm_core.progress import silent
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import align
from xtdm_gui.pictures import libraw_pool
from xtdm_gui.pictures.engine import PictureEngine, read_preview
from xtdm_gui.pictures.renderings import RenderingSource, shipped_sources
from xtdm_gui.viewer.viewer import Viewer


@pytest.fixture
def viewer(qtbot) -> Iterator[Viewer]:
    with viewing(qtbot, PictureEngine("cpu")) as viewer:
        yield viewer
    assert multiprocessing.active_children() == []


def scene(height: int = 620, width: int = 640) -> np.ndarray:
    """Camera RGB f32 [H, W, 3] with smooth colours and a lamp that clips."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    base = np.stack([0.2 + 0.1 * np.sin(x / 9), 0.2 + 0.1 * np.sin(y / 7), 0.3 + 0.1 * np.cos((x + y) / 11)], -1)
    base[300:340, 300:340] = 4
    return base.astype(np.float32)


@pytest.fixture
def clipped_raf(tmp_path: Path) -> Path:
    path = tmp_path / "lamp.RAF"
    write_raf(path, simulate_frame(scene(), SensorModel(orientation=6)))
    return path


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_both_panes_show_what_the_engine_makes(qtbot, viewer: Viewer, clipped_raf: Path) -> None:
    viewer.set_mode("side-by-side")
    viewer.zoom_to(1)
    open_and_wait(qtbot, viewer, clipped_raf)
    qtbot.waitUntil(lambda: all(cam_rgb is not None for _, cam_rgb in viewer.results()), timeout=20_000)
    frame = read_raw(clipped_raf)
    mosaic = reconstruct_highlights(align(frame))
    assert not np.array_equal(mosaic.values, align(frame).values)
    (_, libraw), (_, network) = viewer.results()
    assert libraw is not None
    assert network is not None
    assert libraw_repeats(libraw, demosaic_libraw(clipped_raf, frame, "markesteijn3", mosaic))
    expected = demosaic_frame(clipped_raf, prepare(frame), NEURAL, Demosaicer.load(device="cpu"))
    assert np.abs(network - expected).max() <= 1e-5
    qtbot.waitUntil(lambda: viewer.layers[0].complete and viewer.layers[1].complete)
    for pane, cam_rgb in enumerate((libraw, network)):
        canvas = viewer.comparison.canvases[pane]
        seen = viewer.view.seen()
        corner = viewer.view.corner
        upright = render_srgb8(cam_rgb, frame, Look())
        top, left = seen.top + int(corner.y()), seen.left + int(corner.x())
        shown = pixels(canvas.grab().toImage())[max(top, 0) :, max(left, 0) :][: seen.height, : seen.width]
        assert np.array_equal(shown, upright[seen.slices][: shown.shape[0], : shown.shape[1]])


@pytest.mark.parametrize("denoising", [Denoising(0.0), Denoising(0.6, 0.3)])
def test_a_network_that_takes_noise_heeds_the_settings(
    qtbot, viewer: Viewer, clipped_raf: Path, denoising: Denoising
) -> None:
    write_raf(clipped_raf, simulate_frame(scene(), SensorModel(noise=(1e-3, 3e-3))))
    weights = noise_aware(clipped_raf.with_name("own.safetensors"))
    viewer.set_pane(1, RenderingSource.network(weights))
    viewer.set_denoising(denoising)
    open_and_wait(qtbot, viewer, clipped_raf)
    qtbot.waitUntil(lambda: all(cam_rgb is not None for _, cam_rgb in viewer.results()), timeout=20_000)
    frame, net = read_raw(clipped_raf), Demosaicer.load(weights, "cpu")
    ((_, network),) = viewer.results()
    expected = demosaic_frame(clipped_raf, prepare(frame), NEURAL, net, denoising=denoising)
    assert network is not None
    assert np.abs(network - expected).max() <= 1e-5
    assert (
        np.abs(network - demosaic_frame(clipped_raf, prepare(frame), NEURAL, net, denoising=Denoising(1.0))).max()
        > 1e-4
    )


def never(line: Connection) -> None:
    """A child that takes its time."""
    line.recv()
    time.sleep(600)


def test_going_on_kills_the_child_at_work(qtbot, viewer: Viewer, clipped_raf: Path, monkeypatch) -> None:
    monkeypatch.setattr(libraw_pool, "serve", never)
    viewer.set_pane(1, RenderingSource.libraw("markesteijn3"))
    viewer.show_path(clipped_raf)
    qtbot.waitUntil(lambda: len(multiprocessing.active_children()) == 1, timeout=20_000)
    (child,) = multiprocessing.active_children()
    pid = child.pid
    assert pid is not None
    viewer.show_path(None)
    qtbot.waitUntil(lambda: multiprocessing.active_children() == [], timeout=5000)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_checkpoint_that_is_none_is_told_in_its_pane(qtbot, viewer: Viewer, clipped_raf: Path) -> None:
    weights = clipped_raf.with_name("mine.safetensors")
    weights.write_bytes(b"nothing")
    viewer.set_pane(1, RenderingSource.network(weights))
    with qtbot.waitSignal(viewer.failed) as failed:
        open_and_wait(qtbot, viewer, clipped_raf)
    assert "mine.safetensors" in failed.args[0]
    assert viewer.picture is not None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_previews_are_upright(tmp_path: Path, orientation: int) -> None:
    from io import BytesIO

    from PIL import Image

    stored = np.zeros((240, 320, 3), np.uint8)
    stored[:120, :160] = 250
    file = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(stored).save(file, "JPEG", quality=95, exif=exif)
    preview = read_preview(tmp_path, file.getvalue(), 160)
    upright = orient(stored, orientation)
    assert (preview.size.height(), preview.size.width()) == upright.shape[:2]
    shown = pixels(preview.images[0])
    assert max(shown.shape) == 160
    step = upright.shape[0] // shown.shape[0]
    near = np.abs(shown.astype(int) - upright[step // 2 :: step, step // 2 :: step]).max(axis=-1)
    assert (near < 40).mean() > 0.97


def test_previews_in_adobe_rgb_become_srgb(tmp_path: Path) -> None:
    from io import BytesIO

    from imagecodecs import cms_profile
    from PIL import ExifTags, Image

    stored = Image.new("RGB", (64, 48), (180, 90, 60))
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif).update({ExifTags.Base.ColorSpace: 65535, ExifTags.IFD.Interop: {1: "R03"}})
    for how in ({"exif": exif}, {"icc_profile": bytes(cms_profile("adobergb"))}):
        file = BytesIO()
        stored.save(file, "JPEG", quality=95, **how)
        shown = pixels(read_preview(tmp_path, file.getvalue(), None).images[0]).astype(int)
        assert np.abs(shown - (204, 90, 56)).max() <= 3


def test_shipped_networks_are_listed_by_name() -> None:
    assert shipped_sources()[0].label() == "Network fast"
    assert len({source.label() for source in shipped_sources()}) == len(shipped_sources())


def test_nothing_is_clear_of_what_is_clipped_everywhere(clipped_raf: Path) -> None:
    decoded = PictureEngine("cpu").decode(clipped_raf, silent)
    assert decoded.clipped.sum() == 1600
    assert not decoded.is_restored
    assert decoded.restored() is decoded.restored()
    assert decoded.is_restored
    assert not decoded.clear[300 // 192, 300 // 192]
