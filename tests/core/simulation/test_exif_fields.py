"""Exif and MakerNote, read by other programs and by plain means."""

import json
import shutil
import struct
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from tests.core.simulation.raf_parts import fields, jpeg
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation import Record, write_camera_raf

SCENE = np.full((66, 72, 3), 0.2, np.float32)


def exif(path: Path) -> Image.Exif:
    return Image.open(BytesIO(jpeg(path))).getexif()


def test_our_reader_understands_it(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", SCENE, "X-T5", iso=3200, orientation=6)
    frame = read_raw(tmp_path / "a.RAF")
    info = frame.info
    assert (info.make, info.model, info.lens) == ("FUJIFILM", "X-T5", "XF18-55mmF2.8-4 R LM OIS")
    assert (info.iso, info.f_number, info.exposure_s, info.focal_mm) == (3200, 5.6, 1 / 250, 35.0)
    assert (info.taken_at, frame.orientation) == ("2026:05:14 10:11:12", 6)


def test_what_pillow_reads(tmp_path: Path) -> None:
    record = Record(gps=(-33.8568, -151.2153, -4.0), artist="Somebody", copyright="(c) Jürgen", exposure_s=2.5)
    write_camera_raf(tmp_path / "a.RAF", SCENE, record=record, adobe_rgb=True)
    assert "(c) Jürgen".encode() in jpeg(tmp_path / "a.RAF")
    read = exif(tmp_path / "a.RAF")
    own, place = read.get_ifd(ExifTags.IFD.Exif), read.get_ifd(ExifTags.IFD.GPSInfo)
    assert read[ExifTags.Base.Artist] == "Somebody"
    assert own[ExifTags.Base.ExposureTime] == 2.5
    assert own[ExifTags.Base.ColorSpace] == 0xFFFF
    assert own[ExifTags.Base.OffsetTimeOriginal] == "+02:00"
    assert own[ExifTags.Base.BodySerialNumber] == "71005678"
    assert read.get_ifd(ExifTags.IFD.Interop)[1] == "R03"
    assert (place[1], place[3], place[5]) == ("S", "W", b"\1")
    degrees, minutes, seconds = place[2]
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(33.8568, abs=1e-5)


def test_no_fix_no_place(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", SCENE, record=Record(gps=None))
    assert ExifTags.IFD.GPSInfo not in exif(tmp_path / "a.RAF")


@pytest.mark.parametrize(
    ("dynamic_range", "auto", "tag", "absent"), [(400, False, 0x1403, 0x140B), (200, True, 0x140B, 0x1403)]
)
def test_the_maker_note_counts_from_itself_and_names_the_range(
    tmp_path: Path, dynamic_range: int, auto: bool, tag: int, absent: int
) -> None:
    record = replace(Record(), rating=4)
    settings = {"iso": 800, "dynamic_range": dynamic_range, "auto_range": auto, "states_bias": False}
    write_camera_raf(tmp_path / "a.RAF", SCENE, record=record, **settings)
    note = exif(tmp_path / "a.RAF").get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.MakerNote]
    assert note[:8] == b"FUJIFILM"
    read = fields(note, struct.unpack_from("<I", note, 8)[0])
    assert read[tag].tolist() == [dynamic_range]
    assert absent not in read
    assert read[0x1431].tolist() == [4]
    assert read[0x1404].tolist() == [18]
    assert read_raw(tmp_path / "a.RAF").exposure_bias in (None, {400: -2.72, 200: -1.72}[dynamic_range])


def test_exiftool_finds_nothing_wrong(tmp_path: Path) -> None:
    exiftool = shutil.which("exiftool")
    if not exiftool:
        pytest.skip("there is no exiftool")
    write_camera_raf(tmp_path / "a.RAF", SCENE, iso=640, dynamic_range=200, aspect="1:1")

    def read(*words: str) -> dict:
        words = (exiftool, "-j", *words, str(tmp_path / "a.RAF"))
        return json.loads(subprocess.run(words, capture_output=True, check=True).stdout)[0]

    plain = read("-validate", "-warning", "-all")
    assert plain["Validate"] == "OK"
    assert "Warning" not in plain
    ranges = plain["DevelopmentDynamicRange"], plain["RawImageAspectRatio"], plain["RawExposureBias"]
    assert ranges == (200, "1:1", -1.7)
    assert (plain["LensID"], plain["Rating"]) == ("XF18-55mm F2.8-4 R LM OIS", 3)
    assert plain["ThumbnailImage"].startswith("(Binary data")


def test_exiftool_writes_to_the_file(tmp_path: Path) -> None:
    exiftool = shutil.which("exiftool")
    if not exiftool:
        pytest.skip("there is no exiftool")
    raf = tmp_path / "a.RAF"
    write_camera_raf(raf, SCENE)
    before = read_raw(raf)
    subprocess.run((exiftool, "-q", "-overwrite_original", "-DateTimeOriginal=2026:10:03 12:00:00", raf), check=True)
    after = read_raw(raf)
    assert after.info.taken_at == "2026:10:03 12:00:00"
    assert np.array_equal(after.mosaic, before.mosaic)
