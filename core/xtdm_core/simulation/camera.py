"""A camera in software: RGB with known truth to a raw frame, and to a RAF file that LibRaw decodes bit for bit."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np

from xtdm_core.frame import F32, F64, U8, U16, CaptureInfo, RawFrame
from xtdm_core.simulation.raf_file import sample_fields, write_container
from xtdm_core.xtrans import CANONICAL, mosaic, tile_pattern

# P0, the phase of most cameras: the canonical one starts a row and a column later.
P0: U8 = np.roll(CANONICAL, (1, 1), (0, 1))
P0.setflags(write=False)

# Adobe's matrix of the X-T1 (XYZ to camera), which LibRaw applies to files of that name.
XT1_XYZ_TO_CAM: F64 = np.array(
    [[0.8458, -0.2451, -0.0855], [-0.4597, 1.2447, 0.2407], [-0.1475, 0.2482, 0.6526]], dtype=np.float64
)
XT1_XYZ_TO_CAM.setflags(write=False)

XT1 = CaptureInfo(make="FUJIFILM", model="X-T1")


@dataclass(frozen=True, slots=True)
class SensorModel:
    """What stands between the scene and the file.

    cfa     u8 [6, 6], one of the 18 phases
    bits    12 or 14
    black   black level in raw units
    wb      camera gains R, G, B that make white neutral, G = 1
    noise   (a, b): variance a x + b^2 at the signal x, in sensor units
    """

    cfa: U8 = field(default_factory=lambda: P0)
    bits: int = 14
    black: int = 1024
    wb: tuple[float, float, float] = (1.95, 1.0, 1.65)
    noise: tuple[float, float] = (0.0, 0.0)
    seed: int = 0
    orientation: int = 1
    exposure_bias: float | None = -0.72
    info: CaptureInfo = XT1

    @property
    def white(self) -> int:
        """The white level in raw units."""
        return (1 << self.bits) - 1


def simulate_frame(cam_rgb: F32, sensor: SensorModel) -> RawFrame:
    """The raw frame of white-balanced camera RGB f32 [H, W, 3] in sensor units.

    Balance is undone, Poisson-Gaussian noise added, the white level clips, and the mosaic is quantised.
    """
    height, width = cam_rgb.shape[:2]
    gains = np.array(sensor.wb, dtype=np.float32)[sensor.cfa]
    values = mosaic(cam_rgb, sensor.cfa) / tile_pattern(gains, height, width)
    shot, read = sensor.noise
    if shot or read:
        sigma = np.sqrt(shot * np.maximum(values, 0) + read**2)
        values += sigma * np.random.default_rng(sensor.seed).standard_normal(values.shape, dtype=np.float32)
    raw = np.rint(values * (sensor.white - sensor.black) + sensor.black)
    wb = np.array(sensor.wb, dtype=np.float64)
    return RawFrame(
        mosaic=np.clip(raw, 0, sensor.white).astype(np.uint16),
        cfa=sensor.cfa,
        black=np.full((6, 6), sensor.black, dtype=np.float32),
        white=float(sensor.white),
        wb=wb,
        daylight_wb=wb,
        wb_source="as shot",
        xyz_to_cam=XT1_XYZ_TO_CAM,
        orientation=sensor.orientation,
        exposure_bias=sensor.exposure_bias,
        info=sensor.info,
        raw_size=(height, width),
    )


def write_raf(path: Path, frame: RawFrame, preview_jpeg: bytes | None = None) -> None:
    """Writes an uncompressed RAF with Exif, preview, levels, white balance, orientation and exposure bias.

    preview_jpeg  a JPEG without Exif; None puts a small grey picture there
    Where ``frame.raw_size`` is larger than the mosaic, black margins are written around it; LibRaw gives them back
    as they are only where ``frame.margins`` are multiples of 6.
    """
    green, red, blue = (round(1024 * float(gain)) for gain in frame.wb[[1, 0, 2]])
    # The 36 black levels count from the corner of the readout.
    blacks = [round(float(level)) for level in np.roll(frame.black, frame.margins, (0, 1)).ravel()]
    raw_fields = sample_fields(_readout(frame), int(frame.white).bit_length(), blacks, (green, red, blue))
    jpeg = _with_exif(preview_jpeg or _grey_jpeg(), frame)
    write_container(path, frame.info.model, jpeg, _directory(frame), raw_fields)


def _readout(frame: RawFrame) -> U16:
    """The mosaic within its margins: u16 [raw height, raw width]."""
    (height, width), (top, left) = frame.mosaic.shape, frame.margins
    readout = np.full(np.maximum(frame.raw_size, frame.mosaic.shape), round(float(frame.black.min())), np.uint16)
    readout[top : top + height, left : left + width] = frame.mosaic
    return readout


def _directory(frame: RawFrame) -> list[tuple[int, bytes]]:
    """The records of the RAF directory."""
    height, width = frame.mosaic.shape
    pattern = np.roll(frame.cfa, frame.margins, (0, 1))
    records = [
        (0x100, struct.pack(">2H", *np.maximum(frame.raw_size, frame.mosaic.shape).tolist())),
        (0x110, struct.pack(">2H", *frame.margins)),
        (0x111, struct.pack(">2H", height, width)),
        (0x121, struct.pack(">2H", height, width)),
        (0x131, pattern.ravel()[::-1].tobytes()),
    ]
    if frame.exposure_bias is not None:
        records.append((0x9650, struct.pack(">2h", round(frame.exposure_bias * 100), 100)))
    return records


def _with_exif(jpeg: bytes, frame: RawFrame) -> bytes:
    """``jpeg`` with an Exif segment right after its start: LibRaw takes the maker from there."""
    from xtdm_core.export.metadata import exif_block

    segment = b"Exif\0\0" + exif_block(frame.info, frame.orientation, software="")
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("the preview is not a JPEG")
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def _grey_jpeg() -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (160, 120), (118, 118, 118)).save(file, format="JPEG")
    return file.getvalue()
