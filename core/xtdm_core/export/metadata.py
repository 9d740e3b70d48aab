"""What stands beside the pixels of a finished picture: Exif and XMP of the shot, and how the picture was made."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from xtdm_core import __version__
from xtdm_core.choices import MetadataPolicy
from xtdm_core.export import xmp
from xtdm_core.export.exif import (
    LONG,
    SHORT,
    Exif,
    fuji_rating,
    number,
    parse_exif,
    text,
    to_text,
    without,
)
from xtdm_core.frame import CaptureInfo

SOFTWARE = f"XTDM {__version__}"
PICTURE_DIGEST = f"{xmp.XTDM}PictureSHA256"

_MAKE, _MODEL, _SOFTWARE, _DATE, _ARTIST, _COPYRIGHT, _RATING = 271, 272, 305, 306, 315, 33432, 0x4746
_ORIENTATION, _XMP_TAG, _IPTC_TAG = 274, 700, 33723
_DATE_ORIGINAL, _OFFSET_TIME, _OFFSET_ORIGINAL, _SUB_SECONDS, _SUB_SECONDS_ORIGINAL = 36867, 36880, 36881, 37520, 37521
_COLOR_SPACE, _WIDTH, _HEIGHT, _COMPRESSED_BITS = 40961, 40962, 40963, 37122
_SRGB, _UNCALIBRATED = 1, 0xFFFF
# What tells of the raw file's or the preview's own layout (TIFF 6.0, TIFF/EP, DNG 1.7), of the print queue (PrintIM),
# and what is rewritten. DNG's own tags are those from 50706 on.
_OF_THE_FILE = {
    *(254, 255, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 280, 281, 284, 301, 317, 318, 319, 320),
    *(322, 323, 324, 325, 330, 338, 339, 347, 512, 513, 514, 519, 529, 530, 531, 532, 700),
    *(33421, 33422, 34675, 37398, 50341, *range(50706, 53000)),
}
_RATING_PERCENT = 0x4749
_ZONE = re.compile(r"[+-]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a picture came about; goes into its XMP.

    source   the raw file's name, without its folder
    sha256   of the raw file
    demosaic the algorithm, or the network's name
    weights  SHA-256 of the network's file, "" for LibRaw's algorithms
    settings the develop settings as JSON, "" where none were applied
    """

    source: str
    sha256: str
    demosaic: str
    weights: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """Exif and XMP of the photograph, before they are fitted to one file; both empty where none are wanted."""

    exif: Exif
    properties: xmp.Properties

    def exif_of(self, height: int, width: int, *, is_srgb: bool, now: datetime | None = None) -> Exif:
        """Return the Exif of an upright picture of that size, made now (Exif 2.32, section 4.6).

        Its own sizes, colour space, orientation, program and time replace those of the preview.
        """
        if not self.exif:
            return self.exif
        now = now or datetime.now().astimezone()
        main, shot = without(self.exif.main, _OF_THE_FILE), without(self.exif.shot, (_COMPRESSED_BITS,))
        if _DATE in main:
            shot.setdefault(_DATE_ORIGINAL, main[_DATE])  # the only time of the shot that is told
        main |= {_ORIENTATION: number(SHORT, 1), _SOFTWARE: text(SOFTWARE), _DATE: text(f"{now:%Y:%m:%d %H:%M:%S}")}
        shot |= {
            _OFFSET_TIME: text(f"{now:%z}"[:3] + ":" + f"{now:%z}"[3:5]),
            _SUB_SECONDS: text(f"{now.microsecond // 1000:03}"),
            _COLOR_SPACE: number(SHORT, _SRGB if is_srgb else _UNCALIBRATED),
            _WIDTH: number(LONG, width),
            _HEIGHT: number(LONG, height),
        }
        return replace(self.exif, main=main, shot=shot, interop=self.exif.interop if is_srgb else {})

    def xmp_of(self, kind: str, digest: str, encoding: str = "", now: datetime | None = None) -> xmp.Properties:
        """Return the XMP of a picture of that MIME type, made now.

        digest    of the picture, see ``Contents``
        encoding  what its numbers mean, where the format cannot say
        """
        if not self.properties:
            return {}
        when = (now or datetime.now().astimezone()).isoformat(timespec="seconds")
        event = {"action": "converted", "parameters": f"from raw to {kind}", "softwareAgent": SOFTWARE, "when": when}
        texts = {
            f"{xmp.XMP}CreatorTool": SOFTWARE,
            f"{xmp.XMP}ModifyDate": when,
            f"{xmp.XMP}MetadataDate": when,
            f"{xmp.DC}format": kind,
            PICTURE_DIGEST: digest,
        } | ({f"{xmp.XTDM}Encoding": encoding} if encoding else {})
        history = xmp.array(f"{xmp.MM}History", "Seq", [{f"{xmp.STEVT}{name}": value for name, value in event.items()}])
        plain = {name: xmp.plain(name, value) for name, value in texts.items()}
        return {**self.properties, **plain, history.tag: history}


NOTHING = Metadata(Exif(), {})


