"""The RAF container: a header of offsets, a JPEG, a directory of records, and the raw data's TIFF.

Tag numbers and meanings are those that ExifTool documents for FujiFilm RAF. Samples are stored uncompressed in 16 bits.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from xtdm_core.frame import F32, U16
from xtdm_core.simulation.exposure import Exposure
from xtdm_core.simulation.framing import zoom_box
from xtdm_core.simulation.lens import lens_fields
from xtdm_core.simulation.preview import camera_jpeg
from xtdm_core.simulation.tiff_structure import DataBlocks, Directories, Directory, Field, longs, tiff

_TUNGSTEN, _D65 = (0.44757, 0.40745), (0.3127, 0.3290)  # x, y of CIE's illuminants
_HEADER_SIZE = 0x94  # where cameras begin the JPEG; ExifTool writes to no file with a longer header
_IFD = 13
Records = Sequence[tuple[int, bytes]]


def write_exposure(path: Path, exposure: Exposure, lin_srgb: F32) -> None:
    """Writes an exposure as the RAF of its body; the preview shows ``lin_srgb``, the scene."""
    jpeg = camera_jpeg(lin_srgb, exposure.shot)
    write_container(path, exposure.shot.body.model, jpeg, _records(exposure), _raw_fields(exposure))


def write_container(path: Path, model: str, jpeg: bytes, records: Records, raw_fields: Directory) -> None:
    """Writes the four parts of a RAF.

    records     (tag, big-endian data) in order
    raw_fields  Fuji's own directory, with the samples under 0xF007
    """
    directory = struct.pack(">I", len(records))
    directory += b"".join(struct.pack(">2H", tag, len(data)) + data for tag, data in records)
    raw = tiff([{0xF000: Directories([raw_fields], _IFD)}])
    directory_at = _HEADER_SIZE + len(jpeg)
    raw_at = directory_at + len(directory)
    raw_at += -raw_at % 16
    header = b"FUJIFILMCCD-RAW 0201FF129502"
    header += model.encode("ascii", "replace")[:31].ljust(32, b"\0") + b"0100" + bytes(20)
    header += struct.pack(">6I", _HEADER_SIZE, len(jpeg), directory_at, len(directory), raw_at, len(raw))
    with path.open("wb") as file:
        file.write(header.ljust(_HEADER_SIZE, b"\0"))
        file.write(jpeg + directory)
        file.seek(raw_at)
        file.write(raw)


def sample_fields(
    readout: U16, bits: int, blacks: Sequence[int], balance: Sequence[int]
) -> dict[int, Field | DataBlocks]:
    """What Fuji's directory needs for a readout u16 [H, W]: 36 black levels from its corner, levels of G, R, B."""
    height, width = readout.shape
    return {
        0xF001: longs(width),
        0xF002: longs(height),
        0xF003: longs(bits),
        0xF007: DataBlocks([readout.astype("<u2").tobytes()]),
        0xF008: longs(readout.nbytes),
        0xF00A: longs(*blacks),
        0xF00D: longs(*balance),
        0xF00E: longs(*balance),
    }


def _raw_fields(exposure: Exposure) -> Directory:
    shot = exposure.shot
    red, green, blue = shot.levels
    body = shot.body
    standard = [(*_grb(body.gains_of(*light)), code) for light, code in ((_TUNGSTEN, 17), (_D65, 21))]
    fields: dict[int, Field | DataBlocks] = {
        **sample_fields(exposure.readout, body.readout.bits, [body.readout.black] * 36, (green, red, blue)),
        0xF00C: longs(*standard[0], *standard[1]),
    }
    if shot.lens is not None:
        fields |= lens_fields(shot.lens, exposure.height, exposure.width, body.readout.equidistant)
    return fields


def _grb(gains: tuple[float, float, float]) -> tuple[int, int, int]:
    return round(302 * gains[1]), round(302 * gains[0]), round(302 * gains[2])


def _grgb(gains: tuple[float, float, float]) -> bytes:
    green, red, blue = _grb(gains)
    return struct.pack(">4H", green, red, green, blue)


def _records(exposure: Exposure) -> Records:
    """The directory of a camera: the whole crop is the picture, aspect and tele-converter are only tags."""
    shot = exposure.shot
    across, down = shot.ratio(exposure.height, exposure.width)
    size = struct.pack(">2H", exposure.height, exposure.width)
    zoom = zoom_box(exposure.height, exposure.width, shot.zoom)
    records = [
        (0x100, struct.pack(">2H", *exposure.readout.shape)),
        (0x110, struct.pack(">2H", *exposure.margins)),
        (0x111, size),
        (0x115, struct.pack(">2H", down, across)),
        (0x117, struct.pack(">I", shot.zoom > 1)),
        (0x118, struct.pack(">2H", *zoom[:2])),
        (0x119, struct.pack(">2H", *zoom[2:])),
        (0x121, size),
        (0x130, bytes((12, 12, 12, 12))),
        (0x131, shot.body.readout.cfa.ravel()[::-1].tobytes()),
        (0x2000, _grgb(shot.gains)),
        (0x2100, _grgb(shot.body.daylight_gains())),
        (0x2400, _grgb(shot.body.gains_of(*_TUNGSTEN))),
        (0x2FF0, _grgb(shot.gains)),
    ]
    if shot.states_bias:
        records.append((0x9650, struct.pack(">2h", round(shot.exposure_bias * 100), 100)))
    return records
