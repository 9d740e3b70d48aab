"""The panel that tells how much of its range a raw file uses, and what HLG can hold of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from xtdm_core.develop.highlights import period_picture
from xtdm_core.develop.histogram import HlgLoss, RawHistogram, bin_edges, histogram_markers, hlg_loss, raw_histogram
from xtdm_core.develop.tone import Look
from xtdm_core.frame import F32
from xtdm_core.progress import Report
from xtdm_gui.background import LatestTask
from xtdm_gui.formatting import number, signed
from xtdm_gui.histogram.plot import COLOURS, HistogramPlot
from xtdm_gui.pictures.picture import Picture

_NAMES = "RGB"


@dataclass(frozen=True, slots=True)
class _Loss:
    """What the second step found; ``cells`` (means of 6x6 px) are kept for the next look."""

    cells: F32
    loss: HlgLoss


class HistogramPanel(QWidget):
    """Counts in the background: first the raw file, then, at every look, what the HLG picture loses.

    range_clicked((colours, low_ev, high_ev) or None)  a bin was clicked, or other channels are shown than when it
    was; the colours are those that are shown. ``histogram.photosites_between`` turns it into pixels. None: it
    was clicked again.
    """

    range_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._look = Look()
        self._histogram: RawHistogram | None = None
        self._cells: F32 | None = None
        self._busy = False
        self._stale = False
        self._marked = -1  # the bin that was clicked
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_measured)
        self._jobs.failed.connect(self._on_failed)
        self._build()
        self._show_nothing(self.tr("No picture"))

    def set_picture(self, picture: Picture | None) -> None:
        """Shows another file."""
        self._picture, self._histogram, self._cells = picture, None, None
        self._stale = self._busy = False
        self._marked = -1
        self._jobs.cancel()
        if picture is None:
            self._show_nothing(self.tr("No picture"))
            return
        self._show_nothing(self.tr("Counting…"))
        self._busy = True
        frame = picture.frame
        self._jobs.start(lambda _: raw_histogram(frame))

    def set_look(self, look: Look) -> None:
        """Moves the marks at once; the losses follow."""
        self._look = look
        self._show_marks()
        self._measure_loss()

    def unmark(self) -> None:
        """Deselect the bin that was clicked."""
        if self._marked >= 0:
            self._mark(-1)

    def close(self) -> bool:
        """Waits until nothing runs in the background any more."""
        self._jobs.close()
        return super().close()

    def _build(self) -> None:
        self.plot = HistogramPlot()
        self.plot.hovered.connect(self._read)
        self.plot.clicked.connect(self._on_clicked)
        self.title = _label(self.tr("Dynamic range of the file"))
        self.title.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 8, 6, 8)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.plot, 1)
        layout.addLayout(self._build_switches())
        layout.addLayout(self._build_table())

    def _build_switches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.channels: list[QToolButton] = []
        for colour, name in enumerate((self.tr("Red"), self.tr("Green"), self.tr("Blue"))):
            button = QToolButton()
            button.setText(_NAMES[colour])
            button.setCheckable(True)
            button.setChecked(True)
            button.setAccessibleName(name)
            button.setToolTip(
                self.tr("Show {0}. A click into the graph marks pixels of the colours that are shown.").format(name)
            )
            palette = button.palette()
            palette.setColor(palette.ColorRole.ButtonText, COLOURS[colour])
            button.setPalette(palette)
            button.toggled.connect(self._show_channels)
            self.channels.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self.logarithmic = QCheckBox(self.tr("Logarithmic"))
        self.logarithmic.setChecked(True)
        self.logarithmic.setToolTip(self.tr("Heights are logarithms of counts: small highlights stay visible"))
        self.logarithmic.setAccessibleName(self.tr("Logarithmic counts"))
        self.logarithmic.toggled.connect(self.plot.show_logarithmic)
        row.addWidget(self.logarithmic)
        return row

    def _build_table(self) -> QGridLayout:
        here = self.tr("Of the channel's photosites, in the bin under the pointer")
        rows = {
            "share": (self.tr("In this bin"), here),
            "count": (self.tr("Photosites"), here),
            "raw": (self.tr("Clipped in the raw"), self.tr("Photosites from 0.99 of the white level on")),
            "beyond": (
                self.tr("Above HLG's ceiling"),
                self.tr(
                    "Brighter than HLG can hold, more than 1.92 EV above diffuse white, and rolled off.\n"
                    "Per channel of the HLG picture, measured on means of 6×6 pixels without demosaicing."
                ),
            ),
            "ceiling": (
                self.tr("At HLG's last code"),
                self.tr("The highest 10-bit code even after the roll-off: differences are lost there"),
            ),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        self.titles: dict[str, QLabel] = {}
        self.cells: dict[str, list[QLabel]] = {}
        for place, (key, (name, hint)) in enumerate(rows.items()):
            self.titles[key] = QLabel(name)
            self.titles[key].setToolTip(hint)
            self.cells[key] = [self._cell(colour, name, hint) for colour in range(3)]
            for column, label in enumerate((self.titles[key], *self.cells[key])):
                grid.addWidget(label, place, column)
        return grid

    def _cell(self, colour: int, name: str, hint: str) -> QLabel:
        cell = _label(f"{name}, {_NAMES[colour]}")
        cell.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        cell.setMinimumWidth(cell.fontMetrics().horizontalAdvance(_percent(0.001)))
        cell.setToolTip(hint)
        palette = cell.palette()
        palette.setColor(palette.ColorRole.WindowText, COLOURS[colour])
        cell.setPalette(palette)
        return cell

    def _show_nothing(self, words: str) -> None:
        self.plot.show_histogram(None, None)
        self.title.setText(words)
        self._read(-1)
        for row in ("raw", "beyond", "ceiling"):
            for cell in self.cells[row]:
                cell.setText("–")

    def _measure_loss(self) -> None:
        """Starts the second step unless one runs; then it is done again when that has ended."""
        if self._picture is None or self._histogram is None:
            return
        if self._busy:
            self._stale = True
            return
        self._busy, self._stale = True, False
        self._jobs.start(partial(_loss, self._picture, self._look, self._cells))

    @Slot(object)
    def _on_measured(self, result: RawHistogram | _Loss) -> None:
        self._busy = False
        if isinstance(result, RawHistogram):
            self._histogram = result
            self._fill("raw", result.clipped_percent)
            self._show_marks()
            self._measure_loss()
            return
        self._cells = result.cells
        self._fill("beyond", result.loss.beyond_percent)
        self._fill("ceiling", result.loss.ceiling_percent)
        if self._stale:
            self._measure_loss()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._busy = False
        self.title.setText(sentence)

    def _fill(self, row: str, percents: tuple[float, float, float]) -> None:
        for cell, percent in zip(self.cells[row], percents, strict=True):
            cell.setText(_percent(percent))

    def _show_marks(self) -> None:
        if self._picture is None or self._histogram is None:
            return
        found = histogram_markers(self._picture.frame, self._look)
        self.plot.show_histogram(self._histogram, found)
        if not found.bias_stated:
            name = self.tr("Dynamic range not stated, DR100 assumed")
        else:
            name = found.dynamic_range or self.tr("Exposure bias {0} EV").format(signed(found.bias_ev))
        white, ceiling = (self._place(evs[1]) for evs in (found.diffuse_white_ev, found.hlg_ceiling_ev))
        self.title.setText(self.tr("{0}: diffuse white {1}, HLG ceiling {2} (green)").format(name, white, ceiling))

    def _place(self, ev: float) -> str:
        words = self.tr("{0} EV above clipping") if ev > 0 else self.tr("{0} EV below clipping")
        return words.format(number(abs(ev), 2))

    @Slot()
    def _show_channels(self) -> None:
        red, green, blue = (button.isChecked() for button in self.channels)
        self.plot.show_channels((red, green, blue))
        if self._marked >= 0:
            self._mark(self._marked)

    @Slot(int)
    def _read(self, number: int) -> None:
        if self._histogram is None or number < 0:
            self.titles["share"].setText(self.tr("In this bin"))
            for cell in (*self.cells["share"], *self.cells["count"]):
                cell.clear()
            return
        low, high = (signed(ev) for ev in bin_edges()[number : number + 2])
        last = number == self._histogram.counts.shape[1] - 1
        words = self.tr("{0} EV and above") if last else self.tr("{0} to {1} EV")
        self.titles["share"].setText(words.format(low, high))
        counts = self._histogram.counts
        totals = counts.sum(axis=1) + self._histogram.below
        for colour in range(3):
            count, total = int(counts[colour, number]), int(totals[colour])
            self.cells["share"][colour].setText(_percent(100 * count / max(total, 1)))
            self.cells["count"][colour].setText(_short(count))

    @Slot(int)
    def _on_clicked(self, number: int) -> None:
        self._mark(-1 if number == self._marked else number)

    def _mark(self, number: int) -> None:
        self._marked = number
        shown = tuple(colour for colour, button in enumerate(self.channels) if button.isChecked())
        if number < 0 or not shown:
            self.range_clicked.emit(None)
            return
        low, high = bin_edges()[number : number + 2]
        self.range_clicked.emit((shown, float(low), float(high)))


def _loss(picture: Picture, look: Look, cells: F32 | None, _report: Report) -> _Loss:
    cells = period_picture(picture.mosaic) if cells is None else cells
    return _Loss(cells, hlg_loss(cells, picture.frame, look))


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAccessibleName(name)
    return label


def _short(count: int) -> str:
    """A count in at most six characters."""
    if count < 100_000:
        return number(count)
    return f"{number(count / 1e6, 2)} M" if count >= 1_000_000 else f"{number(count / 1e3)} k"


def _percent(percent: float) -> str:
    if percent == 0:
        return "0 %"
    return f"<{number(0.01, 2)} %" if percent < 0.005 else f"{number(percent, 2)} %"
