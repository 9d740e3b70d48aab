"""What the viewer asks of the engine, from background threads only: previews, decoding, demosaicing."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader

from xtdm_core.demosaicing.tile_schedule import TileSchedule, unaffected_cells
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.devices import keep_freed_memory
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import F32, AlignedMosaic, Noise
from xtdm_core.progress import Progress, Report, Stage
from xtdm_core.raw.exif import is_adobe_rgb
from xtdm_core.xtrans import clipped_photosites
from xtdm_gui.pictures.libraw_pool import LibrawPool
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.pictures.renderings import RenderingSource, SourceKind

if TYPE_CHECKING:
    from xtdm_core.demosaicing.network import Demosaicer

PREVIEW_SIDE = 2048  # enough for a window; a JPEG is decoded to such a size several times as fast
_NICENESS = 5
_LOG = logging.getLogger(__name__)
_REST_S, _NAP_S = 0.25, 0.02


@dataclass(frozen=True, slots=True)
class Preview:
    """An embedded JPEG, upright: ``images`` halve in size from one to the next; ``size`` is the whole JPEG's."""

    path: Path
    images: tuple[QImage, ...]
    size: QSize

    @property
    def whole(self) -> bool:
        """Whether the first image has every pixel of the JPEG."""
        return self.images[0].size() == self.size


class Rendering:
    """Camera RGB of a picture as it comes into being.

    cam_rgb  f32 [H, W, 3], sensor units, white-balanced as shot (G = 1), unclipped; valid where ``cells`` say so
    """

    def __init__(self, height: int, width: int) -> None:
        self.cam_rgb: F32 = np.zeros((height, width, 3), dtype=np.float32)
        self.cells = TileSchedule(height, width)


