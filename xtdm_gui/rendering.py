"""What the window asks of the engine; its heavy modules load with the first picture, in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xtdm_core.progress import Progress, Report

if TYPE_CHECKING:
    from xtdm_core.demosaic import Demosaicer

Render = Callable[[Path, Report], NDArray[np.uint8]]


def network_renderer() -> Render:
    """A function that turns a raw file into an upright sRGB picture u8 [H, W, 3], and keeps the network loaded."""
    loaded: list[Demosaicer] = []

    def render(path: Path, report: Report) -> NDArray[np.uint8]:
        report(Progress("loading the network", 0, 1))
        from xtdm_core.convert import NEURAL, demosaic, srgb8_picture
        from xtdm_core.demosaic import Demosaicer
        from xtdm_core.develop import Look
        from xtdm_core.raf import read_raw

        report(Progress("reading", 0, 1))
        frame = read_raw(path)
        if not loaded:
            loaded.append(Demosaicer.load())
        cam_rgb = demosaic(path, frame, NEURAL, loaded[0], report)
        report(Progress("rendering", 0, 1))
        return srgb8_picture(cam_rgb, frame, Look())

    return render
