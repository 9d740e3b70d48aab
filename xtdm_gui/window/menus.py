"""The window's menus and tool bar: every action is in a menu and has a shortcut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from xtdm_gui.icons import icon
from xtdm_gui.viewer.actions import CLIPPING
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.widgets.fitting_tool_bar import FittingToolBar
from xtdm_gui.window.docks import WORKSPACES
from xtdm_gui.window.parts import Parts

_ICON_PX = 20
translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Actions:
    """What the window itself does; the parts' own actions are theirs.

    presets  by the keys of ``WORKSPACES``
    """

    open_folder: QAction
    open_file: QAction
    settings: QAction
    quit: QAction
    presets: Mapping[str, QAction]
    grid: QAction
    survey: QAction
    panels_hidden: QAction
    full_screen: QAction
    keys: QAction
    log_folder: QAction
    about: QAction
    tool_bar: QToolBar


def build_menus(window: QMainWindow, parts: Parts, docks: list[QAction]) -> Actions:
    """Fills menu and tool bar; ``docks`` show and hide the panels."""
    actions = _actions(window)
    _file_menu(_menu(window, translate("MainWindow", "&File")), actions, parts)
    _add_all(_menu(window, translate("MainWindow", "&Edit")), parts.develop.edit_actions())
    _view_menu(_menu(window, translate("MainWindow", "&View")), actions, parts, docks)
    window.addActions(docks)
    _add_all(_menu(window, translate("MainWindow", "&Photo")), parts.filmstrip.culling.actions())
    _add_all(_menu(window, translate("MainWindow", "&Go")), parts.filmstrip.actions())
    _add_all(_menu(window, translate("MainWindow", "&Help")), (actions.keys, actions.log_folder, actions.about))
    _fill_tool_bar(actions, parts.viewer.actions())
    window.addToolBar(actions.tool_bar)
    for menu in map(QMenu.menuInAction, window.menuBar().actions()):
        window.addActions(menu.actions())  # a hidden menu bar's keys have no effect
    return actions


def _actions(window: QMainWindow) -> Actions:
    actions = Actions(
        open_folder=_action(window, translate("MainWindow", "&Open folder…"), "Ctrl+O"),
        open_file=_action(window, translate("MainWindow", "Open &file…"), "Ctrl+Shift+O"),
        settings=_action(window, translate("MainWindow", "&Settings…"), "Ctrl+,"),
        quit=_action(window, translate("MainWindow", "&Quit"), "Ctrl+Q"),
        presets=_presets(window),
        grid=_action(window, translate("MainWindow", "O&verview of all files"), "G"),
        survey=_action(window, translate("MainWindow", "Compare the selected photos"), "C"),
        panels_hidden=_action(window, translate("MainWindow", "Picture &without panels"), "H"),
        full_screen=_action(window, translate("MainWindow", "F&ull screen"), "F11"),
        keys=_action(window, translate("MainWindow", "&Keys and mouse"), "F1"),
        log_folder=_action(window, translate("MainWindow", "Open the &log's folder"), "Ctrl+Shift+L"),
        about=_action(window, translate("MainWindow", "&About XTDM"), "Shift+F1"),
        tool_bar=FittingToolBar(translate("MainWindow", "Tools"), window),
    )
    actions.open_folder.setIcon(icon("open"))
    actions.settings.setIcon(icon("settings"))
    actions.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
    actions.quit.setMenuRole(QAction.MenuRole.QuitRole)
    actions.about.setMenuRole(QAction.MenuRole.AboutRole)
    actions.grid.setIcon(icon("grid"))
    actions.grid.setIconText(translate("MainWindow", "Grid"))
    actions.grid.setToolTip(translate("MainWindow", "All files of the folder in the whole window (G)"))
    for switch in (actions.grid, actions.survey, actions.panels_hidden, actions.full_screen):
        switch.setCheckable(True)
    return actions


def _file_menu(menu: QMenu, actions: Actions, parts: Parts) -> None:
    _add_all(menu, (actions.open_folder, actions.open_file))
    menu.addMenu(parts.filmstrip.recent_menu)
    for action in (parts.export.action, actions.settings, actions.quit):
        menu.addSeparator()
        menu.addAction(action)


def _view_menu(menu: QMenu, actions: Actions, parts: Parts, docks: Iterable[QAction]) -> None:
    _add_all(menu, actions.presets.values())
    menu.addSeparator()
    panels = menu.addMenu(translate("MainWindow", "Pan&els"))
    for number, action in enumerate(docks, 1):
        action.setShortcut(QKeySequence(f"Ctrl+Alt+{number}"))
        panels.addAction(action)
    _add_all(menu, (actions.grid, actions.survey, actions.panels_hidden, actions.full_screen))
    menu.addSeparator()
    _add_all(menu, parts.viewer.actions())


def _presets(window: QMainWindow) -> dict[str, QAction]:
    texts = {
        "browse": translate("MainWindow", "&Browse"),
        "before-after": translate("MainWindow", "Befo&re and after"),
        "inspector": translate("MainWindow", "6×6 i&nspector"),
        "export": translate("MainWindow", "E&xport"),
        "training": translate("MainWindow", "&Training"),
    }
    group = QActionGroup(window)
    presets = {}
    for number, name in enumerate(WORKSPACES, 1):
        action = QAction(icon(name), texts[name], window)
        action.setShortcut(QKeySequence(f"Alt+{number}"))
        action.setToolTip(f"{texts[name].replace('&', '')} (Alt+{number})")
        action.setCheckable(True)
        group.addAction(action)
        presets[name] = action
    return presets


def _fill_tool_bar(actions: Actions, viewing: Sequence[QAction]) -> None:
    bar = actions.tool_bar
    bar.setObjectName("tools")
    bar.setIconSize(QSize(_ICON_PX, _ICON_PX))
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.addAction(actions.open_folder)
    bar.addSeparator()
    bar.addAction(actions.grid)
    bar.addActions(list(actions.presets.values()))
    bar.addSeparator()
    bar.addActions([action for action in viewing if action.data() in tuple(Mode)])
    bar.addSeparator()
    bar.addActions([action for action in viewing if action.data() == CLIPPING])


def _menu(window: QMainWindow, title: str) -> QMenu:
    menu = window.menuBar().addMenu(title)
    menu.setToolTipsVisible(True)
    return menu


def _add_all(menu: QMenu, actions: Iterable[QAction]) -> None:
    for action in actions:
        menu.addAction(action)


def _action(window: QMainWindow, text: str, shortcut: str) -> QAction:
    action = QAction(text, window)
    action.setShortcut(QKeySequence(shortcut))
    return action