class Decoded:
    """A raw file that was read; its mosaic with reconstructed highlights and its noise are computed when asked for."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        mosaic = picture.mosaic
        visible = np.s_[mosaic.top : mosaic.top + mosaic.height, mosaic.left : mosaic.left + mosaic.width]
        self.clipped: NDArray[np.bool_] = clipped_photosites(mosaic)[visible]
        self.clear = unaffected_cells(self.clipped)
        self._lock = threading.Lock()
        self._restored: AlignedMosaic | None = None if self.clipped.any() else mosaic
        self._noise_lock = threading.Lock()  # another: highlights take seconds
        self._noise = mosaic.noise

    @property
    def is_restored(self) -> bool:
        """Whether ``restored`` answers at once."""
        return self._restored is not None

    @property
    def nbytes(self) -> int:
        """Memory held."""
        mosaic = self.picture.mosaic.values.nbytes
        return self.picture.frame.mosaic.nbytes + 2 * mosaic + self.clipped.nbytes

    def restored(self) -> AlignedMosaic:
        """The mosaic with clipped photosites replaced; others are the same, bit for bit."""
        from xtdm_core.develop.highlights import reconstruct_highlights

        with self._lock:
            if self._restored is None:
                self._restored = reconstruct_highlights(self.picture.mosaic)
            return self._restored

    def noise(self) -> Noise:
        """What the file says and shows of its noise."""
        from xtdm_core.raw.noise import estimate_noise

        with self._noise_lock:
            if self._noise is None:
                self._noise = estimate_noise(self.picture.frame, self.picture.mosaic)
            return self._noise


Grown = Callable[[Box], None]
LookedAt = Callable[[], Box]


class PictureEngine:
    """Keeps networks and LibRaw's child processes; torch loads with the first network.

    tell  is called, in a background thread, with what the user should know of a network that was loaded
    """

    def __init__(self, device: str = "auto") -> None:
        keep_freed_memory()
        self._device = device
        self._lock = threading.Lock()
        self._networks: dict[tuple[object, str], Demosaicer] = {}
        self._children = LibrawPool()
        self.tell: Callable[[str], object] = _LOG.warning
        self._rests_until = 0.0  # by the monotonic clock

    def set_device(self, device: str) -> None:
        """Where networks run from the next picture on."""
        self._device = device

    def preview(self, path: Path, side: int | None = PREVIEW_SIDE) -> Preview:
        """The embedded JPEG, its longer side at least ``side`` where it has that many pixels; None for all of them.

        Raises UnsupportedRaw.
        """
        from xtdm_core.raw.reader import embedded_preview

        return read_preview(path, embedded_preview(path), side)

    def decode(self, path: Path, report: Report) -> Decoded:
        """Reads a raw file. Raises UnsupportedRaw."""
        from xtdm_core.raw.hot_pixels import without_defects
        from xtdm_core.raw.reader import read_raw
        from xtdm_core.xtrans import align

        report(Progress(Stage.READING, 0, 2))
        frame, _ = without_defects(read_raw(path))
        report(Progress(Stage.READING, 1, 2))
        return Decoded(Picture(path, frame, align(frame)))

    def compute(
        self,
        decoded: Decoded,
        source: RenderingSource,
        result: Rendering,
        looked_at: LookedAt,
        report: Report,
        grown: Grown,
    ) -> None:
        """Fills in what ``result`` lacks, what is looked at first, and tells of every box that is there.

        looked_at  the box of the sensor that is seen now. Raises XtdmError.
        """
        _lower_priority()
        if source.kind == SourceKind.LIBRAW:
            self._run_libraw(decoded, source, result, report, grown)
        else:
            self._run_network(decoded, source, result, looked_at, report, grown)

    def demosaic_again(self, source: RenderingSource, picture: Picture, mosaic: AlignedMosaic, report: Report) -> F32:
        """Camera RGB of another mosaic of a picture, as the source makes it; noise stays. Raises XtdmError."""
        _lower_priority()
        if source.kind == SourceKind.LIBRAW:
            return self._children.demosaic(picture.path, picture.frame, source.name, mosaic, report)
        return self._network(source)(mosaic, report)

    def warm(self, sources: Iterable[RenderingSource]) -> None:
        """Load the networks among sources while the first raw file is still being read: PyTorch takes longer than that.

        What cannot be loaded is told when it is computed with. Raises XtdmError.
        """
        for source in sources:
            if source.kind == SourceKind.NETWORK:
                self._network(source)

    def rest(self) -> None:
        """Let networks rest a moment, between two boxes: what is rendered for a slider needs the processor."""
        self._rests_until = time.monotonic() + _REST_S

    def close(self) -> None:
        """Ends the child processes."""
        self._children.close()

    def _run_libraw(
        self, decoded: Decoded, source: RenderingSource, result: Rendering, report: Report, grown: Grown
    ) -> None:
        picture = decoded.picture
        report(Progress(Stage.RECONSTRUCTING_HIGHLIGHTS, 0, 1))
        mosaic = decoded.restored()
        result.cam_rgb[:] = self._children.demosaic(picture.path, picture.frame, source.name, mosaic, report)
        whole = Box(0, 0, *result.cam_rgb.shape[:2])
        result.cells.mark(whole)
        grown(whole)

    def _run_network(
        self,
        decoded: Decoded,
        source: RenderingSource,
        result: Rendering,
        looked_at: LookedAt,
        report: Report,
        grown: Grown,
    ) -> None:
        from xtdm_core.demosaicing.network import Denoising

        cells, denoising = result.cells, source.denoising or Denoising(0.0)

        def tell(_: Progress | None = None) -> None:
            report(Progress(Stage.DEMOSAICING, int(cells.done.sum()), cells.done.size, subject=source.label()))

        tell()
        demosaicer = self._network(source)
        while not cells.complete:
            tell()
            while time.monotonic() < self._rests_until:
                time.sleep(_NAP_S)
                tell()
            box, mosaic = _following(decoded, cells, looked_at())
            if denoising.strength > 0:
                mosaic = replace(mosaic, noise=decoded.noise())
            result.cam_rgb[box.slices] = demosaicer(mosaic, tell, part=box, denoising=denoising)
            cells.mark(box)
            grown(box)

    def _network(self, source: RenderingSource) -> Demosaicer:
        from xtdm_core.demosaicing.network import Demosaicer

        device = self._device
        key = (source.choice.result_key(), device)
        with self._lock:
            if key not in self._networks:
                self._networks[key] = Demosaicer.load(Path(source.name), device)
                for note in self._networks[key].notes:
                    self.tell(note)
            return self._networks[key]


def _following(decoded: Decoded, cells: TileSchedule, looked_at: Box) -> tuple[Box, AlignedMosaic]:
    """The box to compute next and the mosaic to compute it from.

    Reconstructing the highlights of a large picture takes seconds. Cells that see no clipped photosite are the same
    without: those that are looked at do not wait for it.
    """
    if not decoded.is_restored:
        box = cells.next_box(looked_at, decoded.clear & cells.touched(looked_at))
        if box is not None:
            return box, decoded.picture.mosaic
    mosaic = decoded.restored()
    box = cells.next_box(looked_at)
    if box is None:
        raise ValueError("nothing is left to compute")
    return box, mosaic


def read_preview(path: Path, jpeg: bytes, side: int | None) -> Preview:
    """Decodes a JPEG with Exif, upright, to sRGB; see ``PictureEngine.preview``. Raises UnsupportedRaw."""
    data = QByteArray(jpeg)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    longer = max(size.width(), size.height())
    if side is not None and longer > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise UnsupportedRaw(path, f"has a broken JPEG preview inside ({reader.errorString()})")
    if (image.width() > image.height()) != (size.width() > size.height()):
        size.transpose()
    if is_adobe_rgb(jpeg):
        image.setColorSpace(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb))
    if image.colorSpace().isValid():
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    images = [image.convertToFormat(QImage.Format.Format_RGB32)]
    while max(images[-1].width(), images[-1].height()) > 512:
        last = images[-1]
        half = QSize(-(-last.width() // 2), -(-last.height() // 2))
        keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        images.append(last.scaled(half, keep, smooth))
    return Preview(path, tuple(images), size)


def _lower_priority() -> None:
    """Lower the priority of this thread, and of those that PyTorch starts from it, below the window's own."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, os.getpid()) + _NICENESS)
