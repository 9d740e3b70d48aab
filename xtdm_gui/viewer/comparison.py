"""Two renderings of one picture, seen in one of the modes: where strips and canvases are and what is painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QCursor, QPainter, QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.viewer import painting
from xtdm_gui.viewer.output_clipping import SoftProof
from xtdm_gui.viewer.overlays import Overlays
from xtdm_gui.viewer.painting import GAINS, Mode
from xtdm_gui.viewer.pane import Canvas, PaneHeader
from xtdm_gui.viewer.tile_layer import BACKGROUND, TileLayer
from xtdm_gui.viewer.viewport import Viewport

_BLINK_MS = 600


class ComparisonView(QWidget):
    """Pane 0 is A, pane 1 is B; single and blink show one at a time.

    arranged()                  other panes are seen than before, or in another way
    source_chosen(int, Source)  for a pane
    hovered()                   the cursor is elsewhere
    picked(QPointF)             of the canvases
    """

    arranged = Signal()
    source_chosen = Signal(int, object)
    hovered = Signal()
    picked = Signal(object)

    def __init__(
        self,
        view: Viewport,
        layers: tuple[TileLayer, TileLayer],
        overlays: Overlays,
        sources: Sequence[RenderingSource],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._view, self._layers, self._overlays = view, layers, overlays
        self._mode, self._shown, self._gain = Mode.SINGLE, 1, 8
        self._cursor: QPointF | None = None
        self._sentences = ["", ""]
        self._words = ["", ""]
        self._proof = SoftProof.NONE
        self.strips = (PaneHeader("A", sources[0], self), PaneHeader("B", sources[1], self))
        self.canvases = (
            Canvas(view, lambda painter, area: self._paint(painter, area, 0), self),
            Canvas(view, lambda painter, area: self._paint(painter, area, 1), self),
        )
        self._blinker = QTimer(self, interval=_BLINK_MS)
        self._blinker.timeout.connect(self.swap)
        self._build()
        self._arrange()

    def _build(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        self._grid.setRowStretch(1, 1)
        for pane in (0, 1):
            self._grid.addWidget(self.strips[pane], 0, pane)
            self.strips[pane].source_chosen.connect(lambda source, pane=pane: self.source_chosen.emit(pane, source))
            self.canvases[pane].hovered.connect(self._on_hovered)
            self.canvases[pane].picked.connect(self.picked)
            self.canvases[pane].split_dragged.connect(self.set_split)
        # The view takes its size from the canvas that every mode has.
        self.canvases[1].leads = False
        self._overlays.changed.connect(self.repaint_canvases)
        self._view.changed.connect(self._show_zoom)

    @property
    def mode(self) -> Mode:
        """One of ``Mode``."""
        return self._mode

    @property
    def shown(self) -> int:
        """The pane that single and blink show now."""
        return self._shown

    @property
    def gain(self) -> int:
        """How much the difference is amplified."""
        return self._gain

    def panes(self) -> list[int]:
        """The panes that are seen, or about to be."""
        return [self._shown] if self._mode == Mode.SINGLE else [0, 1]

    def set_mode(self, mode: Mode) -> None:
        """Chooses one of ``Mode``."""
        self._mode = Mode(mode)
        self._arrange()

    @Slot()
    def swap(self) -> None:
        """Shows the other of the two, in the modes that show one at a time."""
        self._shown = 1 - self._shown
        if self._mode in (Mode.SINGLE, Mode.BLINK):
            self._arrange()

    def show_pane(self, pane: int) -> None:
        """Shows this one of the two, in the modes that show one at a time."""
        if pane != self._shown:
            self.swap()

    def set_gain(self, gain: int) -> None:
        """How much the difference is amplified: a number of ``painting.GAINS``."""
        self._gain = gain
        self._show_words()
        self.repaint_canvases()

    def step_gain(self, steps: int) -> None:
        """The next larger or smaller amplification."""
        index = GAINS.index(self._gain) + steps
        self.set_gain(GAINS[min(max(index, 0), len(GAINS) - 1)])

    @Slot(float)
    def set_split(self, split: float) -> None:
        """Where the line of the split is: 0 at the left, 1 at the right."""
        if self.canvases[0].split is not None:
            self.canvases[0].split = split
            self.canvases[0].update()

    def set_proof(self, proof: SoftProof) -> None:
        """Marks what a format loses, and says so above the panes."""
        self._proof = proof
        for layer in self._layers:
            layer.set_proof(proof)
        self._show_words()

    def show_state(self, pane: int, words: str, sentence: str) -> None:
        """What to say in a pane's strip, and in place of its picture."""
        self._words[pane], self._sentences[pane] = words, sentence
        self._show_words()
        self.repaint_canvases()

    @Slot()
    def repaint_canvases(self) -> None:
        """There is more to see."""
        for canvas in self.canvases:
            canvas.update()

    @property
    def cursor_place(self) -> QPointF | None:
        """Where the cursor is on a canvas, in physical pixels; None where it is on none."""
        return self._cursor

    def find_cursor(self) -> None:
        """Looks where the mouse is, unless that is known: of one that rests Qt tells nothing."""
        if self._cursor is None:
            at = QCursor.pos()
            under = QApplication.widgetAt(at)
            places = (c.physical(QPointF(c.mapFromGlobal(at))) for c in self.canvases if c is under)
            self._cursor = next(places, None)

    @Slot(object)
    def _on_hovered(self, place: QPointF | None) -> None:
        self._cursor = place
        self.hovered.emit()

    def close(self) -> bool:
        """Blinks no more."""
        self._blinker.stop()
        return super().close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.window().focusWidget() is None:  # or Qt would give the keys to a button
            self.canvases[0].setFocus()

    def _arrange(self) -> None:
        """Puts strips and canvases where the mode has them."""
        mode, grid = self._mode, self._grid
        alone, both = mode == Mode.SINGLE, mode == Mode.SIDE_BY_SIDE
        for pane in (0, 1):
            self.strips[pane].setVisible(not alone or pane == self._shown)
            self.strips[pane].emphasise(mode == Mode.BLINK and pane == self._shown)
            grid.removeWidget(self.canvases[pane])
            grid.setColumnStretch(pane, 0 if alone and pane != self._shown else 1)
        grid.addWidget(self.canvases[0], 1, 0, 1, 1 if both else 2)
        if both:
            grid.addWidget(self.canvases[1], 1, 1)
        self.canvases[1].setVisible(both)
        split = self.canvases[0].split
        self.canvases[0].split = (0.5 if split is None else split) if mode == Mode.SPLIT else None
        if mode != Mode.BLINK:
            self._blinker.stop()
        elif not self._blinker.isActive():
            self._blinker.start()
        self._show_words()
        self._show_zoom()
        self.repaint_canvases()
        self.arranged.emit()

    def _show_words(self) -> None:
        for pane, strip in enumerate(self.strips):
            words = self._words[pane]
            if pane == 1 and self._mode == Mode.DIFFERENCE:
                difference = self.tr("|A − B| × {0}, of the display's codes").format(self._gain)
                words = f"{difference} · {words}" if words else difference
            strip.show_state(" · ".join(filter(None, (words, self._proof_words()))))

    def _proof_words(self) -> str:
        return {
            SoftProof.NONE: "",
            SoftProof.SRGB: self.tr("sRGB: red is clipped, blue is black"),
            SoftProof.HLG: self.tr("HLG: red is clipped, yellow is compressed, blue is black"),
        }[self._proof]

    @Slot()
    def _show_zoom(self) -> None:
        zoom = self._view.zoom
        last = self._shown if self._mode == Mode.SINGLE else 1
        for pane, strip in enumerate(self.strips):
            words = f"{QLocale().toString(float(zoom), 'g', 3)}:1" if zoom >= 1 else f"{100 * zoom:.0f} %"
            strip.show_zoom(words if pane == last else "")

    def _paint(self, painter: QPainter, area: QRectF, number: int) -> None:
        painter.fillRect(area, BACKGROUND)
        shown = number if self._mode == Mode.SIDE_BY_SIDE else self._shown
        if self._mode == Mode.SPLIT:
            painting.paint_split(painter, self._layers, self._view, area, self.canvases[0].split or 0.0)
        elif self._mode == Mode.DIFFERENCE:
            painting.paint_difference(painter, self._layers, self._view, self._gain)
        else:
            painting.paint_layer(painter, self._layers[shown], self._view)
        self._overlays.paint(painter, self._view)
        seen = [0, 1] if self._mode in (Mode.SPLIT, Mode.DIFFERENCE) else [shown]
        if number == 1 and self._sentences[0] == self._sentences[1]:
            seen = []  # the pane beside says it
        sentences = dict.fromkeys(self._sentences[pane] for pane in seen if self._sentences[pane])
        if sentences:
            painting.paint_message(painter, area, "\n\n".join(sentences), self.devicePixelRatioF())
        elif self._mode == Mode.DIFFERENCE and self._waits():
            words = self.tr("The difference appears when both panes are there")
            painting.paint_message(painter, area, words, self.devicePixelRatioF())

    def _waits(self) -> bool:
        """Whether all that is seen of a difference is still to come: a pane has words but no picture."""
        level = self._view.level
        box = self._view.seen(level)
        panes = zip(self._words, self._layers, strict=True)
        return any(bool(words) and layer.is_bare(level, box) for words, layer in panes)
