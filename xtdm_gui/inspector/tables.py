"""The parts of the inspector below its magnifiers: folded cells, figures, worst places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QWidget

from xtdm_core.develop.tone import orient
from xtdm_core.frame import F32, U8
from xtdm_core.inspection.fold import FlatFold
from xtdm_core.inspection.grid import WINDOW, Place
from xtdm_core.inspection.score import PictureScore, RawScore
from xtdm_gui.formatting import number
from xtdm_gui.inspector.plots import CURVES, HeatMap
from xtdm_gui.pictures.orientation import OrientedSize
from xtdm_gui.widgets.labels import ElidedLabel, WrappedLabel

PANES = 2
LETTERS = "AB"  # of the panes, as in the viewer
_RAW, _RAW_PERCENT = PANES, PANES + 1
# Codes or percent; on a finer scale colours would show rounding.
_LEAST_LIMIT = 0.05
_ROLE = Qt.ItemDataRole.UserRole
_NOTHING = "–"


class FoldRow(QWidget):
    """The folded cells of the panes, on one scale, and of the raw; ``whole_frame`` chooses what was folded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole_frame = QCheckBox(self.tr("Whole frame"))
        self.whole_frame.setToolTip(
            self.tr("Fold the whole frame instead of {0} × {0} px around the position").format(WINDOW)
        )
        self.whole_frame.setAccessibleName(self.tr("Fold the whole frame"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        self.title = QLabel()
        self.title.setToolTip(
            self.tr(
                "The mean of each phase in flat areas, and below it the range of its colours. "
                "Unlike the table's figures these means have the noise left in: the fewer blocks, the more of it."
            )
        )
        self.whole_frame.toggled.connect(self._show_title)
        self._show_title()
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(self.whole_frame, 0, 2, Qt.AlignmentFlag.AlignRight)
        self.maps = [HeatMap() for _ in range(PANES + 1)]
        self.scales = [ElidedLabel() for _ in range(PANES + 1)]
        for column, (heat_map, scale) in enumerate(zip(self.maps, self.scales, strict=True)):
            scale.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            of = self.tr("raw") if column == _RAW else self.tr("pane {0}").format(LETTERS[column])
            heat_map.setAccessibleName(self.tr("Folded 6×6 cell, {0}").format(of))
            heat_map.setToolTip(self.tr("The mean of each phase in flat areas: orange above, blue below the others"))
            grid.addWidget(heat_map, 1, column)
            grid.addWidget(scale, 2, column)
            grid.setColumnStretch(column, 1)

    @Slot()
    def _show_title(self) -> None:
        whole = self.whole_frame.isChecked()
        self.title.setText(self.tr("Folded frame, with noise") if whole else self.tr("Folded here, with noise"))

    def show_folds(self, panes: Sequence[FlatFold | None], raw: FlatFold | None, cfa: U8 | None, turn: int) -> None:
        """Shows folds of up to two panes in codes and of the raw in percent, turned upright from Exif ``turn``."""
        heats = [None if fold is None else orient(fold.heat.mean(axis=-1), turn) for fold in panes[:PANES]]
        limit = max(map(_reach, heats), default=_LEAST_LIMIT)
        for i in range(PANES):
            self.maps[i].setVisible(i == 0 or i < len(heats))
            self.scales[i].setVisible(i == 0 or i < len(heats))
            self._show(i, heats[i] if i < len(heats) else None, limit, self.tr("codes"), None)
        heat = None if raw is None else orient(raw.heat[..., 0], turn)
        self._show(_RAW, heat, _reach(heat), "%", None if cfa is None else orient(cfa, turn))

    def _show(self, i: int, heat: F32 | None, limit: float, unit: str, cfa: U8 | None) -> None:
        self.maps[i].show_heat(heat, limit, unit, cfa)
        head = self.tr("raw") if i == _RAW else LETTERS[i]
        figure = number(limit, 2 if limit < 9.995 else 1)  # as many characters, so that it fits below the map
        self.scales[i].set_words(head if heat is None else f"{head}: ±{figure} {unit}")


class ScoreTable(QWidget):
    """The figures of the panes and of the raw: here, in the frame, and in its spectrum."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heads = {
            self.tr("rms less noise"): self.tr("What repeats with the sensor's period in flat areas, noise taken off"),
            self.tr("here"): self.tr("In {0} × {0} px around the position, as in the list of places").format(WINDOW),
            self.tr("frame"): self.tr("In the flattest half of the frame"),
            self.tr("peak"): self.tr("The strongest frequency of the grid, times its surroundings in the spectrum"),
        }
        grid = _headed_grid(self, heads)
        self.names = [ElidedLabel(elide=Qt.TextElideMode.ElideRight) for _ in range(PANES + 2)]
        self.figures = [[QLabel(_NOTHING) for _ in range(3)] for _ in range(PANES + 2)]
        for index, (name, labels) in enumerate(zip(self.names, self.figures, strict=True)):
            row = 2 * index + 1
            is_pane = index < PANES  # whose name may be long: it has a line of its own
            grid.addLayout(_with_swatch(name, index), row, 0, 1, 4 if is_pane else 1)
            for column, label in enumerate(labels, 1):
                grid.addWidget(label, row + is_pane, column, _alignment(column))
        self.names[_RAW].set_words(self.tr("the raw itself"))
        self.names[_RAW_PERCENT].set_words(self.tr("the raw, relative"))
        grid.addWidget(self._build_caution(), 2 * len(self.names) + 1, 0, 1, 4)
        grid.setColumnStretch(0, 1)

    def _build_caution(self) -> QLabel:
        """What the figures are not: who reads them as errors prefers the result that shows least."""
        self.caution = WrappedLabel(
            self.tr("Without a truth, picture detail of nearly this period counts too: trust flat places.")
        )
        self.caution.setToolTip(
            self.tr(
                "These figures are not errors. They show what repeats with the sensor's period in the result itself, "
                "in the flattest half of it. In smooth places that is the grid of demosaicing. Where even that half "
                "has texture of nearly that period, the picture itself counts too, and a result that keeps more "
                "of the texture has the higher figure. The figures of README and of “xtdm evaluate” are "
                "errors against a known truth and do not compare with these."
            )
        )
        return self.caution

    def set_name(self, pane: int, name: str) -> None:
        """Names the row of a pane."""
        self.names[pane].set_words(name)

    def show_here(self, row: int, fold: FlatFold | None) -> None:
        """Shows what was folded around the position; rows: the panes, the raw, the raw in percent."""
        self._show(row, 0, fold)

    def show_frame(self, pane: int, score: PictureScore | None) -> None:
        """Shows a pane's score of the whole frame."""
        self._show(pane, 1, score.fold if score is not None else None)
        self.figures[pane][2].setText(f"{number(score.peaks[0].ratio, 1)} ×" if score is not None else _NOTHING)

    def show_raw_frame(self, score: RawScore | None) -> None:
        """Shows the raw's own score of the whole frame."""
        self._show(_RAW, 1, score.codes if score is not None else None)
        self._show(_RAW_PERCENT, 1, score.percent if score is not None else None)

    def _show(self, row: int, column: int, fold: FlatFold | None) -> None:
        unit = "%" if row == _RAW_PERCENT else self.tr("codes")
        unknown = fold is None or np.isnan(fold.rms)
        self.figures[row][column].setText(_NOTHING if fold is None or unknown else f"{number(fold.rms, 2)} {unit}")


class ArtifactTable(QWidget):
    """The other artifacts of the panes' results, whole frames."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heads = {
            self.tr("at edges, codes"): self.tr(
                "What edges and texture show beyond flat areas, rms. Detail of single pixels counts too: "
                "compare results of one picture with each other."
            ),
            self.tr("false colour"): self.tr("Colours at edges that their surroundings lack"),
            self.tr("zipper"): self.tr("An on and off from pixel to pixel along edges"),
            self.tr("maze"): self.tr("What alternates along rows and columns at once in texture"),
        }
        grid = _headed_grid(self, heads)
        self.figures = [[QLabel(_NOTHING) for _ in range(3)] for _ in range(PANES)]
        for pane, labels in enumerate(self.figures):
            grid.addWidget(QLabel(LETTERS[pane]), pane + 1, 0)
            for column, label in enumerate(labels, 1):
                grid.addWidget(label, pane + 1, column, _alignment(column))
        grid.setColumnStretch(0, 1)

    def show_score(self, pane: int, score: PictureScore | None) -> None:
        """Shows a pane's figures, or that there are none."""
        values = (None,) * 3 if score is None else astuple(score.artifacts)
        for label, value in zip(self.figures[pane], values, strict=True):
            label.setText(_NOTHING if value is None or np.isnan(value) else number(value, 2))


class PlaceList(QListWidget):
    """The worst places of the frame, worst first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Worst places"))
        self.setToolTip(
            self.tr(
                "Windows of {0} px with the strongest grid, beside another result only what that has not; "
                "click or press Enter to go there"
            ).format(WINDOW)
        )
        self.setMinimumHeight(60)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_places(self, found: Sequence[tuple[Place, int]], nothing: str, upright: OrientedSize) -> None:
        """Lists places with their panes, in the upright picture's pixels; ``nothing`` says why there are none."""
        self.clear()
        for place, pane in sorted(found, key=lambda one: -one[0].amplitude):
            figure = number(place.amplitude, 2)
            x, y = upright.pixel(place.x, place.y)
            words = self.tr("{0}   {1} codes   x {2}, y {3}").format(LETTERS[pane], figure, x, y)
            item = QListWidgetItem(words)
            item.setToolTip(words)
            item.setData(_ROLE, (place.x, place.y))
            self.addItem(item)
        if not found and nothing:
            item = QListWidgetItem(nothing)
            item.setToolTip(nothing)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)

    def place_of(self, item: QListWidgetItem) -> tuple[int, int] | None:
        """(x, y) of a line, None for the one that says that there are none."""
        place: tuple[int, int] | None = item.data(_ROLE)
        return place


def _reach(heat: F32 | None) -> float:
    return _LEAST_LIMIT if heat is None else max(_LEAST_LIMIT, float(np.abs(heat).max()))


def _headed_grid(widget: QWidget, heads: Mapping[str, str]) -> QGridLayout:
    """A table's layout with its heads in the first row, each with a tool tip."""
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(1)
    for column, (head, tip) in enumerate(heads.items()):
        label = QLabel(head)
        label.setToolTip(tip)
        grid.addWidget(label, 0, column, _alignment(column))
    return grid


def _alignment(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


def _with_swatch(name: QLabel, row: int) -> QHBoxLayout:
    """The name behind a square in the colour of the pane's curve."""
    line = QHBoxLayout()
    line.setSpacing(5)
    swatch = QLabel()
    swatch.setFixedSize(9, 9)
    if row < len(CURVES):
        pixmap = QPixmap(9, 9)
        pixmap.fill(CURVES[row])
        swatch.setPixmap(pixmap)
    line.addWidget(swatch)
    line.addWidget(name, 1)
    return line
