"""Ordinary pictures: only pictures are decoded, and none that would fill the memory."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import EpsImagePlugin, Image

from xtdm_core.errors import BadImage
from xtdm_core.images import read_codes, read_srgb8


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims to be so large."""
    chunks = [
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
    packed = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (60_000, 60_000)])
def test_a_small_file_of_gigabytes_is_refused(tmp_path: Path, width: int, height: int) -> None:
    (tmp_path / "a.png").write_bytes(png_of(width, height))
    with pytest.raises(BadImage, match="pixels"):
        read_srgb8(tmp_path / "a.png")


def test_a_tiff_of_gigabytes_is_refused(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((16, 16, 3), np.uint16))
    data = bytearray((tmp_path / "a.tif").read_bytes())
    for tag in (256, 257):
        at = data.index(struct.pack("<2HI", tag, 4, 1))
        struct.pack_into("<I", data, at + 8, 40_000)
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(BadImage, match="1600 megapixels"):
        read_codes(tmp_path / "a.tif")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_postscript_starts_no_other_program(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("a program was started"))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n%%EOF\n")
    with pytest.raises(BadImage):
        read_srgb8(path)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_grey_tiff_is_grey(tmp_path: Path, dtype: type) -> None:
    level = {np.uint8: 100, np.uint16: 100 * 257, np.float32: 0.5}[dtype]
    tifffile.imwrite(tmp_path / "a.tif", np.full((20, 24), level, dtype))
    codes = read_codes(tmp_path / "a.tif")
    assert codes.shape == (20, 24, 3)
    assert codes == pytest.approx(187.5 if dtype is np.float32 else 100, abs=0.1)


def test_all_kinds_that_are_listed_are_read(tmp_path: Path) -> None:
    picture = Image.new("RGB", (32, 24), (120, 130, 140))
    for suffix in (".avif", ".png", ".jpg", ".webp", ".tif"):
        picture.save(tmp_path / f"a{suffix}", quality=95)
        assert np.abs(read_srgb8(tmp_path / f"a{suffix}").astype(int) - (120, 130, 140)).max() <= 2
