"""What is read beside the pixels, of the raw file and of its sidecars."""

import hashlib
import os
from pathlib import Path

import pytest

from tests.core.export.rich import CAMERA_XMP, RICH, with_thumbnail, write_rich_raf
from xtdm_core.errors import UnsupportedRaw
from xtdm_core.export.exif import parse_exif
from xtdm_core.raw.metadata import find_xmp_sidecars, read_source_metadata


def test_exif_xmp_and_hash_of_a_raf(tmp_path: Path) -> None:
    path = tmp_path / "a.RAF"
    write_rich_raf(path, with_thumbnail(RICH))
    found = read_source_metadata(path)
    assert parse_exif(found.exif) == RICH
    assert found.xmp == CAMERA_XMP
    assert (found.sidecars, found.notes) == ((), ())
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_both_kinds_of_sidecars_the_newest_last(raf: Path) -> None:
    for name, age in (("made.RAF.xmp", 5), ("made.xmp", 9), ("other.xmp", 0)):
        raf.with_name(name).write_text(name)
        os.utime(raf.with_name(name), (1e9 - age, 1e9 - age))
    assert [path.name for path in find_xmp_sidecars(raf)] == ["made.xmp", "made.RAF.xmp"]
    os.utime(raf.with_name("made.xmp"), (2e9, 2e9))
    assert read_source_metadata(raf).sidecars[-1] == (raf.with_name("made.xmp"), b"made.xmp")


def test_a_huge_sidecar_is_named_and_not_read(raf: Path) -> None:
    with raf.with_name("made.xmp").open("wb") as file:
        file.truncate((1 << 22) + 1)
    found = read_source_metadata(raf)
    assert found.sidecars == ()
    assert "made.xmp was not read: it is larger than 4 MB" in found.notes[0]


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedRaw, match="cannot be read"):
        read_source_metadata(tmp_path / "no.RAF")
