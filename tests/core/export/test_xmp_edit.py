"""Packets changed in place, whatever form their properties have."""

from xml.etree import ElementTree

import pytest

from xtdm_core.export.xmp import XMP, parse_xmp, value_of
from xtdm_core.export.xmp_edit import Value, edit_packet

RATING, LABEL = f"{XMP}Rating", f"{XMP}Label"
HEAD = (
    '\ufeff<?xpacket begin="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
)
TAIL = "</rdf:RDF></x:xmpmeta>"
NS = 'xmlns:p="http://ns.adobe.com/xap/1.0/"'


def packet(inside: str) -> bytes:
    return f"{HEAD}{inside}{TAIL}".encode()


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        (f"<rdf:Description {NS} p:Rating='1'/>", {RATING: "2"}, f'<rdf:Description {NS} p:Rating="2"/>'),
        (f"<rdf:Description {NS} p:Rating = '1' />", {RATING: None}, f"<rdf:Description {NS} />"),
        (f"<rdf:Description {NS} />", {LABEL: 'a"<'}, f"<rdf:Description {NS}  p:Label='a\"&lt;'/>"),
        (
            "<rdf:Description/>",
            {RATING: "2"},
            '<rdf:Description xmlns:ns1="http://ns.adobe.com/xap/1.0/" ns1:Rating="2"/>',
        ),
        (
            f'<rdf:Description q=">"> <p:Rating {NS}>1</p:Rating>é</rdf:Description>'.replace(" q=", " xml:lang="),
            {LABEL: None},
            None,
        ),
        (
            f"<rdf:Description {NS}>\n <p:Rating>1</p:Rating>\n <p:Label/></rdf:Description>",
            {RATING: "2", LABEL: "b&c"},
            f"<rdf:Description {NS}>\n <p:Rating>2</p:Rating>\n <p:Label>b&amp;c</p:Label></rdf:Description>",
        ),
        (
            f"<rdf:Description {NS}><p:Rating>1</p:Rating></rdf:Description><rdf:Description {NS} p:Rating=''/>",
            {RATING: "2"},
            f"<rdf:Description {NS}><p:Rating>2</p:Rating></rdf:Description><rdf:Description {NS}/>",
        ),
        (
            f"<rdf:Description {NS}><p:Label><rdf:Seq/></p:Label></rdf:Description>",
            {LABEL: ["1"], RATING: ["3"]},
            f"<rdf:Description {NS}><p:Label><rdf:Seq><rdf:li>1</rdf:li></rdf:Seq></p:Label></rdf:Description>",
        ),
    ],
)
def test_only_what_is_meant_changes(before: str, changes: dict[str, Value], after: str | None) -> None:
    assert edit_packet(packet(before), changes) == packet(before if after is None else after)


def test_a_prefix_that_means_something_else_is_not_taken() -> None:
    before = packet('<rdf:Description xmlns:ns1="urn:other" ns1:Rating="7"/>')
    after = parse_xmp(edit_packet(before, {RATING: "2"}))
    assert value_of(after, RATING) == "2"
    assert value_of(after, "{urn:other}Rating") == "7"


def test_what_is_nested_is_not_taken_for_a_property() -> None:
    inner = f"<q:Mask xmlns:q='urn:q'><rdf:Description {NS} p:Rating='9'/></q:Mask>"
    after = edit_packet(packet(f"<rdf:Description {NS} p:Rating='1'>{inner}</rdf:Description>"), {RATING: "2"})
    assert b"p:Rating='9'" in after
    assert value_of(parse_xmp(after), RATING) == "2"


@pytest.mark.parametrize("content", [b"<a/>", packet(""), packet("<rdf:Description/>").decode().encode("utf-16")])
def test_what_is_no_packet_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, ElementTree.ParseError)):
        edit_packet(content, {RATING: "2"})
