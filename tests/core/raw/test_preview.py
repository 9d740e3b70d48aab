"""Thumbnails and sharpness of embedded previews, and how little of a file is read for them."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from imagecodecs import cms_profile
from PIL import EpsImagePlugin, ExifTags, Image, ImageFilter

from tests.core.conftest import replace_tag, textured
from xtdm_core.develop.color import rgb_to_xyz, srgb_decode, srgb_encode
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import CaptureInfo
from xtdm_core.raw.preview import in_adobe_rgb, preview_sharpness, thumbnail
from xtdm_core.raw.reader import embedded_preview, read_exif_summary, read_summary
from xtdm_core.simulation import write_camera_dng, write_camera_raf
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf

NOWHERE = Path("made.RAF")


def jpeg(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, format="JPEG", quality=95)
    return data.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


class CountingFile(io.FileIO):
    """Adds up what is read from it."""

    total = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        CountingFile.total += len(data)
        return data


def raf_with_preview(path: Path, picture: bytes, **sensor: Any) -> Path:
    write_raf(path, simulate_frame(textured(66, 72), SensorModel(**sensor)), picture)
    with path.open("ab") as file:
        file.write(bytes(3_000_000))  # as long as if there were a real mosaic
    return path


def test_of_a_raf_only_the_preview_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raf_with_preview(tmp_path / "a.RAF", jpeg(noise(600, 400)))
    monkeypatch.setattr(Path, "open", lambda path, _mode: CountingFile(path))
    monkeypatch.setattr(CountingFile, "total", 0)
    preview = embedded_preview(path)
    assert preview.startswith(b"\xff\xd8\xff")
    assert len(preview) <= CountingFile.total < len(preview) + 1000
    CountingFile.total = 0
    assert read_exif_summary(path).jpeg == preview[: 1 << 17]
    assert CountingFile.total < (1 << 17) + 1000 < len(preview)


def test_the_exif_comes_along(tmp_path: Path) -> None:
    info = CaptureInfo("FUJIFILM", "X-T1", taken_at="2026:03:04 05:06:07")
    path = raf_with_preview(tmp_path / "a.RAF", jpeg(noise(600, 400)), info=info, orientation=6)
    for seen in (read_summary(path), read_exif_summary(path)):
        assert (seen.info.taken_at, seen.orientation, seen.not_xtrans) == ("2026:03:04 05:06:07", 6, "")
    assert read_summary(path).jpeg == embedded_preview(path)


def test_a_bayer_raf_has_a_preview_and_is_named(raf: Path) -> None:
    raf.write_bytes(replace_tag(raf.read_bytes(), 0x131, 0x7777))
    assert "Bayer" in read_summary(raf).not_xtrans
    assert read_summary(raf).jpeg


@pytest.mark.parametrize(("share", "words"), [(0, "empty"), (0.001, "incomplete"), (0.9, "incomplete")])
def test_a_broken_file_is_told_without_its_raw_data(raf: Path, share: float, words: str) -> None:
    data = raf.read_bytes()
    raf.write_bytes(data[: int(len(data) * share)])
    for look in (read_summary, read_exif_summary, embedded_preview):
        with pytest.raises(UnsupportedRaw, match=words):
            look(raf)


def test_folders_and_files_that_are_gone_have_no_preview(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedRaw, match="is a folder"):
        read_summary(tmp_path)
    with pytest.raises(UnsupportedRaw, match="no such file"):
        read_summary(tmp_path / "gone.RAF")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_is_upright(orientation: int) -> None:
    upright = Image.new("RGB", (640, 320), (20, 20, 20))
    upright.paste((230, 230, 230), (0, 0, 160, 80))  # bright where upright left and top meet
    turns = Image.Transpose
    # What the sensor saw, such that the turn that Exif asks for gives the upright picture.
    inverse = {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_90,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_270,
    }
    seen = upright.transpose(inverse[orientation]) if orientation > 1 else upright
    small = thumbnail(NOWHERE, jpeg(seen), orientation, 160)
    assert small.shape == (80, 160, 3)
    assert small[5, 10].min() > 200
    for corner in ((5, 150), (75, 10), (75, 150)):
        assert small[corner].max() < 50


def test_a_small_preview_is_not_enlarged() -> None:
    assert thumbnail(NOWHERE, jpeg(noise(60, 40)), 1, 320).shape == (40, 60, 3)


def test_sharpness_falls_with_blur() -> None:
    picture = noise(500, 300)
    scores = [preview_sharpness(NOWHERE, jpeg(picture.filter(ImageFilter.GaussianBlur(r)))) for r in (0, 1, 2, 4)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 10 * scores[-1]
    assert preview_sharpness(NOWHERE, jpeg(Image.new("RGB", (500, 300), (90, 90, 90)))) == 0


def test_sharpness_of_a_known_edge() -> None:
    # Columns 0 0 … 1 1 with a step of 200 codes: the Laplacian is ±200 in two of the columns, else 0.
    columns = np.zeros((64, 66), np.uint8)
    columns[:, 32:] = 200
    blocks = jpeg(Image.fromarray(np.repeat(columns[..., None], 3, -1)))
    assert preview_sharpness(NOWHERE, blocks) == pytest.approx(200**2 * 2 / 64, rel=0.02)


def test_a_damaged_preview_is_told() -> None:
    with pytest.raises(UnsupportedRaw, match="damaged preview"):
        thumbnail(NOWHERE, jpeg(noise(400, 300))[:5000], 1, 320)
    with pytest.raises(UnsupportedRaw, match="damaged preview"):
        preview_sharpness(NOWHERE, b"\xff\xd8\xff")


def adobe_rgb(picture: Image.Image, interoperability: str = "R03") -> bytes:
    """A JPEG as cameras write it that are set to Adobe RGB: no profile, told in Exif only."""
    exif = Image.Exif()
    own = exif.get_ifd(ExifTags.IFD.Exif)
    own[ExifTags.Base.ColorSpace] = 65535
    own[ExifTags.IFD.Interop] = {1: interoperability}
    data = io.BytesIO()
    picture.save(data, format="JPEG", quality=95, exif=exif)
    return data.getvalue()


def srgb_of_adobe(codes: tuple[int, int, int]) -> np.ndarray:
    """Adobe RGB (1998): gamma 563/256, the primaries of sRGB but for green."""
    xy = np.array([(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)])
    columns = np.stack([xy[:, 0] / xy[:, 1], np.ones(3), (1 - xy.sum(axis=1)) / xy[:, 1]])
    to_xyz = columns * np.linalg.solve(columns, [0.3127 / 0.3290, 1, 0.3583 / 0.3290])
    linear = np.linalg.inv(rgb_to_xyz("srgb")) @ to_xyz @ (np.array(codes) / 255) ** (563 / 256)
    return np.rint(srgb_encode(np.clip(linear, 0, 1)) * 255).astype(int)


@pytest.mark.parametrize("adobe", [(128, 128, 128), (180, 90, 60), (130, 160, 140), (60, 70, 150)])
def test_adobe_rgb_becomes_srgb(adobe: tuple[int, int, int]) -> None:
    small = thumbnail(NOWHERE, adobe_rgb(Image.new("RGB", (64, 48), adobe)), 1, 320)
    assert np.abs(small.astype(int) - srgb_of_adobe(adobe)).max() <= 2


def test_other_interoperability_is_no_adobe_rgb() -> None:
    small = thumbnail(NOWHERE, adobe_rgb(Image.new("RGB", (64, 48), (180, 90, 60)), "R98"), 1, 320)
    assert np.abs(small.astype(int) - (180, 90, 60)).max() <= 2


def test_a_profile_counts_and_a_broken_one_does_not() -> None:
    picture, converted = Image.new("RGB", (64, 48), (180, 90, 60)), srgb_of_adobe((180, 90, 60))
    for profile, expected in ((bytes(cms_profile("adobergb")), converted), (b"no profile", (180, 90, 60))):
        data = io.BytesIO()
        picture.save(data, format="JPEG", quality=95, icc_profile=profile)
        assert np.abs(thumbnail(NOWHERE, data.getvalue(), 1, 320).astype(int) - expected).max() <= 2


@pytest.mark.parametrize("adobe", [True, False])
def test_the_preview_of_a_dng_is_in_the_colours_that_the_dng_says(tmp_path: Path, adobe: bool) -> None:
    codes = np.array([40, 160, 60])
    scene = np.broadcast_to(srgb_decode((codes / 255).astype(np.float32)), (200, 300, 3))
    write_camera_dng(tmp_path / "a.dng", scene, "X-T3", "cropped", adobe_rgb=adobe, noisy=False)
    write_camera_raf(tmp_path / "a.RAF", scene, "X-T3", noisy=False)
    ours, cameras = (
        thumbnail(NOWHERE, embedded_preview(tmp_path / name), 1, 320).astype(int) for name in ("a.dng", "a.RAF")
    )
    assert np.abs(ours[100, 150] - cameras[100, 150]).max() <= 8  # Adobe RGB holds no more of this green


def test_a_preview_that_is_no_jpeg_gets_no_profile() -> None:
    assert in_adobe_rgb(b"\0\1") == b"\0\1"


def test_without_a_preview_that_is_told() -> None:
    for judge in (lambda: thumbnail(NOWHERE, b"", 1, 320), lambda: preview_sharpness(NOWHERE, b"")):
        with pytest.raises(UnsupportedRaw, match="no JPEG preview"):
            judge()


def test_only_jpegs_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pillow hands PostScript to Ghostscript: another program would run what a file says.
    script = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n%%EOF\n"
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("a program was started"))
    with pytest.raises(UnsupportedRaw, match="damaged preview"):
        thumbnail(NOWHERE, script, 1, 320)
