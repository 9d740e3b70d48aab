"""What goes beside the pixels, of raw file and sidecars, by the chosen policy."""

import random
import struct
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.core.conftest import INFO
from tests.core.export.rich import CAMERA_XMP, RICH, with_thumbnail
from xtdm_core import __version__
from xtdm_core.export.exif import Exif, number, parse_exif, text, to_text
from xtdm_core.export.metadata import Metadata, Provenance, exif_block, gather_metadata
from xtdm_core.export.xmp import DC, MM, XMP, XTDM, parse_xmp, to_packet, value_of

NOW = datetime.fromisoformat("2026-11-25T12:13:14.567+02:00")
MADE = Provenance("a.RAF", "ab12", "fast", "cd34", '{"exposure_ev": 0.5}')
PLACES = {"City"}


def sidecar(body: str, name: str = "a.xmp") -> tuple[Path, bytes]:
    head = CAMERA_XMP.decode().partition("<rdf:Description")[0]
    start = f'{head}<rdf:Description rdf:about="" xmlns:dc="{DC[1:-1]}" xmlns:xmp="{XMP[1:-1]}">'
    return Path(name), f"{start}{body}</rdf:Description></rdf:RDF></x:xmpmeta>".encode()


def gathered(
    *sidecars: tuple[Path, bytes], policy: str = "all", exif: Exif = RICH, xmp: bytes = CAMERA_XMP
) -> Metadata:
    metadata, notes = gather_metadata(exif.to_bytes(), xmp, sidecars, INFO, policy, MADE)
    assert notes == ()
    return metadata


def test_only_what_conversion_changes_is_changed() -> None:
    exif = gathered().exif_of(40, 60, is_srgb=True, now=NOW)
    changed = {
        "main": {
            274: number(3, 1),
            305: text(f"XTDM {__version__}"),
            306: text("2026:11:25 12:13:14"),
            0x4746: number(3, 2),
        },
        "shot": {
            36880: text("+02:00"),
            37520: text("567"),
            40961: number(3, 1),
            40962: number(4, 60),
            40963: number(4, 40),
        },
    }
    assert exif.main == {k: v for k, v in {**RICH.main, **changed["main"]}.items() if k not in (531, 0xC4A5)}
    assert exif.shot == {k: v for k, v in {**RICH.shot, **changed["shot"]}.items() if k != 37122}
    assert (exif.gps, exif.interop) == (RICH.gps, RICH.interop)


def test_other_colours_than_srgb_are_uncalibrated() -> None:
    exif = gathered().exif_of(40, 60, is_srgb=False)
    assert exif.shot[40961] == number(3, 0xFFFF)
    assert exif.interop == {}


def test_the_only_date_stays_the_date_of_the_shot() -> None:
    exif = gathered(exif=Exif({306: text("2020:02:03 04:05:06")})).exif_of(4, 6, is_srgb=True, now=NOW)
    assert to_text(exif.shot[36867]) == "2020:02:03 04:05:06"


def test_a_file_without_exif_has_what_is_known_of_it() -> None:
    exif = gathered(exif=Exif()).exif
    assert exif == parse_exif(exif_block(INFO))
    assert to_text(exif.shot[42036]) == INFO.lens


def test_tags_of_a_dng_stay_behind() -> None:
    own = {50706: number(4, 1), 50721: number(4, 1), 330: number(4, 99), 273: number(4, 8), 700: text("<x/>")}
    metadata, _ = gather_metadata(replace(RICH, main={**RICH.main, **own}).to_bytes(), b"", (), INFO, "all", MADE)
    assert not own.keys() & metadata.exif_of(4, 6, is_srgb=True).main.keys()


