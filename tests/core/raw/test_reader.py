"""Reading: what is written comes back bit for bit; whatever is no X-Trans raw file is refused by name."""

import os
import struct
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from tests.core.conftest import INFO, replace_tag, textured, write_dng
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.frame import CaptureInfo
from xtdm_core.raw.reader import embedded_preview, read_exif_summary, read_raw, read_summary
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import CANONICAL, phases, tile_pattern


@pytest.mark.parametrize("number", range(18))
def test_round_trip_in_every_phase(tmp_path: Path, number: int) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel(cfa=phases()[number]))
    write_raf(tmp_path / "a.RAF", frame)
    again = read_raw(tmp_path / "a.RAF")
    assert np.array_equal(again.mosaic, frame.mosaic)
    assert np.array_equal(again.cfa, frame.cfa)


@pytest.mark.parametrize(("bits", "white"), [(12, 4095), (14, 16383)])
def test_bit_depth_sets_the_white_level(tmp_path: Path, bits: int, white: int) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel(bits=bits, black=255))
    write_raf(tmp_path / "a.RAF", frame)
    again = read_raw(tmp_path / "a.RAF")
    assert again.white == white
    assert np.array_equal(again.mosaic, frame.mosaic)
    assert (again.black == 255).all()


@pytest.mark.parametrize("bias", [-0.72, -1.72, -2.72, None])
def test_exposure_bias_comes_from_the_directory(tmp_path: Path, bias: float | None) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(66, 72), SensorModel(exposure_bias=bias)))
    assert read_raw(tmp_path / "a.RAF").exposure_bias == bias


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_told_and_the_mosaic_stays(tmp_path: Path, orientation: int) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel(orientation=orientation))
    write_raf(tmp_path / "a.RAF", frame)
    again = read_raw(tmp_path / "a.RAF")
    assert again.orientation == orientation
    assert np.array_equal(again.mosaic, frame.mosaic)


def test_white_balance_matrix_and_exif(raf: Path) -> None:
    frame = read_raw(raf)
    assert frame.info == INFO
    assert frame.wb == pytest.approx([1.95, 1, 1.65], abs=1e-3)
    assert frame.wb_source == "as shot"
    assert frame.xyz_to_cam[1] == pytest.approx([-0.4597, 1.2447, 0.2407], abs=1e-4)


def test_black_level_of_each_position_is_read(tmp_path: Path) -> None:
    black = 900 + 4 * np.arange(36, dtype=np.float32).reshape(6, 6)
    frame = replace(simulate_frame(textured(66, 72), SensorModel()), black=black)
    write_raf(tmp_path / "a.RAF", frame)
    assert np.array_equal(read_raw(tmp_path / "a.RAF").black, black)


def test_without_as_shot_balance_daylight_is_taken_and_said(tmp_path: Path) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel())
    write_raf(tmp_path / "a.RAF", replace(frame, wb=np.zeros(3)))
    again = read_raw(tmp_path / "a.RAF")
    assert again.wb_source == "daylight"
    assert np.array_equal(again.wb, again.daylight_wb)


def test_preview_is_a_jpeg(raf: Path) -> None:
    assert embedded_preview(raf)[:3] == b"\xff\xd8\xff"


def test_without_a_preview_that_is_said(raf: Path, tmp_path: Path) -> None:
    data = raf.read_bytes()
    at = struct.unpack_from(">I", data, 84)[0]
    raf.write_bytes(data[:at] + b"\0\0" + data[at + 2 :])
    write_dng(tmp_path / "a.dng", phases()[8])
    for path in (raf, tmp_path / "a.dng"):
        assert read_summary(path).jpeg == b""
        with pytest.raises(UnsupportedRaw, match="no JPEG preview"):
            embedded_preview(path)


