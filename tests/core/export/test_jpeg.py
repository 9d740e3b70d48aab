"""Ultra HDR JPEGs: the SDR picture in Pillow, the HDR rendition in libultrahdr, and the bytes between."""

import os
import struct
from io import BytesIO
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import _getmp

from tests.core.export.rich import METADATA, RICH
from xtdm_core.choices import QUALITY, Format, ToneCurve
from xtdm_core.develop.color import (
    apply_matrix,
    rec2020_to_srgb,
    srgb_decode,
    srgb_encode,
    srgb_to_p3,
    srgb_to_rec2020,
)
from xtdm_core.develop.hdr_rendition import render_hdr_p3
from xtdm_core.develop.tone import Look, tone_map_srgb
from xtdm_core.errors import WriteFailed
from xtdm_core.evaluation.color_difference import ciede2000, cielab
from xtdm_core.export import jpeg, xmp
from xtdm_core.export.exif import Entry, Exif, parse_exif
from xtdm_core.export.gain_map import make_gain_map
from xtdm_core.export.jpeg import read_jpeg, write_jpeg
from xtdm_core.export.metadata import NOTHING, Metadata
from xtdm_core.export.profiles import display_p3_profile, profile_name, srgb_profile
from xtdm_core.export.verify import verify
from xtdm_core.jpeg_segments import APP1, APP2, XMP_NAME, find_payload, read_segments


def scene() -> np.ndarray:
    """Linear BT.2020 f32 [120, 200, 3]: smooth colours from black to 2.5 EV above diffuse white, and flat ones."""
    y, x = np.mgrid[:120, :200].astype(np.float32)
    light = np.exp2(x / 20 - 7.5)
    return np.stack([light * (0.5 + y / 240), light, light * (1 - y / 240)], -1).astype(np.float32)


def renditions() -> tuple[np.ndarray, np.ndarray]:
    """(SDR codes u8 in Display P3, HDR light in linear Display P3)."""
    sdr = srgb_encode(apply_matrix(srgb_to_p3(), tone_map_srgb(scene(), Look())))
    return np.rint(sdr * 255).astype(np.uint8), render_hdr_p3(scene(), Look())


def ultra_hdr(folder: Path, metadata: Metadata = METADATA, quality: int = 96, chroma: str = "444") -> bytes:
    picture, hdr = renditions()
    write_jpeg(folder / "a.jpg", picture, hdr, metadata, chroma=chroma, quality=quality, overwrite=True)
    return (folder / "a.jpg").read_bytes()


def test_libultrahdr_shows_both_renditions(tmp_path: Path) -> None:
    data = ultra_hdr(tmp_path)
    picture, hdr = renditions()
    assert imagecodecs.ultrahdr_check(data)
    sdr = imagecodecs.ultrahdr_decode(data, boost=1.0)[..., :3].astype(np.float32)
    assert np.abs(sdr - srgb_decode(picture / np.float32(255))).mean() < 0.004
    whole = imagecodecs.ultrahdr_decode(data)[..., :3].astype(np.float32)
    bright = hdr.min(axis=-1) > 0.05
    assert np.abs(np.log2(whole[bright] / hdr[bright])).mean() < 0.03
    above = hdr.min(axis=-1) > 1
    assert above.sum() > 1000
    assert np.abs(np.log2(whole[above] / hdr[above])).mean() < 0.03
    between = imagecodecs.ultrahdr_decode(data, boost=2.0)[..., :3].astype(np.float32)
    assert sdr[above].mean() < between[above].mean() < whole[above].mean()


def test_other_programs_show_the_sdr_picture(tmp_path: Path) -> None:
    data = ultra_hdr(tmp_path)
    with Image.open(BytesIO(data)) as image:
        assert profile_name(image.info["icc_profile"]) == "Display P3"
        assert np.abs(np.asarray(image).astype(int) - renditions()[0]).mean() < 1
        exif = image.getexif()
        assert (exif[271], exif[274]) == ("FUJIFILM", 1)
        assert exif.get_ifd(0x8769)[37500] == RICH.shot[37500].data
        assert b"SourceSHA256" in image.info["xmp"]


