"""Ratings in sidecars as other programs write them; what is theirs stays."""

import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.culling.rating import Flag, Label, Rating, has_sidecar, has_stars, read_rating, write_rating
from xtdm_core.errors import BadSidecar, WriteFailed
from xtdm_core.export.xmp import XMP, parse_xmp, value_of
from xtdm_core.simulation import Record, write_camera_raf

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
LIGHTROOM = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
   xmp:Rating="2"
   xmp:Label="Rot"
   xmp:MetadataDate="2025-01-01T10:00:00+01:00"
   crs:Exposure2012="+0.35" crs:Text='a > "b" &amp; c'>
   <crs:ToneCurvePV2012>
    <rdf:Seq>
     <rdf:li>0, 0</rdf:li>
    </rdf:Seq>
   </crs:ToneCurvePV2012>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""
DARKTABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:x1="http://ns.adobe.com/xap/1.0/" xmlns:darktable="http://darktable.sf.net/"
   x1:Rating="-1" darktable:history_end="3">
   <darktable:colorlabels>
    <rdf:Seq>
     <rdf:li>2</rdf:li>
    </rdf:Seq>
   </darktable:colorlabels>
   <darktable:history><rdf:Seq><rdf:li darktable:params="gz14"/></rdf:Seq></darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""
DIGIKAM = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:digiKam="http://www.digikam.org/ns/1.0/">'
    b"<digiKam:PickLabel>3</digiKam:PickLabel><digiKam:ColorLabel>4</digiKam:ColorLabel>"
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "a.RAF").touch()
    return tmp_path / "a.RAF"


@pytest.mark.parametrize(
    ("name", "content", "rating"),
    [
        ("a.xmp", LIGHTROOM, Rating(2, label=Label.RED)),
        ("a.RAF.xmp", DARKTABLE, Rating(0, Flag.REJECTED, Label.GREEN)),
        ("a.XMP", DIGIKAM, Rating(0, Flag.PICKED, Label.GREEN)),
        ("a.xmp", LIGHTROOM.replace(b'Rating="2"', b'Rating="nan"').replace(b"Rot", b"to print"), Rating()),
        ("a.xmp", b"no xml", None),
    ],
)
def test_what_other_programs_say_is_read(raw: Path, name: str, content: bytes, rating: Rating | None) -> None:
    assert read_rating(raw) is None
    (raw.parent / name).write_bytes(content)
    assert read_rating(raw) == rating
    assert has_sidecar("a.RAF", {name.lower()})
    assert not has_sidecar("b.RAF", {name.lower()})


def test_stars_of_the_camera_count_without_a_sidecar(tmp_path: Path) -> None:
    raw = tmp_path / "a.RAF"
    write_camera_raf(raw, np.full((120, 180, 3), 0.2, np.float32), record=Record(rating=4))
    assert has_stars(raw, 4)
    assert not has_stars(raw, 5)
    write_rating(raw, Rating(1))
    assert not has_stars(raw, 4)
    (tmp_path / "broken.RAF").touch()
    assert has_stars(tmp_path / "broken.RAF", 5)  # its reader tells what is wrong


def test_of_two_sidecars_the_later_one_wins_and_both_are_written(raw: Path) -> None:
    raw.with_suffix(".xmp").write_bytes(LIGHTROOM)
    raw.with_name("a.RAF.xmp").write_bytes(DARKTABLE)
    os.utime(raw.with_suffix(".xmp"), (1, 1))
    assert read_rating(raw) == Rating(0, Flag.REJECTED, Label.GREEN)
    write_rating(raw, Rating(4, Flag.NONE, Label.BLUE))
    for name in ("a.xmp", "a.RAF.xmp"):
        assert value_of(parse_xmp((raw.parent / name).read_bytes()), f"{XMP}Rating") == "4"
    assert b"<darktable:colorlabels><rdf:Seq><rdf:li>3</rdf:li></rdf:Seq></darktable:colorlabels>" in (
        raw.with_name("a.RAF.xmp").read_bytes()
    )


@pytest.mark.parametrize(
    "rating", [Rating(5), Rating(0, Flag.REJECTED), Rating(3, Flag.PICKED, Label.PURPLE), Rating(1, label=Label.YELLOW)]
)
@pytest.mark.parametrize("before", [None, LIGHTROOM, DARKTABLE, DIGIKAM])
def test_what_is_written_is_read_again(raw: Path, rating: Rating, before: bytes | None) -> None:
    if before is not None:
        raw.with_suffix(".xmp").write_bytes(before)
    write_rating(raw, rating)
    assert read_rating(raw) == rating
    assert [path.name for path in raw.parent.iterdir() if path != raw] == ["a.xmp"]
    write_rating(raw, Rating())
    assert read_rating(raw) == Rating()


def test_only_the_bytes_of_the_rating_change(raw: Path) -> None:
    sidecar = raw.with_suffix(".xmp")
    sidecar.write_bytes(LIGHTROOM)
    write_rating(raw, Rating(4, label=Label.RED), NOW)
    meant = LIGHTROOM.replace(b'Rating="2"', b'Rating="4"')
    meant = meant.replace(b'"2025-01-01T10:00:00+01:00"', b'"2026-01-31T12:00:00+00:00"')
    assert sidecar.read_bytes() == meant  # the label in German, too: it is the same colour
    write_rating(raw, Rating(4), NOW)
    assert sidecar.read_bytes() == meant.replace(b'\n   xmp:Label="Rot"', b"")


def test_a_new_sidecar_is_one_that_adobes_programs_take(raw: Path) -> None:
    write_rating(raw, Rating(3, label=Label.GREEN))
    content = raw.with_suffix(".xmp").read_bytes()
    assert b'xmp:Rating="3"' in content
    assert b'xmp:Label="Green"' in content
    assert b'photoshop:SidecarForExtension="RAF"' in content


def test_a_new_sidecar_can_say_that_there_are_no_stars(raw: Path) -> None:
    write_rating(raw, Rating())
    assert b'xmp:Rating="0"' in raw.with_suffix(".xmp").read_bytes()
    assert read_rating(raw) == Rating()


@pytest.mark.parametrize(
    "content",
    [b"", b"no xml", b"<a/>", LIGHTROOM.decode().encode("utf-16"), b'<!DOCTYPE a [<!ENTITY b "c">]>' + LIGHTROOM],
)
def test_a_sidecar_that_is_not_understood_stays_as_it_is(raw: Path, content: bytes) -> None:
    sidecar = raw.with_suffix(".xmp")
    sidecar.write_bytes(content)
    with pytest.raises(BadSidecar, match="move it away"):
        write_rating(raw, Rating(3))
    assert sidecar.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_told(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "closed")

    monkeypatch.setattr("xtdm_core.files._temporary", closed)
    with pytest.raises(WriteFailed, match="you may not write there"):
        write_rating(raw, Rating(3))
