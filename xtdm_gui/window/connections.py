"""What passes between the window's parts, which know nothing of each other."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from xtdm_core.culling.rating import Rating
from xtdm_core.demosaicing.tiles import Box
from xtdm_core.inspection.grid import WINDOW
from xtdm_core.progress import Report
from xtdm_gui.background import LatestTask
from xtdm_gui.export.history import ExportHistory
from xtdm_gui.filmstrip.model import Badge
from xtdm_gui.inspector.frame_scores import Result
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.viewer.readout import picture_words, shot_words
from xtdm_gui.window.parts import Parts

_NEIGHBOURS = 1, -1, 2  # in the order they are read in advance
_PLACE_ZOOM = 8.0  # for the inspector's places
translate = QCoreApplication.translate


class Connections(QObject):
    """Connects the parts of a window; what needs more than one signal into one slot passes through here.

    settled()            a picture, or the reason why there is none, is on screen
    title_changed(str)   of the window
    device_chosen(str)   where to demosaic
    noted(str)           what the user should know of a network; comes from a background thread
    """

    settled = Signal()
    title_changed = Signal(str)
    device_chosen = Signal(str)
    noted = Signal(str)

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._picking = self._held = False
        self._marking = LatestTask(self)
        self._record = ExportHistory(self)
        self._connect_pictures()
        self._connect_develop()
        self._connect_export()
        self._connect_training()

    def close(self) -> None:
        """Returns when nothing is at work here."""
        self._marking.close()
        self._record.close()

    def _connect_pictures(self) -> None:
        parts, viewer = self._parts, self._parts.viewer
        parts.filmstrip.current_changed.connect(self._show_file)
        parts.filmstrip.folder_opened.connect(self._on_folder)
        parts.filmstrip.failed.connect(self._on_folder_failed)
        parts.filmstrip.current_changed.connect(parts.shot.show_path)
        parts.filmstrip.ratings.failed.connect(parts.errors.show_error)
        parts.filmstrip.culling.failed.connect(parts.errors.show_error)
        parts.filmstrip.ratings.edited.connect(self._on_rated)
        parts.filmstrip.folder_opened.connect(parts.develop.history.forget_others)
        parts.filmstrip.ratings.changed.connect(parts.survey.repaint_canvases)
        for panel in (parts.histogram, parts.output, parts.develop, parts.inspector):
            viewer.picture_changed.connect(panel.set_picture)
        viewer.results_changed.connect(self._pass_results)
        viewer.position_changed.connect(parts.inspector.set_position)
        viewer.clicked.connect(self._on_clicked)
        viewer.readout_changed.connect(self._show_readout)
        viewer.picture_changed.connect(self._show_shot)
        parts.filmstrip.view.model().dataChanged.connect(self._on_looked_at)
        viewer.progressed.connect(parts.viewing.show_progress)
        viewer.failed.connect(self._on_picture_failed)
        viewer.settled.connect(self.settled)
        viewer.pictures.idle.connect(parts.viewing.end)
        parts.histogram.range_clicked.connect(self._mark_range)
        self._marking.succeeded.connect(viewer.flash)
        parts.engine.tell = self.noted.emit
        self.noted.connect(parts.errors.show_notice)
        parts.inspector.go_to.connect(self._go_to)
        parts.inspector.left.connect(viewer.overlays.outline)

    def _connect_develop(self) -> None:
        parts, develop = self._parts, self._parts.develop
        develop.look_changed.connect(parts.viewer.set_look)
        develop.look_changed.connect(parts.histogram.set_look)
        develop.look_changed.connect(parts.output.set_look)
        develop.noise.denoising_changed.connect(parts.viewer.set_denoising)
        develop.picker_toggled.connect(self._on_picker)
        crop, geometry = parts.viewer.crop, develop.geometry_controls
        geometry.crop_action.toggled.connect(crop.set_on)
        crop.toggled.connect(geometry.crop_action.setChecked)
        geometry.ratio_kept.connect(crop.set_keeps_ratio)
        crop.dragged.connect(develop.set_crop)
        crop.grabbed.connect(develop.end_gesture)
        crop.released.connect(develop.end_gesture)
        develop.edited_changed.connect(self._on_edited)
        develop.device_changed.connect(self.device_chosen)

    def _connect_export(self) -> None:
        parts, export = self._parts, self._parts.export
        parts.filmstrip.selection_changed.connect(self._pass_selection)
        parts.filmstrip.folder_opened.connect(self._record.look_into)
        self._record.found.connect(self._on_exports_found)
        export.exported.connect(self._on_exported)
        export.failed.connect(self._on_export_failed)
        export.progressed.connect(parts.exporting.show_fraction)
        parts.exporting.cancelled.connect(export.queue.cancel_all)

    def _connect_training(self) -> None:
        training = self._parts.training
        self._parts.filmstrip.folder_opened.connect(training.set_raw_folder)
        training.failed.connect(self._on_training_failed)

    # Files and folders

    @Slot(object)
    def _show_file(self, path: Path | None) -> None:
        parts = self._parts
        parts.errors.clear()
        parts.viewing.end()
        self._marking.cancel()
        self._show_title()
        if self._held:
            self._show_shot()
            self.settled.emit()
            return
        parts.viewer.show_path(path)
        if path is not None:
            parts.viewer.pictures.prefetch(parts.filmstrip.neighbours(path, _NEIGHBOURS))

    def hold(self, on: bool) -> None:
        """While files are only looked through, as in the grid, none of them is read and demosaiced."""
        self._held = on
        if on:
            self._parts.viewer.pictures.want([])
        elif self._parts.filmstrip.current() != self._parts.viewer.pictures.path:
            self._show_file(self._parts.filmstrip.current())
        else:
            self._parts.viewer.want()
        self._show_shot()

    @Slot(object)
    def _on_folder(self, folder: Path) -> None:
        parts = self._parts
        self._show_title()
        if parts.filmstrip.current() is None:
            parts.errors.show_error(translate("MainWindow", "There are no RAF or DNG files in {0}").format(folder))
            self.settled.emit()

    @Slot(str)
    def _on_folder_failed(self, sentence: str) -> None:
        self._parts.errors.show_error(sentence)
        self.settled.emit()

    def _show_title(self) -> None:
        path = self._parts.filmstrip.current()
        if path is None:
            title = translate("MainWindow", "XTDM")
        else:
            title = translate("MainWindow", "{0} – {1} – XTDM").format(path.name, path.parent.name)
        self.title_changed.emit(title)

    # The picture

    @Slot(str)
    def _on_picture_failed(self, sentence: str) -> None:
        self._parts.viewing.end()
        if self._parts.viewer.failure:  # it stands in the picture's place
            self._parts.errors.clear()
        else:
            self._parts.errors.show_error(sentence)

    @Slot()
    def _show_shot(self) -> None:
        self._show_readout("")

    @Slot()
    def _on_looked_at(self) -> None:
        """More is known of files in sight, perhaps of the current one."""
        if self._held:
            self._show_shot()

    @Slot(str)
    def _show_readout(self, words: str) -> None:
        """What is at the cursor, else what the camera says of the shot; in the grid no file is read for that."""
        picture = self._parts.viewer.picture
        if self._held:
            words = shot_words(self._parts.filmstrip.view.current_info())
        elif picture is not None:
            words = words or picture_words(picture.frame)
        self._parts.readout.set_words(words)

    @Slot()
    def _pass_results(self) -> None:
        viewer = self._parts.viewer
        results = viewer.results()
        again = (partial(self._parts.engine.demosaic_again, source) for source in viewer.seen_sources())
        self._parts.inspector.set_results([Result(*result, how) for result, how in zip(results, again, strict=True)])
        self._parts.output.set_results(results)

    @Slot(int, int)
    def _on_clicked(self, x: int, y: int) -> None:
        if self._picking:
            self._parts.develop.pick_neutral(x, y)

    @Slot(bool)
    def _on_picker(self, picking: bool) -> None:
        self._picking = picking
        for canvas in self._parts.viewer.comparison.canvases:
            canvas.setCursor(Qt.CursorShape.CrossCursor if picking else Qt.CursorShape.OpenHandCursor)

    @Slot(object)
    def _mark_range(self, limits: tuple[tuple[int, ...], float, float] | None) -> None:
        picture = self._parts.viewer.picture
        if limits is None:
            self._marking.cancel()
            self._parts.viewer.flash(None)
        elif picture is not None:
            self._marking.start(partial(_photosites, picture, *limits))

    @Slot(int, int)
    def _go_to(self, x: int, y: int) -> None:
        viewer = self._parts.viewer
        viewer.go_to(x, y, max(_PLACE_ZOOM, viewer.zoom))
        half = WINDOW // 2
        viewer.overlays.outline(Box(y - half, x - half, y + half, x + half))

    @Slot(object, object)
    def _on_rated(self, before: dict[Path, Rating], after: dict[Path, Rating]) -> None:
        ratings, words = self._parts.filmstrip.ratings, translate("MainWindow", "Rating")
        self._parts.develop.history.add(ratings.replace, before, after, words)

    @Slot(object, bool)
    def _on_edited(self, path: Path, edited: bool) -> None:
        self._parts.filmstrip.set_badge(path, Badge.EDITED, edited)
        self._parts.survey.refresh()

    # The training

    @Slot(str)
    def _on_training_failed(self, sentence: str) -> None:
        self._parts.errors.show_error(translate("MainWindow", "The training ended: {0}").format(sentence), sentence)

    # The export

    @Slot()
    def _pass_selection(self) -> None:
        self._parts.export.set_selection(self._parts.filmstrip.selected())

    @Slot(object)
    def _on_exported(self, path: Path) -> None:
        self._parts.filmstrip.set_badge(path, Badge.EXPORT_FAILED, False)
        self._parts.filmstrip.set_badge(path, Badge.EXPORTED, True)
        tasks = reversed(self._parts.export.queue.tasks)
        output = next((task.target for task in tasks if task.order.source == path and task.target is not None), None)
        if output is not None:
            self._record.add(path, output)

    @Slot(object)
    def _on_exports_found(self, paths: list[Path]) -> None:
        self._parts.filmstrip.set_badges(paths, Badge.EXPORTED)

    @Slot(object, str)
    def _on_export_failed(self, path: Path, sentence: str) -> None:
        parts = self._parts
        parts.filmstrip.set_badge(path, Badge.EXPORT_FAILED, True, sentence)
        words = translate("MainWindow", "{0} was not exported: {1}").format(path.name, sentence)
        parts.errors.show_error(words, f"{path}: {sentence}")


def _photosites(
    picture: Picture, colours: tuple[int, ...], low_ev: float, high_ev: float, _report: Report
) -> NDArray[np.bool_]:
    from xtdm_core.develop.histogram import photosites_between

    found = np.zeros(picture.frame.mosaic.shape, bool)
    for colour in colours:
        found |= photosites_between(picture.frame, colour, low_ev, high_ev)
    return found
