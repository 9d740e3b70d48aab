"""The options that change the look: what they mean, and what they refuse."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.core.develop.test_lut import cube
from xtdm_core import conversion
from xtdm_core.choices import LutInput, ToneCurve
from xtdm_core.cli import main
from xtdm_core.develop.tone import Look


@pytest.fixture
def asked(raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function of words: the look that ``xtdm convert`` develops with, or the exit status."""

    def run(*words: str) -> Look | int:
        found: list[Look] = []
        real = conversion._camera_rgb

        def spy(shot: conversion.RawShot, *rest: Any) -> Any:
            found.append(shot.options.look)
            return real(shot, *rest)

        monkeypatch.setattr(conversion, "_camera_rgb", spy)
        target = str(tmp_path / "a.tif")
        line = ["xtdm", "convert", str(raf), "-o", target, "--overwrite", "--demosaic", "bilinear", *words]
        monkeypatch.setattr(sys, "argv", line)
        try:
            main()
        except SystemExit as stop:
            if stop.code:
                return int(stop.code)
        return found[0]

    return run


@pytest.mark.parametrize(
    ("words", "look"),
    [
        ((), Look()),
        (("--lens", "off"), Look(lens_distortion=0, lens_aberration=0, lens_vignetting=0)),
        (("--lens", "distortion=0.5,ca=0"), Look(lens_distortion=0.5, lens_aberration=0)),
        (("--crop", "0.1,0.2,0.5,0.6"), Look(crop=(0.1, 0.2, 0.5, 0.6))),
        (("--crop", "off", "--straighten", "-1.5"), Look(crop=(0, 0, 1, 1), straighten=-1.5)),
        (("--rotate", "90", "--flip"), Look(rotate=90, flip=True)),
        (
            ("--look", "neutral", "--contrast", "0.2", "--shadows=-0.5"),
            Look(tone_curve=ToneCurve.NEUTRAL, contrast=0.2, shadows=-0.5),
        ),
        (("--local-contrast", "0.4"), Look(local_contrast=0.4)),
        (("--preset", "vivid", "--saturation", "0"), Look(contrast=0.25, highlights=-0.2, shadows=0.1, vibrance=0.25)),
    ],
)
def test_options_set_the_look(asked: Any, words: tuple[str, ...], look: Look) -> None:
    found = asked(*words)
    assert found.crop == (None if look.crop is None else pytest.approx(look.crop))
    assert Look(**{**vars_of(found), "crop": None}) == Look(**{**vars_of(look), "crop": None})


def vars_of(look: Look) -> dict[str, Any]:
    return {name: getattr(look, name) for name in Look.__dataclass_fields__}


def test_a_table_is_named_whole_and_told_what_it_takes(asked: Any, tmp_path: Path) -> None:
    (tmp_path / "a.cube").write_text(cube(2, lambda rgb: rgb))
    look = asked("--lut", str(tmp_path / "a.cube"), "--lut-input", "f-log2c", "--lut-strength", "0.5")
    assert look == Look(lut=str(tmp_path / "a.cube"), lut_input=LutInput.F_LOG2C, lut_strength=0.5)


@pytest.mark.parametrize(
    "words",
    [
        ("--lens", "barrel=1"),
        ("--lens", "distortion"),
        ("--lens", "ca=7"),
        ("--crop", "0.5,0,0.6,1"),
        ("--crop", "0,0,0,1"),
        ("--crop", "1,2"),
        ("--straighten", "60"),
        ("--rotate", "45"),
        ("--contrast", "2"),
        ("--lut", "none.cube"),
        ("--preset", "none"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: Any, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    status = asked(*words)
    assert status in (1, 2)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.strip()
