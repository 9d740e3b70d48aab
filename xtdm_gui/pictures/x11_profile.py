"""The monitor's profile where X11 knows it: a property of the root window ("ICC Profiles in X Specification" 0.4).

Desktops and colord's helpers put it there. Wayland's compositors convert colours themselves and tell nobody.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_ubyte, c_ulong, c_void_p

_ANY_TYPE = 0
_LONGEST = 1 << 22  # of four bytes each


def read_x11_profile(monitor: int) -> bytes | None:
    """The ICC profile of a monitor, 0 for the first; None where X11 knows none, or there is no X11."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = c_void_p
    display = c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None
    try:
        return _property(x11, display, "_ICC_PROFILE" if monitor == 0 else f"_ICC_PROFILE_{monitor}")
    finally:
        x11.XCloseDisplay(display)


def _property(x11: ctypes.CDLL, display: c_void_p, name: str) -> bytes | None:
    """The bytes of a property of the root window, None where it has none."""
    x11.XInternAtom.restype = x11.XDefaultRootWindow.restype = c_ulong
    x11.XInternAtom.argtypes = [c_void_p, c_char_p, c_int]
    x11.XGetWindowProperty.argtypes = [c_void_p, c_ulong, c_ulong, c_long, c_long, c_int, c_ulong, *[c_void_p] * 5]
    x11.XFree.argtypes = [c_void_p]
    atom = x11.XInternAtom(display, name.encode(), True)
    if not atom:
        return None
    kind, width, count, left, data = c_ulong(), c_int(), c_ulong(), c_ulong(), POINTER(c_ubyte)()
    told = byref(kind), byref(width), byref(count), byref(left), byref(data)
    root = x11.XDefaultRootWindow(display)
    failed = x11.XGetWindowProperty(display, root, atom, 0, _LONGEST, False, _ANY_TYPE, *told)
    if failed or not data:
        return None
    content = bytes(data[: count.value]) if width.value == 8 and not left.value else None
    x11.XFree(data)
    return content or None
