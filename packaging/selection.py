"""What goes into the package, and what stays out though PyInstaller finds it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# Modules that something imports in a branch which XTDM never takes.
EXCLUDED_MODULES = [
    *("IPython", "jinja2", "matplotlib", "mpmath.tests", "mypy", "networkx", "pip", "pygments", "pytest", "scipy"),
    *("setuptools", "tensorboard", "tkinter", "triton", "numpy.f2py", "numpy.testing", "numpy.tests"),
    *("OpenGL", "cupy", "h5py", "numba", "pyqtgraph.console", "pyqtgraph.examples"),
    *("pyqtgraph.jupyter", "pyqtgraph.opengl"),
    *(f"PySide6.Qt{name}" for name in ("Network", "Qml", "Quick", "Test", "UiTools")),
    *(f"sympy.{name}" for name in ("physics", "stats", "benchmarks", "parsing.autolev", "parsing.latex")),
    *(f"torch.{name}" for name in ("utils.tensorboard", "utils.benchmark", "utils.bottleneck")),
    *(f"torch.testing._internal.{name}" for name in ("codegen", "common_utils", "opinfo", "generated")),
    *(f"torch._inductor.{name}" for name in ("codegen", "fx_passes", "kernel", "autoheuristic", "compile_worker")),
]

# imagecodecs loads its codecs by name: the AVIF, profiles, and what tifffile packs and unpacks with.
_CODECS = ("avif", "cms", "deflate", "imcd", "jpeg8", "shared", "shared_cython", "zlib")
CODECS = [f"imagecodecs._{name}" for name in _CODECS]
LOADED_BY_NAME = [*CODECS, "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"]  # the latter two by pyqtgraph

_UNUSED_PLUGINS = re.compile(
    r"PySide6/(Qt/)?plugins/("
    r"egldeviceintegrations|generic|networkinformation|networkaccess|tls|platforminputcontexts/\w*virtualkeyboard"
    r"|platformthemes/\w*gtk|imageformats/\w*(pdf|icns|tga|tiff|wbmp|webp)|platforms/\w*(eglfs|linuxfb|minimal|vkkhr|vnc)"
    r")"
)
_UNUSED_QT = re.compile(r"(lib)?Qt6?(Network|Pdf|Qml|Quick|VirtualKeyboard|EglF[Ss])")
_BUILDERS_TRACES = re.compile(r"\.dist-info/(direct_url\.json|RECORD)$")
_TRANSLATIONS = re.compile(r"PySide6/(Qt/)?translations/(?!qtbase_)")

# On Linux the desktop's own libraries stay the system's: they belong to its fonts, keyboards and drivers.
_SYSTEM_FOLDERS = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_PYTHONS_LIBRARIES = re.compile(
    r"lib(python3|ssl|crypto|ffi|z\.|bz2|lzma|sqlite3|expat|mpdec|uuid|readline|tinfo|ncurses|stdc\+\+|gcc_s|gomp)"
)
_STRIPPED = re.compile(r"torch/(bin|lib)/|libpython")


def is_wanted(target: str, source: str) -> bool:
    """Whether the file ``source`` goes into the package as ``target``."""
    target = target.replace("\\", "/")
    name = target.rpartition("/")[2]
    if any(rule.search(target) for rule in (_UNUSED_PLUGINS, _TRANSLATIONS, _BUILDERS_TRACES)):
        return False
    if _UNUSED_QT.match(name):
        return False
    if sys.platform.startswith("linux") and source.startswith(_SYSTEM_FOLDERS):
        return bool(_PYTHONS_LIBRARIES.match(name))
    return True


def stripped(binaries: list[tuple[str, str, str]], folder: Path) -> list[tuple[str, str, str]]:
    """The same files; on Linux the largest come without their symbol tables, a fifth of torch, copied into ``folder``.

    Libraries that were edited after they were linked, such as NumPy's, would not stand it.
    """
    if not sys.platform.startswith("linux"):
        return binaries
    folder.mkdir(parents=True, exist_ok=True)
    return [
        (target, str(_strip(Path(source), folder)) if _STRIPPED.match(target) else source, kind)
        for target, source, kind in binaries
    ]


def _strip(source: Path, folder: Path) -> Path:
    target = folder / source.name
    subprocess.run(["strip", "--strip-unneeded", "-o", target, source], check=True)  # noqa: S607 (binutils' own)
    return target
