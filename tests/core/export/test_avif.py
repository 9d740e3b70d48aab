"""HDR AVIF, read back by other libraries and by a small parser of its boxes."""

import struct
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests.core.export.rich import METADATA, RICH
from xtdm_core import __version__
from xtdm_core.errors import WriteFailed
from xtdm_core.export.avif import HLG, SRGB, read_avif, with_items, write_avif
from xtdm_core.export.metadata import NOTHING, Metadata


def steps() -> np.ndarray:
    """Flat patches of 40 px, 10-bit grey codes."""
    codes = np.linspace(0, 1023, 12).astype(np.uint16)
    return np.ascontiguousarray(np.broadcast_to(codes.repeat(40)[None, :, None], (64, 480, 3)))


def write(
    target: Path,
    chroma: str = "444",
    cicp: tuple[int, int, int] = HLG,
    metadata: Metadata = METADATA,
    quality: int = 90,
) -> None:
    write_avif(target, steps(), cicp, metadata, chroma=chroma, quality=quality, speed=8, overwrite=False)


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
    write(tmp_path / "a.avif", chroma)
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
    write(tmp_path / "a.avif", chroma)
    decoded = imagecodecs.avif_decode((tmp_path / "a.avif").read_bytes())
    assert decoded.dtype == np.uint16
    middle = slice(20, None, 40)
    assert np.abs(decoded[20:40, middle].astype(int) - steps()[20:40, middle]).max() <= 1


def test_pillow_reads_the_picture_the_exif_and_the_xmp(tmp_path: Path) -> None:
    write(tmp_path / "a.avif")
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
        assert shot[37500] == RICH.shot[37500].data
        assert exif.get_ifd(0x8825)[6] == 35
        assert b"Scene-referred HLG" in image.info["xmp"]
        assert "icc_profile" not in image.info


def test_an_sdr_picture_is_srgb(tmp_path: Path) -> None:
    write(tmp_path / "a.avif", cicp=SRGB)
    data = (tmp_path / "a.avif").read_bytes()
    colr = find_box(data, [b"meta", b"iprp", b"ipco", b"colr"])
    assert struct.unpack(">3HB", colr[4:11]) == (1, 13, 6, 0x80)
    found = read_avif(data)
    assert (found.colour, found.bits) == ("sRGB (1/13/6, full range)", 10)
    assert b"HLG" not in found.xmp
    assert found.exif.interop == RICH.interop


def test_no_metadata_leaves_no_trace(tmp_path: Path) -> None:
    write(tmp_path / "a.avif", metadata=NOTHING)
    data = (tmp_path / "a.avif").read_bytes()
    assert b"Exif" not in data
    assert b"rdf" not in data


@pytest.mark.parametrize("quality", [1, 100])
def test_every_quality_passes_the_check(tmp_path: Path, quality: int) -> None:
    noise = np.random.default_rng(0).integers(0, 1024, (64, 96, 3)).astype(np.uint16)
    target = tmp_path / "a.avif"
    write_avif(target, noise, HLG, METADATA, chroma="420", quality=quality, speed=10, overwrite=False)
    assert target.exists()


def test_a_file_that_came_out_wrong_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, rng = imagecodecs.avif_encode, np.random.default_rng(0)
    (tmp_path / "a.avif").write_text("mine")
    for wrong, word in (
        (lambda codes, **how: other(codes[::-1].copy(), **how), "pixels"),
        (lambda codes, **how: other(codes[:-2].copy(), **how), "height"),
        (lambda codes, **how: other(codes, **{**how, "transfer": 16}), "colour"),
        (lambda codes, **how: other(codes, **how)[:-2000] + bytes(2000), "damaged|pixels"),
    ):
        monkeypatch.setattr(imagecodecs, "avif_encode", wrong)
        codes = (np.linspace(0, 900, 64 * 96).reshape(64, 96, 1) + rng.integers(0, 99, (64, 96, 3))).astype(np.uint16)
        with pytest.raises(WriteFailed, match=f"read back, .*({word})"):
            write_avif(tmp_path / "a.avif", codes, HLG, METADATA, chroma="444", quality=90, speed=10, overwrite=True)
        assert [path.name for path in tmp_path.iterdir()] == ["a.avif"]
        assert (tmp_path / "a.avif").read_text() == "mine"


def test_metadata_leaves_the_pixels_alone() -> None:
    picture = bytes(imagecodecs.avif_encode(steps(), level=80, speed=8, bitspersample=10, pixelformat="444"))
    longer = with_items(picture, [(b"mime", b"text/plain", bytes(1001))])
    assert np.array_equal(imagecodecs.avif_decode(longer), imagecodecs.avif_decode(picture))


def test_an_existing_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a.avif").write_text("mine")
    with pytest.raises(WriteFailed):
        write(tmp_path / "a.avif")
    assert (tmp_path / "a.avif").read_text() == "mine"


def test_one_picture_is_encoded_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encode, working, most = imagecodecs.avif_encode, [0], [0]

    def encoding(*rest: object, **how: object) -> bytes:
        working[0] += 1
        most[0] = max(most[0], working[0])
        time.sleep(0.1)
        working[0] -= 1
        return encode(*rest, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(imagecodecs, "avif_encode", encoding)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(write, [tmp_path / f"{i}.avif" for i in range(3)]))
    assert most == [1]
    assert len(list(tmp_path.iterdir())) == 3
