"""Exif stays what it is, byte for byte, wherever it is written."""

import struct

import pytest

from tests.core.export.rich import MAKER_NOTE, RICH, with_thumbnail
from xtdm_core.export.exif import DOUBLE, Entry, Exif, fuji_rating, number, parse_exif, text, to_text


def test_every_tag_comes_back_with_its_bytes() -> None:
    assert parse_exif(RICH.to_bytes()) == RICH


def test_the_thumbnail_goes_and_nothing_else() -> None:
    assert parse_exif(with_thumbnail(RICH)) == RICH


def test_directories_may_lie_anywhere_in_a_file() -> None:
    at = 123456
    tiff = (struct.pack("<2sHI", b"II", 42, at)).ljust(at, b"\xff") + RICH.directories(at)
    assert parse_exif(tiff) == RICH


def test_big_endian_numbers_are_turned_and_blobs_are_not() -> None:
    entries = [(274, 3, 1, struct.pack(">HH", 6, 0)), (282, 5, 1, struct.pack(">I", 8 + 2 + 36 + 4))]
    entries += [(700, 7, 4, b"\1\2\3\4")]
    block = struct.pack(">2sHIH", b"MM", 42, 8, len(entries))
    block += b"".join(struct.pack(">2HI", *entry[:3]) + entry[3] for entry in entries) + bytes(4)
    block += struct.pack(">2I", 72, 7)
    assert parse_exif(block).main == {
        274: number(3, 6),
        282: Entry(5, 1, struct.pack("<2I", 72, 7)),
        700: Entry(7, 4, b"\1\2\3\4"),
    }


def test_broken_entries_go_one_by_one() -> None:
    whole = Exif({271: text("FUJIFILM"), 272: text("X-Trans"), 306: text("2026:01:02 03:04:05")})
    block = bytearray(whole.to_bytes())
    struct.pack_into("<I", block, 10 + 8, 1 << 20)  # the first value lies beyond the end
    struct.pack_into("<H", block, 10 + 12 + 2, 99)  # the second has no known type
    assert parse_exif(bytes(block)).main == {306: whole.main[306]}


@pytest.mark.parametrize(
    "block", [b"", b"II*\0", b"JUNKJUNKJUNK", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"]
)
def test_what_is_no_exif_is_empty(block: bytes) -> None:
    assert not parse_exif(block)


def test_cut_at_any_byte_never_fails() -> None:
    block = with_thumbnail(RICH)
    for length in range(len(block)):
        cut = parse_exif(block[:length])
        assert cut.shot.items() <= RICH.shot.items()


def test_a_pointer_to_itself_ends() -> None:
    block = bytearray(Exif({271: text("FUJI")}, {33434: number(4, 1)}).to_bytes())
    struct.pack_into("<I", block, 10 + 12 + 8, 8)
    assert parse_exif(bytes(block)) == Exif({271: text("FUJI")}, {271: text("FUJI")})


def test_doubles_keep_their_eight_bytes() -> None:
    exif = Exif({51041: Entry(DOUBLE, 2, struct.pack("<2d", 1e-4, 2e-7))})
    assert parse_exif(exif.to_bytes()) == exif


def test_texts_are_utf8_and_end_in_zero() -> None:
    assert to_text(text("© Zoë")) == "© Zoë"
    assert text("ab").data == b"ab\0"
    assert to_text(None) == ""


def test_the_stars_given_in_the_camera() -> None:
    assert fuji_rating(RICH) == 3
    assert fuji_rating(Exif()) is None
    assert fuji_rating(Exif(shot={37500: Entry(7, 10, MAKER_NOTE[:10])})) is None
