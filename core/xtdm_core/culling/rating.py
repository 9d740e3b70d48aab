"""Stars, flags and colour labels, read from and written to the XMP sidecars that other programs share.

Lightroom, Capture One and Bridge read ``NAME.xmp``, darktable and digiKam ``NAME.RAF.xmp``. ``xmp:Rating`` is 0 to 5,
-1 for rejected (Bridge, darktable); ``xmp:Label`` a colour's name; ``digiKam:PickLabel`` 3 for picked. Of each sidecar
only these properties change; what its own program keeps there stays, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xtdm_core.errors import BadSidecar, FileProblem, reading_failed
from xtdm_core.export.xmp import XMP, Properties, parse_xmp, photograph_properties, to_packet, value_of
from xtdm_core.export.xmp_edit import Value, edit_packet
from xtdm_core.files import atomic_write
from xtdm_core.raw.metadata import LARGEST_SIDECAR, find_xmp_sidecars
from xtdm_core.raw.reader import read_exif_summary

MOST_STARS = 5
_RATING, _LABEL, _DATE = f"{XMP}Rating", f"{XMP}Label", f"{XMP}MetadataDate"
_DIGIKAM = "{http://www.digikam.org/ns/1.0/}"
_PICK, _DIGIKAM_LABEL = f"{_DIGIKAM}PickLabel", f"{_DIGIKAM}ColorLabel"
_DARKTABLE_LABELS = "{http://darktable.sf.net/}colorlabels"
_EXTENSION = "{http://ns.adobe.com/photoshop/1.0/}SidecarForExtension"
_REJECTED, _DIGIKAM_REJECTED, _DIGIKAM_PICKED = -1, "1", "3"
_MOVE = "move it away to rate this file"


class Flag(StrEnum):
    """What becomes of a photograph."""

    NONE = ""
    PICKED = "picked"
    REJECTED = "rejected"


class Label(StrEnum):
    """A colour label by the name that ``xmp:Label`` has for it."""

    NONE = ""
    RED = "Red"
    YELLOW = "Yellow"
    GREEN = "Green"
    BLUE = "Blue"
    PURPLE = "Purple"


# The numbers that darktable and digiKam have for them, in the order of ``Label``.
_DARKTABLE_NUMBERS = dict(zip(list(Label)[1:], "01234", strict=True))
_DIGIKAM_NUMBERS = dict(zip(Label, ("0", "1", "3", "4", "5", "6"), strict=True))
# Lightroom writes the names of its own language.
_NAMES = {
    **{label.lower(): label for label in Label},
    **dict(zip(("rot", "gelb", "grün", "blau", "lila"), list(Label)[1:], strict=True)),
    **dict(zip(("rouge", "jaune", "vert", "bleu", "violet"), list(Label)[1:], strict=True)),
}


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thinks of a photograph: 0 to 5 stars, a flag, and a colour label.

    A sidecar holds either stars or the rejection: who takes that back later finds no stars.
    """

    stars: int = 0
    flag: Flag = Flag.NONE
    label: Label = Label.NONE


def has_sidecar(name: str, lowered: Collection[str]) -> bool:
    """Whether a raw file of that name has an XMP sidecar among the names of its folder, which are in lower case."""
    return f"{name}.xmp".lower() in lowered or f"{Path(name).stem}.xmp".lower() in lowered


def read_rating(raw: Path) -> Rating | None:
    """Read what the sidecars of a raw file say; of several the one written last wins. None where none says anything."""
    stated: Properties = {}
    for sidecar in find_xmp_sidecars(raw):
        try:
            properties = parse_xmp(_content(sidecar))
        except (BadSidecar, ValueError):
            continue  # writing it tells
        stated |= {n: e for n, e in photograph_properties(properties).items() if n in (_RATING, _LABEL, _PICK)}
    return _rating_of(stated) if stated else None


def _relevant(properties: Properties) -> Rating:
    return _rating_of(photograph_properties(properties))


