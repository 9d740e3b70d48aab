"""The embedded JPEG: its place, size, shape and colours."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.simulation.raf_parts import jpeg, records
from xtdm_core.develop.color import srgb_decode
from xtdm_core.raw.reader import glance
from xtdm_core.simulation import Shot, write_camera_raf
from xtdm_core.simulation.preview import rendered

# Adobe RGB (1998) to XYZ, the standard's own figures.
ADOBE_TO_XYZ = np.array([[0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134]])
SRGB_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def patches(height: int = 120, width: int = 180) -> np.ndarray:
    """Red, green and blue thirds of linear sRGB, none of them at the edge of the gamut."""
    scene = np.empty((height, width, 3), np.float32)
    third = width // 3
    for i, colour in enumerate(([0.4, 0.05, 0.05], [0.06, 0.3, 0.08], [0.05, 0.06, 0.4])):
        scene[:, i * third : (i + 1) * third] = colour
    return scene


def opened(path: Path) -> Image.Image:
    return Image.open(BytesIO(jpeg(path)))


def test_the_reader_finds_it(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", patches(), orientation=8)
    seen = glance(tmp_path / "a.RAF")
    assert seen.jpeg == jpeg(tmp_path / "a.RAF")
    assert seen.orientation == 8
    assert opened(tmp_path / "a.RAF").size == (180, 120)


def test_small_and_full_size(tmp_path: Path) -> None:
    scene = np.tile(patches(), (11, 11, 1))
    for full, size in ((False, (1920, 1280)), (True, (1980, 1320))):
        write_camera_raf(tmp_path / "a.RAF", scene, full_preview=full, noisy=False, lens=None)
        assert opened(tmp_path / "a.RAF").size == size


@pytest.mark.parametrize(
    ("aspect", "size", "tag"),
    [("1:1", (120, 120), "0001 0001"), ("16:9", (180, 100), "0009 0010"), ("3:2", (180, 120), "0002 0003")],
)
def test_aspects_are_tags_and_the_shape_of_the_preview(
    tmp_path: Path, aspect: str, size: tuple[int, int], tag: str
) -> None:
    exposure = write_camera_raf(tmp_path / "a.RAF", patches(), aspect=aspect)
    assert exposure.picture.shape == (120, 180)
    assert opened(tmp_path / "a.RAF").size == size
    assert records(tmp_path / "a.RAF")[0x115].hex(" ", 2) == tag


def test_adobe_rgb_and_srgb_show_the_same_colours() -> None:
    srgb, adobe = (np.asarray(rendered(patches(), Shot(adobe_rgb=wide), 180)) for wide in (False, True))
    for x in (30, 90, 150):
        light = SRGB_TO_XYZ @ srgb_decode(srgb[60, x].astype(np.float32) / 255)
        same = ADOBE_TO_XYZ @ ((adobe[60, x] / 255) ** (563 / 256))
        assert same == pytest.approx(light, abs=0.006)
    assert np.abs(srgb[60, 30].astype(int) - adobe[60, 30]).max() > 15


def test_exposure_shows() -> None:
    dark, bright = (np.asarray(rendered(patches(), Shot(exposure_ev=ev), 180)).mean() for ev in (-1.0, 1.0))
    assert bright > 1.8 * dark
