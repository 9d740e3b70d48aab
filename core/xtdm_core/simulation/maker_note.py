"""Fujifilm's MakerNote, as far as raw converters read it (ExifTool's FujiFilm tags).

Its offsets count from its own beginning, so that it can be moved as it is.
"""

from __future__ import annotations

from xtdm_core.simulation.shot import Shot
from xtdm_core.simulation.tiff_structure import (
    Directory,
    ascii_text,
    directories,
    longs,
    rationals,
    shorts,
    signed_longs,
    signed_rationals,
    undefined,
)

_HEADER = b"FUJIFILM" + (12).to_bytes(4, "little")


def maker_note(shot: Shot) -> bytes:
    """The whole note, little-endian."""
    fields = {**_camera_fields(shot), **_setting_fields(shot), **_range_fields(shot)}
    return _HEADER + directories([fields], len(_HEADER))


def _camera_fields(shot: Shot) -> Directory:
    record = shot.record
    widest, longest, fastest_wide, fastest_long = record.lens_range
    return {
        0x0000: undefined(b"0130"),
        0x0010: ascii_text(f"FFDT{record.body_serial} 592D31303034160514796060110384"),
        0x1404: rationals(widest),
        0x1405: rationals(longest),
        0x1406: rationals(fastest_wide),
        0x1407: rationals(fastest_long),
        0x1422: shorts(2, 1, 0),
        0x1431: longs(record.rating),
        0x1436: shorts(0),
        0x1438: shorts(0x8000 | 1234),
    }


def _setting_fields(shot: Shot) -> Directory:
    return {
        0x1000: ascii_text("NORMAL "),
        0x1001: shorts(3),
        0x1002: shorts(0x100 if shot.white_balance is None else 0xF00),  # daylight, custom
        0x1003: shorts(0),
        0x100A: signed_longs(0, 0),
        0x100E: shorts(0),
        0x1010: shorts(0x8000),
        0x1011: signed_rationals(0),
        0x1020: shorts(0),
        0x1021: shorts(0),
        0x1022: shorts(1),
        0x1023: shorts(3120, 2080),
        0x1030: shorts(0),
        0x1031: shorts(0x100),
        0x1032: shorts(1),
        0x1040: signed_longs(0),
        0x1041: signed_longs(0),
        0x1044: longs(round(8 * shot.zoom)),
        0x1050: shorts(0),
        0x1100: shorts(0),
        0x1101: shorts(0),
        0x1210: shorts(0),
        0x1300: shorts(0),
        0x1301: shorts(0),
        0x1302: shorts(0),
        0x1401: shorts(0),
    }


def _range_fields(shot: Shot) -> Directory:
    """The dynamic range that was set, or that the camera chose."""
    if shot.auto_range:
        return {0x1400: shorts(1), 0x1402: shorts(0), 0x140B: shorts(shot.dynamic_range)}
    return {0x1400: shorts(1), 0x1402: shorts(1), 0x1403: shorts(shot.dynamic_range)}
