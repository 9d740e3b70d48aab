"""Presets: what they set, and what they leave."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from xtdm_core.choices import LutInput, ToneCurve
from xtdm_core.develop.presets import preset_path, read_preset, shipped_presets, write_preset
from xtdm_core.develop.tone import Look
from xtdm_core.errors import BadPreset

OWN = Look(
    exposure_ev=1.0, white_balance=(2.0, 1.0, 1.5), crop=(0.0, 0.0, 0.5, 0.5), straighten=2.0, lens_distortion=0.5
)


def test_a_saved_preset_gives_its_tones_to_another_picture(tmp_path: Path) -> None:
    lut = str(tmp_path / "a.cube")
    look = replace(
        OWN,
        tone_curve=ToneCurve.NEUTRAL,
        contrast=0.3,
        grain=0.4,
        lut=lut,
        lut_digest="00ff",
        lut_input=LutInput.F_LOG2C,
        lut_strength=0.5,
    )
    write_preset(tmp_path / "a.json", look)
    other = replace(Look(-1.0, straighten=1.0), **read_preset(tmp_path / "a.json"))
    tones = {"contrast": 0.3, "grain": 0.4, "lut": lut, "lut_input": LutInput.F_LOG2C, "lut_strength": 0.5}
    tones["lut_digest"] = "00ff"
    assert other == Look(-1.0, straighten=1.0, tone_curve=ToneCurve.NEUTRAL, **tones)  # type: ignore[arg-type]


def test_a_preset_sets_what_it_names_only(tmp_path: Path) -> None:
    content = {"format": "xtdm-preset", "version": 1, "look": {"shadows": 0.2, "lut": "film.cube", "bokeh": 1}}
    (tmp_path / "a.json").write_text(json.dumps(content))
    assert read_preset(tmp_path / "a.json") == {
        "shadows": 0.2,
        "lut": str(tmp_path / "film.cube"),
        "lut_digest": "",  # or that of another table would stay
    }


@pytest.mark.parametrize("name", ["monochrome", "soft", "vivid"])
def test_shipped_presets_are_found_by_name(name: str) -> None:
    assert set(shipped_presets()) == {"monochrome", "soft", "vivid"}
    assert replace(Look(), **read_preset(preset_path(name))) != Look()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": "xtdm-sidecar", "version": 1, "look": {}}',
        '{"format": "xtdm-preset", "version": 2, "look": {}}',
        '{"format": "xtdm-preset", "version": 1, "look": {"contrast": 7}}',
        '{"format": "xtdm-preset", "version": 1, "look": {"lut_input": "raw"}}',
        '{"format": "xtdm-preset", "version": 1}',
    ],
)
def test_what_is_no_preset_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BadPreset):
        read_preset(tmp_path / "a.json")


def test_a_missing_preset_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadPreset, match="soft, vivid"):
        read_preset(preset_path(str(tmp_path / "none.json")))
