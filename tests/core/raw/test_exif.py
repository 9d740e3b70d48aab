"""Exif of any type and number of values becomes what it should be, or nothing."""

import struct
from typing import Any

import pytest

from xtdm_core.frame import CaptureInfo
from xtdm_core.raw.exif import capture_info, is_adobe_rgb, maker_note, number


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ((1, 250), 0.004),
        (5.6, 5.6),
        ("7", 7.0),
        ((1, 0), None),
        (((1, 2), (3, 4)), None),
        ([(1, 2)], None),
        ((10**400, 1), None),
        (float("inf"), None),
        (b"\x07", None),
        (None, None),
    ],
)
def test_numbers_are_finite(value: Any, result: float | None) -> None:
    assert number(value) == result


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"ExposureTime": ((1, 2), (3, 4)), "FNumber": (-28, 10), "FocalLength": (0, 1)}, CaptureInfo()),
        ({"ISOSpeedRatings": (400, 0), "FNumber": (28, 10)}, CaptureInfo(iso=400, f_number=2.8)),
        ({"ISOSpeedRatings": ((1, 2),)}, CaptureInfo()),
        ({"LensModel": ("a", "b"), "Make": b"FUJIFILM\0\0", "Model": "X-T3\0junk "}, CaptureInfo("FUJIFILM", "X-T3")),
        (
            {"DateTimeOriginal": "0000:00:00 00:00:00", "DateTime": "2024:02:29 1"},
            CaptureInfo(taken_at="2024:02:29 00:00:00"),
        ),
        ({"DateTimeOriginal": 20240101}, CaptureInfo()),
        ({"DateTimeOriginal": "2024/02/29 10:11:12"}, CaptureInfo(taken_at="2024:02:29 10:11:12")),
        ({"DateTimeOriginal": "2024.02.29"}, CaptureInfo(taken_at="2024:02:29 00:00:00")),
        ({"DateTimeOriginal": "2024:02:29 24:61:61"}, CaptureInfo(taken_at="2024:02:29 00:00:00")),
        ({"DateTimeOriginal": "2023:02:29 10:11:12"}, CaptureInfo()),
    ],
)
def test_only_what_makes_sense_is_told(tags: dict[str, Any], expected: CaptureInfo) -> None:
    assert capture_info(tags) == expected


@pytest.mark.parametrize(
    "note",
    [
        None,
        b"",
        b"Nikon\0\2\0\0\0",
        b"FUJIFILM",
        b"FUJIFILM\xff\xff\xff\xff",
        b"FUJIFILM" + struct.pack("<IH", 12, 900),
        b"FUJIFILM" + struct.pack("<IH2HII", 12, 1, 0x1403, 4, 1 << 31, 8),
    ],
)
def test_broken_notes_say_nothing(note: object) -> None:
    assert maker_note(note) == {}


def test_what_is_no_jpeg_is_not_in_adobe_rgb() -> None:
    assert not is_adobe_rgb(b"")
    assert not is_adobe_rgb(b"\xff\xd8\xff\xe1\0\x08Exif")
