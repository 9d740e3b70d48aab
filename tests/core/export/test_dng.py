"""Linear DNGs, read back by LibRaw, tifffile and, where they are installed, by other raw developers."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import rawpy
import tifffile
from PIL import Image

from tests.core.conftest import INFO, textured
from tests.core.export.rich import METADATA, RICH
from xtdm_core.develop.color import to_rec2020
from xtdm_core.errors import UnsupportedRaw, WriteFailed
from xtdm_core.export.dng import read_dng, write_dng
from xtdm_core.export.metadata import NOTHING, Metadata
from xtdm_core.frame import Noise, RawFrame
from xtdm_core.raw.files import raw_files
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame

FRAME = simulate_frame(textured(20, 30), SensorModel(info=INFO, exposure_bias=-1.72))


def written(
    folder: Path,
    cam_rgb: np.ndarray,
    metadata: Metadata = METADATA,
    noise: Noise | None = None,
    frame: RawFrame = FRAME,
) -> tuple[Path, float]:
    preview = (np.clip(cam_rgb, 0, 1) * 255).astype(np.uint8)
    path = folder / "a_linear.dng"
    baseline = write_dng(path, cam_rgb, preview, frame, metadata, exposure_bias=-1.72, noise=noise, overwrite=False)
    return path, baseline


def tag(path: Path, code: int, place: int = 0) -> object:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        return (page.pages[place - 1] if place else page).tags[code].value


@pytest.mark.parametrize("size", [(300, 412), (300, 255), (90, 100)])
def test_libraw_reads_the_very_values(tmp_path: Path, size: tuple[int, int]) -> None:
    cam_rgb = textured(*size)
    path, baseline = written(tmp_path, cam_rgb)
    assert baseline == 1.72
    with rawpy.imread(str(path)) as raw:
        balanced = raw.raw_image[..., :3] / 65535 * FRAME.wb
        assert np.abs(balanced - cam_rgb).max() < 2e-5
        assert (raw.white_level, raw.black_level_per_channel) == (65535, [0, 0, 0, 0])
        assert np.allclose(np.array(raw.camera_whitebalance)[:3] / raw.camera_whitebalance[1], FRAME.wb, rtol=1e-4)
        assert np.allclose(raw.rgb_xyz_matrix[:3], FRAME.xyz_to_cam, atol=1e-4)


def test_libraw_shows_the_preview(tmp_path: Path) -> None:
    path, _ = written(tmp_path, textured(300, 412))
    with rawpy.imread(str(path)) as raw:
        thumbnail = raw.extract_thumb()
    assert thumbnail.format == rawpy.ThumbFormat.JPEG
    assert imagecodecs.jpeg_decode(thumbnail.data).shape == (300, 412, 3)


def test_highlights_above_white_fit_and_the_exposure_says_so(tmp_path: Path) -> None:
    cam_rgb = textured(64, 96)
    cam_rgb[10:20] = np.float32([1.9, 4.0, 1.6])
    cam_rgb[30] = -0.01
    path, baseline = written(tmp_path, cam_rgb, noise=Noise(4e-4, 1e-6))
    assert baseline == pytest.approx(1.72 + 2)
    numerator, denominator = tag(path, 50730)
    assert numerator / denominator == pytest.approx(3.72)
    with rawpy.imread(str(path)) as raw:
        assert raw.raw_image[..., 1].max() == 65535
        assert raw.raw_image[30].max() == 0
    assert tag(path, 51041, 1) == pytest.approx((1e-4, 1e-6 / 16))


def test_the_layout_and_the_tags(tmp_path: Path) -> None:
    path, _ = written(tmp_path, textured(300, 412))
    assert tag(path, 254) == 1
    assert [tag(path, 254, place) for place in (1, 2)] == [0, 1]
    assert (tag(path, 262, 1), tag(path, 259, 1)) == (34892, 7)
    assert tag(path, 50708) == "Fujifilm X-T1"
    assert bytes(tag(path, 50706)) == bytes([1, 4, 0, 0])
    assert (tag(path, 50719, 1), tag(path, 50720, 1), tag(path, 50829, 1)) == ((0, 0), (412, 300), (0, 0, 300, 412))
    assert tag(path, 50778) == 21
    neutral = np.array(tag(path, 50728)).reshape(3, 2)
    assert np.allclose(neutral[:, 0] / neutral[:, 1], 1 / FRAME.wb, rtol=1e-5)
    with tifffile.TiffFile(path) as tiff:
        assert tiff.pages.first.tags[330].dtype == 4
        assert 51041 not in {one.code for one in tiff.pages.first.pages[0].tags}
        preview = tiff.pages.first.pages[1]
        tiff.filehandle.seek(preview.dataoffsets[0])
        assert imagecodecs.jpeg_decode(tiff.filehandle.read(preview.databytecounts[0])).shape == (300, 412, 3)
        assert max(tiff.pages.first.shape[:2]) == 256


def test_exif_and_xmp_are_there(tmp_path: Path) -> None:
    path, _ = written(tmp_path, textured(64, 96))
    found = read_dng(path)
    assert found.exif.shot[37500] == RICH.shot[37500]
    assert found.exif.gps == RICH.gps
    assert b"SourceSHA256" in found.xmp
    with Image.open(path) as image:
        assert image.getexif()[271] == "FUJIFILM"


def test_without_metadata_the_camera_is_still_named(tmp_path: Path) -> None:
    path, _ = written(tmp_path, textured(64, 96), NOTHING)
    found = read_dng(path)
    assert (tag(path, 271), tag(path, 272)) == ("FUJIFILM", "X-T1")
    assert not found.exif.shot
    assert not found.exif.gps
    assert found.xmp == b""


def test_a_picture_that_came_out_wrong_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = tifffile.TiffWriter.write

    def wrong(self: tifffile.TiffWriter, data: object, **how: object) -> object:
        return write(self, data[::-1].copy() if how.get("photometric") == 34892 else data, **how)

    monkeypatch.setattr(tifffile.TiffWriter, "write", wrong)
    with pytest.raises(WriteFailed, match="read back, its pixels differ"):
        written(tmp_path, textured(64, 96))
    assert list(tmp_path.iterdir()) == []


def test_this_programs_reader_names_it(tmp_path: Path) -> None:
    path, _ = written(tmp_path, textured(64, 96))
    with pytest.raises(UnsupportedRaw, match="a linear DNG, demosaiced already"):
        read_raw(path)


def chart(path: Path) -> np.ndarray:
    """24 flat colours of camera RGB as a DNG; returns their linear BT.2020 [24, 3], as bright as the file's numbers."""
    colours = np.random.default_rng(5).uniform(0.2, 0.5, (24, 3)).astype(np.float32)
    colours[18:] = np.geomspace(0.05, 0.8, 6, dtype=np.float32)[:, None]
    cam_rgb = np.kron(colours.reshape(4, 6, 3), np.ones((100, 100, 1), np.float32))
    written(path, cam_rgb)
    return to_rec2020(colours, replace(FRAME, exposure_bias=0.0))


