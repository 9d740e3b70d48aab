"""XMP: properties of any form, what holds for a finished picture, and packets that others read."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from xtdm_core.export import xmp
from xtdm_core.export.xmp import DC, XMP, parse_xmp, photograph_properties, to_packet, value_of, without_place

HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:a="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:darktable="http://darktable.sf.net/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'
    ' xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:own="http://example.org/mine/" '
)
TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta>"


def properties(attributes: str, elements: str = "") -> xmp.Properties:
    return parse_xmp(f"{HEAD}{attributes}>{elements}{TAIL}".encode())


def seq(*items: str) -> str:
    return "<rdf:Seq>" + "".join(f"<rdf:li>{item}</rdf:li>" for item in items) + "</rdf:Seq>"


def test_attributes_and_elements_are_the_same() -> None:
    for found in (properties('a:Rating="-1"'), properties("", "<a:Rating>-1</a:Rating>")):
        assert value_of(found, f"{XMP}Rating") == "-1"


def test_arrays_and_languages() -> None:
    rights = (
        '<dc:rights><rdf:Alt><rdf:li xml:lang="de">mein</rdf:li><rdf:li xml:lang="x-default">mine</rdf:li></rdf:Alt>'
    )
    found = properties("", f"{rights}</dc:rights><dc:subject>{seq('Vogel', 'See')}</dc:subject>")
    assert value_of(found, f"{DC}rights") == "mine"
    assert value_of(found, f"{DC}subject") == "Vogel; See"
    assert value_of(found, f"{DC}title") == ""


def test_develop_settings_of_others_and_facts_of_the_raw_file_are_left_out() -> None:
    found = properties(
        'crs:Exposure2012="+1.0" darktable:xmp_version="5" photoshop:SidecarForExtension="RAF" a:Label="Grün"'
        ' a:CreatorTool="x" dc:format="image/x-fuji-raf" photoshop:City="Ulm" own:fact="kept"'
    )
    names = {name.partition("}")[2] for name in photograph_properties(found)}
    assert names == {"Label", "City", "fact"}


def test_no_place_is_left() -> None:
    found = photograph_properties(properties('a:Rating="3" photoshop:City="Ulm" own:where="48.4 N" dc:source="s"'))
    assert {name.partition("}")[2] for name in without_place(found)} == {"Rating", "source"}


@pytest.mark.parametrize(
    ("attributes", "elements", "label"),
    [
        ("", f"<darktable:colorlabels>{seq('3', '0')}</darktable:colorlabels>", "Blue"),
        ('digiKam:ColorLabel="4"', "", "Green"),
        ('digiKam:ColorLabel="4" a:Label="Rot"', "", "Rot"),
        ('digiKam:ColorLabel="0"', "", ""),
    ],
)
def test_colour_labels_of_other_programs(attributes: str, elements: str, label: str) -> None:
    assert value_of(photograph_properties(properties(attributes, elements)), f"{XMP}Label") == label


def test_a_packet_is_read_back_here_and_by_pillow() -> None:
    made = {
        element.tag: element
        for element in (
            xmp.plain(f"{XMP}Label", "<&> \u00e9"),
            xmp.array(f"{DC}subject", "Bag", ["a", "b"]),
            xmp.structure(f"{xmp.MM}DerivedFrom", {f"{xmp.STREF}filePath": "a.RAF"}),
        )
    }
    packet = to_packet(made)
    back = parse_xmp(packet)
    assert value_of(back, f"{XMP}Label") == "<&> é"
    assert value_of(back, f"{DC}subject") == "a; b"
    assert back[f"{xmp.MM}DerivedFrom"][0].text == "a.RAF"
    jpeg = BytesIO()
    Image.new("RGB", (8, 8)).save(jpeg, "JPEG", xmp=packet)
    with Image.open(BytesIO(jpeg.getvalue())) as image:
        assert image.info["xmp"] == packet


@pytest.mark.parametrize("text", ["a\x01b", "a\udcffb", "a\ufffeb"])
def test_what_xml_cannot_hold_is_replaced(text: str) -> None:
    packet = to_packet({f"{XMP}Label": xmp.plain(f"{XMP}Label", text)})
    assert value_of(parse_xmp(packet), f"{XMP}Label") == "a\ufffdb"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "XML"),
        (b"<x>", "XML"),
        (b"<x/>", "no XMP"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "entities"),
        (
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'.encode("utf-16"),
            "entities",
        ),
        (b"<a>" * 100_000, "nested"),
    ],
)
def test_what_is_no_xmp_or_not_safe_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_xmp(content)


def test_random_damage_is_a_value_error_or_nothing(tmp_path: Path) -> None:
    whole = f"{HEAD}a:Rating='3'>{TAIL}".encode()
    for at in range(0, len(whole), 3):
        for broken in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            try:
                parse_xmp(broken)
            except ValueError:
                continue