def test_provenance() -> None:
    properties = gathered().xmp_of("image/tiff", "ef56", "none", NOW)
    found = {name.partition("}")[2]: value_of(properties, name) for name in properties if name.startswith(XTDM)}
    assert found == {
        "Source": "a.RAF", "SourceSHA256": "ab12", "Demosaic": "fast", "NetworkSHA256": "cd34",
        "Settings": '{"exposure_ev": 0.5}', "Encoding": "none", "PictureSHA256": "ef56",
    }  # fmt: skip
    assert value_of(properties, f"{XMP}CreatorTool") == f"XTDM {__version__}"
    assert value_of(properties, f"{XMP}CreateDate") == "2026-01-02T03:04:05.87+09:00"
    assert value_of(properties, f"{XMP}ModifyDate") == "2026-11-25T12:13:14+02:00"
    assert [element.text for element in properties[f"{MM}DerivedFrom"]] == ["a.RAF"]
    assert value_of(parse_xmp(to_packet(properties)), f"{DC}format") == "image/tiff"


def test_sidecars_win_the_last_most() -> None:
    first = sidecar("<xmp:Rating>5</xmp:Rating><xmp:Label>Red</xmp:Label>")
    rights = '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Zoë</rdf:li></rdf:Alt></dc:rights>'
    last = sidecar(
        f"<xmp:Rating>-1</xmp:Rating>{rights}<dc:creator><rdf:Seq><rdf:li>Zoë</rdf:li></rdf:Seq></dc:creator>"
    )
    metadata = gathered(first, last)
    assert value_of(metadata.properties, f"{XMP}Rating") == "-1"
    assert value_of(metadata.properties, f"{XMP}Label") == "Red"
    assert metadata.exif.main[0x4746] == number(3, 0)  # Exif knows no rejected pictures
    assert [to_text(metadata.exif.main[tag]) for tag in (315, 33432)] == ["Zoë", "© Zoë"]


def test_the_cameras_stars_count_where_nobody_says_more() -> None:
    assert value_of(gathered(xmp=b"").properties, f"{XMP}Rating") == "3"
    assert value_of(gathered().properties, f"{XMP}Rating") == "2"


def test_without_the_place() -> None:
    metadata = gathered(policy="no-gps")
    assert metadata.exif.gps == {}
    assert not {name.partition("}")[2] for name in metadata.properties} & PLACES
    assert {name.partition("}")[2] for name in gathered().properties} & PLACES
    assert b"GPS" not in to_packet(metadata.xmp_of("image/avif", "ef56"))
    assert metadata.exif.shot == RICH.shot


def test_nothing_at_all() -> None:
    metadata = gathered(policy="none")
    assert not metadata.exif_of(4, 6, is_srgb=True)
    assert metadata.xmp_of("image/avif", "ef56", "x") == {}


@pytest.mark.parametrize("content", [b"<x", b"<x/>"])
def test_a_broken_sidecar_is_told_and_the_rest_kept(content: bytes) -> None:
    metadata, notes = gather_metadata(RICH.to_bytes(), CAMERA_XMP, ((Path("a.xmp"), content),), INFO, "all", MADE)
    assert len(notes) == 1
    assert notes[0].startswith("a.xmp was left out: ")
    assert value_of(metadata.properties, f"{XMP}Rating") == "2"


@pytest.mark.parametrize("date", ["    :  :     :  :  ", "0000:00:00 00:00:00", "2026-01-02"])
def test_odd_dates_make_no_date(date: str) -> None:
    metadata = gathered(exif=replace(RICH, shot={**RICH.shot, 36867: text(date)}))
    assert f"{XMP}CreateDate" not in metadata.properties
    assert metadata.exif.shot[36867].data == struct.pack(f"{len(date)}sx", date.encode())


def test_damaged_metadata_never_fail_and_come_out_sound() -> None:
    rng = random.Random(3)  # noqa: S311
    block, packet = with_thumbnail(RICH), CAMERA_XMP
    for _ in range(300):
        exif, xmp = bytearray(block), bytearray(packet)
        for data, changes in ((exif, rng.choice((1, 5, 20))), (xmp, rng.choice((0, 1, 3)))):
            for _ in range(changes):
                data[rng.randrange(len(data))] = rng.choice((0, 255, rng.randrange(256)))
        metadata, _ = gather_metadata(bytes(exif), bytes(xmp), (), INFO, "all", MADE)
        written = metadata.exif_of(10, 20, is_srgb=False)
        assert parse_exif(written.to_bytes()) == written
        parse_xmp(to_packet(metadata.xmp_of("image/avif", "ef56")))
