"""No AVIF promises a profile that its picture exceeds."""

import imagecodecs
import numpy as np
import pytest

from xtdm_core.export.avif_brands import with_true_brands

PLAIN = [b"avif", b"mif1", b"miaf"]


def encoded(height: int, width: int, chroma: str) -> bytes:
    codes = np.full((height, width, 3), 300, np.uint16)
    return bytes(imagecodecs.avif_encode(codes, level=60, speed=10, bitspersample=10, pixelformat=chroma))


def brands(avif: bytes) -> list[bytes]:
    size = int.from_bytes(avif[:4], "big")
    return [avif[at : at + 4] for at in range(16, size, 4)]


def with_level(avif: bytes, profile: int, level: int) -> bytes:
    at = avif.index(b"av1C") + 5
    return avif[:at] + bytes([profile << 5 | level]) + avif[at + 1 :]


@pytest.mark.parametrize(
    ("chroma", "profile", "level", "kept"),
    [
        ("444", 1, 16, b"MA1A"),
        ("444", 1, 31, b"avif"),  # more than 35.7 megapixels
        ("444", 2, 8, b"avif"),
        ("420", 0, 13, b"MA1B"),
        ("420", 0, 16, b"avif"),  # 12 megapixels and more
    ],
)
def test_brands_stay_where_the_picture_keeps_to_them(chroma: str, profile: int, level: int, kept: bytes) -> None:
    avif = with_level(encoded(64, 96, chroma), profile, level)
    true = with_true_brands(avif)
    assert brands(true) == [*PLAIN, kept]
    assert len(true) == len(avif)


def test_the_picture_is_the_same() -> None:
    avif = encoded(2200, 4200, "420")  # 9.2 megapixels: level 5.1 ends at 8.9
    true = with_true_brands(avif)
    assert brands(true) == [*PLAIN, b"avif"]
    assert np.array_equal(imagecodecs.avif_decode(true), imagecodecs.avif_decode(avif))
