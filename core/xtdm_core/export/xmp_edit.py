"""XMP packets changed in place: what is not changed stays as it is, byte for byte.

Sidecars belong to other programs, which keep develop settings, masks and histories in them: a packet that is parsed
and written anew would have other prefixes, order and spaces. Here only the bytes of the properties that change do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from xtdm_core.export.xmp import Properties, parse_xmp

Value = str | Sequence[str] | None  # a text, the items of an array, or nothing: the property goes
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_NAME = re.compile(rb"<([^\s/>]+)")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a property stands: the bytes from ``start`` to ``end``, as an attribute or as an element."""

    start: int
    end: int
    is_attribute: bool


@dataclass(slots=True)
class _Element:
    """An element that is open: its name, its place, and the namespaces by prefix that hold in it."""

    name: str
    start: int
    tag_end: int
    prefixes: dict[str, str]


@dataclass(slots=True)
class _Map:
    """Where things are in a packet: each property's spots, and the first description."""

    spots: dict[str, list[_Spot]] = field(default_factory=dict)
    description: _Element | None = None


def edit_packet(packet: bytes, changes: Mapping[str, Value]) -> bytes:
    """Set or remove properties of a packet, or of a sidecar; every other byte stays.

    changes  by "{namespace}name". A text takes the place of the property, or becomes an attribute of the first
             description; an array takes the place of one that is there, and is left out where there is none.
    Raises ValueError where the packet is none, is not safe to read, or is not UTF-8.
    """
    before = parse_xmp(packet)
    try:
        packet.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is not encoded in UTF-8") from None
    places = _survey(packet)
    if places.description is None:
        raise ValueError("it holds no description")
    edits = [edit for name, value in changes.items() for edit in _edits(packet, places, name, value)]
    edited = packet
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        edited = edited[:start] + new + edited[end:]
    _check_rest(before, parse_xmp(edited), changes)
    return edited


def _survey(packet: bytes) -> _Map:
    parser = expat.ParserCreate()
    places, opened = _Map(), list[_Element]()

    def start(tag: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        prefixes = dict(opened[-1].prefixes) if opened else {}
        prefixes |= {
            n.partition(":")[2]: uri for n, uri in attributes.items() if n == "xmlns" or n.startswith("xmlns:")
        }
        element = _Element(_expanded(tag, prefixes), at, _tag_end(packet, at), prefixes)
        opened.append(element)
        if element.name == f"{_RDF}Description" and [e.name for e in opened[-2:-1]] == [f"{_RDF}RDF"]:
            places.description = places.description or element
            _note_attributes(packet, element, places)

    def end(_tag: str) -> None:
        element, at = opened.pop(), parser.CurrentByteIndex
        if [e.name for e in opened[-2:]] == [f"{_RDF}RDF", f"{_RDF}Description"]:
            is_empty = packet.endswith(b"/>", element.start, element.tag_end)
            closing = element.tag_end if is_empty else packet.index(b">", at) + 1
            places.spots.setdefault(element.name, []).append(_Spot(element.start, closing, is_attribute=False))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(packet, True)
    return places


def _note_attributes(packet: bytes, element: _Element, places: _Map) -> None:
    for match in _ATTRIBUTE.finditer(packet, element.start, element.tag_end):
        name = match[1].decode()
        if ":" in name and not name.startswith(("xmlns:", "xml:")):
            spot = _Spot(match.start(), match.end(), is_attribute=True)
            places.spots.setdefault(_expanded(name, element.prefixes), []).append(spot)


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{prefixes.get(prefix, '')}}}{local}"


def _tag_end(packet: bytes, start: int) -> int:
    """Where a start tag ends: behind its ">", of which its values may hold others."""
    quote = b""
    for at in range(start, len(packet)):
        letter = packet[at : at + 1]
        if quote:
            quote = b"" if letter == quote else quote
        elif letter in (b'"', b"'"):
            quote = letter
        elif letter == b">":
            return at + 1
    raise ValueError("a tag of it has no end")


def _edits(packet: bytes, places: _Map, name: str, value: Value) -> list[tuple[int, int, bytes]]:
    """(start, end, new bytes) of each change that a property needs."""
    spots = places.spots.get(name, [])
    if not spots:
        return [_added(packet, places, name, value)] if isinstance(value, str) else []
    gone = [(_with_space_before(packet, spot.start), spot.end, b"") for spot in spots]
    if value is None:
        return gone
    first = spots[0]
    written = _rewritten(packet[first.start : first.end], first.is_attribute, value)
    return [(first.start, first.end, written), *gone[1:]]


def _rewritten(old: bytes, is_attribute: bool, value: Value) -> bytes:
    if is_attribute:
        head, _, _ = old.partition(b"=")
        return head + b"=" + quoteattr(value if isinstance(value, str) else "").encode()
    found = _TAG_NAME.match(old)
    tag = found[1] if found else b""
    if isinstance(value, str):
        inner = escape(value).encode()
    else:
        items = "".join(f"<rdf:li>{escape(item)}</rdf:li>" for item in value or ())
        inner = f"<rdf:Seq>{items}</rdf:Seq>".encode()
    return b"<" + tag + b">" + inner + b"</" + tag + b">"


def _added(packet: bytes, places: _Map, name: str, value: str) -> tuple[int, int, bytes]:
    element = places.description
    if element is None:
        raise ValueError("it holds no description")
    uri, _, local = name[1:].partition("}")
    known = [prefix for prefix, bound in element.prefixes.items() if bound == uri and prefix]
    prefix = known[0] if known else _free_prefix(element.prefixes)
    declared = "" if known else f" xmlns:{prefix}={quoteattr(uri)}"
    element.prefixes[prefix] = uri  # declared once
    at = element.tag_end - (2 if packet[element.tag_end - 2 : element.tag_end] == b"/>" else 1)
    return at, at, f"{declared} {prefix}:{local}={quoteattr(value)}".encode()


def _free_prefix(taken: Mapping[str, str]) -> str:
    return next(prefix for prefix in (f"ns{number}" for number in range(1, len(taken) + 2)) if prefix not in taken)


def _with_space_before(packet: bytes, start: int) -> int:
    return len(packet[:start].rstrip(b" \t\r\n"))


def _check_rest(before: Properties, after: Properties, changes: Mapping[str, Value]) -> None:
    """Raises ValueError where anything else has changed: the packet is left as it is then."""

    def rest(properties: Properties) -> dict[str, bytes]:
        return {
            name: ElementTree.tostring(element).strip() for name, element in properties.items() if name not in changes
        }

    if rest(before) != rest(after):
        raise ValueError("its form is not understood")
