"""What the package leaves out is nothing that XTDM needs."""

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.loading import PACKAGING, load
from xtdm_core.choices import SUFFIX
from xtdm_gui.display_check import missing_libraries

ROOT = PACKAGING.parent
SELECTION = load("selection")

# Runs with what the package lacks out of reach.
WITHOUT = """
import sys
from importlib.machinery import PathFinder

class Rest(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        codec = name.startswith("imagecodecs._")
        if name in {excluded!r} or codec and name not in {codecs!r}:
            return None
        return super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Rest
"""

CONVERT = """
from xtdm_core.cli import main
sys.argv = ["xtdm", "convert", {raf!r}, "-o", {target!r}, "--format", {format!r}]
main()
"""

TRAIN = """
import torch
weight = torch.nn.Parameter(torch.ones(2, 2))
optimiser = torch.optim.AdamW([weight])
weight.square().sum().backward()
optimiser.step()
print(float(weight.sum()) < 4)
"""

MODULES = """
import pkgutil
from importlib import import_module
import xtdm_core, xtdm_gui
for package in (xtdm_core, xtdm_gui):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
print(len(sys.modules))
"""


def run_without(code: str) -> subprocess.CompletedProcess[str]:
    blocked = WITHOUT.format(codecs=set(SELECTION.CODECS), excluded=SELECTION.EXCLUDED_MODULES)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run([sys.executable, "-c", blocked + code], capture_output=True, text=True, env=env, check=False)


@pytest.mark.parametrize("format_name", SUFFIX)
def test_each_format_is_written_without_them(raf: Path, tmp_path: Path, format_name: str) -> None:
    target = tmp_path / f"picture{SUFFIX[format_name]}"
    done = run_without(CONVERT.format(raf=str(raf), target=str(target), format=str(format_name)))
    assert done.returncode == 0, done.stderr
    assert target.stat().st_size > 1000


@pytest.mark.parametrize(
    "code",
    [
        TRAIN,
        pytest.param(MODULES, marks=pytest.mark.skipif(bool(missing_libraries()), reason=missing_libraries())),
    ],
    ids=["training", "modules"],
)
def test_training_and_all_modules_load_without_them(code: str) -> None:
    done = run_without(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() not in ("", "False")


def test_xtdm_itself_imports_none_of_them() -> None:
    excluded = tuple(SELECTION.EXCLUDED_MODULES)
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("xtdm_gui/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            assert not [name for name in names if f"{name}.".startswith(tuple(f"{e}." for e in excluded))], path


@pytest.mark.parametrize(
    ("target", "source", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/venv/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", "/venv/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", "/venv/libqsvgicon.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", "/venv/libqeglfs.so", False),
        ("PySide6/plugins/tls/qschannelbackend.dll", "C:/venv/qschannelbackend.dll", False),
        ("PySide6\\plugins\\imageformats\\qpdf.dll", "C:\\venv\\qpdf.dll", False),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", "/venv/libQt6Widgets.so.6", True),
        ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", False),
        ("PySide6/Qt/lib/libQt6Quick.so.6", "/venv/libQt6Quick.so.6", False),
        ("PySide6/Qt6Qml.dll", "C:/venv/Qt6Qml.dll", False),
        ("PySide6/Qt/translations/qtbase_de.qm", "/venv/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qt_help_de.qm", "/venv/qt_help_de.qm", False),
        ("xtdm-0.1.0.dist-info/direct_url.json", "/venv/xtdm-0.1.0.dist-info/direct_url.json", False),
        ("xtdm-0.1.0.dist-info/METADATA", "/venv/xtdm-0.1.0.dist-info/METADATA", True),
        ("torch/lib/libtorch_cpu.so", "/venv/libtorch_cpu.so", True),
    ],
)
def test_files_of_libraries(target: str, source: str, wanted: bool) -> None:
    assert SELECTION.is_wanted(target, source) is wanted


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the rule is Linux's")
@pytest.mark.parametrize(("name", "wanted"), [("libssl.so.3", True), ("libfontconfig.so.1", False)])
def test_a_desktops_own_libraries_stay_the_systems(name: str, wanted: bool) -> None:
    assert SELECTION.is_wanted(name, f"/lib/x86_64-linux-gnu/{name}") is wanted
    assert SELECTION.is_wanted(f"wheel.libs/{name}", f"/venv/wheel.libs/{name}")


def test_the_spec_compiles_and_names_files_that_exist() -> None:
    text = (PACKAGING / "xtdm.spec").read_text(encoding="utf-8")
    tree = ast.parse(text)
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for script in ("run_xtdm.py", "run_xtdm_gui.py", "restore_environment.py", "hooks", "linux/xtdm.desktop"):
        assert script in words
        assert (PACKAGING / script).exists()
    assert not (PACKAGING / "__init__.py").exists()  # it would shadow the package of that name from PyPI


@pytest.mark.parametrize("original", [None, "/opt/mine"])
def test_children_get_the_users_library_path(monkeypatch: pytest.MonkeyPatch, original: str | None) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/xtdm/_internal")
    if original is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)
    runpy.run_path(str(PACKAGING / "restore_environment.py"))
    assert os.environ.get("LD_LIBRARY_PATH") == original
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