def patches(image: np.ndarray) -> np.ndarray:
    return np.array([[image[100 * y + 50, 100 * x + 50, :3] for x in range(6)] for y in range(4)]).reshape(24, 3)


@pytest.mark.skipif(not shutil.which("darktable-cli"), reason="needs the program darktable-cli")
def test_darktable_shows_the_same_colours(tmp_path: Path) -> None:
    truth = chart(tmp_path)
    bare = ["--core", "--configdir", tmp_path / "conf", "--library", ":memory:"]
    for setting in ("darkroom/workflow=none", "darkroom/chromatic-adaptation=legacy", "imageio/format/tiff/bpp=32"):
        bare += ["--conf", f"plugins/{setting}"]
    command = [shutil.which("darktable-cli"), tmp_path / "a_linear.dng", tmp_path / "out.tif"]
    subprocess.run([*command, "--icc-type", "LIN_REC2020", *bare], check=True, capture_output=True, timeout=240)
    shown = patches(imagecodecs.tiff_decode((tmp_path / "out.tif").read_bytes()))
    assert np.abs(shown - truth).max() < 0.002


@pytest.mark.skipif(not shutil.which("rawtherapee-cli"), reason="needs the program rawtherapee-cli")
def test_rawtherapee_shows_the_same_colours(tmp_path: Path) -> None:
    truth = chart(tmp_path)
    neutral = "[White Balance]\nEnabled=true\nSetting=Camera\n[Color Management]\nInputProfile=(camera)\n"
    neutral += "WorkingProfile=ProPhoto\nOutputProfile=RTv4_Rec2020\n[Exposure]\nAuto=false\nCompensation=0\n"
    (tmp_path / "neutral.pp3").write_text(
        f"[Version]\nAppVersion=5.9\nVersion=349\n{neutral}[HLRecovery]\nEnabled=false\n"
    )
    command = [shutil.which("rawtherapee-cli"), "-o", tmp_path / "out.tif", "-p", tmp_path / "neutral.pp3"]
    subprocess.run(
        [*command, "-t", "-b16", "-Y", "-c", tmp_path / "a_linear.dng"], check=True, capture_output=True, timeout=240
    )
    with tifffile.TiffFile(tmp_path / "out.tif") as tiff:
        shown, profile = patches(tiff.asarray())[None], tiff.pages.first.tags[34675].value
    primaries = [0.708, 0.292, 1.0, 0.170, 0.797, 1.0, 0.131, 0.046, 1.0]
    linear = imagecodecs.cms_profile("rgb", whitepoint=[0.3127, 0.3290, 1.0], primaries=primaries, gamma=1.0)
    how = {"colorspace": "rgb", "outcolorspace": "rgb", "outdtype": "float32"}
    assert np.abs(imagecodecs.cms_transform(shown, profile, linear, **how)[0] - truth).max() < 0.004


@pytest.mark.parametrize("metadata", [METADATA, NOTHING])
def test_a_folder_has_no_raw_file_in_it_whatever_the_name(tmp_path: Path, metadata: Metadata) -> None:
    own, foreign = tmp_path / "own.dng", tmp_path / "foreign.dng"
    written(tmp_path, textured(90, 100), metadata=metadata)[0].rename(own)
    foreign.write_bytes(own.read_bytes().replace(b"XTDM ", b"ABCD "))
    assert raw_files(tmp_path) == [foreign]
