"""An engine whose pace and pixels the test decides, and the viewer around it."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QThread
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.core.conftest import textured
from xtdm_core.demosaicing.tile_schedule import TileSchedule
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.errors import UnsupportedRaw, XtdmError
from xtdm_core.frame import F32, AlignedMosaic, RawFrame
from xtdm_core.progress import Cancelled, Progress, Report, Stage
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.engine import Decoded, Grown, LookedAt, PictureEngine, Preview, Rendering
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.renderings import RenderingSource, SourceKind
from xtdm_gui.viewer.viewer import Viewer

HEIGHT, WIDTH = 1200, 1500
PREVIEW_COLOUR = QColor(10, 200, 30)


class PacedEngine(PictureEngine):
    """Every source gives a flat colour; "slow" files need a ``go.release()`` for each box, "broken" ones fail."""

    def __init__(self, frame: RawFrame | None = None) -> None:
        super().__init__()
        self.frame = frame or simulate_frame(textured(HEIGHT, WIDTH), SensorModel())
        self.go = threading.Semaphore(0)
        self.decode_go = threading.Event()
        self.decode_go.set()
        self.events: list[tuple[str, str]] = []
        self.boxes: list[Box] = []

    def said(self, what: str) -> list[str]:
        return [name for event, name in self.events if event == what]

    def preview(self, path: Path, side: int | None = 0) -> Preview:
        self.events.append(("preview", path.name))
        if "bare" in path.name:
            raise UnsupportedRaw(path, "has no JPEG preview inside")
        size = QSize(*reversed(self.frame.mosaic.shape)) / (1 if side is None else 4)
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(PREVIEW_COLOUR)
        return Preview(path, (image,), size if side is None else size * 4)

    def warm(self, sources: Iterable[RenderingSource]) -> None:
        self.events.extend(("warm", source.label()) for source in sources)

    def decode(self, path: Path, report: Report) -> Decoded:
        self.events.append(("decode", path.name))
        while not self.decode_go.wait(0.01):
            report(Progress(Stage.READING, 0, 2))
        if "broken" in path.name:
            raise UnsupportedRaw(path, "is damaged")
        return Decoded(Picture(path, self.frame, align(self.frame)))

    def demosaic_again(self, source: RenderingSource, picture: Picture, mosaic: AlignedMosaic, report: Report) -> F32:
        self.events.append(("again", source.label()))
        return np.full((mosaic.height, mosaic.width, 3), 0.2, np.float32)

    def compute(
        self,
        decoded: Decoded,
        source: RenderingSource,
        result: Rendering,
        looked_at: LookedAt,
        report: Report,
        grown: Grown,
    ) -> None:
        name = f"{decoded.picture.path.name} {source.label()}"
        self.events.append(("compute", name))
        if source.label() == "LibRaw VNG":
            raise XtdmError("LibRaw crashed")
        try:
            self._fill(decoded, source, result, looked_at, report, grown)
        except Cancelled:
            self.events.append(("cancelled", name))
            raise
        self.events.append(("computed", name))

    def _fill(
        self,
        decoded: Decoded,
        source: RenderingSource,
        result: Rendering,
        looked_at: LookedAt,
        report: Report,
        grown: Grown,
    ) -> None:
        cells: TileSchedule = result.cells
        while (box := cells.next_box(looked_at())) is not None:
            report(Progress(Stage.DEMOSAICING, 0, 1))
            while "slow" in decoded.picture.path.name and not self.go.acquire(timeout=0.01):
                report(Progress(Stage.DEMOSAICING, 0, 1))
            self.boxes.append(box)
            result.cam_rgb[box.slices] = colour_of(source)
            cells.mark(box)
            grown(box)


def noise_aware(path: Path) -> Path:
    """Writes a checkpoint of a small network with random weights that takes noise."""
    import torch

    from xtdm_core.models import ModelSpec, build_network
    from xtdm_core.models.checkpoints import save_checkpoint

    spec = ModelSpec("packed", {"width": 8, "blocks": 1, "noise": True})
    torch.manual_seed(2)
    net = build_network(spec)
    for weight in net.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    save_checkpoint(path, net, spec, {})
    return path


def blind(path: Path) -> Path:
    """Writes a checkpoint of a small network that takes no noise."""
    from xtdm_core.models import ModelSpec, build_network
    from xtdm_core.models.checkpoints import save_checkpoint

    spec = ModelSpec("packed", {"width": 8, "blocks": 1})
    save_checkpoint(path, build_network(spec), spec, {})
    return path


def colour_of(source: RenderingSource) -> np.ndarray:
    """The camera RGB that a PacedEngine gives."""
    return np.float32([0.02, 0.06, 0.03] if source.kind == SourceKind.LIBRAW else [0.08, 0.05, 0.06])


@contextmanager
def viewing(qtbot, engine: PictureEngine, size: tuple[int, int] = (1000, 700)) -> Iterator[Viewer]:
    """A viewer on the screen; at the end nothing of it is left."""
    before = set(map(id, QApplication.topLevelWidgets()))
    viewer = Viewer(engine, CurrentNetwork())
    qtbot.addWidget(viewer)
    viewer.resize(*size)
    viewer.show()
    qtbot.waitExposed(viewer)
    yield viewer
    viewer.close()
    assert not [thread for thread in viewer.findChildren(QThread) if thread.isRunning()]
    left = [w for w in QApplication.topLevelWidgets() if id(w) not in before and w is not viewer]
    assert not [w for w in left if w.isVisible()]


def open_and_wait(qtbot, viewer: Viewer, path: Path) -> None:
    with qtbot.waitSignal(viewer.settled, timeout=20_000):
        viewer.show_path(path)


def seen(widget: QWidget, x: int, y: int) -> tuple[int, int, int]:
    """The colour that is painted at a place of a widget."""
    image = widget.grab().toImage()
    ratio = image.devicePixelRatio()
    colour = image.pixelColor(int(x * ratio), int(y * ratio))
    return colour.red(), colour.green(), colour.blue()


def middle(viewer: Viewer, pane: int = 0) -> tuple[int, int, int]:
    canvas = viewer.comparison.canvases[pane]
    return seen(canvas, canvas.width() // 2 + 5, canvas.height() // 2)


def turn_wheel(
    widget: QWidget, notches: float, at: tuple[int, int], phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase
) -> None:
    place = QPointF(*at)
    turned = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        phase,
        False,
    )
    QApplication.sendEvent(widget, turned)


def turned(frame: RawFrame, orientation: int) -> RawFrame:
    return replace(frame, orientation=orientation)
