"""What a camera was told to show of the picture: digital tele-converter and aspect. The raw data stay whole."""

from __future__ import annotations

from xtdm_core.simulation.shot import Shot

Box = tuple[int, int, int, int]  # top, left, height, width


def zoom_box(height: int, width: int, zoom: float) -> Box:
    """The part of a picture that a digital tele-converter shows, in its middle; even sides."""
    return _centred(height, width, int(height / zoom), int(width / zoom))


def framed_box(height: int, width: int, shot: Shot) -> Box:
    """The largest rectangle of the shot's aspect in the middle of what its tele-converter shows."""
    _, _, inner_height, inner_width = zoom_box(height, width, shot.zoom)
    across, down = shot.ratio(height, width)
    return _centred(
        height, width, min(inner_height, inner_width * down // across), min(inner_width, inner_height * across // down)
    )


def _centred(height: int, width: int, inner_height: int, inner_width: int) -> Box:
    inner_height, inner_width = inner_height // 2 * 2, inner_width // 2 * 2
    return (height - inner_height) // 2, (width - inner_width) // 2, inner_height, inner_width
