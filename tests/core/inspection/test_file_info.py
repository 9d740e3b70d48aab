"""What there is to say of a raw file, in words."""

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import INFO, add_record, textured, with_maker_note
from xtdm_core.frame import CaptureInfo
from xtdm_core.inspection.file_info import as_text, describe
from xtdm_core.simulation import BARREL, LensProfile, write_camera_raf
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf


def lines(path: Path) -> dict[str, str]:
    return {line[:14].strip(): line[16:] for line in as_text(describe(path)).splitlines()}


def test_words_and_units(raf: Path) -> None:
    said = lines(raf)
    assert said["camera"] == f"{INFO.make} {INFO.model}"
    assert said["white level"] == "16383"
    assert said["black level"] == "1024"
    assert said["saturation"] == "R 98.82 %, G 99.31 %, B 99.02 % of the way from black to white"
    assert said["visible area"] == "612 × 606 px"
    assert said["dynamic range"] == "DR100"
    assert said["exposure bias"] == "-0.72 EV (stated by the file)"
    assert said["headroom"].endswith(" EV (from the brightest 0.1 % to saturation)")
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


@pytest.mark.parametrize(
    ("record", "note", "words"),
    [
        ((3, 4), {}, "4:3 in the camera: the middle 612 × 459 px"),
        ((9, 16), {0x1044: 16}, "16:9, enlarged 2 times in the camera: the middle 306 × 172 px"),
        ((606, 612), {}, None),
    ],
)
def test_the_cameras_framing_is_told(
    raf: Path, record: tuple[int, int], note: dict[int, int], words: str | None
) -> None:
    data = add_record(with_maker_note(raf.read_bytes(), note), 0x115, struct.pack(">2H", *record))
    raf.write_bytes(data)
    assert lines(raf).get("framing") == words


def test_the_film_mode_is_told(raf: Path) -> None:
    raf.write_bytes(with_maker_note(raf.read_bytes(), {0x1401: 0x800}))
    assert lines(raf)["film mode"] == "Classic Negative"


def test_hot_and_dead_photosites_are_counted(tmp_path: Path) -> None:
    frame = simulate_frame(np.full((120, 150, 3), 0.2, np.float32), SensorModel())
    mosaic = frame.mosaic.copy()
    mosaic[[30, 60, 90], [40, 70, 101]] = [16383, 1024, 9000]
    write_raf(tmp_path / "a.RAF", replace(frame, mosaic=mosaic))
    assert describe(tmp_path / "a.RAF")["hot_and_dead_photosites"] == 3
    assert lines(tmp_path / "a.RAF")["hot and dead"] == "3 photosites"


@pytest.mark.parametrize(
    ("lens", "words"),
    [
        (BARREL, "-5.7 % at the corner, colour fringes up to 0.4 px, 95 % of the light at the corner (by the file)"),
        (
            LensProfile(),
            "+0.0 % at the corner, colour fringes up to 0.0 px, 100 % of the light at the corner (by the file)",
        ),
    ],
)
def test_the_lens_errors_are_told(tmp_path: Path, lens: LensProfile, words: str) -> None:
    write_camera_raf(tmp_path / "a.RAF", textured(606, 612), "X-T4", iso=400, lens=lens)
    assert lines(tmp_path / "a.RAF")["lens errors"] == words


def test_a_lens_that_nobody_knows_is_told(raf: Path) -> None:
    assert lines(raf)["lens errors"] == "unknown: the file says nothing of them, and lensfunpy is not installed"


def test_the_tele_converter_is_told_without_a_maker_note(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", textured(606, 612), "X-T4", iso=400, zoom=2.0, aspect="1:1")
    framing = lines(tmp_path / "a.RAF")["framing"]
    assert framing.startswith("1:1, enlarged 2 times in the camera: the middle 30")
