"""Names of methods."""

import shutil
from pathlib import Path

import pytest
import torch

from xtdm_core.assets import asset
from xtdm_core.demosaic.methods import find_methods, libraw_methods
from xtdm_core.errors import BadOption, BadWeights
from xtdm_core.models.unet import UNet


def test_names_files_and_aliases_are_found(tmp_path: Path) -> None:
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        shutil.copy(asset("weights/fast.safetensors"), tmp_path / run / "best.safetensors")
    files = [tmp_path / run / "best.safetensors" for run in ("one", "two")]
    methods = find_methods(["fast", "dht", *files], "cpu")
    assert [method.name for method in methods] == ["fast", "markesteijn3", "one/best", "two/best"]
    assert [method.demosaicer is None for method in methods] == [False, True, False, False]
    assert find_methods([files[0]], "cpu")[0].name == "best"
    assert "markesteijn3" in {method.name for method in libraw_methods()}


def test_only_foreign_files_are_told_their_balance(tmp_path: Path) -> None:
    torch.save(UNet(4).state_dict(), tmp_path / "old.pt")
    own, foreign = find_methods(["fast", tmp_path / "old.pt"], "cpu", "none")
    assert own.demosaicer is not None
    assert own.demosaicer.spec.input_wb == "as-shot"
    assert own.demosaicer.notes == ()
    assert foreign.demosaicer is not None
    assert foreign.demosaicer.spec.input_wb == "none"


def test_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"'speedy'.*fast.*markesteijn3"):
        find_methods(["speedy"])
    with pytest.raises(BadWeights, match="no such file"):
        find_methods([tmp_path / "gone.pt"])
