"""LibRaw's demosaicing, under the names of what really runs on X-Trans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.choices import DemosaicMethod
from xtdm_core.errors import BadOption, UnsupportedRaw
from xtdm_core.frame import F32, U16, AlignedMosaic, RawFrame
from xtdm_core.raw.reader import opened
from xtdm_core.xtrans import tile_pattern

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


def true_name(asked: str) -> str:
    """The algorithm that LibRaw runs when asked for ``asked``: "dht" is "markesteijn3". Raises BadOption."""
    name = _ALIASES.get(asked, asked)
    if name not in ALGORITHMS:
        raise BadOption(f"LibRaw has no algorithm {asked!r} for X-Trans: choose one of {', '.join(ALGORITHMS)}")
    return name


def libraw_version() -> str:
    """The version of the LibRaw that rawpy brings."""
    import rawpy

    return ".".join(map(str, rawpy.libraw_version))


def demosaic_classic(path: Path, frame: RawFrame, algorithm: str, mosaic: AlignedMosaic | None = None) -> F32:
    """Demosaics the file of ``frame`` with LibRaw: camera RGB f32 [H, W, 3], white-balanced, sensor units.

    mosaic  values to use instead of the file's, for example with reconstructed highlights
    The visible area, in the sensor's orientation; nothing above the white level is clipped. LibRaw computes in 16
    bits. Raises UnsupportedRaw for files that LibRaw cannot demosaic.
    """
    if min(frame.mosaic.shape) < SMALLEST_SIDE and algorithm.startswith("markesteijn"):
        reason = f"is too small for LibRaw's Markesteijn, which needs {SMALLEST_SIDE} px a side: use another algorithm"
        raise UnsupportedRaw(path, reason)
    with opened(path) as raw:
        peak, saturation = 1.0, None
        if mosaic is not None:
            peak, saturation = _replace_mosaic(raw.raw_image_visible, frame, mosaic)
        cam_rgb: F32 = postprocess(raw, frame, algorithm, saturation).astype(np.float32)
    cam_rgb *= np.float32(peak * frame.wb.max() / _FULL)
    return cam_rgb


def postprocess(raw: Any, frame: RawFrame, algorithm: str, saturation: int | None = None) -> U16:
    """LibRaw's whole processing of an opened file to linear camera RGB u16 [H, W, 3], white-balanced.

    saturation  the code above black that full scale stands for; None for the file's own
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
        user_sat=saturation,
        # In this mode LibRaw scales the largest gain to 1, in the default one the smallest.
        highlight_mode=rawpy.HighlightMode.Ignore,
    )
    return rgb


def _replace_mosaic(raw_image: U16, frame: RawFrame, mosaic: AlignedMosaic) -> tuple[float, int]:
    """Writes other values into LibRaw's own mosaic, scaled to use its 16 bits.

    Returns (the value of full scale in sensor units, the code above black that stands for it).
    """
    values = mosaic.visible
    peak = max(1.0, float(values.max()))
    saturation = _FULL - int(np.ceil(frame.black.max()))
    # LibRaw goes on subtracting the file's black levels, so they stay.
    codes = values * np.float32(saturation / peak) + tile_pattern(frame.black, mosaic.height, mosaic.width)
    raw_image[:] = np.clip(np.rint(codes), 0, _FULL).astype(np.uint16)
    return peak, saturation
