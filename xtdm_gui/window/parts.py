"""The parts of the window, made in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSettings, Qt

from xtdm_gui.develop.panel import DevelopPanel
from xtdm_gui.export.panel import ExportPanel
from xtdm_gui.filmstrip.filmstrip import Filmstrip
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.histogram.output import OutputHistogram
from xtdm_gui.histogram.panel import HistogramPanel
from xtdm_gui.inspector.panel import InspectorPanel
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.engine import PictureEngine
from xtdm_gui.shot.panel import ShotPanel
from xtdm_gui.train.panel import TrainPanel
from xtdm_gui.viewer.survey import Survey
from xtdm_gui.viewer.viewer import Viewer
from xtdm_gui.widgets.error_bar import ErrorBar
from xtdm_gui.widgets.labels import ElidedLabel
from xtdm_gui.widgets.status_progress import StatusProgress


@dataclass(frozen=True, slots=True)
class Parts:
    """What the window is put together from.

    readout, viewing, exporting  in the status bar: values at the cursor, progress of the picture and of the export
    """

    network: CurrentNetwork
    engine: PictureEngine
    viewer: Viewer
    survey: Survey
    filmstrip: Filmstrip
    histogram: HistogramPanel
    output: OutputHistogram
    shot: ShotPanel
    develop: DevelopPanel
    inspector: InspectorPanel
    export: ExportPanel
    training: TrainPanel
    errors: ErrorBar
    readout: ElidedLabel
    viewing: StatusProgress
    exporting: StatusProgress

    def close(self) -> None:
        """End all threads and processes; returns when none is left."""
        facts = self.histogram, self.output, self.shot
        # Survey and inspector work with the engine, which the viewer closes.
        panels = (self.training, self.export, self.survey, self.inspector, self.viewer, *facts, self.develop)
        for panel in panels:
            panel.close()
        self.filmstrip.close()


def build_parts(
    settings: QSettings,
    engine: PictureEngine,
    cache: ThumbnailCache,
    export_command: Sequence[str],
    train_command: Sequence[str],
) -> Parts:
    """Make all parts; the commands replace the engine's own, for tests."""
    translate = QCoreApplication.translate
    network = CurrentNetwork()
    viewer = Viewer(engine, network)
    develop = DevelopPanel(network, selection=lambda: filmstrip.selected())
    export = ExportPanel(network, develop.look_of, command=export_command)
    file_actions = [export.action, develop.copy_action, develop.paste_action]
    filmstrip = Filmstrip(cache, settings, failure=lambda: viewer.failure, file_actions=file_actions)
    readout = ElidedLabel(elide=Qt.TextElideMode.ElideRight)
    readout.setContentsMargins(6, 0, 6, 0)
    readout.setAccessibleName(translate("MainWindow", "Values at the cursor"))
    return Parts(
        network=network,
        engine=engine,
        viewer=viewer,
        survey=Survey(engine, network, viewer.view, filmstrip.ratings.rating, develop.visible_look_of),
        filmstrip=filmstrip,
        histogram=HistogramPanel(),
        output=OutputHistogram(),
        shot=ShotPanel(filmstrip.ratings),
        develop=develop,
        inspector=InspectorPanel(),
        export=export,
        training=TrainPanel(network, command=train_command),
        errors=ErrorBar(),
        readout=readout,
        viewing=StatusProgress(translate("MainWindow", "Progress of the picture")),
        exporting=StatusProgress(
            translate("MainWindow", "Progress of the export"), translate("MainWindow", "Cancel the export")
        ),
    )