def _rating_of(stated: Properties) -> Rating:
    try:
        stars = int(float(value_of(stated, _RATING) or 0))
    except (ValueError, OverflowError):
        stars = 0
    picked = value_of(stated, _PICK)
    flag = Flag.PICKED if picked == _DIGIKAM_PICKED else Flag.NONE
    if stars == _REJECTED or picked == _DIGIKAM_REJECTED:
        flag = Flag.REJECTED
    label = _NAMES.get(value_of(stated, _LABEL).lower(), Label.NONE)
    return Rating(min(max(stars, 0), MOST_STARS), flag, label)


def camera_stars(raw: Path) -> int:
    """Read the stars that a raw file was given in the camera, 0 to 5. Raises UnsupportedRaw, FileProblem."""
    return read_exif_summary(raw).info.stars or 0


def has_stars(raw: Path, stars: int) -> bool:
    """Tell whether a raw file is not rejected and has at least so many stars, in its sidecars or else from its camera.

    Of a file that cannot be read nobody knows: it counts as one, so that its reader tells what is wrong.
    """
    rating = read_rating(raw)
    if rating is None:
        try:
            rating = Rating(camera_stars(raw))
        except FileProblem:
            return True
    return rating.stars >= stars and rating.flag is not Flag.REJECTED


def write_rating(raw: Path, rating: Rating, now: datetime | None = None) -> None:
    """Write a rating into the XMP sidecars of a raw file, each whole or not at all; without one, make ``NAME.xmp``.

    One is made for no stars, too: they take away those that were given in the camera, which stay in the raw file.

    Raises BadSidecar where one is damaged or foreign, which is left as it is, and WriteFailed.
    """
    when = (now or datetime.now().astimezone()).isoformat(timespec="seconds")
    sidecars = find_xmp_sidecars(raw)
    edited = {path: _edited(path, rating, when) for path in sidecars}
    if not sidecars:
        edited[raw.with_suffix(".xmp")] = _new_packet(raw, rating, when)
    for path, content in edited.items():
        with atomic_write(path, overwrite=path in sidecars) as partial:
            partial.write_bytes(content)


def _edited(path: Path, rating: Rating, when: str) -> bytes:
    content = _content(path)
    try:
        return edit_packet(content, _changes(parse_xmp(content), rating, when))
    except ValueError as error:
        raise BadSidecar(path, f"cannot be changed: {error}; {_MOVE}") from error


def _changes(stated: Properties, rating: Rating, when: str) -> Mapping[str, Value]:
    """What changes of a packet that says ``stated``; fields of one program only where that program has written them."""
    changes: dict[str, Value] = {_RATING: _stars_text(rating), _DATE: when}
    if rating.flag is Flag.PICKED:
        changes[_PICK] = _DIGIKAM_PICKED
    elif _PICK in stated:
        changes[_PICK] = _DIGIKAM_REJECTED if rating.flag is Flag.REJECTED else "0"
    if _relevant(stated).label == rating.label:
        return changes  # and a label in another language, or of another meaning, stays
    changes[_LABEL] = rating.label or None
    if _DIGIKAM_LABEL in stated:
        changes[_DIGIKAM_LABEL] = _DIGIKAM_NUMBERS[rating.label]
    if _DARKTABLE_LABELS in stated:
        changes[_DARKTABLE_LABELS] = [_DARKTABLE_NUMBERS[rating.label]] if rating.label else []
    return changes


def _stars_text(rating: Rating) -> str:
    return str(_REJECTED if rating.flag is Flag.REJECTED else rating.stars)


def _new_packet(raw: Path, rating: Rating, when: str) -> bytes:
    texts = {_RATING: _stars_text(rating), _DATE: when, _EXTENSION: raw.suffix[1:].upper()}  # Adobe looks for the last
    if rating.label:
        texts[_LABEL] = rating.label
    if rating.flag is Flag.PICKED:
        texts[_PICK] = _DIGIKAM_PICKED
    return to_packet({}, texts)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_SIDECAR:
            raise BadSidecar(path, f"is larger than 4 MB, which no XMP sidecar is; {_MOVE}")
        return path.read_bytes()
    except OSError as error:
        raise BadSidecar(path, reading_failed(error)) from error
