"""The button that asks whether the chosen network is fit."""

from pathlib import Path

import pytest

from xtdm_core.errors import BadWeights
from xtdm_core.evaluation.doctor import Check, Diagnosis, Finding
from xtdm_core.progress import Progress, Report, Stage
from xtdm_gui.develop.examination import Examination
from xtdm_gui.pictures.current_network import CurrentNetwork

GRID = Check("6x6 grid", "x", 1.0, 1.5, "its errors do not repeat", "its errors repeat")


@pytest.fixture
def network() -> CurrentNetwork:
    return CurrentNetwork()


@pytest.fixture
def examination(qtbot, network: CurrentNetwork) -> Examination:
    made = Examination(network)
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close())
    return made


def answer(monkeypatch: pytest.MonkeyPatch, found: Diagnosis | Exception) -> None:
    def examine(checkpoint: Path, report: Report) -> Diagnosis:
        report(Progress(Stage.EXAMINING, 1, 2))
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("xtdm_core.evaluation.doctor.examine", examine)


def test_the_verdict_comes_with_its_reasons_and_a_way_out(
    qtbot, examination: Examination, network: CurrentNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, Diagnosis((Finding(GRID, 3.0),), "use it with --input-wb none"))
    examination.button.click()
    assert not examination.button.isEnabled()
    qtbot.waitUntil(examination.button.isEnabled)
    lines = examination.words.text().split("\n")
    assert lines == [f"{network.path.stem}: unfit", "– its errors repeat", "Advice: use it with --input-wb none"]


def test_a_fit_network_needs_no_reasons(
    qtbot, examination: Examination, network: CurrentNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, Diagnosis((Finding(GRID, 0.5),)))
    examination.button.click()
    qtbot.waitUntil(examination.button.isEnabled)
    assert examination.words.text() == f"{network.path.stem}: fit"


def test_what_cannot_be_loaded_is_told(qtbot, examination: Examination, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, BadWeights(Path("a.pt"), "is not a readable .pt checkpoint"))
    examination.button.click()
    qtbot.waitUntil(examination.button.isEnabled)
    assert "is not a readable" in examination.words.text()


def test_another_network_forgets_the_verdict(
    qtbot, examination: Examination, network: CurrentNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, Diagnosis((Finding(GRID, 0.5),)))
    examination.button.click()
    qtbot.waitUntil(examination.button.isEnabled)
    network.choose(Path("other.safetensors"))
    assert examination.words.isHidden()
