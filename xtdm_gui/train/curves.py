"""The curves of a training run: loss, PSNR on what was set aside, and the 6×6 grid in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from xtdm_gui.formatting import number

_MOST_POINTS = 4000  # of the loss; then every second one goes
_GROUND, _WORDS = QColor(48, 48, 48), QColor(190, 190, 190)
# Muted, and told apart by their lightness too.
_COLOURS = (QColor(240, 240, 240), QColor(235, 165, 65), QColor(110, 170, 230), QColor(130, 190, 110))
_HEIGHT, _LEFT, _BOTTOM = 120, 72, 34


class TrainCurves(QWidget):
    """Three plots over the training step, with the latest values above each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = _Plot(
            self.tr("Loss"),
            self.tr("loss"),
            self.tr("How far the network is from the truth in training; lower is better"),
            self.tr("The curve begins after the first steps."),
        )
        measured = self.tr("The curve begins when the network is first measured on the pictures set aside.")
        self.psnr = _Plot(
            self.tr("PSNR"),
            self.tr("dB"),
            self.tr("On the pictures set aside, by their source; higher is better"),
            measured,
        )
        self.grid = _Plot(
            self.tr("6×6 grid"),
            self.tr("8-bit codes"),
            self.tr("The pattern with the sensor's period in the error, by source; lower is better"),
            measured,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for plot in (self.loss, self.psnr, self.grid):
            layout.addWidget(plot, 1)
        self._points: list[tuple[float, float]] = []
        self.show_log([])

    def show_log(self, log: Sequence[Mapping[str, float]]) -> None:
        """Shows the validations of a run, see ``RunFolder.log``, and forgets what was shown before."""
        self._points = [(line["step"], line["loss"]) for line in log if line.get("loss", 0) > 0]
        self._draw_loss()
        self.show_scores(log)

    def show_scores(self, log: Sequence[Mapping[str, float]]) -> None:
        """Shows the validations, and leaves the loss as it is."""
        self.psnr.show_curves(_by_source(log, "psnr_", "_db"), 2)
        self.grid.show_curves(_by_source(log, "grid_", ""), 3)
        self._show_steps(log[-1]["step"] if log else 0)

    def add_loss(self, step: int, loss: float) -> None:
        """Continues the loss; a run that was killed does its last steps again."""
        if loss > 0:
            while self._points and self._points[-1][0] >= step:
                self._points.pop()
            self._points.append((step, loss))
            if len(self._points) > _MOST_POINTS:
                self._points = self._points[::2]
            self._draw_loss()
            self._show_steps(step)

    def _show_steps(self, last: float) -> None:
        """All plots from the start to the same step, so that what was measured before the first is in sight too."""
        last = max(last, self._points[-1][0] if self._points else 0, 1)
        for plot in (self.loss, self.psnr, self.grid):
            plot.plot.setXRange(0, last, padding=0.02)

    def _draw_loss(self) -> None:
        """Over an axis from 0: enlarged, the last small changes would look like great ones."""
        self.loss.show_curves({"": self._points} if self._points else {}, 4)
        if self._points:
            self.loss.plot.setYRange(0, max(loss for _, loss in self._points), padding=0.02)


_Curves = Mapping[str, Sequence[tuple[float, float]]]


def _by_source(log: Sequence[Mapping[str, float]], prefix: str, suffix: str) -> _Curves:
    curves: dict[str, list[tuple[float, float]]] = {}
    for line in log:
        for name, value in line.items():
            if name.startswith(prefix) and name.endswith(suffix):
                source = name.removeprefix(prefix).removesuffix(suffix)
                curves.setdefault(source, []).append((line["step"], value))
    return curves


def source_text(name: str) -> str:
    """The engine's name of a kind of pictures, as the form calls them."""
    texts = {
        "photos": QCoreApplication.translate("TrainCurves", "photographs"),
        "raws": QCoreApplication.translate("TrainCurves", "raws"),
        "torture": QCoreApplication.translate("TrainCurves", "hard patterns"),
        "original": QCoreApplication.translate("TrainCurves", "rehearsal"),
    }
    return texts.get(name, name)


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """Writes numbers as the window's language does."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [words.replace(".", QLocale().decimalPoint()) for words in super().tickStrings(values, scale, spacing)]


class _Plot(QWidget):
    """Curves by name; a title above them tells their names, colours and latest values.

    empty  says when there will be curves, in their place
    """

    def __init__(self, name: str, unit: str, tip: str, empty: str) -> None:
        super().__init__()
        self._name = name
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setWordWrap(True)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.title.setToolTip(tip)
        self.setToolTip(tip)
        self.plot = pg.PlotWidget(background=_GROUND, axisItems={"left": _Axis("left")})
        self.plot.setAccessibleName(name)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setMinimumSize(100, _HEIGHT)
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.plot.showGrid(x=False, y=True, alpha=0.15)
        left = self.plot.getAxis("left")
        left.setWidth(_LEFT)
        bottom = self.plot.getAxis("bottom")
        bottom.setHeight(_BOTTOM)
        for axis in (left, bottom):
            axis.setTextPen(_WORDS)
            axis.setPen(pg.mkPen(90, 90, 90))
            axis.enableAutoSIPrefix(False)
            axis.setLabel(unit if axis is left else self.tr("step"), color=_WORDS.name())  # setPen takes it for its own
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        self.empty = QLabel(empty, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.plot)
        layout.addWidget(self._stack, 1)
        self.curves: dict[str, pg.PlotDataItem] = {}

    def show_curves(self, curves: _Curves, digits: int) -> None:
        """Shows (x, y) points by name, and nothing else."""
        self._stack.setCurrentWidget(self.plot if curves else self.empty)
        for name in set(self.curves) - set(curves):
            self.plot.removeItem(self.curves.pop(name))
        for name, points in curves.items():
            if name not in self.curves:
                colour = _COLOURS[len(self.curves) % len(_COLOURS)]
                self.curves[name] = self.plot.plot(pen=pg.mkPen(colour, width=1.5), symbolBrush=colour, symbolPen=None)
            x, y = zip(*points, strict=True)
            # A single point would be no line.
            dots = len(points) < (30 if name else 2)
            self.curves[name].setData(x, y, symbol="o" if dots else None, symbolSize=4)
        latest = {name: points[-1][1] for name, points in curves.items()}
        self.title.setText(self._words(latest, digits))

    def _words(self, latest: Mapping[str, float], digits: int) -> str:
        words = [f"<b>{escape(self._name)}</b>"]
        for name, value in latest.items():
            colour = self.curves[name].opts["pen"].color().name()
            label = f"{escape(source_text(name))}&nbsp;" if name else ""
            words.append(f'<span style="color:{colour}">{label}{number(value, digits)}</span>')
        return "&nbsp; ".join(words)
