"""The histogram of the finished picture: how often each sRGB code is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from xtdm_core.develop.local_contrast import detail_map, nearest_gain
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F32, RawFrame
from xtdm_gui.background import LatestTask
from xtdm_gui.formatting import number
from xtdm_gui.histogram.plot import COLOURS
from xtdm_gui.pictures.picture import Picture

_CODES = 256
_PIXELS = 300_000  # that are counted at most, evenly spread
Counts = NDArray[np.int64]


class OutputHistogram(QWidget):
    """Counts the codes of the result that is seen, in the background, anew with every look."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._cam_rgb: F32 | None = None
        self._details: list[F32] = []  # for local contrast: one, once it was asked for
        self._look = Look()
        self._busy = self._stale = False
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_counted)
        self._jobs.failed.connect(self._on_failed)
        self.plot = _Plot()
        self.words = QLabel(wordWrap=True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.words)
        self._show(None)

    def set_picture(self, picture: Picture | None) -> None:
        """Another file, whose result comes with ``set_results``."""
        self._picture, self._cam_rgb, self._busy, self._details = picture, None, False, []
        self._jobs.cancel()
        self._show(None)

    def set_results(self, results: Sequence[tuple[str, F32 | None]]) -> None:
        """What the panes show, as ``Viewer.results``: the last that is there is counted."""
        there = [cam_rgb for _, cam_rgb in results if cam_rgb is not None]
        cam_rgb = there[-1] if there else None
        if cam_rgb is not self._cam_rgb:
            self._cam_rgb = cam_rgb
            self._count()

    def set_look(self, look: Look) -> None:
        """Counts anew."""
        self._look = look
        self._count()

    def close(self) -> bool:
        """Waits until nothing runs in the background any more."""
        self._jobs.close()
        return super().close()

    def _count(self) -> None:
        """One after the other, not the latest instead of the one before: it moves with a slider."""
        if self._picture is None or self._cam_rgb is None:
            return
        self._stale = self._busy
        if not self._busy:
            self._busy = True
            cam_rgb, frame, look, details = self._cam_rgb, self._picture.frame, self._look, self._details
            self._jobs.start(lambda _report: count_codes(cam_rgb, frame, look, details))

    @Slot(object)
    def _on_counted(self, counts: Counts) -> None:
        self._busy = False
        self._show(counts)
        if self._stale:
            self._count()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._busy = False
        self.words.setText(sentence)

    def _show(self, counts: Counts | None) -> None:
        self.plot.show_counts(counts)
        if counts is None:
            self.words.setText(self.tr("Waiting for a result") if self._picture else self.tr("No picture"))
            return
        shares = 100 * counts[:, (0, -1)] / counts.sum(axis=1, keepdims=True)
        black, white = map(_by_channel, shares.T)
        self.words.setText(self.tr("At code 0:  {0}\nAt code 255:  {1}").format(black, white))


def _by_channel(shares: Sequence[float]) -> str:
    return "  ".join(f"{name} {number(share, 1)} %" for name, share in zip("RGB", shares, strict=True))


def count_codes(cam_rgb: F32, frame: RawFrame, look: Look, details: list[F32]) -> Counts:
    """How often each code 0 to 255 is in the sRGB picture of camera RGB f32 [H, W, 3]: i64 [3, 256], evenly sampled.

    details  keeps what local contrast needs of the frame
    """
    from xtdm_core.develop.render import render_srgb8

    step = max(1, ceil(sqrt(cam_rgb.shape[0] * cam_rgb.shape[1] / _PIXELS)))
    sampled = np.ascontiguousarray(cam_rgb[::step, ::step])
    if look.local_contrast:
        if not details:
            details.append(detail_map(frame))
        sampled *= nearest_gain(details[0], look.local_contrast, cam_rgb.shape, step)
    srgb = render_srgb8(sampled, frame, look)
    return np.stack([np.bincount(srgb[..., channel].ravel(), minlength=_CODES) for channel in range(3)])


class _Plot(QWidget):
    """Draws the counts of three channels over the codes."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Counts | None = None
        self.setAccessibleName(self.tr("Histogram of the finished picture"))
        self.setToolTip(
            self.tr("How often each code of the sRGB picture is seen; what is at the ends has no detail left")
        )

    def show_counts(self, counts: Counts | None) -> None:
        """What to draw; None for an empty graph."""
        self._counts = counts
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 100)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.Base))
        if self._counts is None:
            return
        # What is at the ends piles up and would flatten the rest.
        tallest = max(1.0, float(self._counts[:, 1:-1].max()))
        xs = np.linspace(area.left(), area.right(), _CODES)
        for counts, colour in zip(self._counts, COLOURS, strict=True):
            ys = area.bottom() - np.minimum(np.sqrt(counts / tallest), 1) * (area.height() - 2)
            points = [QPointF(area.left(), area.bottom()), *map(QPointF, xs.tolist(), ys.tolist())]
            fill = QColor(colour)
            fill.setAlpha(60)
            painter.setBrush(fill)
            painter.setPen(QPen(colour, 1.2))
            painter.drawPolygon(QPolygonF([*points, QPointF(area.right(), area.bottom())]))
