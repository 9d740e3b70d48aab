"""Where the picture that the photographer saw lies in the raw picture: aspect ratio and digital zoom."""

from __future__ import annotations

from xtdm_core.frame import CaptureInfo

# JPEGs are whole multiples of 8 or 16 px: ratios this close are the same.
_SAME_RATIO = 0.01


def jpeg_area(
    height: float, width: float, jpeg_height: int, jpeg_width: int, zoom: float = 1.0
) -> tuple[float, float, float, float]:
    """Find what of a picture its embedded JPEG shows: (top, left, height, width) in the picture's pixels.

    Cameras cut the JPEG from the middle, to the aspect ratio that was set, and by the digital zoom.
    """
    return _middle(height, width, jpeg_width / jpeg_height, zoom)


def framed_area(info: CaptureInfo, height: int, width: int) -> tuple[int, int, int, int] | None:
    """Find what of a picture the photographer framed: (top, left, height, width); None where that is all of it."""
    ratio = width / height if info.aspect is None else info.aspect[0] / info.aspect[1]
    top, left, high, wide = map(round, _middle(height, width, ratio, info.digital_zoom or 1.0))
    return None if (high, wide) == (height, width) else (top, left, high, wide)


def _middle(height: float, width: float, ratio: float, zoom: float) -> tuple[float, float, float, float]:
    """The largest area of such a ratio of width to height around the middle, divided by the zoom."""
    high, wide = height, width
    if abs(ratio * height / width - 1) > _SAME_RATIO:
        high, wide = min(height, width / ratio), min(width, height * ratio)
    high, wide = high / zoom, wide / zoom
    return (height - high) / 2, (width - wide) / 2, high, wide
