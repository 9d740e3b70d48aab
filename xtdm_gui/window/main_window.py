"""The window: puts the parts together, keeps what the user prefers, and sees all of them end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from xtdm_core.errors import FileProblem
from xtdm_core.files import is_folder
from xtdm_gui.filmstrip.filmstrip import default_cache
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.icons import app_icon
from xtdm_gui.log import log_path
from xtdm_gui.pictures.engine import PictureEngine
from xtdm_gui.pictures.monitor import read_profile, system_profile
from xtdm_gui.settings import SYSTEMS_PROFILE, Preferences, last_folder, load_preferences, save_preferences
from xtdm_gui.theme import apply_theme
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.viewer.survey import MOST
from xtdm_gui.viewer.viewer import NETWORK_PANE
from xtdm_gui.window.about_dialog import AboutDialog
from xtdm_gui.window.connections import Connections
from xtdm_gui.window.dialogs import ask_folder, ask_raw_file, may_stop_export, may_stop_training
from xtdm_gui.window.docks import WORKSPACES, Docks, PanelScrollArea
from xtdm_gui.window.drop_target import DropTarget
from xtdm_gui.window.keys_dialog import KeysDialog
from xtdm_gui.window.menus import build_menus
from xtdm_gui.window.pages import Page, Pages
from xtdm_gui.window.parts import build_parts
from xtdm_gui.window.session import keep_state, last_file, restore_state
from xtdm_gui.window.settings_dialog import SettingsDialog

_SIZE = 1440, 900
_STRIP_PX, _PANELS_PX = 226, 340
_MB = 1 << 20
_TOLD_KEY = "told_of_rating_keys"


class MainWindow(QMainWindow):
    """Everything in one window.

    settled()  a picture, or the reason why there is none, is on screen
    """

    settled = Signal()

    def __init__(
        self,
        settings: QSettings,
        *,
        engine: PictureEngine | None = None,
        cache: ThumbnailCache | None = None,
        export_command: Sequence[str] = (),
        train_command: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._settings = settings
        self._knows_old_keys = bool(settings.value("geometry")) and not settings.value(_TOLD_KEY)
        self._hid_panels = False  # before the full screen did
        self.preferences = load_preferences(settings)
        self._engine = engine or PictureEngine()
        cache = cache or default_cache(self.preferences.thumbnail_cache_mb * _MB)
        self.parts = build_parts(settings, self._engine, cache, export_command, train_command)
        self.setWindowTitle(self.tr("XTDM"))
        self.setWindowIcon(app_icon())
        DropTarget(self).dropped.connect(self.open_path)
        self._build_centre()
        self._build_docks()
        self._build_status()
        self.menu_actions = build_menus(self, self.parts, self.arrangement.actions())
        self._wiring = Connections(self.parts, self)
        self._connect()
        self.parts.export.set_choice(self.preferences.export)
        self.apply(self.preferences)
        self._restore()

    def _connect(self) -> None:
        menu, wiring = self.menu_actions, self._wiring
        menu.open_folder.triggered.connect(self.choose_folder)
        menu.open_file.triggered.connect(self.choose_file)
        menu.settings.triggered.connect(self.edit_settings)
        menu.quit.triggered.connect(self.close)
        menu.grid.toggled.connect(partial(self._turn, Page.GRID))
        menu.survey.toggled.connect(self.show_survey)
        self.pages.turned.connect(self._on_turned)
        menu.panels_hidden.toggled.connect(self.hide_panels)
        menu.full_screen.toggled.connect(self.show_full_screen)
        menu.keys.triggered.connect(self.show_keys)
        menu.log_folder.triggered.connect(self.open_log_folder)
        menu.about.triggered.connect(self.show_about)
        for action in self.parts.viewer.actions():
            if action.data() in tuple(Mode):
                action.triggered.connect(self._show_picture)
        for name, action in menu.presets.items():
            action.triggered.connect(partial(self.show_preset, name))
        self.parts.export.action.triggered.connect(self.export_selection)
        self.parts.filmstrip.folder_opened.connect(self._remember_folder)
        self.parts.filmstrip.asked.connect(self._show_picture)
        self.parts.filmstrip.culling.used.connect(self._tell_of_keys)
        wiring.settled.connect(self.settled)
        wiring.title_changed.connect(self.setWindowTitle)
        wiring.device_chosen.connect(self._use_device)

    def _build_centre(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._stack = QStackedWidget()
        layout.addWidget(self.parts.errors)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(centre)

    def _build_docks(self) -> None:
        self.arrangement = Docks(self)
        area, add = Qt.DockWidgetArea, self.arrangement.add
        strip = add("filmstrip", self.tr("Filmstrip"), self.parts.filmstrip, area.BottomDockWidgetArea)
        strip.dockLocationChanged.connect(self._turn_filmstrip)
        self._turn_filmstrip(area.BottomDockWidgetArea)
        # One dock with tabs of its own: Qt leaves a dead tab bar behind where it makes two groups of docks.
        facts = QTabWidget(documentMode=True)
        facts.addTab(self.parts.histogram, self.tr("Histogram"))
        facts.addTab(self.parts.output, self.tr("Output"))
        facts.addTab(self.parts.shot, self.tr("Info"))
        facts.setAccessibleName(self.tr("Picture"))
        add("histogram", self.tr("Picture"), facts, area.RightDockWidgetArea)
        # The tabs below the histogram. A panel that joins them is made and closed in ``parts``, and gets its preset in
        # ``docks``, its signals in ``connections``, and its question in ``closeEvent``.
        add("develop", self.tr("Develop"), PanelScrollArea(self.parts.develop), area.RightDockWidgetArea)
        add("inspector", self.tr("Inspector"), PanelScrollArea(self.parts.inspector), area.RightDockWidgetArea)
        add("export", self.tr("Export"), PanelScrollArea(self.parts.export), area.RightDockWidgetArea)
        add("training", self.tr("Training"), PanelScrollArea(self.parts.training), area.RightDockWidgetArea)
        self.arrangement.tabify("develop", "inspector", "export", "training")
        self.arrangement.keep_low("histogram")
        self.pages = Pages(self._stack, self.parts, self.arrangement, self)
        self.arrangement.docks["inspector"].visibilityChanged.connect(self.parts.inspector.set_in_sight)

    @Slot(Qt.DockWidgetArea)
    def _turn_filmstrip(self, area: Qt.DockWidgetArea) -> None:
        below = area in (Qt.DockWidgetArea.BottomDockWidgetArea, Qt.DockWidgetArea.TopDockWidgetArea)
        self.parts.filmstrip.set_orientation(Qt.Orientation.Horizontal if below else Qt.Orientation.Vertical)

    def _build_status(self) -> None:
        self.statusBar().addWidget(self.parts.readout, 1)
        self.statusBar().addPermanentWidget(self.parts.viewing)
        self.statusBar().addPermanentWidget(self.parts.exporting)

    # What a user asks for.

    def open_path(self, path: Path) -> None:
        """Opens a folder, or a file within its folder."""
        if is_folder(path):
            self.parts.filmstrip.open_folder(path)
        else:
            self.parts.filmstrip.open_file(path)

    def open_last(self) -> None:
        """Opens the file that was shown when the window was closed; where it is gone, what is left of its folder."""
        folder, file = last_folder(self._settings), last_file(self._settings)
        if folder is not None:
            self.open_path(file if file is not None and file.parent == folder else folder)

    @Slot()
    def choose_folder(self) -> None:
        """Asks for a folder and opens it."""
        self._open_chosen(ask_folder(self, last_folder(self._settings)))

    @Slot()
    def choose_file(self) -> None:
        """Asks for a raw file and opens it within its folder."""
        self._open_chosen(ask_raw_file(self, last_folder(self._settings)))

    @Slot(object)
    def _remember_folder(self, folder: Path) -> None:
        self._settings.setValue("folder", str(folder))

    def _open_chosen(self, path: Path | None) -> None:
        if path is not None:
            self.open_path(path)

    def show_preset(self, name: str, _checked: bool = False) -> None:
        """Shows the panels and the viewer's mode for one kind of work: a key of ``WORKSPACES``."""
        preset = WORKSPACES[name]
        self._bring_panels_back()
        self.arrangement.apply(preset)
        if preset.mode == Mode.SINGLE:
            # Alone stands what is exported, not what it is held against.
            self.parts.viewer.comparison.show_pane(NETWORK_PANE)
        self.parts.viewer.set_mode(preset.mode)
        self.menu_actions.presets[name].setChecked(True)

    @Slot()
    def export_selection(self) -> None:
        """Shows the export panel and begins with the selected files."""
        self._bring_panels_back()
        dock = self.arrangement.docks["export"]
        dock.show()
        dock.raise_()
        self.parts.export.start()

    def _turn(self, page: Page, on: bool) -> None:
        if on:
            self.pages.turn(page)
        elif page is self.pages.shown:
            self.pages.leave()

    @Slot(bool)
    def show_survey(self, on: bool) -> None:
        """Shows the selected files beside each other, or what was there before."""
        if on and not self.pages.can_survey():
            self.menu_actions.survey.setChecked(False)
            self.parts.errors.show_notice(self.tr("Select two to four photos to compare them."))
            return
        self._turn(Page.SURVEY, on)
        if on and len(self.parts.filmstrip.selected()) > MOST:
            self.parts.errors.show_notice(self.tr("The first four of the selected photos are compared."))

    @Slot(object)
    def _on_turned(self, page: Page) -> None:
        menu = self.menu_actions
        menu.grid.setChecked(page is Page.GRID)
        menu.survey.setChecked(page is Page.SURVEY)
        self._wiring.hold(page is not Page.PICTURE)
        if page is not Page.GRID:
            self._turn_filmstrip(self.dockWidgetArea(self.arrangement.docks["filmstrip"]))
        if page is Page.PICTURE:
            if menu.panels_hidden.isChecked():
                self.arrangement.hide_all(True)
            menu.tool_bar.setVisible(not menu.full_screen.isChecked())
            self._picture_canvas().setFocus()

    @Slot()
    def _show_picture(self) -> None:
        self.pages.turn(Page.PICTURE)

    @Slot()
    def _tell_of_keys(self) -> None:
        """Once, to who knew the keys of earlier versions."""
        if self._knows_old_keys:
            self._knows_old_keys = False
            self._settings.setValue(_TOLD_KEY, True)
            words = self.tr(
                "0 to 5, 6 to 9, P, X and U now rate the photo. The views are on E, Y, Shift+Y, B and D, the other "
                "pane on A, the colour filters on M, and H hides the panels. F1 lists all keys."
            )
            self.parts.errors.show_notice(words)

    @Slot(bool)
    def hide_panels(self, on: bool) -> None:
        """Leaves the picture all the room, or brings back the panels."""
        self.arrangement.hide_all(on)
        self._picture_canvas().setFocus()

    @Slot(bool)
    def show_full_screen(self, on: bool) -> None:
        """Shows nothing but the picture, or all that was there before."""
        if on:
            self._hid_panels = self.menu_actions.panels_hidden.isChecked()
        self.menu_actions.panels_hidden.setChecked(on or self._hid_panels)
        for bar in (self.menuBar(), self.menu_actions.tool_bar, self.statusBar()):
            bar.setVisible(not on)
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if on else self.windowState() & ~full)

    def _bring_panels_back(self) -> None:
        self._show_picture()
        self.menu_actions.full_screen.setChecked(False)
        self.menu_actions.panels_hidden.setChecked(False)

    def _picture_canvas(self) -> QWidget:
        """The one that every mode has."""
        return self.parts.viewer.comparison.canvases[0]

    @Slot()
    def edit_settings(self) -> None:
        """Shows the settings and applies what was changed."""
        dialog = SettingsDialog(self.preferences, self)
        if dialog.exec():
            self.apply(dialog.preferences())
        dialog.deleteLater()

    @Slot()
    def show_keys(self) -> None:
        """Lists keys and what the mouse does."""
        KeysDialog(self.menuBar(), self).show()

    @Slot()
    def open_log_folder(self) -> None:
        """Shows where the log is."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_path().parent)))

    @Slot()
    def show_about(self) -> None:
        """Show versions and devices."""
        AboutDialog(self).show()

    @Slot(str)
    def _use_device(self, device: str) -> None:
        self.apply(replace(self.preferences, device=device))

    def apply(self, preferences: Preferences) -> None:
        """Apply these preferences, and save them."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and preferences.theme != self.preferences.theme:
            apply_theme(app, preferences.theme)
        self.preferences = preferences
        save_preferences(self._settings, preferences)
        self._engine.set_device(preferences.device)
        self.parts.develop.engine.set_device(preferences.device)
        self.parts.viewer.pictures.set_budget(preferences.memory_mb * _MB)
        self.parts.export.set_preferences(preferences)
        self._use_profile()

    @Slot()
    def _use_profile(self) -> None:
        """Shows pictures in the colours of the monitor that the window is on."""
        name, profile = self.preferences.monitor_profile, None
        try:
            if name == SYSTEMS_PROFILE:
                profile = system_profile(self.screen())
            elif name:
                profile = read_profile(Path(name))
        except FileProblem as error:
            self.parts.errors.show_error(str(error))
        self.parts.viewer.set_monitor(profile)
        self.parts.survey.set_monitor(profile)

    def _restore(self) -> None:
        """Puts the window where it was; the first time, where it is best."""
        self.resize(*_SIZE)
        self._is_new = not self.arrangement.restore(self._settings)
        if self._is_new:
            self.show_preset("browse")
        restore_state(self._settings, self.parts, self.menu_actions.presets)
        self._picture_canvas().setFocus()  # its keys work before anything is clicked

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.windowHandle().screenChanged.connect(self._use_profile, Qt.ConnectionType.UniqueConnection)
        if self._is_new:  # docks take no sizes before they are shown
            self._is_new = False
            self.arrangement.size(_STRIP_PX, _PANELS_PX)

    # What happens to the window.

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.parts.export.busy() and not may_stop_export(self):
            event.ignore()
            return
        if self.parts.training.busy() and not may_stop_training(self):
            event.ignore()
            return
        self._bring_panels_back()
        self.arrangement.save(self._settings)
        keep_state(self._settings, self.parts, self.menu_actions.presets)
        save_preferences(self._settings, replace(self.preferences, export=self.parts.export.choice()))
        if self.parts.training.busy():
            self.hide()  # the step at work is finished and saved
        self.parts.close()
        self._wiring.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and hasattr(self, "menu_actions"):
            self.menu_actions.full_screen.setChecked(self.isFullScreen())  # the desktop may leave it, too

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the widget with the focus has no use for."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.menu_actions.full_screen.isChecked():
            self.menu_actions.full_screen.setChecked(False)
        elif key == Qt.Key.Key_Escape and self.pages.shown is not Page.PICTURE:
            self.pages.leave()
        elif key == Qt.Key.Key_Escape:
            self.parts.histogram.unmark()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.parts.viewer.view.fits:
            self.parts.filmstrip.step(1 if key == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)
