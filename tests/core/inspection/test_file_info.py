"""What there is to say of a raw file, in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.conftest import INFO, textured
from xtdm_core.frame import CaptureInfo
from xtdm_core.inspection.file_info import as_text, describe
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf


def lines(path: Path) -> dict[str, str]:
    return {line[:14].strip(): line[16:] for line in as_text(describe(path)).splitlines()}


def test_words_and_units(raf: Path) -> None:
    said = lines(raf)
    assert said["camera"] == f"{INFO.make} {INFO.model}"
    assert said["white level"] == "16383"
    assert said["black level"] == "1024"
    assert said["visible area"] == "612 × 606 px"
    assert said["dynamic range"] == "DR100"
    assert said["exposure bias"] == "-0.72 EV (stated by the file)"
    assert said["headroom"].endswith(" EV (from the brightest 0.1 % to the white level)")
    assert [part.split()[0] for part in said["clipped"].split(", ")] == ["R", "G", "B"]
    assert all(part.endswith(" %") for part in said["clipped"].split(", "))


@pytest.mark.parametrize(
    ("info", "words"),
    [
        (CaptureInfo(exposure_s=0.004, f_number=5.6, iso=400, focal_mm=35.0), "1/250 s, f/5.6, ISO 400, 35 mm"),
        (CaptureInfo(exposure_s=2.5), "2.5 s"),
        (CaptureInfo(), None),
    ],
)
def test_the_exposure_is_told_as_cameras_do(tmp_path: Path, info: CaptureInfo, words: str | None) -> None:
    frame = simulate_frame(textured(120, 150), SensorModel())
    write_raf(tmp_path / "a.RAF", replace(frame, info=replace(info, make=INFO.make, model=INFO.model)))
    assert lines(tmp_path / "a.RAF").get("exposure") == words
