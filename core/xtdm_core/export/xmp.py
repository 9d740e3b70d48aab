"""XMP: packets read property by property, merged, and rewritten (ISO 16684-1).

A property is kept as the element it is, whoever defined it. What describes the raw file rather than the photograph
(develop settings of other programs, copies of Exif) is left out of finished pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Properties = dict[str, Element]  # "{namespace}name" to the element of the property

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_META = "{adobe:ns:meta/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MM = "{http://ns.adobe.com/xap/1.0/mm/}"
XTDM = "{http://ns.xtdm.org/1.0/}"
CRS = "{http://ns.adobe.com/camera-raw-settings/1.0/}"
HDRGM = "{http://ns.adobe.com/hdr-gain-map/1.0/}"
CONTAINER = "{http://ns.google.com/photos/1.0/container/}"
ITEM = "{http://ns.google.com/photos/1.0/container/item/}"
STREF = "{http://ns.adobe.com/xap/1.0/sType/ResourceRef#}"
STEVT = "{http://ns.adobe.com/xap/1.0/sType/ResourceEvent#}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_LIGHTROOM = "{http://ns.adobe.com/lightroom/1.0/}"
_DARKTABLE = "{http://darktable.sf.net/}"
_DIGIKAM = "{http://www.digikam.org/ns/1.0/}"
_IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_PREFIXES = {
    "rdf": _RDF,
    "x": _META,
    "xmp": XMP,
    "dc": DC,
    "xmpMM": MM,
    "xtdm": XTDM,
    "crs": CRS,
    "hdrgm": HDRGM,
    "Container": CONTAINER,
    "Item": ITEM,
    "stRef": STREF,
    "stEvt": STEVT,
    "photoshop": _PHOTOSHOP,
    "xmpRights": _RIGHTS,
    "lr": _LIGHTROOM,
    "digiKam": _DIGIKAM,
    "Iptc4xmpCore": _IPTC_CORE,
    "Iptc4xmpExt": "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}",
    "aux": "{http://ns.adobe.com/exif/1.0/aux/}",
    "plus": "{http://ns.useplus.org/ldf/xmp/1.0/}",
    "mwg-rs": "{http://www.metadataworkinggroup.com/schemas/regions/}",
}

# What tells of the raw file, or of another picture made from it.
_FOREIGN_NAMESPACES = (
    "{http://ns.adobe.com/camera-raw",
    _DARKTABLE,
    HDRGM,
    CONTAINER,
    MM,
    "{http://ns.adobe.com/tiff/1.0/}",
    "{http://ns.adobe.com/exif/1.0/}",
    "{http://cipa.jp/exif/1.0/}",
    "{http://ns.google.com/photos/1.0/",
)
_OF_XMP = {f"{XMP}{name}" for name in ("Rating", "Label", "CreateDate", "Identifier", "Nickname")}
_OF_THE_FILE = {f"{DC}format"} | {
    f"{_PHOTOSHOP}{name}"
    for name in ("SidecarForExtension", "EmbeddedXMPDigest", "LegacyIPTCDigest", "ICCProfile", "ColorMode", "History")
}
# Namespaces without a place; of these, the properties that have one.
_PLACELESS = (XMP, DC, _RIGHTS, _LIGHTROOM, _DIGIKAM, _PHOTOSHOP, _IPTC_CORE)
_PLACES = {f"{_PHOTOSHOP}{name}" for name in ("City", "State", "Country")} | {
    f"{_IPTC_CORE}{name}" for name in ("Location", "CountryCode")
}
# Colour labels by the numbers that darktable and digiKam give them.
_DARKTABLE_LABELS = ("Red", "Yellow", "Green", "Blue", "Purple")
_DIGIKAM_LABELS = {"1": "Red", "3": "Yellow", "4": "Green", "5": "Blue", "6": "Purple"}
_DEEPEST = 50
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


def parse_xmp(packet: bytes) -> Properties:
    """Read the properties of a packet, or of a sidecar. Raises ValueError where it is none, or not safe to read."""
    parser = ElementTree.XMLParser(target=_SafeBuilder())  # noqa: S314 (no DOCTYPE, so no entities)
    try:
        parser.feed(packet)
        root = parser.close()
    except ElementTree.ParseError as error:
        raise ValueError(f"no well-formed XML: {error}") from None
    rdf = root if root.tag == f"{_RDF}RDF" else root.find(f"{_RDF}RDF")
    if rdf is None:
        raise ValueError("it holds no XMP")
    properties: Properties = {}
    for description in rdf.findall(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            if name.startswith("{") and not name.startswith((_RDF, "{http://www.w3.org/XML/")):
                properties[name] = plain(name, value)
        properties.update((child.tag, child) for child in description)
    return properties


def photograph_properties(properties: Properties) -> Properties:
    """Return those that tell of the photograph and hold for every picture made from it.

    Colour labels of darktable and digiKam become ``xmp:Label`` where there is none.
    """
    kept = {name: element for name, element in properties.items() if _of_the_photograph(name)}
    label = _label(properties)
    if label and f"{XMP}Label" not in kept:
        kept[f"{XMP}Label"] = plain(f"{XMP}Label", label)
    return kept


def without_place(properties: Properties) -> Properties:
    """Return those that cannot tell where the photograph was taken."""
    return {n: e for n, e in properties.items() if n.startswith(_PLACELESS) and n not in _PLACES}


def plain(name: str, value: str) -> Element:
    """Return a property that is a text; a replacement character stands for what XML cannot hold."""
    element = Element(name)
    element.text = _NOT_XML.sub("\ufffd", value)
    return element


def structure(name: str, fields: Mapping[str, str]) -> Element:
    """Return a property that is a structure of texts."""
    element = Element(name, {f"{_RDF}parseType": "Resource"})
    element.extend(plain(*item) for item in fields.items())
    return element


def array(name: str, kind: str, items: Iterable[str | Mapping[str, str]]) -> Element:
    """Return a property that is an array of texts or structures; ``kind`` is "Seq" or "Bag"."""
    element = Element(name)
    holder = ElementTree.SubElement(element, f"{_RDF}{kind}")
    holder.extend(plain(f"{_RDF}li", item) if isinstance(item, str) else structure(f"{_RDF}li", item) for item in items)
    return element


def container_directory(items: Iterable[Mapping[str, str]]) -> Element:
    """Return the list of a file's pictures; readers want its facts as attributes."""
    element = Element(f"{CONTAINER}Directory")
    holder = ElementTree.SubElement(element, f"{_RDF}Seq")
    for item in items:
        entry = ElementTree.SubElement(holder, f"{_RDF}li", {f"{_RDF}parseType": "Resource"})
        ElementTree.SubElement(entry, f"{CONTAINER}Item", dict(item))
    return element


