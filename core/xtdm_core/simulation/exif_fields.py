"""The Exif that a Fujifilm camera writes (Exif 2.32), with its MakerNote, GPS, thumbnail and the rating as XMP."""

from __future__ import annotations

import math

from xtdm_core.simulation.maker_note import maker_note
from xtdm_core.simulation.shot import Shot
from xtdm_core.simulation.tiff_structure import (
    DataBlocks,
    Directories,
    Directory,
    Field,
    ascii_text,
    longs,
    octets,
    rationals,
    shorts,
    signed_rationals,
    tiff,
    undefined,
)

_HALF_DIAGONAL_35MM, _SENSOR_WIDTH_MM = 1.53, 23.5
EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825


def exif_block(shot: Shot, width: int, height: int, thumbnail: bytes) -> bytes:
    """Exif as a TIFF structure, little-endian; ``thumbnail`` is a JPEG of 160x120 px."""
    small: Directory = {
        0x103: shorts(6),
        0x11A: rationals(72),
        0x11B: rationals(72),
        0x128: shorts(2),
        0x201: DataBlocks([thumbnail]),
        0x202: longs(len(thumbnail)),
    }
    main: Directory = {
        **camera_fields(shot),
        0x11A: rationals(72),
        0x11B: rationals(72),
        0x128: shorts(2),
        0x213: shorts(2),
        **shot_directories(shot, width, height),
    }
    return tiff([main, small])


def camera_fields(shot: Shot) -> Directory:
    """What the first directory says of camera and photographer."""
    record = shot.record
    return {
        0x10F: ascii_text("FUJIFILM"),
        0x110: ascii_text(shot.body.model),
        0x112: shorts(shot.orientation),
        0x131: ascii_text(f"Digital Camera {shot.body.model} Ver1.10"),
        0x132: ascii_text(record.taken_at),
        0x13B: ascii_text(record.artist),
        0x8298: ascii_text(record.copyright),
    }


def shot_directories(shot: Shot, width: int, height: int) -> Directory:
    """The pointers to the directories of the shot and, with a fix, of the place; the picture's size in pixels."""
    fields = {**_time_fields(shot), **_exposure_fields(shot), **_picture_fields(shot, width, height)}
    pointers: dict[int, Directories] = {EXIF_POINTER: Directories([fields])}
    if shot.record.gps is not None:
        pointers[GPS_POINTER] = Directories([_gps(shot, *shot.record.gps)])
    return pointers


def _time_fields(shot: Shot) -> Directory:
    record = shot.record
    taken, offset, subsec = (ascii_text(text) for text in (record.taken_at, record.offset, record.subsec))
    return {
        0x9000: undefined(b"0232"),
        0x9003: taken,
        0x9004: taken,
        0x9010: offset,
        0x9011: offset,
        0x9012: offset,
        0x9290: subsec,
        0x9291: subsec,
        0x9292: subsec,
    }


def _exposure_fields(shot: Shot) -> Directory:
    record = shot.record
    speed, aperture = -math.log2(record.exposure_s), 2 * math.log2(record.f_number)
    fastest = 2 * math.log2(record.lens_range[2])
    return {
        0x829A: rationals(record.exposure_s),
        0x829D: rationals(record.f_number),
        0x8822: shorts(3),
        0x8827: shorts(shot.iso),
        0x8830: shorts(1),
        0x9201: signed_rationals(speed, denominator=100),
        0x9202: rationals(aperture, denominator=100),
        0x9203: signed_rationals(aperture + speed - math.log2(shot.iso / 3.125), denominator=100),
        0x9204: signed_rationals(shot.exposure_ev, denominator=100),
        0x9205: rationals(fastest, denominator=100),
        0x9207: shorts(5),
        0x9208: shorts(0),
        0x9209: shorts(16),
        0x920A: rationals(record.focal_mm, denominator=10),
        0xA402: shorts(0),
        0xA403: shorts(0 if shot.white_balance is None else 1),
        0xA405: shorts(round(record.focal_mm * _HALF_DIAGONAL_35MM)),
        0xA406: shorts(0),
        0xA40A: shorts(0),
        0xA40C: shorts(0),
    }


def _picture_fields(shot: Shot, width: int, height: int) -> Directory:
    record = shot.record
    density = round(shot.body.readout.crop[3] / _SENSOR_WIDTH_MM * 10)  # photosites in a centimetre
    interoperability = {1: ascii_text("R03" if shot.adobe_rgb else "R98"), 2: undefined(b"0100")}
    return {
        0x9101: undefined(bytes((1, 2, 3, 0))),
        0x9102: rationals(3.2, denominator=10),
        0x927C: undefined(maker_note(shot)),
        0x9286: undefined(bytes(64)),
        0xA000: undefined(b"0100"),
        0xA001: shorts(0xFFFF if shot.adobe_rgb else 1),
        0xA002: longs(width),
        0xA003: longs(height),
        0xA005: Directories([interoperability]),
        0xA20E: rationals(density),
        0xA20F: rationals(density),
        0xA210: shorts(3),
        0xA217: shorts(2),
        0xA300: undefined(b"\3"),
        0xA301: undefined(b"\1"),
        0xA401: shorts(0),
        0xA431: ascii_text(record.body_serial),
        0xA432: rationals(*record.lens_range, denominator=10),
        0xA433: ascii_text("FUJIFILM"),
        0xA434: ascii_text(record.lens),
        0xA435: ascii_text(record.lens_serial),
    }


def _gps(shot: Shot, latitude: float, longitude: float, altitude: float) -> Directory:
    date, time = shot.record.gps_time.split()
    return {
        0: octets(2, 3, 0, 0),
        1: ascii_text("N" if latitude >= 0 else "S"),
        2: _degrees(latitude),
        3: ascii_text("E" if longitude >= 0 else "W"),
        4: _degrees(longitude),
        5: octets(0 if altitude >= 0 else 1),
        6: rationals(abs(altitude), denominator=10),
        7: rationals(*(int(part) for part in time.split(":"))),
        18: ascii_text("WGS-84"),
        29: ascii_text(date),
    }


def _degrees(angle: float) -> Field:
    minutes, seconds = divmod(round(abs(angle) * 360_000), 6000)
    return rationals(minutes // 60, minutes % 60, seconds / 100)


def rating_xmp(rating: int) -> bytes:
    """The XMP packet with the stars that were given in the camera."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"<xmp:Rating>{rating}</xmp:Rating></rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()
