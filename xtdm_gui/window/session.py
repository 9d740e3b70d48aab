"""What the window showed when it was closed, and shows again at the next start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction

from xtdm_core.files import is_file
from xtdm_gui.pictures.renderings import LIBRAW_CHOICES, RenderingSource, SourceKind
from xtdm_gui.settings import existing_network
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.window.parts import Parts

_KEY = "state"


def keep_state(settings: QSettings, parts: Parts, presets: Mapping[str, QAction]) -> None:
    """Keeps file, view, mode, panes, network and folder tree."""
    viewer = parts.viewer
    state = {
        "file": str(parts.filmstrip.current() or ""),
        "view": next((name for name, action in presets.items() if action.isChecked()), ""),
        "mode": viewer.mode,
        "panes": [[viewer.source(pane).kind, viewer.source(pane).name] for pane in (0, 1)],
        "network": str(parts.network.path),
        "tree": parts.filmstrip.bar.tree_action.isChecked(),
    }
    settings.setValue(_KEY, json.dumps(state))


def restore_state(settings: QSettings, parts: Parts, presets: Mapping[str, QAction]) -> None:
    """Shows what was kept but the file, for which there is ``last_file``; what is gone is left as it is."""
    state = _stored(settings)
    view, mode = str(state.get("view")), str(state.get("mode"))
    if view in presets:
        presets[view].setChecked(True)
    if mode in tuple(Mode):
        parts.viewer.set_mode(Mode(mode))
    panes = state.get("panes")
    for pane, stored in enumerate(panes[:2] if isinstance(panes, list) else []):
        source = _source(stored)
        if source is not None:
            parts.viewer.set_pane(pane, source)
    network = existing_network(str(state.get("network", "")))
    if network is not None:
        parts.network.restore(network)
    parts.filmstrip.bar.tree_action.setChecked(state.get("tree") is True)


def last_file(settings: QSettings) -> Path | None:
    """The file that was shown, None where it is gone."""
    file = str(_stored(settings).get("file", ""))
    return Path(file) if file and is_file(Path(file)) else None


def _stored(settings: QSettings) -> dict[str, Any]:
    try:
        state = json.loads(str(settings.value(_KEY, "{}")))
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) else {}


def _source(stored: object) -> RenderingSource | None:
    match stored:
        case [str(kind), _] if kind == SourceKind.PREVIEW:
            return RenderingSource.preview()
        case [str(kind), str(name)] if kind == SourceKind.LIBRAW and name in LIBRAW_CHOICES:
            return RenderingSource.libraw(name)
        case [str(kind), str(name)] if kind == SourceKind.NETWORK:
            network = existing_network(name)
            return RenderingSource.network(network) if network is not None else None
    return None