def refused(path: Path) -> str:
    with pytest.raises(UnsupportedRaw) as caught:
        read_raw(path)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def made(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_not_a_file(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.RAF")
    assert "folder" in refused(tmp_path)


@pytest.mark.parametrize("name", ["a" * 300 + ".RAF", "a\0b.RAF"])
def test_impossible_names_are_refused(tmp_path: Path, name: str) -> None:
    assert "cannot be read" in refused(tmp_path / name)


def test_files_that_may_not_be_read_are_refused(raf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    # In a closed folder the first look at the path fails already.
    for method in ("stat", "read_bytes"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, forbidden)
            assert "you have no access to it" in refused(raf)


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8 exist on Linux only")
def test_a_name_that_is_not_utf8_is_read(raf: Path) -> None:
    odd = raf.rename(raf.with_name("odd\udcff.RAF"))
    assert read_raw(odd).info == INFO


def test_empty_and_foreign_files(tmp_path: Path) -> None:
    assert "empty" in refused(made(tmp_path / "a.RAF", b""))
    assert "neither" in refused(made(tmp_path / "b.RAF", b"hello, world"))
    Image.new("RGB", (64, 64)).save(tmp_path / "c.jpg")
    assert "JPEG" in refused((tmp_path / "c.jpg").rename(tmp_path / "c.RAF"))
    Image.new("RGB", (64, 64)).save(tmp_path / "d.tif")
    assert "TIFF" in refused(tmp_path / "d.tif")


@pytest.mark.parametrize("share", [0.001, 0.01, 0.5, 0.999])
def test_a_raf_cut_short_is_refused(raf: Path, share: float) -> None:
    data = raf.read_bytes()
    assert "incomplete" in refused(made(raf, data[: int(len(data) * share)]))


def test_a_bayer_raf_is_named(raf: Path) -> None:
    # X-Trans files are told by record 0x131; a camera with a Bayer sensor has none.
    assert "Bayer" in refused(made(raf, replace_tag(raf.read_bytes(), 0x131, 0x7777)))


def test_a_super_ccd_is_named(raf: Path) -> None:
    data = replace_tag(raf.read_bytes(), 0x131, 0x7777)
    assert "SuperCCD" in refused(made(raf, replace_tag(data, 0x110, 0x130)))


def test_a_junk_pattern_is_refused(tmp_path: Path) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel())
    write_raf(tmp_path / "a.RAF", replace(frame, cfa=np.full((6, 6), 1, np.uint8)))
    assert "X-Trans" in refused(tmp_path / "a.RAF")


@pytest.mark.parametrize("part", ["header", "directory", "index", "dng"])
def test_random_damage_never_leaks_another_error(tmp_path: Path, part: str) -> None:
    path = tmp_path / "a.RAF"
    if part == "dng":
        write_dng(path, phases()[8])
    else:
        write_raf(path, simulate_frame(textured(66, 72), SensorModel()))
    data = path.read_bytes()
    directory_at, directory_size, raw_at = struct.unpack_from(">3I", data, 92)
    start, stop = {
        "header": (16, 108),
        "directory": (directory_at, directory_at + directory_size),
        "index": (raw_at, raw_at + 400),
        "dng": (4, 600),
    }[part]
    rng = np.random.default_rng(0)
    for _ in range(60):
        broken = bytearray(data)
        for at in rng.integers(start, stop, 3):
            broken[at] = int(rng.choice([0, 1, 255, rng.integers(256)]))
        path.write_bytes(bytes(broken))
        try:
            read_raw(path)
        except UnsupportedRaw:
            continue


@pytest.mark.parametrize("tag", [0xF000, 0xF007])
def test_an_index_entry_without_values_is_damage(raf: Path, tag: int) -> None:
    data = bytearray(raf.read_bytes())
    entry = data.index(struct.pack("<H", tag), struct.unpack_from(">I", data, 100)[0])
    data[entry + 4 : entry + 8] = bytes(4)
    assert "index" in refused(made(raf, bytes(data)))


def test_an_exposure_bias_of_many_stops_is_damage(tmp_path: Path) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(66, 72), SensorModel(exposure_bias=-300.0)))
    assert "exposure bias" in refused(tmp_path / "a.RAF")


def test_an_xtrans_dng_is_read(tmp_path: Path) -> None:
    pattern = phases()[8]
    write_dng(tmp_path / "a.dng", pattern)
    frame = read_raw(tmp_path / "a.dng")
    assert np.array_equal(frame.cfa, pattern)
    assert np.array_equal(frame.mosaic, tifffile.imread(tmp_path / "a.dng"))
    assert frame.exposure_bias == pytest.approx(-0.72)
    assert frame.info.model == "X-T1"
    assert frame.wb == pytest.approx([1.95, 1, 1.65], abs=1e-3)
    assert (frame.black == 1024).all()
    assert frame.white == 16383