def gather_metadata(
    exif: bytes,
    packet: bytes,
    sidecars: tuple[tuple[Path, bytes], ...],
    info: CaptureInfo,
    policy: MetadataPolicy,
    provenance: Provenance,
) -> tuple[Metadata, tuple[str, ...]]:
    """Join what a raw file and its sidecars say of the photograph.

    exif, packet, sidecars  as ``SourceMetadata`` has them; of two that say different things the last sidecar wins
    info      stands in where the file has no Exif
    policy    what of it to keep
    Returns (metadata, notes on sidecars that could not be understood).
    """
    if policy == MetadataPolicy.NONE:
        return NOTHING, ()
    source = parse_exif(exif) or parse_exif(exif_block(info))
    packets = [packet or (source.main[_XMP_TAG].data if _XMP_TAG in source.main else b"")]
    packets += [content for _, content in sidecars]
    names = ["the XMP in the raw file", *(str(path) for path, _ in sidecars)]
    original, stated, notes = _document_id(packets[0]), xmp.Properties(), list[str]()
    rating = fuji_rating(source)
    if rating is not None:
        stated[f"{xmp.XMP}Rating"] = xmp.plain(f"{xmp.XMP}Rating", str(rating))
    for name, content in zip(names, packets, strict=True):
        try:
            stated |= xmp.photograph_properties(xmp.parse_xmp(content)) if content else {}
        except ValueError as error:
            notes.append(f"{name} was left out: {error}")
    if policy == MetadataPolicy.NO_GPS:
        source = replace(source, main=without(source.main, (_IPTC_TAG,)), gps={})
        stated = xmp.without_place(stated)
    return Metadata(_in_agreement(source, stated), _with_provenance(stated, source, provenance, original)), tuple(notes)


def _in_agreement(exif: Exif, stated: xmp.Properties) -> Exif:
    """Exif in which rating, author and copyright are those of the XMP, where that names them."""
    main = dict(exif.main)
    for tag, name in ((_ARTIST, f"{xmp.DC}creator"), (_COPYRIGHT, f"{xmp.DC}rights")):
        value = xmp.value_of(stated, name)
        if value and value != to_text(main.get(tag)):
            main[tag] = text(value)
    stars = xmp.value_of(stated, f"{xmp.XMP}Rating")
    if stars.lstrip("-").isdigit() and _RATING in main:
        main[_RATING] = number(SHORT, min(max(int(stars), 0), 5))
        main.pop(_RATING_PERCENT, None)
    return replace(exif, main=main)


def _with_provenance(
    stated: xmp.Properties, exif: Exif, provenance: Provenance, original: dict[str, str]
) -> xmp.Properties:
    texts = {
        "Source": provenance.source,
        "SourceSHA256": provenance.sha256,
        "Demosaic": provenance.demosaic,
        "NetworkSHA256": provenance.weights,
        "Settings": provenance.settings,
    }
    derived = xmp.structure(f"{xmp.MM}DerivedFrom", {**original, f"{xmp.STREF}filePath": provenance.source})
    own = {f"{xmp.XTDM}{name}": xmp.plain(f"{xmp.XTDM}{name}", value) for name, value in texts.items() if value}
    created = _created(exif)
    name = f"{xmp.XMP}CreateDate"
    dated = {name: xmp.plain(name, created)} if created and name not in stated else {}
    return {**stated, **dated, **own, derived.tag: derived}


def _document_id(packet: bytes) -> dict[str, str]:
    """The raw file's identity in its own XMP, as fields of a reference; a packet that is broken has none."""
    try:
        properties = xmp.parse_xmp(packet)
    except ValueError:
        return {}
    names = {"DocumentID": "documentID", "OriginalDocumentID": "originalDocumentID"}
    values = {f"{xmp.STREF}{field}": xmp.value_of(properties, f"{xmp.MM}{name}") for name, field in names.items()}
    return {name: value for name, value in values.items() if value}


def _created(exif: Exif) -> str:
    """The time of the shot in XMP's form (ISO 8601), with parts of a second and zone where Exif has them."""
    try:
        taken = datetime.strptime(to_text(exif.shot.get(_DATE_ORIGINAL)), "%Y:%m:%d %H:%M:%S")
    except ValueError:  # blank, zeros, or another program's form
        return ""
    parts, zone = (to_text(exif.shot.get(tag)) for tag in (_SUB_SECONDS_ORIGINAL, _OFFSET_ORIGINAL))
    whole = taken.isoformat() + (f".{parts}" if parts.isascii() and parts.isdigit() else "")
    return whole + (zone if _ZONE.fullmatch(zone) else "")


def exif_block(info: CaptureInfo, orientation: int = 1, software: str = SOFTWARE) -> bytes:
    """Exif as a TIFF structure, little-endian, from its byte-order mark on.

    orientation  1 for pictures that are upright already; facts the file did not state are left out
    """
    from PIL import ExifTags, Image

    exif = Image.Exif()
    exif.endian = "<"
    texts = {_MAKE: info.make, _MODEL: info.model, _DATE: info.taken_at, _SOFTWARE: software}
    exif.update({tag: _ascii(value) for tag, value in texts.items() if value})
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif).update(_shot_tags(info))
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _shot_tags(info: CaptureInfo) -> dict[int, Any]:
    from PIL.ExifTags import Base

    tags: dict[int, Any] = {Base.ExifVersion: b"0232"}
    numbers = {
        Base.ExposureTime: info.exposure_s,
        Base.FNumber: info.f_number,
        Base.FocalLength: info.focal_mm,
    }
    tags.update({tag: _rational(value) for tag, value in numbers.items() if value})
    if info.iso:
        tags[Base.ISOSpeedRatings] = info.iso
    texts = {Base.DateTimeOriginal: info.taken_at, Base.LensModel: info.lens}
    tags.update({tag: _ascii(value) for tag, value in texts.items() if value})
    return tags


def _rational(value: float) -> Any:
    from PIL.TiffImagePlugin import IFDRational

    exact = Fraction(value).limit_denominator(1_000_000)
    return IFDRational(exact.numerator, exact.denominator)


def _ascii(value: str) -> str:
    """Exif's ASCII type holds 7 bits only."""
    return value.encode("ascii", "replace").decode("ascii")
