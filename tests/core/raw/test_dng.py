"""DNGs as other programs write them: areas, levels, matrices, white balance, exposure, and what is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile

from tests.core.conftest import Tag, write_dng
from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.develop.white_balance import light_of_gains
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.raw.reader import read_exif_summary, read_raw, read_summary
from xtdm_core.xtrans import phases

OWN = np.array([[13426, -6334, -1177], [-4244, 12136, 2371], [-580, 1303, 5980]])
OTHER = np.array([[8458, -2451, -855], [-4597, 12447, 2407], [-1475, 2482, 6526]])


def matrix(values: np.ndarray) -> Tag:
    return "2i", values.size, tuple(v for value in values.ravel().tolist() for v in (value, 10000))


def read(path: Path, **how: object):
    write_dng(path / "a.dng", phases()[8], **how)
    return read_raw(path / "a.dng")


@pytest.mark.parametrize("corner", [(3, 3), (1, 0), (8, 5)])
def test_an_active_area_off_the_grid_begins_pattern_and_levels(tmp_path: Path, corner: tuple[int, int]) -> None:
    blacks = 900 + 4 * np.arange(36).reshape(6, 6)
    frame = read(tmp_path, area=(*corner, 62, 71), blacks=blacks)
    assert np.array_equal(frame.mosaic, tifffile.imread(tmp_path / "a.dng")[corner[0] : 62, corner[1] : 71])
    assert np.array_equal(frame.cfa, phases()[8])
    assert np.array_equal(frame.black, blacks)
    assert frame.margins == corner


def test_the_default_crop_lies_in_the_active_area(tmp_path: Path) -> None:
    blacks = 900 + 4 * np.arange(36).reshape(6, 6)
    crop: dict[int, Tag | None] = {50719: ("2I", 2, (9, 2, 3, 1)), 50720: ("I", 2, (40, 35))}  # x 4.5, y 3
    frame = read(tmp_path, area=(2, 1, 66, 72), blacks=blacks, changed=crop)
    assert frame.mosaic.shape == (35, 40)
    assert frame.margins == (5, 6)
    assert np.array_equal(frame.mosaic, tifffile.imread(tmp_path / "a.dng")[5:40, 6:46])
    assert np.array_equal(frame.cfa, np.roll(phases()[8], (-3, -5), (0, 1)))
    assert np.array_equal(frame.black, np.roll(blacks, (-3, -5), (0, 1)))


def test_a_crop_beyond_the_active_area_is_none(tmp_path: Path) -> None:
    crop: dict[int, Tag | None] = {50719: ("I", 2, (40, 40)), 50720: ("I", 2, (72, 66))}
    assert read(tmp_path, changed=crop).mosaic.shape == (66, 72)


@pytest.mark.parametrize(("repeat", "levels"), [((1, 1), [700]), ((2, 3), [701, 702, 703, 704, 705, 706])])
def test_black_levels_repeat(tmp_path: Path, repeat: tuple[int, int], levels: list[int]) -> None:
    changed: dict[int, Tag | None] = {50713: ("H", 2, repeat), 50714: ("I", len(levels), tuple(levels))}
    expected = np.tile(np.reshape(levels, repeat), (6 // repeat[0], 6 // repeat[1]))
    assert np.array_equal(read(tmp_path, changed=changed).black, expected)


@pytest.mark.parametrize(("repeat", "level"), [(None, 0), ((4, 4), 811.5)])
def test_black_levels_missing_or_of_another_period(
    tmp_path: Path, repeat: tuple[int, int] | None, level: float
) -> None:
    levels = ("2I", 16, tuple(v for i in range(16) for v in (1608 + 2 * i, 2)))
    changed: dict[int, Tag | None] = {50713: repeat and ("H", 2, repeat), 50714: repeat and levels}
    assert (read(tmp_path, changed=changed).black == level).all()


def test_the_files_own_matrix_counts(tmp_path: Path) -> None:
    frame = read(tmp_path, changed={50721: matrix(OWN)})
    assert frame.xyz_to_cam == pytest.approx(OWN / 10000)


def test_a_camera_that_libraw_does_not_know_needs_no_more_than_its_dng(tmp_path: Path) -> None:
    changed: dict[int, Tag | None] = {272: ("s", 0, "X-Z99"), 50708: ("s", 0, "Fujifilm X-Z99"), 50721: matrix(OWN)}
    frame = read(tmp_path, changed=changed)
    assert frame.info.model == "X-Z99"
    assert demosaic_libraw(tmp_path / "a.dng", frame, "vng").shape == (66, 72, 3)


@pytest.mark.parametrize(("first", "second", "chosen"), [(17, 21, OTHER), (21, 17, OWN), (0, 23, OTHER), (20, 3, OWN)])
def test_of_two_matrices_that_for_the_light_nearer_to_d65_counts(
    tmp_path: Path, first: int, second: int, chosen: np.ndarray
) -> None:
    changed: dict[int, Tag | None] = {
        50721: matrix(OWN),
        50722: matrix(OTHER),
        50778: ("H", 1, first),
        50779: ("H", 1, second),
    }
    assert read(tmp_path, changed=changed).xyz_to_cam == pytest.approx(chosen / 10000)


def test_analog_balance_and_calibration_multiply_the_matrix(tmp_path: Path) -> None:
    calibration = np.diag([11000, 10000, 9500])
    balance = ("2I", 3, (2, 1, 1, 1, 3, 2))
    changed: dict[int, Tag | None] = {50721: matrix(OWN), 50723: matrix(calibration), 50727: balance}
    expected = np.diag([2, 1, 1.5]) @ calibration / 10000 @ OWN / 10000
    assert read(tmp_path, changed=changed).xyz_to_cam == pytest.approx(expected)
    signed = {**changed, 50931: ("s", 0, "another camera's")}
    assert read(tmp_path, changed=signed).xyz_to_cam == pytest.approx(np.diag([2, 1, 1.5]) @ OWN / 10000)


def test_a_white_point_gives_the_balance(tmp_path: Path) -> None:
    white: Tag = ("2I", 2, (3324, 10000, 3474, 10000))  # D55 (CIE 015)
    frame = read(tmp_path, changed={50728: None, 50729: white})
    assert frame.wb_source == "as shot"
    assert light_of_gains(frame, tuple(frame.wb)) == pytest.approx((5500, 0), abs=10)


def test_without_balance_daylight_is_taken_and_said(tmp_path: Path) -> None:
    frame = read(tmp_path, changed={50728: None})
    assert frame.wb_source == "daylight"
    assert light_of_gains(frame, tuple(frame.wb)) == pytest.approx((5300, 0), abs=5)


@pytest.mark.parametrize(
    ("baseline", "bias"),
    # Adobe's values for DR100, DR200 and DR400, minus RawExposureBias, and what is neither.
    [(15, -0.72), (115, -1.72), (215, -2.72), (72, -0.72), (172, -1.72), (272, -2.72), (35, -0.72), (-50, None)],
)
def test_both_conventions_of_baseline_exposure(tmp_path: Path, baseline: int, bias: float | None) -> None:
    assert read(tmp_path, changed={50730: ("2i", 1, (baseline, 100))}).exposure_bias == bias


def adobes_private_data(numerator: int) -> Tag:
    """DNGPrivateData as Adobe's converter writes it: a MakerNote, a table, and the RAF's directory."""
    directory = struct.pack(">I2H2h", 1, 0x9650, 4, numerator, 100)
    raf = b"MM" + struct.pack(">I", 7) + b"a table" + struct.pack(">I", len(directory)) + directory + bytes(4)
    note = b"II" + bytes(4) + b"FUJIFILM" + struct.pack("<IH2HIHHI", 12, 1, 0x1403, 3, 1, 400, 0, 0)
    blocks = b"".join(
        kind + struct.pack(">I", len(block)) + block + bytes(len(block) % 2)
        for kind, block in ((b"MakN", note), (b"RAF ", raf))
        if block is not raf or numerator
    )
    data = b"Adobe\0" + blocks
    return "B", len(data), data


def test_the_directory_that_adobe_keeps_tells_the_exposure_bias(tmp_path: Path) -> None:
    frame = read(tmp_path, changed={50740: adobes_private_data(-100)})
    assert frame.exposure_bias == -1.0
    assert frame.info.dynamic_range == 400


def test_the_maker_note_that_adobe_keeps_tells_the_dynamic_range(tmp_path: Path) -> None:
    assert read(tmp_path, changed={50740: adobes_private_data(0)}).exposure_bias == -2.72


def test_x_trans_of_another_maker_is_x_trans(tmp_path: Path) -> None:
    frame = read(tmp_path, make="Acme")
    assert np.array_equal(frame.cfa, phases()[8])
    assert np.array_equal(frame.mosaic, tifffile.imread(tmp_path / "a.dng"))


@pytest.mark.parametrize("model", ["X-T1", "X-Z99"])
def test_jpeg_xl_is_told_with_a_way_out(tmp_path: Path, model: str) -> None:
    write_dng(tmp_path / "a.dng", phases()[8], changed={272: ("s", 0, model)}, compression="jpegxl_dng")
    with pytest.raises(UnsupportedRaw, match=r"compressed with JPEG XL.*Adobe DNG Converter"):
        read_raw(tmp_path / "a.dng")
    assert read_exif_summary(tmp_path / "a.dng").orientation == 1


def test_a_preview_that_libraw_does_not_find_is_told_like_the_mosaic(tmp_path: Path) -> None:
    write_dng(tmp_path / "a.dng", phases()[8])
    data = (tmp_path / "a.dng").read_bytes()
    (tmp_path / "a.dng").write_bytes(
        data.replace(struct.pack("<2H2I", 259, 3, 1, 1), struct.pack("<2H2I", 259, 3, 1, 99))
    )
    for look in (read_raw, read_summary):
        with pytest.raises(UnsupportedRaw, match="compressed with method 99"):
            look(tmp_path / "a.dng")


@pytest.mark.parametrize("type_", [3, 5, 7])
def test_a_compression_of_many_values_is_damage(tmp_path: Path, type_: int) -> None:
    write_dng(tmp_path / "a.dng", phases()[8])
    data = (tmp_path / "a.dng").read_bytes()
    broken = data.replace(struct.pack("<2H2I", 259, 3, 1, 1), struct.pack("<2H2I", 259, type_, 40, 8))
    (tmp_path / "a.dng").write_bytes(broken)
    for look in (read_raw, read_summary):
        with pytest.raises(UnsupportedRaw, match="damaged or foreign"):
            look(tmp_path / "a.dng")


def test_bits_that_no_sample_has_are_damage(tmp_path: Path) -> None:
    """Without a white level it is 2 to the power of them, less 1."""
    write_dng(tmp_path / "a.dng", phases()[8])
    data = (tmp_path / "a.dng").read_bytes()
    bits, white = struct.pack("<2H2I", 258, 3, 1, 16), struct.pack("<H", 50717)
    assert data.count(bits) == 1
    data = data.replace(bits, struct.pack("<2H2I", 258, 16, 1, 8)).replace(white, struct.pack("<H", 50734))
    (tmp_path / "a.dng").write_bytes(data)
    with pytest.raises(UnsupportedRaw, match="damaged or foreign"):
        read_raw(tmp_path / "a.dng")


def test_other_compressions_are_told(tmp_path: Path) -> None:
    write_dng(tmp_path / "a.dng", phases()[8], compression="zlib")
    with pytest.raises(UnsupportedRaw, match="compressed with Deflate"):
        read_raw(tmp_path / "a.dng")


def test_lossless_jpeg_is_read(tmp_path: Path) -> None:
    write_dng(tmp_path / "plain.dng", phases()[8])
    raw = tifffile.imread(tmp_path / "plain.dng")
    with tifffile.TiffFile(tmp_path / "plain.dng") as tiff:
        tags = [(t.code, t.dtype, t.count, t.value, True) for t in tiff.pages.first.tags if t.code in (271, 272)]
        tags += [(t.code, t.dtype, t.count, t.value, True) for t in tiff.pages.first.tags if t.code > 33420]
    how = {"lossless": True, "bitspersample": 16}
    with tifffile.TiffWriter(tmp_path / "a.dng") as writer:
        writer.write(
            raw,
            photometric=32803,
            metadata=None,
            extratags=tags,
            tile=(48, 48),
            compression="jpeg",
            compressionargs=how,
        )
    assert np.array_equal(read_raw(tmp_path / "a.dng").mosaic, raw)


@pytest.mark.parametrize(
    "changed",
    [
        {322: (322, 4, 1, 1 << 20), 323: (323, 4, 1, 1 << 20)},
        {322: (324, 4, 1, 48)},
        {323: (323, 5, 1, 1 << 30)},  # its value lies nowhere
    ],
)
def test_tiles_that_make_no_sense_are_damage(tmp_path: Path, changed: dict[int, tuple[int, int, int, int]]) -> None:
    """LibRaw asks for as much memory as such tiles need: its lack would be told."""
    write_dng(tmp_path / "a.dng", phases()[8], tile=(48, 48))
    data = (tmp_path / "a.dng").read_bytes()
    for tag, entry in changed.items():
        whole = struct.pack("<2H2I", tag, 4, 1, 48)
        assert data.count(whole) == 1
        data = data.replace(whole, struct.pack("<2H2I", *entry))
    (tmp_path / "a.dng").write_bytes(data)
    with pytest.raises(UnsupportedRaw, match="damaged or foreign"):
        read_raw(tmp_path / "a.dng")


@pytest.mark.parametrize(
    "changed",
    [
        {50721: ("2i", 3, (1, 1, 1, 1, 1, 1))},  # of one colour
        {50721: matrix(OWN * 1_000)},  # such numbers have no place in a DNG that is made of it
        {50728: ("2I", 1, (1, 1))},
        {50710: ("B", 1, bytes([1]))},
        {50717: ("I", 1, 900)},
        {50829: ("I", 4, (0, 0, 660, 72))},
        {33421: ("H", 1, 6)},
        {33422: ("2i", 36, (1 << 30, -1) * 36)},
    ],
)
def test_values_that_make_no_sense_are_refused(tmp_path: Path, changed: dict[int, Tag | None]) -> None:
    write_dng(tmp_path / "a.dng", phases()[8], changed=changed)
    with pytest.raises(UnsupportedRaw):
        read_raw(tmp_path / "a.dng")
