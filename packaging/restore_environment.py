"""Runs first in a packaged program: what it starts of the system's, such as ssh, is to find the system's libraries.

PyInstaller's loader puts the package's folder into LD_LIBRARY_PATH. It is read when a process starts, so that taking
it out changes nothing here; the package's own children set it for themselves.
"""

import os

_original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
os.environ.pop("LD_LIBRARY_PATH", None)
if _original is not None:
    os.environ["LD_LIBRARY_PATH"] = _original