def value_of(properties: Properties, name: str) -> str:
    """Return a property's text: the default language's of several, the items of an array with "; " between."""
    element = properties.get(name)
    if element is None:
        return ""
    items = element.findall(f"*/{_RDF}li")
    languages = {item.get(_LANG): (item.text or "").strip() for item in items if item.get(_LANG)}
    if languages:
        return languages.get("x-default") or next(iter(languages.values()))
    return "; ".join((item.text or "").strip() for item in items) if items else (element.text or "").strip()


def to_packet(properties: Properties, attributes: Mapping[str, str] | None = None) -> bytes:
    """Return the packet, UTF-8, as every format holds it.

    attributes  properties that some readers find only where they are attributes
    """
    for prefix, namespace in _PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace[1:-1])
    root = Element(f"{_META}xmpmeta")
    rdf = ElementTree.SubElement(root, f"{_RDF}RDF")
    description = ElementTree.SubElement(rdf, f"{_RDF}Description", {f"{_RDF}about": "", **(attributes or {})})
    description.extend(properties.values())
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{body}\n<?xpacket end="r"?>'.encode()


class _SafeBuilder(ElementTree.TreeBuilder):
    """Refuses what XMP never has and what can exhaust memory: entities, and elements nested without end."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: object) -> None:
        raise ValueError("it declares entities, which XMP does not")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("its elements are nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def _of_the_photograph(name: str) -> bool:
    if name.startswith(XMP):
        return name in _OF_XMP
    return not name.startswith((*_FOREIGN_NAMESPACES, XTDM, _RDF)) and name not in _OF_THE_FILE


def _label(properties: Properties) -> str:
    digikam = _DIGIKAM_LABELS.get(value_of(properties, f"{_DIGIKAM}ColorLabel"), "")
    first = value_of(properties, f"{_DARKTABLE}colorlabels").partition(";")[0]
    if first.isdigit() and int(first) < len(_DARKTABLE_LABELS):
        return _DARKTABLE_LABELS[int(first)]
    return digikam
