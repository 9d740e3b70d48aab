"""A network that gets its mosaics balanced otherwise than in its training warns when it is loaded."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.core.cli.test_cli import called
from xtdm_core.demosaicing.balance import balance_warnings
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.models.checkpoints import find_weights, load_checkpoint
from xtdm_core.models.unet import UNet


@pytest.mark.parametrize("name", ["fast", "quality"])
def test_a_balance_overruled_wrongly_warns_and_says_what_to_do(name: str) -> None:
    stated, overruled = Demosaicer.load(name, "cpu"), Demosaicer.load(name, "cpu", "none")
    assert stated.notes == ()
    first, second = overruled.notes
    assert "as you ask" in first
    assert "wrong white balance" in second
    assert "--input-wb as-shot" in second
    assert Demosaicer.load(name, "cpu", "as-shot").notes == ()


def test_a_balance_that_was_assumed_rightly_or_wrongly() -> None:
    known = load_checkpoint(find_weights("fast"))
    assumed = replace(known, states_balance=False)
    assert balance_warnings(assumed, "a.pt") == ()
    wrong = replace(assumed, spec=replace(known.spec, input_wb="none"))
    assert len(balance_warnings(wrong, "a.pt")) == 1
    assert balance_warnings(replace(wrong, states_balance=True), "a.pt") == ()


def test_a_file_without_a_record_is_in_doubt_until_it_says(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = UNet(4)
    torch.save(net.state_dict(), tmp_path / "silent.pt")
    torch.save({"model": net.state_dict(), "input_wb": "as-shot"}, tmp_path / "said.pt")
    assert not load_checkpoint(tmp_path / "silent.pt").states_balance
    assert load_checkpoint(tmp_path / "said.pt").states_balance
    assert not load_checkpoint(tmp_path / "said.pt", "none").states_balance
    # Random weights are as bad either way.
    assert not any("wrong" in note for note in Demosaicer.load(tmp_path / "silent.pt", "cpu").notes)


def test_inspecting_warns_too(raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(monkeypatch, "inspect", str(raf), "--input-wb", "none") == 0
    assert "wrong white balance" in capsys.readouterr().err