def test_the_container_says_one_thing_everywhere(tmp_path: Path) -> None:
    data = ultra_hdr(tmp_path)
    segments = list(read_segments(data))
    assert [(marker, payload.split(b"\0")[0][:12]) for marker, _, payload in segments if 0xE0 <= marker <= 0xEF] == [
        (APP1, b"Exif"), (APP1, b"http://ns.ad"), (APP2, b"urn:iso:std:"), (APP2, b"ICC_PROFILE"), (APP2, b"MPF"),
    ]  # fmt: skip
    assert segments[-1][2].startswith(b"MPF\0")
    with Image.open(BytesIO(data)) as image:
        index = _getmp(image)
        assert index[0xB001] == 2
        entries = index[0xB002]
    second = data[-entries[1]["Size"] :]
    assert entries[0]["Size"] + entries[1]["Size"] == len(data)
    assert second.startswith(b"\xff\xd8")
    directory = xmp.parse_xmp(find_payload(data, APP1, XMP_NAME))[f"{xmp.CONTAINER}Directory"]
    assert [one.get(f"{xmp.ITEM}Length") for one in directory.iter(f"{xmp.CONTAINER}Item")] == [None, str(len(second))]
    assert not [1 for _, _, payload in read_segments(second) if payload.startswith(b"ICC_PROFILE")]


