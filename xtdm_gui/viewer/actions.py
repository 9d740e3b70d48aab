"""What keys and menus do in the viewer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from xtdm_gui.viewer.comparison import ComparisonView
from xtdm_gui.viewer.output_clipping import SoftProof
from xtdm_gui.viewer.overlays import Overlays
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.viewer.viewport import Viewport

CLIPPING = "clipping"  # the data of the action that shows it
translate = QCoreApplication.translate


def viewer_actions(comparison: ComparisonView, view: Viewport, overlays: Overlays) -> list[QAction]:
    """The actions in the order of a menu, with separators between their kinds."""
    kinds = (_zooming(comparison, view), _modes(comparison), _comparing(comparison), _overlays(comparison, overlays))
    actions: list[QAction] = []
    for kind in kinds:
        if actions:
            separator = QAction(comparison)
            separator.setSeparator(True)
            actions.append(separator)
        actions.extend(kind)
    return actions


def _zooming(comparison: ComparisonView, view: Viewport) -> list[QAction]:
    def zoom_to(zoom: float) -> None:
        view.zoom_to(zoom, comparison.cursor_place)

    def step(rungs: int) -> None:
        view.step(rungs, comparison.cursor_place)

    actions = [
        _action(comparison, translate("Viewer", "&Fit the window"), "F", view.fit),
        _action(comparison, translate("Viewer", "&Actual size (1:1)"), "Z", partial(zoom_to, 1), "Ctrl+1"),
    ]
    for zoom, key in ((2, "Ctrl+2"), (4, "Ctrl+4"), (8, "Ctrl+8"), (16, "Ctrl+6")):
        actions.append(_action(comparison, translate("Viewer", "{0}:1").format(zoom), key, partial(zoom_to, zoom)))
    actions.append(_action(comparison, translate("Viewer", "Zoom &in"), "+", partial(step, 1), "="))
    actions.append(_action(comparison, translate("Viewer", "Zoom &out"), "-", partial(step, -1)))
    return actions


def _modes(comparison: ComparisonView) -> list[QAction]:
    group = QActionGroup(comparison)
    named = (
        (Mode.SINGLE, translate("Viewer", "&Single"), "E"),
        (Mode.SIDE_BY_SIDE, translate("Viewer", "Side b&y side"), "Y"),
        (Mode.SPLIT, translate("Viewer", "S&plit"), "Shift+Y"),
        (Mode.BLINK, translate("Viewer", "Blin&k"), "B"),
        (Mode.DIFFERENCE, translate("Viewer", "&Difference"), "D"),
    )
    actions = []
    for mode, text, key in named:
        action = _action(comparison, text, key, partial(comparison.set_mode, mode))
        action.setCheckable(True)
        action.setData(mode)
        group.addAction(action)
        actions.append(action)
    actions[0].setChecked(True)
    return actions


def _comparing(comparison: ComparisonView) -> list[QAction]:
    return [
        _action(comparison, translate("Viewer", "S&how the other pane"), "A", comparison.swap),
        _action(comparison, translate("Viewer", "Difference: a&mplify more"), "]", lambda: comparison.step_gain(1)),
        _action(comparison, translate("Viewer", "Difference: amplify &less"), "[", lambda: comparison.step_gain(-1)),
    ]


def _switch(parent: QObject, text: str, key: str) -> QAction:
    action = QAction(text, parent)
    action.setShortcut(QKeySequence(key))
    action.setCheckable(True)
    return action


def _overlays(comparison: ComparisonView, overlays: Overlays) -> list[QAction]:
    actions = []
    for text, key, slot in (
        (translate("Viewer", "&Clipped photosites"), "O", overlays.show_clipping),
        (translate("Viewer", "Colour filters and 6×6 &grid (from 8:1 on)"), "M", overlays.show_cfa),
    ):
        action = _switch(comparison, text, key)
        action.toggled.connect(slot)
        actions.append(action)
    actions[1:1] = _proofs(comparison)
    clipping = actions[0]
    clipping.setData(CLIPPING)
    clipping.setIconText(translate("Viewer", "Clipping"))
    clipping.setToolTip(translate("Viewer", "Mark the photosites that clip, each in its colour (O)"))
    return actions


def _proofs(comparison: ComparisonView) -> list[QAction]:
    """What one format loses is marked, or of none."""
    group = QActionGroup(comparison)
    group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
    for text, key, proof in (
        (translate("Viewer", "What sRGB clips"), "J", SoftProof.SRGB),
        (translate("Viewer", "What HLG clips"), "Shift+J", SoftProof.HLG),
    ):
        _switch(group, text, key).setData(proof)

    def show() -> None:
        checked = group.checkedAction()
        comparison.set_proof(SoftProof.NONE if checked is None else SoftProof(checked.data()))

    group.triggered.connect(lambda _action: show())
    return group.actions()


def _action(parent: QObject, text: str, key: str, slot: Callable[[], object], other_key: str = "") -> QAction:
    action = QAction(text, parent)
    action.setShortcuts([QKeySequence(k) for k in (key, other_key) if k])
    action.setToolTip(f"{text.replace('&', '')} ({key})")
    action.triggered.connect(lambda _checked=False: slot())
    return action
