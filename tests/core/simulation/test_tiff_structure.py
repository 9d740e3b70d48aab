"""Directories that another library reads."""

from io import BytesIO

import pytest
import tifffile

from xtdm_core.simulation.tiff_structure import (
    DataBlocks,
    Directories,
    ascii_text,
    doubles,
    longs,
    octets,
    rationals,
    shorts,
    signed_rationals,
    tiff,
)


def picture(*blocks: bytes) -> dict:
    """What makes a directory one of a grey picture 4 px wide with one row a strip."""
    return {
        256: longs(4),
        257: longs(len(blocks)),
        258: shorts(8),
        259: shorts(1),
        262: shorts(1),
        273: DataBlocks(blocks),
        277: shorts(1),
        278: longs(1),
        279: longs(*(len(block) for block in blocks)),
    }


@pytest.mark.parametrize("order", ["<", ">"])
def test_values_of_every_kind(order: str) -> None:
    values = {
        50708: ascii_text("odd"),
        50717: shorts(16383),
        50706: octets(1, 4, 0, 0),
        50728: rationals(0.25, 1),
        50721: signed_rationals(-0.5, 0.7, denominator=10),
        51041: doubles(1e-5, 2e-9),
    }
    with tifffile.TiffFile(BytesIO(tiff([{**picture(b"abcd"), **values}], order))) as read:
        tags = read.pages.first.tags
        assert tags[50708].value == "odd"
        assert tags[50717].value == 16383
        assert tags[50706].value == b"\1\4\0\0"
        assert tags[50728].value == (1, 4, 1, 1)
        assert tags[50721].value == (-5, 10, 7, 10)
        assert tags[51041].value == (1e-5, 2e-9)


@pytest.mark.parametrize("order", ["<", ">"])
def test_strips_directories_below_and_directories_behind(order: str) -> None:
    first, second = picture(b"abcd", b"efgh", b"ijkl"), picture(b"mnop")
    data = tiff([{**first, 330: Directories([picture(b"qrst"), second])}, second], order)
    with tifffile.TiffFile(BytesIO(data)) as read:
        assert len(read.pages) == 2
        assert read.pages[0].asarray().tobytes() == b"abcdefghijkl"
        assert read.pages[1].asarray().tobytes() == b"mnop"
        below = read.pages[0].pages
        assert below is not None
        assert [page.asarray().tobytes() for page in below] == [b"qrst", b"mnop"]
