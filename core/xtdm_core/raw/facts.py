"""What is read from a raw file itself, because LibRaw does not tell it or not reliably."""

from __future__ import annotations

from dataclasses import dataclass

from xtdm_core.frame import F32, F64, U8, CaptureInfo, LensTables

Area = tuple[int, int, int, int]  # top, left, height, width in the sensor's readout


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a RAF or DNG says; None where LibRaw is to be asked.

    pattern        u8 [6, 6] at the corner of the readout
    area           the visible area
    black          f32 [6, 6] at the corner of the readout, in the units of the file
    white          in the same units
    as_shot, daylight  f64 [3], gains with G = 1
    xyz_to_cam     f64 [3, 3]
    exposure_bias  EV, as in ``RawFrame``; None where the file says nothing of it
    lens           as in ``RawFrame``
    """

    info: CaptureInfo
    orientation: int | None
    exposure_bias: float | None
    pattern: U8
    area: Area | None = None
    black: F32 | None = None
    white: float | None = None
    as_shot: F64 | None = None
    daylight: F64 | None = None
    xyz_to_cam: F64 | None = None
    lens: LensTables | None = None