def test_iso_and_xmp_agree_on_the_gains(tmp_path: Path) -> None:
    data = ultra_hdr(tmp_path)
    second = jpeg._second_picture(data)
    payload = find_payload(second, APP2, b"urn:iso:std:iso:ts:21496:-1\0")
    assert (len(payload), payload[:5]) == (141, bytes([0, 0, 0, 0, 0xC0]))
    numbers = struct.unpack(">34i", payload[5:])
    values = [a / b for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
    said = xmp.parse_xmp(find_payload(second, APP1, XMP_NAME))
    gains = make_gain_map(*renditions())
    assert values[:2] == pytest.approx([0, np.log2(renditions()[1].max())], abs=1e-5)
    assert float(xmp.value_of(said, f"{xmp.HDRGM}HDRCapacityMax")) == pytest.approx(values[1], abs=1e-5)
    for channel in range(3):
        low, high, gamma, *offsets = values[2 + 5 * channel : 7 + 5 * channel]
        assert (low, high) == pytest.approx((gains.low[channel], gains.high[channel]), abs=1e-5)
        assert (gamma, *offsets) == (1, 1 / 64, 1 / 64)
    stated = [float(one) for one in xmp.value_of(said, f"{xmp.HDRGM}GainMapMax").split("; ")]
    assert stated == pytest.approx(list(gains.high), abs=1e-5)


def test_below_the_shoulder_nothing_is_gained() -> None:
    gains = make_gain_map(*renditions())
    ev = gains.low + gains.codes / 255 * (gains.high - gains.low)
    dark = renditions()[1].max(axis=-1) < 0.5
    assert np.abs(ev[dark]).mean() < 0.05
    assert np.median(ev[renditions()[1].min(axis=-1) > 2.5]) > 1


def test_a_plain_jpeg_is_srgb(tmp_path: Path) -> None:
    picture = np.rint(srgb_encode(tone_map_srgb(scene(), Look())) * 255).astype(np.uint8)
    write_jpeg(tmp_path / "a.jpg", picture, None, METADATA, chroma="444", quality=96, overwrite=False)
    data = (tmp_path / "a.jpg").read_bytes()
    found = read_jpeg(data)
    assert (found.colour, found.extras) == ("sRGB built-in", ())
    assert found.exif.interop == RICH.interop
    assert b"MPF\0" not in data
    assert b"hdrgm" not in data


@pytest.mark.parametrize(("quality", "chroma"), [(1, "420"), (1, "444"), (100, "444")])
def test_every_quality_passes_the_check(tmp_path: Path, quality: int, chroma: str) -> None:
    assert imagecodecs.ultrahdr_check(ultra_hdr(tmp_path, quality=quality, chroma=chroma))


def test_without_metadata_the_map_is_still_found(tmp_path: Path) -> None:
    data = ultra_hdr(tmp_path, NOTHING)
    assert imagecodecs.ultrahdr_check(data)
    assert b"Exif\0" not in data
    assert b"xtdm" not in data


def test_what_has_no_room_is_left_out_and_told(tmp_path: Path) -> None:
    huge = {**METADATA.properties, "{urn:x/}mask": xmp.plain("{urn:x/}mask", "m" * 70_000)}
    note = Entry(7, 65_000, bytes(65_000))
    metadata = Metadata(Exif(RICH.main, {**RICH.shot, 37500: note}, RICH.gps), huge)
    picture, hdr = renditions()
    notes = write_jpeg(tmp_path / "a.jpg", picture, hdr, metadata, chroma="444", quality=90, overwrite=False)
    assert [note.partition(" was left out")[0] for note in notes] == ["the maker note", "mask of the XMP"]
    assert b"SourceSHA256" in read_jpeg((tmp_path / "a.jpg").read_bytes()).xmp


def test_nothing_above_white_makes_no_map() -> None:
    picture, hdr = renditions()
    with pytest.raises(ValueError, match="headroom"):
        make_gain_map(picture, hdr / hdr.max())


@pytest.mark.parametrize("part", [0.3, 0.7, 0.9, 0.999])
def test_cut_short_it_is_damaged(tmp_path: Path, part: float) -> None:
    data = ultra_hdr(tmp_path)
    with pytest.raises((ValueError, OSError)):
        list(read_jpeg(data[: int(len(data) * part)]).blocks(1))


def test_a_file_that_came_out_wrong_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = jpeg._encode
    monkeypatch.setattr(jpeg, "_encode", lambda picture, *how: encode(picture[::-1].copy(), *how))
    with pytest.raises(WriteFailed, match="read back, its pixels differ"):
        ultra_hdr(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_profiles_know_their_green() -> None:
    from PIL import ImageCms

    srgb, p3 = (ImageCms.ImageCmsProfile(BytesIO(data)) for data in (srgb_profile(), display_p3_profile()))
    green = Image.new("RGB", (1, 1), (0, 255, 0))
    transform = ImageCms.buildTransform(srgb, p3, "RGB", "RGB")
    assert ImageCms.applyTransform(green, transform).getpixel((0, 0)) == (117, 251, 76)
    own = srgb_encode(apply_matrix(srgb_to_p3(), np.float32([[0, 1, 0]]))) * 255
    assert np.rint(own).astype(int).tolist() == [[117, 251, 76]]
    assert np.allclose(apply_matrix(rec2020_to_srgb(), np.ones((1, 3), np.float32)), 1)
    assert parse_exif(b"") == Exif()


@pytest.mark.parametrize("chroma", ["444", "420"])
def test_pure_noise_is_written_whatever_room_it_takes(tmp_path: Path, chroma: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (240, 301, 3), np.uint8)
    write_jpeg(tmp_path / "a.jpg", noise, None, NOTHING, chroma=chroma, quality=100, overwrite=False)
    assert verify(tmp_path / "a.jpg").startswith("JPEG, 301×240, 8 bits")


@pytest.mark.photos
@pytest.mark.skipif("XTDM_PHOTOS" not in os.environ, reason="XTDM_PHOTOS names no folder of photographs")
def test_the_default_quality_keeps_both_renditions_of_photographs_within_1(tmp_path: Path) -> None:
    to_srgb = np.linalg.inv(srgb_to_p3()).T
    off = []
    for path in sorted((Path(os.environ["XTDM_PHOTOS"]) / "val").glob("*.png"))[::3]:
        light = srgb_decode(np.asarray(Image.open(path).convert("RGB")) / np.float32(255)) * np.float32(1.8)
        rec2020, look = apply_matrix(srgb_to_rec2020(), light).astype(np.float32), Look(tone_curve=ToneCurve.NEUTRAL)
        hdr, sdr = render_hdr_p3(rec2020, look), apply_matrix(srgb_to_p3(), tone_map_srgb(rec2020, look))
        codes = np.rint(srgb_encode(sdr) * 255).astype(np.uint8)
        target = tmp_path / f"{path.stem}.jpg"
        write_jpeg(target, codes, hdr, NOTHING, chroma="444", quality=QUALITY[Format.JPEG], overwrite=False)
        below = hdr.max(axis=-1) <= 1
        for boost, meant in ((1.0, sdr), (8.0, hdr)):
            found = imagecodecs.ultrahdr_decode(target.read_bytes(), boost=boost)[..., :3].astype(np.float64)
            labs = [cielab(np.maximum(p3, 0) @ to_srgb) for p3 in (found[below], meant[below].astype(np.float64))]
            off.append(ciede2000(*labs).mean())
    sdr_off, hdr_off = np.mean(off[::2]), np.mean(off[1::2])
    assert max(sdr_off, hdr_off) < 1