@pytest.mark.parametrize(
    ("pattern", "make", "word"),
    [
        (np.array([[0, 1], [1, 2]]), "FUJIFILM", "Bayer"),
        (np.ones((6, 6), int), "FUJIFILM", "not X-Trans"),
    ],
)
def test_other_dngs_are_named(tmp_path: Path, pattern: np.ndarray, make: str, word: str) -> None:
    write_dng(tmp_path / "a.dng", pattern, make)
    assert word in refused(tmp_path / "a.dng")


def test_a_linear_dng_is_named(tmp_path: Path) -> None:
    write_dng(tmp_path / "a.dng", CANONICAL, photometric=34892)
    assert "linear DNG" in refused(tmp_path / "a.dng")


def test_the_active_area_of_a_dng_starts_pattern_and_black_levels(tmp_path: Path) -> None:
    blacks = 900 + 4 * np.arange(36).reshape(6, 6)
    write_dng(tmp_path / "a.dng", phases()[5], area=(6, 12, 60, 71), blacks=blacks)
    frame = read_raw(tmp_path / "a.dng")
    assert frame.margins == (6, 12)
    assert np.array_equal(frame.mosaic, tifffile.imread(tmp_path / "a.dng")[6:60, 12:71])
    assert np.array_equal(frame.cfa, phases()[5])
    assert np.array_equal(frame.black, blacks)


@pytest.mark.parametrize(("tag", "kind"), [(33421, "H"), (33422, "B")])
def test_a_dng_pattern_with_too_few_values_is_refused(tmp_path: Path, tag: int, kind: str) -> None:
    write_dng(tmp_path / "a.dng", phases()[8])
    data = bytearray((tmp_path / "a.dng").read_bytes())
    entry = data.index(struct.pack("<2H", tag, {"B": 1, "H": 3}[kind]))
    struct.pack_into("<I", data, entry + 4, 1)
    refused(made(tmp_path / "a.dng", bytes(data)))


def test_a_dng_with_its_mosaic_behind_a_preview(tmp_path: Path) -> None:
    # The layout of DNG converters: the camera's tags and a JPEG in the first directory, the mosaic in a sub-directory.
    write_dng(tmp_path / "flat.dng", phases()[8])
    with tifffile.TiffFile(tmp_path / "flat.dng") as tiff:
        raw = tiff.asarray()
        tags = [(t.code, t.dtype, t.count, t.value, True) for t in tiff.pages.first.tags if t.code in (271, 272)]
        tags += [(t.code, t.dtype, t.count, t.value, True) for t in tiff.pages.first.tags if t.code > 33420]
    of_mosaic = (33421, 33422, 50713, 50714, 50717, 50829)
    with tifffile.TiffWriter(tmp_path / "a.dng") as writer:
        first = [tag for tag in tags if tag[0] not in of_mosaic]
        first += [(274, "H", 1, 8, True), (306, "s", 0, "2026:03:04 05:06:07", True)]
        preview = np.full((48, 64, 3), 118, np.uint8)
        writer.write(preview, subifds=1, photometric="ycbcr", compression="jpeg", metadata=None, extratags=first)
        second = [tag for tag in tags if tag[0] in of_mosaic]
        writer.write(raw, photometric=32803, metadata=None, extratags=second)
    frame = read_raw(tmp_path / "a.dng")
    assert np.array_equal(frame.mosaic, raw)
    assert np.array_equal(frame.cfa, phases()[8])
    assert frame.info.model == "X-T1"
    assert frame.exposure_bias == pytest.approx(-0.72)
    assert embedded_preview(tmp_path / "a.dng")[:3] == b"\xff\xd8\xff"
    assert read_exif_summary(tmp_path / "a.dng") == replace(read_summary(tmp_path / "a.dng"), jpeg=b"")
    assert read_summary(tmp_path / "a.dng").orientation == 8
    assert read_summary(tmp_path / "a.dng").info.taken_at == "2026:03:04 05:06:07"


def test_a_dng_cut_short_is_refused(tmp_path: Path) -> None:
    write_dng(tmp_path / "a.dng", phases()[8])
    data = (tmp_path / "a.dng").read_bytes()
    assert "incomplete" in refused(made(tmp_path / "a.dng", data[:-2000]))


def test_facts_the_file_does_not_state_stay_empty(tmp_path: Path) -> None:
    info = CaptureInfo("FUJIFILM", "X-T1")
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(66, 72), SensorModel(info=info)))
    assert read_raw(tmp_path / "a.RAF").info == info


