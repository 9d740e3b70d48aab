"""DNGs of several converters: the same photosites, read by other libraries."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rawpy
import tifffile

from xtdm_core.simulation import LAYOUTS, find_body, write_camera_dng

SCENE = np.random.default_rng(2).uniform(0, 1.2, (300, 420, 3)).astype(np.float32)
EVERY = pytest.mark.parametrize("layout", LAYOUTS)


@EVERY
@pytest.mark.parametrize("model", ["X-T4", "X-Pro1", "X-E5"])
def test_libraw_reads_the_same_pixels(tmp_path: Path, layout: str, model: str) -> None:
    exposure = write_camera_dng(tmp_path / "a.dng", SCENE, model, layout, iso=400)
    stored = exposure.readout if LAYOUTS[layout].masked else exposure.picture
    body = find_body(model)
    with rawpy.imread(str(tmp_path / "a.dng")) as raw:
        assert np.array_equal(raw.raw_image, stored)
        assert raw.white_level == body.readout.white
        assert np.allclose(np.array(raw.camera_whitebalance)[:3], exposure.shot.gains, rtol=1e-5)
    # LibRaw tells of its own table's matrix, or none.
    first, _ = directories(tmp_path / "a.dng")
    assert np.allclose(np.reshape(first[50721], (9, 2))[:, 0] / 10000, body.matrix.ravel(), atol=1e-6)


def directories(path: Path) -> tuple[dict, dict]:
    """The tags of the first directory and of the raw data."""
    with tifffile.TiffFile(path) as tiff:
        first = tiff.pages.first
        pages = [first, *(first.pages or [])]
        (raw,) = [page for page in pages if page.tags.valueof(262) == 32803]
        read = [{tag.code: tag.value for tag in page.tags} for page in (first, raw)]
    return read[0], read[1]


@pytest.mark.parametrize(
    ("layout", "active", "origin", "size", "baseline"),
    [
        ("adobe", (13, 6, 313, 426), (4, 1, 4, 1), (412, 1, 292, 1), (115, 100)),
        ("strips", (13, 6, 313, 426), (0, 1, 0, 1), (420, 1, 300, 1), (172, 100)),
        ("cropped", (0, 0, 300, 420), (8, 1, 8, 1), (404, 1, 284, 1), None),
    ],
)
def test_framing_and_exposure_as_each_converter_has_them(
    tmp_path: Path, layout: str, active: tuple, origin: tuple, size: tuple, baseline: tuple | None
) -> None:
    exposure = write_camera_dng(tmp_path / "a.dng", SCENE, "X-T4", layout, iso=400, dynamic_range=200)
    first, raw = directories(tmp_path / "a.dng")
    assert (raw[50829], raw[50719], raw[50720]) == (active, origin, size)
    assert first.get(50730) == baseline
    assert raw[33422] == exposure.cfa.tobytes()
    assert first[50708] == "Fujifilm X-T4"
    assert first[34665]["ISOSpeedRatings"] == 400
    assert (324 in raw) == LAYOUTS[layout].tiles
    assert (50722 in first) == (layout == "adobe")


def test_a_body_of_ones_own(tmp_path: Path) -> None:
    own = (9000, -2500, -900, -4000, 12000, 2200, -1000, 2000, 6000)
    body = replace(find_body("X-T4"), model="X-T9", xyz_to_cam=own, saturation=(15000.0, 15500.0, 15250.0))
    exposure = write_camera_dng(tmp_path / "a.dng", SCENE * 8, body, "strips", noisy=False)
    first, _ = directories(tmp_path / "a.dng")
    assert first[50708] == "Fujifilm X-T9"
    assert first[50721][::2] == own
    assert 15500 < exposure.picture.max() <= 15550


@EVERY
def test_previews(tmp_path: Path, layout: str) -> None:
    write_camera_dng(tmp_path / "a.dng", SCENE, "X-T2", layout, iso=400)
    with rawpy.imread(str(tmp_path / "a.dng")) as raw:
        if LAYOUTS[layout].previews:
            assert raw.extract_thumb().data.startswith(b"\xff\xd8\xff")
        else:
            with pytest.raises(rawpy.LibRawNoThumbnailError):
                raw.extract_thumb()


def test_the_noise_profile_is_the_bodys(tmp_path: Path) -> None:
    exposure = write_camera_dng(tmp_path / "a.dng", SCENE, "X-T3", iso=3200)
    first, _ = directories(tmp_path / "a.dng")
    assert first[51041] == (exposure.noise.a, exposure.noise.b) == (62e-5, pytest.approx(7.8e-4**2))
