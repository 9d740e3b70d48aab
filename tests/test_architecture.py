"""The import rules that no linter sees: what is loaded, and when."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "rawpy", "PIL", "imagecodecs", "tifffile", "rich", "PySide6"}
LIGHT = [
    *(
        "xtdm_core.cli",
        "xtdm_core.xtrans",
        "xtdm_core.demosaic.tiles",
        "xtdm_core.develop.color",
        "xtdm_core.develop.tone",
    ),
    "xtdm_core.train.presets",
]
ENGINE = [
    *(
        "xtdm_core.raw.reader",
        "xtdm_core.demosaic.libraw",
        "xtdm_core.demosaic.network",
        "xtdm_core.develop.highlights",
        "xtdm_core.demosaic.pipeline",
    ),
    *("xtdm_core.develop.render", "xtdm_core.convert", "xtdm_core.batch", "xtdm_core.simulation"),
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
