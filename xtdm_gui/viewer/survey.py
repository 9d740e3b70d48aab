"""Two to four raw files beside each other, zoomed and moved together, to choose between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColorSpace, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from xtdm_core.culling.rating import Rating
from xtdm_core.demosaicing.network import Denoising
from xtdm_core.develop.tone import Look
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.engine import PictureEngine
from xtdm_gui.pictures.renderings import RenderingSource
from xtdm_gui.viewer.survey_pane import SurveyPane
from xtdm_gui.viewer.viewport import Viewport

FEWEST, MOST = 2, 4
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Survey(QWidget):
    """One pane for each file, and one of them active: the one that keys rate.

    activated(Path)  by a click or an arrow
    """

    activated = Signal(object)

    def __init__(
        self,
        engine: PictureEngine,
        network: CurrentNetwork,
        view: Viewport,
        rating: Callable[[Path], Rating],
        look: Callable[[Path], Look],
    ) -> None:
        """Ask ``rating`` and ``look`` for a file's; the panes move with ``view``, and it with them."""
        super().__init__()
        self._engine, self._network, self._view = engine, network, view
        self._rating, self._look = rating, look
        self._active: Path | None = None
        self._monitor: QColorSpace | None = None
        self.panes: list[SurveyPane] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)
        view.moved.connect(self._follow)
        network.changed.connect(self.refresh)

    def show_files(self, paths: Sequence[Path], active: Path | None) -> None:
        """Shows these files, four at most; none ends all work."""
        while len(self.panes) < len(paths):
            self._add_pane()
        across = len(paths) if len(paths) < MOST else MOST // 2
        for number, pane in enumerate(self.panes):
            path = paths[number] if number < len(paths) else None
            pane.setVisible(path is not None)
            if path is not None:
                self._grid.addWidget(pane, number // across, number % across)
            self._show(pane, path)
        self.set_active(active)
        self._follow()

    def files(self) -> list[Path]:
        """What is shown."""
        return [pane.path for pane in self.panes if pane.path is not None]

    @Slot(object)
    def set_active(self, path: Path | None) -> None:
        """Frames one of the files."""
        self._active = path
        for pane in self.panes:
            pane.set_active(path is not None and pane.path == path)
            if pane.path is not None and pane.path == path:
                pane.canvas.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Looks, or the network, are others now."""
        for pane in self.panes:
            if pane.path is not None:
                self._show(pane, pane.path)

    @Slot()
    def repaint_canvases(self) -> None:
        """Ratings are others now."""
        for pane in self.panes:
            pane.canvas.update()

    def set_monitor(self, profile: QColorSpace | None) -> None:
        """Converts pictures to the screen's colours; None for a screen that is sRGB."""
        self._monitor = profile
        for pane in self.panes:
            pane.layer.monitor = profile
            pane.canvas.update()

    def close(self) -> bool:
        """Ends the background work and waits for it."""
        for pane in self.panes:
            pane.close()
        return super().close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next picture where all of each is seen, else they pan."""
        step, files = _STEPS.get(Qt.Key(event.key())), self.files()
        if step is None or self._active not in files:
            super().keyPressEvent(event)
            return
        number = files.index(self._active) + step
        if 0 <= number < len(files):
            self.activated.emit(files[number])

    def _add_pane(self) -> None:
        pane = SurveyPane(self._engine, self._rating, self)
        pane.layer.monitor = self._monitor
        pane.chosen.connect(partial(self._choose, pane))
        pane.view.moved.connect(partial(self._lead, pane))
        pane.view.follow(self._view)
        self.panes.append(pane)

    def _show(self, pane: SurveyPane, path: Path | None) -> None:
        look = Look() if path is None else self._look(path)
        network = RenderingSource.network(self._network.path).denoised(Denoising(look.denoise, look.grain))
        pane.show_path(path, look, network)

    def _choose(self, pane: SurveyPane) -> None:
        if pane.path is not None:
            self.activated.emit(pane.path)

    def _lead(self, pane: SurveyPane) -> None:
        """The user has zoomed or moved a pane: all others, and the view of the single picture, show the same."""
        self._view.follow(pane.view)
        for other in self.panes:
            if other is not pane:
                other.view.follow(pane.view)

    @Slot()
    def _follow(self) -> None:
        for pane in self.panes:
            pane.view.follow(self._view)
