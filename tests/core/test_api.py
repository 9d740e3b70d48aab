"""The public API: what ``import xtdm_core`` promises, and the examples that the README and docs/api.md show."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import xtdm_core
from xtdm_core import errors
from xtdm_core.assets import asset

ROOT = Path(__file__).parents[2]


def examples(name: str) -> str:
    """The Python of a text, one block after the other."""
    return "\n".join(re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.S | re.M))


@pytest.mark.parametrize("name", ["README.md", "docs/api.md"])
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(asset("sample.RAF"), "photo.RAF")
    code = examples(name)
    assert "xtdm.demosaic(" in code
    assert "xtdm.convert(" in code
    exec(compile(code, name, "exec"), {"__name__": "example"})  # noqa: S102
    assert Path("photo.avif").stat().st_size > 0
    assert not Path("stopped.avif").exists()


def test_every_public_name_is_there() -> None:
    for name in xtdm_core.__all__:
        assert getattr(xtdm_core, name) is not None, name
    assert set(dir(xtdm_core)) == set(xtdm_core.__all__)


def test_every_error_is_public() -> None:
    public = {getattr(xtdm_core, name) for name in xtdm_core.__all__}
    defined = [value for value in vars(errors).values() if isinstance(value, type)]
    assert {error for error in defined if issubclass(error, errors.XtdmError)} <= public


def test_every_public_name_is_described() -> None:
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert [name for name in xtdm_core.__all__ if not re.search(rf"\b{name}\b", text)] == []


def test_type_checkers_see_the_same_names() -> None:
    stub = ast.parse((ROOT / "core/xtdm_core/__init__.pyi").read_text(encoding="utf-8"))
    imported = {
        alias.asname: f"{node.module}.{alias.name}"
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {*imported, "__version__"} == set(xtdm_core.__all__)
    for name, place in imported.items():
        module, _, _ = place.rpartition(".")
        assert getattr(sys.modules.get(module) or __import__(module, fromlist=["_"]), name) is getattr(xtdm_core, name)
    assert (ROOT / "core/xtdm_core/py.typed").is_file()


def test_submodules_do_not_hide_public_names() -> None:
    # A submodule becomes an attribute of its package when it is imported.
    names = {path.stem for path in (ROOT / "core/xtdm_core").iterdir()}
    assert not names & set(xtdm_core.__all__)


def test_importing_it_loads_next_to_nothing() -> None:
    code = "import sys; before = set(sys.modules); import xtdm_core; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "xtdm_core" in loaded
    assert loaded <= {"xtdm_core", "importlib", "warnings"}


def test_reading_and_rendering_need_no_network() -> None:
    code = "import sys, xtdm_core as x; x.read_raw, x.render_srgb, x.Look, x.convert; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "rawpy"} & set(done.stdout.split())


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'demosiac'"):
        xtdm_core.demosiac  # noqa: B018
