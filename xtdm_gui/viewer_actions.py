"""What keys and menus do in the viewer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from xtdm_gui.comparing import BLINK, DIFFERENCE, SIDE_BY_SIDE, SINGLE, SPLIT

if TYPE_CHECKING:
    from xtdm_gui.viewer import Viewer

CLIPPING = "clipping"  # the data of the action that shows it
translate = QCoreApplication.translate


def viewer_actions(viewer: Viewer) -> list[QAction]:
    """The actions in the order of a menu, with separators between their kinds."""
    kinds = (_zooming(viewer), _modes(viewer), _comparing(viewer), _overlays(viewer))
    actions: list[QAction] = []
    for kind in kinds:
        if actions:
            separator = QAction(viewer)
            separator.setSeparator(True)
            actions.append(separator)
        actions.extend(kind)
    return actions


def _zooming(viewer: Viewer) -> list[QAction]:
    actions = [
        _action(viewer, translate("Viewer", "&Fit the window"), "F", viewer.fit),
        _action(viewer, translate("Viewer", "&Actual size (1:1)"), "Z", lambda: viewer.zoom_to(1), "Ctrl+1"),
    ]
    for zoom, key in ((2, "Ctrl+2"), (4, "Ctrl+4"), (8, "Ctrl+8"), (16, "Ctrl+6")):
        actions.append(_action(viewer, translate("Viewer", "{0}:1").format(zoom), key, partial(viewer.zoom_to, zoom)))
    actions.append(_action(viewer, translate("Viewer", "Zoom &in"), "+", lambda: viewer.step_zoom(1), "="))
    actions.append(_action(viewer, translate("Viewer", "Zoom &out"), "-", lambda: viewer.step_zoom(-1)))
    return actions


def _modes(viewer: Viewer) -> list[QAction]:
    group = QActionGroup(viewer)
    named = (
        (SINGLE, translate("Viewer", "&Single"), "1"),
        (SIDE_BY_SIDE, translate("Viewer", "Side b&y side"), "2"),
        (SPLIT, translate("Viewer", "S&plit"), "3"),
        (BLINK, translate("Viewer", "Blin&k"), "4"),
        (DIFFERENCE, translate("Viewer", "&Difference"), "5"),
    )
    actions = []
    for mode, text, key in named:
        action = _action(viewer, text, key, partial(viewer.comparison.set_mode, mode))
        action.setCheckable(True)
        action.setData(mode)
        group.addAction(action)
        actions.append(action)
    actions[0].setChecked(True)
    return actions


def _comparing(viewer: Viewer) -> list[QAction]:
    return [
        _action(viewer, translate("Viewer", "S&how the other pane"), "X", viewer.comparison.swap),
        _action(viewer, translate("Viewer", "Difference: a&mplify more"), "]", lambda: viewer.comparison.step_gain(1)),
        _action(viewer, translate("Viewer", "Difference: amplify &less"), "[", lambda: viewer.comparison.step_gain(-1)),
    ]


def _overlays(viewer: Viewer) -> list[QAction]:
    actions = []
    for text, key, slot in (
        (translate("Viewer", "&Clipped photosites"), "O", viewer.overlays.show_clipping),
        (translate("Viewer", "Colour filters and 6×6 &grid (from 8:1 on)"), "G", viewer.overlays.show_cfa),
    ):
        action = QAction(text, viewer)
        action.setShortcut(QKeySequence(key))
        action.setCheckable(True)
        action.toggled.connect(slot)
        actions.append(action)
    clipping = actions[0]
    clipping.setData(CLIPPING)
    clipping.setIconText(translate("Viewer", "Clipping"))
    clipping.setToolTip(translate("Viewer", "Mark the photosites that clip, each in its colour (O)"))
    return actions


def _action(viewer: Viewer, text: str, key: str, slot: Callable[[], object], other_key: str = "") -> QAction:
    action = QAction(text, viewer)
    action.setShortcuts([QKeySequence(k) for k in (key, other_key) if k])
    action.setToolTip(f"{text.replace('&', '')} ({key})")
    action.triggered.connect(lambda _checked=False: slot())
    return action
