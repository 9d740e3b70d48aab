"""TIFFs, read back by other libraries."""

import json
import re
import struct
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from tests.core.export.rich import METADATA, RICH
from xtdm_core.develop.color import to_rec2020
from xtdm_core.develop.linear_description import linear_description
from xtdm_core.errors import WriteFailed
from xtdm_core.export.exif import Entry, Exif
from xtdm_core.export.metadata import NOTHING, Provenance, gather_metadata
from xtdm_core.export.tiff import read_tiff, write_linear_tiff, write_srgb_tiff
from xtdm_core.frame import CaptureInfo
from xtdm_core.simulation.camera import SensorModel, simulate_frame


def test_srgb_tiff_round_trip_profile_and_exif(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 65536, (61, 83, 3)).astype(np.uint16)
    write_srgb_tiff(tmp_path / "a.tif", picture, METADATA, False)
    assert np.array_equal(imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes()), picture)
    with Image.open(tmp_path / "a.tif") as image:
        assert b"sRGB" in image.info["icc_profile"].replace(b"\0", b"")
        exif = image.getexif()
        shot = exif.get_ifd(0x8769)
        assert (exif[271], exif[272], exif[274]) == ("FUJIFILM", "X-T1", 1)
        assert exif[305].startswith("XTDM ")
        assert float(shot[33434]) == pytest.approx(1 / 250)
        assert (float(shot[33437]), shot[34855], shot[42036]) == (5.6, 400, "XF35mmF1.4 R")
        assert exif.get_ifd(0x8825)[6] == 35
    found = read_tiff(tmp_path / "a.tif")
    assert found.exif.shot[37500] == RICH.shot[37500]
    assert (found.exif.gps, found.exif.interop) == (RICH.gps, RICH.interop)
    assert b"SourceSHA256" in found.xmp


def test_a_tiff_is_printed_at_300_dpi_unless_the_camera_says_otherwise(tmp_path: Path) -> None:
    picture = np.zeros((61, 83, 3), np.uint16)
    bare = replace(METADATA, exif=Exif())
    write_srgb_tiff(tmp_path / "a.tif", picture, bare, False)
    with Image.open(tmp_path / "a.tif") as image:
        assert image.info["dpi"] == (300, 300)
    dpi = Entry(5, 1, struct.pack("<II", 72, 1))
    camera = Exif({282: dpi, 283: dpi})
    write_srgb_tiff(tmp_path / "b.tif", picture, replace(METADATA, exif=camera), False)
    with Image.open(tmp_path / "b.tif") as image:
        assert image.info["dpi"] == (72, 72)


def test_linear_tiff_is_bit_for_bit_and_says_what_it_is(tmp_path: Path) -> None:
    cam_rgb = np.random.default_rng(0).normal(1, 3, (61, 83, 3)).astype(np.float32)
    frame = simulate_frame(np.zeros((61, 83, 3), np.float32), SensorModel(orientation=6))
    write_linear_tiff(tmp_path / "a.tif", cam_rgb, linear_description(frame), 6, METADATA, False)
    assert np.array_equal(imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes()), cam_rgb)
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        page = tiff.pages.first
        assert page.compression == 1
        assert "1 white level" in page.description
        assert page.tags["ExifTag"].value["ISOSpeedRatings"] == 400
        assert page.tags["Orientation"].value == 6  # the pixels are not turned


@pytest.mark.parametrize("bias", [-2.72, None])
def test_a_linear_tiff_tells_the_way_to_a_picture(bias: float | None) -> None:
    sensor = SensorModel(exposure_bias=bias, wb=(2.25, 1.0, 1.5))
    frame = simulate_frame(np.zeros((12, 12, 3), np.float32), sensor)
    words = re.fullmatch(
        r".*gains R G B: (.*); linear BT.2020 .*: 2\^(.*) x (\[\[.*\]\]) x RGB", linear_description(frame)
    )
    assert words is not None
    assert [float(gain) for gain in words[1].split()] == [2.25, 1, 1.5]
    cam_rgb = np.random.default_rng(0).uniform(0, 3, (4, 5, 3)).astype(np.float32)
    told = 2 ** float(words[2]) * cam_rgb @ np.array(json.loads(words[3])).T
    assert told == pytest.approx(to_rec2020(cam_rgb, frame), abs=1e-4)


def test_silent_files_give_no_empty_tags(tmp_path: Path) -> None:
    metadata, _ = gather_metadata(b"", b"", (), CaptureInfo(), "all", Provenance("a.RAF", "ab12", "fast"))
    write_srgb_tiff(tmp_path / "a.tif", np.zeros((8, 8, 3), np.uint16), metadata, False)
    with Image.open(tmp_path / "a.tif") as image:
        assert 271 not in image.getexif()


def test_no_metadata_leaves_no_trace(tmp_path: Path) -> None:
    write_srgb_tiff(tmp_path / "a.tif", np.zeros((8, 8, 3), np.uint16), NOTHING, False)
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        assert not {tag.code for tag in tiff.pages.first.tags} & {271, 272, 305, 306, 700, 34665, 34853}


def test_a_file_that_came_out_wrong_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.random.default_rng(0).integers(0, 65536, (610, 83, 3)).astype(np.uint16)
    write, target = tifffile.imwrite, tmp_path / "a.tif"

    def wrong(path: Path, image: np.ndarray, **how: object) -> None:
        other = image.copy()
        other[300] += 1
        write(path, other, **how)

    monkeypatch.setattr(tifffile, "imwrite", wrong)
    with pytest.raises(WriteFailed, match="read back, its pixels differ"):
        write_srgb_tiff(target, picture, METADATA, False)
    assert list(tmp_path.iterdir()) == []
