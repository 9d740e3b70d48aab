"""The profile that X11 has for a monitor, with a server of the test's own."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColorSpace

from xtdm_gui.pictures.x11_profile import read_x11_profile

if shutil.which("Xvfb") is None:
    pytest.skip("Xvfb is not installed", allow_module_level=True)

_CARDINAL, _REPLACE = 6, 0
_TOLD = """
from PySide6.QtWidgets import QApplication
from xtdm_gui.pictures.monitor import system_profile
app = QApplication([])
space = system_profile(app.primaryScreen())
print(space.description() if space else "none")
"""


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An X server's name, which is the one that programs use."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "320x200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        name = f":{told.readline().strip()}"
    monkeypatch.setenv("DISPLAY", name)
    yield name
    server.terminate()
    server.wait()


@pytest.fixture
def root(display: str) -> Iterator["Root"]:
    made = Root(display)
    yield made
    made.close()


class Root:
    """Sets properties of the root window, as a desktop does; they last while it is connected."""

    def __init__(self, display: str) -> None:
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display.encode()))

    def put(self, name: str, content: bytes) -> None:
        atom = self._x11.XInternAtom(self._display, name.encode(), False)
        window = self._x11.XDefaultRootWindow(self._display)
        self._x11.XChangeProperty(self._display, window, atom, _CARDINAL, 8, _REPLACE, content, len(content))
        self._x11.XSync(self._display, False)

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)


def said_by_the_window() -> str:
    env = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", _TOLD], capture_output=True, text=True, env=env, check=True)
    return done.stdout.strip()


def test_the_monitors_profile_is_taken_from_the_root_window(root: Root) -> None:
    assert read_x11_profile(0) is None
    assert said_by_the_window() == "none"
    space = QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb)
    content = space.iccProfile().data()
    root.put("_ICC_PROFILE", content)
    root.put("_ICC_PROFILE_1", b"another one")
    assert read_x11_profile(0) == content
    assert read_x11_profile(1) == b"another one"
    assert read_x11_profile(2) is None
    assert said_by_the_window() == space.description()


def test_what_is_no_profile_is_not_used(root: Root) -> None:
    root.put("_ICC_PROFILE", b"no profile")
    assert said_by_the_window() == "none"


def test_without_x11_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert read_x11_profile(0) is None
    monkeypatch.setenv("DISPLAY", ":nowhere")
    assert read_x11_profile(0) is None
