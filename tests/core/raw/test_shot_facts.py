"""What a RAF says of its shot: daylight, dynamic range, film mode, framing, dates."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.conftest import INFO, add_record, textured, with_maker_note
from xtdm_core.develop.white_balance import daylight, light_of_gains
from xtdm_core.raw.reader import read_exif_summary, read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf


def test_the_daylight_preset_is_the_cameras(raf: Path) -> None:
    raf.write_bytes(add_record(raf.read_bytes(), 0x2100, struct.pack(">4H", 310, 589, 310, 498)))
    assert read_raw(raf).daylight_wb == pytest.approx([589 / 310, 1, 498 / 310])


def test_without_a_preset_daylight_is_5300_kelvin(raf: Path) -> None:
    frame = read_raw(raf)
    assert light_of_gains(frame, daylight(frame)) == pytest.approx((5300, 0), abs=2)


@pytest.mark.parametrize(
    ("note", "bias", "dynamic_range"),
    [
        ({0x1403: 400}, -2.72, 400),
        ({0x1403: 200, 0x140B: 400}, -1.72, 200),
        ({0x140B: 200}, -1.72, 200),
        ({0x1403: 100}, -0.72, 100),
        ({0x1403: 170}, None, None),
        ({}, None, None),
    ],
)
def test_without_an_exposure_bias_the_dynamic_range_tells_it(
    tmp_path: Path, note: dict[int, int], bias: float | None, dynamic_range: int | None
) -> None:
    path = tmp_path / "a.RAF"
    write_raf(path, simulate_frame(textured(66, 72), SensorModel(info=INFO, exposure_bias=None)))
    path.write_bytes(with_maker_note(path.read_bytes(), note))
    frame = read_raw(path)
    assert frame.exposure_bias == bias
    assert frame.info == replace(INFO, dynamic_range=dynamic_range)


def test_a_stated_exposure_bias_wins(raf: Path) -> None:
    raf.write_bytes(with_maker_note(raf.read_bytes(), {0x1403: 400}))
    assert read_raw(raf).exposure_bias == -0.72


def test_film_mode_and_digital_zoom(raf: Path) -> None:
    raf.write_bytes(with_maker_note(raf.read_bytes(), {0x1401: 0x600, 0x1044: 16}))
    assert read_raw(raf).info == replace(INFO, film_mode="Classic Chrome", digital_zoom=2.0)
    raf.write_bytes(with_maker_note(raf.read_bytes(), {0x1401: 0, 0x1003: 0x502}))
    assert read_raw(raf).info.film_mode == "Acros + Ye"


def test_the_aspect_ratio_that_was_set_is_told(raf: Path) -> None:
    raf.write_bytes(add_record(raf.read_bytes(), 0x115, struct.pack(">2H", 9, 16)))
    assert read_raw(raf).info.aspect == (16, 9)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-12-31T23:59:58", "2025:12:31 23:59:58"),
        ("2025:12:31", "2025:12:31 00:00:00"),
        ("0000:00:00 00:00:00", ""),
        ("    :  :     :  :  ", ""),
        ("2025:02:30 10:00:00", ""),
        ("../../../etc:00:00:00", ""),
        ("/2025:01:01 00:00:00", ""),
        ("2025:01:0\x1b[31m 00:00:00", ""),
    ],
)
def test_only_real_days_are_dates(tmp_path: Path, written: str, read: str) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(66, 72), SensorModel(info=replace(INFO, taken_at=written))))
    assert read_raw(tmp_path / "a.RAF").info.taken_at == read
    assert read_exif_summary(tmp_path / "a.RAF").info.taken_at == read


def test_control_characters_of_exif_do_not_come_through(tmp_path: Path) -> None:
    info = replace(INFO, lens="XF35\x1b[2Jmm\u202e", model="X-T1")
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(66, 72), SensorModel(info=info)))
    assert read_raw(tmp_path / "a.RAF").info.lens.startswith("XF35\\x1b[2Jmm")
