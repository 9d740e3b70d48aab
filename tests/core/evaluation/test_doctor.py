"""The doctor: what is right is called fit, and each fault is found and named."""

import torch
from click.testing import CliRunner
from torch import Tensor, nn

from xtdm_core.cli import commands
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.evaluation.doctor import Diagnosis, Verdict, diagnose
from xtdm_core.models import ModelSpec


class _Ill(nn.Module):
    """The default network with one fault put behind it, or before it."""

    stride = 6
    reach = 64

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.inner = Demosaicer.load(device="cpu").net
        self.fault = fault

    def forward(self, mosaic: Tensor) -> Tensor:
        """As the networks of the program."""
        rows, cols = (torch.arange(side) % 6 for side in mosaic.shape[-2:])
        rgb: Tensor = self.inner(mosaic)
        if self.fault == "exposure":
            rgb = rgb + 0.002
        if self.fault == "grid":
            rgb = rgb * (1 + 0.06 * ((rows[:, None] == 2) & (cols == 3)))
        return rgb


def examined(fault: str, input_wb: str = "as-shot") -> tuple[Diagnosis, set[str]]:
    net = _Ill(fault)
    demosaicer = Demosaicer(net, ModelSpec("packed", input_wb=input_wb), 48, torch.device("cpu"))
    found = diagnose(demosaicer)
    return found, {f.check.name for f in found.findings if f.verdict is Verdict.UNFIT}


def test_a_shipped_network_is_fit() -> None:
    found = diagnose(Demosaicer.load("fast", "cpu"))
    assert {f.check.name for f in found.findings if f.verdict is not Verdict.FIT} <= {"speed"}
    assert found.advice == ""


def test_a_grid_is_found() -> None:
    found, unfit = examined("grid")
    assert found.verdict is Verdict.UNFIT
    assert "flat fields" in unfit


def test_an_offset_shows_in_the_exposures() -> None:
    _, unfit = examined("exposure")
    assert "exposure" in unfit
    assert "flat fields" not in unfit


def test_a_network_fed_with_the_wrong_balance_is_told_the_right_one() -> None:
    found, unfit = examined("", input_wb="none")
    assert "input" in unfit
    assert "--input-wb as-shot" in found.advice


def test_the_command_says_the_verdict_and_its_reasons() -> None:
    result = CliRunner().invoke(commands, ["doctor", "fast", "--device", "cpu"])
    assert result.exit_code == 0
    assert result.stdout.startswith("fast: fit")
    assert "LibRaw's 3-pass" in result.stdout
