"""LibRaw's demosaicing, under the names of what really runs on X-Trans."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.choices import DemosaicMethod
from xtdm_core.errors import BadOption, UnsupportedRaw
from xtdm_core.frame import F32, U16, AlignedMosaic, RawFrame
from xtdm_core.raw.reader import open_raw
from xtdm_core.xtrans import CANONICAL, align

# Our name -> the member of rawpy.DemosaicAlgorithm that makes LibRaw run it. LibRaw checks for X-Trans before it
# looks at the quality number: PPG means 1-pass Markesteijn, and AHD, DHT, AAHD and DCB all mean 3-pass.
ALGORITHMS: dict[str, str] = {
    DemosaicMethod.MARKESTEIJN3: "AHD",
    DemosaicMethod.MARKESTEIJN1: "PPG",
    DemosaicMethod.VNG: "VNG",
    DemosaicMethod.BILINEAR: "LINEAR",
}
_ALIASES: dict[str, str] = {DemosaicMethod.DHT: DemosaicMethod.MARKESTEIJN3}
SMALLEST_SIDE = 576  # LibRaw's Markesteijn fails below
_FULL = 65535
_BLACK = 1024  # of the DNG that LibRaw gets: noise reaches below black


def resolve_algorithm(asked: str) -> str:
    """The algorithm that LibRaw runs when asked for ``asked``: "dht" is "markesteijn3". Raises BadOption."""
    name = _ALIASES.get(asked, asked)
    if name not in ALGORITHMS:
        raise BadOption(f"LibRaw has no algorithm {asked!r} for X-Trans: choose one of {', '.join(ALGORITHMS)}")
    return name


def libraw_version() -> str:
    """The version of the LibRaw that rawpy brings."""
    import rawpy

    return ".".join(map(str, rawpy.libraw_version))


def demosaic_libraw(path: Path, frame: RawFrame, algorithm: str, mosaic: AlignedMosaic | None = None) -> F32:
    """Demosaic a frame with LibRaw: camera RGB f32 [H, W, 3], white-balanced, sensor units.

    mosaic  values to use instead of the frame's own, for example with reconstructed highlights
    path    for the message only
    The visible area, in the sensor's orientation; nothing above the white level is clipped. LibRaw computes in 16
    bits. It gets the aligned mosaic as a DNG of its own: from the user's file it would cut rows and columns until
    the margins are multiples of 6, and it knows neither the matrices nor the areas of many DNGs. Raises
    UnsupportedRaw for files that LibRaw cannot demosaic.
    """
    if min(frame.mosaic.shape) < SMALLEST_SIDE and algorithm.startswith("markesteijn"):
        reason = f"is too small for LibRaw's Markesteijn, which needs {SMALLEST_SIDE} px a side: use another algorithm"
        raise UnsupportedRaw(path, reason)
    mosaic = align(frame) if mosaic is None else mosaic
    peak = max(1.0, float(mosaic.values.max()))
    with open_raw(path, _as_dng(mosaic.values, peak, frame.info.model)) as raw:
        rgb = postprocess(raw, frame, algorithm)
    cam_rgb: F32 = rgb[mosaic.top : mosaic.top + mosaic.height, mosaic.left : mosaic.left + mosaic.width].astype(
        np.float32
    )
    cam_rgb *= np.float32(peak * frame.wb.max() / _FULL)
    return cam_rgb


def postprocess(raw: Any, frame: RawFrame, algorithm: str) -> U16:
    """Run LibRaw's whole processing of an opened file to linear camera RGB u16 [H, W, 3], white-balanced.

    Balanced channels may exceed 1, so full scale is the white level times the largest gain and nothing clips.
    """
    import rawpy

    red, green, blue = (float(gain) for gain in frame.wb)
    rgb: U16 = raw.postprocess(
        demosaic_algorithm=rawpy.DemosaicAlgorithm[ALGORITHMS[algorithm]],
        output_color=rawpy.ColorSpace.raw,
        gamma=(1, 1),
        no_auto_bright=True,
        adjust_maximum_thr=0.0,
        output_bps=16,
        user_flip=0,
        user_wb=[red, green, blue, green],
        # In this mode LibRaw scales the largest gain to 1, in the default one the smallest.
        highlight_mode=rawpy.HighlightMode.Ignore,
    )
    return rgb


def _as_dng(values: F32, peak: float, model: str) -> bytes:
    """A DNG of aligned values f32 [H', W'] in sensor units, scaled so that ``peak`` is the highest 16-bit code.

    model  the camera, whose matrix LibRaw looks up: Markesteijn's choice of directions is made in CIELAB
    """
    import tifffile

    codes = values * np.float32((_FULL - _BLACK) / peak) + np.float32(_BLACK)
    mosaic = np.clip(np.rint(codes, out=codes), 0, _FULL).astype(np.uint16)
    tags = [
        (271, "s", 0, "FUJIFILM", True),  # of other makers LibRaw reads the pattern wrongly
        (272, "s", 0, model.encode("ascii", "replace").decode(), True),
        (33421, "H", 2, (6, 6), True),
        (33422, "B", 36, CANONICAL.tobytes(), True),
        (50706, "B", 4, bytes((1, 4, 0, 0)), True),
        (50714, "I", 1, _BLACK, True),
        (50717, "I", 1, _FULL, True),
    ]
    file = BytesIO()
    tifffile.imwrite(file, mosaic, photometric=32803, metadata=None, extratags=tags)
    return file.getvalue()
