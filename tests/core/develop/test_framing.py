"""What of a picture the camera's JPEG shows."""

import pytest

from xtdm_core.develop.framing import framed_area, jpeg_area
from xtdm_core.frame import CaptureInfo


@pytest.mark.parametrize(
    ("jpeg", "zoom", "area"),
    [
        ((480, 720), 1, (0, 0, 400, 600)),
        ((1280, 1920), 1, (0, 0, 400, 600)),
        ((720, 1280), 1, (31.25, 0, 337.5, 600)),
        ((500, 500), 1, (0, 100, 400, 400)),
        ((650, 1000), 1, (5, 0, 390, 600)),
        ((480, 720), 2, (100, 150, 200, 300)),
        ((500, 500), 1.25, (40, 140, 320, 320)),
    ],
)
def test_the_jpeg_lies_in_the_middle(
    jpeg: tuple[int, int], zoom: float, area: tuple[float, float, float, float]
) -> None:
    assert jpeg_area(400, 600, *jpeg, zoom) == pytest.approx(area)


def test_sizes_rounded_to_blocks_show_the_whole_picture() -> None:
    assert jpeg_area(4160, 6240, 1280, 1920) == (0, 0, 4160, 6240)
    assert jpeg_area(4160, 6240, 1280, 1904) == (0, 0, 4160, 6240)


@pytest.mark.parametrize(
    ("info", "area"),
    [
        (CaptureInfo(), None),
        (CaptureInfo(aspect=(3, 2)), None),
        (CaptureInfo(aspect=(1, 1)), (0, 100, 400, 400)),
        (CaptureInfo(aspect=(5, 4)), (0, 50, 400, 500)),
        (CaptureInfo(aspect=(3, 2), digital_zoom=2.0), (100, 150, 200, 300)),
        (CaptureInfo(digital_zoom=1.4), (57, 86, 286, 429)),
    ],
)
def test_what_was_framed(info: CaptureInfo, area: tuple[int, int, int, int] | None) -> None:
    assert framed_area(info, 400, 600) == area
