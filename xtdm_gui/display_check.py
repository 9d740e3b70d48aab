"""Whether a window can be opened here, checked before Qt would end the process."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = "libegl1 libgl1 libglib2.0-0 libxkbcommon0 libdbus-1-3 libfontconfig1"
# The rest of what libqxcb.so links to is in what these depend on.
WINDOW_LIBRARIES = "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"


def missing_libraries() -> str:
    """A sentence that names the Debian packages Qt lacks here; "" where it can be imported."""
    try:
        import PySide6.QtGui
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return f"Qt's system libraries are missing ({error}): on Debian, apt install {LIBRARIES} {WINDOW_LIBRARIES}"
    return ""


def display_problem() -> str:
    """A sentence that says why no window can be opened; "" where one can."""
    sentence = missing_libraries()
    if sentence or os.environ.get("QT_QPA_PLATFORM"):
        return sentence
    if sys.platform != "linux" or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    return _missing_x11_libraries() or _unreachable_display()


def _missing_x11_libraries() -> str:
    """Qt aborts the process where its X11 plugin lacks a library, so the plugin is loaded by hand first."""
    spec = find_spec("PySide6")
    if spec is None or spec.origin is None:
        return ""
    plugin = Path(spec.origin).parent / "Qt/plugins/platforms/libqxcb.so"
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return f"libraries for windows are missing ({error}): on Debian, apt install {WINDOW_LIBRARIES}"
    return ""


def _unreachable_display() -> str:
    """Asks libxcb, which the plugin has just loaded: Qt aborts the process where the X server does not answer."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return f"the display {os.environ['DISPLAY']} (DISPLAY) cannot be reached" if refused else ""
