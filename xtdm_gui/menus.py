"""The window's menus and tool bar: every action is in a menu and has a shortcut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar

from xtdm_gui.arrangement import PRESETS
from xtdm_gui.comparing import Mode
from xtdm_gui.icons import icon
from xtdm_gui.viewer_actions import CLIPPING

if TYPE_CHECKING:
    from xtdm_gui.main_window import MainWindow

_ICON_PX = 20
translate = QCoreApplication.translate


def build_menus(window: MainWindow) -> dict[str, QAction]:
    """Fills menu and tool bar; returns the presets' actions by name."""
    presets = _presets(window)
    _file_menu(window)
    _add_all(_menu(window, translate("MainWindow", "&Edit")), window.develop.edit_actions())
    _view_menu(window, presets)
    _add_all(_menu(window, translate("MainWindow", "&Go")), window.filmstrip.actions())
    _help_menu(window)
    _tool_bar(window, presets)
    for menu in map(QMenu.menuInAction, window.menuBar().actions()):
        window.addActions(menu.actions())  # a hidden menu bar's keys have no effect
    return presets


def _file_menu(window: MainWindow) -> None:
    menu = _menu(window, translate("MainWindow", "&File"))
    window.open_action = _action(window, menu, translate("MainWindow", "&Open folder…"), "Ctrl+O", window.choose_folder)
    window.open_action.setIcon(icon("open"))
    _action(window, menu, translate("MainWindow", "Open &file…"), "Ctrl+Shift+O", window.choose_file)
    menu.addMenu(window.filmstrip.recent_menu)
    menu.addSeparator()
    export = _action(window, menu, translate("MainWindow", "&Export the selection"), "Ctrl+E", window.export_selection)
    export.setIcon(icon("export"))
    window.filmstrip.file_actions = [export, window.develop.copy_action, window.develop.paste_action]
    menu.addSeparator()
    settings = _action(window, menu, translate("MainWindow", "&Settings…"), "Ctrl+,", window.edit_settings)
    settings.setIcon(icon("settings"))
    settings.setMenuRole(QAction.MenuRole.PreferencesRole)
    menu.addSeparator()
    _action(window, menu, translate("MainWindow", "&Quit"), "Ctrl+Q", window.close).setMenuRole(
        QAction.MenuRole.QuitRole
    )


def _view_menu(window: MainWindow, presets: dict[str, QAction]) -> None:
    menu = _menu(window, translate("MainWindow", "&View"))
    _add_all(menu, presets.values())
    menu.addSeparator()
    panels = menu.addMenu(translate("MainWindow", "Pan&els"))
    for number, action in enumerate(window.arrangement.actions(), 1):
        action.setShortcut(QKeySequence(f"Ctrl+Alt+{number}"))
        window.addAction(action)
        panels.addAction(action)
    window.panels_hidden = _switch(menu, translate("MainWindow", "Picture &without panels"), "P", window.hide_panels)
    window.full_screen = _switch(menu, translate("MainWindow", "F&ull screen"), "F11", window.show_full_screen)
    menu.addSeparator()
    _add_all(menu, window.viewer.actions())


def _help_menu(window: MainWindow) -> None:
    menu = _menu(window, translate("MainWindow", "&Help"))
    _action(window, menu, translate("MainWindow", "&Keys and mouse"), "F1", window.show_keys)
    _action(window, menu, translate("MainWindow", "Open the &log's folder"), "Ctrl+Shift+L", window.open_log_folder)
    about = _action(window, menu, translate("MainWindow", "&About XTDM"), "Shift+F1", window.show_about)
    about.setMenuRole(QAction.MenuRole.AboutRole)


def _presets(window: MainWindow) -> dict[str, QAction]:
    texts = {
        "browse": translate("MainWindow", "&Browse"),
        "before-after": translate("MainWindow", "Befo&re and after"),
        "inspector": translate("MainWindow", "6×6 i&nspector"),
        "export": translate("MainWindow", "E&xport"),
        "training": translate("MainWindow", "&Training"),
    }
    group = QActionGroup(window)
    presets = {}
    for number, name in enumerate(PRESETS, 1):
        action = QAction(icon(name), texts[name], window)
        action.setShortcut(QKeySequence(f"Alt+{number}"))
        action.setToolTip(f"{texts[name].replace('&', '')} (Alt+{number})")
        action.setCheckable(True)
        action.triggered.connect(partial(_show_preset, window, name))
        group.addAction(action)
        presets[name] = action
    return presets


def _show_preset(window: MainWindow, name: str, _checked: bool = False) -> None:
    window.show_preset(name)


def _tool_bar(window: MainWindow, presets: dict[str, QAction]) -> None:
    bar = QToolBar(translate("MainWindow", "Tools"), window)
    bar.setObjectName("tools")
    bar.setIconSize(QSize(_ICON_PX, _ICON_PX))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.addAction(window.open_action)
    bar.addSeparator()
    bar.addActions(list(presets.values()))
    bar.addSeparator()
    bar.addActions([action for action in window.viewer.actions() if action.data() in tuple(Mode)])
    bar.addSeparator()
    bar.addActions([action for action in window.viewer.actions() if action.data() == CLIPPING])
    window.addToolBar(bar)
    window.tool_bar = bar


def _menu(window: MainWindow, title: str) -> QMenu:
    menu = window.menuBar().addMenu(title)
    menu.setToolTipsVisible(True)
    return menu


def _add_all(menu: QMenu, actions: Iterable[QAction]) -> None:
    for action in actions:
        menu.addAction(action)


def _action(window: MainWindow, menu: QMenu, text: str, shortcut: str, slot: Callable[[], object]) -> QAction:
    action = QAction(text, window)
    action.setShortcut(QKeySequence(shortcut))
    action.triggered.connect(lambda _checked=False: slot())
    menu.addAction(action)
    return action


def _switch(menu: QMenu, text: str, shortcut: str, slot: Callable[[bool], object]) -> QAction:
    action = menu.addAction(text)
    action.setShortcut(QKeySequence(shortcut))
    action.setCheckable(True)
    action.toggled.connect(slot)
    return action
