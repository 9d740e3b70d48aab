"""How fast a folder of 1,000 raw files shows its first thumbnails and scrolls; run by hand.

QT_QPA_PLATFORM=offscreen python -m tests.gui.bench_filmstrip
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QApplication

from tests.core.conftest import textured
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_gui.filmstrip.filmstrip import Filmstrip
from xtdm_gui.filmstrip.model import Role
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache


def make_folder(folder: Path, count: int = 1000, repeated: tuple[int, int] = (1, 1)) -> None:
    """RAFs with 1920 × 1280 previews, links to one: 600 × 600 pixels, ``repeated`` so often down and across."""
    y, x = np.mgrid[:1280, :1920] / 40
    waves = np.stack([np.sin(x + 1), np.sin(y), np.sin(x + y)], -1) * 0.3 + 0.5
    noisy = waves + np.random.default_rng(0).normal(0, 0.05, (1280, 1920, 1))
    preview = BytesIO()
    Image.fromarray((np.clip(noisy, 0, 1) * 255).astype(np.uint8)).save(preview, format="JPEG", quality=88)
    cam_rgb = np.tile(textured(600, 600), (*repeated, 1))
    write_raf(folder / "DSCF0000.RAF", simulate_frame(cam_rgb, SensorModel()), preview.getvalue())
    for number in range(1, count):
        os.link(folder / "DSCF0000.RAF", folder / f"DSCF{number:04}.RAF")


def measure(app: QApplication, folder: Path, cache: Path) -> dict[str, float]:
    """Seconds from ``open_folder`` until the names, the first thumbnail and all visible ones are on screen, and
    milliseconds of a scroll step while thumbnails arrive (median, 95th percentile; of that the window's own time on
    the processor, which other programs do not lengthen), of painting everything, and of the longest time in which
    the event loop was not served while the folder opened."""
    strip = Filmstrip(ThumbnailCache(cache))
    strip.resize(1400, 860)
    strip.show()
    app.processEvents()
    begin = time.perf_counter()
    strip.open_folder(folder)
    result: dict[str, float] = {}
    longest = 0.0

    def wait(name: str, done: Callable[[], bool]) -> None:
        nonlocal longest
        while not done():
            before = time.perf_counter()
            app.processEvents()
            longest = max(longest, time.perf_counter() - before)
            time.sleep(0.001)
        strip.repaint()
        result[name] = round(time.perf_counter() - begin, 3)

    def loaded() -> list[bool]:
        rows = strip.view.visible_rows()
        return [strip.view.model().index(row, 0).data(Role.THUMBNAIL) is not None for row in rows]

    wait("names_s", lambda: bool(strip.files()))
    wait("first_thumbnail_s", lambda: any(loaded()))
    wait("visible_thumbnails_s", lambda: all(loaded()))
    result["visible_thumbnails"] = len(loaded())
    wait("with_neighbours_s", lambda: not strip.is_busy())
    bar = strip.view.verticalScrollBar()
    steps, own, paints = [], [], []
    for _ in range(40):
        before, before_own = time.perf_counter(), time.thread_time()
        bar.setValue(bar.value() + 20)
        app.processEvents()
        steps.append(1000 * (time.perf_counter() - before))
        own.append(1000 * (time.thread_time() - before_own))
        before = time.perf_counter()
        strip.view.viewport().repaint()
        paints.append(1000 * (time.perf_counter() - before))
    result["scroll_step_ms"], result["scroll_step_p95_ms"] = np.percentile(steps, [50, 95]).round(1).tolist()
    result["scroll_step_cpu_ms"], result["scroll_step_cpu_p95_ms"] = np.percentile(own, [50, 95]).round(1).tolist()
    result["whole_paint_ms"] = round(float(np.median(paints)), 1)
    result["longest_block_ms"] = round(1000 * longest, 1)
    strip.close()
    strip.deleteLater()
    app.processEvents()
    return result


if __name__ == "__main__":
    application = QApplication([])
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "photos").mkdir()
        make_folder(Path(made) / "photos")
        for state, cache in (("cold", "a"), ("warm", "a"), ("cold again", "b")):
            print(state, measure(application, Path(made) / "photos", Path(made) / cache))
