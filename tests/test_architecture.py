"""The import rules that no linter sees: what is loaded, and when; and that texts name modules that exist."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

HEAVY = {"torch", "rawpy", "PIL", "imagecodecs", "tifffile", "rich", "PySide6"}
LIGHT = [
    *(
        "xtdm_core.cli",
        "xtdm_core.xtrans",
        "xtdm_core.demosaicing.tiles",
        "xtdm_core.develop.color",
        "xtdm_core.develop.tone",
    ),
    "xtdm_core.train.presets",
]
ENGINE = [
    *(
        "xtdm_core.raw.reader",
        "xtdm_core.demosaicing.libraw",
        "xtdm_core.demosaicing.network",
        "xtdm_core.develop.highlights",
        "xtdm_core.demosaicing.pipeline",
    ),
    *("xtdm_core.develop.render", "xtdm_core.conversion", "xtdm_core.batch", "xtdm_core.simulation"),
]


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("module", LIGHT + ENGINE)
def test_heavy_packages_load_on_first_use(module: str) -> None:
    assert not loaded_by(module) & HEAVY


def test_the_training_path_needs_no_raw_decoder() -> None:
    # Machines with an accelerator often have PyTorch and Pillow only.
    assert not loaded_by("xtdm_core.train.trainer") & {"rawpy", "imagecodecs", "tifffile", "PySide6"}


@pytest.mark.parametrize(("package", "folder"), [("xtdm_core", "core/xtdm_core"), ("xtdm_gui", "xtdm_gui")])
def test_every_module_has_a_layer(package: str, folder: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    layered = {name.strip() for c in contracts for layer in c["layers"] for name in layer.split("|")}
    modules = [p for p in (ROOT / folder).iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()]
    missing = {f"{package}.{p.stem}" for p in modules if not p.stem.startswith("__")} - layered
    assert not missing


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_texts_name_modules_that_exist(name: str) -> None:
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    words = set(re.findall(r"`(\w+(?:/\w+)+(?:\.\w+)*)`", text))
    assert words
    roots = [ROOT, ROOT / "core/xtdm_core", ROOT / "xtdm_gui"]
    for word in words:
        is_file = word.endswith((".py", ".ts"))
        path, _, member = (word, "", "") if is_file else word.partition(".")
        found = [r / p for r in roots for p in (path, f"{path}.py") if (r / p).exists()]
        assert found, word
        assert not member or any(member.split(".")[-1] in p.read_text(encoding="utf-8") for p in found), word