@pytest.mark.parametrize("number", [0, 7, 17])
def test_wide_margins_do_not_spoil_the_pattern(tmp_path: Path, number: int) -> None:
    # rawpy's own pattern reads out of bounds here, as with the 1.25x crops of newer cameras.
    black = 900 + 4 * np.arange(36, dtype=np.float32).reshape(6, 6)
    frame = simulate_frame(textured(66, 72), SensorModel(cfa=phases()[number]))
    frame = replace(frame, black=black, raw_size=(96, 720), margins=(12, 630))
    write_raf(tmp_path / "a.RAF", frame)
    again = read_raw(tmp_path / "a.RAF")
    assert again.margins == (12, 630)
    assert again.raw_size == (96, 720)
    assert np.array_equal(again.cfa, frame.cfa)
    assert np.array_equal(again.mosaic, frame.mosaic)
    assert np.array_equal(again.black, black)


def test_the_mosaic_is_a_copy_that_outlives_the_file(raf: Path) -> None:
    frame = read_raw(raf)
    raf.unlink()
    assert int(frame.mosaic.max()) > 0
    assert tile_pattern(frame.cfa, 7, 7).shape == (7, 7)


@pytest.mark.parametrize("corner", [(13, 6), (1, 2), (0, 0)])
def test_the_whole_picture_of_the_camera_is_there(tmp_path: Path, corner: tuple[int, int]) -> None:
    # LibRaw rounds margins up to multiples of 6, and would leave out rows 13 to 17.
    frame = simulate_frame(textured(67, 71), SensorModel(cfa=phases()[3]))
    write_raf(tmp_path / "a.RAF", replace(frame, raw_size=(96, 90), margins=corner))
    again = read_raw(tmp_path / "a.RAF")
    assert again.margins == corner
    assert np.array_equal(again.mosaic, frame.mosaic)
    assert np.array_equal(again.cfa, frame.cfa)


def test_without_the_cameras_area_that_of_libraw_counts(tmp_path: Path) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel(cfa=phases()[3]))
    write_raf(tmp_path / "a.RAF", frame)
    data = replace_tag(replace_tag((tmp_path / "a.RAF").read_bytes(), 0x110, 0x7777), 0x111, 0x7778)
    again = read_raw(made(tmp_path / "a.RAF", data))
    assert np.array_equal(again.mosaic, frame.mosaic)
    assert np.array_equal(again.cfa, frame.cfa)


def test_an_area_beyond_the_readout_is_damage(tmp_path: Path) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(66, 72), SensorModel()))
    data = bytearray((tmp_path / "a.RAF").read_bytes())
    size_at = data.index(struct.pack(">2H", 0x111, 4), struct.unpack_from(">I", data, 92)[0]) + 4
    struct.pack_into(">2H", data, size_at, 67, 72)
    assert "size of its picture" in refused(made(tmp_path / "a.RAF", bytes(data)))


def test_a_camera_that_libraw_does_not_know_is_told_with_a_way_out(tmp_path: Path) -> None:
    frame = simulate_frame(textured(66, 72), SensorModel(info=CaptureInfo("FUJIFILM", "X-Z99")))
    write_raf(tmp_path / "a.RAF", frame)
    words = refused(tmp_path / "a.RAF")
    assert "X-Z99" in words
    assert "Adobe DNG Converter" in words


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
@pytest.mark.parametrize("suffix", [".RAF", ".dng"])
def test_pipes_and_devices_are_not_read(tmp_path: Path, suffix: str) -> None:
    pipe, device = tmp_path / f"pipe{suffix}", tmp_path / f"device{suffix}"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        assert "not an ordinary file" in refused(path)
        for look in (read_summary, read_exif_summary):
            with pytest.raises(UnsupportedRaw, match="not an ordinary file"):
                look(path)


def test_files_of_gigabytes_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.RAF").open("wb") as file:
        file.truncate(3 << 30)  # sparse
    assert "3072 MB" in refused(tmp_path / "a.RAF")


def test_the_file_is_read_once(raf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One that is swapped for a larger one between two readings would not fit what was read of it first.
    other = raf.with_name("other.RAF")
    write_raf(other, simulate_frame(textured(120, 132), SensorModel(info=INFO)))
    read_bytes = Path.read_bytes

    def read_and_swap(path: Path) -> bytes:
        data = read_bytes(path)
        other.replace(path)
        return data

    monkeypatch.setattr(Path, "read_bytes", read_and_swap)
    assert read_raw(raf).mosaic.shape == (606, 612)
