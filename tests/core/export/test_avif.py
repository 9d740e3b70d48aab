"""HDR AVIF, read back by other libraries and by a small parser of its boxes."""

import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.core.conftest import INFO
from xtdm_core import __version__
from xtdm_core.errors import WriteFailed
from xtdm_core.export.avif import with_items, write_hlg_avif


def steps() -> np.ndarray:
    """Flat patches of 40 px, 10-bit grey codes."""
    codes = np.linspace(0, 1023, 12).astype(np.uint16)
    return np.ascontiguousarray(np.broadcast_to(codes.repeat(40)[None, :, None], (64, 480, 3)))


def find_box(data: bytes, path: list[bytes]) -> bytes:
    """The content of a nested box."""
    at, end = 0, len(data)
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == path[0]:
            content = data[at + 8 : at + size]
            if len(path) == 1:
                return content
            return find_box(content[4:] if kind == b"meta" else content, path[1:])
        at += size
    raise AssertionError(path)


@pytest.mark.parametrize(("chroma", "subsampling"), [("444", 0), ("420", 0x0C)])
def test_ten_bits_cicp_9_18_9_full_range(tmp_path: Path, chroma: str, subsampling: int) -> None:
    write_hlg_avif(tmp_path / "a.avif", steps(), chroma, 90, INFO, False)
    data = (tmp_path / "a.avif").read_bytes()
    colr = find_box(data, [b"meta", b"iprp", b"ipco", b"colr"])
    assert colr[:4] == b"nclx"
    assert struct.unpack(">3HB", colr[4:11]) == (9, 18, 9, 0x80)
    assert find_box(data, [b"meta", b"iprp", b"ipco", b"pixi"])[-3:] == bytes([10, 10, 10])
    av1c = find_box(data, [b"meta", b"iprp", b"ipco", b"av1C"])
    assert av1c[2] & 0x40, "high bit depth"
    assert av1c[2] & 0x0C == subsampling


@pytest.mark.parametrize("chroma", ["444", "420"])
def test_flat_codes_come_back_within_one(tmp_path: Path, chroma: str) -> None:
    write_hlg_avif(tmp_path / "a.avif", steps(), chroma, 90, INFO, False)
    decoded = imagecodecs.avif_decode((tmp_path / "a.avif").read_bytes())
    assert decoded.dtype == np.uint16
    middle = slice(20, None, 40)
    assert np.abs(decoded[20:40, middle].astype(int) - steps()[20:40, middle]).max() <= 1


def test_pillow_reads_the_picture_the_exif_and_the_xmp(tmp_path: Path) -> None:
    write_hlg_avif(tmp_path / "a.avif", steps(), "444", 90, INFO, False)
    with Image.open(tmp_path / "a.avif") as image:
        image.load()
        assert image.size == (480, 64)
        exif = image.getexif()
        shot = exif.get_ifd(0x8769)
        assert (exif[271], exif[272], exif[274]) == ("FUJIFILM", "X-T1", 1)
        assert exif[305] == f"XTDM {__version__}"
        assert float(shot[33434]) == pytest.approx(1 / 250)
        assert (float(shot[33437]), shot[34855], shot[42036]) == (5.6, 400, "XF35mmF1.4 R")
        assert shot[36867] == "2026:01:02 03:04:05"
        assert b"Scene-referred HLG" in image.info["xmp"]
        assert "icc_profile" not in image.info


def test_metadata_leaves_the_pixels_alone() -> None:
    picture = bytes(imagecodecs.avif_encode(steps(), level=80, speed=8, bitspersample=10, pixelformat="444"))
    longer = with_items(picture, [(b"mime", b"text/plain", bytes(1001))])
    assert np.array_equal(imagecodecs.avif_decode(longer), imagecodecs.avif_decode(picture))


def test_an_existing_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a.avif").write_text("mine")
    with pytest.raises(WriteFailed):
        write_hlg_avif(tmp_path / "a.avif", steps(), "444", 90, INFO, False)
    assert (tmp_path / "a.avif").read_text() == "mine"
