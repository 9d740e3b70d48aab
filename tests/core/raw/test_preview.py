"""Thumbnails and sharpness of embedded previews, and how little of a file is read for them."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.core.conftest import replace_tag, textured
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import CaptureInfo
from xtdm_core.raw.preview import sharpness, thumbnail
from xtdm_core.raw.reader import embedded_preview, glance, glance_at_exif
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
    assert glance_at_exif(path).jpeg == preview[: 1 << 17]
    assert CountingFile.total < (1 << 17) + 1000 < len(preview)


def test_the_exif_comes_along(tmp_path: Path) -> None:
    info = CaptureInfo("FUJIFILM", "X-T1", taken_at="2026:03:04 05:06:07")
    path = raf_with_preview(tmp_path / "a.RAF", jpeg(noise(600, 400)), info=info, orientation=6)
    for seen in (glance(path), glance_at_exif(path)):
        assert (seen.taken_at, seen.orientation, seen.not_xtrans) == ("2026:03:04 05:06:07", 6, "")
    assert glance(path).jpeg == embedded_preview(path)


def test_a_bayer_raf_has_a_preview_and_is_named(raf: Path) -> None:
    raf.write_bytes(replace_tag(raf.read_bytes(), 0x131, 0x7777))
    assert "Bayer" in glance(raf).not_xtrans
    assert glance(raf).jpeg


@pytest.mark.parametrize(("share", "words"), [(0, "empty"), (0.001, "cut short"), (0.9, "cut short")])
def test_a_broken_file_is_told_without_its_raw_data(raf: Path, share: float, words: str) -> None:
    data = raf.read_bytes()
    raf.write_bytes(data[: int(len(data) * share)])
    for look in (glance, glance_at_exif, embedded_preview):
        with pytest.raises(UnsupportedRaw, match=words):
            look(raf)


def test_folders_and_files_that_are_gone_have_no_preview(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedRaw, match="is a folder"):
        glance(tmp_path)
    with pytest.raises(UnsupportedRaw, match="no such file"):
        glance(tmp_path / "gone.RAF")


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
    scores = [sharpness(NOWHERE, jpeg(picture.filter(ImageFilter.GaussianBlur(r)))) for r in (0, 1, 2, 4)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 10 * scores[-1]
    assert sharpness(NOWHERE, jpeg(Image.new("RGB", (500, 300), (90, 90, 90)))) == 0


def test_sharpness_of_a_known_edge() -> None:
    # Columns 0 0 … 1 1 with a step of 200 codes: the Laplacian is ±200 in two of the columns, else 0.
    columns = np.zeros((64, 66), np.uint8)
    columns[:, 32:] = 200
    blocks = jpeg(Image.fromarray(np.repeat(columns[..., None], 3, -1)))
    assert sharpness(NOWHERE, blocks) == pytest.approx(200**2 * 2 / 64, rel=0.02)


def test_a_damaged_preview_is_told() -> None:
    with pytest.raises(UnsupportedRaw, match="damaged preview"):
        thumbnail(NOWHERE, jpeg(noise(400, 300))[:5000], 1, 320)
    with pytest.raises(UnsupportedRaw, match="damaged preview"):
        sharpness(NOWHERE, b"\xff\xd8\xff")
