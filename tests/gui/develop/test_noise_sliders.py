"""Denoise and grain in the develop panel: when the network is told of them, and when they can be moved at all."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.develop.test_panel import handle
from tests.gui.viewing import blind, noise_aware
from xtdm_core.demosaicing.network import Denoising
from xtdm_core.develop.sidecar import read_look, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align
from xtdm_gui.develop.noise_sliders import NoiseSliders
from xtdm_gui.develop.panel import DevelopPanel
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.picture import Picture

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def network(tmp_path: Path) -> CurrentNetwork:
    network = CurrentNetwork()
    network.choose(noise_aware(tmp_path / "own.safetensors"))
    return network


@pytest.fixture
def panel(qtbot, network: CurrentNetwork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DevelopPanel]:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    panel = DevelopPanel(network, list)
    qtbot.addWidget(panel)
    panel.resize(320, 560)
    panel.show()
    yield panel
    panel.close()


@pytest.fixture
def sliders(panel: DevelopPanel, tmp_path: Path) -> NoiseSliders:
    panel.set_picture(picture(tmp_path / "a.RAF"))
    return panel.noise


@pytest.fixture
def told(sliders: NoiseSliders) -> list[Denoising]:
    told: list[Denoising] = []
    sliders.denoising_changed.connect(told.append)
    return told


def picture(path: Path) -> Picture:
    frame = simulate_frame(np.full((120, 240, 3), 0.2, np.float32), SensorModel())
    return Picture(path, frame, align(frame))


def test_without_settings_the_defaults_are_shown(sliders: NoiseSliders) -> None:
    assert (sliders.denoise.box.value(), sliders.grain.box.value()) == (1.0, 0.15)
    assert (sliders.denoise.box.maximum(), sliders.grain.box.maximum()) == (1.5, 1.0)
    assert not sliders.denoise.back.isEnabled()
    sliders.denoise.box.setValue(0)
    assert sliders.denoise.box.text() == "off"
    assert sliders.denoise.back.isEnabled()


def test_a_drag_is_told_when_the_slider_is_let_go(
    qtbot, panel: DevelopPanel, sliders: NoiseSliders, told: list[Denoising]
) -> None:
    looks: list[Look] = []
    panel.look_changed.connect(looks.append)
    slider = sliders.grain.slider
    start = handle(sliders.grain)
    qtbot.mousePress(slider, LEFT, pos=start)
    for x in range(0, 80, 4):
        qtbot.mouseMove(slider, start + QPoint(x, 0))
    assert len(looks) > 3
    assert told == []
    qtbot.mouseRelease(slider, LEFT, pos=start + QPoint(80, 0))
    assert told == [Denoising(1.0, panel.look().grain)]
    assert panel.look().grain > 0.3
    qtbot.wait(400)
    assert len(told) == 1


def test_values_that_rest_are_told_once(qtbot, sliders: NoiseSliders, told: list[Denoising]) -> None:
    for value in (0.9, 0.8, 0.7):
        sliders.denoise.box.setValue(value)
    assert told == []
    qtbot.waitUntil(lambda: told == [Denoising(0.7, 0.15)])
    assert len(told) == 1


def test_undo_reset_and_the_sidecar_keep_them(qtbot, panel: DevelopPanel, sliders: NoiseSliders) -> None:
    sliders.denoise.box.setValue(0.4)
    assert panel.undo_action.text() == "Undo Denoise"
    panel.undo_action.trigger()
    assert panel.look() == Look()
    panel.redo_action.trigger()
    assert panel.look() == Look(denoise=0.4)
    qtbot.mouseClick(sliders.denoise.back, LEFT)
    assert panel.look() == Look()
    sliders.grain.box.setValue(0.5)
    panel.reset_action.trigger()
    assert panel.look() == Look()
    assert sliders.grain.box.value() == 0.15


def test_they_are_copied_pasted_and_saved(panel: DevelopPanel, sliders: NoiseSliders, tmp_path: Path) -> None:
    sliders.denoise.box.setValue(0.4)
    sliders.grain.box.setValue(0.7)
    panel.copy()
    panel.paste([tmp_path / "b.RAF"])
    panel.close()
    assert read_look(tmp_path / "a.RAF") == read_look(tmp_path / "b.RAF") == Look(denoise=0.4, grain=0.7)


def test_another_pictures_settings_are_told_at_once(
    panel: DevelopPanel, sliders: NoiseSliders, told: list[Denoising], tmp_path: Path
) -> None:
    write_look(tmp_path / "b.RAF", replace(Look(), denoise=0.0, grain=0.3))
    panel.set_picture(None)
    assert told == []
    panel.set_picture(picture(tmp_path / "b.RAF"))
    assert told == [Denoising(0.0, 0.3)]
    assert sliders.denoise.box.text() == "off"


def test_where_the_network_takes_no_noise_they_cannot_be_moved(
    sliders: NoiseSliders, network: CurrentNetwork, tmp_path: Path
) -> None:
    taking = network.path
    assert sliders.denoise.isEnabled()
    assert "How much of the noise" in sliders.denoise.slider.toolTip()
    network.choose(blind(tmp_path / "blind.safetensors"))
    for slider in (sliders.denoise, sliders.grain):
        assert not slider.isEnabled()
        for part in (slider.name, slider.slider, slider.box):
            assert "not trained to remove noise" in part.toolTip()
    network.choose(taking)
    assert sliders.grain.isEnabled()
    assert "not trained" not in sliders.grain.slider.toolTip()
